"""Answers as machines read them: JSON, where a list goes on, and what went wrong in the shape of the face asked.

Errors are `{"error": "..."}` with the code and the sentence in headers too, because Hugging Face's client shows those.
"""

import json
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from broadsheet.errors import (
    BroadsheetError,
    Busy,
    Conflict,
    Forbidden,
    NotFound,
    Refused,
    SignInNeeded,
    StorageFull,
    TooMany,
    Unavailable,
)

JSON = "application/json; charset=utf-8"
_LONGEST_HEADER = 400
_QUOTES = str.maketrans("“”\u2019", '""\'')


def answer(body: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """The body as JSON."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # Half a surrogate pair, which a source may have sent, cannot be written; a question mark can.
    return Response(text.encode("utf-8", "replace"), status, dict(headers or {}), JSON)


def next_page(request: Request, **changed: object) -> dict[str, str]:
    """The `Link` header that leads to the next page: the same address with some fields changed."""
    url = request.url.include_query_params(**changed)
    return {"Link": f'<{url}>; rel="next"'}


def error(status: int, code: str, message: str) -> Response:
    """What went wrong, in Hugging Face's shape."""
    said = message.translate(_QUOTES).encode("ascii", "replace").decode("ascii")
    said = "".join(letter for letter in said if letter.isprintable())[:_LONGEST_HEADER]
    return answer({"error": message}, status, {"X-Error-Code": code, "X-Error-Message": said})


def status_of(problem: Exception) -> tuple[int, str, str]:
    """The status, the code and the sentence for an error of the door."""
    for kind, status, code, sentence in _SAID:
        if isinstance(problem, kind):
            return status, code, sentence.format(problem)
    return 500, "InternalError", "Something broke here. This is our fault, not yours."


# The first that fits; "{}" is what the error itself says.
_SAID: tuple[tuple[type[BroadsheetError], int, str, str], ...] = (
    (NotFound, 404, "NotFound", "{}"),
    (Refused, 400, "BadRequest", "{}"),
    (SignInNeeded, 401, "Unauthorized", "{}"),
    (Forbidden, 403, "Forbidden", "{}"),
    (TooMany, 429, "TooManyRequests", "{}"),
    (Conflict, 409, "Conflict", "{}"),
    (Unavailable, 503, "Unavailable", "{}"),
    (Busy, 503, "Busy", "{} Please try again shortly."),
    (StorageFull, 503, "Busy", "{} Please try again shortly."),
    (BroadsheetError, 500, "Damaged", "The catalogue cannot be read. Its owner can ask “broadsheet doctor”."),
)
