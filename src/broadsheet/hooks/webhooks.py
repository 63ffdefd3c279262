"""A webhook's message: JSON, signed so that its receiver knows who sent it and when.

The headers and the signature are those of Standard Webhooks 1.0 (standardwebhooks.com), for which there are libraries
in many languages: `v1,` and the HMAC-SHA256, in base64, of the id, the timestamp and the body with dots between.
"""

import base64
import hashlib
import hmac
import secrets

PREFIX = "whsec_"
_BYTES = 32  # of a key; the standard asks for 24 to 64


def new_secret() -> str:
    """A key that one webhook's messages are signed with, as it is shown to its owner."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode("ascii")


def signature(secret: str, key: str, at: int, body: bytes) -> str:
    """The signature of a message: `key` is its id, `at` the second of the epoch at which it leaves."""
    signed = f"{key}.{at}.".encode() + body
    digest = hmac.digest(base64.b64decode(secret.removeprefix(PREFIX)), signed, hashlib.sha256)
    return "v1," + base64.b64encode(digest).decode("ascii")


def headers(secret: str, key: str, at: int, body: bytes) -> dict[str, str]:
    """The header fields of a message."""
    return {
        "Content-Type": "application/json",
        "webhook-id": key,
        "webhook-timestamp": str(at),
        "webhook-signature": signature(secret, key, at, body),
    }
