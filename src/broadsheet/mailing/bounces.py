"""What comes back to the mailbox of bounces: what it is, of which letter, and why.

Our letters are found by their names, which stand in the address they return to and in their Message-ID; nobody can
guess one, so nobody can make a bounce of a letter that they were not sent. What a report says is read by flufl.bounce,
Mailman's reader of bounces, which knows the standard form (RFC 3464) and those of servers that never heard of it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from enum import StrEnum

from flufl.bounce import all_failures

LARGEST = 1 << 20  # bytes that are read of one; the rest is the letter that came back
_NAME = re.compile(r"(?:\+|<)([a-z2-7]{24})(?=@)", re.ASCII | re.IGNORECASE)
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}", re.ASCII)
_PARTS = 100
_MOST_NAMES = 20


class Came(StrEnum):
    """What came back: it will never arrive, it has not arrived yet, its reader complained, or wants no more."""

    BOUNCE = "bounce"
    DELAY = "delay"
    COMPLAINT = "complaint"
    UNSUBSCRIBE = "unsubscribe"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Report:
    """What came back. `names` are what may be names of our letters, the likeliest first."""

    came: Came
    names: tuple[str, ...]
    status: str = ""
    said: str = ""


def read(raw: bytes) -> Report:
    """Reads a letter from the mailbox of bounces, whatever it is."""
    message = message_from_bytes(raw[:LARGEST])
    parts = [part for part, _ in zip(message.walk(), range(_PARTS), strict=False)]
    names = tuple(dict.fromkeys(_names(message, parts)))[:_MOST_NAMES]
    kind = _feedback(parts)
    if kind:
        came = Came.COMPLAINT if kind in ("abuse", "fraud", "opt-out", "opt-out-list") else Came.OTHER
        return Report(came, names, said=f"Reported as {kind}.")
    passing, lasting = _failures(message)
    if lasting or passing:
        status, said = _reason(parts)
        return Report(Came.BOUNCE if lasting else Came.DELAY, names, status, said)
    if _wants_no_more(message):
        return Report(Came.UNSUBSCRIBE, names)
    return Report(Came.OTHER, names)


def _failures(message: Message) -> tuple[bool, bool]:
    """Whether it is a bounce: for now, or for ever."""
    try:
        passing, lasting = all_failures(message)
    except Exception:  # noqa: BLE001 - a reader of what anybody may send in; what it cannot read is no bounce
        return False, False
    return bool(passing), bool(lasting)


def _names(message: Message, parts: list[Message]) -> Iterator[str]:
    """What may be the name of a letter of ours: in the address it came to, then in all that came back."""
    for field in ("X-Original-To", "Delivered-To", "Envelope-To", "To"):
        for value in message.get_all(field, []):
            yield from _found(str(value))
    for part in parts:
        for value in part.values():
            yield from _found(str(value))
        if not part.is_multipart():
            yield from _found(_text(part))


def _found(text: str) -> Iterator[str]:
    return (match[1].lower() for match in _NAME.finditer(text))


def _text(part: Message) -> str:
    data = part.get_payload(decode=True)
    return data.decode("latin-1") if isinstance(data, bytes) else ""


def _feedback(parts: list[Message]) -> str:
    """The kind of a complaint (ARF, RFC 5965), in small letters; empty where it is none."""
    for part in parts:
        if part.get_content_type() == "message/feedback-report":
            inner = part.get_payload(0) if part.is_multipart() else None
            fields = inner if isinstance(inner, Message) else message_from_bytes(_text(part).encode("latin-1"))
            return str(fields.get("Feedback-Type", "abuse")).strip().lower()[:40] or "abuse"
    return ""


def _reason(parts: list[Message]) -> tuple[str, str]:
    """The status of a delivery report (RFC 3464) and its words."""
    for part in parts:
        status = _STATUS.search(str(part.get("Status", "")))
        if status and str(part.get("Action", "failed")).strip().lower() != "delivered":
            said = str(part.get("Diagnostic-Code", "")).partition(";")[2] or status[0]
            return status[0], _line(said)
    return "", "It came back."


def _wants_no_more(message: Message) -> bool:
    """Whether somebody, and no machine that answers for them, wrote to unsubscribe."""
    if str(message.get("Auto-Submitted", "no")).strip().lower() != "no":
        return False
    return str(message.get("Subject", "")).strip().lower().startswith("unsubscribe")


def _line(text: str) -> str:
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())[:300]
