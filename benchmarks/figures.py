"""What `quality.py` computes of ranked lists, and how it prints it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

SETS = ("awesome", "autoscholar", "spar", "doris_best", "csfcube", "scifact")
REWORDED = "reworded"  # our own questions for the papers of the saved pages; not in the means


def ndcg(ranked: Sequence[str], judged: Mapping[str, int], depth: int = 10) -> float:
    gains = [(2 ** judged.get(key, 0) - 1) / np.log2(place + 2) for place, key in enumerate(ranked[:depth])]
    best = sorted(judged.values(), reverse=True)[:depth]
    ideal = sum((2**value - 1) / np.log2(place + 2) for place, value in enumerate(best))
    return float(sum(gains) / ideal) if ideal else 0.0


def recall(ranked: Sequence[str], judged: Mapping[str, int], depth: int = 100) -> float:
    right = {key for key, value in judged.items() if value > 0}
    return len(right & set(ranked[:depth])) / len(right)


def reciprocal_rank(ranked: Sequence[str], judged: Mapping[str, int]) -> float:
    return next((1 / place for place, key in enumerate(ranked, 1) if judged.get(key, 0) > 0), 0.0)


@dataclass
class Figures:
    """Of each system: set -> its queries' nDCG@10, recall@100 and MRR; page -> the two shares brought back."""

    judged: dict[str, dict[str, list[tuple[float, float, float]]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    pages: dict[str, dict[str, tuple[float, float]]] = field(default_factory=lambda: defaultdict(dict))


def interval(values: npt.NDArray[np.float64], seed: int = 0, draws: int = 2_000) -> tuple[float, float]:
    """The 95% bootstrap interval of the mean."""
    picks = np.random.default_rng(seed).integers(0, len(values), (draws, len(values)))
    low, high = np.quantile(values[picks].mean(axis=1), [0.025, 0.975])
    return float(low), float(high)


def with_interval(values: npt.NDArray[np.float64], sign: str = "") -> str:
    low, high = interval(values)
    return f"{values.mean():{sign}.3f} ({low:{sign}.3f} to {high:{sign}.3f})"


def interval_of_means(differences: Sequence[npt.NDArray[np.float64]], seed: int = 0, draws: int = 2_000) -> str:
    """The mean over the sets of the mean over a set's queries; queries are drawn again within each set."""
    chance = np.random.default_rng(seed)
    drawn = [own[chance.integers(0, len(own), (draws, len(own)))].mean(axis=1) for own in differences]
    low, high = np.quantile(np.mean(drawn, axis=0), [0.025, 0.975])
    return f"{np.mean([own.mean() for own in differences]):+.4f} ({low:+.4f} to {high:+.4f})"


def report(figures: Figures) -> None:
    base = figures.judged["bm25s"]
    for name in (*SETS, *([REWORDED] if base[REWORDED] else [])):
        print(f"\n{name} ({len(base[name])} queries; 95% intervals)")
        print(f"  {'':20} {'nDCG@10':24} {'recall@100':24} {'MRR':24} nDCG@10 - bm25s")
        for system, sets in figures.judged.items():
            own = np.array(sets[name])
            gain = own[:, 0] - np.array(base[name])[:, 0]
            columns = "".join(f"{with_interval(own[:, column]):25}" for column in range(3))
            print(f"  {system:20} {columns}{with_interval(gain, '+')}")
    print("\nmean of the sets")
    for system, sets in figures.judged.items():
        means = np.mean([np.mean(sets[name], axis=0) for name in SETS], axis=0)
        print(f"  {system:20} nDCG@10 {means[0]:.4f}   recall@100 {means[1]:.4f}   MRR {means[2]:.4f}", end="")
        gains = [np.array(sets[name])[:, 0] - np.array(base[name])[:, 0] for name in SETS]
        print(f"   nDCG@10 - bm25s {interval_of_means(gains)}")
    rivals = {"encoder": "transformer", "convex": "rrf transformer", "broadsheet hybrid": "rrf transformer"}
    for system, rival in rivals.items():
        if {system, rival} <= figures.judged.keys():
            one, other = figures.judged[system], figures.judged[rival]
            gains = [np.array(one[name])[:, 0] - np.array(other[name])[:, 0] for name in SETS]
            print(f"  {system} - {rival}: {interval_of_means(gains)}")
    if figures.pages:
        print("\nthe saved pages: share of a page's papers among the first N (as many as the page has) / the first 100")
        for system, pages in figures.pages.items():
            shares = " ".join(f"{first:5.2f} /{hundred:5.2f}" for first, hundred in pages.values())
            print(f"  {system:20} {shares}   mean {np.mean([s[0] for s in pages.values()]):.3f}", end="")
            print(f" / {np.mean([s[1] for s in pages.values()]):.3f}")
