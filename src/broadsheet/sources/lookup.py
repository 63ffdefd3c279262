"""Looking papers up elsewhere by their names: what sources that are asked so have in common.

A look-up tells more of papers that are here already. It never brings a new one: what comes back under a name that
was not asked for is passed over.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TypeVar

from broadsheet.errors import BadRecord, BadSource
from broadsheet.fetching import Answer
from broadsheet.sources.door import OTHER_TEXT, kind
from broadsheet.types import Identifier, Record

T = TypeVar("T")
_NOTHING: Mapping[str, object] = MappingProxyType({})


def portions(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """The values in lists of `size` at most, each value once."""
    unique = list(dict.fromkeys(values))
    yield from (unique[at : at + size] for at in range(0, len(unique), size))


def record_of(identifier: Identifier, make: Callable[[], Record]) -> Record | BadRecord:
    """The record that `make` makes, or why there is none, with the name that was looked up."""
    try:
        return make()
    except BadRecord as error:
        return BadRecord(f"{identifier.scheme}:{identifier.value}: {error.reason}")


def unknown(missing: int, asked: int) -> str:
    """A note on papers that a source does not know; "" where it knows all."""
    return f"{missing} of {asked} are not known there." if missing else ""


def json_object(answer: Answer) -> Mapping[str, object]:
    """The object that an answer holds. Raises BadSource if it holds anything else."""
    value = answer.json()
    if not isinstance(value, dict):
        raise BadSource(f"The answer is {kind(value)}; an object was expected.")
    return value


def within(value: object, *keys: str) -> Mapping[str, object]:
    """The object that lies under these keys in objects; an empty one where there is none."""
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else _NOTHING


def entries(value: object) -> list[Mapping[str, object]]:
    """The objects of a list; none where it is no list."""
    return [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []


def words(value: object) -> str:
    """A text, or the first of a list of texts; "" for anything else, and for what no field should be as long as."""
    if isinstance(value, list):
        value = next(iter(value), None)
    return value if isinstance(value, str) and len(value) <= OTHER_TEXT else ""
