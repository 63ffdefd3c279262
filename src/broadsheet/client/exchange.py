"""One call as requests and answers, without a network: what is sent, what an answer means, when to try again.

Both clients use it: the one that waits and the one that does not differ in how they wait, and in nothing else.
"""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx2

from broadsheet.client.calls import Call
from broadsheet.errors import (
    BroadsheetError,
    Conflict,
    Forbidden,
    NotFound,
    Overtaken,
    Refused,
    SignInNeeded,
    TooMany,
    Unavailable,
    Unfit,
)
from broadsheet.wire import Misread, made

T = TypeVar("T")
PREFIX = "/api/v1"
TRIES = 4
LONGEST_WAIT = 60.0  # seconds: who is told to wait for longer is told so
FIRST_WAIT = 0.5  # seconds before the second try, twice as long before each further one
_AGAIN = frozenset({429, 502, 503, 504})


@dataclass(slots=True)
class Exchange:
    """A call on its way. `key` is the same for every try, so that what is sent twice is done once."""

    call: Call[Any]
    key: str = field(default_factory=lambda: str(uuid.uuid4()))
    tries: int = 0

    def request(self, client: "httpx2.Client | httpx2.AsyncClient") -> httpx2.Request:
        """What is sent."""
        headers = {} if self.call.method == "GET" else {"Idempotency-Key": self.key}
        if self.call.if_match:
            headers["If-Match"] = self.call.if_match
        content = None
        if self.call.body is not None:
            headers["Content-Type"] = "application/json"
            content = json.dumps(self.call.body).encode()
        address = f"{PREFIX}{self.call.address}"
        return client.build_request(self.call.method, address, params=self.call.pairs, headers=headers, content=content)

    def wait(self, answer: httpx2.Response | httpx2.TransportError) -> float | None:
        """In how many seconds to try again; None where this is the answer."""
        self.tries += 1
        if self.tries >= TRIES:
            return None
        usual: float = FIRST_WAIT * 2 ** (self.tries - 1)
        if isinstance(answer, httpx2.TransportError):
            return usual
        asked = _seconds(answer.headers.get("retry-after", ""))
        if answer.status_code in _AGAIN or (answer.status_code == 409 and asked is not None):
            wait = usual if asked is None else asked
            return wait if wait <= LONGEST_WAIT else None
        return None

    def read(self, answer: httpx2.Response) -> Any:
        """What the answer says. Raises the error that the door raised there."""
        if answer.is_success and (self.call.into is None or answer.status_code == 204):
            return None
        body = _json(answer)
        if answer.is_success:
            try:
                return made(self.call.into, body)
            except Misread as problem:
                raise Unavailable(
                    f"{_place(answer)} answered what this client does not understand: {problem}"
                ) from None
        raise error_of(answer, body)


def unreachable(request: httpx2.Request, problem: httpx2.TransportError) -> Unavailable:
    """What it means that there is no answer at all."""
    why = str(problem) or type(problem).__name__
    return Unavailable(f"{request.url.host}:{request.url.port or ''} does not answer: {why}")


def error_of(answer: httpx2.Response, body: Any) -> BroadsheetError:
    """The error that an answer tells of."""
    if not isinstance(body, dict) or "detail" not in body:
        if answer.is_redirect:
            return Refused(f"{_place(answer)} has moved to {answer.headers.get('location', '')[:200]}. Ask there.")
        return Unavailable(f"{_place(answer)} does not answer as Broadsheet does (status {answer.status_code}).")
    detail, status = str(body["detail"]), answer.status_code
    if status == 429:
        return TooMany(detail, retry_after=float(body.get("retry_after", 1)))
    if status == 409 and "present" in body:
        return Overtaken(detail, present=body["present"], edits=body["edits"], yours=body["yours"])
    if status == 400 and body.get("errors"):
        problems = {str(one["where"]).rpartition(".")[2]: str(one["detail"]) for one in body["errors"]}
        return _Told(problems, detail)
    return _BY_STATUS.get(status, _unavailable)(detail)


class _Told(Unfit):
    """Fields that were refused, in the words of the server."""

    def __init__(self, problems: dict[str, str], detail: str) -> None:
        super().__init__(problems)
        self.args = (detail,)


def _unavailable(detail: str) -> BroadsheetError:
    return Unavailable(detail)


_BY_STATUS: dict[int, Callable[[str], BroadsheetError]] = {
    400: Refused,
    401: SignInNeeded,
    403: Forbidden,
    404: NotFound,
    405: Refused,
    409: Conflict,
    412: Conflict,
    413: Refused,
    415: Refused,
    422: Refused,
    428: Refused,
}


def _json(answer: httpx2.Response) -> Any:
    try:
        return json.loads(answer.content)
    except ValueError:
        return None


def _seconds(text: str) -> float | None:
    return float(text) if text.isascii() and text.isdigit() else None


def _place(answer: httpx2.Response) -> str:
    url = answer.request.url
    return f"{url.scheme}://{url.host}{f':{url.port}' if url.port else ''}"
