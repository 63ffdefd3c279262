"""How long 10,000 standing queries take over a day of 1,500 new papers, beside two plainer ways.

    python benchmarks/standing.py --data ../shared/data [--queries 10000] [--day 1500] [--past 20000] [--sample 500]

Real papers fill a library in a folder that is thrown away; the newest two days' worth are kept back. The queries are
made of the titles, categories and authors of earlier papers: two words, three words, phrases, a category with an
exclusion, an author, alternatives. Half of them also want what is near in meaning, a fifth names a dislike in words, a
tenth likes and dislikes papers. Then the two days come, one after the other, and the job runs as it does every five
minutes: papers read from the catalogue, matched, what was caught written with the mark in one transaction. On the first
day every query is read for the first time, on the second all are known.

The peers do the words alone, without meaning and dislikes, for a sample of the queries; their times are scaled up.
One asks the index of the whole library for each query, newest first, among the papers of the second day. The other is
what one writes first: every query against the set of stems of every paper, for queries that are plain words. The run
fails unless what they find is what the job caught by words.
"""

import argparse
import json
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import broadsheet.library as door
from broadsheet import ingest
from broadsheet.catalogue import standing, subscribers
from broadsheet.library import Library
from broadsheet.search.standing import Wish
from broadsheet.search.standing.wish import sought
from broadsheet.types import CaughtUp, Mode, Paper, Sort
from corpus import DEFAULT, machine, raw_papers

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
OWNED = 200  # queries of one reader


class Clock:
    """An instant that moves from one day to the next."""

    now = NOW

    def __call__(self) -> datetime:
        return self.now


def asked(papers: Sequence[Paper], count: int) -> Iterator[tuple[str, dict[str, object]]]:
    """Queries as people make them, and what they ask besides words."""
    chance = random.Random(7)
    while count:
        paper = chance.choice(papers)
        words = [word for word in paper.title.replace(":", " ").split() if word.isalpha() and len(word) > 3]
        if len(words) < 3:
            continue
        at, kind = chance.randrange(len(words) - 1), chance.random()
        two = words[at : at + 2]
        if kind < 0.35:
            text = " ".join(two).lower()
        elif kind < 0.6:
            text = " ".join(chance.sample(words, 3)).lower()
        elif kind < 0.75:
            text = f'"{" ".join(two)}"'
        elif kind < 0.85:
            text = f"{' '.join(two)} category:{chance.choice(paper.categories or ('cs.LG',))} -survey"
        elif kind < 0.92 and paper.authors:
            text = f'author:"{chance.choice(paper.authors).name}"'
        else:
            text = f"{words[0]} ({two[0]} OR {two[1]}) {words[-1]}"
        more: dict[str, object] = {"near": 0.5} if chance.random() < 0.5 else {}
        if chance.random() < 0.2:
            more["unlike_text"] = chance.choice(words)
        if chance.random() < 0.1:
            more |= {"like": [paper.number], "unlike": [chance.choice(papers).number]}
        yield text, more
        count -= 1


def made(library: Library, queries: Sequence[tuple[str, dict[str, object]]]) -> None:
    """Writes the queries down, in one transaction."""
    at = NOW.isoformat()
    with library.catalogue._store.write() as tx:  # noqa: SLF001
        for start in range(0, len(queries), OWNED):
            owner = subscribers.number_of(tx, email=f"reader-{start}@example.org", at=at)
            # An address without an account has its queries run once it has confirmed: so each is an account's.
            tx.exec_driver_sql("UPDATE subscriber SET person = 1 WHERE number = ? AND ? = 0", (owner, start))
            for text, more in queries[start : start + OWNED]:
                number = standing.add(tx, owner, name=text[:60], text=text, at=at, **more)  # type: ignore[arg-type]
                tx.exec_driver_sql(_SUBSCRIBED, (number, owner, number, at, at))


_SUBSCRIBED = """INSERT INTO subscription
(number, subscriber, wanted, value, rhythm, weekday, at, zone, most, form, made, confirmed, last)
VALUES (?, ?, 'query', ?, 'each edition', 0, '07:30', 'UTC', 10, 'text', ?, ?, '')"""


def come(library: Library, lines: Sequence[str]) -> None:
    """Takes papers in."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "papers.jsonl"
        path.write_text("".join(lines), "utf-8")
        ingest.import_file(library.catalogue, path, now=library._clock)  # noqa: SLF001


def timed(library: Library, lines: Sequence[str]) -> tuple[float, float, CaughtUp]:
    """A day comes: seconds that the job takes, those of the processor, and what it did."""
    come(library, lines)
    began, busy = time.perf_counter(), time.process_time()
    done = library.catch_up_standing()
    return time.perf_counter() - began, time.process_time() - busy, done


def dated(line: str, day: str, number: int) -> str:
    """A paper as if it had been announced on a day, under an identifier of that month."""
    record = json.loads(line)
    month = day[2:4] + day[5:7]
    return json.dumps(record | {"id": f"{month}.{number:05}", "announced": day, "published": day, "doi": None}) + "\n"


def peers(library: Library, queries: Sequence[tuple[str, dict[str, object]]], day: str, sample: int) -> None:
    """Asks the same in two plainer ways, compares what they find, and prints how long all would take."""
    today = [paper for paper in _all(library) if paper.day == day]
    chosen = random.Random(3).sample(range(len(queries)), sample)
    wishes = [Wish(n, queries[n][0]) for n in chosen]
    fits = library._search.matcher().match(wishes, today)  # noqa: SLF001
    ours = {n: {fit.paper for fit in fits if fit.wish == n} for n in chosen}
    library.follow()
    began = time.process_time()
    theirs = {}
    for n in chosen:
        page = library.search(
            queries[n][0], since=day, mode=Mode.KEYWORD, sort=Sort.DATE, limit=len(today), count=False
        )
        strict = not any(note.startswith(("No paper has", "Few papers have")) for note in page.notes)
        theirs[n] = {hit.paper.number for hit in page.hits} if strict else None
    index = (time.process_time() - began) * len(queries) / sample
    compared = [n for n in chosen if theirs[n] is not None]
    wrong = [queries[n][0] for n in compared if theirs[n] != ours[n]]
    if wrong:
        raise SystemExit(f"the index finds something else for {wrong[:5]}")
    said = f"{len(compared)} of {sample} compared, all the same"
    print(f"asking the index once per query: {index:,.0f} s of the processor ({said})")
    plain = [n for n in chosen if all(word.isalpha() for word in queries[n][0].split())]
    began = time.process_time()
    stems = [(paper.number, frozenset(sought(f"{paper.title} {paper.abstract}"))) for paper in today]
    found = {}
    for n in plain:
        needed = frozenset(sought(queries[n][0]))
        found[n] = {number for number, own in stems if needed <= own}
    loop = (time.process_time() - began) * len(queries) / len(plain)
    same = sum(found[n] == ours[n] for n in plain)
    said = f"{same} of {len(plain)} plain queries the same"
    print(f"a loop over all pairs, stems alone: {loop:,.0f} s of the processor ({said})")


def _all(library: Library) -> list[Paper]:
    newest = library.catalogue.last_change()
    numbers = [change.number for change in library.catalogue.changes(0, newest)]
    return library.catalogue.papers(numbers)


def main() -> None:
    """Fills, asks, measures, prints."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=DEFAULT)
    parser.add_argument("--queries", type=int, default=10_000)
    parser.add_argument("--day", type=int, default=1_500)
    parser.add_argument("--past", type=int, default=20_000)
    parser.add_argument("--sample", type=int, default=500)
    given = parser.parse_args()
    lines = list(raw_papers(given.data, given.past + 2 * given.day))
    random.Random(1).shuffle(lines)
    past, news = lines[: given.past], lines[given.past :]
    days = [(NOW + timedelta(days=n)).date().isoformat() for n in range(2)]
    clock = Clock()
    print(machine())
    with tempfile.TemporaryDirectory() as folder, door.open(Path(folder) / "home", clock=clock) as library:
        library.owner_actor()
        come(library, past)
        library.follow()
        queries = list(asked(_all(library), given.queries))
        made(library, queries)
        print(f"{len(past):,} papers, {len(queries):,} standing queries")
        for n, day in enumerate(days):
            clock.now = NOW + timedelta(days=n)
            part = news[n * given.day : (n + 1) * given.day]
            took, busy, done = timed(library, [dated(line, day, n * given.day + m + 1) for m, line in enumerate(part)])
            said = f"{done.papers:,} papers, {done.hits:,} catches"
            print(f"{day}: {took:.1f} s, {busy:.1f} s of the processor ({said})")
        peers(library, queries, days[1], min(given.sample, len(queries)))


if __name__ == "__main__":
    main()
