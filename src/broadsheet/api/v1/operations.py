"""Operations: each is a function with a route, and with what its description must say of it.

The first sentence of a function's docstring is its summary. Its `rule` is a row of `permissions.RULES`: who must be
signed in for it, and with which scope. `counted` is what it is counted as (`library.limits`). One that is `patient`
costs much: it waits its turn, and learns from `asked.stop` that nobody waits for it any more.
"""

import functools
import inspect
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar, get_type_hints

from starlette.responses import Response

from broadsheet.api.v1.asking import Asking
from broadsheet.errors import BroadsheetError
from broadsheet.types import Visitor

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `secret`: its answer holds what is shown once, and is not kept for who asks again."""

    method: str
    path: str
    run: Callable[..., Any]
    tag: str
    rule: str = ""
    counted: str = ""
    status: int = 200
    secret: bool = False
    guarded: bool = False
    patient: bool = False

    @property
    def name(self) -> str:
        """What it is called: its id in the description, and the client's method."""
        return self.run.__name__.rstrip("_")

    @property
    def kind(self) -> Any:
        """The type of its answer."""
        return get_type_hints(self.run).get("return")

    @property
    def words(self) -> tuple[str, str]:
        """Its summary, and what else its docstring says."""
        said = inspect.getdoc(self.run) or ""
        first, _, rest = said.partition("\n\n")
        return " ".join(first.split()).rstrip("."), rest

    def endpoint(self) -> Callable[..., Any]:
        """What FastAPI calls: the function, whose noun becomes an answer."""
        if self.patient:
            return self._waiting()

        @functools.wraps(self.run)
        def run(**given: Any) -> Response:
            asked: Asking = given["asked"]
            try:
                return asked.answer(self.run(**given), self.status)
            finally:
                if self.counted:
                    self._count(asked)

        return run

    def _waiting(self) -> Callable[..., Any]:
        @functools.wraps(self.run)
        async def run(**given: Any) -> Response:
            asked: Asking = given["asked"]

            def work(stop: Callable[[], bool]) -> object:
                asked.stop = stop
                return self.run(**given)

            return await asked.patiently(work)

        return run

    def _count(self, asked: Asking) -> None:
        """Says what is left of the limit that the act was counted against."""
        visitor = asked.request.scope.get("visitor")
        if isinstance(visitor, Visitor):
            with suppress(BroadsheetError):  # the act's own answer matters more
                visitor.allowance = asked.library.allowance(visitor.actor, self.counted)


@dataclass(frozen=True, slots=True)
class Operations:
    """The operations of one subject, in the order in which their routes are tried."""

    tag: str
    about: str
    all: list[Operation] = field(default_factory=list)

    def reads(self, path: str, *, rule: str = "", patient: bool = False) -> Callable[[F], F]:
        """A GET."""
        return self._with("GET", path, rule=rule, patient=patient)

    def makes(
        self, path: str, *, rule: str, counted: str = "", status: int = 201, secret: bool = False
    ) -> Callable[[F], F]:
        """A POST."""
        return self._with("POST", path, rule=rule, counted=counted, status=status, secret=secret)

    def puts(self, path: str, *, rule: str, counted: str = "", status: int = 200) -> Callable[[F], F]:
        """A PUT: the same twice is the same as once."""
        return self._with("PUT", path, rule=rule, counted=counted, status=status)

    def changes(self, path: str, *, rule: str, counted: str = "", guarded: bool = True) -> Callable[[F], F]:
        """A PATCH. `guarded`: it heeds `If-Match`."""
        return self._with("PATCH", path, rule=rule, counted=counted, guarded=guarded)

    def ends(self, path: str, *, rule: str, counted: str = "", status: int = 204) -> Callable[[F], F]:
        """A DELETE."""
        return self._with("DELETE", path, rule=rule, counted=counted, status=status)

    def _with(self, method: str, path: str, **facts: Any) -> Callable[[F], F]:
        def keep(run: F) -> F:
            self.all.append(Operation(method, path, run, self.tag, **facts))
            return run

        return keep
