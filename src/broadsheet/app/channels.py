"""Who carries what leaves by chats and webhooks: two clients, of which one may ask the hosts that settings name."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from broadsheet.app.sources import agent
from broadsheet.config import Settings
from broadsheet.fetching import Client, Gate
from broadsheet.hooks import ChannelCarrier, Door
from broadsheet.library import Library

_PATIENCE = 8.0  # seconds for each step of an exchange


@contextmanager
def carrier(lib: Library, settings: Settings, now: Callable[[], datetime]) -> Iterator[ChannelCarrier]:
    """The carrier of channels, while the block runs."""
    gate = Gate(None, 0.0)
    with (
        Client(agent=agent(settings), gate=gate, timeout=_PATIENCE) as public,
        Client(agent=agent(settings), gate=gate, timeout=_PATIENCE, allow_private=True) as private,
    ):
        door = Door(public, private, frozenset(lib.rules.channel_hosts))
        yield ChannelCarrier(door, lib.channel_line, lib.channel_heard, clock=lambda: now().timestamp())
