"""What stands in the outbox, as a message (RFC 5322) and its envelope: the same to the last byte at every attempt.

The body is the standard library's (MIME, lines short enough for any server, nothing but ASCII on the way). The fields
of the head are written here: its writer encodes long addresses of the web, and List-Unsubscribe must stay readable to
machines. Nothing that people typed can add a field or a recipient: a line break is refused, an address must be one.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, quote

from broadsheet.errors import Refused
from broadsheet.ids import people
from broadsheet.types import Outgoing

Signer = Callable[[bytes], bytes]
"""Gives the field that signs a message (DKIM), with its line end."""

_BREAKS = frozenset({"Cc", "Zl", "Zp", "Cs"})  # controls, what ends a line, and halves of characters
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,75}", re.ASCII)
# Those that are written here, and those that would say something else about whose it is and to whom it goes.
_OURS = {"from", "to", "cc", "bcc", "sender", "reply-to", "subject", "date", "message-id", "auto-submitted"}
_OURS |= {"return-path", "received", "dkim-signature", "mime-version"}
_MACHINES = {"list-unsubscribe", "list-unsubscribe-post", "list-archive", "list-help", "list-post", "feedback-id"}
_NAMED = {"From", "List-Id"}  # what stands in <> has a name before it, which may be in any script
_BODY = SMTP.clone(cte_type="7bit")
_WIDTH = 76
_LONGEST = 990  # letters of a line; RFC 5322 allows 998
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_WORD = re.compile(r"[^A-Za-z0-9-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes messages from `sender` ("papers@example.org"), whose name is `name`.

    `bounces` is the mailbox to which servers return what they cannot deliver; each letter has its own address there
    (VERP: "bounces+TOKEN@example.org"). Without one they return it to the sender. `sign` signs what is written.
    """

    sender: str
    name: str = ""
    bounces: str = ""
    sign: Signer | None = None

    def envelope(self, outgoing: Outgoing) -> tuple[str, str]:
        """From whom and to whom it goes, as servers are told. Raises Refused for an address that is none."""
        if people.email(outgoing.to) != outgoing.to:
            raise Refused("This letter cannot be sent: its address is none.")
        return self._returns(outgoing), outgoing.to

    def message(self, outgoing: Outgoing) -> bytes:
        """The message, with lines that end in CR LF. Raises Refused for what no letter may hold."""
        self.envelope(outgoing)
        try:
            head = b"".join(_field(name, value) for name, value in self._head(outgoing))
            whole = head + _body(outgoing).as_bytes()
        except (ValueError, HeaderParseError):
            raise Refused("This letter cannot be sent: it holds what no letter may.") from None
        return self.sign(whole) + whole if self.sign else whole

    def _head(self, outgoing: Outgoing) -> list[tuple[str, str]]:
        given = {name.lower(): (name, value) for name, value in outgoing.headers.items()}
        if any(
            name in _OURS or name.startswith(("content-", "resent-")) or not _NAME.fullmatch(name) for name in given
        ):
            raise ValueError(list(given))
        if not all(value.isascii() for name, (_, value) in given.items() if name in _MACHINES):
            raise ValueError(given)
        host = self.sender.rpartition("@")[2]
        fields = [
            ("From", _named(self.name, self.sender)),
            ("To", outgoing.to),
            ("Subject", outgoing.subject),
            ("Date", format_datetime(datetime.fromisoformat(outgoing.made))),
            ("Message-ID", f"<{outgoing.message}@{host}>"),
            # Machines that answer for people (RFC 3834) must not answer this.
            ("Auto-Submitted", "auto-generated"),
        ]
        kind = _WORD.sub("-", outgoing.purpose).strip("-") or "letter"
        if "feedback-id" not in given:
            fields.append(("Feedback-ID", f"{kind}:{_WORD.sub('-', host)}"))
        if "list-unsubscribe" in given:
            ways = given.pop("list-unsubscribe")[1]
            fields.append(("List-Unsubscribe", ways + self._by_letter(outgoing)))
            if "list-id" not in given:
                fields.append(("List-Id", f"<{kind}.{host}>"))
            one_click = "list-unsubscribe-post" not in given and ways.startswith("<https://")
            fields += [("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")] if one_click else []
        return fields + list(given.values())

    def _returns(self, outgoing: Outgoing) -> str:
        local, at, host = self.bounces.rpartition("@")
        return f"{local}+{outgoing.message}@{host}" if at else self.sender

    def _by_letter(self, outgoing: Outgoing) -> str:
        """Unsubscribing by a letter, where somebody reads them."""
        return f", <mailto:{self._returns(outgoing)}?subject=unsubscribe>" if self.bounces else ""


def _named(name: str, address: str) -> str:
    """An address with the name of who has it: "Papers <papers@example.org>"."""
    if not name:
        return address
    return f"{name} <{address}>" if not name.isascii() else f'"{quote(_plain(name))}" <{address}>'


def _field(name: str, value: str) -> bytes:
    """One field, folded where it has spaces. What is not ASCII is encoded (RFC 2047), but for what stands in <>."""
    if _plain(value).isascii() and _fits(value):
        lines = _folded(f"{name}: ", value)
    else:
        words, bracket, rest = value.rpartition("<") if name in _NAMED else (value, "", "")
        encoded = Header(words.rstrip(), "utf-8", maxlinelen=_WIDTH, header_name=name).encode(linesep="\n")
        lines = f"{name}: {encoded}".split("\n") + ([f" {bracket}{rest}"] if bracket else [])
    if not all(line.isascii() and len(line) <= _LONGEST for line in lines):
        raise ValueError(value)
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def _fits(words: str) -> bool:
    return max(map(len, words.split(" "))) < _LONGEST - _WIDTH


def _folded(begin: str, value: str) -> list[str]:
    """A text in lines at its spaces. A word stays whole, and the first on the first line, however long it is."""
    first, *rest = value.split(" ")
    lines = [begin + first]
    for word in rest:
        if word and len(lines[-1]) + len(word) >= _WIDTH:
            lines.append("")
        lines[-1] += f" {word}"
    return lines


def _body(outgoing: Outgoing) -> EmailMessage:
    """The text, and the HTML beside it for who can show it (RFC 2046: the richest comes last)."""
    message = EmailMessage(policy=_BODY)
    message.set_content(_text(outgoing.text))
    if outgoing.html:
        message.add_alternative(_text(outgoing.html), subtype="html")
        message.set_boundary(f"=_{outgoing.message}")
    return message


def _text(text: str) -> str:
    """A text without the controls that no letter may hold."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _plain(text: str) -> str:
    """A text that is one line. Raises ValueError for any other."""
    if any(unicodedata.category(letter) in _BREAKS for letter in text):
        raise ValueError(text)
    return text
