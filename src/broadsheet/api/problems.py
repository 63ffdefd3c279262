"""What went wrong, for our own API: problem details as RFC 9457 has them.

`type` leads to the explanation on the API's own page, `detail` is the sentence that the door said. Some carry more:
`errors` names each field that was refused, `retry_after` says when to come again, and who was overtaken in an edit gets
both texts.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from broadsheet.api.answers import answer, status_of
from broadsheet.errors import Overtaken, TooMany, Unavailable, Unfit

MEDIA = "application/problem+json"
PREFIX = "/api/v1"
TITLES: Mapping[int, str] = {
    400: "Bad request",
    401: "Sign in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    412: "Changed meanwhile",
    413: "Too large",
    415: "Not JSON",
    422: "Key used before",
    428: "Say what you saw",
    429: "Too many requests",
    500: "Broken here",
    503: "Not now",
}
"""A title for each status. The API's page explains each below its name in an address (`name`)."""


def asks_here(path: str) -> bool:
    """Whether an address is of our own API."""
    return path == PREFIX or path.startswith(PREFIX + "/")


def name(status: int) -> str:
    """What a status is called in addresses."""
    return TITLES.get(status, TITLES[500]).lower().replace(" ", "-")


def problem(
    request: Request, status: int, detail: str, headers: Mapping[str, str] | None = None, **more: Any
) -> Response:
    """The answer that says what went wrong."""
    body = {
        "type": f"{PREFIX}/docs#{name(status)}",
        "title": TITLES.get(status, TITLES[500]),
        "status": status,
        "detail": detail,
        "instance": quote(request.url.path),
        **more,
    }
    told = answer(body, status, headers)
    told.headers["Content-Type"] = MEDIA
    return told


def of_error(request: Request, error: Exception) -> Response:
    """What the door raised, as a problem."""
    status, _, detail = status_of(error)
    more: dict[str, Any] = {}
    headers: dict[str, str] = {}
    if isinstance(error, Unfit):
        more = {"errors": [{"where": where, "detail": said} for where, said in error.problems.items()]}
    if isinstance(error, Overtaken):
        more = {"present": error.present, "edits": error.edits, "yours": error.yours}
    wait = error.retry_after if isinstance(error, TooMany | Unavailable) else None
    if wait is None and status == 503:
        wait = 5.0
    if wait is not None:
        more["retry_after"] = max(1, round(wait))
        headers["Retry-After"] = str(more["retry_after"])
    return problem(request, status, detail, headers, **more)
