"""How fast a search is, beside other ways to search the same papers with the same queries.

    python benchmarks/search_speed.py --data ../shared/data
    python benchmarks/search_speed.py --data ../shared/data --limit 50000
    python benchmarks/search_speed.py --home HOME        # a library that holds the papers already

One answer of ours is what `library.search` gives: the query read, 20 papers ranked by words and meaning together, all
matches counted, and the 20 papers read from the catalogue with their authors and abstracts. The peers find the best 20
and read title and abstract, and count nothing:

    FTS5 any     SQLite's full-text index, porter stems, any of the words, bm25() with the title twice as heavy
    FTS5 all     the same, all of the words: few questions find anything
    bm25s        the fastest BM25 in Python, in memory, title twice and abstract
    scan         what arxiv-sanity-lite does: count the query's words in every paper

All of them run in this process, one query after the other, after a few to warm up. The queries are topics as people
type them, questions of a sentence, and whole titles.
"""

import argparse
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import bm25s

import broadsheet
import corpus
from broadsheet import ingest
from broadsheet.search.text import STOP_WORDS, folded, stems
from broadsheet.types import Mode, Sort

TOP = 20
WARM = 5
Ask = Callable[[str], object]


@dataclass
class Peer:
    """A way to search: what it cost to build, and how long it took to answer, in milliseconds by set."""

    name: str
    ask: Ask
    build_seconds: float = 0.0
    megabytes: float = 0.0
    most: int = sys.maxsize  # queries of a set; slow peers get fewer
    times: dict[str, list[float]] = field(default_factory=dict)

    def measure(self, name: str, queries: Sequence[str]) -> None:
        asked = queries[: self.most]
        for query in asked[: min(WARM, self.most)]:
            self.ask(query)
        times = []
        for query in asked:
            began = time.perf_counter()
            self.ask(query)
            times.append((time.perf_counter() - began) * 1000)
        self.times[name] = sorted(times)


def ours(home: Path, args: argparse.Namespace) -> tuple[broadsheet.Library, float, float]:
    """The library with the papers, and how long importing and indexing took."""
    if (home / "catalogue.db").is_file():
        return broadsheet.open(home), 0.0, 0.0
    lines = home / "papers.jsonl"
    lines.write_text("".join(corpus.raw_papers(args.data, args.limit)), "utf-8")
    library = broadsheet.open(home)
    began = time.perf_counter()
    ingest.import_file(library.catalogue, lines, now=lambda: datetime.now(UTC))
    imported = time.perf_counter()
    library.follow()
    return library, imported - began, time.perf_counter() - imported


def fts5(texts: Sequence[corpus.Text], folder: Path, joiner: str) -> Peer:
    """SQLite's own full-text search."""
    path = folder / "fts5.db"
    fresh = not path.is_file()
    connection = sqlite3.connect(path)
    began = time.perf_counter()
    if fresh:
        connection.execute("CREATE VIRTUAL TABLE paper USING fts5(title, abstract, tokenize='porter unicode61')")
        rows = ((text.title, text.abstract) for text in texts)
        connection.executemany("INSERT INTO paper VALUES (?, ?)", rows)
        connection.execute("INSERT INTO paper(paper) VALUES ('optimize')")
        connection.commit()
    took = time.perf_counter() - began

    def ask(query: str) -> object:
        words = [word for word in folded(query) if not STOP_WORDS.issuperset(stems(word))]
        match = joiner.join(f'"{word}"' for word in dict.fromkeys(words))
        sql = "SELECT title, abstract FROM paper WHERE paper MATCH ? ORDER BY bm25(paper, 2.0, 1.0) LIMIT ?"
        return connection.execute(sql, (match, TOP)).fetchall()

    return Peer(f"FTS5 {'any' if 'OR' in joiner else 'all'}", ask, took, path.stat().st_size / 1e6)


def in_memory(texts: Sequence[corpus.Text]) -> Peer:
    """bm25s as it comes, over title twice and abstract."""
    tokenize = partial(bm25s.tokenize, show_progress=False)
    began = time.perf_counter()
    index = bm25s.BM25()
    index.index(tokenize([f"{text.title} {text.title} {text.abstract}" for text in texts]), show_progress=False)
    took = time.perf_counter() - began

    def ask(query: str) -> object:
        rows, _ = index.retrieve(tokenize(query), k=TOP, show_progress=False)
        return [(texts[row].title, texts[row].abstract) for row in rows[0]]

    return Peer("bm25s", ask, took)


def scan(texts: Sequence[corpus.Text]) -> Peer:
    """Every paper is looked at for every query."""

    def ask(query: str) -> object:
        words = query.lower().split()
        scores = []
        for row, text in enumerate(texts):
            title, abstract = text.title.lower(), text.abstract.lower()
            scores.append((sum(2 * (word in title) + (word in abstract) for word in words), row))
        return [texts[row] for _, row in sorted(scores, reverse=True)[:TOP]]

    return Peer("scan", ask, most=8)


def percentile(times: Sequence[float], share: float) -> float:
    return times[min(len(times) - 1, int(len(times) * share))]


def table(peers: Sequence[Peer], names: Sequence[str]) -> str:
    """Rows of peers, columns of query sets: median and 95th percentile, and the ratio of medians to the first."""
    rows = [f"{'':24}" + "".join(f"{name:>32}" for name in names) + f"{'build s':>10}{'MB':>8}"]
    for peer in peers:
        row = f"{peer.name:24}"
        for name in names:
            median, slow = percentile(peer.times[name], 0.5), percentile(peer.times[name], 0.95)
            row += f"{median:>12.1f} /{slow:>7.1f} ms {median / percentile(peers[0].times[name], 0.5):>6.1f} x"
        rows.append(row + (f"{peer.build_seconds:>10.0f}{peer.megabytes:>8.0f}" if peer.build_seconds >= 1 else ""))
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, default=corpus.DEFAULT, help="folder of the real papers")
    parser.add_argument("--home", type=Path, help="a library to search; made and thrown away if it is left out")
    parser.add_argument("--limit", type=int, default=0, help="this many papers at most")
    parser.add_argument("--queries", type=int, default=100, help="queries of each set at most")
    parser.add_argument("--alone", action="store_true", help="without the peers")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        home = args.home or Path(scratch)
        library, importing, indexing = ours(home, args)
        with library:
            run(library, importing, indexing, Path(scratch), args)


def run(
    library: broadsheet.Library, importing: float, indexing: float, scratch: Path, args: argparse.Namespace
) -> None:
    """Measures everything and prints it."""
    status = library.status()
    size = status.index_bytes / 1e6
    recent = partial(library.search, since="2024", categories=["cs.LG", "cs.CL"])
    peers = [
        Peer("Broadsheet", lambda query: library.search(query, limit=TOP), indexing, size),
        Peer("  words alone", lambda query: library.search(query, limit=TOP, mode=Mode.KEYWORD)),
        Peer("  meaning alone", lambda query: library.search(query, limit=TOP, mode=Mode.MEANING)),
        Peer("  from 2024, cs.LG, cs.CL", lambda query: recent(query, limit=TOP)),
        Peer("  newest first", lambda query: library.search(query, limit=TOP, sort=Sort.DATE)),
        Peer("  page 50", lambda query: library.search(query, limit=TOP, offset=49 * TOP)),
    ]
    if not args.alone:
        texts = list(corpus.papers(args.data, args.limit))
        peers += [fts5(texts, scratch, " OR "), fts5(texts, scratch, " "), in_memory(texts), scan(texts)]
    titles = corpus.page_titles(args.data)
    sets = {
        "topics": corpus.queries(args.data, "awesome"),
        "questions": corpus.queries(args.data, "autoscholar"),
        "titles": [title for title, _ in titles],
    }
    for name, queries in sets.items():
        random.Random(0).shuffle(queries)
        for peer in peers:
            peer.measure(name, queries[: args.queries])
    print(f"{corpus.machine()}; {status.papers:,} papers; median / 95th percentile, and how many times ours")
    print(table(peers, list(sets)))
    if importing:
        print(f"\nimport into the catalogue: {importing:.0f} s; index from the catalogue: {indexing:.0f} s")
    known = [(title, key) for title, key in titles if key and library.search(f"id:{key}").total]
    first = sum(library.search(title).hits[0].paper.id == key for title, key in known)
    print(f"{first} of the {len(known)} titles whose papers are here bring them first")


if __name__ == "__main__":
    main()
