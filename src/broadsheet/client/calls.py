"""One call of the API as a value, and verbs that are written once for the client that waits and the one that does not.

A verb is a function that makes a `Call`. On a `Client` it gives the answer, on an `AsyncClient` what to await.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Concatenate, Generic, ParamSpec, Protocol, Self, TypeVar, overload
from urllib.parse import quote

from broadsheet.wire import plain

T = TypeVar("T")
P = ParamSpec("P")
Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """What is asked, and what type the answer has. `template` is the address as the description has it."""

    method: str
    template: str
    into: Any
    path: Mapping[str, object] = field(default_factory=dict)
    query: Mapping[str, object] = field(default_factory=dict)
    body: Body | None = None
    if_match: str = ""

    @property
    def address(self) -> str:
        """The address below /api/v1, with what was given. Slashes in a paper's name stay: they are part of it."""
        filled = self.template
        for name, value in self.path.items():
            filled = filled.replace(f"{{{name}}}", quote(str(plain(value)), safe="/:"))
        return filled

    @property
    def pairs(self) -> list[tuple[str, str | int | float | bool | None]]:
        """What stands after the question mark; what was not given is left out."""
        found: list[tuple[str, str | int | float | bool | None]] = []
        for name, value in self.query.items():
            said = plain(value)
            several = [one for one in (said if isinstance(said, list) else [said]) if one not in (None, "", False)]
            found += [(name, "true" if one is True else str(one)) for one in several]
        return found


def get(template: str, into: Any, path: Mapping[str, object] | None = None, **query: object) -> Call[Any]:
    """A read."""
    return Call("GET", template, into, path or {}, query)


def write(
    method: str, template: str, into: Any, path: Mapping[str, object] | None = None, body: Body | None = None,
    **query: object,
) -> Call[Any]:  # fmt: skip
    """A write."""
    return Call(method, template, into, path or {}, query, None if body is None else plain(body))


def given(**fields: object) -> Body:
    """The fields that are to change: None leaves one as it is."""
    return {name: value for name, value in fields.items() if value is not None}


class Waits(Protocol):
    """A client whose verbs give answers."""

    def run(self, call: Call[T]) -> T:
        """The answer to a call."""


class Awaits(Protocol):
    """A client whose verbs give what to await."""

    async def arun(self, call: Call[T]) -> T:
        """The answer to a call."""


class verb(Generic[P, T]):  # noqa: N801 - it is used as a decorator
    """A verb of both clients, written once."""

    def __init__(self, make: Callable[Concatenate[Any, P], Call[T]]) -> None:
        self.make = make
        self.__doc__ = make.__doc__

    @overload
    def __get__(self, client: None, kind: Any) -> Self: ...
    @overload
    def __get__(self, client: Waits, kind: Any) -> Callable[P, T]: ...
    @overload
    def __get__(self, client: Awaits, kind: Any) -> Callable[P, Awaitable[T]]: ...
    def __get__(self, client: Any, kind: Any) -> Any:
        if client is None:
            return self
        run = getattr(client, "run", None) or client.arun

        def asked(*args: P.args, **more: P.kwargs) -> Any:
            return run(self.make(client, *args, **more))

        asked.__doc__ = self.__doc__
        return asked
