"""Records as JSON text and back: what a source said, without what it left out.

The text is the same for the same record, so that comparing texts tells whether a source says anything
new. Reading is on the way of every page and of the whole index, hence plain dictionaries and no `asdict`.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from json import JSONEncoder
from typing import Any

from broadsheet.types import Author, Identifier, Paper, Record, Version

_PLAIN = (
    "title",
    "abstract",
    "summary",
    "author_count",
    "published",
    "updated",
    "announced",
    "comment",
    "journal_ref",
    "licence",
    "withdrawn",
    "votes",
    "comments",
    "edition",
    "position",
    "citations",
    "stars",
    "venue",
    "submitted",
)
_LISTS = ("categories", "links", "keywords")
_encode = JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_encode_ascii = JSONEncoder(separators=(",", ":")).encode
_decode = json.JSONDecoder().decode
# What people did there, and where the list put it: it changes by the hour and is no revision of the words.
_COUNTS = frozenset({"votes", "comments", "citations", "stars", "position"})


def encode(record: Record) -> str:
    """The record as JSON text, without its source and source key."""
    said: dict[str, Any] = {"title": record.title}
    said |= {name: value for name in _PLAIN if (value := getattr(record, name)) or value == 0}
    if not record.withdrawn:
        said.pop("withdrawn", None)
    for name in _LISTS:
        if value := getattr(record, name):
            said[name] = list(value)
    if record.authors:
        said["authors"] = [_author(author) for author in record.authors]
    if record.identifiers:
        said["identifiers"] = [list(identifier) for identifier in record.identifiers]
    if record.versions:
        said["versions"] = [[version.number, version.created] for version in record.versions]
    text = _encode(said)
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair: escaped, it can be stored and comes back as it was
        return _encode_ascii(said)
    return text


def decode(source: str, source_key: str, text: str) -> Record:
    """The record that `encode` made the text of."""
    said = _decode(text)
    # The lists of lists become tuples in place: what is left is already named as Record names it.
    for name in _LISTS:
        if name in said:
            said[name] = tuple(said[name])
    if authors := said.get("authors"):
        said["authors"] = tuple([Author(one) if one.__class__ is str else Author(*one) for one in authors])
    if identifiers := said.get("identifiers"):
        said["identifiers"] = tuple([Identifier(*one) for one in identifiers])
    if versions := said.get("versions"):
        said["versions"] = tuple([Version(*one) for one in versions])
    return Record(source, source_key, **said)


def title_of(text: str) -> str:
    """The title of the record that `encode` made the text of."""
    title: str = _decode(text)["title"]
    return title


def texts_of(text: str) -> tuple[str, str]:
    """The title of the record that `encode` made the text of, and all that it says of the paper in words."""
    said = _decode(text)
    title = said["title"]
    return title, "\n".join(
        filter(None, (title, said.get("abstract"), said.get("summary"), " ; ".join(said.get("keywords", ()))))
    )


def words(record: Record | Paper) -> Mapping[str, str]:
    """What the record or paper says, field by field, as text for a person to read. What it leaves out is not there."""
    return dict(_words(record))


def stamp(at: datetime) -> str:
    """An instant as the catalogue writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _words(record: Record | Paper) -> Iterator[tuple[str, str]]:
    for name in _PLAIN:
        value = getattr(record, name, None)  # a paper has no place in an edition
        if name not in _COUNTS and value not in (None, "", False):
            yield name, "yes" if value is True else str(value)
    for name in _LISTS:
        if value := getattr(record, name):
            yield name, ", ".join(value)
    if record.authors:
        yield "authors", "; ".join(author.name for author in record.authors)
    if record.identifiers:
        yield "identifiers", ", ".join(f"{scheme}:{value}" for scheme, value in record.identifiers)
    if record.versions:
        yield (
            "versions",
            ", ".join(f"v{one.number}" + (f" ({one.created})" * bool(one.created)) for one in record.versions),
        )


def _author(author: Author) -> str | list[str | None]:
    if author.affiliation is None and author.orcid is None:
        return author.name
    return [author.name, author.affiliation, author.orcid]
