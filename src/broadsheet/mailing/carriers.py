"""Who carries what stands in the outbox: a mail server, step by step, or a folder of .eml files where there is none.

A letter is given over in steps: who it is from, to whom, then the fence, then its words. What goes wrong before the
fence says for sure that nothing left. Behind it an answer says what came of it, and only a connection that breaks
without one leaves doubt. The answer to the last word is waited for as long as RFC 5321 asks (4.5.3.2.6): a server that
thinks for a minute has often taken the letter already.
"""

import contextlib
import logging
import os
import re
import smtplib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from broadsheet.errors import Returned, StorageFull, Unavailable, Unreachable
from broadsheet.mailing.messages import Writer
from broadsheet.mailing.servers import Server, kind
from broadsheet.types import Carried, Outgoing

Fence = Callable[[], bool]

log = logging.getLogger("broadsheet.mail")
THINKING = 600.0  # seconds that a server may take to answer to the last word (RFC 5321, 4.5.3.2.6)
LETTERS = 100  # over one connection
IDLE = 20.0  # seconds after which a connection is not used again
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?=\s|$)", re.ASCII)
_OF_WORDS = "5.6.0"  # RFC 3463: something about the words; a reader would have been refused before
_DOTS = re.compile(rb"^\.", re.MULTILINE)


@dataclass(slots=True)
class _Line:
    """A connection, how many letters went over it, and when it was last used."""

    smtp: smtplib.SMTP
    letters: int = 0
    used: float = 0.0


class SmtpCarrier:
    """Gives letters to a mail server, over connections that are used again. Safe to share among threads."""

    def __init__(
        self,
        server: Server,
        writer: Writer,
        *,
        thinking: float = THINKING,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._server, self._writer, self._thinking, self._ticks = server.trusted(), writer, thinking, ticks
        self._idle: list[_Line] = []
        self._guard = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Says good-bye on all connections. It can be used afterwards, over new ones."""
        with self._guard:
            lines, self._idle = self._idle, []
        for line in lines:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                line.smtp.quit()

    def carry(self, outgoing: Outgoing, fence: Fence) -> Carried:
        """Gives one letter to the server.

        Raises Unavailable (not now), Unreachable (no letter gets through just now), Returned (its mailbox never takes
        it) and Refused (it is none).
        """
        sender, to = self._writer.envelope(outgoing)
        message = self._writer.message(outgoing)
        line = self._begun(sender)
        whole = False  # whether the conversation is where both sides think it is
        try:
            _hear(*line.smtp.rcpt(to))
            if not fence():
                line.smtp.rset()
                whole = True
                return Carried(left=False)
            _hear(*line.smtp.docmd("DATA"), wanted=354, status=_OF_WORDS)
            carried = self._say(line.smtp, message)
            whole = carried.sure
        except (smtplib.SMTPException, OSError) as error:
            raise Unavailable(f"The connection to {self._server} broke ({kind(error)}).") from None
        except (Unavailable, Returned):
            whole = _reset(line.smtp)
            raise
        finally:
            if whole:
                self._keep(line)
            else:
                line.smtp.close()
        return carried

    def _begun(self, sender: str) -> _Line:
        """A connection on which a letter has begun. One that was idle may be gone: then a new one."""
        line = self._idle_one()
        if line is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                return self._from(line, sender)
            line.smtp.close()
        line = _Line(self._server.connect())
        try:
            return self._from(line, sender)
        except (smtplib.SMTPException, OSError) as error:
            line.smtp.close()
            raise Unreachable(f"The mail server {self._server} does not speak ({kind(error)}).") from None

    def _from(self, line: _Line, sender: str) -> _Line:
        """Says who a letter is from. What a server has against that is no matter of one letter. Raises Unreachable."""
        code, text = line.smtp.mail(sender)
        if code != 250:
            line.smtp.close()
            raise Unreachable(
                f"The mail server {self._server} takes no letters from {self._writer.sender}: {_said(code, text)}"
            )
        return line

    def _say(self, smtp: smtplib.SMTP, message: bytes) -> Carried:
        """Says the words and waits for the answer, which may not come."""
        try:
            smtp.send(_DOTS.sub(b"..", message) + (b".\r\n" if message.endswith(b"\r\n") else b"\r\n.\r\n"))
            if smtp.sock is not None:
                smtp.sock.settimeout(self._thinking)
            code, text = smtp.getreply()
            if smtp.sock is not None:
                smtp.sock.settimeout(self._server.patience)
        except (smtplib.SMTPException, OSError) as error:
            said = f"The connection to {self._server} broke before the answer came ({kind(error)})."
            return Carried(said, sure=False)
        _hear(code, text, status=_OF_WORDS)
        return Carried(_said(code, text))

    def _idle_one(self) -> _Line | None:
        with self._guard:
            line = self._idle.pop() if self._idle else None
        if line is not None and (line.letters >= LETTERS or self._ticks() - line.used > IDLE):
            with contextlib.suppress(smtplib.SMTPException, OSError):
                line.smtp.quit()
            return self._idle_one()
        return line

    def _keep(self, line: _Line) -> None:
        line.letters += 1
        line.used = self._ticks()
        with self._guard:
            self._idle.append(line)


class FileCarrier:
    """Writes letters as .eml files, which every mail program opens: for a place without a mail server."""

    def __init__(self, folder: Path, writer: Writer) -> None:
        self._folder, self._writer = folder, writer

    def carry(self, outgoing: Outgoing, fence: Fence) -> Carried:
        """Writes one letter, whole or not at all, so that only its owner can read it. Raises Refused, StorageFull.

        Its file has the same name at every attempt: there is no second copy.
        """
        message = self._writer.message(outgoing)
        made = "".join(letter for letter in outgoing.made if letter.isalnum())
        path = self._folder / f"{made}-{outgoing.message}.eml"
        part = path.with_suffix(".part")
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            part.unlink(missing_ok=True)
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(message)
                file.flush()
                os.fsync(file.fileno())
            if not fence():
                part.unlink()
                return Carried(left=False)
            part.replace(path)
        except OSError as error:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            raise StorageFull(f"A letter could not be written to {self._folder} ({error.strerror}).") from None
        log.warning("no mail server is set: a letter was written to %s", path)
        return Carried(f"Written to {path.name}.")


def _hear(code: int, text: bytes, *, wanted: int = 250, status: str = "") -> None:
    """Raises Unavailable or Returned for any other answer than yes; `status` is for a no that does not say why."""
    if code == wanted or (wanted == 250 and 200 <= code < 300):
        return
    said = _said(code, text)
    if not 500 <= code < 600:
        raise Unavailable(said)
    found = _STATUS.search(said)
    raise Returned(said, status=found[0] if found else status)


def _said(code: int, text: bytes) -> str:
    words = " ".join(text.decode("utf-8", "replace").split())
    return f"{code} {''.join(letter for letter in words if letter.isprintable())}"[:400]


def _reset(smtp: smtplib.SMTP) -> bool:
    """Whether the connection is good for the next letter."""
    try:
        return smtp.rset()[0] == 250
    except (smtplib.SMTPException, OSError):
        return False
