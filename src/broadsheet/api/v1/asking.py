"""What every operation is given: the door, who asks, and how the answer is to be made.

An operation returns a noun. `Asking.answer` makes JSON of it, leaves out fields that are not wanted, and spares who
has the very same answer already.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, fields
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Query, Request
from starlette.responses import Response

from broadsheet.api import bodies
from broadsheet.api.answers import JSON, next_page
from broadsheet.api.manners import Patient
from broadsheet.api.markdown import Texts
from broadsheet.api.v1 import choosing, cursors
from broadsheet.errors import NotFound, Refused
from broadsheet.library import Library
from broadsheet.permissions import require
from broadsheet.types import Actor
from broadsheet.wire import Listed, plain

T = TypeVar("T")
MOST = 100  # items of one stretch
DEEPEST = 10_000  # items that an offset leads past
_FLEETING = "took_ms"  # what an answer says of its own making
_APART = frozenset({"cursor", "limit", "fields"})  # what may change from one stretch to the next


class Precondition(Exception):
    """What was to be changed is not as `If-Match` says, or it was not said as what it was seen (`missing`)."""

    def __init__(self, message: str, *, missing: bool = False) -> None:
        super().__init__(message)
        self.missing = missing


@dataclass(frozen=True, slots=True)
class Parts:
    """What the API is made over. `texts` gives full texts; `patient` makes searches wait their turn."""

    library: Library
    patient: Patient
    texts: Texts


@dataclass(slots=True)
class Asking:
    """One request. `kind` is the type of its answer; operations may set `location`."""

    request: Request
    parts: Parts
    actor: Actor
    kind: Any
    tree: choosing.Tree
    location: str = ""
    stop: Callable[[], bool] = lambda: False
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def library(self) -> Library:
        """The door."""
        return self.parts.library

    # Stretches.

    @property
    def question(self) -> str:
        """What is asked, whatever the stretch."""
        pairs = sorted(pair for pair in self.request.query_params.multi_items() if pair[0] not in _APART)
        return json.dumps([self.request.url.path, pairs])

    def offset(self, cursor: str) -> int:
        """How many items come before this stretch. Raises Refused for a cursor of something else."""
        place = self._place(cursor)
        if not isinstance(place, int | None):
            raise Refused("This cursor is of another list.")
        return place or 0

    def before(self, cursor: str) -> int | None:
        """The number of the last item before this stretch; None at the beginning."""
        return self.offset(cursor) or None

    def mark(self, cursor: str) -> str:
        """The word after which a list goes on that the door keeps; empty at the beginning."""
        return str(self._place(cursor) or "")

    def _place(self, cursor: str) -> cursors.Place | None:
        return cursors.read(cursor, self.question) if cursor else None

    def cursor(self, place: cursors.Place) -> str:
        """The cursor for a place in this list."""
        return cursors.written(place, self.question)

    def after(self, offset: int, limit: int, total: int) -> str | None:
        """The cursor after a stretch of a list of so many; None after the last."""
        return self.cursor(offset + limit) if offset + limit < min(total, DEEPEST) else None

    def counted(self, read: Callable[[int, int], list[T]], limit: int, cursor: str) -> Listed[T]:
        """A stretch of a list that is read by limit and offset and does not tell how long it is."""
        offset = self.offset(cursor)
        items = read(limit + 1, offset)  # one more tells whether there is more
        return Listed(items[:limit], self.after(offset, limit, offset + len(items)))

    def numbered(
        self, read: Callable[[int, int | None], list[T]], number: Callable[[T], int], limit: int, cursor: str
    ) -> Listed[T]:
        """A stretch of a list that is read by the number of the last item before."""
        items = read(limit + 1, self.before(cursor))
        kept = items[:limit]
        return Listed(kept, self.cursor(number(kept[-1])) if len(items) > limit else None)

    # Conditions.

    def expects(self, now: object) -> bool:
        """Compares `If-Match` with what it is about, as it is now. Whether it was said. Raises Precondition."""
        said = self.request.headers.get("if-match", "").strip()
        if not said:
            return False
        if said != "*" and etag(plain(now)) not in _tags(said):
            raise Precondition("This was changed since you read it. Read it again, and decide anew.")
        return True

    # The answer.

    def answer(self, value: object, status: int = 200) -> Response:
        """The answer to this request."""
        if value is None and status == 204:
            return Response(status_code=204, headers=self.headers)
        body = choosing.chosen(plain(value), self.tree)
        text, headers = _json(body), dict(self.headers)
        if self.request.method == "GET":
            headers |= {"ETag": etag(body), "Cache-Control": "no-cache", "Vary": "Authorization, Cookie"}
            known = self.request.headers.get("if-none-match", "").strip()
            if known == "*" or headers["ETag"].removeprefix("W/") in _tags(known):
                return Response(status_code=304, headers=headers)
        if cursor := getattr(value, "cursor", None):
            headers |= next_page(self.request, cursor=cursor)
        if self.location:
            headers["Location"] = f"{self.request.scope.get('root_path', '')}{self.location}"
        return Response(text, status, headers, JSON)

    async def patiently(self, work: Callable[[Callable[[], bool]], object]) -> Response:
        """The answer of work that costs much: it waits its turn, and is told when nobody waits for it any more."""
        self.request.state.work = lambda stop: self.answer(work(stop))
        waiting: Callable[[Request], Awaitable[Response]] = self.request.app.state.waiting
        return await waiting(self.request)


async def asking(
    request: Request,
    fields: Annotated[
        str,
        Query(
            description="Which fields are wanted, with commas between them; a point leads into an object or a list.",
            examples=["items.id,items.title"],
            max_length=choosing.LONGEST,
        ),
    ] = "",
) -> Asking:
    """Reads a request: first whether who asks may, as the description says. What belongs to whom the door sees.

    Raises SignInNeeded, Forbidden; Refused for a parameter that the operation does not know.
    """
    operation, actor = request.scope["route"], bodies.actor(request)
    if rule := request.app.state.rules[operation.operation_id]:
        require(actor, rule)
    known = known_of(operation)
    if unknown := sorted(set(request.query_params) - known):
        there = ", ".join(sorted(known))
        raise Refused(f"There is no parameter “{unknown[0][:40]}” here. There are: {there}.")
    kind = operation.response_model
    return Asking(request, request.app.state.parts, actor, kind, choosing.wanted(fields, kind))


def known_of(operation: Any) -> set[str]:
    """The parameters of an operation's address after the question mark."""
    found, waiting = set(), [operation.dependant]
    while waiting:
        one = waiting.pop()
        found |= {parameter.alias for parameter in one.query_params}
        waiting += one.dependencies
    return found


Asked = Annotated[Asking, Depends(asking)]


def etag(body: Any) -> str:
    """The mark of an answer: equal marks, equal answers. It is weak where they may differ in when they were made."""
    weak = isinstance(body, dict) and _FLEETING in body
    lasting = {name: one for name, one in body.items() if name != _FLEETING} if weak else body
    return f'{"W/" if weak else ""}"{hashlib.blake2b(_json(lasting), digest_size=12).hexdigest()}"'


def _json(value: Any) -> bytes:
    # Half a surrogate pair, which a source may have sent, cannot be written; a question mark can.
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8", "replace")


def _tags(said: str) -> list[str]:
    return [tag.strip().removeprefix("W/") for tag in said.split(",")]


def widened(kind: Callable[..., T], value: Any, **more: object) -> T:
    """A noun as the larger one of its stretch."""
    return kind(**{one.name: getattr(value, one.name) for one in fields(value)}, **more)


def there(value: T | None, what: str) -> T:
    """What was looked for. Raises NotFound."""
    if value is None:
        raise NotFound(what)
    return value
