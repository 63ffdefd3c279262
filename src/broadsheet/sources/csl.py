"""CSL-JSON, the format citation processors share: exports of Zotero and others, and what DOI registries answer with.

An item's names and dates are taken apart already. Fields may hold a few tags of rich text (<i>, <sup>), which go.
Zotero keeps a preprint's arXiv id in `number` and what its own fields have no room for in `note`, a line each; DOI
registries write titles as lists of one.
"""

import re
from collections.abc import Callable, Mapping

from broadsheet import ids
from broadsheet.errors import BadRecord
from broadsheet.sources import references
from broadsheet.sources.door import OTHER_TEXT, Door, Reader, dois, kind, own_key, text
from broadsheet.sources.markup import plain
from broadsheet.types import Author, Identifier, Record

KIND = "csl"
_SAYS_ARXIV = ("number", "archive_location", "archive-location", "container-title", "genre", "publisher")
_OTHER_IDS = ("PMID", "PMCID")
_PARTICLES = ("dropping-particle", "non-dropping-particle")


def looks(value: Mapping[str, object]) -> bool:
    """Whether an object can be an item: it has a type, and names or dates that are taken apart."""
    if not isinstance(value.get("type"), str) or "authors" in value:
        return False
    people = value.get("author")
    apart = isinstance(people, list) and any(
        isinstance(one, dict) and not one.keys().isdisjoint(_NAMED) for one in people
    )
    return apart or isinstance(value.get("issued"), dict) or "container-title" in value


_NAMED = ("family", "literal", "given")


def reader(door: Door) -> Reader:
    """The function that makes records of objects. It knows the keys it has seen."""
    seen: set[str] = set()

    def read(value: Mapping[str, object]) -> Record:
        record = _record(value, door)
        if record.source_key in seen:
            raise BadRecord(f'the item "{record.source_key}" appears twice')
        seen.add(record.source_key)
        return record

    return read


def _record(value: Mapping[str, object], door: Door) -> Record:
    def get(field: str) -> str:
        found = value.get(field)
        if isinstance(found, list):
            found = next(iter(found), None)
        if isinstance(found, int) and not isinstance(found, bool):
            found = str(found)
        return found if isinstance(found, str) and len(found) <= OTHER_TEXT else ""

    identifiers = _identifiers(get)
    title = value.get("title")
    title = next(iter(title), None) if isinstance(title, list) else title
    abstract, where = value.get("abstract"), get("container-title") or get("event-title") or get("event")
    published = references.known_day(door, date_of(value.get("issued")))
    own = get("id")
    return door.record(
        key=text(own, "id", OTHER_TEXT) or own_key(identifiers, title),
        title=plain(title) if isinstance(title, str) else title,
        abstract=plain(abstract) if isinstance(abstract, str) else abstract,
        authors=people(value.get("author")),
        published=published,
        identifiers=identifiers,
        venue=references.venue(where),
        journal_ref=references.place(
            where, volume=get("volume"), number=get("issue"), pages=get("page"), year=(published or "")[:4]
        ),
        links=[get("URL")] if get("URL") and not ids.identifiers(get("URL")) else [],
        keywords=[word for word in re.split(r"[,;]", get("keyword")) if word.strip()],
    )


def _identifiers(get: Callable[[str], str]) -> list[Identifier]:
    archive = get("archive_location") or get("archive-location") or get("number")
    says_so = "arxiv" in f"{get('archive')} {get('publisher')}".lower()
    names = ids.arxiv(archive) if says_so else None
    found = [Identifier("arxiv", names[0])] if names else []
    rows = [
        row for row in get("note").splitlines() if row.lower().startswith("arxiv")
    ]  # others may tell of other papers
    found += [name for words in (*map(get, _SAYS_ARXIV), *rows) if (name := references.arxiv_in(words))]
    found += dois(get("DOI") or None)
    found += [name for field in _OTHER_IDS if get(field) for name in ids.identifiers(f"{field}:{get(field)}")]
    found += [name for row in get("note").splitlines() for name in ids.identifiers(row)]
    found += ids.identifiers(get("URL"))
    return list(dict.fromkeys(found))


def people(value: object) -> list[Author]:
    """The people of a name field, as they are called. Raises BadRecord if it holds anything else."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise BadRecord(f"author is {kind(value)}, not a list")
    return [author for entry in value if (author := _person(entry))]


def _person(entry: object) -> Author | None:
    if not isinstance(entry, dict):
        raise BadRecord(f"author holds {kind(entry)}, not a name")
    parts = {key: part.strip() for key, part in entry.items() if isinstance(part, str)}
    whole = parts.get("literal") or parts.get("name", "")
    family = " ".join(filter(None, (*(parts.get(particle, "") for particle in _PARTICLES), parts.get("family", ""))))
    name = whole or " ".join(filter(None, (parts.get("given", ""), family, parts.get("suffix", ""))))
    orcid = parts.get("ORCID", "").rpartition("/")[2]
    places = entry.get("affiliation")
    where = [place.get("name") for place in places if isinstance(place, dict)] if isinstance(places, list) else []
    affiliation = "; ".join(place for place in where if isinstance(place, str) and place)
    return Author(name, affiliation or None, orcid or None) if name else None


def date_of(value: object) -> str | None:
    """The date of a date field, as whole as it is given: its parts, or what it says in words."""
    if not isinstance(value, dict):
        return ids.iso_date(value) if isinstance(value, str) else None
    ranges = value.get("date-parts")
    first = ranges[0] if isinstance(ranges, list) and ranges else None
    if isinstance(first, list):
        digits = [str(part) for part in first if isinstance(part, int | str) and not isinstance(part, bool)]
        parts = [part.zfill(2) for part in digits if part.isascii() and part.isdecimal()][:3]
        while parts:
            if day := ids.iso_date("-".join(parts)):
                return day
            parts.pop()
    words = (value.get(key) for key in ("raw", "literal", "edtf", "string"))
    return next((day for word in words if isinstance(word, str) and (day := ids.iso_date(word))), None)
