"""The counts of a paper as small lines, one for each kind and source."""

from collections.abc import Iterable, Sequence
from datetime import date

from broadsheet import said
from broadsheet.types import SignalRow
from broadsheet.web.cards import path
from broadsheet.web.contexts import Line, Lines

MOST = 8  # lines
_WIDTH, _HEIGHT = 120, 24
_CORNERS = 60  # of a line, at most
_HERE = "here"
_SOURCES = {
    "hf-daily": "Hugging Face",
    "daily-api": "Hugging Face",
    "daily-page": "Hugging Face",
    "github": "GitHub",
    "openalex": "OpenAlex",
    "crossref": "Crossref",
    "semanticscholar": "Semantic Scholar",
}


def lines(key: str, rows: Sequence[SignalRow]) -> Lines | None:
    """The lines of a paper's counts, those of this place first; None where nothing but zeros was counted."""
    totals: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for row in rows:
        totals.setdefault((row.kind, row.source), []).append((row.day, row.total))
    counted = {place: days for place, days in totals.items() if any(total for _, total in days)}
    if not counted:
        return None
    first, last = min(days[0][0] for days in counted.values()), max(days[-1][0] for days in counted.values())
    order = sorted(counted, key=lambda place: (place[1] != _HERE, -counted[place][-1][1], place))
    made = [_line(kind, source, counted[kind, source], first, last) for kind, source in order[:MOST]]
    return Lines(made, said.stretch(first, last), f"{path(key)}/signals.csv")


def _line(kind: str, source: str, days: Sequence[tuple[str, int]], first: str, last: str) -> Line:
    name = f"{kind.capitalize()[:40]} {_where(source)}"
    (begin, at_first), (end, at_last) = days[0], days[-1]
    course = f"{name}: {at_first:,} on {said.day(begin)}, {at_last:,} on {said.day(end)}"
    points = _points(days, first, last) if len(days) > 1 else ""
    return Line(name, f"{at_last:,}", points, course if points else f"{name}: {at_last:,}")


def _where(source: str) -> str:
    kind = source.partition(":")[0]
    return "here" if source == _HERE else f"at {_SOURCES.get(kind, source[:40])}"


def _points(days: Sequence[tuple[str, int]], first: str, last: str) -> str:
    """The corners of the line, from the first day that anything was counted of the paper to the last."""
    begin, span = _number(first), max(1, _number(last) - _number(first))
    least, most = (edge(total for _, total in days) for edge in (min, max))
    height = max(1, most - least)  # from the least, or 900 stars more of 20,000 would be a flat line
    corners = [((_number(day) - begin) / span, (total - least) / height) for day, total in _thinned(days)]
    return " ".join(f"{1 + x * (_WIDTH - 2):.1f},{_HEIGHT - 2 - y * (_HEIGHT - 4):.1f}" for x, y in corners)


def _thinned(days: Sequence[tuple[str, int]]) -> Iterable[tuple[str, int]]:
    """As many of the days as a small line can show, the first and the last among them."""
    if len(days) <= _CORNERS:
        return days
    return [days[round(place * (len(days) - 1) / (_CORNERS - 1))] for place in range(_CORNERS)]


def _number(day: str) -> int:
    return date.fromisoformat(day).toordinal()
