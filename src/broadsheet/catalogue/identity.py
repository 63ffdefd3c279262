"""When two records are one paper, and what a paper is called. Pure decisions about pairs.

Identifiers decide where they can. Two values of a scheme that gives a paper one name (`UNIQUE`) keep papers
apart, whatever else agrees: of 182,745 DOIs that authors gave to arXiv, 328 are claimed by several papers,
so a shared DOI must not join two arXiv ids. Where identifiers say nothing, the title may join two records,
never by itself: among 573,807 papers 658 titles are shared, and only 391 of those by the same first author.
"""

import hashlib
from base64 import b32encode
from collections.abc import Collection, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from broadsheet import ids
from broadsheet.types import Identifier, Paper, Record

UNIQUE = ("arxiv", "acl", "openreview")
# Public keys are named after the first of these that a paper has; other schemes follow, by name.
_KEYED_BY = ("arxiv", "doi", "acl", "openreview")
# Letters and digits of a title. "Preface" and its like are never looked up; "Editorial Board" and "Linguistics" need
# more evidence than others; nothing generic is as long as the last.
_SHORTEST_TITLE, _LONG_TITLE, _VERY_LONG_TITLE = 8, 20, 32
_OPENING = 80  # letters and digits of an abstract that make it the same abstract
FORMER = "key"  # the alias scheme of public keys that a paper no longer has


@dataclass(slots=True, frozen=True)
class Clues:
    """What can be compared of two records that may be one paper."""

    title_key: str
    year: int | None
    first_author: str
    author_count: int | None
    day: str
    opening: str
    named: bool


def clues(thing: Record | Paper) -> Clues:
    """The clues of a record or a paper. `named`: an identifier of a unique scheme tells it from all others."""
    return Clues(
        title_key=ids.title_key(thing.title),
        year=year(thing),
        first_author=ids.last_name(thing.authors[0].name) if thing.authors else "",
        author_count=len(thing.authors) or thing.author_count,
        day=thing.published if thing.published and len(thing.published) == len("2026-11-20") else "",
        opening=ids.title_key((thing.abstract or "")[: 3 * _OPENING])[:_OPENING],
        named=any(scheme in UNIQUE for scheme, _ in thing.identifiers),
    )


def year(thing: Record | Paper) -> int | None:
    """The year a paper appeared in, as far as its dates or its arXiv id tell."""
    date = thing.published or thing.announced
    if date is None:
        date = next((ids.arxiv_month(value) for scheme, value in thing.identifiers if scheme == "arxiv"), None)
    return int(date[:4]) if date else None


def may_match_by_title(title_key: str) -> bool:
    """Whether a title is long enough to mean one paper."""
    return len(title_key) >= _SHORTEST_TITLE


def same_work(one: Clues, other: Clues) -> str:
    """Why two records without a common identifier are one paper, as a phrase; "" if they may not be."""
    if one.title_key != other.title_key or not may_match_by_title(one.title_key):
        return ""
    if len(one.title_key) < _LONG_TITLE:
        return "same short title, day and number of authors" if _same_day_and_authors(one, other) else ""
    apart = abs(one.year - other.year) if one.year and other.year else None
    if apart is not None and apart > 2:
        return ""
    return _evidence(one, other, apart)


def _same_day_and_authors(one: Clues, other: Clues) -> bool:
    same = (one.day, one.author_count) == (other.day, other.author_count)
    return same and one.day != "" and (one.author_count or 0) > 2


def _evidence(one: Clues, other: Clues, apart: int | None) -> str:
    if one.first_author and other.first_author:
        return "same title and first author" if one.first_author == other.first_author else ""
    if one.author_count and one.author_count == other.author_count:
        return "same title and number of authors"
    if len(one.opening) == _OPENING and one.opening == other.opening:
        return "same title and abstract"
    if (one.author_count and other.author_count) or one.named == other.named:
        return ""
    # Nothing is known of the authors: a record without a name of its own is taken for the one that has one.
    # Some saved pages tell no dates either. A long title is all there is then, and a join can be undone.
    if apart is None:
        return "same long title" if len(one.title_key) >= _VERY_LONG_TITLE else ""
    return "same title and year" if apart <= 1 else ""


def different_works(one: Clues, other: Clues) -> bool:
    """Whether a DOI that two papers share must be a mistake: another title, and another first author."""
    authors = {one.first_author, other.first_author}
    return one.title_key != other.title_key and "" not in authors and len(authors) > 1


def still_same(before: Record, now: Record) -> bool:
    """Whether a source that sends other words under the same key still speaks of the same paper.

    A citation key may be given away: the file of another folder has the same name, and its own "smith2020".
    """
    old, new = all_identifiers(before), all_identifiers(now)
    if not old.isdisjoint(new):
        return True
    told, tells = clues(before), clues(now)
    if told.title_key == tells.title_key:
        return True
    if old and new:
        return False
    return (told.first_author, told.year) == (tells.first_author, tells.year)


def conflict(one: AbstractSet[Identifier], other: AbstractSet[Identifier]) -> bool:
    """Whether two sets of identifiers cannot be one paper's."""
    for scheme in UNIQUE:
        mine = {value for named, value in one if named == scheme}
        theirs = {value for named, value in other if named == scheme}
        if mine and theirs and mine.isdisjoint(theirs):
            return True
    return False


def all_identifiers(record: Record) -> frozenset[Identifier]:
    """All keys a record carries: DOIs of arXiv and of the ACL Anthology are those papers' own keys as well.

    A record has one name a unique scheme: what its DOI field says of another paper there is not believed.
    """
    found = set(record.identifiers)
    schemes = {scheme for scheme, _ in found}
    for scheme, value in record.identifiers:
        if scheme == "doi":
            found.update(one for one in ids.identifiers(value) if one.scheme not in schemes)
    return frozenset(found)


def public_key(present: str, identifiers: Collection[Identifier]) -> str:
    """The public key that a paper's identifiers give it, or "" if it has none.

    The present key stays while a name of the same rank would replace it: addresses should last.
    """
    ranked = sorted((rank(one.scheme), one.scheme, one.value) for one in identifiers if one.scheme != FORMER)
    if not ranked:
        return ""
    best = ranked[0][0]
    keys = [spelt(scheme, value) for rank, scheme, value in ranked if rank == best]
    return present if present in keys else keys[0]


def made_key(record: Record | Paper) -> str:
    """A key for a paper without identifiers, made from its title, year and first author."""
    told = clues(record)
    title = told.title_key or " ".join(record.title.split())  # a title may have no letter and no digit
    text = f"{title}|{told.year or ''}|{told.first_author}"
    digest = hashlib.blake2b(text.encode("utf-8", "backslashreplace"), digest_size=8).digest()
    return "bs:" + b32encode(digest).decode("ascii").lower()[:12]


def spellings(key: str) -> Iterable[Identifier]:
    """The identifiers a public key or any spelling of an identifier may stand for."""
    scheme, colon, value = key.strip().partition(":")
    found = list(ids.identifiers(key))
    if colon and scheme and value:
        found.append(Identifier(scheme.lower(), value.strip()))
    return dict.fromkeys(found)


def rank(scheme: str) -> int:
    return _KEYED_BY.index(scheme) if scheme in _KEYED_BY else len(_KEYED_BY)


def spelt(scheme: str, value: str) -> str:
    return value if scheme == "arxiv" else f"{scheme}:{value}"
