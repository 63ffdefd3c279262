"""OAI-PMH into the catalogue: a fill that is broken off or killed goes on, and a night brings what changed."""

import re
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from broadsheet.catalogue import Catalogue
from broadsheet.ingest import sync
from broadsheet.sources.arxiv.oai import Oai
from broadsheet.sources.live import Request
from broadsheet.types import SyncReport
from tests.conftest import NOW, ROOT
from tests.servers import kit
from tests.servers.kit import LocalServer, client
from tests.servers.oai import Provider, shelf


def harvest(catalogue: Catalogue, server: LocalServer, prefix: str = "arXiv", *, days: int = 0) -> SyncReport:
    """One run against a server, so many days after the first."""
    now = NOW + timedelta(days=days)
    with client(tries=2) as asking:
        source = Oai(asking, address=server.address, prefix=prefix)
        return sync(catalogue, source, request=Request(now), now=lambda: now)


def test_a_run_that_breaks_off_goes_on_where_it_was(tmp_path: Path) -> None:
    catalogue = Catalogue.open(tmp_path / "catalogue.db")
    with LocalServer(Provider(shelf(50))) as server:
        server.plan(None, None, *[kit.status(503)] * 2, None, *[kit.web_page()] * 2)
        first, second, third = (harvest(catalogue, server) for _ in range(3))
    assert [report.new for report in (first, second, third)] == [20, 10, 20]
    assert [report.finished for report in (first, second, third)] == [False, False, True]
    assert "status 503" in first.error
    assert "a web page where XML should be" in second.error
    assert catalogue.count() == 50
    catalogue.close()


def test_a_night_brings_what_changed(tmp_path: Path) -> None:
    catalogue = Catalogue.open(tmp_path / "catalogue.db")
    held = shelf(60)
    provider = Provider(held, today="2026-11-20")
    with LocalServer(provider) as server:
        assert harvest(catalogue, server).new == 60
        new = [replace(one, id=f"2611.{number:05d}") for number, one in enumerate(held[:8], start=1)]
        again = [replace(one, title=f"{one.title}, Revised") for one in held[10:13]]
        gone = [replace(one, deleted=True) for one in held[20:22]]
        changed = [replace(one, stamp="2026-11-21") for one in (*new, *again, *gone)]
        provider.records, provider.today = [*held[:10], *held[13:20], *held[22:], *changed], "2026-11-21"
        night, quiet = harvest(catalogue, server, days=1), harvest(catalogue, server, days=1)
        requests = len(server.asked)
    assert (night.new, night.changed, night.deleted, night.unchanged) == (8, 3, 2, 0)
    assert (quiet.new, quiet.changed, quiet.unchanged) == (0, 0, 13)
    assert requests == 6 + 2 + 2
    assert catalogue.count() == 60 + 8 - 2
    assert catalogue.paper("2601.00011").title.endswith("Revised")
    assert catalogue.paper("2601.00021").deleted
    catalogue.close()


def test_both_formats_speak_of_one_paper(tmp_path: Path) -> None:
    catalogue = Catalogue.open(tmp_path / "catalogue.db")
    with LocalServer(Provider(shelf(10))) as server:
        assert harvest(catalogue, server).new == 10
        raw = harvest(catalogue, server, "arXivRaw")
    assert (raw.new, raw.read, catalogue.count()) == (0, 10, 10)
    paper = catalogue.paper("2601.00001")
    assert paper.sources == ("arxiv", "arxiv-raw")
    assert (paper.submitted, [author.name for author in paper.authors][2]) == ("2026-01-01T10:00:00Z", "W. Wright Jr")
    catalogue.close()


def test_a_first_fill_that_is_killed_ends_complete_and_without_duplicates() -> None:
    """The benchmark, small, on invented papers: processes that are really killed."""
    script = [sys.executable, "benchmarks/first_fill.py", "--invented", "2000", "--page", "100", "--kills", "3"]
    done = subprocess.run([*script, "--formats", "arXiv"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    first, night = re.findall(r"^(?:first fill|the night), arXiv +(.*)$", done.stdout, re.MULTILINE)
    listed, requests, kills = first.split()[:3]
    assert (listed, kills) == ("2,000", "3")
    assert 20 <= int(requests) <= 23  # each kill costs the page it was in
    assert night.split()[0] == "1,105"
    assert "800 new, 300 changed, 5 deleted" in done.stdout
