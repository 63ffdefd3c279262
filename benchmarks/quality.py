"""Search quality on the judged queries: words, meaning, both, and a transformer where one is given.

    python benchmarks/quality.py --data ../shared/data --engine ~/quality-indexes
    python benchmarks/quality.py --data ../shared/data --transformer all-MiniLM-L6-v2 --cache ~/vectors

For each judgement set: nDCG@10, recall@100 and MRR with 95% bootstrap intervals over its queries, and the
mean difference of nDCG@10 from bm25s with its interval (the same queries are drawn for both).

    bm25s                   BM25 as that library has it by default, the title counted twice
    encoder                 the cosine of the shipped encoder's vectors (or of `--model`), all papers compared
    rrf, convex             bm25s and encoder together, by the formulas below
    broadsheet keyword, broadsheet meaning, broadsheet hybrid    the search itself, with `--engine`
    transformer, rrf transformer, convex transformer             the same with another model, with `--transformer`

A transformer reads some tens of abstracts a second, so with `--transformer` every system ranks the same
*pool*: all judged papers, the first 10 of bm25s and of the encoder for every query, and 1,000 others by chance.
Papers that only the transformer would have put high are not in it, so the pool favours the transformer.
Without `--transformer` the whole collection is ranked. The papers of the five saved pages beside the data (`--pages`)
join it. Each is asked for in other words than its title ("reworded", a set by itself: it is not in the mean); and where
the whole collection is ranked the pages are asked for too: of the papers on a page, the share that the first N bring
back, where the page has N, and the first 100.

The fusions (Cormack, Clarke and Buettcher 2009; Bruch, Gai and Ingber 2023):

    rrf(p)    = 1 / (60 + bm25s rank) + 1 / (60 + cosine rank)
    convex(p) = w * max(0, cosine(p)) + (1 - w) * bm25s(p) / max bm25s
"""

import argparse
import gzip
import hashlib
import io
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import bm25s
import numpy as np
import numpy.typing as npt
import zstandard

from broadsheet.catalogue import Change
from broadsheet.search import Search
from broadsheet.search.encoder import Encoder, StaticEncoder, TransformerEncoder, paper_vectors
from broadsheet.types import Mode, Paper
from figures import REWORDED, Figures, ndcg, recall, reciprocal_rank, report
from pages import SavedPage, found_again, read_pages, reworded, same_title

Scores = npt.NDArray[np.float32]
PAPERS = ("arxiv_to_2019.jsonl.zst", "papers_ml.jsonl.zst")
OWN_TEXTS = ("csfcube", "scifact")  # sets that are searched in their own documents alone
PAGES = "pages"
DEPTH = 1_000
POOL_DEPTH = 10
POOL_OTHERS = 1_000
MEANING_SHARE = 0.65


@dataclass
class Collection:
    """Papers to search in, and the judged queries asked of them."""

    ids: list[str]
    titles: list[str]
    abstracts: list[str]
    queries: list[dict[str, str]] = field(default_factory=list)

    def only(self, keep: set[str]) -> "Collection":
        rows = [row for row, key in enumerate(self.ids) if key in keep]
        pick: Callable[[list[str]], list[str]] = lambda column: [column[row] for row in rows]  # noqa: E731
        return Collection(pick(self.ids), pick(self.titles), pick(self.abstracts), self.queries)


Judgements = Mapping[str, Mapping[str, int]]


def lines(path: Path) -> Iterator[str]:
    if path.suffix == ".zst":
        with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream:
            yield from io.TextIOWrapper(stream, encoding="utf-8")
    elif path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8") as text:
            yield from text
    else:
        yield from path.read_text("utf-8").splitlines()


def read_collection(paths: Sequence[Path]) -> Collection:
    papers: dict[str, tuple[str, str]] = {}
    for path in paths:
        for line in lines(path):
            record = json.loads(line)
            papers.setdefault(record["id"], (record["title"], record.get("abstract") or ""))
    return Collection(list(papers), [title for title, _ in papers.values()], [text for _, text in papers.values()])


def read(data: Path) -> tuple[list[Collection], dict[str, dict[str, int]]]:
    """The collections with their queries, and what was judged: query -> paper -> relevance."""
    folder = data / "judgements_dev"
    judgements: dict[str, dict[str, int]] = defaultdict(dict)
    for line in lines(folder / "qrels.jsonl"):
        record = json.loads(line)
        judgements[record["qid"]][record["id"]] = record["rel"]
    queries = [json.loads(line) for line in lines(folder / "queries.jsonl")]
    main = read_collection([*(data / name for name in PAPERS), folder / "docs_spar.jsonl.gz"])
    main.queries = [query for query in queries if query["set"] not in OWN_TEXTS]
    collections = [main]
    for name in OWN_TEXTS:
        own = read_collection([folder / f"docs_{name}.jsonl.gz"])
        own.queries = [query for query in queries if query["set"] == name]
        collections.append(own)
    return collections, judgements


def ask_for_pages(
    collection: Collection, judgements: dict[str, dict[str, int]], pages: Sequence[SavedPage], *, whole: bool
) -> None:
    """Adds the papers of the pages that the collection lacks, a question for each paper, and the pages if `whole`."""
    known = {same_title(title): key for key, title in zip(collection.ids, collection.titles, strict=True)}
    questions = reworded()
    for page in pages:
        on_page = {}
        for title, abstract in page.papers:
            if same_title(title) not in known:
                known[same_title(title)] = f"{page.name}: {title}"
                collection.ids.append(known[same_title(title)])
                collection.titles.append(title)
                collection.abstracts.append(abstract)
            on_page[known[same_title(title)]] = 1
            if question := questions.pop(same_title(title), None):  # some papers are on two pages
                collection.queries.append({"qid": f"{REWORDED}: {title}", "set": REWORDED, "text": question})
                judgements[f"{REWORDED}: {title}"] = {known[same_title(title)]: 1}
        if whole:
            collection.queries.append({"qid": page.name, "set": PAGES, "text": page.query})
            judgements[page.name] = on_page


# --- systems: from a collection to the scores of all its papers for each query -------------------------


def bm25(collection: Collection) -> Scores:
    """BM25 as bm25s has it by default, the title counted twice."""
    texts = [f"{t} {t} {a}" for t, a in zip(collection.titles, collection.abstracts, strict=True)]
    index = bm25s.BM25()
    index.index(bm25s.tokenize(texts, show_progress=False), show_progress=False)
    scores = np.zeros((len(collection.queries), len(texts)), dtype=np.float32)
    for row, query in enumerate(collection.queries):
        asked = bm25s.tokenize(query["text"], return_ids=False, show_progress=False)[0]
        if asked:
            scores[row] = index.get_scores(asked)
    return scores


def meaning(collection: Collection, encoder: Encoder, *, plain: bool = False) -> Scores:
    """The cosine of query and paper; `plain` asks for title and abstract as one text, as transformers are used."""
    if plain:
        texts = [f"{title}. {text}" for title, text in zip(collection.titles, collection.abstracts, strict=True)]
        papers = encoder.encode(texts)
    else:
        papers = paper_vectors(encoder, collection.titles, collection.abstracts)
    queries = encoder.encode([query["text"] for query in collection.queries])
    cosines: Scores = queries @ papers.T
    return cosines


def rrf(first: Scores, second: Scores) -> Scores:
    """Reciprocal rank fusion of the first thousand of each table."""
    total = np.zeros_like(first)
    for table in (first, second):
        for row, scores in enumerate(table):
            depth = min(DEPTH, len(scores))
            best = np.argpartition(-scores, depth - 1)[:depth]
            best = best[np.argsort(-scores[best], kind="stable")]
            total[row, best] += 1 / (60 + np.arange(1, depth + 1, dtype=np.float32))
    return total


def convex(words: Scores, near: Scores, share: float = MEANING_SHARE) -> Scores:
    """A convex combination. The cosine stays as it is: how near the best paper lies says how far to trust it."""
    best = np.maximum(words.max(axis=1, keepdims=True), 1e-9)
    total: Scores = share * np.maximum(near, 0) + (1 - share) * np.maximum(words, 0) / best
    return total


class CachedEncoder:
    """An encoder that keeps the vectors it made in a folder, for transformers: they take minutes."""

    def __init__(self, inner: Encoder, folder: Path) -> None:
        self.name, self.fingerprint, self.dimensions = inner.name, inner.fingerprint, inner.dimensions
        self.inner = inner
        self.path = folder / f"{inner.fingerprint.replace('/', '-').replace(':', '-')}.npz"
        self.vectors: dict[str, npt.NDArray[np.float32]] = {}
        if self.path.exists():
            with np.load(self.path) as kept:
                self.vectors = dict(zip(kept["texts"].tolist(), kept["vectors"].astype(np.float32), strict=True))

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        missing = sorted({text for text in texts if text not in self.vectors}, key=len)
        for start in range(0, len(missing), 1_024):
            some = missing[start : start + 1_024]
            self.vectors.update(zip(some, self.inner.encode(some), strict=True))
            print(f"  {self.name}: {start + len(some)} of {len(missing)} texts", flush=True)
        if missing:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            vectors = np.stack(list(self.vectors.values())).astype(np.float16)
            np.savez(self.path, texts=np.array(list(self.vectors)), vectors=vectors)
        return np.stack([self.vectors[text] for text in texts])


# --- our own engine --------------------------------------------------------------------------------------


class Shelf:
    """A collection as the index sees a catalogue; a paper's number is its row, counted from 1."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection

    def changes(self, after: int, limit: int) -> list[Change]:
        last = min(after + limit, self.count())
        return [Change(number, number, gone=False) for number in range(after + 1, last + 1)]

    def papers(self, numbers: Sequence[int]) -> list[Paper]:
        kept = self.collection
        return [Paper(kept.ids[n - 1], kept.titles[n - 1], number=n, abstract=kept.abstracts[n - 1]) for n in numbers]

    def last_change(self) -> int:
        return self.count()

    def count(self) -> int:
        return len(self.collection.ids)


def own_engine(collection: Collection, folder: Path, encoder: Encoder) -> dict[str, Scores]:
    """What `Search.query` answers in its three modes. A score here is only a place: the first of DEPTH has DEPTH."""
    search = Search.open(folder, Shelf(collection), encoder=lambda: encoder)
    search.sync()
    shape = (len(collection.queries), len(collection.ids))
    tables = {f"broadsheet {mode}": np.zeros(shape, dtype=np.float32) for mode in Mode}
    times = defaultdict(list)
    for row, query in enumerate(collection.queries):
        for mode in Mode:
            # CSFCube ranks judged papers wherever they stand.
            found = search.query(query["text"], limit=DEPTH + 300, mode=mode)
            tables[f"broadsheet {mode}"][row, np.array(found.numbers, dtype=int) - 1] = range(
                DEPTH + 300, DEPTH + 300 - len(found.numbers), -1
            )
            times[mode].append(search.query(query["text"], mode=mode).took_ms)
    for mode, own in times.items():
        low, high = np.quantile(own, [0.5, 0.95])
        print(f"  20 papers, {mode}: p50 {low:.1f} ms, p95 {high:.1f} ms")
    search.close()
    return tables


# --- figures -----------------------------------------------------------------------------------------


def ranking(collection: Collection, row: int, scores: Scores, judged: Mapping[str, int]) -> list[str]:
    """The ids in order. CSFCube ranks its judged papers alone; only `spar` may answer with SPAR's own papers."""
    query = collection.queries[row]
    if query["set"] == "csfcube":
        order = np.argsort(-scores[row], kind="stable")
        return [key for key in (collection.ids[i] for i in order) if key in judged]
    some = np.argpartition(-scores[row], min(DEPTH + 300, scores.shape[1] - 1))[: DEPTH + 300]
    order = some[np.argsort(-scores[row][some], kind="stable")]
    ids = (collection.ids[i] for i in order)
    return [key for key in ids if query["set"] == "spar" or not key.startswith("s2:")][:DEPTH]


def measure(collection: Collection, tables: Mapping[str, Scores], judgements: Judgements, figures: Figures) -> None:
    for system, scores in tables.items():
        for row, query in enumerate(collection.queries):
            judged = judgements[query["qid"]]
            ranked = ranking(collection, row, scores, judged)
            if query["set"] == PAGES:
                figures.pages[system][query["qid"]] = found_again(ranked, judged)
            else:
                found = (ndcg(ranked, judged), recall(ranked, judged), reciprocal_rank(ranked, judged))
                figures.judged[system][query["set"]].append(found)


def pool(collection: Collection, judgements: Judgements, tables: Sequence[Scores], depth: int) -> Collection:
    """The papers that a transformer is asked to rank."""
    if collection.queries[0]["set"] in OWN_TEXTS:
        return collection
    keep = {key for query in collection.queries for key in judgements[query["qid"]]}
    for table in tables:
        best = np.argpartition(-table, depth, axis=1)[:, :depth]
        keep.update(collection.ids[row] for row in np.unique(best))
    others = np.random.default_rng(0).choice(len(collection.ids), min(POOL_OTHERS, len(collection.ids)), replace=False)
    keep.update(collection.ids[row] for row in others)
    return collection.only(keep)


def restrict(table: Scores, whole: Collection, part: Collection) -> Scores:
    """The columns of the papers in `part`: scores stay those of the whole collection."""
    place = {key: column for column, key in enumerate(whole.ids)}
    return table[:, [place[key] for key in part.ids]]


def held_out(key: str) -> bool:
    """The rule of `training/train.py`: papers that the shipped encoder was not trained on."""
    return int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) % 100 < 2


def titles_find_abstracts(collection: Collection, encoder: Encoder) -> str:
    """How often a title's own abstract is the nearest, or among the ten nearest, of 4,000 held-out papers."""
    rows = [row for row, key in enumerate(collection.ids) if held_out(key)][:4_000]
    titles = encoder.encode([collection.titles[row] for row in rows])
    abstracts = encoder.encode([collection.abstracts[row] for row in rows])
    near = titles @ abstracts.T
    better = (near > near.diagonal()[:, None]).sum(axis=1)
    first, ten = (better < 1).mean(), (better < 10).mean()
    return f"title to abstract among {len(rows)} held out: recall@1 {first:.3f}, @10 {ten:.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--pages", type=Path, default=Path("../shared/pages"), help="folder of the saved pages")
    parser.add_argument("--model", type=Path, help="folder of another static model")
    parser.add_argument("--transformer", help="a sentence-transformers model to compare with: its name or folder")
    parser.add_argument("--cache", type=Path, help="folder to keep the transformer's vectors in")
    parser.add_argument("--pool-depth", type=int, default=POOL_DEPTH, help="results of each search that join the pool")
    parser.add_argument("--share", type=float, default=MEANING_SHARE, help="the weight w of meaning in `convex`")
    parser.add_argument("--engine", type=Path, help="measure our own engine too; its indexes are kept in this folder")
    options = parser.parse_args()
    encoder = StaticEncoder.load(options.model)
    peer: Encoder | None = None
    if options.transformer:
        peer = TransformerEncoder.load(options.transformer)
        peer = CachedEncoder(peer, options.cache) if options.cache else peer
    figures = Figures()
    collections, judgements = read(options.data)
    if options.pages.exists():
        ask_for_pages(collections[0], judgements, read_pages(options.pages), whole=not peer)
    for collection in collections:
        started = time.monotonic()
        words, near = bm25(collection), meaning(collection, encoder)
        own = {}
        if options.engine:
            own = own_engine(collection, options.engine / collection.queries[0]["set"], encoder)
        asked = collection
        if peer:
            asked = pool(collection, judgements, (words, near), options.pool_depth)
            words, near = (restrict(table, collection, asked) for table in (words, near))
            own = {name: restrict(table, collection, asked) for name, table in own.items()}
        tables = {"bm25s": words, "encoder": near, "rrf": rrf(words, near)}
        tables["convex"] = convex(words, near, options.share)
        tables |= own
        if peer:
            other = meaning(asked, peer, plain=True)
            tables |= {"transformer": other, "rrf transformer": rrf(words, other)}
            tables["convex transformer"] = convex(words, other, options.share)
        measure(asked, tables, judgements, figures)
        print(f"{len(asked.ids)} papers, {len(asked.queries)} queries: {time.monotonic() - started:.0f} s", flush=True)
    report(figures)
    print(f"\n{encoder.name}: {titles_find_abstracts(collections[0], encoder)}")


if __name__ == "__main__":
    main()
