"""PostgreSQL as a way to search the same papers: its full-text search, pgvector where it is installed, and both.

    PostgreSQL words     tsvector, GIN, ts_rank_cd, any of the words
    PostgreSQL meaning   pgvector's HNSW index as it comes, over our encoder's vectors; the query is encoded in the time
    PostgreSQL both      the first 50 of each, by reciprocal ranks (Cormack, Clarke and Buettcher 2009)

The tables are temporary: they go with the connection.
"""

import importlib
import itertools
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import corpus
from broadsheet.search.encoder import StaticEncoder, Vectors, paper_vectors
from search_peers import TOP, Peer, telling

BATCH, DEPTH, MOST = 2_000, 50, 20
WORDS = (
    "SELECT number FROM paper, to_tsquery('english', %s) q WHERE words @@ q ORDER BY ts_rank_cd(words, q) DESC LIMIT %s"
)
NEAREST = "SELECT number FROM paper ORDER BY vector <#> %s LIMIT %s"
READ = "SELECT number, title, abstract FROM paper WHERE number = ANY(%s)"


def peers(read: Callable[[], Iterable[corpus.Text]], database: str) -> Iterator[Peer]:
    """What can be had of it."""
    try:
        psycopg: Any = importlib.import_module("psycopg")
    except ImportError:
        print("PostgreSQL is left out: psycopg is not installed")
        return
    connection = psycopg.connect(database, autocommit=True)
    has_vectors = connection.execute("SELECT count(*) FROM pg_available_extensions WHERE name = 'vector'").fetchone()[0]
    encoder = StaticEncoder.load()
    began = time.perf_counter()
    _fill(connection, read, encoder if has_vectors else None)
    took = time.perf_counter() - began

    def words(query: str, most: int = TOP) -> list[int]:
        return [row[0] for row in connection.execute(WORDS, (" | ".join(telling(query)), most))]

    def nearest(query: str, most: int = TOP) -> list[int]:
        return [row[0] for row in connection.execute(NEAREST, (_written(encoder.encode([query])[0]), most))]

    def both(query: str) -> list[int]:
        found: dict[int, float] = {}
        for numbers in (words(query, DEPTH), nearest(query, DEPTH)):
            for rank, number in enumerate(numbers):
                found[number] = found.get(number, 0.0) + 1 / (60 + rank)
        return sorted(found, key=lambda number: -found[number])[:TOP]

    def shown(ask: Callable[[str], Sequence[int]]) -> Callable[[str], object]:
        return lambda query: connection.execute(READ, (list(ask(query)),)).fetchall()

    yield Peer("PostgreSQL words", shown(words), took, most=MOST)
    if not has_vectors:
        print("PostgreSQL's pgvector is left out: it is not installed")
        return
    began = time.perf_counter()
    connection.execute("SET maintenance_work_mem = '1GB'")
    connection.execute("CREATE INDEX ON paper USING hnsw (vector vector_ip_ops)")
    took = time.perf_counter() - began
    yield Peer("PostgreSQL meaning", shown(nearest), took)
    yield Peer("PostgreSQL both", shown(both), most=MOST)


def _fill(connection: Any, read: Callable[[], Iterable[corpus.Text]], encoder: StaticEncoder | None) -> None:
    """The table of papers and its index of words; vectors where there is an encoder."""
    vector = ""
    if encoder:
        connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
        vector = f", vector vector({encoder.dimensions})"
    connection.execute(f"CREATE TEMP TABLE paper (number serial, title text, abstract text, words tsvector{vector})")
    columns = "title, abstract, vector" if encoder else "title, abstract"
    texts = iter(read())
    with connection.cursor().copy(f"COPY paper ({columns}) FROM STDIN") as copy:
        while batch := list(itertools.islice(texts, BATCH)):
            rows: Iterable[tuple[str, ...]] = ((text.title, text.abstract) for text in batch)
            if encoder:
                made = paper_vectors(encoder, [text.title for text in batch], [text.abstract for text in batch])
                rows = ((text.title, text.abstract, _written(own)) for text, own in zip(batch, made, strict=True))
            for row in rows:
                copy.write_row(row)
    connection.execute(
        "UPDATE paper SET words = setweight(to_tsvector('english', title), 'A')"
        " || setweight(to_tsvector('english', abstract), 'B')"
    )
    connection.execute("CREATE INDEX ON paper USING gin (words)")
    connection.execute("CREATE INDEX ON paper (number)")
    connection.execute("ANALYZE paper")


def _written(vector: Vectors) -> str:
    """A vector as pgvector reads it."""
    return f"[{','.join(f'{value:.5g}' for value in vector.tolist())}]"
