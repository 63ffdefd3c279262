"""Editions: which days one covers, and in which order its papers stand.

An edition is a day, an ISO week (Monday to Sunday) or a calendar month. Its order is decided here,
from the candidates alone:

1. papers that people listed (a daily list, a submission) come before those that were only announced;
2. among the listed, more votes first, then more comments, then the list's own order;
3. then those that the automatic editor placed (`ranking.editor`): a day in the places it gave them, in which no
   topic fills the page; a week or a month by its scores, which mean the same on every day;
4. then the others: the newer day first, then more votes, more comments, and the later identifier, so that the order
   is the same every time.
"""

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date

from broadsheet.errors import NotFound
from broadsheet.types import Candidate, Span

_KEYS = {
    Span.DAY: re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII),
    Span.WEEK: re.compile(r"(\d{4})-W(\d{2})", re.ASCII),
    Span.MONTH: re.compile(r"(\d{4})-(\d{2})", re.ASCII),
}
_EXAMPLES = {Span.DAY: "2026-11-20", Span.WEEK: "2026-W47", Span.MONTH: "2026-11"}


def span_bounds(span: Span, key: str) -> tuple[date, date]:
    """The first and the last day of the edition `key` names.

    Raises NotFound where the key has another form or names a day, week or month that does not exist.
    """
    match = _KEYS[span].fullmatch(key)
    numbers = [int(part) for part in match.groups()] if match else [0, 0, 0]  # there is no year 0
    try:
        if span is Span.DAY:
            year, month, day = numbers
            return date(year, month, day), date(year, month, day)
        if span is Span.WEEK:
            year, week, *_ = numbers
            return date.fromisocalendar(year, week, 1), date.fromisocalendar(year, week, 7)
        year, month, *_ = numbers
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    except (ValueError, OverflowError):
        raise NotFound(f"There is no {span} {key!r}: an address looks like {_EXAMPLES[span]}.") from None


def span_key(span: Span, day: date) -> str:
    """The key of the edition that holds `day`."""
    if span is Span.DAY:
        return day.isoformat()
    if span is Span.WEEK:
        year, week, _ = day.isocalendar()
        return f"{year:04d}-W{week:02d}"
    return f"{day.year:04d}-{day.month:02d}"


def editions_order(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates of one edition in the order readers see, by the rule at the head of this module."""
    newest_id_first = sorted(candidates, key=lambda paper: paper.key, reverse=True)
    one_day = len({paper.day for paper in newest_id_first}) == 1
    return sorted(newest_id_first, key=lambda paper: _place(paper, one_day=one_day))


def newest_day_first(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates of several days as one edition after the other, the newest first."""
    days: dict[str, list[Candidate]] = {}
    for one in candidates:
        days.setdefault(one.day, []).append(one)
    return [one for day in sorted(days, reverse=True) for one in editions_order(days[day])]


def _place(paper: Candidate, *, one_day: bool) -> tuple[float, ...]:
    day = -date.fromisoformat(paper.day).toordinal()
    if paper.listed:
        after_all = 1 << 30
        return (0, -paper.votes, -paper.comments, paper.position or after_all, day)
    if paper.pick is not None and paper.score is not None:
        return (1, paper.pick if one_day else -paper.score)
    return (2, day, -paper.votes, -paper.comments)
