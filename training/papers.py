"""The papers to learn from, their vocabulary, and their texts as tokens."""

import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np
import zstandard
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from broadsheet.search.encoder import hashed, words
from recipe import Recipe

FILES = ("arxiv_to_2019.jsonl.zst", "papers_ml.jsonl.zst")
UNKNOWN = "[UNK]"


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

    def __init__(self, tokenizer: Tokenizer, buckets: int) -> None:
        super().__init__()
        self.tokenizer, self.buckets = tokenizer, buckets
        self.words = tokenizer.get_vocab().keys()
        self.unknown = tokenizer.token_to_id(UNKNOWN)

    def __missing__(self, word: str) -> list[int]:
        numbers = [number for number in self.tokenizer.encode(word).ids if number != self.unknown]
        if word not in self.words:
            numbers += hashed(word, len(self.words), self.buckets)
        self[word] = numbers
        return numbers

    def split(self, text: str) -> np.ndarray:
        return np.array(list(chain.from_iterable(map(self.__getitem__, words(text)))), dtype=np.int32)


@dataclass
class Corpus:
    """All tokens in one array: paper i is tokens[start[i]:start[i + 1]], its first titles[i] tokens the title.

    `papers[i]` is its place among the papers; those with too little text are left out.
    """

    tokens: np.ndarray
    start: np.ndarray
    titles: np.ndarray
    papers: np.ndarray
    size: int  # of the vocabulary, with the rows of hashed words
    frequency: np.ndarray  # each token's share of all tokens

    @classmethod
    def of(cls, papers: Sequence[Paper], tokenizer: Tokenizer, buckets: int) -> "Corpus":
        splitter = Splitter(tokenizer, buckets)
        parts, titles, sizes, kept = [], [], [], []
        for place, paper in enumerate(papers):
            first, rest = splitter.split(paper.title), splitter.split(paper.abstract)
            if len(first) >= 2 and len(rest) >= 20:
                parts += [first, rest]
                titles.append(len(first))
                sizes.append(len(first) + len(rest))
                kept.append(place)
        start, tokens = np.concatenate([[0], np.cumsum(sizes)]), np.concatenate(parts)
        counts = np.bincount(tokens, minlength=tokenizer.get_vocab_size() + buckets)
        return cls(tokens, start, np.array(titles), np.array(kept), len(counts), counts / counts.sum())
