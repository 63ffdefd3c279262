"""What settings say of mail: who carries it, how fast, and where what comes back is read. Only here is it decided."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

from broadsheet.app import channels
from broadsheet.config import Settings
from broadsheet.errors import BadSetting
from broadsheet.jobs import Context, Stopped
from broadsheet.library import Library
from broadsheet.library.mailroom import FOLDER
from broadsheet.library.sending import Carrier, Pace, Posted, Throttle
from broadsheet.mailing import FileCarrier, Security, Server, SmtpCarrier, Writer, signer
from broadsheet.mailing.bounces import LARGEST
from broadsheet.mailing.mailboxes import Mailbox
from broadsheet.types import Way

NOBODY = "broadsheet@localhost"  # whom they are from then, unless `mail_from` says it
PATIENCE = 60.0  # seconds for each answer of a mail server; nobody waits for these letters
_PORTS = {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25}
_MAILBOX_PORTS = {Security.TLS: 993, Security.STARTTLS: 143, Security.NONE: 143}


def server(settings: Settings, *, patience: float = PATIENCE) -> Server | None:
    """The mail server; None where none is set. Raises BadSetting for one without a sender."""
    host, sender = settings.text("mail_server"), settings.text("mail_from")
    if not host:
        return None
    if not sender:
        raise BadSetting("mail_server is set, but mail_from is not: say which e-mail address letters are from.")
    security = Security(settings.text("mail_security"))
    return Server(
        host,
        settings.number("mail_port") or _PORTS[security],
        security,
        settings.text("mail_user"),
        settings.text("mail_password"),
        patience=patience,
        name=sender.rpartition("@")[2],
    )


def writer(settings: Settings) -> Writer:
    """Who writes messages, and signs them where a key is set. Raises BadSetting for a key that cannot be used."""
    sender = settings.text("mail_from") or NOBODY
    sign = None
    if key := settings.text("mail_dkim_key"):
        if not settings.text("mail_from"):
            raise BadSetting("mail_dkim_key is set, but mail_from is not: letters are signed for its domain.")
        try:
            private = Path(key).expanduser().read_bytes()
        except OSError as error:
            raise BadSetting(f"mail_dkim_key: {key} cannot be read ({error.strerror}).") from None
        sign = signer(sender.rpartition("@")[2], settings.text("mail_dkim_selector"), private)
    return Writer(sender, settings.text("title"), settings.text("bounce_address"), sign)


def mailbox(settings: Settings) -> Mailbox | None:
    """The mailbox of bounces; None where none is set."""
    host = settings.text("bounce_server")
    if not host:
        return None
    security = Security(settings.text("bounce_security"))
    return Mailbox(
        host,
        settings.number("bounce_port") or _MAILBOX_PORTS[security],
        settings.text("bounce_user"),
        settings.text("bounce_password"),
        settings.text("bounce_folder"),
        security,
    )


class Postman:
    """The tasks of mail. One for a process: the rate of letters is that of all its runs."""

    def __init__(self, library: Library, settings: Settings, now: Callable[[], datetime]) -> None:
        """Raises BadSetting."""
        self._library, self._settings, self._now = library, settings, now
        self._server, self._writer, self._mailbox = server(settings), writer(settings), mailbox(settings)
        self._pace = Pace(
            at_once=settings.number("mail_connections"),
            in_doubt=settings.number("mail_in_doubt"),
            hold=settings.text("mail_doubtful") == "hold",
        )
        self._throttle = Throttle(rate=settings.number("mail_rate"), host_rate=settings.number("mail_host_rate") / 60)

    @contextmanager
    def carriers(self) -> Iterator[Mapping[Way, Carrier]]:
        """Who carries what: letters by the mail server, or into files where there is none; the rest to channels."""
        with ExitStack() as stack:
            hooks = stack.enter_context(channels.carrier(self._library, self._settings, self._now))
            if self._server is None:
                yield {Way.MAIL: FileCarrier(self._settings.home / FOLDER, self._writer), Way.CHANNEL: hooks}
            else:
                post = stack.enter_context(SmtpCarrier(self._server, self._writer))
                yield {Way.MAIL: post, Way.CHANNEL: hooks}

    def deliver(self, context: Context) -> str:
        """Sends what is due. Raises Unavailable where nothing gets through."""
        with self.carriers() as carriers:
            posted = self._library.send_due(
                carriers, stop=context.stop.is_set, pace=self._pace, throttle=self._throttle
            )
        text = said(posted)
        if posted.problem is not None:
            posted.problem.args = (f"{posted.problem} Before that: {text}",)
            raise posted.problem
        if context.stop.is_set():
            raise Stopped(text)
        return text

    def has_mailbox(self) -> bool:
        """Whether there is a mailbox of bounces to read."""
        return self._mailbox is not None

    def read_bounces(self, context: Context) -> str:
        """Reads the mailbox of bounces. Raises Unavailable."""
        if self._mailbox is None:
            return "No mailbox is set (bounce_server)."
        count = self._mailbox.take(self._library.take_bounce, largest=LARGEST, stop=context.stop.is_set)
        return f"{count:,} came back." if count else "Nothing came back."


def said(posted: Posted) -> str:
    """What came of a run: "1,204 sent, 3 later, 1 failed."."""
    named = {"sent": "sent", "again": "later", "failed": "failed", "dropped": "dropped", "doubtful": "in doubt"}
    parts = [f"{count:,} {word}" for name, word in named.items() if (count := getattr(posted, name))]
    return f"{', '.join(parts)}." if parts else "Nothing to send."
