"""What settings say of people: who may come, how often they may do things, and who carries their letters."""

import ipaddress
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from broadsheet.app import posting
from broadsheet.config import Settings
from broadsheet.errors import BadSetting
from broadsheet.library import LIMITS, Limit
from broadsheet.mailing import ConsoleFirst, LogPost, Post, SmtpPost
from broadsheet.mailing.servers import PATIENCE
from broadsheet.types import Access

log = logging.getLogger("broadsheet.mail")
# What each setting `limit_…` counts; of the same setting, passwords may be tried twice as often as links are sent.
_LIMITED: Mapping[str, tuple[str, int]] = MappingProxyType(
    {
        "sign-in": ("sign_ins", 1),
        "password": ("sign_ins", 2),
        "vote": ("votes", 1),
        "comment": ("comments", 1),
        "submit": ("submissions", 1),
        "flag": ("flags", 1),
        "claim": ("claims", 1),
        "invite": ("invitations", 1),
        "found": ("groups", 1),
        "search": ("searches", 1),
        "channel": ("channels", 1),
        "stand": ("standing", 1),
        "subscribe": ("subscriptions", 1),
    }
)


def access(settings: Settings) -> Access:
    """Who may have an account. Unless it is set, one person, where nobody else could reach the site.

    Raises BadSetting for a place for one person at which others would arrive.
    """
    here = _is_this_machine(settings.text("host"))
    if settings.text("access") == Access.SINGLE and not here:
        raise BadSetting(
            f"access is single, which lets whoever comes do everything, but host is {settings.text('host')}, where"
            " others can come. Set host to 127.0.0.1, or access to invite."
        )
    if chosen := settings.text("access"):
        return Access(chosen)
    return Access.SINGLE if here and not settings.text("address") else Access.INVITE


def limits(settings: Settings) -> Mapping[str, Limit]:
    """The table of limits, with the numbers of the settings."""
    set_ = {
        kind: replace(LIMITS[kind], times=settings.number(f"limit_{name}") * times)
        for kind, (name, times) in _LIMITED.items()
    }
    return MappingProxyType({**LIMITS, **set_})


def post(settings: Settings, now: Callable[[], datetime]) -> Post:
    """Who carries letters: the mail server, or the log where there is none. Raises BadSetting."""
    printed = LogPost(log)
    server = posting.server(settings, patience=PATIENCE)
    if server is None:
        return printed
    return ConsoleFirst(printed, SmtpPost(server, sender=settings.text("mail_from"), now=now))


def address(settings: Settings) -> str:
    """Where people reach the site: its public address, or else where it listens."""
    if public := settings.text("address"):
        return public.rstrip("/")
    host = settings.text("host")
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.number('port')}"


def _is_this_machine(host: str) -> bool:
    """Whether only this machine reaches what listens there."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
