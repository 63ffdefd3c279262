"""A value as what JSON knows: dictionaries, lists, texts, numbers, truth and None."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from enum import Enum, IntEnum
from functools import cache
from types import MappingProxyType
from typing import Any

from broadsheet.types import Paper

HIDDEN: Mapping[type, frozenset[str]] = MappingProxyType({Paper: frozenset({"number"})})
"""Fields that the catalogue alone needs."""

_PLAIN = frozenset({str, int, float, bool, type(None)})


def plain(value: Any) -> Any:
    """The value as JSON knows it. Numbers must be finite."""
    kind: Any = type(value)
    if kind in _PLAIN:
        return value
    if names := _names(kind):
        return {name: plain(getattr(value, name)) for name in names}
    if isinstance(value, Enum):
        return value.name.lower() if isinstance(value, IntEnum) else value.value
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(one) for key, one in value.items()}
    if isinstance(value, AbstractSet):
        return sorted(plain(one) for one in value)
    return [plain(one) for one in value]


@cache
def _names(kind: Any) -> tuple[str, ...]:
    """The fields of a dataclass or a named tuple that are written; none of anything else."""
    hidden: frozenset[str] = HIDDEN.get(kind, frozenset())
    if is_dataclass(kind):
        return tuple(one.name for one in fields(kind) if one.name not in hidden)
    return tuple(getattr(kind, "_fields", ()))
