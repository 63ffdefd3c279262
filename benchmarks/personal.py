"""How well "for me" finds what somebody chooses next, beside newest first, trending, and simpler rules of meaning.

    python benchmarks/personal.py --data ../shared/data

Nobody's reading is known, so readers are made of what is: the Hugging Face lists of 2024 to 2026, of which it is known
who put a paper there, who wrote it, and which keywords it was given there.

    submitters     people who put at least 8 papers on the lists; what they put there is what they chose. The nearest
                   there is to real readers, though few; those with more than 250 are left out, who choose for all
    authors        people with at least 8 papers on the lists; what they wrote is taken for what they chose
    topics         a keyword that at least 8 papers have: a reader of one subject
    three topics   three of these (8 to 60 papers each), drawn by chance: a reader of several subjects

The settings of the formula were chosen with the other half of these names (CRC-32 even); measured is the odd half. A
reader's week is one of the calendar, Monday to Sunday, in which they chose something: what they chose before it counts
as chosen (at least 3, the last 200 at most), and of all papers listed in it those they chose are to be found on Sunday.

    nDCG@10     gain 1 for each that they chose, over the first ten places
    found       the share of what they chose that is among the first ten
    likeness    the mean cosine of the first ten among themselves: low is varied

"for me" is the formula; "as shown" is with age and variety, as the page has it. "nearest" and "classifier" are its two
halves. "mean" is the nearest to the mean of what was chosen. "newest first" goes by day, and within it as listed;
"trending" by the votes of that morning. 95% intervals are bootstrapped over readers.
"""

import argparse
import json
import random
import time
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from broadsheet import ids
from broadsheet.ranking.personal import personal_order, suited
from broadsheet.search.encoder import StaticEncoder, paper_vectors
from corpus import DEFAULT, lines, machine

Rows = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Vectors = npt.NDArray[np.float32]
FEED, LEAST, MOST, WEEK, PLACES = "hf-daily", 8, 250, 7, 10
CHOSEN, SAMPLE, CASES, DRAWS = 200, 500, 1_500, 1_000


@dataclass
class Lists:
    """The listed papers by day: their vectors, days (ordinals), votes, and readers by kind and name."""

    vectors: Vectors
    days: Rows
    votes: Rows
    readers: dict[str, dict[str, list[int]]]


@dataclass
class Case:
    """A reader's week: what they chose before, the week's papers, and which of them they chose."""

    reader: str
    day: int
    chosen: Rows
    pool: Rows
    wanted: frozenset[int]


def read(data: Path) -> Lists:
    rows: dict[str, dict[str, Any]] = {}
    for line in map(json.loads, lines(data / "daily_editions.jsonl.gz")):
        if line["feed"] == FEED:
            rows[line["id"]] = {**line, **rows.get(line["id"], {})}
    texts = {one["id"]: one for one in map(json.loads, lines(data / "papers_ml.jsonl.zst")) if one["id"] in rows}
    keys = sorted(texts, key=lambda key: (rows[key]["date"], key))
    vectors = paper_vectors(
        StaticEncoder.load(), [texts[key]["title"] for key in keys], [texts[key]["abstract"] or "" for key in keys]
    )
    readers: dict[str, dict[str, list[int]]] = {kind: defaultdict(list) for kind in ("submitters", "authors", "topics")}
    for number, key in enumerate(keys):
        if name := rows[key].get("submitter"):
            readers["submitters"][name].append(number)
        for name in sorted({ids.author_key(author) for author in texts[key].get("authors") or ()}):
            readers["authors"][name].append(number)
        for name in sorted({word.lower() for word in rows[key].get("keywords") or ()}):
            readers["topics"][name].append(number)
    kept = {
        kind: {name: papers for name, papers in found.items() if LEAST <= len(papers) <= MOST and _is_odd(name)}
        for kind, found in readers.items()
    }
    chance, few = random.Random(1), [papers for papers in kept["topics"].values() if len(papers) <= 60]
    kept["three topics"] = {
        f"reader {number}": sorted({one for papers in chance.sample(few, 3) for one in papers}) for number in range(400)
    }
    days = np.array([date.fromisoformat(rows[key]["date"]).toordinal() for key in keys])
    return Lists(vectors, days, np.array([rows[key].get("upvotes") or 0 for key in keys]), kept)


def _is_odd(name: str) -> bool:
    return zlib.crc32(name.encode()) % 2 == 1


def cases(lists: Lists, kind: str) -> list[Case]:
    """The weeks of all readers of a kind; of more than 1,500, so many drawn by chance."""
    found = [case for name, papers in lists.readers[kind].items() for case in _weeks(lists, name, np.array(papers))]
    random.Random(1).shuffle(found)
    return found[:CASES]


def _weeks(lists: Lists, name: str, papers: Rows) -> Iterator[Case]:
    for day in np.unique(lists.days[papers] + -lists.days[papers] % WEEK).tolist():  # ordinals of Sundays are sevens
        before = papers[lists.days[papers] <= day - WEEK]
        wanted = papers[(lists.days[papers] > day - WEEK) & (lists.days[papers] <= day)]
        first, last = np.searchsorted(lists.days, [day - WEEK + 1, day + 1])
        if len(before) >= 3 and len(wanted):
            yield Case(name, day, before[-CHOSEN:], np.arange(first, last), frozenset(wanted.tolist()))


def orders(lists: Lists, case: Case) -> dict[str, Sequence[int]]:
    """The rows of the pool in every order that is compared."""
    mine, new = lists.vectors[case.chosen], lists.vectors[case.pool]
    known = np.flatnonzero(lists.days <= case.day - WEEK)
    others = lists.vectors[known[:: max(1, len(known) // SAMPLE)]]
    ages = (case.day - lists.days[case.pool]).astype(np.float64)
    found = suited(mine, (case.day - lists.days[case.chosen]).astype(np.float64), others, new)

    def best(scores: Floats) -> list[int]:
        return list(map(int, np.argsort(-scores, kind="stable")))

    return {
        "newest first": best(-ages),
        "trending": best(lists.votes[case.pool].astype(np.float64)),
        "mean": best((new @ mine.mean(axis=0)).astype(np.float64)),
        "nearest": best(found.near),
        "classifier": best(found.like),
        "for me": best(found.scores),
        "as shown": personal_order(found.scores, ages, new, first=PLACES)[0],
    }


def gains(lists: Lists, case: Case, order: Sequence[int]) -> tuple[float, float, float]:
    """nDCG@10, found, likeness."""
    first = case.pool[list(order[:PLACES])]
    hits = [place for place, number in enumerate(first.tolist()) if number in case.wanted]
    ideal = sum(1 / np.log2(place + 2) for place in range(min(PLACES, len(case.wanted))))
    vectors = lists.vectors[first]
    pairs = len(first) * (len(first) - 1)
    likeness = float((vectors @ vectors.T).sum() - (vectors * vectors).sum()) / pairs if pairs else 0.0
    return sum(1 / np.log2(place + 2) for place in hits) / ideal, len(hits) / len(case.wanted), likeness


def interval(names: Sequence[str], values: Floats) -> tuple[float, float]:
    """95% of the means of readers drawn anew."""
    rows: dict[str, list[int]] = defaultdict(list)
    for row, name in enumerate(names):
        rows[name].append(row)
    groups = [np.array(one) for one in rows.values()]
    chance = np.random.default_rng(1)
    means = [
        float(values[np.concatenate([groups[one] for one in chance.integers(0, len(groups), len(groups))])].mean())
        for _ in range(DRAWS)
    ]
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


def speed(lists: Lists) -> None:
    """The time of the whole reckoning for a large place: 5,000 new papers, 200 chosen."""
    chance = np.random.default_rng(1)
    rows = chance.choice(len(lists.days), 5_000 + CHOSEN + SAMPLE, replace=False)
    new, mine, others = np.split(lists.vectors[rows], [5_000, 5_000 + CHOSEN])
    times = []
    for _ in range(9):
        began = time.perf_counter()
        found = suited(mine, np.zeros(CHOSEN), others, new)
        personal_order(found.scores, np.zeros(5_000), new, first=CHOSEN)
        times.append(1_000 * (time.perf_counter() - began))
    print(f"\n5,000 new papers, 200 chosen: {np.median(times):.0f} ms (median of 9)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DEFAULT)
    lists = read(parser.parse_args().data)
    print(f"{machine()}\n{len(lists.days):,} listed papers")
    for kind in lists.readers:
        weeks = cases(lists, kind)
        names = [case.reader for case in weeks]
        told: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
        for case in weeks:
            for name, order in orders(lists, case).items():
                told[name].append(gains(lists, case, order))
        pool = int(np.median([len(case.pool) for case in weeks]))
        print(f"\n{kind}: {len(weeks):,} weeks of {len(set(names)):,} readers, {pool} papers a week (median)")
        print(f"{'':14} nDCG@10  95%              found  likeness")
        for name, values in told.items():
            ndcg, found, likeness = np.array(values).T
            low, high = interval(names, ndcg)
            print(f"{name:14} {ndcg.mean():.3f}    {low:.3f} to {high:.3f}   {found.mean():.3f}  {likeness.mean():.3f}")
    speed(lists)


if __name__ == "__main__":
    main()
