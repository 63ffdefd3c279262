"""What JSON says as a value of a type: the other way of `writing`.

Fields that are not known are passed over, because a newer server may say more. Fields that are missing have their
defaults.
"""

import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum, IntEnum
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
_Given = Mapping[Any, Any]  # what the parameters of a generic noun stand for


class Misread(ValueError):
    """What was said does not fit the type; the message says where."""


def made(kind: type[T], value: object) -> T:
    """The value of this type that `value` describes. Raises Misread."""
    return cast("T", _made(kind, value, {}, "answer"))


def _made(kind: Any, value: Any, given: _Given, where: str) -> Any:
    if isinstance(kind, TypeVar):
        kind = given[kind]
    if kind is Any or kind is object:
        return value
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _one_of(get_args(kind), value, given, where)
    if origin is Literal:
        return _checked(value, where, value in get_args(kind))
    noun = origin or kind
    if is_dataclass(noun):
        return _noun(kind, noun, value, given, where)
    if origin is not None:
        return _collection(origin, get_args(kind), value, given, where)
    return _simple(kind, value, where)


def _noun(kind: Any, noun: Any, value: Any, given: _Given, where: str) -> Any:
    _checked(value, where, isinstance(value, Mapping))
    if parameters := getattr(noun, "__parameters__", ()):
        given = dict(zip(parameters, (given.get(one, one) for one in get_args(kind)), strict=True))
    hints, read = get_type_hints(noun), {}
    for one in fields(noun):
        if one.name in value:
            read[one.name] = _made(hints[one.name], value[one.name], given, f"{where}.{one.name}")
        elif one.default is MISSING and one.default_factory is MISSING:
            raise Misread(f"{where} has no “{one.name}”.")
    return noun(**read)


def _one_of(kinds: Sequence[Any], value: Any, given: _Given, where: str) -> Any:
    if value is None and type(None) in kinds:
        return None
    for kind in kinds:
        try:
            return _made(kind, value, given, where)
        except Misread as problem:
            last = problem
    raise last


def _collection(origin: Any, inner: Sequence[Any], value: Any, given: _Given, where: str) -> Any:
    if issubclass(origin, Mapping):
        _checked(value, where, isinstance(value, Mapping))
        return {key: _made(inner[1], one, given, f"{where}.{key}") for key, one in value.items()}
    _checked(value, where, isinstance(value, list))
    kinds = list(inner[:1]) * len(value) if origin is not tuple or inner[-1] is Ellipsis else list(inner)
    _checked(value, where, len(kinds) == len(value))
    items = [_made(kind, one, given, f"{where}[{at}]") for at, (kind, one) in enumerate(zip(kinds, value, strict=True))]
    return items if origin is Sequence else cast("Callable[[Any], Any]", origin)(items)


def _simple(kind: Any, value: Any, where: str) -> Any:
    if issubclass(kind, IntEnum):
        names = {one.name.lower(): one for one in kind}
        _checked(value, where, isinstance(value, str) and value in names)
        return names[value]
    if issubclass(kind, Enum):
        _checked(value, where, isinstance(value, str) and any(value == one.value for one in kind))
        return kind(value)
    if hasattr(kind, "_fields"):  # a named tuple
        _checked(value, where, isinstance(value, Mapping) and all(name in value for name in kind._fields))
        hints = get_type_hints(kind)
        return kind(**{name: _made(hints[name], value[name], {}, f"{where}.{name}") for name in kind._fields})
    if kind is float:
        return float(_checked(value, where, isinstance(value, int | float) and not isinstance(value, bool)))
    return _checked(value, where, type(value) is kind or (kind is type(None) and value is None))


def _checked(value: Any, where: str, fits: object) -> Any:
    if not fits:
        raise Misread(f"{where} cannot be {str(value)[:60]!r}.")
    return value
