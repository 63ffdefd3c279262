"""Pages of channels: chats and webhooks that somebody lets things be sent to."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from broadsheet.web.contexts.frame import Frame, Link


@dataclass(slots=True)
class ChannelRow:
    """A channel in a list. `shown` is its address without what is secret; `problem` is empty where all is well."""

    href: str
    name: str
    service: str
    shown: str
    problem: str
    off: bool


@dataclass(slots=True)
class ServiceLink:
    """A service that can be added, and what it is for."""

    href: str
    text: str
    note: str


@dataclass(slots=True)
class ChannelsPage:
    """channels.html: one's channels, and the services that one can add."""

    frame: Frame
    rows: Sequence[ChannelRow]
    services: Sequence[ServiceLink]
    note: str = ""


@dataclass(slots=True)
class ChannelField:
    """A field of the form that adds a channel. A `secret` one is never filled in again."""

    name: str
    label: str
    example: str
    typed: str = ""
    secret: bool = False
    required: bool = True


@dataclass(slots=True)
class AddChannelPage:
    """addchannel.html: how to get an address from a service, and the form that takes it."""

    frame: Frame
    service: str
    action: str
    steps: Sequence[str]
    fields: Sequence[ChannelField]
    name: str
    problem: str = ""


@dataclass(slots=True)
class SentMessage:
    """Something that was sent to a channel, or waits: what, when it was made, how it stands, what came back."""

    what: str
    made: str
    state: str
    said: str
    well: bool


@dataclass(slots=True)
class ChannelPage:
    """channel.html: one channel, what is sent there, and how it fares. `signed`: its messages are signed."""

    frame: Frame
    row: ChannelRow
    since: str
    signed: bool
    subscriptions: Sequence[Link]
    messages: Sequence[SentMessage]
    base: str
    subscribe: str
    note: str = ""
    problem: str = ""


@dataclass(slots=True)
class RemoveChannelPage:
    """removechannel.html: what goes with a channel, and the button."""

    frame: Frame
    row: ChannelRow
    action: str
    back: str
    subscriptions: Sequence[Link] = field(default_factory=tuple)
