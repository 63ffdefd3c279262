"""DKIM (RFC 6376): a field by which a receiver knows that a letter is this domain's and arrived as it left.

5 ms a letter in pure Python: whoever sends to many thousands lets the mail server sign instead.
"""

import dkim

from broadsheet.errors import BadSetting
from broadsheet.mailing.messages import Signer

# What must not change on the way; both fields of List-Unsubscribe must be signed for one click to count (RFC 8058).
SIGNED = (
    b"From To Subject Date Message-ID MIME-Version Content-Type Auto-Submitted Feedback-ID List-Id List-Unsubscribe"
    b" List-Unsubscribe-Post"
).split()
_RELAXED = (b"relaxed", b"relaxed")


def signer(domain: str, selector: str, key: bytes) -> Signer:
    """Signs for a domain by an RSA key in PEM, whose public half stands in the DNS at SELECTOR._domainkey.DOMAIN.

    Raises BadSetting for a key that cannot be used.
    """

    def sign(message: bytes) -> bytes:
        head = message.partition(b"\r\n\r\n")[0].lower()
        there = [name for name in SIGNED if b"\n" + name.lower() + b":" in b"\n" + head]
        # From is named once more than it is there: whoever adds another breaks the signature.
        field = dkim.sign(
            message, selector.encode(), domain.encode(), key, canonicalize=_RELAXED, include_headers=[*there, b"From"]
        )
        return bytes(field)

    try:
        sign(b"From: a@example.org\r\n\r\nA line.\r\n")
    except (dkim.DKIMException, ValueError, UnicodeError) as error:
        raise BadSetting(
            f"mail_dkim_key: this key cannot sign ({type(error).__name__}). It is an RSA key in a PEM"
            " file, made by: openssl genrsa 2048"
        ) from None
    return sign
