"""Signed texts: what a link in a letter says of itself, so that who holds it needs no account.

HMAC-SHA256 (RFC 2104) over the purpose and the parts, with a key of this place. A text that was signed for one purpose
is none for another. It is not encrypted: the parts are numbers and words that its holder may know.
"""

import base64
import hmac
from binascii import Error
from functools import cached_property

from broadsheet.library.opened import Opened

_KEY = "links"
_SIGNATURE = 18  # bytes that are kept of it: 144 bits, 24 letters
_BETWEEN = "\x1f"  # unit separator


class Signing(Opened):
    """Signing, and looking whether something was signed here."""

    def sign(self, purpose: str, *parts: str | int) -> str:
        """The parts as a text that is safe in an address, and that only this place can make for this purpose.

        Raises ValueError for a part that holds what stands between parts.
        """
        words = [str(part) for part in parts]
        if any(_BETWEEN in word for word in words):
            raise ValueError(words)
        payload = _BETWEEN.join(words).encode()
        return f"{_text(payload)}.{_text(self._signature(purpose, payload))}"

    def signed(self, purpose: str, token: str) -> tuple[str, ...] | None:
        """The parts that were signed for this purpose; None for any other text."""
        payload, _, signature = token.partition(".")
        try:
            said, given = _bytes(payload), _bytes(signature)
        except (ValueError, Error):
            return None
        if not hmac.compare_digest(given, self._signature(purpose, said)):
            return None
        return tuple(said.decode().split(_BETWEEN))

    def have_key(self) -> None:
        """Makes the key, where there is none yet, so that nothing that is only read has to."""
        _ = self._signing_key

    def _signature(self, purpose: str, payload: bytes) -> bytes:
        return hmac.digest(self._signing_key, f"{purpose}\0".encode() + payload, "sha256")[:_SIGNATURE]

    @cached_property
    def _signing_key(self) -> bytes:
        return self.catalogue.secret(_KEY, at=self._clock()).encode()


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    """Raises ValueError for a text that is not as `_text` writes it: another spelling of the same is none."""
    data = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if _text(data) != text:
        raise ValueError(text)
    return data
