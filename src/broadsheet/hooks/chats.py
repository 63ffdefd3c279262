"""Six chat services by apprise's plugins, whose requests leave by our own client.

Apprise knows how each service is spoken to, and asks it through `requests`, which resolves a name and connects to
whatever it leads to. A name that is public when it is checked can be private when it is connected to, so a check of our
own before would be none. So each plugin's module is loaded once more for each message, as a copy that nobody else has,
in which the name `requests` is ours: what the plugin posts goes out by the one client that connects to the very address
it checked. Nothing of apprise's own modules is changed, and a test reads that the plugins have no other way out.

A plugin waits, tries again and logs by itself; the outbox does that better. So an answer that may pass (429, 5xx)
never comes back to the plugin: it ends the attempt. And a plugin's log, which at its lowest level holds tokens, is
switched off.
"""

import importlib.util
import logging
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

import apprise
import requests

from broadsheet.errors import Refused
from broadsheet.hooks.said import Said

PLUGINS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "slack": ("apprise.plugins.slack", "NotifySlack"),
        "discord": ("apprise.plugins.discord", "NotifyDiscord"),
        "teams": ("apprise.plugins.workflows", "NotifyWorkflows"),
        "telegram": ("apprise.plugins.telegram", "NotifyTelegram"),
        "matrix": ("apprise.plugins.matrix.base", "NotifyMatrix"),
        "ntfy": ("apprise.plugins.ntfy", "NotifyNtfy"),
    }
)
"""The module of each service's plugin, and its class."""

# A logger of our own that no other name leads to: the tree of loggers is the place's, not ours.
_SILENT = logging.Logger("silent", logging.CRITICAL + 1)  # noqa: LOG001


Exchange = Callable[[str, str, Mapping[str, str], bytes | None], Said]
"""Method, address, header fields, body -> what was answered. What it raises ends the attempt."""


def send(kind: str, plugin: str, text: str, *, form: str, exchange: Exchange) -> None:
    """Sends a text to where a plugin's address leads, in one of the forms "markdown", "html" and "text".

    Raises what `exchange` raises, and Refused where the service did not take it.
    """
    asks = Requests(exchange)
    made = _plugged(kind, plugin, asks)
    made.request_rate_per_sec = 0.0
    if not made.notify(body=text, body_format=form):
        raise Refused(asks.last or "The service did not take it, and said nothing.")


class Requests:
    """What stands for `requests` in a plugin: its verbs lead to `exchange`, its errors and codes are the real ones.

    `last` says in a sentence what the last answer was.
    """

    codes, RequestException, TooManyRedirects = requests.codes, requests.RequestException, requests.TooManyRedirects

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self.last = ""

    def request(
        self,
        method: str,
        url: str,
        *,
        data: str | bytes | None = None,
        params: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: object = None,
        files: object = None,
        verify: bool = True,
        **_: object,
    ) -> Said:
        """One request. Time-outs and redirects are the client's own matter; the rest is none of ours: ValueError."""
        if files or auth or not verify or isinstance(data, Mapping):
            raise ValueError("A plugin asked for what is not meant to be.")
        address = f"{url}?{urlencode({name: str(value) for name, value in params.items()})}" if params else url
        content = data.encode() if isinstance(data, str) else data
        said = self._exchange(method.upper(), address, headers or {}, content)
        self.last = f"The service answered with status {said.status_code}."
        return said

    def post(self, url: str, **options: Any) -> Said:
        """A request by POST."""
        return self.request("POST", url, **options)

    def put(self, url: str, **options: Any) -> Said:
        """A request by PUT."""
        return self.request("PUT", url, **options)

    def get(self, url: str, **options: Any) -> Said:
        """A request by GET."""
        return self.request("GET", url, **{**options, "data": None})


def _plugged(kind: str, address: str, asks: Requests) -> Any:
    """The plugin for an address, out of a copy of its module."""
    name, of = PLUGINS[kind]
    spec = importlib.util.find_spec(name)
    if spec is None or spec.loader is None:
        raise Refused("This installation has no plugin for this service: install apprise again.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.__dict__["requests"] = asks
    plugin = getattr(module, of)
    plugin.logger = _SILENT
    options = plugin.parse_url(address)
    if options is None:
        raise Refused("The service knows no such address. Remove the channel, and add it again.")
    asset = apprise.AppriseAsset(app_id="Broadsheet", app_desc="Papers", app_url="", image_url_mask="")
    try:
        return plugin(**options, asset=asset)
    except TypeError:
        raise Refused("The service knows no such address. Remove the channel, and add it again.") from None
