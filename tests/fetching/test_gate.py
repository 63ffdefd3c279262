"""How often a host is asked, by threads and processes together. Time is a clock of the test's own."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from broadsheet.errors import Unavailable
from broadsheet.fetching import Gate
from broadsheet.fetching.gate import group
from tests.servers.kit import Clock


def gate(folder: Path | None, clock: Clock, seconds: float = 3.0) -> Gate:
    return Gate(folder, seconds, clock=clock, sleep=clock.sleep)


def ask(one: Gate, host: str, *, postpone: float = 0.0) -> None:
    with one.turn(host) as turn:
        if postpone:
            turn.postpone(postpone)


@pytest.fixture(params=["folder", "memory"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path | None:
    """Where the gate keeps its times: in a folder that does not exist yet, or nowhere."""
    return tmp_path / "gates" if request.param == "folder" else None


def test_requests_to_a_host_are_spaced(folder: Path | None) -> None:
    clock = Clock()
    one = gate(folder, clock)
    for _ in range(3):
        ask(one, "example.org")
    assert clock.slept == [pytest.approx(3), pytest.approx(3)]


def test_time_that_went_by_counts(folder: Path | None) -> None:
    clock = Clock()
    one = gate(folder, clock)
    with one.turn("example.org"):
        clock.now += 2
    ask(one, "example.org")
    clock.now += 10
    ask(one, "example.org")
    assert clock.slept == [pytest.approx(1)]


def test_hosts_do_not_wait_for_each_other(folder: Path | None) -> None:
    clock = Clock()
    one = gate(folder, clock)
    ask(one, "one.example")
    ask(one, "two.example")
    assert clock.slept == []


def test_the_hosts_of_arxiv_share_one_gate_of_three_seconds(folder: Path | None) -> None:
    clock = Clock()
    one = gate(folder, clock, seconds=0.0)
    for host in ("arxiv.org", "export.arxiv.org", "oaipmh.arxiv.org", "RSS.arXiv.org", "arxiv.org."):
        ask(one, host)
    assert clock.slept == [pytest.approx(3)] * 4
    assert group("notarxiv.org") == "notarxiv.org"


def test_two_gates_on_one_folder_are_one(tmp_path: Path) -> None:
    clock = Clock()
    ask(gate(tmp_path, clock), "example.org")
    ask(gate(tmp_path, clock), "example.org")
    assert clock.slept == [pytest.approx(3)]


def test_a_pause_that_was_asked_for_is_kept(folder: Path | None) -> None:
    clock = Clock()
    one = gate(folder, clock)
    ask(one, "example.org", postpone=60)
    ask(one, "example.org")
    assert clock.slept == [pytest.approx(60)]
    ask(one, "example.org", postpone=7200)
    with pytest.raises(Unavailable, match="asked for a pause") as error:
        ask(one, "example.org")
    assert error.value.retry_after == pytest.approx(7200)


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\xff", b"99999999999999.0", b"nan", b"inf", b"-1"])
def test_a_damaged_file_opens_the_gate(tmp_path: Path, content: bytes) -> None:
    """A full disk, or a clock that was years ahead, must not shut a source out for ever."""
    clock = Clock()
    (tmp_path / "example.org.gate").write_bytes(content)
    one = gate(tmp_path, clock)
    ask(one, "example.org")
    assert clock.slept == []
    ask(one, "example.org")
    assert clock.slept == [pytest.approx(3)]


@pytest.mark.parametrize("host", ["../../x", "a/b", "[::1]", "x" * 60, "ex%2Fample"])
def test_a_host_is_no_path(tmp_path: Path, host: str) -> None:
    ask(gate(tmp_path / "gates", Clock()), host)
    assert [path.parent for path in tmp_path.rglob("*.gate")] == [tmp_path / "gates"]


def test_one_at_a_time(folder: Path | None) -> None:
    """While one thread asks, another waits at the gate; it gets in when the first has left."""
    one = Gate(folder, 0.0)
    inside, order = threading.Event(), []

    def second() -> None:
        inside.wait()
        with one.turn("example.org"):
            order.append("second")

    thread = threading.Thread(target=second)
    thread.start()
    with one.turn("example.org"):
        inside.set()
        thread.join(0.05)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


def test_a_killed_process_leaves_the_gate_open(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys, pathlib; from broadsheet.fetching import Gate\n"
        "with Gate(pathlib.Path(sys.argv[1]), 0).turn('example.org'): os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert done.returncode != 0
    ask(Gate(tmp_path, 0.0), "example.org")
