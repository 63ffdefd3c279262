"""Secrets that we make ourselves: session keys, tokens, links in letters, invitations.

They hold 256 bits of chance, so that nobody can try them out, and a fast hash is enough to keep them by: who reads the
catalogue can use none of them.
"""

import hmac
import secrets
from hashlib import blake2b

TOKEN = "bs_"  # noqa: S105 - how tokens begin, so that scanners for lost secrets know them


def new_secret(prefix: str = "") -> str:
    """A new secret of 256 bits in 43 letters that are safe in an address, after a prefix that says what it is for."""
    return prefix + secrets.token_urlsafe(32)


def hashed(secret: str) -> str:
    """What is kept of a secret: its BLAKE2b-256 in hex. Any text will do, also one that is no secret of ours."""
    return blake2b(secret.encode("utf-8", "surrogatepass"), digest_size=32).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether two secrets, or two hashes, are equal; takes as long for those that differ early as for the others."""
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))
