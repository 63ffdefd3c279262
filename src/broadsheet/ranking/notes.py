"""What a reader should know of an edition, in a sentence: why it is empty, or that it is the starter's."""

from collections.abc import Sequence
from datetime import date, datetime

from broadsheet import announcing
from broadsheet.types import Entry, Span


def edition_note(span: Span, first: date, last: date, entries: Sequence[Entry], now: datetime, *, empty: bool) -> str:
    """The sentence for the edition of these days; "" where nothing needs to be said.

    `entries` are those that are shown, and `empty` says that the edition has none at all.
    """
    if entries and all(entry.paper.sources == ("starter",) for entry in entries):
        return "The starter edition: papers that ship with Broadsheet. Bring in your own with “broadsheet import”."
    return _why_empty(span, first, last, now) if empty else ""


def _why_empty(span: Span, first: date, last: date, now: datetime) -> str:
    today = now.date()
    if span is Span.DAY and (reason := announcing.silence(first)):
        return reason
    if span is Span.DAY and (at := announcing.announced_at(first)) and now < at:
        return f"This day's papers are announced at {at:%H:%M} UTC on {at.day} {at:%B %Y}."
    if first > today:
        return f"This {span} has not begun yet."
    if first <= today <= last:
        return f"No papers yet for this {span}."
    return f"The catalogue holds no papers for this {span}."
