"""Cursors: where a list goes on, as a word that its reader need not understand.

A cursor belongs to the question that it was given out for, and says so: with another question, or changed on the way,
it is refused. It is no secret, and keeps its meaning when the server starts anew.
"""

import base64
import binascii
import hashlib
import json
from typing import cast

from broadsheet.errors import Refused

Place = int | str
LARGEST = 2**53 - 1  # a whole number that every reader of JSON, and every database, knows exactly
_MARK = 8  # bytes
_LONGEST = 600  # letters


def written(place: Place, question: str) -> str:
    """The cursor for a place in the answer to a question."""
    text = json.dumps(place, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_mark(text, question) + text).decode().rstrip("=")


def read(cursor: str, question: str) -> Place:
    """The place that a cursor means. Raises Refused.

    Whoever reads this file can write a cursor that we never gave out: its place is looked at like anything else that
    is sent.
    """
    known = cursor if len(cursor) <= _LONGEST else ""
    try:
        raw = base64.b64decode(known.encode("ascii") + b"=" * (-len(known) % 4), altchars=b"-_", validate=True)
        place = json.loads(raw[_MARK:])
    except (ValueError, binascii.Error):
        raw, place = b"", None
    fits = isinstance(place, str) or (type(place) is int and 0 <= place <= LARGEST)
    if not fits or _mark(raw[_MARK:], question) != raw[:_MARK]:
        raise Refused("This cursor was not given out for this question. Ask again without one, from the beginning.")
    return cast("Place", place)


def _mark(text: bytes, question: str) -> bytes:
    return hashlib.blake2b(text + b"\0" + question.encode("utf-8", "replace"), digest_size=_MARK).digest()
