"""How fast a search is, beside other ways to search the same papers with the same queries.

    python benchmarks/search_speed.py --data ../shared/data
    python benchmarks/search_speed.py --data ../shared/data --limit 50000
    python benchmarks/search_speed.py --data ../shared/data --scale 2800000 --home HOME --alone
    python benchmarks/search_speed.py --home HOME        # a library that holds the papers already

One answer of ours is what a page of results shows: the query read, 20 papers ranked by words and meaning together,
read from the catalogue with their authors and abstracts, and the query's words marked in title and abstract. The
number of all matches is counted apart, in a row of its own. `search_peers.py` tells what the peers do.

All of them run in this process, one query after the other, after a few to warm up; ours are asked once before, untimed,
so that the files are in memory as those of the peers are, which were just made. The queries are topics as people
type them, questions of a sentence, and whole titles. Afterwards: eight threads at once, in this process and then in as
many processes as there are cores (`broadsheet serve --processes`), the memory, how long the facets take, what queries
that mean no good take, and how soon 1,000 new papers are found and what they cost others.
`--scale` adds papers that do not exist (`corpus.scaled`). Give `--home` a folder to keep what was built.
"""

import argparse
import itertools
import json
import multiprocessing
import os
import random
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import broadsheet
import corpus
import search_postgres
from broadsheet import ingest, tex
from broadsheet.library import marks
from broadsheet.types import Mode, Page, Sort
from search_peers import TOP, Peer, all_of

THREADS, SECONDS = 8, 10.0
Sets = dict[str, list[str]]


def ours(home: Path, args: argparse.Namespace) -> tuple[broadsheet.Library, float, float]:
    """The library with the papers, and how long importing and indexing took."""
    library = broadsheet.open(home, follow=False)
    began = time.perf_counter()
    if not library.catalogue.count():
        lines = home / "papers.jsonl"
        with lines.open("w", encoding="utf-8") as file:
            file.writelines(papers(args))
        began = time.perf_counter()
        ingest.import_file(library.catalogue, lines, now=lambda: datetime.now(UTC))
        lines.unlink()
    imported = time.perf_counter()
    library.follow()
    return library, imported - began, time.perf_counter() - imported


def papers(args: argparse.Namespace) -> itertools.chain[str]:
    """The records of the corpus."""
    source = corpus.scaled(args.data, args.scale) if args.scale else corpus.raw_papers(args.data, args.limit)
    return itertools.chain(source)


def shown(page: Page) -> Page:
    """The page with the query's words marked, as a face does it."""
    for hit in page.hits:
        marks(tex.plain(hit.paper.title), page.terms)
        marks(tex.plain(hit.paper.abstract or ""), page.terms)
    return page


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


def throughput(library: broadsheet.Library, queries: Sequence[str], threads: int = THREADS, first: int = 0) -> float:
    """Answers a second of several threads of this process, the first of which begins with the query at a place."""
    done = [0] * threads
    end = time.monotonic() + SECONDS

    def work(own: int) -> None:
        while time.monotonic() < end:
            query = queries[(first + own + THREADS * done[own]) % len(queries)]
            shown(library.search(query, limit=TOP, count=False))
            done[own] += 1

    working = [threading.Thread(target=work, args=(own,)) for own in range(threads)]
    for thread in working:
        thread.start()
    for thread in working:
        thread.join()
    return sum(done) / SECONDS


def together(home: Path, queries: Sequence[str], processes: int) -> str:
    """Answers a second of as many threads, divided among processes; and the memory of one of these."""
    spawn = multiprocessing.get_context("spawn")
    with spawn.Manager() as manager, spawn.Pool(processes) as pool:
        start = manager.Barrier(processes)
        shares = [(home, list(queries), THREADS // processes, own, start) for own in range(processes)]
        found = pool.starmap(_alone, shares, chunksize=1)
    return f"{sum(own for own, _ in found):.0f} answers a second; each of them {found[0][1]}"


def _alone(home: Path, queries: Sequence[str], threads: int, own: int, start: "threading.Barrier") -> tuple[float, str]:
    with broadsheet.open(home, follow=False) as library:
        for query in queries:
            shown(library.search(query, limit=TOP, count=False))
        start.wait()
        return throughput(library, queries, threads, own * threads), resident()


def resident() -> str:
    """This process's memory: all of it, and what no file backs, where the system says so."""
    status = Path("/proc/self/status")
    values = dict(line.split(":", 1) for line in status.read_text().splitlines()) if status.exists() else {}
    names = ("VmRSS", "RssAnon")
    return ", ".join(f"{name} {int(values[name].split()[0]) // 1024:,} MB" for name in names if name in values)


BAD = {
    "10 KB of words": "sparse attention for long documents in several languages " * 180,
    "10 KB of one word": "sheep" * 2_000,
    "stop words": "to be or not to be what is it that we are",
    "the commonest words": "we show that the method results in a new model using learning data based approach",
    "punctuation": "?!... --- (((( )))) :::: '''' ***",
    "another alphabet": "量子計算 の 深層学習 нейронные сети διανύσματα",
    "unbalanced quotes": '"sparse attention ((for "long documents',
    "64 conditions": " ".join(f"author:a{n} OR cat:cs.{n}" for n in range(64)),
    "exclusions": "learning -model -network -neural -deep -data -method",
}


def worst(library: broadsheet.Library) -> None:
    """What queries that mean no good take."""
    print("\nqueries that mean no good, the slower of two times:")
    for name, query in BAD.items():
        times = []
        for _ in range(2):
            began = time.perf_counter()
            page = library.search(query, limit=TOP)
            times.append((time.perf_counter() - began) * 1000)
        print(f"  {name:24}{max(times):8.1f} ms {page.total:>12,} papers")


def facets(library: broadsheet.Library, sets: Sets) -> None:
    """What counting by year, category and author takes."""
    for name, queries in sets.items():
        times = []
        for query in queries:
            began = time.perf_counter()
            library.facets(query)
            times.append((time.perf_counter() - began) * 1000)
        times.sort()
        print(f"facets of {name}: {percentile(times, 0.5):.1f} / {percentile(times, 0.95):.1f} ms")


def additions(library: broadsheet.Library, queries: Sequence[str], scratch: Path) -> None:
    """How soon new papers are found, and what a query takes while and after they come."""
    ask = Peer("", lambda query: shown(library.search(query, limit=TOP, count=False)))
    ask.measure("before", queries)
    visible = []
    for turn in range(3):
        path = scratch / f"new{turn}.jsonl"
        lines = (
            {"id": f"2512.{80_000 + 1_000 * turn + n:05d}", "title": f"Zyzzogeton {turn} counts sheep {n}"}
            for n in range(1_000)
        )
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
        ingest.import_file(library.catalogue, path, now=lambda: datetime.now(UTC))
        began = time.perf_counter()
        library.follow()
        page = library.search(f"zyzzogeton {turn}", limit=TOP)
        visible.append(time.perf_counter() - began)
        assert page.hits
    ask.measure("after", queries)
    before, after = (percentile(ask.times[name], 0.5) for name in ("before", "after"))
    print(
        f"1,000 papers more, three times: found after {min(visible):.1f} to {max(visible):.1f} s;"
        f" queries {before:.1f} ms before, {after:.1f} ms after"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, default=corpus.DEFAULT, help="folder of the real papers")
    parser.add_argument("--home", type=Path, help="a library to search; made and thrown away if it is left out")
    parser.add_argument("--limit", type=int, default=0, help="this many papers at most")
    parser.add_argument("--scale", type=int, default=0, help="this many papers, the real ones and mixtures of them")
    parser.add_argument("--queries", type=int, default=100, help="queries of each set at most")
    parser.add_argument("--postgres", default="", help="a PostgreSQL database to measure too, as psycopg takes it")
    parser.add_argument("--alone", action="store_true", help="without the peers")
    parser.add_argument("--add", action="store_true", help="also add papers, which changes the library for good")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        home = args.home or Path(scratch)
        home.mkdir(parents=True, exist_ok=True)
        library, importing, indexing = ours(home, args)
        with library:
            run(library, (importing, indexing), Path(scratch), args)


def rows(library: broadsheet.Library, indexing: float) -> list[Peer]:
    """Our own rows of the table."""
    size = library.status().index_bytes / 1e6
    search = partial(library.search, limit=TOP, count=False)
    asks: dict[str, Callable[[str], Page]] = {
        "Broadsheet": search,
        "  and the exact number": partial(library.search, limit=TOP),
        "  words alone": partial(search, mode=Mode.KEYWORD),
        "  meaning alone": partial(search, mode=Mode.MEANING),
        "  from 2024, cs.LG, cs.CL": partial(search, since="2024", categories=["cs.LG", "cs.CL"]),
        "  with code": partial(search, has_code=True),
        "  newest first": partial(search, sort=Sort.DATE),
        "  page 50": partial(search, offset=49 * TOP),
    }
    peers = [Peer(name, lambda query, ask=ask: shown(ask(query))) for name, ask in asks.items()]  # type: ignore[misc]
    peers[0].build_seconds, peers[0].megabytes = indexing, size
    return peers


def run(library: broadsheet.Library, took: tuple[float, float], scratch: Path, args: argparse.Namespace) -> None:
    """Measures everything and prints it."""
    peers = rows(library, took[1])
    titles = corpus.page_titles(args.data)
    sets: Sets = {
        "topics": corpus.queries(args.data, "awesome"),
        "questions": corpus.queries(args.data, "autoscholar"),
        "titles": [title for title, _ in titles],
    }
    for queries in sets.values():
        random.Random(0).shuffle(queries)
        del queries[args.queries :]
    for query in itertools.chain(*sets.values()):
        shown(library.search(query, limit=TOP))
    measure(peers, sets)
    memory = resident()
    print(f"{corpus.machine()}; {library.status().papers:,} papers; median / 95th percentile, and how many times ours")
    print(table(peers, list(sets)), flush=True)
    mixed = list(itertools.chain(*sets.values()))
    random.Random(1).shuffle(mixed)
    print(f"\nmemory after these queries: {memory}")
    print(f"{THREADS} threads: {throughput(library, mixed):.0f} answers a second", flush=True)
    cores = min(THREADS, os.cpu_count() or 1)
    print(f"{THREADS} threads in {cores} processes: {together(library.home, mixed, cores)}", flush=True)
    facets(library, sets)
    worst(library)
    if took[0] >= 1 or took[1] >= 1:
        print(f"\nimport into the catalogue: {took[0]:.0f} s; index from the catalogue: {took[1]:.0f} s")
    if args.add:
        additions(library, mixed[:100], scratch)
    known = [(title, key) for title, key in titles if key and library.search(f"id:{key}").total]
    first = sum(library.search(title).hits[0].paper.id == key for title, key in known)
    print(f"{first} of the {len(known)} titles whose papers are here bring them first", flush=True)
    if not args.alone:
        read = partial(corpus.papers, args.data, args.scale or args.limit)
        others = search_postgres.peers(read, args.postgres) if args.postgres else ()
        for peer in itertools.chain(all_of(read, scratch), others):
            measure([peer], sets)
            print(table([peers[0], peer], list(sets)).splitlines()[-1], flush=True)


def measure(peers: Sequence[Peer], sets: Sets) -> None:
    for name, queries in sets.items():
        for peer in peers:
            peer.measure(name, queries)


if __name__ == "__main__":
    main()
