"""Cursors: where a list goes on, as a word that its reader need not understand.

A cursor belongs to the question that it was given out for, and says so: with another question, or changed on the way,
it is refused. It is no secret, and keeps its meaning when the server starts anew.
"""

import base64
import binascii
import hashlib
import json

from broadsheet.errors import Refused

Place = int | str
_MARK = 8  # bytes
_LONGEST = 600  # letters


def written(place: Place, question: str) -> str:
    """The cursor for a place in the answer to a question."""
    text = json.dumps(place, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_mark(text, question) + text).decode().rstrip("=")


def read(cursor: str, question: str) -> Place:
    """The place that a cursor means. Raises Refused."""
    try:
        raw = base64.b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raw = b""
    text = raw[_MARK:]
    if len(cursor) > _LONGEST or not text or _mark(text, question) != raw[:_MARK]:
        raise Refused("This cursor was not given out for this question. Ask again without one, from the beginning.")
    place: Place = json.loads(text)
    return place


def _mark(text: bytes, question: str) -> bytes:
    return hashlib.blake2b(text + b"\0" + question.encode("utf-8", "replace"), digest_size=_MARK).digest()
