"""JSON from strangers: lines of it, or one document whose records are found without reading it whole.

Strict where leniency would guess: NaN is refused, and so is an object that has a key twice. A record that
is no JSON does not stop the next one; in a document, the brackets tell where the next one starts.
"""

import json
import re
from collections.abc import Iterable, Iterator

from broadsheet.errors import BadRecord, BadSource
from broadsheet.sources.stream import LONGEST_LINE
from broadsheet.sources.text import short

Located = tuple[int, object]  # the line something starts in, and the value there, or a BadRecord

_MARKS = re.compile(rb'["\\\[\]{},\n]')
_TOO_LONG = f"longer than {LONGEST_LINE // 2**20} MiB: no record of a paper is"


def _refuse(constant: str) -> None:
    raise BadRecord(f"{constant} is no JSON")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise BadRecord(f"the key {short(twice)} appears twice in one object")
    return value


_decode = json.JSONDecoder(parse_constant=_refuse, object_pairs_hook=_object).decode


def parse(data: bytes) -> object:
    """The value that `data` is as JSON, or a BadRecord (returned, not raised) with the reason."""
    try:
        return _decode(data.decode())
    except BadRecord as error:
        return error
    except UnicodeDecodeError as error:
        return BadRecord(f"not UTF-8 text (byte {error.start + 1:,} of the record)")
    except json.JSONDecodeError as error:
        return BadRecord(f"not JSON: {error.msg} (column {error.pos + 1:,})")
    except RecursionError:
        return BadRecord("nested too deeply")
    except ValueError as error:  # a number of thousands of digits
        return BadRecord(f"not usable JSON: {error}")


def values_of_lines(lines: Iterable[tuple[int, bytes | None]]) -> Iterator[Located]:
    """The values of JSON Lines; blank lines are passed over."""
    for number, data in lines:
        if data is None:
            yield number, BadRecord(_TOO_LONG)
        elif not data.isspace():
            yield number, parse(data)


def values_of_document(chunks: Iterable[bytes]) -> Iterator[Located]:
    """The elements of an array, or the objects that stand one after the other, however they are laid out.

    Raises BadSource if the document ends in the middle.
    """
    for number, data in _elements(chunks):
        yield number, BadRecord(_TOO_LONG) if data is None else parse(data)


class _Elements:
    """Finds where the elements of a JSON document start and end, by its brackets, quotes and commas alone."""

    def __init__(self) -> None:
        self.depth = 0
        self.base = 0  # the depth elements lie at: 1 in an array
        self.line = 1
        self.in_text = False
        self.skip = 0  # up to where a backslash hides what follows it
        self._parts: list[bytes] = []
        self._size = 0
        self._first_line = 1

    def feed(self, chunk: bytes) -> Iterator[tuple[int, bytes | None]]:
        """The elements that end in this chunk."""
        begin = 0
        for mark in _MARKS.finditer(chunk):
            at = mark.start()
            end = self._step(chunk[at], at)
            if end is not None:
                element = self.take(chunk[begin : at + end])
                if element is not None:
                    yield element
                begin, self._first_line = at + 1, self.line
            elif self.base == self.depth == 1 and chunk[at] == ord("[") and not self.in_text:
                begin, self._first_line = at + 1, self.line
                self._parts.clear()
        self._keep(chunk[begin:])
        self.skip = max(0, self.skip - len(chunk))

    def take(self, last: bytes) -> tuple[int, bytes | None] | None:
        """The element kept so far and ending with `last`, with its line; None if there is only white space."""
        self._keep(last)
        data, size = b"".join(self._parts), self._size
        self._parts, self._size = [], 0
        stripped = data.lstrip()
        line = self._first_line + data.count(b"\n", 0, len(data) - len(stripped))
        if size > LONGEST_LINE:
            return line, None
        return (line, stripped) if stripped else None

    def _keep(self, data: bytes) -> None:
        self._size += len(data)
        if self._size <= LONGEST_LINE or not self._parts:
            self._parts.append(data[:LONGEST_LINE])

    def _step(self, char: int, at: int) -> int | None:
        """Takes one mark in. Where an element ends with it: 1 if the mark belongs to the element, else 0."""
        if char == ord("\n"):
            self.line += 1
        if at < self.skip:
            return None
        if self.in_text:
            if char == ord("\\"):
                self.skip = at + 2
            self.in_text = char != ord('"')
        elif char == ord('"'):
            self.in_text = True
        elif char in b"[{":
            if self.depth == self.base == 0 and char == ord("["):
                self.base = 1
            self.depth += 1
        elif char in b"]}":
            return self._close()
        elif char == ord(",") and self.depth == self.base == 1:
            return 0
        return None

    def _close(self) -> int | None:
        self.depth -= 1
        if self.depth < self.base:  # the array itself, or a bracket too many
            was_array, self.depth, self.base = self.base == 1, 0, 0
            return 0 if was_array else 1
        return 1 if self.depth == self.base == 0 else None


def _elements(chunks: Iterable[bytes]) -> Iterator[tuple[int, bytes | None]]:
    finder = _Elements()
    for chunk in chunks:
        yield from finder.feed(chunk)
    unfinished = finder.depth > 0 or finder.in_text
    rest = finder.take(b"")
    if unfinished:
        place = f"the record that starts in line {rest[0]:,}" if rest else f"line {finder.line:,}"
        raise BadSource(f"the file breaks off in {place}: its JSON ends too early. All before that was read.")
    if rest is not None:
        yield rest
