"""Who carries letters: a mail server, or the log of a place that has none."""

import logging
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from broadsheet.errors import Unavailable
from broadsheet.mailing.letters import Letter

PATIENCE = 20.0  # seconds for each answer of the mail server


class Security(StrEnum):
    """How a connection to a mail server is kept secret: from its start, after a command in the clear, or not."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


class Post(Protocol):
    """Carries letters."""

    def send(self, letter: Letter) -> None:
        """Sends a letter; when it returns, somebody else has taken it over. Raises Unavailable, Refused."""


class LogPost:
    """Prints letters in the log, with their links: a laptop needs no mail server."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log

    def send(self, letter: Letter) -> None:
        """Prints a letter."""
        self._log.warning("a letter to %s: %s\n%s", letter.to, letter.subject, letter.text)


class ConsoleFirst:
    """Letters that found a place go to the log, which only who runs it can read; all others by mail."""

    def __init__(self, console: Post, mail: Post) -> None:
        self._console, self._mail = console, mail

    def send(self, letter: Letter) -> None:
        """Sends a letter the one way or the other. Raises Unavailable, Refused."""
        (self._console if letter.founding else self._mail).send(letter)


class SmtpPost:
    """Gives letters to a mail server, each over a connection of its own."""

    def __init__(
        self,
        server: str,
        *,
        port: int,
        security: Security,
        sender: str,
        now: Callable[[], datetime],
        user: str = "",
        password: str = "",
        trust: ssl.SSLContext | None = None,
    ) -> None:
        """`trust` are the certificates that are believed; by default those of the system."""
        self._server, self._port, self._security, self._sender = server, port, security, sender
        self._now, self._user, self._password, self._trust = now, user, password, trust

    def send(self, letter: Letter) -> None:
        """Sends a letter. Raises Unavailable where the server does not take it, and Refused."""
        message = letter.message(self._sender, self._now())
        try:
            with self._connected() as server:
                server.send_message(message, self._sender, [letter.to])
        # What a server answers may repeat what it was told: only the kind of the error is said.
        except (smtplib.SMTPException, ssl.SSLError, OSError) as error:
            reason = f"{type(error).__name__} {getattr(error, 'smtp_code', '')}".strip()
            where = f"{self._server}:{self._port}"
            raise Unavailable(f"The mail server {where} did not take a letter ({reason}).") from None

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        trust = self._trust or ssl.create_default_context()
        if self._security is Security.TLS:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(self._server, self._port, timeout=PATIENCE, context=trust)
        else:
            connection = smtplib.SMTP(self._server, self._port, timeout=PATIENCE)
        with connection:
            if self._security is Security.STARTTLS:
                connection.starttls(context=trust)
            if self._user:
                connection.login(self._user, self._password)
            yield connection
