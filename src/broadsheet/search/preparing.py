"""Documents made ready for tantivy in a second process (`beside`), while this one reads papers and tantivy writes.

    python -m broadsheet.search.preparing

Making a paper's texts plain and reading its results takes more of Python's time than all else in a build of the
index. If the process cannot be started, or breaks, that is done here.
"""

import gc
import json
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from operator import attrgetter
from typing import NamedTuple

from broadsheet.search.beside import Beside, serve
from broadsheet.search.counting import Counting, Counts, packed, unpacked
from broadsheet.search.engine import Document
from broadsheet.search.fields import SCHEMA, as_json, values_of
from broadsheet.search.following import OBJECTS

_GREETING = f"schema {SCHEMA}"
_FIELDS = tuple(Document.__dataclass_fields__)
_row = attrgetter(*_FIELDS)


_BETWEEN = b"\0"


class Prepared(NamedTuple):
    """Documents for tantivy, and what was counted in them for the postings."""

    lines: list[str]
    counts: Counts


def prepare(documents: Sequence[Document], counting: Counting) -> Prepared:
    """Makes documents ready."""
    values = list(map(values_of, documents))
    counts = counting.counted((own.get("title", ()), own.get("text", ())) for own in values)
    return Prepared(list(map(as_json, values)), counts)


class Preparing:
    """Makes documents ready, in another process if there are many. Close it when done."""

    def __init__(self, *, many: bool) -> None:
        self.beside = Beside("broadsheet.search.preparing", _GREETING) if many else None
        # The one thread that waits for the other process.
        self._waiting = ThreadPoolExecutor(1, "preparing")
        # Two, for one counts for one thread at a time: the one who asks, and the one who waits.
        self._counting, self._instead = Counting(), Counting()

    def prepared(self, documents: Sequence[Document]) -> Future[Prepared]:
        """What `prepare` makes of documents, in time."""
        return self._waiting.submit(self._prepared, documents) if self.beside else self.here(documents)

    def here(self, documents: Sequence[Document]) -> Future[Prepared]:
        """The same at once, in this process."""
        made: Future[Prepared] = Future()
        made.set_result(prepare(documents, self._counting))
        return made

    def close(self) -> None:
        """Ends the other process."""
        self._waiting.shutdown(cancel_futures=True)
        if self.beside:
            self.beside.close()

    def _prepared(self, documents: Sequence[Document]) -> Prepared:
        answer = self.beside.ask(json.dumps(list(map(_row, documents))).encode()) if self.beside else None
        if answer is None:
            return prepare(documents, self._instead)
        lines, _, counts = answer.partition(_BETWEEN)
        return Prepared(lines.decode().split("\n") if documents else [], unpacked(counts))


def main() -> None:
    """What the second process does."""
    gc.set_threshold(OBJECTS)
    serve(_GREETING, partial(_answer, Counting()))


def _answer(counting: Counting, message: bytes) -> bytes:
    """The documents of a message, one a line, and what was counted: JSON holds no line's end and no zero."""
    lines, counts = prepare([Document(*row) for row in json.loads(message)], counting)
    return "\n".join(lines).encode() + _BETWEEN + packed(counts)


if __name__ == "__main__":
    main()
