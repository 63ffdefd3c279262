"""Trains the automatic editor that ships with Broadsheet, from which papers people put on a daily list.

    OPENBLAS_NUM_THREADS=1 python training/editor.py --data ../shared/data

A minute on one core (with more threads it takes longer: the products are small), numpy alone. With
`--until 2026-06-28` nothing of a later day is used: that is how `benchmarks/editor.py` measures. Run it again whenever
the shipped encoder changes. The steps, in the order of `train`: read the papers of each day and which of them were
listed; describe each as the editor will see it, authors with their record as it stood then; fit; set the scores to
probabilities; keep the names that were listed more than once.

`training/EDITOR.md` says what was tried, what it gave, and what the model cannot do.
"""

import argparse
import bisect
import gzip
import io
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import zstandard

from broadsheet.ranking.editor import features
from broadsheet.ranking.editor.authors import author_keys, name_hash, share, standing
from broadsheet.ranking.editor.model import SHIPPED
from broadsheet.ranking.editor.network import Network
from broadsheet.search.encoder import StaticEncoder, paper_vectors
from broadsheet.types import Author, Paper

FEED = "hf-daily"
DENSE = "2026-06-29"  # from here on the pool holds nearly all machine learning papers of a day, before it a sample
LATE = 60  # days before the end whose papers stand for a usual day, where none is dense
UNTOLD = 7  # days before the end: of their papers some will still be listed
THINNED = 4  # by about so much is the pool denser


@dataclass(frozen=True)
class Recipe:
    """Every number of the recipe. `training/EDITOR.md` tells how they were chosen."""

    half_life: float = 270.0  # days after which an example counts half
    hidden: int = 24
    members: int = 4
    epochs: int = 8
    batch: int = 256
    rate: float = 0.002
    decay: float = 0.3  # of the line and the hidden layer, for each unit of rate
    dropped: float = 0.2  # the share of inputs that are left out at random while learning
    votes: float = 0.3  # how much more a listed paper counts for each unit of ln(1 + votes)
    earliest: int = -3  # a listing may come this many days after the announcement (a negative number: before)
    latest: int = 21
    fresh: float = 0.7  # the share of examples whose authors' record is as it stood on the day
    stalest: int = 200  # others have one that is up to so many days old, as a shipped file has
    fewest_listings: int = 2  # of a name that the file keeps
    proof: int = 8  # dense days that a first fit does not see; their lists set the scores to probabilities
    base_rate: float = 0.04  # listed papers of a day's pool, where there are no dense days to measure it


# --- examples -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Example:
    """A paper on the day it was announced, whether people listed it soon after, and the votes it had that morning."""

    paper: Paper
    day: int
    listed: bool
    votes: int


@dataclass(frozen=True)
class Listing:
    """A paper's place on a daily list."""

    day: int
    votes: int


def ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def read_listings(data: Path, until: int) -> dict[str, Listing]:
    """The first listing of each paper, by arXiv id."""
    found: dict[str, Listing] = {}
    with gzip.open(data / "daily_editions.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in map(json.loads, lines):
            if line["feed"] == FEED and ordinal(line["date"]) <= until:
                found.setdefault(line["id"], Listing(ordinal(line["date"]), line.get("upvotes") or 0))
    return found


def read_pool(data: Path, until: int) -> Iterator[tuple[Paper, int]]:
    """The papers that daily crawlers saw, with the day. All have authors and categories: what a source leaves out
    would tell listed papers from others, because many listed ones come from a source of their own."""
    with (
        (data / "papers_ml.jsonl.zst").open("rb") as file,
        zstandard.ZstdDecompressor().stream_reader(file) as stream,
    ):
        for line in io.TextIOWrapper(stream, encoding="utf-8"):
            record = json.loads(line)
            if record["authors"] and record["categories"] and (record.get("announced") or "9") <= "8":
                day = ordinal(record["announced"])
                if day <= until:
                    yield as_paper(record), day


def as_paper(record: Mapping[str, Any]) -> Paper:
    return Paper(
        id=record["id"],
        title=record["title"],
        abstract=record["abstract"],
        authors=tuple(Author(name) for name in record.get("authors") or ()),
        categories=tuple(record.get("categories") or ()),
        announced=record.get("announced"),
    )


def make_examples(pool: Sequence[tuple[Paper, int]], listings: Mapping[str, Listing], recipe: Recipe) -> list[Example]:
    """Who was listed and who was not. Most papers are listed on the day they are announced, so a day whose list is
    missing says nothing of the papers that were not seen on another one: they are left out."""
    list_days = {listing.day for listing in listings.values()}
    examples = []
    for paper, day in pool:
        listing = listings.get(paper.id)
        if listing is None:
            if day in list_days:
                examples.append(Example(paper, day, listed=False, votes=0))
        elif recipe.earliest <= listing.day - day <= recipe.latest:
            examples.append(Example(paper, day, listed=True, votes=listing.votes))
    return examples


# --- authors --------------------------------------------------------------------------------------


class Past:
    """On which days each name was listed, and on which it stood over any paper of the pool."""

    def __init__(self, pool: Sequence[tuple[Paper, int]], listings: Mapping[str, Listing]) -> None:
        self.listed: dict[str, list[int]] = defaultdict(list)
        self.seen: dict[str, list[int]] = defaultdict(list)
        for paper, day in pool:
            listing = listings.get(paper.id)
            if not listing and day >= ordinal(DENSE) and name_hash(paper.id) % THINNED:
                continue  # else a name would seem to be over more papers since the pool is dense
            for key in author_keys(paper.authors):
                self.seen[key].append(day)
                if listing:
                    self.listed[key].append(listing.day)
        for days in (*self.listed.values(), *self.seen.values()):
            days.sort()

    def record(self, key: str, before: int) -> tuple[int, int]:
        """How often a name was listed, and how many papers it stood over, strictly before a day."""
        return (
            bisect.bisect_left(self.listed.get(key, ()), before),
            bisect.bisect_left(self.seen.get(key, ()), before),
        )

    def standings(self, paper: Paper, before: int) -> list[float]:
        records = (self.record(key, before) for key in author_keys(paper.authors))
        return [standing(listed, share(listed, papers)) for listed, papers in records]

    def names(self, before: int, fewest: int) -> dict[str, np.ndarray]:
        """What the file keeps: hash, count and share of each name that was listed at least `fewest` times."""
        kept: dict[int, tuple[int, float]] = {}
        for key in sorted(self.listed):
            listed, papers = self.record(key, before)
            if listed >= fewest:
                kept[name_hash(key)] = max(
                    kept.get(name_hash(key), (0, 0.0)), (min(listed, 255), share(listed, papers))
                )
        rows = [(number, *kept[number]) for number in sorted(kept)]
        columns = np.array(rows, dtype=np.float64).reshape(-1, 3)
        shares = np.rint(columns[:, 2] * 255)
        return {
            "hashes": columns[:, 0].astype(np.uint32),
            "counts": columns[:, 1].astype(np.uint8),
            "shares": shares.astype(np.uint8),
            "share": np.float32(np.median(shares) / 255 if len(shares) else 1),
        }


# --- learning -------------------------------------------------------------------------------------


def describe(examples: Sequence[Example], past: Past, encoder: StaticEncoder, recipe: Recipe) -> np.ndarray:
    """One row per example: vector and features, authors as they stood on the day or some time before it."""
    rng = np.random.default_rng(0)
    stale = rng.integers(1, recipe.stalest + 1, len(examples)) * (rng.random(len(examples)) >= recipe.fresh)
    papers = [example.paper for example in examples]
    vectors = paper_vectors(encoder, [paper.title for paper in papers], [paper.abstract or "" for paper in papers])
    standings = [
        past.standings(example.paper, example.day - int(days)) for example, days in zip(examples, stale, strict=True)
    ]
    return np.hstack([vectors, features.table(papers, standings)])


def importance(examples: Sequence[Example], recipe: Recipe) -> np.ndarray:
    """What each example counts: late ones more than early ones, voted ones more than others."""
    days = np.array([example.day for example in examples])
    votes = np.log1p([example.votes for example in examples])
    return 0.5 ** ((days.max() - days) / recipe.half_life) * (1 + recipe.votes * votes)


def fit(rows: np.ndarray, listed: np.ndarray, counts: np.ndarray, recipe: Recipe) -> Network:
    """The mean of a few networks that began elsewhere: one alone is better or worse than another by luck.

    Side by side their hidden layers are one network again.
    """
    usual, spread = np.nanmean(rows, axis=0), np.nanstd(rows, axis=0)
    spread[spread < 1e-6] = 1e6  # a column that never varies says nothing
    empty = np.zeros(0, dtype=np.float32)
    read = Network(usual, spread, empty, empty, empty, empty, 0.0).deviations(*_halves(rows))
    truth, shares = listed.astype(np.float32), (counts / counts.mean()).astype(np.float32)
    members = [fit_one(read, truth, shares, recipe, seed) for seed in range(recipe.members)]
    line, hidden, bias, top, intercept = (list(arrays) for arrays in zip(*members, strict=True))
    return Network(
        usual,
        spread,
        np.mean(line, axis=0),
        np.hstack(hidden),
        np.hstack(bias),
        np.hstack(top) / np.float32(recipe.members),
        float(np.mean(intercept)),
    )


def fit_one(
    read: np.ndarray, truth: np.ndarray, shares: np.ndarray, recipe: Recipe, seed: int
) -> tuple[np.ndarray, ...]:
    """Line, hidden layer, bias, top and intercept that tell listed papers from others.

    Logistic loss and Adam, inputs dropped at random. Weights decay beside the gradient and not through it (AdamW:
    Loshchilov and Hutter 2019).
    """
    rng = np.random.default_rng(seed)
    (count, inputs), size = read.shape, recipe.hidden
    state = (
        np.zeros(inputs, dtype=np.float32),
        (0.7 * rng.standard_normal((inputs, size)) / np.sqrt(inputs)).astype(np.float32),
        np.zeros(size, dtype=np.float32),
        (0.3 * rng.standard_normal(size) / np.sqrt(size)).astype(np.float32),
        np.full(1, -1.5, dtype=np.float32),
    )
    slopes, squares = ([np.zeros_like(array) for array in state] for _ in range(2))
    batch = min(recipe.batch, count)
    steps = recipe.epochs * (count // batch)
    for step in range(steps):
        if step % (count // batch) == 0:
            order = rng.permutation(count)
        chosen = order[(at := step % (count // batch) * batch) : at + batch]
        kept = rng.random((batch, inputs), dtype=np.float32) >= recipe.dropped
        given = read[chosen] * kept / np.float32(1 - recipe.dropped)
        rate = np.float32(recipe.rate * (1 - step / steps))
        for number, gradient in enumerate(gradients(given, truth[chosen], shares[chosen], state)):
            slopes[number] += 0.1 * (gradient - slopes[number])
            squares[number] += 0.001 * (gradient**2 - squares[number])
            mean, deviation = (
                slopes[number] / (1 - 0.9 ** (step + 1)),
                np.sqrt(squares[number] / (1 - 0.999 ** (step + 1))),
            )
            decay = np.float32(recipe.decay if number < 2 else 0)
            np.subtract(state[number], rate * (mean / (deviation + 1e-8) + decay * state[number]), out=state[number])
    return state


def gradients(
    given: np.ndarray, truth: np.ndarray, shares: np.ndarray, state: Sequence[np.ndarray]
) -> list[np.ndarray]:
    """Of the mean logistic loss of a batch, by line, hidden, bias, top and intercept."""
    line, hidden, bias, top, intercept = state
    bent = np.tanh(given @ hidden + bias)
    chance = 1 / (1 + np.exp(-(bent @ top + given @ line + intercept)))
    slope = (chance - truth) * shares / np.float32(len(truth))
    back = np.outer(slope, top) * (1 - bent**2)
    return [given.T @ slope, given.T @ back, back.sum(axis=0), bent.T @ slope, slope.sum(keepdims=True)]


def odds(network: Network, rows: np.ndarray) -> np.ndarray:
    return network.odds(network.deviations(*_halves(rows)))[0].astype(np.float64)


def _halves(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Vectors and features."""
    return rows[:, : -len(features.NAMES)], rows[:, -len(features.NAMES) :]


def calibrate(scores: np.ndarray, listed: np.ndarray) -> tuple[float, float]:
    """Slope and intercept that make probabilities of the logarithms of odds (Platt 1999, with his targets: a little
    less than sure, so that lists which the scores tell apart without an error have an answer too)."""
    slope, intercept = 1.0, 0.0
    yes = listed.sum()
    targets = np.where(listed, (yes + 1) / (yes + 2), 1 / (len(listed) - yes + 2))
    columns = np.stack([scores, np.ones_like(scores)], axis=1)
    for _ in range(200):
        chance = 1 / (1 + np.exp(-(slope * scores + intercept)))
        curve = (columns * (chance * (1 - chance))[:, None]).T @ columns + 1e-6 * np.eye(2)
        step = np.linalg.solve(curve, columns.T @ (targets - chance))
        step /= max(1, np.abs(step).max())  # far from the answer Newton's method would leap over it
        slope, intercept = slope + float(step[0]), intercept + float(step[1])
    return slope, intercept


def shift_to(rate: float, scores: np.ndarray) -> float:
    """The intercept with which the scores are `rate` on the mean."""
    low, high = -30.0, 30.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if np.mean(1 / (1 + np.exp(-(scores + middle)))) < rate else (low, middle)
    return low


# --- all together ---------------------------------------------------------------------------------


def train(data: Path, until: str, recipe: Recipe, encoder: StaticEncoder) -> dict[str, np.ndarray]:
    """The arrays of the model file."""
    last = ordinal(until)
    listings = read_listings(data, last)
    pool = list(read_pool(data, last))
    past = Past(pool, listings)
    examples = make_examples(pool, listings, recipe)
    listed = np.array([example.listed for example in examples])
    days = np.array([example.day for example in examples])
    rows = describe(examples, past, encoder, recipe)
    counts = importance(examples, recipe)
    network = fit(rows, listed, counts, recipe)
    slope, intercept = 1.0, 0.0
    told = np.unique(days[(days >= ordinal(DENSE)) & (days <= last - UNTOLD)])
    proof = np.isin(days, told[-recipe.proof :])
    if len(told) >= recipe.proof:
        blind = fit(rows[~proof], listed[~proof], counts[~proof], recipe)
        slope, intercept = calibrate(odds(blind, rows[proof]), listed[proof])
    else:
        late = ~listed & (days > last - LATE)
        intercept = shift_to(recipe.base_rate, odds(network, rows[late]))
    card = {
        "encoder": encoder.fingerprint,
        "features": features.NAMES,
        "until": until,
        "examples": len(examples),
        "listed": int(listed.sum()),
        "days": len(np.unique(days)),
        "first": date.fromordinal(int(days.min())).isoformat(),
        "last": date.fromordinal(int(days.max())).isoformat(),
        "recipe": asdict(recipe),
    }
    return {
        "usual": network.usual.astype(np.float32),
        "spread": network.spread.astype(np.float32),
        "line": (network.line * slope).astype(np.float32),
        "hidden": network.hidden.astype(np.float16),
        "bias": network.bias,
        "top": (network.top * slope).astype(np.float32),
        "intercept": np.float64(network.intercept * slope + intercept),
        **past.names(last + 1, recipe.fewest_listings),
        "card": np.array(json.dumps(card)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder of daily_editions.jsonl.gz and papers_ml")
    parser.add_argument("--out", type=Path, default=SHIPPED, help="the model file (default: the shipped one)")
    parser.add_argument("--until", default="2026-07-31", type=lambda day: date.fromisoformat(day).isoformat())
    for name, value in asdict(Recipe()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    given = vars(parser.parse_args())
    recipe = Recipe(**{name: given[name] for name in asdict(Recipe())})
    arrays = train(given["data"], given["until"], recipe, StaticEncoder.load())
    np.savez_compressed(given["out"], **arrays)
    card = json.loads(str(arrays["card"]))
    print(f"{card['examples']:,} papers of {card['days']} days, {card['listed']:,} of them listed;", end=" ")
    print(f"{len(arrays['hashes']):,} names; {given['out'].stat().st_size:,} bytes in {given['out']}")


if __name__ == "__main__":
    main()
