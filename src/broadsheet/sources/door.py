"""What every record must pass on its way in, whatever format it came in.

A record that breaks a rule is refused whole, with a reason a person understands: half a record would be a
lie about its source. Text is cleaned (see `text`) but never shortened. Unknown stays unknown.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from broadsheet import ids
from broadsheet.errors import BadRecord
from broadsheet.sources import withdrawal
from broadsheet.sources.text import line, paragraphs, short
from broadsheet.types import Author, Identifier, Record, Version

T = TypeVar("T")
Reader = Callable[[Mapping[str, object]], Record]  # one JSON object of a format to a record; raises BadRecord

TITLE, ABSTRACT, OTHER_TEXT, NAME, KEY = 2_000, 50_000, 20_000, 1_000, 500  # the most characters
AUTHORS, ENTRIES = 10_000, 1_000  # the most entries of a list: of authors, of anything else
COUNT = 10**9
_SLACK = timedelta(days=2)  # time zones, clocks, and editions that are dated a day ahead
_LINK = re.compile(r"https?://[^\s<>\"\\^`{|}]{3,2000}", re.IGNORECASE)
_DAY = re.compile(r"[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])", re.ASCII)  # days that every month has


class Door:
    """The rules, for records of one source read at one instant."""

    __slots__ = ("_latest", "now", "source")

    def __init__(self, source: str, now: datetime) -> None:
        self.source, self.now = source, now
        self._latest = (now + _SLACK).date().isoformat()

    def record(
        self,
        *,
        key: str,
        title: object,
        abstract: object = None,
        summary: object = None,
        authors: Sequence[Author] = (),
        author_count: object = None,
        categories: Sequence[str] = (),
        published: object = None,
        updated: object = None,
        announced: object = None,
        identifiers: Sequence[Identifier] = (),
        comment: object = None,
        journal_ref: object = None,
        licence: object = None,
        versions: Sequence[Version] = (),
        withdrawn: bool = False,
        links: Sequence[str] = (),
        keywords: Sequence[str] = (),
        votes: object = None,
        comments: object = None,
        citations: object = None,
        stars: object = None,
        venue: object = None,
        submitted: object = None,
        edition: object = None,
        position: object = None,
        source: str | None = None,
    ) -> Record:
        """A record of checked and cleaned values. Raises BadRecord with the first reason found against it."""
        checked_title = text(title, "title", TITLE)
        if checked_title is None:
            raise BadRecord("the title is missing")
        checked_comment = text(comment, "comment", OTHER_TEXT)
        day = self.date(edition, "edition")
        if day is not None and len(day) != len("2024-05-17"):
            raise BadRecord(f"edition {day} is no day")
        return Record(
            source=source or self.source,
            source_key=key[:KEY],
            title=checked_title,
            abstract=long_text(abstract, "abstract", ABSTRACT),
            summary=long_text(summary, "summary", ABSTRACT),
            authors=_authors(authors),
            author_count=count(author_count, "author_count"),
            categories=_categories(categories),
            published=self.date(published, "published"),
            updated=self.date(updated, "updated"),
            announced=self.date(announced, "announced"),
            identifiers=self._identifiers(identifiers),
            comment=checked_comment,
            journal_ref=text(journal_ref, "journal_ref", OTHER_TEXT),
            licence=text(licence, "licence", OTHER_TEXT),
            versions=tuple(sorted(versions, key=_number)) if versions else (),
            withdrawn=withdrawn or withdrawal.says_so(checked_comment),
            links=_unique(filter(_is_link, map(str.strip, links))) if links else (),
            keywords=_unique(filter(None, map(line, keywords))) if keywords else (),
            votes=count(votes, "votes"),
            comments=count(comments, "comments"),
            citations=count(citations, "citations"),
            stars=count(stars, "stars"),
            venue=text(venue, "venue", OTHER_TEXT),
            submitted=self.instant(submitted, "submitted"),
            edition=day,
            position=count(position, "position"),
        )

    def date(self, value: object, field: str) -> str | None:
        """The normal form of a date of any form. Raises BadRecord if it is none, or lies in the future."""
        if value is None or value == "":
            return None
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)  # a year
        if not isinstance(value, str):
            raise BadRecord(f"{field} is {kind(value)}, not a date")
        day = value if _DAY.fullmatch(value) else ids.iso_date(value)
        if day is None:
            raise BadRecord(f"{field} {short(value)} is no date")
        if ids.first_day(day) > self._latest:
            raise BadRecord(f"{field} {day} lies in the future")
        return day

    def instant(self, value: object, field: str) -> str | None:
        """An instant in UTC, of a time in ISO 8601 or RFC 2822 with its zone. Raises BadRecord as `date` does."""
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            raise BadRecord(f"{field} is {kind(value)}, not a time")
        moment = ids.instant(value)
        if moment is None:
            raise BadRecord(f"{field} {short(value)} is no time with a time zone")
        if moment[: len(self._latest)] > self._latest:
            raise BadRecord(f"{field} {moment} lies in the future")
        return moment

    def version(self, number: int, created: object) -> Version:
        """One version of a paper. Raises BadRecord if its date cannot be."""
        if not 1 <= number <= COUNT:
            raise BadRecord(f"there is no version {number}")
        return Version(number, self.date(created, f"the date of version {number}"))

    def _identifiers(self, found: Sequence[Identifier]) -> tuple[Identifier, ...]:
        unique = _unique(found) if len(found) > 1 else tuple(found)
        names = [value for scheme, value in unique if scheme == "arxiv"]
        if names and ids.arxiv_month(names[0]) > self._latest:
            raise BadRecord(f"arXiv id {names[0]} is of the month {ids.arxiv_month(names[0])}, which has not come yet")
        if len(names) > 1:
            # An author's DOI field may name another paper on arXiv; the first, its own id, counts.
            unique = tuple(entry for entry in unique if entry.scheme != "arxiv" or entry.value == names[0])
        return unique


def identify(value: object, field: str) -> tuple[Identifier, ...]:
    """The identifiers a text stands for. Raises BadRecord if it stands for none, or is not text."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise BadRecord(
            f"{field} is the number {short(value)}: write it as text in quotes, as a number it loses its zeros"
            f' ("0704.0560" became 704.056)'
        )
    if not isinstance(value, str):
        raise BadRecord(f"{field} is {kind(value)}, not text")
    found = ids.identifiers(value)
    if not found:
        raise BadRecord(f"{field} {short(value)} is no arXiv id, DOI or other identifier known here")
    return found


def dois(value: object) -> list[Identifier]:
    """What a DOI field names. It may hold several DOIs, and things that are none: these are passed over."""
    if value is None:
        return []
    if not isinstance(value, str):
        raise BadRecord(f"doi is {kind(value)}, not text")
    return [entry for word in value.split() if ids.doi(word) for entry in ids.identifiers(word)]


def text(value: object, field: str, most: int) -> str | None:
    """Clean text on one line; None for nothing. Raises BadRecord if it is not text, or too long."""
    if value is None:
        return None
    return line(_measured(value, field, most)) or None


def long_text(value: object, field: str, most: int) -> str | None:
    """Clean text in paragraphs; None for nothing. Raises BadRecord as `text` does."""
    if value is None:
        return None
    return paragraphs(_measured(value, field, most)) or None


def _measured(value: object, field: str, most: int) -> str:
    if not isinstance(value, str):
        raise BadRecord(f"{field} is {kind(value)}, not text")
    if len(value) > most:
        raise BadRecord(f"{field} of {len(value):,} characters; the limit is {most:,}")
    return value


def count(value: object, field: str) -> int | None:
    """A number from 0 to a thousand million, or None. Raises BadRecord if it is something else."""
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadRecord(f"{field} is {kind(value)}, not a whole number")
    if not 0 <= value <= COUNT:
        raise BadRecord(f"{field} is {short(value)}, which cannot be")
    return value


def texts(value: object, field: str) -> list[str]:
    """A list of texts; empty for None. Raises BadRecord if it is something else, or too long."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise BadRecord(f"{field} is {kind(value)}, not a list")
    if len(value) > ENTRIES:
        raise BadRecord(f"{field} has {len(value):,} entries; the limit is {ENTRIES:,}")
    for entry in value:
        if not isinstance(entry, str):
            raise BadRecord(f"{field} holds {kind(entry)}, not text")
        if len(entry) > NAME:
            raise BadRecord(f"{field} holds an entry of {len(entry):,} characters; the limit is {NAME:,}")
    return value


def kind(value: object) -> str:
    """What sort of JSON value this is, with its article."""
    names = {str: "text", bool: "a truth value", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return names.get(type(value), "nothing") if value is not None else "nothing"


def own_key(identifiers: Iterable[Identifier], title: object, more: str = "") -> str:
    """A record's own key in its source: its first identifier, else its title's key and `more`."""
    first = next(iter(identifiers), None)
    if first is not None:
        return first.value if first.scheme == "arxiv" else f"{first.scheme}:{first.value}"
    if not isinstance(title, str):
        return ""  # the door refuses it in a moment
    return (ids.title_key(title[:TITLE]) or line(title[:TITLE])) + more


def _authors(authors: Sequence[Author]) -> tuple[Author, ...]:
    if len(authors) > AUTHORS:
        raise BadRecord(f"{len(authors):,} authors; the limit is {AUTHORS:,}")
    found = []
    for author in authors:
        name = author.name = line(author.name)
        if len(name) > NAME:
            raise BadRecord(f"an author's name of {len(name):,} characters; the limit is {NAME:,}")
        if author.affiliation is not None:
            author.affiliation = text(author.affiliation, "affiliation", OTHER_TEXT)
        if author.orcid is not None:
            author.orcid = text(author.orcid, "orcid", NAME)
        if name:
            found.append(author)
    return tuple(found)


def _is_link(text: str) -> bool:
    return _LINK.fullmatch(text) is not None and text.isprintable()


def _number(version: Version) -> int:
    return version.number


def _categories(categories: Iterable[str]) -> tuple[str, ...]:
    found = tuple(filter(None, map(ids.category, categories)))
    return found if len(set(found)) == len(found) else _unique(found)


def _unique(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))
