"""Statements -> paper: what all sources of a paper together say. Pure; the paper is merged when it is read.

Of each field the first source that says anything wins, in the order of `_PRECEDENCE`: arXiv's own words
before those of lists and pages that copied them, and among equals the newest words. Lists that sources
add to (identifiers, links, keywords, versions) are joined, counts of votes and comments are the largest
that was seen, and a partial date is completed by a source that knows the day.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from broadsheet.types import Identifier, Paper, Record, Version

T = TypeVar("T")

# Kinds of sources, the most trusted first. A kind that is not here counts as "records".
_PRECEDENCE = {
    "arxiv": 0,
    "arxiv-snapshot": 1,
    "records": 2,
    "daily-api": 3,
    "daily-lines": 3,
    "hf-daily": 3,
    "arxiv-hot": 3,
    "bibtex": 4,
    "daily-page": 5,
    "page": 5,
    "starter": 6,
}
_RECORDS = _PRECEDENCE["records"]
_FULL_DATE = len("2024-05-17")
# Their dates say when a paper was written down here or there, not when it was news.
_NO_NEWS = frozenset({"bibtex", "daily-page", "page", "starter"})
_ARXIV = frozenset({"arxiv", "arxiv-snapshot"})


@dataclass(slots=True)
class Statement:
    """What one source says of a paper, and since when. `number` is its row, `text` the record as stored."""

    number: int
    record: Record
    first_seen: str
    changed_at: str
    text: str = ""


DatedBy = Literal["announced", "published"]


def kind(source: str) -> str:
    """What kind of source this is: "records" for "records:papers.jsonl"."""
    return source.partition(":")[0]


def in_order(statements: Iterable[Statement]) -> list[Statement]:
    """The statements, the one that counts most first. The order they came in does not matter."""
    newest = sorted(statements, key=lambda one: (one.record.source, one.record.source_key))
    newest.sort(key=lambda one: one.changed_at, reverse=True)
    return sorted(newest, key=lambda one: _PRECEDENCE.get(kind(one.record.source), _RECORDS))


def merge(statements: Sequence[Statement], *, number: int = 0, key: str = "") -> Paper:
    """The paper that these statements, at least one, together describe."""
    records = [one.record for one in (in_order(statements) if len(statements) > 1 else statements)]
    first, several = records[0], len(records) > 1
    # One source is the rule, and the whole index is read through here: it gets the short way.
    authors = first.authors or (_first(record.authors for record in records) or ())
    summary_by = next((record for record in records if record.summary), None)
    day, _ = day_of(records)
    return Paper(
        id=key,
        number=number,
        title=_first(record.title for record in records) or "",
        abstract=_first(record.abstract for record in records),
        summary=summary_by.summary if summary_by else None,
        summary_source=summary_by.source if summary_by else None,
        authors=authors,
        author_count=len(authors) or _first(record.author_count for record in records),
        categories=_first(record.categories for record in records) or (),
        published=_date([record.published for record in records]),
        updated=_date([record.updated for record in records]),
        announced=_date([record.announced for record in records]),
        day=day,
        identifiers=_identifiers(records) if several else first.identifiers,
        comment=_first(record.comment for record in records),
        journal_ref=_first(record.journal_ref for record in records),
        licence=_first(record.licence for record in records),
        versions=_versions(records) if several else first.versions,
        withdrawn=any(record.withdrawn and kind(record.source) in _ARXIV for record in records),
        links=_joined(record.links for record in records) if several else first.links,
        keywords=_joined(record.keywords for record in records) if several else first.keywords,
        votes=max(record.votes or 0 for record in records),
        comments=max(record.comments or 0 for record in records),
        sources=_joined((record.source,) for record in records),
    )


def day_of(records: Sequence[Record]) -> tuple[str | None, DatedBy | None]:
    """The day a paper belongs to, and which date that is. `records` are in order of precedence."""
    news = [record for record in records if kind(record.source) not in _NO_NEWS]
    if day := _first(record.announced for record in news if len(record.announced or "") == _FULL_DATE):
        return day, "announced"
    if day := _first(record.published for record in news if len(record.published or "") == _FULL_DATE):
        return day, "published"
    return None, None


def starter_only(records: Iterable[Record]) -> bool:
    """Whether only the starter catalogue knows the paper."""
    return all(kind(record.source) == "starter" for record in records)


def _first(values: Iterable[T | None]) -> T | None:
    return next((value for value in values if value), None)


def _joined(lists: Iterable[Iterable[T]]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(value for values in lists for value in values))


def _date(values: Sequence[str | None]) -> str | None:
    date = _first(values)
    if date is None or len(date) == _FULL_DATE:
        return date
    return max((value for value in values if value and value.startswith(date)), key=len)


def _identifiers(records: Iterable[Record]) -> tuple[Identifier, ...]:
    return tuple(sorted(_joined(record.identifiers for record in records), key=lambda one: one.scheme != "arxiv"))


def _versions(records: Sequence[Record]) -> tuple[Version, ...]:
    return tuple(Version(number, created) for number, created in sorted(_dates_of_versions(records).items()))


def _dates_of_versions(records: Sequence[Record]) -> dict[int, str | None]:
    known: dict[int, str | None] = {}
    for number, created in _said(records):
        known[number] = known.get(number) or created
    return known


def _said(records: Sequence[Record]) -> Iterator[tuple[int, str | None]]:
    for record in records:
        for version in record.versions:
            yield version.number, version.created
