"""A mailbox, read by IMAP: each unread message once. What was taken is marked as read, and stays where it is."""

import contextlib
import imaplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field

from broadsheet.errors import Unavailable, Unreachable
from broadsheet.mailing.servers import Security, kind

PATIENCE = 60.0  # seconds for each answer
MOST = 500  # messages at a time; what is left comes next time


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where it is, and who reads it. Its connection is encrypted from the start (TLS) or, on this machine, not at all.

    `trust` are the certificates that are believed; None are the system's.
    """

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    security: Security = Security.TLS
    trust: ssl.SSLContext | None = field(default=None, repr=False)
    patience: float = PATIENCE

    def take(self, taken: Callable[[bytes], object], *, largest: int, stop: Callable[[], bool] = lambda: False) -> int:
        """Gives each unread message, cut to `largest` bytes, to `taken`, and marks it as read when that returns.

        How many there were. Raises Unavailable; those that were taken before stay so.
        """
        try:
            connection = self._connected()
        except (imaplib.IMAP4.error, ssl.SSLError, OSError) as error:
            where = f"{self.host}:{self.port}"
            raise Unreachable(f"The mailbox at {where} cannot be reached, or lets nobody in ({kind(error)}).") from None
        try:
            return self._taken(connection, taken, largest, stop)
        except (imaplib.IMAP4.error, OSError) as error:
            raise Unavailable(f"The mailbox at {self.host}:{self.port} cannot be read ({kind(error)}).") from None
        finally:
            with contextlib.suppress(imaplib.IMAP4.error, OSError):
                connection.logout()
            with contextlib.suppress(OSError):
                connection.shutdown()

    def _connected(self) -> imaplib.IMAP4:
        trust = self.trust or ssl.create_default_context()
        if self.security is Security.TLS:
            connection: imaplib.IMAP4 = imaplib.IMAP4_SSL(
                self.host, self.port, ssl_context=trust, timeout=self.patience
            )
        else:
            connection = imaplib.IMAP4(self.host, self.port, timeout=self.patience)
        try:
            if self.security is Security.STARTTLS:
                connection.starttls(trust)
            connection.login(self.user, self.password)
        except BaseException:
            with contextlib.suppress(OSError):
                connection.shutdown()
            raise
        return connection

    def _taken(
        self, connection: imaplib.IMAP4, taken: Callable[[bytes], object], largest: int, stop: Callable[[], bool]
    ) -> int:
        said, _ = connection.select(f'"{self.folder}"')
        if said != "OK":
            raise Unavailable(f"The mailbox at {self.host} has no folder {self.folder}: set bounce_folder.")
        _, found = connection.uid("SEARCH", "UNSEEN")
        count = 0
        for number in (found[0] or b"").split()[:MOST] if found else ():
            if stop():
                break
            uid = number.decode("ascii")
            _, answer = connection.uid("FETCH", uid, f"(BODY.PEEK[]<0.{largest}>)")
            taken(next((part[1] for part in answer if isinstance(part, tuple)), b""))
            connection.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)")
            count += 1
        return count
