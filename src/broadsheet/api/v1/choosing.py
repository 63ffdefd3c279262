"""Which fields of an answer are wanted: `?fields=title,authors.name`.

A path leads through lists as if they were not there. Each is compared with the type of the answer, so that a
misspelt one is refused also where a list is empty. The cursor of a stretch is always there.
"""

import types
from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from broadsheet.errors import Refused
from broadsheet.wire import HIDDEN

Tree = dict[str, "Tree"]
LONGEST = 2_000  # letters
_ALWAYS = "cursor"


def wanted(text: str, kind: Any) -> Tree:
    """The fields that a text names, of an answer of this type. Raises Refused for one that there is not."""
    if len(text) > LONGEST:
        raise Refused(f"“fields” has {LONGEST:,} letters at most.")
    tree: Tree = {}
    for path in filter(None, (part.strip() for part in text.split(","))):
        _known(path, kind)
        branch = tree
        for name in path.split("."):
            branch = branch.setdefault(name, {})
    return tree


def chosen(value: Any, tree: Tree) -> Any:
    """The wanted fields of an answer; all of them where none is named."""
    if not tree:
        return value
    if isinstance(value, list):
        return [chosen(one, tree) for one in value]
    if isinstance(value, dict):
        return {name: chosen(one, tree.get(name, {})) for name, one in value.items() if name in tree or name == _ALWAYS}
    return value


def _known(path: str, kind: Any) -> None:
    kinds: list[Any] = [kind]
    names = path.split(".")
    for depth, name in enumerate(names):
        found = [hints for one in kinds for hints in _fields(one, {})]
        if any(name in hints for hints in found):
            kinds = [hints[name] for hints in found if name in hints]
        elif not found:
            above = ".".join(names[:depth])
            raise Refused(
                f"“fields” names “{path[:60]}”, but “{above[:60]}” has no fields of its own. Write “{above[:60]}”."
            )
        elif not all(hints is ANYTHING for hints in found):
            there = ", ".join(sorted(name for hints in found for name in hints))
            raise Refused(f"“fields” names “{path[:60]}”, which is not there. At that place there are: {there}.")


ANYTHING: Mapping[str, Any] = types.MappingProxyType({})


def _fields(kind: Any, given: Mapping[Any, Any]) -> Iterator[Mapping[str, Any]]:
    """The fields of what a type holds, below lists and unions; `ANYTHING` for objects of no known fields."""
    if isinstance(kind, TypeVar):
        kind = given.get(kind, kind)
    origin = get_origin(kind)
    if is_dataclass(origin or kind):
        noun: Any = origin or kind
        inner = dict(zip(getattr(noun, "__parameters__", ()), get_args(kind), strict=False))
        hidden = HIDDEN.get(noun, frozenset())
        hints = {name: hint for name, hint in get_type_hints(noun).items() if name not in hidden}
        yield {name: _filled(hint, inner) for name, hint in hints.items()}
    elif hasattr(kind, "_fields"):
        yield get_type_hints(kind)
    elif origin in (dict, Mapping) or getattr(origin, "__name__", "") == "Mapping":
        yield ANYTHING
    elif origin in (Union, types.UnionType) or origin is not None:
        for one in get_args(kind):
            yield from _fields(one, given)


def _filled(hint: Any, inner: Mapping[Any, Any]) -> Any:
    """A field's type, with what the parameters of its noun stand for."""
    if not inner:
        return hint
    if isinstance(hint, TypeVar):
        return inner.get(hint, hint)
    return hint[tuple(inner.values())] if getattr(hint, "__parameters__", ()) else hint
