"""Papers as a Parquet table. pyarrow comes with the extra `parquet`; without it there are no tables."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from broadsheet.bulk.lines import LISTS, PLAIN, facts
from broadsheet.errors import Unavailable
from broadsheet.types import Whole

_NUMBERS = frozenset({"author_count", "votes", "comments", "own_votes", "own_comments", "citations", "stars"})
_MISSING = "pyarrow is not installed: pip install 'broadsheet[parquet]'. Without it there are JSON Lines only."


def available() -> bool:
    """Whether tables can be written here."""
    return find_spec("pyarrow") is not None


class TableSink:
    """Writes a table, a group of rows for each batch. Raises Unavailable without pyarrow."""

    def __init__(self, path: Path) -> None:
        if not available():
            raise Unavailable(_MISSING)
        import pyarrow as pa  # noqa: PLC0415 - an extra
        from pyarrow import parquet  # noqa: PLC0415

        self._pa, self._schema = pa, _schema(pa)
        self._writer = parquet.ParquetWriter(path, self._schema, compression="zstd")

    def write(self, papers: Sequence[Whole]) -> None:
        """Adds rows."""
        rows = [{"id": one.paper.id, **facts(one.paper), "changed": one.changed} for one in papers]
        for row in rows:
            row["withdrawn"] = bool(row.get("withdrawn"))
        try:
            table = self._pa.Table.from_pylist(rows, schema=self._schema)
        except (
            UnicodeEncodeError
        ):  # half of a surrogate pair, which a source may have sent: a question mark can be held
            table = self._pa.Table.from_pylist([_writable(row) for row in rows], schema=self._schema)
        self._writer.write_table(table)

    def close(self) -> None:
        """Ends the file."""
        self._writer.close()


def _writable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_writable(one) for one in value]
    return {name: _writable(one) for name, one in value.items()} if isinstance(value, dict) else value


def _schema(pa: Any) -> Any:
    text, words = pa.string(), pa.list_(pa.string())
    structs = {
        "authors": pa.struct([("name", text), ("affiliation", text), ("orcid", text)]),
        "identifiers": pa.struct([("scheme", text), ("value", text)]),
        "versions": pa.struct([("number", pa.int32()), ("created", text)]),
    }
    plain = {name: pa.int64() if name in _NUMBERS else text for name in PLAIN} | {"withdrawn": pa.bool_()}
    return pa.schema(
        [
            ("id", text),
            *plain.items(),
            *((name, words) for name in LISTS),
            *((name, pa.list_(struct)) for name, struct in structs.items()),
            ("changed", text),
        ]
    )
