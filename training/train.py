"""Trains the static encoder that ships with Broadsheet, from titles and abstracts alone.

    python training/train.py --data ../shared/data --out src/broadsheet/search/model --seed 0 [--sample N]

The steps, in the order of `main`: read the papers, leave out those held out; make a vocabulary of whole
words and word pieces; learn one vector per token so that a title, a fragment of an abstract or a few
words of a title lie near their own paper and far from the others of the batch; round to int8; write.

Needs the `train` extra (PyTorch). `training/README.md` says what was tried and what it gave.
"""

import argparse
import hashlib
import io
import json
import queue
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - its usual name
import zstandard
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from broadsheet.search.encoder import MODEL_FILES, words

FILES = ("arxiv_to_2019.jsonl.zst", "papers_ml.jsonl.zst")
UNKNOWN = "[UNK]"


@dataclass(frozen=True)
class Recipe:
    """Every number of the recipe. `training/README.md` has the table that they were chosen by."""

    tokens: int = 40_000
    pieces: int = 8_000
    biology: int = 3  # how many times more a word of a biology paper counts for a place in the vocabulary
    dimensions: int = 256
    batch: int = 2_048
    epochs: float = 5.0
    least_steps: int = 300  # a sample is read more often
    rate: float = 0.02
    temperature: float = 0.05
    fragments: float = 0.3
    keywords: float = 0.2
    shortest_fragment: int = 6
    longest_fragment: int = 40
    sif: float = 1e-3
    spread: float = 0.1
    unit: int = 16  # what a token that stands once counts for in the table of saturation


# --- papers ---------------------------------------------------------------------------------------


def held_out(key: str) -> bool:
    """Two in a hundred papers, by the hash of their id, are never trained on: recall is measured among them."""
    return int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) % 100 < 2


def judged(data: Path) -> set[str]:
    """The ids that the development judgements name: left out too, so that their figures are not flattered."""
    with (data / "judgements_dev" / "qrels.jsonl").open(encoding="utf-8") as lines:
        return {json.loads(line)["id"] for line in lines}


class Paper(NamedTuple):
    """What is learned from."""

    title: str
    abstract: str
    biology: bool


def read_papers(data: Path) -> Iterator[tuple[str, Paper]]:
    """Every paper once, with its id."""
    seen: set[str] = set()
    for name in FILES:
        with (data / name).open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream:
            for line in io.TextIOWrapper(stream, encoding="utf-8"):
                record = json.loads(line)
                if record["id"] not in seen:
                    seen.add(record["id"])
                    biology = any(category.startswith("q-bio") for category in record["categories"] or ())
                    yield record["id"], Paper(record["title"], record["abstract"], biology)


def training_papers(data: Path, sample: int | None, seed: int) -> list[Paper]:
    """The papers to learn from, or a sample of them."""
    left_out = judged(data)
    papers = [paper for key, paper in read_papers(data) if key not in left_out and not held_out(key)]
    if sample is not None and sample < len(papers):
        chosen = np.random.default_rng(seed).choice(len(papers), sample, replace=False)
        papers = [papers[i] for i in np.sort(chosen)]
    return papers


# --- vocabulary -----------------------------------------------------------------------------------


def make_tokenizer(papers: Sequence[Paper], recipe: Recipe) -> Tokenizer:
    """The most frequent words whole, and WordPiece pieces learned from all other words.

    Frequent words need no pieces of their own, so the pieces are learned where they are needed. There are
    few biology papers; their words count more for a place, so that claims of medicine are read better.
    """
    counts: Counter[str] = Counter()
    places: Counter[str] = Counter()
    for paper in papers:
        found = words(f"{paper.title} {paper.abstract}")
        counts.update(found)
        if paper.biology:
            places.update(found)
    wanted = {word: count + recipe.biology * places[word] for word, count in counts.items() if len(word) <= 24}
    ranked = sorted(wanted, key=lambda word: (-wanted[word], word))
    ranked = [w for w in ranked if not (w.isdigit() and len(w) > 4)]
    whole = ranked[: recipe.tokens - recipe.pieces]
    known = set(whole)
    rest = ((w, n) for w, n in counts.items() if w not in known and n >= 2 and len(w) <= 40)
    learner = Tokenizer(models.WordPiece(unk_token=UNKNOWN))
    learner.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    trainer = trainers.WordPieceTrainer(
        vocab_size=recipe.pieces, special_tokens=[UNKNOWN], limit_alphabet=200, show_progress=False
    )
    learner.train_from_iterator((" ".join([w] * min(n, 20)) for w, n in rest), trainer)
    learned = sorted(learner.get_vocab().items(), key=lambda item: item[1])
    # A learned piece may also be a frequent word: the next words take the places that are left.
    names = list(dict.fromkeys(chain((piece for piece, _ in learned), ranked)))[: recipe.tokens]
    vocabulary = {name: number for number, name in enumerate(names)}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token=UNKNOWN, max_input_chars_per_word=64))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return tokenizer


class Splitter(dict[str, list[int]]):
    """Word -> token numbers, remembered: as `encoder.py` splits, without its bounds."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        super().__init__()
        self.tokenizer = tokenizer
        self.unknown = tokenizer.token_to_id(UNKNOWN)

    def __missing__(self, word: str) -> list[int]:
        numbers = [number for number in self.tokenizer.encode(word).ids if number != self.unknown]
        self[word] = numbers
        return numbers

    def split(self, text: str) -> np.ndarray:
        return np.array(list(chain.from_iterable(map(self.__getitem__, words(text)))), dtype=np.int32)


@dataclass
class Corpus:
    """All tokens in one array: paper i is tokens[start[i]:start[i + 1]], its first titles[i] tokens the title."""

    tokens: np.ndarray
    start: np.ndarray
    titles: np.ndarray
    size: int  # of the vocabulary
    frequency: np.ndarray  # each token's share of all tokens

    @classmethod
    def of(cls, papers: Sequence[Paper], tokenizer: Tokenizer) -> "Corpus":
        splitter = Splitter(tokenizer)
        parts, titles, sizes = [], [], []
        for paper in papers:
            first, rest = splitter.split(paper.title), splitter.split(paper.abstract)
            if len(first) >= 2 and len(rest) >= 20:
                parts += [first, rest]
                titles.append(len(first))
                sizes.append(len(first) + len(rest))
        start, tokens = np.concatenate([[0], np.cumsum(sizes)]), np.concatenate(parts)
        counts = np.bincount(tokens, minlength=tokenizer.get_vocab_size())
        return cls(tokens, start, np.array(titles), len(counts), counts / counts.sum())


# --- pairs ----------------------------------------------------------------------------------------


@dataclass
class Bags:
    """A batch of texts as bags of tokens, with the weight of each; and the same turned round, token by token."""

    tokens: torch.Tensor
    text_start: torch.Tensor
    weights: torch.Tensor
    texts: torch.Tensor
    token_start: torch.Tensor
    turned_weights: torch.Tensor

    @classmethod
    def of(cls, text: np.ndarray, token: np.ndarray, count: int, size: int) -> "Bags":
        cells, repeats = np.unique(text.astype(np.int64) * size + token, return_counts=True)
        weights = (1 + np.log(repeats)).astype(np.float32)
        rows, columns = cells // size, cells % size
        turned = np.argsort(columns, kind="stable")
        as_tensor = torch.from_numpy
        return cls(
            as_tensor(columns),
            as_tensor(np.searchsorted(rows, np.arange(count))),
            as_tensor(weights),
            as_tensor(rows[turned]),
            as_tensor(np.searchsorted(columns[turned], np.arange(size))),
            as_tensor(weights[turned]),
        )


def spans(start: np.ndarray, length: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The positions start[i] ... start[i] + length[i] - 1 of every i in one array, and the i of each."""
    owner = np.repeat(np.arange(len(length)), length)
    first = np.cumsum(length) - length
    return np.arange(length.sum()) - first[owner] + start[owner], owner


def make_pairs(corpus: Corpus, chosen: np.ndarray, recipe: Recipe, rng: np.random.Generator) -> tuple[Bags, Bags]:
    """One query and one document for each chosen paper. A query is one of

    - its title; the document is the abstract;
    - a fragment of its abstract; the document is the title and the rest of the abstract;
    - a few words of its title, rare ones rather than common ones; the document is the abstract.
    """
    count = len(chosen)
    start, title = corpus.start[chosen], corpus.titles[chosen]
    body = corpus.start[chosen + 1] - start - title
    kind = rng.random(count)
    is_fragment = kind < recipe.fragments
    is_keywords = (kind >= recipe.fragments) & (kind < recipe.fragments + recipe.keywords)

    length = np.minimum(rng.integers(recipe.shortest_fragment, recipe.longest_fragment + 1, count), body // 2)
    first = title + (rng.random(count) * (body - length)).astype(np.int64)
    query_at, query_of = spans(np.where(is_fragment, start + first, start), np.where(is_fragment, length, title))
    query_tokens = corpus.tokens[query_at]
    rarity = np.sqrt(np.minimum(1, 1e-3 / np.maximum(corpus.frequency[query_tokens], 1e-9)))
    share = np.where(rng.random(count) < 0.5, 0.35, 0.7)[query_of]
    kept = ~is_keywords[query_of] | (rng.random(len(query_at)) < share * rarity)
    kept |= (np.bincount(query_of[kept], minlength=count) == 0)[query_of]

    document_at, document_of = spans(start, title + body)
    within = document_at - start[document_of]
    outside = (within < first[document_of]) | (within >= (first + length)[document_of])
    shown = np.where(is_fragment[document_of], outside, within >= title[document_of])
    return (
        Bags.of(query_of[kept], query_tokens[kept], count, corpus.size),
        Bags.of(document_of[shown], corpus.tokens[document_at[shown]], count, corpus.size),
    )


def batches(corpus: Corpus, recipe: Recipe, steps: int, seed: int) -> Iterator[tuple[Bags, Bags]]:
    """The pairs of every step, made in a thread of their own, a few ahead."""
    ready: queue.Queue[tuple[Bags, Bags]] = queue.Queue(maxsize=3)

    def fill() -> None:
        rng = np.random.default_rng(seed)
        papers = len(corpus.titles)
        size = min(recipe.batch, papers)
        order = np.empty(0, dtype=np.int64)
        for _ in range(steps):
            if len(order) < size:
                order = rng.permutation(papers)
            chosen, order = order[:size], order[size:]
            ready.put(make_pairs(corpus, chosen, recipe, rng))

    threading.Thread(target=fill, daemon=True).start()
    for _ in range(steps):
        yield ready.get()


# --- learning -------------------------------------------------------------------------------------


class Pool(torch.autograd.Function):
    """Weighted sums of rows. The gradient is the same sum turned round, ten times faster than PyTorch's own."""

    @staticmethod
    def forward(context: Any, table: torch.Tensor, bags: Bags) -> torch.Tensor:
        context.bags = bags
        return F.embedding_bag(bags.tokens, table, bags.text_start, mode="sum", per_sample_weights=bags.weights)

    @staticmethod
    def backward(context: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor, None]:
        bags = context.bags
        gradient = gradients[0].contiguous()
        return F.embedding_bag(
            bags.texts, gradient, bags.token_start, mode="sum", per_sample_weights=bags.turned_weights
        ), None


def info_nce(queries: torch.Tensor, documents: torch.Tensor, temperature: float) -> torch.Tensor:
    """Each query must find its document among the batch, and each document its query: both cross entropies.

    A cosine is at most 1, so that one table of exponentials serves rows and columns without overflow.
    """
    near = F.normalize(queries, dim=1) @ F.normalize(documents, dim=1).T / temperature
    powers = (near - 1 / temperature).exp()
    either = (powers.sum(dim=1).log() + powers.sum(dim=0).log()) / 2 + 1 / temperature
    return (either - near.diagonal()).mean()


def learn(corpus: Corpus, recipe: Recipe, seed: int) -> np.ndarray:
    """One vector per token."""
    torch.manual_seed(seed)
    weight = recipe.sif / (recipe.sif + corpus.frequency)
    table = torch.randn(corpus.size, recipe.dimensions) * recipe.spread * torch.from_numpy(weight).float()[:, None]
    table.requires_grad_()
    steps = max(recipe.least_steps, round(recipe.epochs * len(corpus.titles) / recipe.batch))
    optimiser = torch.optim.Adam([table], lr=recipe.rate, betas=(0.9, 0.98), fused=True)
    started = time.monotonic()
    for step, (queries, documents) in enumerate(batches(corpus, recipe, steps, seed)):
        warm, left = (step + 1) / (0.05 * steps + 1), 1 - step / steps
        optimiser.param_groups[0]["lr"] = recipe.rate * min(1, warm) * max(0.02, left)
        loss = info_nce(Pool.apply(table, queries), Pool.apply(table, documents), recipe.temperature)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if step % 50 == 0 or step == steps - 1:
            print(f"step {step + 1} of {steps}, loss {loss.item():.3f}, {time.monotonic() - started:.0f} s", flush=True)
    return table.detach().numpy()


# --- writing --------------------------------------------------------------------------------------


def write(folder: Path, tokenizer: Tokenizer, table: np.ndarray, recipe: Recipe, facts: dict[str, Any]) -> None:
    """The table as int8 with one scale per dimension, the vocabulary, and a card with the hashes of both."""
    folder.mkdir(parents=True, exist_ok=True)
    # The longest thousandth of each dimension is cut off: a finer grid for all the rest.
    scale = (np.quantile(np.abs(table), 0.9995, axis=0) / 127).astype(np.float32)
    rows = np.clip(np.rint(table / scale), -127, 127).astype(np.int8)
    saturation = np.rint(recipe.unit * (1 + np.log(np.maximum(np.arange(64), 1))))
    saturation[0] = 0
    np.savez(folder / "weights.npz", rows=rows, scale=scale, saturation=saturation.astype(np.uint8))
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    hashes = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in MODEL_FILES}
    card = facts | {"dimensions": recipe.dimensions, "sha256": hashes}
    (folder / "model.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the papers and judgements")
    parser.add_argument("--out", type=Path, required=True, help="folder to write the model to")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--sample", type=int, help="train on so many papers only")
    parser.add_argument("--name", default="broadsheet-static-1")
    for field in fields(Recipe):
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=type(field.default), default=field.default)
    options = vars(parser.parse_args())
    recipe = Recipe(**{field.name: options[field.name] for field in fields(Recipe)})
    papers = training_papers(options["data"], options["sample"], options["seed"])
    print(f"{len(papers)} papers to learn from", flush=True)
    tokenizer = make_tokenizer(papers, recipe)
    corpus = Corpus.of(papers, tokenizer)
    print(f"{corpus.size} tokens in the vocabulary, {len(corpus.tokens)} in the texts", flush=True)
    table = learn(corpus, recipe, options["seed"])
    facts = {"name": options["name"], "papers": len(papers), "seed": options["seed"]}
    write(options["out"], tokenizer, table, recipe, facts)


if __name__ == "__main__":
    main()
