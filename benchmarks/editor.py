"""How much of a daily list made by people the automatic editor finds by itself, on days it has not learned from.

    python benchmarks/editor.py --data ../shared/data                              # trains up to 2026-06-28 first
    python benchmarks/editor.py --data ../shared/data --model shipped --since 2026-08-01

For each day that has a list, the candidates are the papers announced on that day, less those listed earlier, and the
listed papers that were announced before. As many are taken as people listed, and compared:

    found      the share of the list that was taken
    votes      the same, each paper counted with its votes of that morning
    nDCG       with gains 1 + ln(1 + votes), over as many places as the list has
    likeness   the mean cosine of the papers that were taken among themselves: low is varied

95% intervals are bootstrapped over days. "editor" knows its own names and nothing of the instance; "and record" also
counts how often an author was listed before that day; "without names" knows no author. "arranged" is the order that a
page has. "authors' record" is the plain rule that the editor must beat: the sum of the authors' listings so far.

Nobody's choices are known in other fields. For some of them a second table says whether there is an order at all: how
far the scores lie apart (deviation of the logarithm of the odds; 0 would be chance) and how many papers tie.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from broadsheet import ids
from broadsheet.ranking.editor import Appraisal, Editor, arrange
from broadsheet.types import Author, Paper
from corpus import lines, machine

Order = Sequence[int]
FEED = "hf-daily"
DRAWS = 2_000
SHUFFLES = 100
SPEED = 1_500  # candidates to time
FIELDS = ("astro-ph", "cond-mat", "hep-ph", "math", "q-bio")
TRAINING = Path(__file__).parent.parent / "training" / "editor.py"


@dataclass
class Day:
    """A day's candidates, which of them people listed, with their votes, and the authors' record until then."""

    day: str
    papers: list[Paper]
    listed: npt.NDArray[np.bool_]
    votes: npt.NDArray[np.float64]
    record: Mapping[str, float]


def read_days(data: Path, since: str, until: str, least: int) -> list[Day]:
    lists: dict[str, dict[str, int]] = defaultdict(dict)
    first_listed: dict[str, str] = {}
    for line in map(json.loads, lines(data / "daily_editions.jsonl.gz")):
        if line["feed"] == FEED and line["id"] not in first_listed:
            first_listed[line["id"]] = line["date"]
            lists[line["date"]][line["id"]] = line.get("upvotes") or 0
    pools: dict[str, dict[str, Paper]] = defaultdict(dict)
    listed: dict[str, Paper] = {}
    for line in map(json.loads, lines(data / "papers_ml.jsonl.zst")):
        if line["id"] in first_listed or since <= (line.get("announced") or "") <= until:
            paper = as_paper(line)
            pools[line.get("announced") or ""][paper.id] = paper
            if paper.id in first_listed:
                listed[paper.id] = paper
    record: Counter[str] = Counter()
    days = []
    for day in sorted(lists):
        own = {key: paper for key, paper in pools[day].items() if first_listed.get(key, "9") >= day}
        if since <= day <= until and len(own) >= least:
            together = own | {key: listed[key] for key in lists[day] if key in listed}
            papers = [together[key] for key in sorted(together)]
            chosen = np.array([paper.id in lists[day] for paper in papers])
            votes = np.array([float(lists[day].get(paper.id, 0)) for paper in papers])
            days.append(Day(day, papers, chosen, votes, dict(record)))
        for key in lists[day]:
            if key in listed:
                record.update({ids.author_key(author.name) for author in listed[key].authors})
    return days


def as_paper(line: Mapping[str, Any]) -> Paper:
    return Paper(
        id=line["id"],
        title=line["title"],
        abstract=line["abstract"],
        authors=tuple(Author(name) for name in line.get("authors") or ()),
        categories=tuple(line.get("categories") or ()),
    )


def measure(day: Day, order: Order, vectors: npt.NDArray[np.float32]) -> tuple[float, float, float, float]:
    """found, votes, nDCG, likeness of one order."""
    length = int(day.listed.sum())
    top = np.array(order[:length])
    gains = np.where(day.listed, 1 + np.log1p(day.votes), 0.0)
    discounts = 1 / np.log2(np.arange(length) + 2)
    best = np.sort(gains)[::-1][:length] @ discounts
    near = vectors[top] @ vectors[top].T
    likeness = (near.sum() - np.trace(near)) / max(1, length * (length - 1))
    voted = day.votes[top][day.listed[top]].sum() / max(1.0, day.votes.sum())
    return float(day.listed[top].mean()), float(voted), float(gains[top] @ discounts / best), float(likeness)


def by(scores: npt.NDArray[Any]) -> list[int]:
    return [int(row) for row in np.argsort(-scores, kind="stable")]


def orders(day: Day, editor: Editor, nameless: Editor) -> tuple[dict[str, list[Order]], Appraisal]:
    """Every system's order of a day; several for the one that is chance."""
    rng = np.random.default_rng(0)
    plain, live = editor.appraise(day.papers), editor.appraise(day.papers, record=day.record)
    without = nameless.appraise(day.papers)
    sums = [sum(day.record.get(ids.author_key(author.name), 0) for author in paper.authors) for paper in day.papers]
    newest = sorted(range(len(day.papers)), key=lambda row: day.papers[row].id, reverse=True)
    people = by(day.listed * (1 + day.votes))
    return {
        "random": [list(rng.permutation(len(day.papers))) for _ in range(SHUFFLES)],
        "newest first": [newest],
        "most authors": [by(np.array([len(paper.authors) for paper in day.papers]))],
        "authors' record": [by(np.array(sums))],
        "editor without names": [by(without.scores)],
        "editor": [by(plain.scores)],
        "editor, arranged": [arrange(plain.scores, plain.vectors)],
        "editor and record": [by(live.scores)],
        "editor and record, arranged": [arrange(live.scores, live.vectors)],
        "people": [people],
    }, live


def interval(values: npt.NDArray[np.float64]) -> str:
    rng = np.random.default_rng(0)
    means = values[rng.integers(0, len(values), (DRAWS, len(values)))].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return f"{values.mean():.3f} [{low:.3f}, {high:.3f}]"


def train_before(data: Path, since: str, folder: Path) -> Path:
    """A model that knows nothing of `since` or later."""
    path = folder / "editor.npz"
    until = (date.fromisoformat(since) - timedelta(days=1)).isoformat()
    command = [sys.executable, str(TRAINING), "--data", str(data), "--out", str(path), "--until", until]
    print(f"Training on what was known on {until} ...", flush=True)
    # The products are small: with more threads than one they take longer, much longer on a busy machine.
    one_thread = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=one_thread)
    return path


def report(days: Sequence[Day], load: Callable[[bool], Editor]) -> None:
    editor, nameless = load(True), load(False)
    results: dict[str, list[npt.NDArray[np.float64]]] = defaultdict(list)
    expected, happened = 0.0, 0
    for day in days:
        ranked, live = orders(day, editor, nameless)
        expected, happened = expected + float(live.scores.sum()), happened + int(day.listed.sum())
        for name, tries in ranked.items():
            results[name].append(np.mean([measure(day, order, live.vectors) for order in tries], axis=0))
    papers, lists = [len(day.papers) for day in days], [int(day.listed.sum()) for day in days]
    print(f"{days[0].day} to {days[-1].day}: {len(days)} days, {np.mean(papers):.0f} candidates and", end=" ")
    print(f"{np.mean(lists):.1f} listed a day; {editor.name}; {machine()}\n")
    print(f"{'':30}{'found':22}{'votes':22}{'nDCG':22}likeness")
    for name, rows in results.items():
        columns = np.array(rows)
        print(f"{name:30}" + "".join(f"{interval(columns[:, i]):22}" for i in range(3)) + f"{columns[:, 3].mean():.3f}")
    for better, worse in (
        ("editor", "authors' record"),
        ("editor, arranged", "editor"),
        ("editor and record", "editor"),
    ):
        gain = np.array(results[better]) - np.array(results[worse])
        print(f"{better}, less {worse}".ljust(39) + f"found {interval(gain[:, 0])}, votes {interval(gain[:, 1])}")
    print(f"\nThe scores promise {expected:.0f} listed papers; there were {happened}.")
    one = [paper for day in days for paper in day.papers][:SPEED]
    started = time.perf_counter()
    found = editor.appraise(one)
    arrange(found.scores, found.vectors)
    print(f"{len(one):,} candidates appraised and arranged in {time.perf_counter() - started:.2f} s.")


def report_fields(data: Path, editor: Editor, at_home: Sequence[Paper]) -> None:
    fields: dict[str, list[Paper]] = defaultdict(list)
    for line in map(json.loads, lines(data / "arxiv_to_2019.jsonl.zst")):
        archive = str((line["categories"] or [""])[0]).partition(".")[0]
        if archive in FIELDS:
            fields[archive].append(as_paper(line))
    print(f"\n{'the last thousand papers of':30}{'deviation':12}{'ties':8}median score")
    for name, papers in {"the days above": list(at_home), **fields}.items():
        found = editor.appraise(sorted(papers, key=lambda paper: paper.id)[-1_000:])
        odds = np.log(found.scores / (1 - found.scores))
        ties = len(found.scores) - len(np.unique(found.scores))
        print(f"{name:30}{odds.std():<12.2f}{ties:<8}{np.median(found.scores):.4f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--since", default="2026-06-29")
    parser.add_argument("--until", default="2026-12-31")
    parser.add_argument(
        "--least", type=int, default=150, help="leave out days of fewer candidates: their pool is a sample"
    )
    parser.add_argument("--model", default="", help='a model file, or "shipped"; default: train up to the day before')
    given = parser.parse_args()
    days = read_days(given.data, given.since, given.until, given.least)
    if not days:
        sys.exit(f"There are no daily lists from {given.since} to {given.until} in {given.data}.")
    with tempfile.TemporaryDirectory() as folder:
        path = (
            None
            if given.model == "shipped"
            else Path(given.model or train_before(given.data, given.since, Path(folder)))
        )
        report(days, lambda names: Editor.load(path, names=names))
        report_fields(
            given.data, Editor.load(path), list({paper.id: paper for day in days for paper in day.papers}.values())
        )


if __name__ == "__main__":
    main()
