"""BibTeX and BibLaTeX, read by bibtexparser some hundred entries at a time.

The file is cut where a line starts a new entry (`@article{`), which is where the parser too gives up on an
entry that is not closed: a broken one costs itself only. Values are joined and macros replaced here, because
the parser leaves `10 # " " # jan` as it is. Braces go, TeX stays: `tex` reads it.
"""

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from bibtexparser.entrypoint import parse_string
from bibtexparser.library import Library
from bibtexparser.model import Entry, ParsingFailedBlock, String

from broadsheet import ids
from broadsheet.errors import BadRecord
from broadsheet.sources import bibvalues, references
from broadsheet.sources.door import OTHER_TEXT, Door, dois, own_key
from broadsheet.sources.stream import LONGEST_LINE, Stream
from broadsheet.sources.text import line, short
from broadsheet.types import Identifier, Record

KIND = "bibtex"
_BATCH = 2**18  # bytes of entries that are parsed at once
_STARTS_ENTRY = re.compile(rb"[ \t]*@\w*[ \t]*[{(]")
_ENTRY_LINE = re.compile(r"^(?=[ \t]*@\w*[ \t]*[{(])", re.MULTILINE)
_NO_PAPERS = frozenset({"control", "ieeetranbstctl", "set", "xdata"})
_SAYS_ARXIV = ("journal", "volume", "note", "howpublished", "number", "publisher", "eprint")
_OTHER_IDS = ("pmid", "pmcid")
_LINKS = ("url", "code", "github", "project", "website")

_Located = tuple[int, Record | BadRecord]


def read(stream: Stream, door: Door, _saved: datetime) -> Iterator[_Located]:
    """The entries of a file."""
    macros = dict(bibvalues.MONTHS)
    keys: dict[str, int] = {}
    for start, data in _batches(stream):
        if data is None:
            yield start, BadRecord(f"an entry longer than {LONGEST_LINE // 2**20} MiB")
        else:
            yield from _entries(start, _decoded(data), door, macros, keys)


def _batches(stream: Stream) -> Iterator[tuple[int, bytes | None]]:
    """Whole entries, many at once, with the line they start in; None for an entry that is too long."""
    lines: list[bytes] = []
    start, size, entry_size = 1, 0, 0
    for number, data in stream.lines():
        starts = data is not None and _STARTS_ENTRY.match(data) is not None
        if lines and starts and size > _BATCH:
            yield start, b"".join(lines)
            lines, size = [], 0
        if starts:
            entry_size = 0
        if data is not None and entry_size + len(data) <= LONGEST_LINE:
            if not lines:
                start = number
            lines.append(data)
            size += len(data)
            entry_size += len(data)
        elif entry_size <= LONGEST_LINE:
            # Its beginning goes with it; what follows, up to the next entry, is passed over.
            while lines and not _STARTS_ENTRY.match(lines.pop()):
                pass
            if lines:
                yield start, b"".join(lines)
            yield number, None
            lines, size, entry_size = [], 0, LONGEST_LINE + 1
    if lines:
        yield start, b"".join(lines)


def _decoded(data: bytes) -> str:
    """The text; files older than UTF-8 are in the encoding of Western Windows or Unix."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


@contextmanager
def _quiet() -> Iterator[None]:
    """Keeps the parser from logging what we report in our own words."""
    log = logging.getLogger("bibtexparser.splitter")
    before, log.disabled = log.disabled, True
    try:
        yield
    finally:
        log.disabled = before


def _parsed(start: int, text: str) -> Iterator[tuple[int, Library | BadRecord]]:
    """The parser's result for some entries; one by one where it gives up on all of them."""
    try:
        with _quiet():
            yield start, parse_string(text, parse_stack=())
    except Exception as error:  # noqa: BLE001 - the parser raises anything where it finds its own state wrong
        entries = _ENTRY_LINE.split(text)
        if len(entries) == 1:
            yield start, BadRecord(f"a broken entry: {line(str(error))[:OTHER_TEXT]}")
            return
        for entry in entries:
            yield from _parsed(start, entry)
            start += entry.count("\n")


def _entries(start: int, text: str, door: Door, macros: dict[str, str], keys: dict[str, int]) -> Iterator[_Located]:
    for number, library in _parsed(start, text):
        if isinstance(library, BadRecord):
            yield number, library
        else:
            yield from _results(number, library, door, macros, keys)


def _results(
    start: int, library: Library, door: Door, macros: dict[str, str], keys: dict[str, int]
) -> Iterator[_Located]:
    for block in library.blocks:
        number = start + (block.start_line or 0)
        entry = block.ignore_error_block if isinstance(block, ParsingFailedBlock) else block
        if isinstance(entry, String):
            macros[entry.key.lower()] = bibvalues.joined(entry.value, macros)[:OTHER_TEXT]
        elif isinstance(entry, Entry):
            if entry.entry_type.lower() not in _NO_PAPERS:
                yield number, _result(entry, number, door, macros, keys)
        elif isinstance(block, ParsingFailedBlock):
            reason = getattr(block.error, "abort_reason", None) or str(block.error)
            if "end of file" in reason:
                reason = "it is not closed before the next one starts, or the file ends"
            yield number, BadRecord(f"a broken entry, {short((block.raw or '')[:40].splitlines()[0])}: {line(reason)}")


def _result(
    entry: Entry, number: int, door: Door, macros: Mapping[str, str], keys: dict[str, int]
) -> Record | BadRecord:
    if keys.setdefault(entry.key, number) != number:
        return BadRecord(f"the key {short(entry.key)} is that of line {keys[entry.key]:,} too")
    fields: dict[str, str] = {}
    for field in entry.fields:  # of a field given twice the first counts, as in BibTeX
        fields.setdefault(field.key.lower(), bibvalues.joined(str(field.value), macros))
    try:
        return _record(entry.key, fields, door)
    except BadRecord as error:
        return error


def _record(key: str, written: Mapping[str, str], door: Door) -> Record:
    fields = {name: line(bibvalues.unbraced(value)) for name, value in written.items() if len(value) <= OTHER_TEXT}
    get = fields.get
    identifiers = _identifiers(fields)
    title = get("title")
    if title is not None and (subtitle := get("subtitle")):
        title = f"{title}: {subtitle}"
    url_names = [name for field in _LINKS for name in ids.identifiers(get(field, ""))]
    authors = bibvalues.authors(written.get("author", ""))
    where = get("journal") or get("journaltitle") or get("booktitle")
    issue = {name: get(name, "") for name in ("volume", "number", "pages", "year")}
    return door.record(
        key=line(key) or own_key(identifiers, title),
        title=title if title is not None else written.get("title"),
        abstract=bibvalues.unbraced(written["abstract"]) if "abstract" in written else None,
        authors=authors,
        categories=get("primaryclass", get("eprintclass", "")).split(),
        published=bibvalues.published(fields),
        identifiers=[*identifiers, *url_names],
        comment=get("note") or get("annote"),
        venue=references.venue(where),
        journal_ref=references.place(where, **issue),
        licence=get("license") or get("licence"),
        links=[fields[name] for name in _LINKS if name in fields and not ids.identifiers(fields[name])],
        keywords=[word for word in re.split(r"[,;]", get("keywords", "")) if word.strip()],
    )


def _identifiers(fields: Mapping[str, str]) -> list[Identifier]:
    found: list[Identifier] = []
    eprint = fields.get("eprint", "")
    archive = (fields.get("archiveprefix") or fields.get("eprinttype") or "").lower()
    if eprint and archive in {"", "arxiv"}:
        names = ids.arxiv(eprint)
        if names is None and archive:
            raise BadRecord(f"eprint {short(eprint)} is no arXiv id")
        found.extend([Identifier("arxiv", names[0])] if names else [])
    for field in _SAYS_ARXIV:
        if not found and (name := references.arxiv_in(fields.get(field, ""))):
            found.append(name)
    found.extend(dois(fields.get("doi")))
    for field in _OTHER_IDS:
        found.extend(ids.identifiers(f"{field}:{fields[field]}") if field in fields else ())
    return found
