"""Other ways to search the same papers, each as a `Peer`; used by `search_speed.py`.

    FTS5 any     SQLite's full-text index, porter stems, any of the words, bm25() with the title twice as heavy
    FTS5 all     the same, all of the words: few questions find anything
    tantivy      tantivy as it comes, English stems, title and abstract, any of the words, title twice as heavy
    bm25s        the fastest BM25 in Python, in memory, title twice and abstract
    scan         what arxiv-sanity-lite does: TF-IDF of words and a linear model of them against every paper

They find the best 20 and read title and abstract, and count nothing. A peer that is not installed is left out.
PostgreSQL is in `search_postgres.py`.
"""

import importlib
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import tantivy

import corpus
from broadsheet.search.text import STOP_WORDS, folded, stems

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
        """Asks the queries of a set one after the other, after a few to warm up."""
        asked = queries[: self.most]
        for query in asked[: min(WARM, self.most)]:
            self.ask(query)
        times = []
        for query in asked:
            began = time.perf_counter()
            self.ask(query)
            times.append((time.perf_counter() - began) * 1000)
        self.times[name] = sorted(times)


def all_of(read: Callable[[], Iterable[corpus.Text]], folder: Path) -> Iterator[Peer]:
    """The peers that can be had, built one after the other."""
    yield fts5(read, folder, " OR ")
    yield fts5(read, folder, " ")
    yield plain_tantivy(read, folder)
    yield from in_memory(read)
    yield scan(read)


def telling(query: str) -> list[str]:
    """The words of a query without function words, each once."""
    return list(dict.fromkeys(word for word in folded(query) if not STOP_WORDS.issuperset(stems(word))))


def fts5(read: Callable[[], Iterable[corpus.Text]], folder: Path, joiner: str) -> Peer:
    """SQLite's own full-text search."""
    path = folder / "fts5.db"
    fresh = not path.is_file()
    connection = sqlite3.connect(path)
    began = time.perf_counter()
    if fresh:
        connection.execute("CREATE VIRTUAL TABLE paper USING fts5(title, abstract, tokenize='porter unicode61')")
        rows = ((text.title, text.abstract) for text in read())
        connection.executemany("INSERT INTO paper VALUES (?, ?)", rows)
        connection.execute("INSERT INTO paper(paper) VALUES ('optimize')")
        connection.commit()
    took = time.perf_counter() - began

    def ask(query: str) -> object:
        match = joiner.join(f'"{word}"' for word in telling(query))
        sql = "SELECT title, abstract FROM paper WHERE paper MATCH ? ORDER BY bm25(paper, 2.0, 1.0) LIMIT ?"
        return connection.execute(sql, (match, TOP)).fetchall()

    return Peer(f"FTS5 {'any' if 'OR' in joiner else 'all'}", ask, took, path.stat().st_size / 1e6, most=40)


def plain_tantivy(read: Callable[[], Iterable[corpus.Text]], folder: Path) -> Peer:
    """The engine inside ours, without what ours adds."""
    path = folder / "tantivy"
    path.mkdir()
    builder = tantivy.SchemaBuilder()
    for name in ("title", "abstract"):
        builder.add_text_field(name, stored=True, tokenizer_name="en_stem")
    index = tantivy.Index(builder.build(), path=str(path))
    began = time.perf_counter()
    writer = index.writer(128_000_000, 2)
    for text in read():
        writer.add_document(tantivy.Document(title=text.title, abstract=text.abstract))
    writer.commit()
    writer.wait_merging_threads()
    took = time.perf_counter() - began
    index.reload()
    searcher = index.searcher()

    def ask(query: str) -> object:
        parsed, _ = index.parse_query_lenient(" ".join(telling(query)), ["title", "abstract"], {"title": 2.0})
        hits = searcher.search(parsed, TOP, count=False).hits
        return [searcher.doc(address).to_dict() for _, address in hits]

    return Peer("tantivy", ask, took, sum(file.stat().st_size for file in path.iterdir()) / 1e6)


def in_memory(read: Callable[[], Iterable[corpus.Text]]) -> Iterator[Peer]:
    """bm25s as it comes, over title twice and abstract."""
    try:
        bm25s: Any = importlib.import_module("bm25s")
    except ImportError:
        print("bm25s is left out: it is not installed")
        return
    tokenize = partial(bm25s.tokenize, show_progress=False)
    texts = list(read())
    began = time.perf_counter()
    index = bm25s.BM25()
    index.index(tokenize([f"{text.title} {text.title} {text.abstract}" for text in texts]), show_progress=False)
    took = time.perf_counter() - began

    def ask(query: str) -> object:
        rows, _ = index.retrieve(tokenize(query), k=TOP, show_progress=False)
        return [(texts[row].title, texts[row].abstract) for row in rows[0]]

    yield Peer("bm25s", ask, took)


def scan(read: Callable[[], Iterable[corpus.Text]]) -> Peer:
    """A linear model of the query's words against the TF-IDF row of every paper, as one product over all of them."""
    began = time.perf_counter()
    vocabulary: dict[str, int] = {}
    texts, columns, ends = [], [], [0]
    for text in read():
        texts.append((text.title, text.abstract))
        words = f"{text.title} {text.abstract}".lower().split()
        columns.append(np.array([vocabulary.setdefault(word, len(vocabulary)) for word in set(words)], dtype=np.int32))
        ends.append(ends[-1] + len(columns[-1]))
    every, firsts = np.concatenate(columns), np.array(ends[:-1])
    rarity = np.log(len(texts) / np.maximum(1, np.bincount(every, minlength=len(vocabulary)))).astype(np.float32)
    took = time.perf_counter() - began

    def ask(query: str) -> object:
        model = np.zeros(len(vocabulary), dtype=np.float32)
        known = [vocabulary[word] for word in query.lower().split() if word in vocabulary]
        model[known] = rarity[known]
        scores = np.add.reduceat(model[every] * rarity[every], firsts)
        return [texts[row] for row in np.argsort(-scores)[:TOP].tolist()]

    return Peer("scan", ask, took, most=8)
