"""Documents made ready for tantivy in a second process (`beside`), while this one reads papers and tantivy writes.

    python -m broadsheet.search.preparing

Making a paper's texts plain and reading its results takes more of Python's time than all else in a build of the
index. If the process cannot be started, or breaks, that is done here.
"""

import gc
import json
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from operator import attrgetter

from broadsheet.search.beside import Beside, serve
from broadsheet.search.engine import Document
from broadsheet.search.fields import SCHEMA, as_json
from broadsheet.search.following import OBJECTS

_GREETING = f"schema {SCHEMA}"
_FIELDS = tuple(Document.__dataclass_fields__)
_row = attrgetter(*_FIELDS)


class Preparing:
    """Makes documents ready, in another process if there are many. Close it when done."""

    def __init__(self, *, many: bool) -> None:
        self.beside = Beside("broadsheet.search.preparing", _GREETING) if many else None
        # The one thread that waits for the other process.
        self._waiting = ThreadPoolExecutor(1, "preparing")

    def prepared(self, documents: Sequence[Document]) -> Future[list[str]]:
        """What `fields.as_json` makes of documents, in time."""
        if self.beside:
            return self._waiting.submit(self._prepared, documents)
        made: Future[list[str]] = Future()
        made.set_result(list(map(as_json, documents)))
        return made

    def close(self) -> None:
        """Ends the other process."""
        self._waiting.shutdown(cancel_futures=True)
        if self.beside:
            self.beside.close()

    def _prepared(self, documents: Sequence[Document]) -> list[str]:
        answer = self.beside.ask(json.dumps(list(map(_row, documents))).encode()) if self.beside else None
        if answer is None:
            return list(map(as_json, documents))
        return answer.decode().split("\n") if documents else []


def main() -> None:
    """What the second process does."""
    gc.set_threshold(OBJECTS)
    serve(_GREETING, _lines)


def _lines(message: bytes) -> bytes:
    """The documents of a message, one a line: JSON holds no line's end."""
    return "\n".join(as_json(Document(*row)) for row in json.loads(message)).encode()


if __name__ == "__main__":
    main()
