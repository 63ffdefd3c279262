"""A record's metadata in an OAI-PMH answer -> Record: formats arXiv, arXivRaw and oai_dc.

What their schemas do not say. In `arXiv`, `created` is the date of the *current* version, though the schema calls it
the first one's: it is when a paper was published only where it fits the month of the arXiv id. `arXivRaw` has every
version with its date, and tells withdrawn papers by the letter I of the newest one's `source_type`. A DOI field may
hold several, and things that are none. Text keeps arXiv's line breaks and TeX; a line that starts with two spaces
begins a paragraph. Authors of `arXivRaw` are one string; `arXiv` has them apart, so both formats are worth having.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from types import MappingProxyType

from lxml import etree

from broadsheet import ids
from broadsheet.errors import BadRecord
from broadsheet.ids.categories import ARCHIVES, NAMES
from broadsheet.sources import names
from broadsheet.sources.arxiv.oaipage import Entry, content, elements, name_of
from broadsheet.sources.door import ENTRIES, Door, dois, identify
from broadsheet.sources.snapshot import abstract_text
from broadsheet.sources.text import short
from broadsheet.types import Author, Identifier, Record, Version

_MONTH = timedelta(days=31)


def key_of(entry: Entry) -> str:
    """What a record is called in its server: the arXiv id where it is one, else the server's own identifier.

    Deleted records have nothing but this. Raises BadRecord where there is none.
    """
    found = ids.arxiv(entry.identifier) or ids.arxiv(entry.identifier.rpartition(":")[2])
    if found is None and not entry.identifier:
        raise BadRecord("the record has no identifier in its header")
    return found[0] if found else entry.identifier


def record_of(entry: Entry, door: Door) -> Record:
    """The record of an entry that is not deleted. Raises BadRecord with what is wrong."""
    if entry.metadata is None:
        raise BadRecord(f"{short(entry.identifier)} has no metadata")
    form = name_of(entry.metadata)
    if form not in _FORMATS:
        raise BadRecord(f"{short(entry.identifier)} is in the format {short(form)}, not in arXiv, arXivRaw or oai_dc")
    return _FORMATS[form](entry.metadata, key_of(entry), door)


def _arxiv(metadata: etree._Element, key: str, door: Door) -> Record:
    fields = _fields(metadata)
    identifiers = _identifiers(fields, key)
    created = door.date(_text(fields, "created"), "created")
    first = created is not None and _fits(created, identifiers)
    authors = fields.get("authors")
    return door.record(
        key=key,
        title=_text(fields, "title"),
        abstract=abstract_text(_text(fields, "abstract")),
        authors=[_author(one) for one in elements(authors) if name_of(one) == "author"] if authors is not None else [],
        categories=(_text(fields, "categories") or "").split(),
        published=created if first else None,
        updated=None if first else created,
        identifiers=identifiers,
        comment=_text(fields, "comments"),
        journal_ref=_text(fields, "journal-ref"),
        licence=_text(fields, "license"),
    )


def _raw(metadata: etree._Element, key: str, door: Door) -> Record:
    fields = _fields(metadata)
    found = sorted(_versions(metadata, door), key=lambda one: one[0].number)
    versions = [version for version, _, _ in found]
    first = found[0][1] if found and versions[0].number == 1 else ""
    return door.record(
        key=key,
        title=_text(fields, "title"),
        abstract=abstract_text(_text(fields, "abstract")),
        authors=names.from_string(_text(fields, "authors") or ""),
        categories=(_text(fields, "categories") or "").split(),
        published=versions[0].created if first else None,
        updated=versions[-1].created if len(versions) > 1 else None,
        submitted=ids.instant(first),
        identifiers=_identifiers(fields, key),
        comment=_text(fields, "comments"),
        journal_ref=_text(fields, "journal-ref"),
        licence=_text(fields, "license"),
        versions=versions,
        withdrawn=bool(found) and "I" in found[-1][2],
    )


def _dublin_core(metadata: etree._Element, key: str, door: Door) -> Record:
    said: dict[str, list[str]] = {}
    for child in elements(metadata):
        said.setdefault(name_of(child), []).append(content(child))
    get = said.get
    named, links, journal_ref = _named(get("identifier", []))
    words, dates = get("description", []), sorted(filter(None, get("date", [])))
    codes = [_BY_NAME[one] for one in get("subject", []) if one in _BY_NAME]
    own = ids.identifiers(f"arxiv:{key}") if ids.arxiv(key) else ()
    return door.record(
        key=key,
        title=next(iter(get("title", [])), None),
        abstract=words[0] if words else None,
        authors=[Author(_turned(one)) for one in get("creator", [])],
        categories=codes,
        keywords=[one for one in get("subject", []) if one not in _BY_NAME],
        published=dates[0] if dates else None,
        updated=dates[-1] if len(dates) > 1 else None,
        identifiers=[*own, *named],
        comment=next((note.partition("Comment: ")[2] or note for note in words[1:]), None),
        journal_ref=journal_ref,
        licence=next(iter(get("rights", [])), None),
        links=links,
    )


_FORMATS: Mapping[str, Callable[[etree._Element, str, Door], Record]] = MappingProxyType(
    {"arXiv": _arxiv, "arXivRaw": _raw, "dc": _dublin_core}
)


def _fields(metadata: etree._Element) -> dict[str, etree._Element]:
    """The elements of a flat format by name, the first of each."""
    fields: dict[str, etree._Element] = {}
    for child in elements(metadata):
        fields.setdefault(name_of(child), child)
    return fields


def _text(fields: Mapping[str, etree._Element], name: str) -> str | None:
    element = fields.get(name)
    if element is None:
        return None
    # Not stripped: a first line that is indented is the same as one that is not, but the next one may be a paragraph.
    return element.text if len(element) == 0 else "".join(map(str, element.itertext()))


def _identifiers(fields: Mapping[str, etree._Element], key: str) -> list[Identifier]:
    """The paper's own name, from its `id` or else its header, and its DOIs."""
    return [*identify(_text(fields, "id") or key, "id"), *dois(_text(fields, "doi"))]


def _fits(created: str, identifiers: list[Identifier]) -> bool:
    """Whether the date of the current version can be that of the first.

    It is in the month of the arXiv id, or in the one before: ids are given when a paper is handed in, but the oldest
    ones were given when it was announced. Any later and it is a replacement's.
    """
    name = next((value for scheme, value in identifiers if scheme == "arxiv"), None)
    if name is None or len(created) != len("2026-11-20"):
        return True
    month = date.fromisoformat(ids.arxiv_month(name) + "-01")
    return month - _MONTH <= date.fromisoformat(created) and created[: len("2026-11")] <= ids.arxiv_month(name)


def _author(element: etree._Element) -> Author:
    parts = {name_of(child): content(child) for child in elements(element)}
    name = " ".join(filter(None, (parts.get("forenames"), parts.get("keyname"), parts.get("suffix"))))
    return Author(name, parts.get("affiliation") or None)


def _versions(metadata: etree._Element, door: Door) -> Iterator[tuple[Version, str, str]]:
    """Each version with its date as it stands there, and the letters of its source type."""
    found = [child for child in elements(metadata) if name_of(child) == "version"]
    if len(found) > ENTRIES:
        raise BadRecord(f"{len(found):,} versions; the limit is {ENTRIES:,}")
    for at, element in enumerate(found, start=1):
        parts = {name_of(child): content(child) for child in elements(element)}
        digits = (element.get("version") or "").strip().lower().removeprefix("v")
        number = int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= 4 else at
        created = parts.get("date", "")
        yield door.version(number, created), created, parts.get("source_type", "")


def _named(found: list[str]) -> tuple[list[Identifier], list[str], str | None]:
    """What the identifiers of Dublin Core are: names of the paper, links to it, and the words of a journal."""
    named: list[Identifier] = []
    links: list[str] = []
    journal_ref = None
    for text in found:
        if known := ids.identifiers(text):
            named.extend(known)
        elif text.startswith(("http://", "https://")):
            links.append(text)
        else:
            journal_ref = journal_ref or text or None
    return named, links, journal_ref


def _turned(creator: str) -> str:
    """ "Last Suffix, First" in the order it is spoken."""
    last, _, first = creator.partition(", ")
    return f"{first} {last}".strip()


def _full_names() -> Iterator[tuple[str, str]]:
    """Categories as Dublin Core has them: "Computer Science - Machine Learning", "High Energy Physics - Theory"."""
    for code, name in NAMES.items():
        archive, _, part = code.partition(".")
        yield (f"{ARCHIVES[archive]} - {name}" if part else name), code


_BY_NAME: Mapping[str, str] = MappingProxyType(dict(_full_names()))
