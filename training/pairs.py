"""Pairs to learn from: a query and a document of each paper of a batch, as bags of tokens."""

import queue
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch

from papers import Corpus
from recipe import Recipe


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


class Batch(NamedTuple):
    """The papers of a step (places in the corpus), and a query and a document of each."""

    papers: np.ndarray
    queries: Bags
    documents: Bags


def batches(corpus: Corpus, shelves: Sequence[np.ndarray], recipe: Recipe, steps: int, seed: int) -> Iterator[Batch]:
    """The pairs of every step, made in a thread of their own, a few ahead. The shelves of papers take turns."""
    ready: queue.Queue[Batch] = queue.Queue(maxsize=3)

    def fill() -> None:
        rng = np.random.default_rng(seed)
        orders = [np.empty(0, dtype=np.int64) for _ in shelves]
        for step in range(steps):
            turn = step % len(shelves)
            size = min(recipe.batch, len(shelves[turn]))
            if len(orders[turn]) < size:
                orders[turn] = rng.permutation(shelves[turn])
            chosen, orders[turn] = orders[turn][:size], orders[turn][size:]
            ready.put(Batch(chosen, *make_pairs(corpus, chosen, recipe, rng)))

    threading.Thread(target=fill, daemon=True).start()
    for _ in range(steps):
        yield ready.get()
