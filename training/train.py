"""Trains the static encoder that ships with Broadsheet, from titles and abstracts alone.

    python training/train.py --data ../shared/data --out src/broadsheet/search/model --seed 0 [--sample N]

The steps, in the order of `main`: read the papers, leave out those held out; make a vocabulary of whole
words and word pieces; learn one vector per token so that a title, a fragment of an abstract or a few words of a
title lie near their own paper and far from the others of the batch. Once more with a teacher, a larger model: from its
vectors of the words, and so that the other papers of a batch lie as near as it finds their titles alike. Join
both tables; round to int8; write.

Needs the `train` extra (PyTorch, sentence-transformers). `--teacher none`, or a teacher that cannot be had, leaves
out what is learned from it. `training/README.md` says what was tried and what it gave.
"""

import argparse
import hashlib
import json
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - its usual name
from tokenizers import Tokenizer

from broadsheet.search.encoder import MODEL_FILES
from pairs import Bags, batches, spans
from papers import Corpus, Paper, make_tokenizer, training_papers
from recipe import Recipe
from teacher import Teacher, Vectors

# --- the teacher ----------------------------------------------------------------------------------


@dataclass
class Taught:
    """What the teacher said: its vectors of the vocabulary, and of the titles of some papers of the corpus."""

    words: Vectors | None = None
    titles: Vectors | None = None
    row: np.ndarray | None = None  # paper of the corpus -> its row in `titles`, or -1

    @classmethod
    def by(cls, teacher: Teacher, papers: Sequence[Paper], corpus: Corpus, tokenizer: Tokenizer, most: int) -> "Taught":
        """Asks the teacher. The titles that it reads are the same, and in the same order, whenever the papers are."""
        vocabulary = tokenizer.get_vocab()
        pieces = [token.removeprefix("##") for token in sorted(vocabulary, key=lambda token: vocabulary[token])]
        places = list(range(len(papers)))
        random.Random(0).shuffle(places)
        row = np.full(len(papers), -1)
        row[places[:most]] = np.arange(len(places[:most]))
        titles = [papers[place].title for place in places[:most]]
        return cls(teacher.vectors(pieces, "words"), teacher.vectors(titles, "titles"), row[corpus.papers])

    def shelf(self, shelf: np.ndarray) -> np.ndarray:
        """The papers of a shelf whose titles were read."""
        return shelf if self.row is None else shelf[self.row[shelf] >= 0]

    def of(self, papers: np.ndarray) -> np.ndarray | None:
        """The vectors of these papers' titles, if all of them were read."""
        if self.row is None or self.titles is None or (self.row[papers] < 0).any():
            return None
        return self.titles[self.row[papers]].astype(np.float32)


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


def info_nce(near: torch.Tensor, temperature: float) -> torch.Tensor:
    """Each query must find its document among the batch, and each document its query: both cross entropies.

    `near` holds cosines. A cosine is at most 1, so one table of exponentials serves rows and columns without overflow.
    """
    powers = ((near - 1) / temperature).exp()
    either = (powers.sum(dim=1).log() + powers.sum(dim=0).log()) / 2 + 1 / temperature
    return (either - near.diagonal() / temperature).mean()


def as_taught(near: torch.Tensor, titles: torch.Tensor, likeness: float) -> torch.Tensor:
    """How far the batch's order of other papers is from the teacher's order of their titles: cross entropies.

    The teacher's cosines of titles make a distribution over the other papers of the batch; so do our cosines of
    query and document, by rows and by columns (the relations of a batch are what is distilled: Park and others 2019).
    """
    own = torch.eye(len(near), dtype=torch.bool)
    wanted = ((titles @ titles.T) / likeness).masked_fill(own, -1e4).softmax(dim=1)
    ours = (near / likeness).masked_fill(own, -1e4)
    rows, columns = F.log_softmax(ours, dim=1), F.log_softmax(ours, dim=0)
    return -((wanted * rows).sum(dim=1) + (wanted.T * columns).sum(dim=0)).mean() / 2


def starting_table(corpus: Corpus, recipe: Recipe, dimensions: int, taught: Taught) -> torch.Tensor:
    """The teacher's vectors of the words in their main directions, or chance; lengths by SIF either way."""
    table = torch.randn(corpus.size, dimensions)
    if taught.words is not None:
        known = torch.from_numpy(taught.words.astype(np.float32))
        known -= known.mean(dim=0)
        known = known @ main_directions(known, dimensions)
        table[: len(known), : known.shape[1]] = known / known.square().mean().sqrt()
    weight = recipe.sif / (recipe.sif + corpus.frequency)
    return table * recipe.spread * torch.from_numpy(weight).float()[:, None]


def main_directions(rows: torch.Tensor, most: int) -> torch.Tensor:
    """The principal directions of rows, turned by chance: no dimension is better, for an index keeps their signs."""
    directions = torch.linalg.eigh(rows.T @ rows).eigenvectors.flip(1)[:, :most]
    kept = directions.shape[1]
    return directions @ torch.linalg.qr(torch.randn(kept, kept)).Q


def learn(
    corpus: Corpus, shelf: np.ndarray, recipe: Recipe, *, epochs: float, dimensions: int, taught: Taught
) -> torch.Tensor:
    """One vector per token, from the papers of a shelf; those whose titles the teacher read come every other time."""
    table = starting_table(corpus, recipe, dimensions, taught).requires_grad_()
    steps = max(recipe.least_steps, round(epochs * len(shelf) / recipe.batch))
    optimiser = torch.optim.Adam([table], lr=recipe.rate, betas=(0.9, 0.98), fused=True)
    shelves = [taught.shelf(shelf), shelf] if taught.titles is not None else [shelf]
    started = time.monotonic()
    for step, batch in enumerate(batches(corpus, shelves, recipe, steps, torch.initial_seed())):
        warm, left = (step + 1) / (0.05 * steps + 1), 1 - step / steps
        optimiser.param_groups[0]["lr"] = recipe.rate * min(1, warm) * max(0.02, left)
        queries = F.normalize(Pool.apply(table, batch.queries), dim=1)
        documents = F.normalize(Pool.apply(table, batch.documents), dim=1)
        near = queries @ documents.T
        loss = info_nce(near, recipe.temperature)
        if (titles := taught.of(batch.papers)) is not None:
            loss = loss + recipe.teaching * as_taught(near, torch.from_numpy(titles), recipe.likeness)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if step % 50 == 0 or step == steps - 1:
            print(f"step {step + 1} of {steps}, loss {loss.item():.3f}, {time.monotonic() - started:.0f} s", flush=True)
    return table.detach()


def joined(corpus: Corpus, tables: Sequence[torch.Tensor], recipe: Recipe) -> np.ndarray:
    """Tables side by side, so that a text's cosine is of all of them alike, in their main directions.

    The directions are those of the words, not of texts: rare words count as much as frequent ones and stay apart.
    """
    some = np.arange(min(2_000, len(corpus.papers)))
    at, owner = spans(corpus.start[some], np.diff(corpus.start)[some])
    bags = Bags.of(owner, corpus.tokens[at], len(some), corpus.size)
    whole = torch.cat([table / Pool.apply(table, bags).norm(dim=1).mean() for table in tables], dim=1)
    tokens = corpus.size - recipe.buckets
    return (whole @ main_directions(whole[:tokens], recipe.dimensions)).numpy()


# --- writing --------------------------------------------------------------------------------------


def write(folder: Path, tokenizer: Tokenizer, table: np.ndarray, recipe: Recipe, facts: dict[str, Any]) -> None:
    """The table as int8 with one scale per dimension, the vocabulary, and a card with the hashes of both."""
    folder.mkdir(parents=True, exist_ok=True)
    scale = (np.quantile(np.abs(table), 0.9995, axis=0) / recipe.levels).astype(np.float32)
    rows = np.clip(np.rint(table / scale), -127, 127).astype(np.int8)
    saturation = np.rint(recipe.unit * (1 + np.log(np.maximum(np.arange(64), 1))))
    saturation[0] = 0
    np.savez_compressed(folder / "weights.npz", rows=rows, scale=scale, saturation=saturation.astype(np.uint8))
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
    parser.add_argument("--name", default="broadsheet-static-2")
    parser.add_argument("--teacher", default="sentence-transformers/all-MiniLM-L6-v2", help="name, folder, or `none`")
    parser.add_argument("--cache", type=Path, default=Path("teacher-cache"), help="folder for what the teacher said")
    for field in fields(Recipe):
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=type(field.default), default=field.default)
    options = vars(parser.parse_args())
    recipe = Recipe(**{field.name: options[field.name] for field in fields(Recipe)})
    papers = training_papers(options["data"], options["sample"], options["seed"])
    print(f"{len(papers)} papers to learn from", flush=True)
    tokenizer = make_tokenizer(papers, recipe)
    corpus = Corpus.of(papers, tokenizer, recipe.buckets)
    print(f"{corpus.size} tokens in the vocabulary, {len(corpus.tokens)} in the texts", flush=True)
    torch.manual_seed(options["seed"])
    everyone = np.arange(len(corpus.papers))
    tables = [learn(corpus, everyone, recipe, epochs=recipe.epochs, dimensions=recipe.dimensions, taught=Taught())]
    teacher = None if options["teacher"] == "none" else Teacher.load(options["teacher"], options["cache"])
    if teacher:
        taught = Taught.by(teacher, papers, corpus, tokenizer, recipe.taught_titles)
        biology = np.array([papers[place].biology for place in corpus.papers])
        shelf = np.repeat(everyone, np.where(biology, recipe.repeats, 1))
        epochs, dimensions = recipe.taught_epochs, recipe.taught_dimensions
        tables.append(learn(corpus, shelf, recipe, epochs=epochs, dimensions=dimensions, taught=taught))
    table = joined(corpus, tables, recipe)
    facts = {"name": options["name"], "papers": len(papers), "seed": options["seed"]}
    facts |= {"teacher": Path(options["teacher"]).name if teacher else "none"}
    write(options["out"], tokenizer, table, recipe, facts)


if __name__ == "__main__":
    main()
