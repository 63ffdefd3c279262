"""Statements -> paper: what all sources of a paper together say. Pure; the paper is merged when it is read.

Of each field the first source that says anything wins, in the order of `_PRECEDENCE`: arXiv's own words
before those of lists and pages that copied them, and among equals the newest words. Words that a source deleted
give way to all others. Lists that sources add to (identifiers, links, keywords, versions) are joined, counts of
votes and comments are the largest that was seen, and a partial date is completed by a source that knows the day.

Of arXiv's own dates the earliest is when a paper was published and the latest when it was updated: one of its formats
gives the date of the newest version as the first. Venues and citations are believed from those who keep them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Literal, TypeVar

from broadsheet import announcing
from broadsheet.types import Identifier, Paper, Record, Version

T = TypeVar("T")

# Kinds of sources, the most trusted first. A kind that is not here counts as "records".
_ORDER = (
    ("arxiv",),
    ("arxiv-raw",),
    ("arxiv-query",),
    ("arxiv-snapshot",),
    ("arxiv-listing",),
    ("arxiv-feed",),
    ("records",),
    ("crossref",),
    ("openalex",),
    ("semanticscholar",),
    ("daily-api", "daily-lines", "hf-daily", "arxiv-hot"),
    ("feed",),
    ("bibtex", "csl", "ris", "zotero"),
    ("github",),
    ("daily-page", "page"),
    ("starter",),
    ("here",),
)
_PRECEDENCE = {kind: rank for rank, kinds in enumerate(_ORDER) for kind in kinds}
_RECORDS = _PRECEDENCE["records"]
_VENUES = {"crossref": 0, "openalex": 1, "semanticscholar": 2}
_LINKS = {"here": 0}  # what its authors set here goes before what is found in texts
_CITATIONS = {"openalex": 0, "semanticscholar": 1, "crossref": 2}
_FULL_DATE = len("2024-05-17")
# arXiv itself: one voice, in several formats. Its listings and feeds tell less, and no dates of versions.
_ARXIV = frozenset({"arxiv", "arxiv-raw", "arxiv-query", "arxiv-snapshot"})
_ARXIV_LISTS = frozenset({"arxiv-listing", "arxiv-feed"})
_ARXIV_VOICE = _ARXIV | _ARXIV_LISTS
_LISTS = frozenset(
    {*_ARXIV_LISTS, "daily-api", "daily-lines", "hf-daily", "arxiv-hot", "daily-page", "page", "starter"}
)
_ASKED = frozenset({"crossref", "openalex", "semanticscholar", "github"})
# Their dates say when a paper was written down here or there, not when it was news.
_NO_NEWS = frozenset({"bibtex", "csl", "ris", "zotero", "daily-page", "page", "starter", "here", *_ASKED})
# They copy what others have: what is deleted there lives on in them.
_COPIES = _LISTS | _ASKED | {"here"}
_TELL_WITHDRAWAL = _ARXIV | {"daily-api", "hf-daily"}


@dataclass(slots=True)
class Statement:
    """What one source says of a paper, and since when. `number` is its row, `text` the record as stored.

    `deleted_at`: since when it says so no longer. Its words are kept, and count less than those of any other.
    """

    number: int
    record: Record
    first_seen: str
    changed_at: str
    text: str = ""
    deleted_at: str | None = None


DatedBy = Literal["announced", "scheduled", "published"]


@lru_cache(maxsize=1024)  # there are a few sources, and each record asks
def kind(source: str) -> str:
    """What kind of source this is: "records" for "records:papers.jsonl"."""
    return source.partition(":")[0]


def in_order(statements: Iterable[Statement]) -> list[Statement]:
    """The statements, the one that counts most first. The order they came in does not matter."""
    newest = sorted(statements, key=lambda one: (one.record.source, one.record.source_key))
    if len(newest) == 1:
        return newest
    newest.sort(key=lambda one: one.changed_at, reverse=True)
    return sorted(newest, key=lambda one: (one.deleted_at is not None, rank(one.record.source)))


def rank(source: str) -> int:
    """How far a source is believed: 0 is the most trusted."""
    return _PRECEDENCE.get(kind(source), _RECORDS)


def voice(source: str) -> str:
    """Who speaks through a source: arXiv through all its formats, any other for itself."""
    return "arxiv" if kind(source) in _ARXIV_VOICE else source


def merge(statements: Sequence[Statement], *, number: int = 0, key: str = "") -> Paper:
    """The paper that these statements, at least one, together describe."""
    if len(statements) == 1:
        return _told_by_one(statements[0], number, key)
    records = [one.record for one in in_order(statements)]
    authors = _first(record.authors for record in records) or ()
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
        published=_published(records),
        updated=_updated(records),
        announced=_date([record.announced for record in records]),
        day=day,
        identifiers=_identifiers(records),
        comment=_first(record.comment for record in records),
        journal_ref=_first(record.journal_ref for record in records),
        licence=_first(record.licence for record in records),
        versions=_versions(records),
        withdrawn=withdrawn(statements),
        links=_joined(record.links for record in _by(records, _LINKS)),
        keywords=_joined(record.keywords for record in records),
        votes=max(record.votes or 0 for record in records),
        comments=max(record.comments or 0 for record in records),
        citations=_citations(records),
        stars=max((record.stars for record in records if record.stars is not None), default=None),
        venue=_venue(records),
        submitted=_first(record.submitted for record in records),
        deleted=deleted(statements),
        sources=_joined((record.source,) for record in records),
    )


def _told_by_one(one: Statement, number: int, key: str) -> Paper:
    """What `merge` makes of a single statement. That is the rule, and all of search is read through here."""
    said = one.record
    return Paper(
        id=key,
        number=number,
        title=said.title,
        abstract=said.abstract or None,
        summary=said.summary or None,
        summary_source=said.source if said.summary else None,
        authors=said.authors,
        author_count=len(said.authors) or said.author_count or None,
        categories=said.categories,
        published=said.published or None,
        updated=said.updated or None,
        announced=said.announced or None,
        day=day_of((said,))[0],
        identifiers=said.identifiers,
        comment=said.comment or None,
        journal_ref=said.journal_ref or None,
        licence=said.licence or None,
        versions=said.versions,
        withdrawn=withdrawn((one,)) if said.withdrawn else False,
        links=said.links,
        keywords=said.keywords,
        votes=said.votes or 0,
        comments=said.comments or 0,
        citations=said.citations,
        stars=said.stars,
        venue=said.venue or None,
        submitted=said.submitted or None,
        deleted=deleted((one,)) if one.deleted_at is not None else False,
        sources=(said.source,),
    )


def day_of(records: Sequence[Record]) -> tuple[str | None, DatedBy | None]:
    """The day a paper belongs to, and which date that is. `records` are in order of precedence."""
    news = [record for record in records if kind(record.source) not in _NO_NEWS]
    for one in news:
        if len(one.announced or "") == _FULL_DATE:
            return one.announced, "announced"
    for one in news:
        if one.submitted and kind(one.source) in _ARXIV:
            return announcing.edition_day(datetime.fromisoformat(one.submitted)).isoformat(), "scheduled"
    days = [one.published for one in news if len(one.published or "") == _FULL_DATE]
    if not days:
        return None, None
    return _own_date(news, min) or days[0], "published"


def deleted(statements: Iterable[Statement]) -> bool:
    """Whether those who had the paper say that it is no more.

    Lists, and sources that were asked about it, only copy and do not keep it alive. What arXiv says in another
    format counts only where it said so after the deletion.
    """
    ends = [(one.deleted_at, kind(one.record.source) in _ARXIV) for one in statements if one.deleted_at is not None]
    if not ends:
        return False
    by_arxiv = max((at for at, is_arxiv in ends if is_arxiv), default="")
    for one in statements:
        name = kind(one.record.source)
        outlived = name in _ARXIV and one.changed_at <= by_arxiv
        if one.deleted_at is None and name not in _COPIES and not outlived:
            return False
    return True


def by_venue(records: Sequence[Record]) -> list[Record]:
    """The records, those first that know best where a paper was published."""
    return _by(records, _VENUES)


def withdrawn(statements: Sequence[Statement]) -> bool:
    """Whether somebody who can know says that the authors took the paper back, and nobody knows better by now."""
    if not any(one.record.withdrawn for one in statements):
        return False
    told = [one for one in statements if kind(one.record.source) in _TELL_WITHDRAWAL]
    told = told or [one for one in statements if kind(one.record.source) == "records"]  # as we export them ourselves
    others = [one for one in told if not one.record.withdrawn]
    return any(one.record.withdrawn and not any(_knows_better(other, one) for other in others) for one in told)


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


def _own_date(records: Iterable[Record], which: Callable[[list[str]], str], field: str = "published") -> str | None:
    """The earliest or latest of the whole dates that arXiv itself gives."""
    own = [getattr(record, field) for record in records if kind(record.source) in _ARXIV]
    whole = [date for date in own if date and len(date) == _FULL_DATE]
    return which(whole) if whole else None


def _published(records: Sequence[Record]) -> str | None:
    dates = [record.published for record in records]
    return (_own_date(records, min) if len(set(dates)) > 1 else None) or _date(dates)


def _updated(records: Sequence[Record]) -> str | None:
    dates = [record.updated for record in records]
    return (_own_date(records, max, "updated") if len(set(dates)) > 1 else None) or _date(dates)


def _venue(records: Sequence[Record]) -> str | None:
    return _first(record.venue for record in by_venue(records))


def _citations(records: Sequence[Record]) -> int | None:
    return next((one.citations for one in _by(records, _CITATIONS) if one.citations is not None), None)


def _by(records: Sequence[Record], order: Mapping[str, int]) -> list[Record]:
    """The records, those of these kinds first."""
    return sorted(records, key=lambda record: order.get(kind(record.source), len(order)))


def _knows_better(other: Statement, one: Statement) -> bool:
    """Whether `other` speaks of a newer version, or is the format that tells withdrawals by itself, and said later."""
    newer = _newest(other.record) > _newest(one.record) > 0
    return newer or (kind(other.record.source) == "arxiv-raw" and other.changed_at > one.changed_at)


def _newest(record: Record) -> int:
    return max((version.number for version in record.versions), default=0)


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
