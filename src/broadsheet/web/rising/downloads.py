"""The history of counts to take along, as CSV and Parquet, written while it is read: nothing is held whole.

Parquet needs pyarrow, 40 MB that most installations have no use for: without it the address says what to install.
"""

import csv
import io
import threading
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from broadsheet import ids
from broadsheet.errors import NotFound, Refused, TooMany
from broadsheet.library import Library
from broadsheet.types import SignalRow
from broadsheet.web import papers
from broadsheet.web.contexts import Link, ProblemPage
from broadsheet.web.press import Press

COLUMNS = ("paper", "paper_day", "kind", "source", "day", "count")
AT_ONCE = 2  # whole histories at a time: each keeps a core busy for as long as it takes
_ROWS = 5_000  # of CSV that are sent together
_GROUP = 50_000  # rows of a Parquet row group
_ATTEMPT = 60.0  # seconds


class Downloads:
    """The addresses of the downloads."""

    def __init__(self, library: Library, press: Press) -> None:
        self._library, self._press = library, press
        self._turn = threading.BoundedSemaphore(AT_ONCE)

    def csv(self, request: Request) -> Response:
        """All counts as CSV; `since` and `until` are days, `category` one or several."""
        rows = self._rows(request)
        return _file(_lines(self._in_turn(rows)), "text/csv; charset=utf-8", "trending.csv")

    def parquet(self, request: Request) -> Response:
        """The same as Parquet; 501 where pyarrow is not installed."""
        rows = self._rows(request)
        try:
            import pyarrow  # noqa: ICN001, PLC0415 - an extra
            import pyarrow.parquet  # noqa: PLC0415
        except ImportError:
            words = "Parquet needs one more package here: pip install 'broadsheet[parquet]'. The same is there as CSV."
            frame = self._press.frame(request, f"Not here · {self._press.site.title}", words, indexed=False)
            return self._press.page(request, ProblemPage(frame, 501, "Not here", words, [_as_csv(request)]), 501)
        chunks = _groups(self._in_turn(rows), pyarrow, pyarrow.parquet)
        return _file(chunks, "application/vnd.apache.parquet", "trending.parquet")

    def of_paper(self, request: Request) -> Response:
        """All counts of one paper as CSV."""
        key = request.path_params["id"].strip("/ ")
        try:
            rows = self._library.signal_history(key)
        except NotFound:
            return papers.otherwise(self._library, self._press, request, "signals.csv")
        name = "".join(sign if sign.isalnum() else "-" for sign in key)[:80]
        return _file(_lines(rows), "text/csv; charset=utf-8", f"{name}-signals.csv")

    def _rows(self, request: Request) -> Iterator[SignalRow]:
        """What an address asks for. Raises Refused."""
        given = request.query_params
        since, until = (_day(given.get(name, ""), name) for name in ("since", "until"))
        words = " ".join(given.getlist("category")).replace(",", " ").split()
        if unknown := next((word for word in words if not ids.category(word)), None):
            raise Refused(f"There is no category “{unknown[:40]}”.")
        categories = [code for word in words if (code := ids.category(word))]
        return self._library.signal_rows(
            ids.first_day(since) if since else None, ids.last_day(until) if until else None, categories=categories
        )

    def _in_turn(self, rows: Iterator[SignalRow]) -> Iterator[SignalRow]:
        """The rows, while it is their turn. Raises TooMany."""
        if not self._turn.acquire(blocking=False):
            raise TooMany("Others are downloading just now. Try again in a minute.", retry_after=_ATTEMPT)
        held = _held(rows, self._turn.release)
        next(held)  # begun, so that it ends in order even if nobody takes a row
        return (row for row in held if row is not None)


def _held(rows: Iterator[SignalRow], release: Callable[[], None]) -> Iterator[SignalRow | None]:
    try:
        yield None
        yield from rows
    finally:
        release()


def _day(text: str, name: str) -> str | None:
    if not text.strip():
        return None
    if not (day := ids.iso_date(text)):
        raise Refused(f"“{name}” is a date like 2026-11-20, 2026-11 or 2026, not “{text[:40]}”.")
    return day


def _as_csv(request: Request) -> Link:
    query = f"?{request.url.query}" if request.url.query else ""
    return Link(f"/trending.csv{query}", "The same as CSV")


def _file(chunks: Iterable[bytes], kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-cache"}
    return StreamingResponse(chunks, media_type=kind, headers=headers)


def _lines(rows: Iterable[SignalRow]) -> Iterator[bytes]:
    text = io.StringIO()
    write = csv.writer(text, lineterminator="\r\n")
    write.writerow(COLUMNS)
    left = iter(rows)
    while True:
        some = list(islice(left, _ROWS))
        write.writerows(some)
        yield text.getvalue().encode("utf-8", "replace")
        if not some:
            return
        text.seek(0)
        text.truncate()


def _groups(rows: Iterable[SignalRow], arrow: Any, parquet: Any) -> Iterator[bytes]:
    text, day, number = arrow.string(), arrow.date32(), arrow.int64()
    schema = arrow.schema(list(zip(COLUMNS, (text, day, text, text, day, number), strict=True)))
    sink, left = _Sink(), iter(rows)
    with parquet.ParquetWriter(arrow.PythonFile(sink, "w"), schema, compression="zstd") as writer:
        while some := list(islice(left, _GROUP)):
            columns = zip(zip(*some, strict=True), schema, strict=True)
            arrays = [arrow.array(values).cast(field.type) for values, field in columns]
            writer.write_table(arrow.table(arrays, schema))
            yield sink.taken()
    yield sink.taken()


class _Sink(io.RawIOBase):
    """Takes what is written, and hands it on: Parquet is written from front to end."""

    def __init__(self) -> None:
        super().__init__()
        self._held, self._at = bytearray(), 0

    def writable(self) -> bool:
        """It is there to be written to."""
        return True

    def write(self, data: Any) -> int:
        """Holds some bytes until they are taken."""
        self._held += data
        self._at += len(data)
        return len(data)

    def tell(self) -> int:
        """How much was written in all."""
        return self._at

    def taken(self) -> bytes:
        """What was written since this was last asked."""
        taken = bytes(self._held)
        self._held.clear()
        return taken
