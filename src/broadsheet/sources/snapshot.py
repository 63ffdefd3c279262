"""Lines of arXiv's public metadata snapshot (`arxiv-metadata-oai-snapshot.json`), about 4.6 GB of them.

Its ids are text and must stay so. Titles and abstracts keep arXiv's line breaks; a line that starts with
two spaces begins a new paragraph. The first version's date is when a paper was published, and its time the
instant from which the announcement follows; `update_date` is the last change of the *record*, and is not used
where versions have dates.
"""

import re
from collections.abc import Mapping

from broadsheet import ids
from broadsheet.errors import BadRecord
from broadsheet.sources import names
from broadsheet.sources.door import ENTRIES, Door, Reader, dois, identify, kind, own_key
from broadsheet.types import Author, Record, Version

KIND = "arxiv-snapshot"
_PARAGRAPH = re.compile(r"\n {2,}(?=\S)")


def looks(value: Mapping[str, object]) -> bool:
    """Whether an object can be a line of the snapshot."""
    return "authors_parsed" in value or ("update_date" in value and "versions" in value)


def reader(door: Door) -> Reader:
    """The function that makes records of objects."""

    def read(value: Mapping[str, object]) -> Record:
        get = value.get
        identifiers = [*identify(get("id"), "id"), *dois(get("doi"))]
        versions = _versions(get("versions"), door)
        last = versions[-1].created if len(versions) > 1 else None
        categories = get("categories")
        return door.record(
            key=own_key(identifiers, ""),
            title=get("title"),
            abstract=abstract_text(get("abstract")),
            authors=_authors(value),
            categories=categories.split() if isinstance(categories, str) else (),
            published=versions[0].created if versions else None,
            updated=last if versions else get("update_date"),
            identifiers=identifiers,
            comment=get("comments"),
            journal_ref=get("journal-ref"),
            licence=get("license"),
            versions=versions,
            submitted=_submitted(get("versions")),
        )

    return read


def abstract_text(abstract: object) -> object:
    """An abstract with its paragraphs set apart by blank lines; what is no text stays as it is."""
    return _PARAGRAPH.sub("\n\n", abstract) if isinstance(abstract, str) else abstract


def _submitted(versions: object) -> str | None:
    """When the first version was handed in; unknown where its date has no time, or the list begins with another."""
    if not isinstance(versions, list) or not versions or not isinstance(versions[0], dict):
        return None
    created = versions[0].get("created")
    if versions[0].get("version", "v1") != "v1" or not isinstance(created, str):
        return None
    return ids.instant(created)


def _versions(value: object, door: Door) -> list[Version]:
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > ENTRIES:
        raise BadRecord(f"versions is {kind(value)}, not a list of a few")
    found = []
    for number, entry in enumerate(value, start=1):
        if not isinstance(entry, dict):
            raise BadRecord(f"versions holds {kind(entry)}, not a version")
        name = str(entry.get("version", "")).lower().removeprefix("v")
        given = int(name) if name.isascii() and name.isdecimal() and len(name) <= len("9999") else number
        found.append(door.version(given, entry.get("created")))
    return sorted(found, key=lambda version: version.number)


def _authors(value: Mapping[str, object]) -> list[Author]:
    """The authors, from their parsed names (last, first, suffix, affiliations...) or else from the one string."""
    parsed, written = value.get("authors_parsed"), value.get("authors")
    if not isinstance(parsed, list) or not parsed:
        return names.from_string(written) if isinstance(written, str) else []
    found = []
    for entry in parsed:
        if not isinstance(entry, list) or not all(isinstance(part, str) for part in entry):
            raise BadRecord("authors_parsed holds something that is no name")
        last, first, suffix, *affiliations = [*entry, "", "", ""][: max(3, len(entry))]
        name = " ".join(filter(None, (first, last, suffix)))
        found.append(Author(name, "; ".join(filter(None, affiliations)) or None))
    return found
