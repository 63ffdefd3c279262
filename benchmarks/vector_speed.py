"""The vector index: how fast, how right, how large; beside the plain scan and, where it is installed, faiss.

    python benchmarks/vector_speed.py --data ../shared/data
    python benchmarks/vector_speed.py --data ../shared/data --scale 2800000 --cache ~/vectors

The vectors are those of all papers in `--data`; the queries are the judged questions there. `--scale` adds papers
that do not exist: each lies between two real papers of one topic, with some noise, so that a question has new
nearest papers among them (in 2.8 million, 78% of its ten). `--cache` keeps the real vectors, which take minutes.

Times are of one thread in one process. Each query is asked `--rounds` times and its best time counts, because other
work on the machine only ever adds to it. CPU times are printed beside, and the load.
"""

import argparse
import importlib
import io
import json
import multiprocessing
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import zstandard

from broadsheet.search.encoder import StaticEncoder
from broadsheet.search.vectors import UNKNOWN_DAY, VectorIndex, clusters, day_number

Vectors = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Ask = Callable[[Vectors], npt.NDArray[np.int64]]

PAPERS = ("arxiv_to_2019.jsonl.zst", "papers_ml.jsonl.zst")
BLOCK = 16_384
HITS = 10
TOPICS = 512


class Corpus:
    """Papers 0, 1, 2...: vectors, days and categories, real ones first, as many as asked for."""

    def __init__(self, vectors: Vectors, days: list[int], categories: list[list[str]], count: int) -> None:
        self.real, self.days, self.categories, self.count = vectors, days, categories, count
        sample = vectors[np.random.default_rng(0).choice(len(vectors), min(len(vectors), 64 * TOPICS), replace=False)]
        self.topics = clusters.assign(vectors, clusters.train(sample, min(TOPICS, len(sample))))
        self.order = np.argsort(self.topics, kind="stable")
        self.firsts = np.searchsorted(self.topics[self.order], np.arange(TOPICS + 1))

    def origin(self, start: int, end: int) -> npt.NDArray[np.int64]:
        """The real paper that each paper has its day and its categories from."""
        return np.arange(start, end) % len(self.real)

    def blocks(self) -> Iterator[tuple[int, Vectors]]:
        """All vectors, block by block, with the number of the first; the same every time."""
        for start in range(0, self.count, BLOCK):
            end = min(self.count, start + BLOCK)
            own = self.real[self.origin(start, end)]
            if end > len(self.real):
                new = slice(max(0, len(self.real) - start), None)
                own[new] = self._between(start, own[new], self.topics[self.origin(start, end)][new])
            yield start, own

    def _between(self, seed: int, own: Vectors, topics: npt.NDArray[np.int32]) -> Vectors:
        random = np.random.default_rng(seed)
        low, high = self.firsts[topics], self.firsts[topics + 1]
        other = self.real[self.order[(low + random.random(len(own)) * (high - low)).astype(np.int64)]]
        first, second = random.uniform(0.6, 1, (len(own), 1)), random.uniform(0.3, 0.7, (len(own), 1))
        mixed = first * own + second * other + 0.03 * random.standard_normal(own.shape)
        return np.asarray(mixed / np.linalg.norm(mixed, axis=1, keepdims=True), dtype=np.float32)


def lines(path: Path) -> Iterator[str]:
    with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream:
        yield from io.TextIOWrapper(stream, encoding="utf-8")


def read(data: Path, count: int, cache: Path | None) -> tuple[Corpus, Vectors]:
    """The corpus and the vectors of the questions."""
    encoder = StaticEncoder.load()
    records: dict[str, dict[str, Any]] = {}
    for name in PAPERS:
        for line in lines(data / name):
            record = json.loads(line)
            records.setdefault(record["id"], record)
    kept = cache / f"{encoder.fingerprint.replace(':', '-')}-{len(records)}.npy" if cache else None
    if kept and kept.exists():
        vectors = np.load(kept)
    else:
        vectors = encoder.encode([f"{paper['title']}\n{paper.get('abstract') or ''}" for paper in records.values()])
        if kept:
            kept.parent.mkdir(parents=True, exist_ok=True)
            np.save(kept, vectors)
    days = [day_number((paper.get("published") or paper.get("announced") or "")[:10]) for paper in records.values()]
    categories = [paper.get("categories") or [] for paper in records.values()]
    text = (data / "judgements_dev" / "queries.jsonl").read_text("utf-8")
    questions = encoder.encode([json.loads(line)["text"] for line in text.splitlines()])
    return Corpus(vectors, days, categories, count or len(vectors)), questions


def filters(corpus: Corpus, index: VectorIndex) -> dict[str, Mask | None]:
    """Masks of several selectivities, and how long each takes to make."""
    first, last = day_number("2018-01-01"), day_number("2018-12-31")
    asked: dict[str, dict[str, Any]] = {
        "one year": {"first": first, "last": last},
        "cs.CL": {"categories": ["cs.CL"]},
        "all of cs": {"categories": ["cs"]},
        "cs.LG, one year": {"first": first, "last": last, "categories": ["cs.LG"]},
    }
    masks: dict[str, Mask | None] = {"no filter": None}
    for name, values in asked.items():
        times = []
        for _ in range(9):
            started = time.perf_counter()
            masks[name] = index.mask(**values)
            times.append(time.perf_counter() - started)
        print(f"  mask {name:18} {min(times) * 1e3:6.2f} ms")
    some = np.zeros(corpus.count, dtype=np.bool_)
    some[np.random.default_rng(1).choice(corpus.count, 300, replace=False)] = True
    return masks | {"300 papers": some}


def truth(corpus: Corpus, questions: Vectors, masks: dict[str, Mask | None]) -> dict[str, npt.NDArray[np.int64]]:
    """The true nearest papers for each question and mask, by brute force."""
    best = {name: (np.full((len(questions), HITS), -9.0), np.zeros((len(questions), HITS), np.int64)) for name in masks}
    for start, vectors in corpus.blocks():
        cosines = questions @ vectors.T
        for name, mask in masks.items():
            allowed = np.arange(len(vectors)) if mask is None else np.flatnonzero(mask[start : start + len(vectors)])
            if len(allowed):
                some = cosines[:, allowed]
                near = np.argpartition(-some, min(HITS, len(allowed)) - 1, axis=1)[:, :HITS]
                values = np.concatenate([best[name][0], np.take_along_axis(some, near, axis=1)], axis=1)
                numbers = np.concatenate([best[name][1], start + allowed[near]], axis=1)
                order = np.argsort(-values, axis=1)[:, :HITS]
                best[name] = np.take_along_axis(values, order, axis=1), np.take_along_axis(numbers, order, axis=1)
    return {name: numbers for name, (_, numbers) in best.items()}


def measure(name: str, ask: Ask, questions: Vectors, right: npt.NDArray[np.int64], rounds: int) -> None:
    """Prints recall and times of one way to answer."""
    wall, cpu = np.full((rounds, len(questions)), np.inf), np.full((rounds, len(questions)), np.inf)
    found: list[set[int]] = []
    for turn in range(rounds):
        found.clear()
        for row, question in enumerate(questions):
            began, worked = time.perf_counter(), time.thread_time()
            numbers = ask(question)
            wall[turn, row], cpu[turn, row] = time.perf_counter() - began, time.thread_time() - worked
            found.append(set(numbers.tolist()))
    hits = np.mean([len(a & set(b.tolist())) / HITS for a, b in zip(found, right, strict=True)])
    times = [np.percentile(best.min(axis=0) * 1e3, at) for best in (wall, cpu) for at in (50, 95)]
    print(f"  {name:24} recall@10 {hits:.3f}   p50 {times[0]:6.2f}   p95 {times[1]:6.2f} ms   "
          f"(CPU {times[2]:6.2f} {times[3]:6.2f})", flush=True)  # fmt: skip


def throughput(index: VectorIndex, questions: Vectors, threads: int = 8, seconds: float = 5) -> float:
    """Queries a second of several threads in one process."""
    done = [0] * threads
    end = time.monotonic() + seconds

    def work(number: int) -> None:
        while time.monotonic() < end:
            index.search(questions[done[number] % len(questions)], HITS)
            done[number] += 1

    workers = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return sum(done) / seconds


def resident() -> str:
    """This process's resident memory, where the system says so."""
    status = Path("/proc/self/status")
    values = dict(line.split(":", 1) for line in status.read_text().splitlines()) if status.exists() else {}
    return ", ".join(
        f"{name} {int(values[name].split()[0]) // 1024} MB" for name in ("VmRSS", "RssAnon") if name in values
    )


def build(folder: str, corpus: Corpus) -> None:
    index = VectorIndex.open(Path(folder), encoder="benchmark", dimensions=corpus.real.shape[1])
    began, worked = time.monotonic(), time.process_time()
    for start, vectors in corpus.blocks():
        rows = corpus.origin(start, start + len(vectors)).tolist()
        index.add(
            np.arange(start, start + len(vectors)),
            vectors,
            days=[corpus.days[row] for row in rows],
            categories=[corpus.categories[row] for row in rows],
        )
    index.commit(1)
    added = time.monotonic() - began
    index.merge()
    print(f"  build: {added:.0f} s to add (making the vectors too), {time.monotonic() - began - added:.0f} s to merge, "
          f"CPU {time.process_time() - worked:.0f} s; {index.bytes() / 1e6:.0f} MB; {resident()}")  # fmt: skip


def search(folder: str, corpus: Corpus, questions: Vectors, rounds: int) -> None:
    """In a process of its own, so that its memory is that of searching."""
    index = VectorIndex.open(Path(folder), encoder="benchmark", dimensions=corpus.real.shape[1])
    masks = filters(corpus, index)
    right = truth(corpus, questions, masks)
    for name, mask in masks.items():
        measure(name, lambda question, mask=mask: index.search(question, HITS, mask)[0], questions, right[name], rounds)  # type: ignore[misc]
    print(f"  8 threads: {throughput(index, questions):.0f} queries a second")
    visible = []
    for turn in range(10):
        began = time.monotonic()
        new = np.arange(corpus.count + 1_000 * turn, corpus.count + 1_000 * (turn + 1))
        index.add(new, corpus.real[new % len(corpus.real)])
        index.commit()
        index.search(questions[0], HITS)
        visible.append(time.monotonic() - began)
    print(f"  1,000 papers more, ten times: visible after {min(visible):.2f} to {max(visible):.2f} s")
    index.remove(np.arange(corpus.count, corpus.count + 10_000))
    index.commit()
    measure(
        "after ten commits", lambda question: index.search(question, HITS)[0], questions, right["no filter"], rounds
    )
    index.close()


def memory(folder: str, questions: Vectors) -> None:
    index = VectorIndex.open(Path(folder), encoder="benchmark", dimensions=questions.shape[1])
    before = resident()
    for question in questions:
        index.search(question, HITS)
    print(f"  memory: {before}; after {len(questions)} questions {resident()}")


def peers(corpus: Corpus, questions: Vectors, rounds: int) -> None:
    """The scan of all vectors as one product, and faiss with as many lists as we have."""
    right = truth(corpus, questions, {"all": None})["all"]
    every = np.empty((corpus.count, corpus.real.shape[1]), dtype=np.float32)
    for start, vectors in corpus.blocks():
        every[start : start + len(vectors)] = vectors

    def scan(question: Vectors) -> npt.NDArray[np.int64]:
        cosines = every @ question
        return np.argpartition(-cosines, HITS)[:HITS]

    measure("scan of all", scan, questions[:40], right[:40], 2)
    try:
        faiss: Any = importlib.import_module("faiss")
    except ImportError:
        print("  faiss is not installed")
        return
    began = time.monotonic()
    lists = clusters.wanted(corpus.count)
    peer = faiss.index_factory(every.shape[1], f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
    peer.train(every[np.random.default_rng(0).choice(corpus.count, clusters.SAMPLE * lists, replace=False)])
    peer.add(every)
    print(f"  faiss IVF{lists},SQ8: built in {time.monotonic() - began:.0f} s")
    faiss.omp_set_num_threads(1)
    for peer.nprobe in (48, 64, 96):
        measure(
            f"faiss, {peer.nprobe} lists",
            lambda question: peer.search(question[None], HITS)[1][0],
            questions,
            right,
            rounds,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--scale", type=int, default=0, help="how many papers; default: the real ones")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--peers", action="store_true", help="also the scan and faiss, which need a lot of memory")
    options = parser.parse_args()
    corpus, questions = read(options.data, options.scale, options.cache)
    known = sum(day != UNKNOWN_DAY for day in corpus.days)
    print(f"{corpus.count} papers ({len(corpus.real)} real, {known} with a day), {len(questions)} questions; "
          f"load {', '.join(f'{load:.1f}' for load in os.getloadavg())}", flush=True)  # fmt: skip
    spawn = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        work: list[tuple[Callable[..., None], tuple[Any, ...]]] = [
            (build, (folder, corpus)),
            (memory, (folder, questions)),
            (search, (folder, corpus, questions, options.rounds)),
        ]
        if options.peers:
            work.append((peers, (corpus, questions, options.rounds)))
        for task, values in work:
            process = spawn.Process(target=task, args=values)
            process.start()
            process.join()
    print(f"load {', '.join(f'{load:.1f}' for load in os.getloadavg())}")


if __name__ == "__main__":
    main()
