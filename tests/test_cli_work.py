"""The commands of sources and jobs: what came, what failed, and what is done by itself."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from broadsheet.catalogue import Catalogue
from broadsheet.cli import main
from tests.conftest import ROOT
from tests.servers.kit import Asked, Handler, LocalServer, status
from tests.servers.oai import Held, Provider

COUNT = 60


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def arxiv(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalServer]:
    """arXiv on this machine, and no other source."""
    held = [Held(f"2611.{number:05}", "2026-11-19", title=f"Kites, Part {number}") for number in range(1, COUNT + 1)]
    with LocalServer(Provider(held)) as server:
        for name, value in environment(server.address).items():
            monkeypatch.setenv(name, value)
        yield server


def environment(address: str) -> dict[str, str]:
    """The settings by which arXiv is asked there, and nothing else anywhere."""
    return {
        "BROADSHEET_SOURCES": "arxiv",
        "BROADSHEET_ARXIV_OAI_ADDRESS": address,
        "BROADSHEET_PRIVATE_SOURCES": "arxiv",
        "BROADSHEET_ARXIV_PAUSE": "0",
    }


def run(home: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--home", str(home), *words], catch_exceptions=False)


def jobs(home: Path) -> dict[str, dict[str, object]]:
    return {job["name"]: job for job in json.loads(run(home, "jobs", "--json").stdout)}


FILL = ("sync", "arxiv", "--since", "2005-09-16")


# By hand.


def test_sync_says_what_came_and_the_papers_can_be_found(home: Path, arxiv: LocalServer) -> None:
    first = run(home, *FILL)
    assert first.exit_code == 0
    assert first.stdout.startswith("arxiv: 60 read: 60 new. (")
    assert "Asking arxiv: 10 read: 10 new" in first.stderr
    assert len(json.loads(run(home, "search", "title:kites", "--json").stdout)) == 10
    again = run(home, *FILL)
    assert again.stdout.startswith("arxiv: 60 read: 60 unchanged. (")


def test_sync_without_a_name_asks_all_that_are_switched_on(home: Path, arxiv: LocalServer) -> None:
    done = run(home, "sync")
    assert done.exit_code == 0
    assert done.stdout.count("\n") == 1
    assert jobs(home)["arxiv"]["state"] == "ok"


def test_sync_that_fails_says_why_ends_with_1_and_goes_on_from_there(home: Path, arxiv: LocalServer) -> None:
    arxiv.plan(None, None, status(503, retry_after=7200))
    failed = run(home, *FILL)
    assert failed.exit_code == 1
    assert "status 503" in failed.stderr
    assert "Before that: 20 read: 20 new." in failed.stderr
    shutil.rmtree(home / "gates")  # two hours later
    done = run(home, *FILL)
    assert done.stdout.startswith("arxiv: 40 read: 40 new. It went on where the last run had stopped. (")


def test_a_source_that_fails_does_not_hold_up_the_next(home: Path, arxiv: LocalServer) -> None:
    done = run(home, "sync", "arxiv-raw", "arxiv")  # the first may not be asked at a private address
    assert done.exit_code == 1
    assert "broadsheet: arxiv-raw failed: " in done.stderr
    assert done.stdout.startswith("arxiv: ")


def test_an_unknown_source_is_told_before_anything_is_asked(home: Path, arxiv: LocalServer) -> None:
    wrong = run(home, "sync", "arxiv", "arXive")
    assert wrong.exit_code == 1
    assert "There is no source 'arXive'. The sources are: arxiv, arxiv-raw," in wrong.stderr
    assert arxiv.asked == []


def test_sync_with_no_source_on_says_what_to_do(
    home: Path, arxiv: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROADSHEET_SOURCES", "")
    nothing = run(home, "sync")
    assert nothing.exit_code == 1
    assert "the setting `sources`" in nothing.stderr


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("arxiv", "--since", "yesterday"), "write it as 2026-11-20"),
        (("arxiv", "--categories", "cs.LG,nonsense"), "'nonsense' is no category of arXiv"),
        (("arxiv-query", "--id", "!?"), "'!?' is no identifier"),
        (("arxiv", "--query", "kites"), "arxiv does not understand --query; it knows --since, --until, --categories"),
        (("zotero", "--since", "2026-11-20"), "it knows none of these options"),
    ],
)
def test_what_cannot_be_asked_is_a_wrong_call(
    home: Path, arxiv: LocalServer, words: tuple[str, ...], complaint: str
) -> None:
    wrong = run(home, "sync", *words)
    assert wrong.exit_code == 2
    assert complaint in wrong.stderr
    assert arxiv.asked == []


def test_categories_are_asked_for_as_sets(home: Path, arxiv: LocalServer) -> None:
    run(home, "sync", "arxiv", "--categories", "cs.LG math.CO")
    assert [asked.query.get("set") for asked in arxiv.asked if "set" in asked.query] == ["cs:cs:LG", "math:math:CO"]


# The schedule.


def test_jobs_shows_each_with_its_last_run_and_its_next(home: Path, arxiv: LocalServer) -> None:
    run(home, "sync")
    shown = run(home, "jobs").stdout
    assert "ok, " in shown
    assert "22:30 America/New_York sun-thu" in shown
    assert "By hand only, unless the setting `sources` names them: arxiv-listing, " in shown
    assert jobs(home)["editions"]["state"] == "never"


def test_jobs_of_a_home_without_a_catalogue_says_what_to_do(home: Path) -> None:
    assert "broadsheet import" in run(home, "jobs").stderr
    assert not home.exists()


def test_jobs_run_does_one_now_and_says_when_it_failed(home: Path, arxiv: LocalServer) -> None:
    assert run(home, "jobs", "run", "checkpoint").stdout.startswith("checkpoint: Done. (")
    assert jobs(home)["checkpoint"]["state"] == "ok"
    arxiv.plan(status(404))
    failed = run(home, "jobs", "run", "arxiv")
    assert failed.exit_code == 1
    assert "arxiv failed: " in failed.stderr
    assert jobs(home)["arxiv"]["failures"] == 1
    assert "There is no job 'x'. The jobs are: " in run(home, "jobs", "run", "x").stderr


def test_a_job_can_be_switched_off_and_on(home: Path, arxiv: LocalServer) -> None:
    assert run(home, "jobs", "off", "arxiv").stdout == "arxiv is off.\n"
    assert jobs(home)["arxiv"]["enabled"] is False
    assert " off " in run(home, "jobs").stdout
    assert run(home, "jobs", "on", "arxiv").stdout == "arxiv is on.\n"
    assert jobs(home)["arxiv"]["enabled"] is True
    assert "not among the setting `sources`" in run(home, "jobs", "on", "crossref").stderr
    assert run(home, "jobs", "on", "x").exit_code == 1


def test_a_job_that_another_worker_does_is_told(home: Path, arxiv: LocalServer) -> None:
    run(home, "sync")
    catalogue = Catalogue.open(home / "catalogue.db")
    now = datetime.now(UTC)
    later = now + timedelta(hours=1)
    assert catalogue.claim("arxiv", worker="elsewhere-1-abc", at=now, until=later, whenever=True)
    catalogue.close()
    busy = run(home, "sync", "arxiv")
    assert busy.exit_code == 1
    assert "is being done just now, by worker elsewhere-1-abc" in busy.stderr
    assert "running, by elsewhere-1-abc" in run(home, "jobs").stdout


# Processes.


@contextmanager
def start(home: Path, *words: str, **settings: str) -> Iterator["subprocess.Popen[str]"]:
    """A command in a process of its own, which does not outlive the test, however that ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", "broadsheet", "--home", str(home), *words],
        env={**os.environ, **settings},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def others(process: "subprocess.Popen[str]") -> list[int]:
    """The processes that answer for a server."""
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return [int(one) for one in listed if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes()]


def until(what: Callable[[], object]) -> None:
    """Waits for something to become true."""
    end = time.monotonic() + 60
    while not what():
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.mark.skipif(not Path("/proc").exists(), reason="the system does not tell a process's children")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_several_processes_answer_for_one_site_and_end_with_it(home: Path, how: signal.Signals) -> None:
    serve = ("serve", "--port", "0", "--processes", "2")
    with start(home, *serve, BROADSHEET_WORKER="false") as process:
        assert process.stdout
        address = process.stdout.readline().split()[-1]

        def answered() -> bool:
            with urllib.request.urlopen(f"{address}/search?q=attention", timeout=20) as answer:
                return bool(answer.status == HTTPStatus.OK)

        before = others(process)
        assert len(before) == 2
        assert answered()
        if how is signal.SIGKILL:
            os.kill(before[0], signal.SIGKILL)
            until(lambda: len(others(process)) == 2 and before[0] not in others(process))
            assert answered(), "another process took its place"
        last = others(process)
        process.send_signal(how)
        assert process.wait(timeout=30) == (0 if how is signal.SIGINT else -signal.SIGKILL)
        until(lambda: not any(Path(f"/proc/{one}").exists() for one in last))


def test_a_sync_that_is_killed_goes_on_at_once_when_it_is_given_again(home: Path, arxiv: LocalServer) -> None:
    for answered in (1, 0, 2):
        arxiv.plan(*[None] * answered, stop := Hold())
        with start(home, *FILL) as process:
            assert stop.reached.wait(120)
            process.kill()
        stop.over.set()
    done = run(home, *FILL)
    assert done.exit_code == 0, done.stderr
    assert json.loads(run(home, "status", "--json").stdout)["papers"] == COUNT


class Hold:
    """A request that gets no answer until it is over: something to be killed at."""

    def __init__(self) -> None:
        self.reached, self.over = threading.Event(), threading.Event()

    def __call__(self, handler: Handler, asked: Asked) -> None:
        self.reached.set()
        self.over.wait(120)
        handler.close_connection = True


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_worker_does_what_is_due_and_ends_cleanly(home: Path, arxiv: LocalServer, how: signal.Signals) -> None:
    with start(home, "worker") as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "checkpoint is done" in line:
                break
        process.send_signal(how)
        assert "Ended." in process.stderr.read()
        assert process.wait(60) == 0
    assert jobs(home)["arxiv"]["result"] != ""
    assert jobs(home)["arxiv"]["state"] == "ok"


def test_serve_without_a_network_serves_all_the_same(home: Path) -> None:
    """No address may be asked: that fails as a missing network does, only sooner."""
    nowhere = {f"BROADSHEET_{name}_ADDRESS": "http://127.0.0.1:9" for name in ("ARXIV_OAI", "ARXIV_LIST", "ARXIV_FEED")}
    nowhere |= {"BROADSHEET_HUGGINGFACE_ADDRESS": "http://127.0.0.1:9", "BROADSHEET_ARXIV_PAUSE": "0"}
    with start(home, "serve", "--port", "0", **nowhere) as server:
        assert server.stdout is not None
        assert server.stderr is not None
        address = server.stdout.readline().split()[-1]
        with urllib.request.urlopen(address, timeout=60) as answer:
            assert answer.status == 200
        told: list[str] = []
        for line in server.stderr:
            told.append(line)
            if "hf-daily failed" in line:
                break
        server.send_signal(signal.SIGINT)
        assert server.wait(60) == 0
    assert sum("arxiv failed" in line for line in told) == 1
    assert jobs(home)["arxiv"]["state"] == "failed"
