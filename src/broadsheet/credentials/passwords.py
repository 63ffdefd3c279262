"""Passwords by argon2id, with the parameters that argon2-cffi recommends (RFC 9106, its second choice: 64 MiB).

A hash takes a processor and its memory for a good part of a tenth of a second. So two are computed at a time at most:
a crowd that tries passwords waits in line, and the pages go on.
"""

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from broadsheet.errors import Busy, Refused

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 10, 500  # characters
AT_ONCE = 2
PATIENCE = 20.0  # seconds that one waits for its turn


class Passwords:
    """Makes and compares hashes. Safe to share among threads."""

    def __init__(self, *, at_once: int = AT_ONCE, patience: float = PATIENCE) -> None:
        self._turns, self._patience = threading.BoundedSemaphore(at_once), patience
        self._hasher: PasswordHasher | None = None
        self._nobodys = ""

    def hash(self, password: str) -> str:
        """The hash of a new password. Raises Refused for one that is too short or too long, and Busy."""
        if len(password) < SHORTEST:
            raise Refused(f"This password is too short: it takes {SHORTEST} characters. Some words make a good one.")
        if len(password) > LONGEST:
            raise Refused(f"This password is too long: {LONGEST} characters at most.")
        with self._turn() as hasher:
            return hasher.hash(_bytes(password))

    def fits(self, password: str, known: str | None) -> bool:
        """Whether a password is the one with this hash; without a hash it is not, after the same work. Raises Busy."""
        from argon2.exceptions import InvalidHashError, VerificationError  # noqa: PLC0415 - not before it is needed

        with self._turn() as hasher:
            self._nobodys = self._nobodys or hasher.hash(b"")
            endless = len(password) > LONGEST
            try:
                hasher.verify(known or self._nobodys, _bytes("" if endless else password))
            except (VerificationError, InvalidHashError):
                return False
            return bool(known) and not endless

    def outdated(self, known: str) -> bool:
        """Whether a hash was made with other parameters than new ones are."""
        with self._turn() as hasher:
            return hasher.check_needs_rehash(known)

    @contextmanager
    def _turn(self) -> Iterator["PasswordHasher"]:
        from argon2 import PasswordHasher  # noqa: PLC0415 - not before it is needed

        if not self._turns.acquire(timeout=self._patience):
            raise Busy("Many people sign in just now; try again in a moment.")
        try:
            self._hasher = self._hasher or PasswordHasher()
            yield self._hasher
        finally:
            self._turns.release()


def _bytes(password: str) -> bytes:
    # The same password typed on two keyboards may come composed or not.
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
