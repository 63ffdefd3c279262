"""The two cookies: the key of a session, and the name of a browser that has no session yet.

On an encrypted connection their names begin with `__Host-`: a browser takes such a cookie only from this very host, and
only encrypted, so that no neighbouring host can plant one.
"""

import re

SESSION, BROWSER = "session", "browser"
KEPT = {SESSION: 180 * 24 * 3600, BROWSER: 3600}  # seconds
_OURS = re.compile(r"[A-Za-z0-9_-]{20,128}")


def name_of(kind: str, *, secure: bool) -> str:
    """What a cookie is called on this connection."""
    return f"__Host-{kind}" if secure else kind


def read(cookies: str, kind: str, *, secure: bool) -> tuple[str, bool]:
    """The value of a cookie of ours, and whether there is one at all: a value that cannot be ours is read as empty."""
    wanted = name_of(kind, secure=secure)
    for piece in cookies.split(";"):
        name, equals, value = piece.strip().partition("=")
        if equals and name == wanted:
            return (value if _OURS.fullmatch(value) else ""), True
    return "", False


def written(kind: str, value: str, *, secure: bool) -> str:
    """The header that sets a cookie; without a value, the one that takes it away."""
    age = KEPT[kind] if value else 0
    flags = "; Secure" if secure else ""
    return f"{name_of(kind, secure=secure)}={value}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{flags}"
