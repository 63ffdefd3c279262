"""RIS, the exchange format of Zotero, EndNote, Mendeley and most publishers: a tag and a value a line.

    TY  - JOUR                 begins a reference
    TI  - A Title              what has no tag goes on with the value before it
    ER  -                      ends it

Read here, not by rispy 0.10: that reads whole files into memory and drops the reference after one that is not
closed, without a word. A reference that the next one cuts short is whole, since its lines are; the last one of a
file without its end is not taken, since nobody can tell how much of it is missing. N1 is what its reader noted, not
its authors: only identifiers are looked for in it.
"""

import re
from collections.abc import Callable, Iterator
from datetime import datetime

from broadsheet import ids
from broadsheet.errors import BadRecord
from broadsheet.sources import references
from broadsheet.sources.door import OTHER_TEXT, Door, dois, own_key
from broadsheet.sources.markup import plain
from broadsheet.sources.stream import LONGEST_LINE, Stream
from broadsheet.sources.text import line
from broadsheet.types import Identifier, Record

KIND = "ris"
STARTS = re.compile(rb"(?:\A|\n)[ \t]*TY {1,2}- ?[A-Z]{2,}")
_TAGGED = re.compile(r"[ \t]*([A-Z][A-Z0-9])( {1,2})-(?:[ \t](.*)|)", re.DOTALL)
_GAP = "  "  # before the hyphen; where TY is written with one space, all of that reference is
_TITLES, _ABSTRACTS, _AUTHORS = ("TI", "T1", "CT", "BT"), ("AB", "N2"), ("AU", "A1")
_PLACES = ("JF", "JO", "T2", "JA", "J2", "J1", "BT")
_ADDRESSES = ("UR", "LK", "L1", "L2", "L4")
_NAMES = ("DO", "DI", "AN", "UR", "LK", "L1", "L2", "L3", "M3", "C2")  # where identifiers stand alone
_SAYS_ARXIV = ("AN", "JO", "JF", "T2", "VL", "IS", "M1", "M3", "PB", "DP", "DB", "C1", "SN", "ET")
_NOTED = re.compile(r"(?:doi|arxiv):\s*\S+", re.IGNORECASE)

_Located = tuple[int, Record | BadRecord]
_Fields = dict[str, list[str]]
_Each = Callable[..., list[str]]  # the values of some tags, each on one line


def read(stream: Stream, door: Door, _saved: datetime) -> Iterator[_Located]:
    """The references of a file."""
    keys: dict[str, int] = {}
    for start, found in _references(stream):
        result = found if isinstance(found, BadRecord) else _result(found, door)
        if isinstance(result, Record) and keys.setdefault(result.source_key, start) != start:
            result = BadRecord(f"it is the paper of line {keys[result.source_key]:,} once more")
        yield start, result


class _Open:
    """The reference that is being read, if one is."""

    def __init__(self) -> None:
        self.start, self.size, self.gap = 0, 0, _GAP
        self.fields: dict[str, list[list[str]]] = {}  # the lines of each value of each tag
        self.last: list[str] | None = None
        self.stray = False  # tagged lines outside any reference were told of already

    def begin(self, number: int, gap: str) -> None:
        self.start, self.size, self.gap, self.fields, self.last, self.stray = number, 0, gap, {}, None, False

    def end(self) -> tuple[int, _Fields | BadRecord]:
        start, self.start = self.start, 0
        if self.size > LONGEST_LINE:
            return start, BadRecord(f"a reference longer than {LONGEST_LINE // 2**20} MiB")
        return start, {tag: ["\n".join(lines) for lines in values] for tag, values in self.fields.items()}

    def add(self, tag: str | None, text: str) -> None:
        self.size += len(text) + 1
        if self.size > LONGEST_LINE:
            self.fields.clear()
            self.last = None
        elif tag is not None:
            self.last = [text]
            self.fields.setdefault(tag, []).append(self.last)
        elif self.last is not None:
            self.last.append(text)


def _references(stream: Stream) -> Iterator[tuple[int, _Fields | BadRecord]]:
    """The fields of each reference, with the line it starts in."""
    now = _Open()
    for number, data in stream.lines():
        if data is None:
            now.size += LONGEST_LINE
            continue
        text = _decoded(data).rstrip("\r\n")
        tagged = _TAGGED.fullmatch(text)
        if tagged and tagged[1] != "TY" and tagged[2] != now.gap:
            tagged = None
        tag, value = (tagged[1], (tagged[3] or "").strip()) if tagged else (None, text.strip())
        if tag in {"TY", "ER"}:
            if now.start:
                yield now.end()
            if tagged and tag == "TY":
                now.begin(number, tagged[2])
        elif now.start:
            now.add(tag, value)
        elif tag and not now.stray:
            now.stray = True
            yield number, BadRecord("a reference must begin with a line TY; what stands before it was passed over")
    if now.start:
        yield now.start, BadRecord("the file ends before this reference does: its last line, ER, is missing")


def _decoded(data: bytes) -> str:
    """The text; files older than UTF-8 are in the encoding of Western Windows or Unix."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _result(fields: _Fields, door: Door) -> Record | BadRecord:
    try:
        return _record(fields, door)
    except BadRecord as error:
        return error


def _record(fields: _Fields, door: Door) -> Record:
    def first(*tags: str) -> str | None:
        return next((text for tag in tags for text in fields.get(tag, ()) if text), None)

    def each(*tags: str) -> list[str]:
        return [line(text) for tag in tags for text in fields.get(tag, ()) if text and len(text) <= OTHER_TEXT]

    identifiers = _identifiers(each)
    authors = references.people([name for text in each(*_AUTHORS) for name in text.split(";")])
    title, where = first(*_TITLES), first(*_PLACES)
    where = line(where) if where and where != title else None
    published = references.known_day(door, _published(each))
    year = (published or "")[:4]
    pages = "-".join(filter(None, (first("SP"), first("EP"))))
    first_author = ids.last_name(authors[0].name) if authors else ""
    abstract = first(*_ABSTRACTS)
    return door.record(
        key=own_key(identifiers, title, "".join(f":{part}" for part in (first_author, year) if part)),
        title=title,
        abstract=plain(abstract) if abstract else None,
        authors=authors,
        published=published,
        identifiers=identifiers,
        venue=references.venue(where),
        journal_ref=references.place(where, volume=first("VL") or "", number=first("IS") or "", pages=pages, year=year),
        links=[word for text in each(*_ADDRESSES) for word in re.split(r"[;\s]+", text) if not ids.identifiers(word)],
        keywords=[word for text in fields.get("KW", ()) for word in re.split(r"[;\n]", text) if word.strip()],
    )


def _identifiers(each: _Each) -> list[Identifier]:
    found = [Identifier("arxiv", names[0]) for text in each("AN", "UR", "LK", "L1") if (names := ids.arxiv(text))]
    found += [name for text in each(*_SAYS_ARXIV) if (name := references.arxiv_in(text))]
    found += [name for text in each("DO", "DI") for name in dois(text)]
    found += [name for text in each(*_NAMES) for word in text.split(";") for name in ids.identifiers(word)]
    if not found:
        notes = (_NOTED.match(text) for text in each("N1", "M3", "L3"))
        found += [name for note in notes if note for name in ids.identifiers(note[0])]
    return list(dict.fromkeys(found))


def _published(each: _Each) -> str | None:
    """The date, as whole as its fields give it: DA tells the day of the year that PY names."""
    found = [day for text in each("PY", "Y1", "DA") if (day := _day(text))]
    same_year = [day for day in found if day[:4] == found[0][:4]]
    return max(same_year, key=len, default=None)


def _day(written: str) -> str | None:
    """ "2024/05/17/spring", "2024///", "2024/05//", "2024 May 17" and "in press 2024" as dates."""
    parts = [part.strip() for part in written.split("/")]
    while parts and (not parts[-1] or len(parts) > 3):
        parts.pop()
    while parts:
        if day := ids.iso_date("/".join(parts)):
            return day
        parts.pop()
    year = re.search(r"(?<!\d)(?:1[5-9]|2\d)\d\d(?!\d)", written, re.ASCII)
    return year[0] if year else None
