"""A first fill through OAI-PMH that is killed again and again, and the night after it.

    python benchmarks/first_fill.py --data ../shared/data
    python benchmarks/first_fill.py --data ../shared/data --limit 50000 --formats arXiv
    python benchmarks/first_fill.py --invented 3000 --page 100 --kills 4

A provider in a process of its own lists the real papers as arXiv's server does (2,000 a page, in the order of their
datestamps, a tenth of them on one day as after a bulk edit). A child process harvests them into a new catalogue and is
killed (SIGKILL) at random moments; another one goes on. Then every paper is compared with what the provider holds.
The night after, 800 papers are new, 300 were replaced and 5 are deleted, and only a day is asked for. The gate is
open, since the server is ours: arXiv's own would add three seconds a request. Ends with status 1 if anything is wrong.
"""

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

import corpus
import root
from broadsheet import ids
from broadsheet.catalogue import Catalogue
from broadsheet.fetching import Client, Gate
from broadsheet.ingest import sync
from broadsheet.sources.arxiv.oai import Oai
from broadsheet.sources.door import Door
from broadsheet.sources.live import Request
from broadsheet.types import Author, Identifier, Paper, SyncReport
from tests.servers.oai import Held, shelf
from tests.servers.provider import Shelf, write_index, write_records

FIRST, NIGHT = "2026-11-18", "2026-11-20"
NEW, REPLACED, DELETED = 800, 300, 5
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass
class Phase:
    """A line of the table. `seconds` are those in which a harvester ran."""

    name: str
    listed: int
    requests: int
    kills: int
    seconds: float
    peak: int
    report: SyncReport

    def row(self) -> str:
        rate = self.listed / self.seconds
        return (
            f"{self.name:22} {self.listed:>9,} {self.requests:>8} {self.kills:>5} {self.seconds:>8.1f} {rate:>9,.0f}"
            f" {self.peak / 1024:>8.0f}"
        )


class ProviderProcess:
    """The server, and how often it was asked."""

    def __init__(self, records: Path, indexes: Sequence[Path], page: int) -> None:
        command = [sys.executable, "-m", "tests.servers.provider", records, *indexes, "--page", page, "--today", FIRST]
        self._process = subprocess.Popen(
            list(map(str, command)), cwd=root.ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.address = f"http://127.0.0.1:{self._line()}/oai"
        self.requests = 0
        self._changed = threading.Condition()
        self._moved = threading.Event()
        threading.Thread(target=self._count, daemon=True).start()

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def _count(self) -> None:
        while line := self._line():
            if line == "next":
                self._moved.set()
            with self._changed:
                self.requests += line == "request"
                self._changed.notify_all()

    def go_on(self, day: str) -> None:
        """Lists what it has on another day."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"next {day}\n")
        self._process.stdin.flush()
        self._moved.wait()

    def wait_for(self, requests: int, harvester: int) -> None:
        """Until so many requests have come, or the harvester (a process) has ended."""
        with self._changed:
            while self.requests < requests and not ended(harvester):
                self._changed.wait(0.05)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


def ended(process: int) -> bool:
    """Whether a child has ended. It is only looked at, so that Popen still finds its status."""
    return os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def peak_of(process: int) -> int:
    """The most memory a process ever had, in KiB; what wait4 tells would be its parent's, from before the exec."""
    status = Path(f"/proc/{process}/status").read_text("utf-8")
    found = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
    return int(found[1]) if found else 0


def harvest(home: Path, address: str, prefix: str, day: str) -> None:
    """The child: one run into the catalogue, whose report is printed."""
    now = datetime.fromisoformat(f"{day}T12:00:00+00:00")
    catalogue = Catalogue.open(home / "catalogue.db")
    with Client(agent="Broadsheet/benchmark", gate=Gate(None, 0.0), allow_private=True) as client:
        source = Oai(client, address=address, prefix=prefix, by_datestamp=True)
        report = sync(catalogue, source, request=Request(now), now=lambda: datetime.now(UTC))
    catalogue.close()
    print(json.dumps([peak_of(os.getpid()), asdict(report)]))


@dataclass
class Plan:
    """What a phase harvests, and when it is killed: so many seconds after so many requests."""

    name: str
    prefix: str
    day: str
    listed: int
    kills: Sequence[tuple[int, float]] = ()


def carry_out(plan: Plan, provider: ProviderProcess, home: Path) -> Phase:
    """Harvests until a harvester comes to its end."""
    before, seconds, peak = provider.requests, 0.0, 0
    command = [sys.executable, __file__, "harvest", str(home), provider.address, plan.prefix, plan.day]
    done = 0
    for requests, delay in [*plan.kills, (sys.maxsize, 0.0)]:
        began = time.monotonic()
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as harvester:
            assert harvester.stdout is not None
            provider.wait_for(before + requests, harvester.pid)
            time.sleep(delay)
            if killed := requests < sys.maxsize and not ended(harvester.pid):
                peak = max(peak, peak_of(harvester.pid))
                harvester.kill()
                done += 1
            said = harvester.stdout.read()
        if harvester.returncode and not killed:
            raise SystemExit("The harvester failed; its own words are above.")
        seconds += time.monotonic() - began
        print(f"{seconds:.0f} s, {provider.requests - before} requests, {done} kills", file=sys.stderr, flush=True)
        if said:
            break
    last_peak, report = json.loads(said)
    peak, report = max(peak, last_peak), SyncReport(**report)
    if report.error or not report.finished:
        raise SystemExit(f"The harvest failed: {report.error}")
    return Phase(plan.name, plan.listed, provider.requests - before, done, seconds, peak, report)


def real(data: Path, limit: int) -> Iterator[Held]:
    """The real papers, with invented dates where the data has none."""
    seen: set[str] = set()
    for line in corpus.raw_papers(data, limit):
        paper = json.loads(line)
        key, _ = ids.arxiv(paper["id"]) or ("", 0)  # a few of the data's ids end in a version
        if not key or key in seen:
            continue
        seen.add(key)
        month = ids.arxiv_month(key)
        day = paper.get("published") if len(paper.get("published") or "") == 10 else f"{month}-15"
        chance = random.Random(key)
        changed = date(2005, 9, 16) + timedelta(days=chance.randrange(7_000))
        yield Held(
            id=key,
            stamp="2025-06-11" if chance.random() < 0.1 else changed.isoformat(),
            title=_clean(paper["title"]),
            abstract=_clean(paper.get("abstract") or ""),
            authors=tuple(_parted(_clean(name)) for name in paper.get("authors") or ()),
            categories=tuple(paper.get("categories") or ("cs.LG",)),
            versions=((f"{date.fromisoformat(day):%a, %d %b %Y} 10:00:00 GMT", ""),),
            created=day,
            comment=_clean(paper.get("comment") or ""),
            doi=paper.get("doi") or "",
        )


def _clean(text: str) -> str:
    return _NO_XML.sub("", text)


def _parted(name: str) -> tuple[str, str, str]:
    first, _, last = name.rpartition(" ")
    return first, last, ""


def night_of(held: Sequence[Held], chance: random.Random) -> tuple[list[Held], set[str]]:
    """What is listed with the night's datestamp, and the names of what is no longer listed as it was."""
    changed = chance.sample(held, REPLACED + DELETED)
    new = [
        replace(one, id=f"2611.{number:05d}", stamp=NIGHT, created="2026-11-19", title=f"{one.title} {number}", doi="")
        for number, one in enumerate(chance.sample(held, min(NEW, len(held))), start=1)
    ]
    again = [replace(one, stamp=NIGHT, title=f"{one.title} (revised)") for one in changed[:REPLACED]]
    gone = [replace(one, stamp=NIGHT, deleted=True) for one in changed[REPLACED:]]
    return sorted([*new, *again, *gone], key=lambda one: one.id), {one.id for one in changed}


def differences(home: Path, listed: Sequence[Held]) -> list[str]:
    """What of the catalogue is not as the provider has it."""
    catalogue = Catalogue.open(home / "catalogue.db", create=False)
    door = Door("check", datetime.fromisoformat(f"{NIGHT}T12:00:00+00:00"))
    wrong: list[str] = []
    seen: set[str] = set()
    numbers: set[int] = set()
    last = 0
    while changes := catalogue.changes(last, 5000):
        numbers.update(change.number for change in changes if not change.gone)
        last = changes[-1].sequence
    wanted = {one.id: one for one in listed}
    ordered = sorted(numbers)
    for at in range(0, len(ordered), 2000):
        for paper in catalogue.papers(ordered[at : at + 2000]):
            one = wanted.get(paper.id)
            if one is None or paper.id in seen:
                wrong.append(f"{paper.id} should not be there{' twice' if one else ''}")
            elif not _same(paper, one, door):
                wrong.append(f"{paper.id} is not as it was listed")
            seen.add(paper.id)
    wrong += [f"{key} is missing" for key in wanted.keys() - seen if not wanted[key].deleted]
    deleted = [one.id for one in wanted.values() if one.deleted]
    wrong += [f"{key} should be deleted" for key in deleted if not catalogue.paper(key).deleted]
    if catalogue.count() != (alive := sum(not one.deleted for one in listed)):
        wrong.append(f"{catalogue.count():,} papers instead of {alive:,}")
    wrong += [finding.message for finding in catalogue.verify(full=False) if finding.level == "error"]
    catalogue.close()
    return wrong


def _same(paper: Paper, one: Held, door: Door) -> bool:
    record = door.record(
        key=one.id,
        title=one.title,
        abstract=one.abstract,
        authors=[Author(" ".join(filter(None, author))) for author in one.authors],
        categories=one.categories,
        comment=one.comment,
        identifiers=[Identifier("arxiv", one.id)],
    )
    names = ("title", "abstract", "authors", "categories", "comment")
    return not one.deleted and all(getattr(paper, name) == getattr(record, name) for name in names)


def measure(options: argparse.Namespace, folder: Path) -> list[str]:
    """All phases; prints their table and gives what is wrong."""
    chance = random.Random(options.seed)
    held = shelf(options.invented, per_day=17) if options.invented else list(real(options.data, options.limit))
    held.sort(key=lambda one: (one.stamp, one.id))
    night, changed = night_of(held, chance)
    records, indexes = folder / "records.jsonl", [folder / "first.index", folder / "night.index"]
    starts = write_records(records, held)
    write_index(indexes[0], starts)
    kept = [start for start, one in zip(starts, held, strict=True) if one.id not in changed]
    write_index(indexes[1], [*kept, *write_records(records, night)])
    total = len(held)
    del held
    wrong = []
    with ProviderProcess(records, indexes, options.page) as provider:
        print(f"{'':22} {'listed':>9} {'requests':>8} {'kills':>5} {'seconds':>8} {'a second':>9} {'peak MiB':>8}")
        for prefix in options.formats:
            pages = -(-total // options.page)
            at = sorted(chance.sample(range(1, pages), min(options.kills, pages - 1)))
            moments = [(requests, chance.random() * options.page / 5_000) for requests in at]
            plan = Plan(f"first fill, {prefix}", prefix, FIRST, total, moments)
            print(carry_out(plan, provider, folder).row(), flush=True)
        wrong += differences(folder, Shelf(records, indexes[0]))
        print(f"{'':22} {len(wrong)} of {total:,} papers are wrong", flush=True)
        provider.go_on(NIGHT)
        for prefix in options.formats:
            phase = carry_out(Plan(f"the night, {prefix}", prefix, NIGHT, len(night)), provider, folder)
            print(phase.row(), flush=True)
            said = phase.report
            print(f"{'':22} {said.new} new, {said.changed} changed, {said.deleted} deleted, {said.unchanged} as before")
        wrong += differences(folder, Shelf(records, indexes[1]))
        print(f"{'':22} {len(wrong)} wrong after the night")
    return wrong


def main() -> None:
    if sys.argv[1:2] == ["harvest"]:
        harvest(Path(sys.argv[2]), *sys.argv[3:])
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=corpus.DEFAULT)
    parser.add_argument("--limit", type=int, default=0, help="so many of the real papers; 0: all of them")
    parser.add_argument("--invented", type=int, default=0, help="so many invented papers instead")
    parser.add_argument("--page", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--formats", nargs="+", default=["arXiv", "arXivRaw"])
    options = parser.parse_args()
    print(f"{corpus.machine()}; {options.page:,} records a page\n")
    with tempfile.TemporaryDirectory() as folder:
        wrong = measure(options, Path(folder))
    for line in wrong[:20]:
        print(line)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
