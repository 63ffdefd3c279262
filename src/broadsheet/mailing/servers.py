"""A mail server, and a connection to it, encrypted as the settings say."""

import smtplib
import ssl
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Self

from broadsheet.errors import Unreachable

PATIENCE = 20.0  # seconds for each answer of the mail server


class Security(StrEnum):
    """How a connection to a mail server is kept secret: from its start, after a command in the clear, or not."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Server:
    """Where it is, and what is said to it. `trust` are the certificates that are believed; None are the system's.

    `patience` is in seconds, for each answer. `name` is what we say we are called; empty is this machine's name.
    """

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)
    trust: ssl.SSLContext | None = field(default=None, repr=False)
    patience: float = PATIENCE
    name: str | None = None

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    def trusted(self) -> Self:
        """The same with the certificates read that it needs: for who connects often, since that takes a while."""
        if self.trust is not None or self.security is Security.NONE:
            return self
        return replace(self, trust=ssl.create_default_context())

    def connect(self) -> smtplib.SMTP:
        """A connection that letters can be given to. Raises Unreachable."""
        try:
            return self._connected()
        # What a server answers may repeat what it was told: only the kind of the error is said.
        except (smtplib.SMTPException, ssl.SSLError, OSError) as error:
            raise Unreachable(
                f"The mail server {self} did not take a letter: it lets nobody in ({kind(error)})."
            ) from None

    def _connected(self) -> smtplib.SMTP:
        how: dict[str, Any] = {"timeout": self.patience, "local_hostname": self.name}
        trust = self.trusted().trust
        if self.security is Security.TLS:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, context=trust, **how)
        else:
            connection = smtplib.SMTP(self.host, self.port, **how)
        try:
            if self.security is Security.STARTTLS:
                connection.starttls(context=trust)
            if self.user:
                connection.login(self.user, self.password)
            connection.ehlo_or_helo_if_needed()
        except BaseException:
            connection.close()
            raise
        return connection


def kind(error: Exception) -> str:
    """The kind of an error of the network or of a mail server, and its code: "SMTPAuthenticationError 535"."""
    return f"{type(error).__name__} {getattr(error, 'smtp_code', '')}".strip()
