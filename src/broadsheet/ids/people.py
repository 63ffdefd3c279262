"""Names, e-mail addresses and ORCID iDs of people: one normal form, or None for what is none.

A handle stands in addresses and mentions, so it is plain: small letters, digits, and hyphens or underscores between
them. What pages print beside it may be in any script, but in one line, and without the characters that turn a line
around or hide in it.
"""

import re
import unicodedata

_HANDLE = re.compile(r"[a-z0-9](?:[a-z0-9]|[_-](?=[a-z0-9])){1,29}", re.ASCII)
# Words that would pass for the house itself, or for those who have left ("gone-7").
_HOUSE = """admin administrator administrators all anonymous anyone broadsheet editor editors everybody everyone here
    moderator moderators nobody owner reader readers root somebody support system you"""
_RESERVED = frozenset(_HOUSE.split())
_GONE = re.compile(r"(?:gone|reader)[_-]?\d+", re.ASCII)
_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII)
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_ORCID = re.compile(r"(?:https?://orcid\.org/)?(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dX])/?", re.ASCII | re.IGNORECASE)


def handle(text: str) -> str | None:
    """A person's name in addresses and mentions, in small letters: " Ada_L " -> "ada_l". It has 2 to 30 characters."""
    name = text.strip().removeprefix("@").lower()
    return name if _HANDLE.fullmatch(name) and name not in _RESERVED and not _GONE.fullmatch(name) else None


def shown_name(text: str) -> str:
    """A name as pages print it: one line, composed (NFC), without control and format characters; may be empty."""
    composed = unicodedata.normalize("NFC", text)
    kept = (" " if letter.isspace() else letter for letter in composed if letter.isspace() or _shows(letter))
    return " ".join("".join(kept).split())


def _shows(letter: str) -> bool:
    # Cf holds the marks that reverse a line's direction and the spaces of no width; Cs and Cn have no meaning.
    return unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Cn", "Co"}


def email(text: str) -> str | None:
    """An e-mail address in small letters, its domain as it stands in the DNS: "Ada@Bücher.example" -> "ada@xn--…".

    The part before the @ must be plain ASCII: two addresses that look the same must not be two people. A quoted one,
    or a domain that is a number, is None too, although RFC 5321 knows them.
    """
    local, at, domain = text.strip().lower().rpartition("@")
    if not at or len(local) > 64 or not _LOCAL.fullmatch(local):
        return None
    try:
        domain = domain.encode("idna").decode("ascii").lower() if not domain.isascii() else domain
    except UnicodeError:
        return None
    labels = domain.split(".")
    if len(local) + len(domain) > 253 or not all(map(_LABEL.fullmatch, labels)) or labels[-1].isdigit():
        return None
    return f"{local}@{domain}"


def orcid(text: str) -> str | None:
    """An ORCID iD with its hyphens, where its check digit is right (ISO 7064 11,2): "0000-0002-1825-0097"."""
    match = _ORCID.fullmatch(text.strip())
    if not match:
        return None
    digits = "".join(match.groups()).upper()
    total = 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    return "-".join(match.groups()).upper() if digits[-1] == ("X" if check == 10 else str(check)) else None
