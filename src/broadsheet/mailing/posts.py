"""Who carries letters: a mail server, or the log of a place that has none."""

import logging
import smtplib
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from broadsheet.errors import Unavailable
from broadsheet.mailing.letters import Letter
from broadsheet.mailing.servers import Server, kind


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

    def __init__(self, server: Server, *, sender: str, now: Callable[[], datetime]) -> None:
        self._server, self._sender, self._now = server, sender, now

    def send(self, letter: Letter) -> None:
        """Sends a letter. Raises Unavailable where the server does not take it, and Refused."""
        message = letter.message(self._sender, self._now())
        try:
            with self._server.connect() as connection:
                connection.send_message(message, self._sender, [letter.to])
        except (smtplib.SMTPException, OSError) as error:
            raise Unavailable(f"The mail server {self._server} did not take a letter ({kind(error)}).") from None
