"""Trending, reckoned again from what is published: the table that /trending/formula prints, and the downloaded counts.

Written from the page's words alone, vote by vote, and as slowly as that is. It knows nothing of `broadsheet.ranking`.
"""

import csv
import html
import io
import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from math import log2
from typing import NamedTuple


class Row(NamedTuple):
    """A row of the published table."""

    signal: str
    kind: str
    sources: tuple[str, ...]
    weight: float
    half_life: float


class Counted(NamedTuple):
    """A row of the download."""

    paper: str
    own: str
    kind: str
    source: str
    day: str
    total: int


def published(page: str) -> list[Row]:
    """The table of the formula, as its page prints it."""
    rows = []
    for line in re.findall(r"<tr><th scope=\"row\".*?</tr>", page, re.DOTALL):
        signal, _, weight, half_life = (
            html.unescape(re.sub(r"<[^>]*>", " ", cell)).split()
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.DOTALL)
        )
        small = re.search(r"<small>(.*?)</small>", line)
        assert small
        kind, _, sources = small[1].partition(" of ")
        named = () if sources.startswith("any") else tuple(sources.split(", "))
        rows.append(Row(signal[0], kind, named, float(weight[0]), float(half_life[0])))
    return rows


def downloaded(text: str) -> list[Counted]:
    """The counts of a CSV."""
    return [
        Counted(row["paper"], row["paper_day"], row["kind"], row["source"], row["day"], int(row["count"]))
        for row in csv.DictReader(io.StringIO(text))
    ]


def points(rows: Iterable[Row], counts: Iterable[Counted], back: int, today: date) -> dict[str, dict[str, float]]:
    """The points of every paper, signal by signal, in a window that looks so many days back."""
    series: dict[tuple[str, str, str], list[Counted]] = defaultdict(list)
    for one in counts:
        if one.day <= today.isoformat():
            series[one.paper, one.kind, one.source].append(one)
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for (paper, kind, source), looks in series.items():
        for row in rows:
            by = source.partition(":")[0]
            if row.kind == kind and (by in row.sources if row.sources else by != "here"):
                fresh = _fresh(row, sorted(looks, key=lambda one: one.day), back, today)
                if fresh:
                    mine = row.weight * log2(1 + fresh)
                    found[paper][row.signal] = max(mine, found[paper].get(row.signal, 0.0))
    return found


def _fresh(row: Row, looks: list[Counted], back: int, today: date) -> float:
    fresh = 0.0
    for n in range(1, looks[-1].total + 1):
        at = next(place for place, one in enumerate(looks) if one.total >= n)
        day = date.fromisoformat(looks[at].day)
        days = [day]
        if at == 0 and looks[0].source != "here":
            days = [min(day, date.fromisoformat(looks[0].own))] if looks[0].own else []
        elif at > 0 and row.signal == "stars":
            before = date.fromisoformat(looks[at - 1].day)
            days = [before + timedelta(days=number) for number in range(1, (day - before).days + 1)]
        ages = [(today - one).days for one in days]
        fresh += sum(2 ** (-age / row.half_life) / len(days) for age in ages if age <= back)
    return fresh
