"""An entry of a feed -> a record: which of its texts are identifiers, who its authors are, when it appeared.

An entry that names no identifier is known by its own key in the feed: it joins no other source's record, and is a
paper of its own. A text too long for an abstract is a whole article and is left where it is.
"""

import re
from collections.abc import Iterable, Iterator

from broadsheet import ids
from broadsheet.errors import BadRecord
from broadsheet.sources import names, references
from broadsheet.sources.door import ABSTRACT, ENTRIES, NAME, Door, own_key
from broadsheet.sources.feeds.parsing import Entry
from broadsheet.types import Author, Identifier, Record

_MAIL = re.compile(r"\S+@\S+\.\S+")
_NAMED_MAIL = re.compile(r"\S+@\S+\s+\((.+)\)")  # RSS 2.0: "ada@example.org (Ada Lovelace)"
_PATH_DOI = re.compile(r"/(10\.\d{4,9}/.+)")
_VIEW = re.compile(r"/(?:abstract|full|fulltext|html|meta|pdf|epdf|summary)/?\Z", re.IGNORECASE)


def results(entries: Iterable[Entry], door: Door) -> list[Record | BadRecord]:
    """The record of each entry, or why it has none; of two with one key, the first, which is the newer."""
    found: dict[str, Record | BadRecord] = {}
    for number, entry in enumerate(entries):
        try:
            record = _record(entry, door)
            found.setdefault(record.source_key, record)
        except BadRecord as error:
            found[f"\0{number}"] = BadRecord(f"{(entry.key or 'an entry')[:200]}: {error.reason}")
    return list(found.values())


def _record(entry: Entry, door: Door) -> Record:
    identifiers = list(dict.fromkeys(_identifiers(entry)))
    published = references.known_day(door, *entry.published, *entry.updated)
    where = entry.where.get("name", "")
    subjects = entry.subjects[:ENTRIES]
    key = own_key(identifiers, "") or entry.key
    if not key:
        raise BadRecord("it has neither an identifier nor a key nor a link")
    return door.record(
        key=key,
        title=entry.title,
        abstract=entry.text if entry.text is None or len(entry.text) <= ABSTRACT else None,
        authors=_authors(entry.authors),
        categories=[code for subject in subjects if (code := ids.category(subject))],
        published=published,
        updated=references.known_day(door, *entry.updated),
        identifiers=identifiers,
        venue=references.venue(where),
        journal_ref=references.place(
            where,
            volume=entry.where.get("volume", ""),
            number=entry.where.get("number", ""),
            pages=entry.where.get("pages", ""),
            year=(published or "")[:4] if entry.where.get("volume") else "",
        ),
        links=[link for link in entry.links[:ENTRIES] if not ids.identifiers(link)],
        keywords=[subject for subject in subjects if len(subject) <= NAME and not ids.category(subject)],
    )


def _identifiers(entry: Entry) -> Iterator[Identifier]:
    """What its key, its links and the fields for that name; else the DOI in the address a publisher gave it."""
    found = [name for text in (*entry.names, *entry.links) for name in ids.identifiers(text) if _is_sure(name, text)]
    yield from found
    for link in entry.links if not found else ():
        if match := _PATH_DOI.search(link.partition("?")[0].partition("#")[0]):
            yield from ids.identifiers(_VIEW.sub("", match[1]))


def _is_sure(name: Identifier, text: str) -> bool:
    """Whether a text surely means this: a key of forty hexadecimal digits is hardly ever Semantic Scholar's."""
    return name.scheme in {"arxiv", "doi"} or ":" in text


def _authors(written: list[str]) -> list[Author]:
    if len(written) == 1:
        return _of_one_string(written[0])
    return references.people([name for text in written if (name := _without_mail(text))])


def _of_one_string(text: str) -> list[Author]:
    """The authors of one field, which may hold one name in either order, or all of them."""
    text = _without_mail(text)
    if ";" in text:
        return references.people([part.strip() for part in text.split(";")])
    parts = [part.strip() for part in text.split(",")]
    if len(parts) == 2 and " and " not in text and not all(" " in part for part in parts):
        return references.people([text])  # "Lovelace, Ada"
    return names.from_string(text)


def _without_mail(text: str) -> str:
    """A name without the address beside it: nobody agreed to have that kept here."""
    if match := _NAMED_MAIL.fullmatch(text):
        return match[1].strip()
    return " ".join(_MAIL.sub(" ", text).split()).strip("<>() ")
