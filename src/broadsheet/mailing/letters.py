"""A letter, and the message it becomes (RFC 5322), by the standard library's own writer.

Nothing that people typed can add a header or a recipient: a line break in an address or a subject is refused, and the
text is encoded.
"""

import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from broadsheet.errors import Refused

_BREAKS = frozenset({"Cc", "Zl", "Zp", "Cs"})  # controls, what ends a line, and halves of characters


@dataclass(frozen=True, slots=True)
class Letter:
    """Plain text to one address. `to` is in the normal form of `ids.people.email`.

    The text may hold a link that is good for its reader alone, and stays out of `repr`. `founding` marks the link
    that makes the first account, the administrator's: it goes to the log, which only who runs the place can read, and
    to no mail server.
    """

    to: str
    subject: str
    text: str = field(repr=False)
    founding: bool = False

    def message(self, sender: str, at: datetime) -> EmailMessage:
        """The letter as a message from `sender` ("papers@example.org"). Raises Refused for what fits no header."""
        message = EmailMessage(policy=SMTP)
        try:
            for name, value in (("From", sender), ("To", self.to)):
                message[name] = (Address(addr_spec=_plain(value)),)
            message["Subject"] = _plain(self.subject)
            message.set_content(self.text)
        except (ValueError, HeaderParseError):
            raise Refused("This letter cannot be sent: it holds what no letter may.") from None
        message["Date"] = format_datetime(at)
        message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
        # Machines that answer for people (RFC 3834) must not answer this.
        message["Auto-Submitted"] = "auto-generated"
        return message


def _plain(text: str) -> str:
    """A text that is one line. Raises ValueError: the library's own check lets some breaks pass (a lone CR)."""
    if any(unicodedata.category(letter) in _BREAKS for letter in text):
        raise ValueError(text)
    return text
