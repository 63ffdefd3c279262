"""Trains the automatic editor that ships with Broadsheet, from which papers people put on a daily list.

    python training/editor.py --data ../shared/data --out src/broadsheet/ranking/editor/editor.npz

One minute on one core, numpy alone, the same bytes every time. With `--until 2026-06-28` nothing of a later day is
used: that is how `benchmarks/editor.py` measures. Run it again whenever the shipped encoder changes. The steps, in the
order of `main`: read the papers of each day and which of them were listed; describe each as the editor will see it,
authors with their record as it stood then; fit; set the scores to probabilities; keep the names that were listed often.

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
from broadsheet.ranking.editor.model import SHIPPED, Weights
from broadsheet.search.encoder import StaticEncoder, paper_vectors
from broadsheet.types import Author, Paper

FEED = "hf-daily"
DENSE = "2026-06-29"  # from here on the pool holds nearly all machine learning papers of a day, before it a sample
THINNED = 4  # by about so much is the pool denser


@dataclass(frozen=True)
class Recipe:
    """Every number of the recipe. `training/EDITOR.md` tells how they were chosen."""

    half_life: float = 270.0  # days after which an example counts half
    ridge: float = 0.02  # per unit of weight
    votes: float = 0.3  # how much more a listed paper counts for each unit of ln(1 + votes)
    earliest: int = -3  # a listing may come this many days after the announcement (a negative number: before)
    latest: int = 21
    fresh: float = 0.7  # the share of examples whose authors' record is as it stood on the day
    stalest: int = 200  # others have one that is up to so many days old, as a shipped file has
    fewest_listings: int = 2  # of a name that the file keeps
    base_rate: float = 0.04  # listed papers of a day's pool, where no dense week is there to measure it


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


def fit(rows: np.ndarray, listed: np.ndarray, counts: np.ndarray, ridge: float) -> Weights:
    """Logistic regression with a ridge, by Newton's method, on columns of mean 0 and deviation 1."""
    usual = np.nanmean(rows, axis=0)
    spread = np.nanstd(rows, axis=0)
    spread[spread < 1e-6] = 1e6  # a column that never varies says nothing
    deviations = np.nan_to_num((rows - usual) / spread).astype(np.float64)
    columns = np.hstack([deviations, np.ones((len(rows), 1))])
    penalty = np.full(columns.shape[1], ridge * counts.sum())
    penalty[-1] = 0
    weights = np.zeros(columns.shape[1])
    for _ in range(12):
        chance = 1 / (1 + np.exp(-columns @ weights))
        slope = columns.T @ (counts * (listed - chance)) - penalty * weights
        curve = (columns * (counts * chance * (1 - chance))[:, None]).T @ columns + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        weights += step
        if np.abs(step).max() < 1e-6:
            break
    return Weights(usual, spread, weights[:-1].astype(np.float32), float(weights[-1]))


def odds(weights: Weights, rows: np.ndarray, dimensions: int) -> np.ndarray:
    parts = weights.contributions(rows[:, :dimensions], rows[:, dimensions:])
    return parts.sum(axis=1, dtype=np.float64) + weights.intercept


def calibrate(scores: np.ndarray, listed: np.ndarray) -> tuple[float, float]:
    """Slope and intercept that make probabilities of the logarithms of odds (Platt 1999)."""
    slope, intercept = 1.0, 0.0
    columns = np.stack([scores, np.ones_like(scores)], axis=1)
    for _ in range(50):
        chance = 1 / (1 + np.exp(-(slope * scores + intercept)))
        curve = (columns * (chance * (1 - chance))[:, None]).T @ columns + 1e-6 * np.eye(2)
        step = np.linalg.solve(curve, columns.T @ (listed - chance))
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
    weights = fit(rows, listed, importance(examples, recipe), recipe.ridge)
    scores = odds(weights, rows, encoder.dimensions)
    dense = days >= ordinal(DENSE)
    if len(np.unique(days[dense])) >= 5:
        slope, intercept = calibrate(scores[dense], listed[dense])
    else:
        slope, intercept = 1.0, shift_to(recipe.base_rate, scores[~listed])
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
        "usual": weights.usual.astype(np.float32),
        "spread": weights.spread.astype(np.float32),
        "weights": (weights.weights * slope).astype(np.float32),
        "intercept": np.float64(weights.intercept * slope + intercept),
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
    columns = arrays["weights"][-len(features.NAMES) :]
    for row in np.argsort(-np.abs(columns))[:25]:
        print(f"  {columns[row]:+.3f} {features.NAMES[row]}")


if __name__ == "__main__":
    main()
