"""Which kind of file is this? Decided by its content alone: names of files say little and lie.

Only the beginning is looked at. A first record that is broken does not decide: the first one that is whole
and known does.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from broadsheet.errors import BadRecord, BadSource
from broadsheet.sources import bibtex, csl, daily_api, daily_lines, export, page, records, ris, snapshot
from broadsheet.sources.door import Door, Reader
from broadsheet.sources.item import Item, Source
from broadsheet.sources.jsontext import Located, values_of_document, values_of_lines
from broadsheet.sources.stream import Stream
from broadsheet.sources.text import short
from broadsheet.types import Record

# In the order in which an object is asked; the last one takes nearly every object.
_JSON = {module.KIND: module for module in (export, snapshot, daily_lines, daily_api, csl, records)}
_OF_ONE_READER = frozenset({records.KIND, bibtex.KIND, ris.KIND, csl.KIND, page.KIND})  # one of many files of its kind
_KNOWN = (
    "Files of these kinds can be imported: JSON Lines of paper records or of Broadsheet's exports, lines of the arXiv "
    "metadata snapshot, lines of daily lists, the JSON of a daily-papers API answer, BibTeX, RIS, CSL-JSON, and the "
    "text of a saved Daily Papers page; plain, .gz or .zst."
)
_OTHERS = (  # what people try, and what they can do instead
    (b"PK\x03\x04", "a ZIP archive: unpack it first"),
    (b"BZh", "a bzip2 archive: unpack it first"),
    (b"\xfd7zXZ", "an xz archive: unpack it first"),
    (b"7z\xbc\xaf", "a 7z archive: unpack it first"),
    (b"%PDF", "a PDF"),
    (b"SQLite format 3", "a database, not a file of papers"),
    (b"PAR1", "a Parquet table"),
    (b"\xff\xfe", "text in UTF-16: save it as UTF-8"),
    (b"\xfe\xff", "text in UTF-16: save it as UTF-8"),
    (b"{\x00", "text in UTF-16: save it as UTF-8"),
    (b"\x00{", "text in UTF-16: save it as UTF-8"),
)
_HEADS = (2**16, 2**24)  # bytes of text to look at: a little, and more only where a little does not tell
_ENDS = 2**16  # bytes of each end that go into the fingerprint
# An entry with its key. Decorators and style sheets have an @ there too, so a field must follow, or nothing.
_BIBTEX = re.compile(rb"(?:\A|\n)[ \t]*@[ \t]*[A-Za-z]+[ \t]*[{(]\s*[^\s{}()=,]*\s*,\s*(?:[\w-]+\s*=|[})])")
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b"))

_Read = Callable[[Stream, Door, datetime], Iterator[tuple[int, Record | BadRecord]]]


def open_source(path: Path, *, now: datetime, name: str | None = None) -> Source:
    """Looks at a file and says what it is; `Source.items` then reads it.

    `name` is what the source is called in the catalogue (default: the kind, with the file's name where that
    tells files of a kind apart). `now` has a time zone: dates after it are refused. Raises BadSource if
    there is no such file, or it is of no kind that can be read.
    """
    shown = _sendable(str(path))
    try:
        status = _status(path)
        fingerprint = _fingerprint(path, status.st_size)
        kind, read = _look(path)
    except OSError as error:
        raise BadSource(f"{shown}: it cannot be read: {error.strerror or error}") from error
    except BadSource as error:
        raise BadSource(f"{shown}: {error}") from error
    if name is None:
        name = f"{kind}:{path.name}" if kind in _OF_ONE_READER else kind
    saved = datetime.fromtimestamp(max(0.0, status.st_mtime), UTC)
    door = Door(_sendable(name), now)
    return Source(shown, door.source, kind, status.st_size, fingerprint, lambda: _items(path, read, door, saved))


def _sendable(name: str) -> str:
    """A file's name as text that can be stored: on Linux it may hold bytes that are no text at all."""
    return name.encode(errors="replace").decode()


def _status(path: Path) -> os.stat_result:
    status = path.stat()
    if S_ISDIR(status.st_mode):
        raise BadSource("this is a folder: name the files in it that you want to import")
    if not S_ISREG(status.st_mode):
        raise BadSource("this is no ordinary file: save what it gives to a file first")
    if status.st_size == 0:
        raise BadSource("the file is empty")
    return status


def _items(path: Path, read: _Read, door: Door, saved: datetime) -> Iterator[Item]:
    shown = _sendable(str(path))
    try:
        with Stream(path) as stream:
            for ordinal, (line, result) in enumerate(read(stream, door, saved), start=1):
                if isinstance(result, BadRecord):
                    result.path, result.line = shown, line
                yield Item(ordinal, line, stream.position, result)
    except OSError as error:
        raise BadSource(f"{shown}: it cannot be read: {error.strerror or error}") from error
    except BadSource as error:
        raise BadSource(f"{shown}: {error}") from error


def _json(kind: str, values: Callable[[Stream], Iterator[Located]]) -> _Read:
    def read(stream: Stream, door: Door, _saved: datetime) -> Iterator[tuple[int, Record | BadRecord]]:
        to_records = _readers(kind, door)
        for line, value in values(stream):
            if isinstance(value, dict):
                try:
                    for record in to_records(value):
                        yield line, record
                except BadRecord as error:
                    yield line, error
            else:
                yield line, value if isinstance(value, BadRecord) else BadRecord(f"{short(value)} is no record")

    return read


def _readers(kind: str, door: Door) -> Callable[[Mapping[str, object]], Iterable[Record]]:
    """What makes records of an object: one, of most kinds."""
    if kind == export.KIND:
        return export.reader(door)
    to_record: Reader = _JSON[kind].reader(door)
    return lambda value: (to_record(value),)


def _look(path: Path) -> tuple[str, _Read]:
    """The kind of a file, and how to read it."""
    head = b""
    for size in _HEADS:
        head, error = _head(path, size)
        if error and not head.strip():
            raise error
        all_of_it = len(head) < size
        if found := _kind(head, last=all_of_it or size == _HEADS[-1]):
            return found
        if all_of_it:
            break
    if not head.strip():
        raise BadSource("the file holds nothing but white space")
    raise BadSource(f"{_described(head)}. {_KNOWN}")


def _head(path: Path, size: int) -> tuple[bytes, BadSource | None]:
    """The first bytes of a file, unpacked, and the error that kept it from giving more."""
    parts, left = [], size
    with Stream(path) as stream:
        try:
            for chunk in stream.chunks():
                parts.append(chunk[:left])
                left -= len(parts[-1])
                if left <= 0:
                    break
        except BadSource as error:
            return b"".join(parts), error
    return b"".join(parts), None


def _kind(head: bytes, *, last: bool) -> tuple[str, _Read] | None:
    """The kind that the first bytes of a file tell; `last` if no longer look will be taken."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:1] in (b"{", b"[") and start[1:2] != b"\0":
        return _json_kind(start, last=last)
    if start[:1] == b"<" or _looks_binary(head):
        return None
    if page.looks(head.decode(errors="replace")):
        return page.KIND, page.read
    if ris.STARTS.search(head):
        return ris.KIND, ris.read
    if _BIBTEX.search(head):
        return bibtex.KIND, bibtex.read
    return _json_lines_kind(head) if last else None  # the first lines may be broken


def _json_kind(start: bytes, *, last: bool) -> tuple[str, _Read] | None:
    """Lines if the first line is whole; a document if its first part is; else what a later part tells."""
    if re.fullmatch(rb"\[\s*\]\s*", start):
        return daily_api.KIND, _json(daily_api.KIND, _document)  # the answer for a quiet day
    first_line = next((value for _, value in values_of_lines([(1, start.split(b"\n", 1)[0])])), None)
    if kind := _kind_of(first_line):
        return kind, _json(kind, _lines)
    parts = [_kind_of(value) for value in _values_in(start)]
    if parts and parts[0]:
        return parts[0], _json(parts[0], _document)
    if not last:
        return None
    kind = next(filter(None, parts), None)
    return _json_lines_kind(start) or ((kind, _json(kind, _document)) if kind else None)


def _values_in(start: bytes) -> Iterator[object]:
    """The values that lie whole in the first bytes of a document."""
    try:
        for _, value in values_of_document([start]):
            yield value
    except BadSource:
        pass  # it goes on after what was looked at


def _json_lines_kind(head: bytes) -> tuple[str, _Read] | None:
    numbered = enumerate(head.split(b"\n"), start=1)
    for _, value in values_of_lines((number, line) for number, line in numbered if line.lstrip().startswith(b"{")):
        if kind := _kind_of(value):
            return kind, _json(kind, _lines)
    return None


def _kind_of(value: object) -> str | None:
    if not isinstance(value, dict):
        return None
    return next((kind for kind, module in _JSON.items() if module.looks(value)), None)


def _lines(stream: Stream) -> Iterator[Located]:
    return values_of_lines(stream.lines())


def _document(stream: Stream) -> Iterator[Located]:
    return values_of_document(stream.chunks())


def _looks_binary(head: bytes) -> bool:
    sample = head[:4096]
    return len(sample) - len(sample.translate(None, _CONTROLS)) > len(sample) // 100


def _described(head: bytes) -> str:
    """What an unknown file seems to be, as a sentence."""
    start = head.lstrip()
    for magic, what in _OTHERS:
        if head.startswith(magic):
            return f"this is {what}"
    if _looks_binary(head):
        return "this is no text"
    if start[:1] == b"<":
        return "this is a web page or XML"
    if start[:1] in (b"{", b"["):
        return "this looks like JSON, but no record of a paper can be found at its beginning"
    return f"this is text of an unknown kind, it begins with {short(start[:200].decode(errors='replace'))}"


def _fingerprint(path: Path, size: int) -> str:
    digest = blake2b(f"{size}\n".encode(), digest_size=16)
    with path.open("rb") as file:
        digest.update(file.read(_ENDS))
        file.seek(max(0, size - _ENDS))
        digest.update(file.read(_ENDS))
    return digest.hexdigest()
