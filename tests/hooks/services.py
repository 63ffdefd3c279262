"""Chat services on this machine that answer as the real ones do, and an internet on which their names lead there.

with Services() as there:
    carrier = there.carrier("slack", ADDRESS["slack"])
    carrier.carry(outgoing(message), lambda: True)
    there.messages("slack")
"""

import json
import socket
import ssl
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import httpcore2

from broadsheet.fetching import Client
from broadsheet.hooks import ChannelCarrier, Door, Line, Message, written
from broadsheet.types import Outgoing, Way
from tests.servers.kit import Asked, Clock, LocalServer, Reply, client

NOW = 1_795_176_000
SECRET = "Sup3rSecretSup3rSecret"
ADDRESS = {
    "slack": f"https://hooks.slack.com/services/T0AAAAAAA/B0BBBBBBB/{SECRET}",
    "discord": f"https://discord.com/api/webhooks/123456789012345678/{SECRET}_-{SECRET}",
    "teams": (
        "https://prod-11.westus.logic.azure.com:443/workflows/643e69f83c8944b2b8e6/triggers/manual/paths/invoke"
        f"?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig={SECRET}"
    ),
    "telegram": f"123456789:{SECRET}_abcdefghijkl -1001234567890",
    "matrix": f"https://matrix.example syt_{SECRET} !papers:matrix.example",
    "ntfy": f"https://ntfy.example/papers-of-the-lab tk_{SECRET}",
    "webhook": f"https://hook.example/in/{SECRET}?key={SECRET}",
}
HOSTS = {
    "hooks.slack.com": "slack",
    "discord.com": "discord",
    "prod-11.westus.logic.azure.com": "teams",
    "api.telegram.org": "telegram",
    "matrix.example": "matrix",
    "ntfy.example": "ntfy",
    "hook.example": "webhook",
}


class Services:
    """All of them, each on a port of its own, until the end of the block."""

    def __init__(self) -> None:
        self.servers = {kind: LocalServer(getattr(self, f"_{kind}")) for kind in ADDRESS}
        self.clock = Clock(NOW)
        self.names: dict[str, list[list[str]]] = {}  # what a name leads to, lookup by lookup; the last stays
        self.connected: list[str] = []
        self.heard: list[tuple[str, bool]] = []
        self._clients: list[Client] = []

    def __enter__(self) -> Self:
        for server in self.servers.values():
            server.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for asking in self._clients:
            asking.close()
        for server in self.servers.values():
            server.__exit__(kind, error, trace)

    def resolver(self, host: str, port: int) -> list[str]:
        """What a name leads to: a public address of its own, unless `names` says otherwise."""
        if host in self.names:
            found = self.names[host]
            return found.pop(0) if len(found) > 1 else found[0]
        try:
            return [f"93.184.216.{list(HOSTS).index(host) + 1}"]
        except ValueError:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known") from None

    def carrier(self, kind: str, address: str = "", *, secret: str = "", timeout: float = 5.0) -> ChannelCarrier:
        """A carrier of one channel, without a library."""
        line = Line(kind, address or ADDRESS[kind], secret)
        return self.by(lambda _: line, lambda _, problem, gone: self.heard.append((problem, gone)), timeout=timeout)

    def by(
        self,
        line: Callable[[Outgoing], Line],
        heard: Callable[[Outgoing, str, bool], None],
        *,
        timeout: float = 5.0,
    ) -> ChannelCarrier:
        """A carrier of the channels that somebody knows."""
        internet = _Internet(self)

        def sender(*, private: bool) -> Client:
            names: dict[str, Any] = {"resolver": self.resolver, "network": internet}
            self._clients.append(client(self.clock, allow_private=private, tries=1, timeout=timeout, **names))
            return self._clients[-1]

        door = Door(sender(private=False), sender(private=True), inside={"inside.example"})
        return ChannelCarrier(door, line, heard, clock=self.clock)

    def asked(self, kind: str) -> list[Asked]:
        """What a service was asked."""
        return self.servers[kind].asked

    def messages(self, kind: str) -> list[dict[str, Any]]:
        """The bodies that a service was sent with words in them."""
        bodies = [json.loads(asked.body) for asked in self.asked(kind) if asked.method != "GET" and asked.body]
        return [body for body in bodies if isinstance(body, dict) and body]

    def _slack(self, asked: Asked) -> Reply:
        if asked.path != f"/services/T0AAAAAAA/B0BBBBBBB/{SECRET}":
            return Reply(b"no_service", 404, kind="text/html")
        return Reply(b"ok", kind="text/html")

    def _discord(self, asked: Asked) -> Reply:
        body = json.loads(asked.body)
        if len(body.get("content", "").encode("utf-16-le")) > 2 * 2000:
            wrong = {"code": 50035, "message": "Invalid Form Body"}
            return _json(wrong, 400)
        return Reply(b"", 204, {"X-RateLimit-Remaining": "4", "X-RateLimit-Reset": str(NOW + 1)})

    def _teams(self, asked: Asked) -> Reply:
        if asked.query.get("sig") != SECRET:
            return _json({"error": {"code": "DirectApiAuthorizationRequired"}}, 401)
        return Reply(b"", 202)

    def _telegram(self, asked: Asked) -> Reply:
        body = json.loads(asked.body)
        if asked.path != f"/bot123456789:{SECRET}_abcdefghijkl/sendMessage":
            return _json({"ok": False, "error_code": 401, "description": "Unauthorized"}, 401)
        if not body.get("text") or body["text"].count("<b>") != body["text"].count("</b>"):
            return _json({"ok": False, "error_code": 400, "description": "Bad Request: can't parse entities"}, 400)
        return _json({"ok": True, "result": {"message_id": 7, "chat": {"id": body["chat_id"]}}})

    def _matrix(self, asked: Asked) -> Reply:
        open_to_all = {
            "/.well-known/matrix/client": {"m.homeserver": {"base_url": "https://matrix.example"}},
            "/_matrix/client/versions": {"versions": ["v1.11"]},
        }
        if asked.path in open_to_all:
            return _json(open_to_all[asked.path])
        if asked.headers.get("authorization") != f"Bearer syt_{SECRET}":
            return _json({"errcode": "M_UNKNOWN_TOKEN", "error": "Invalid access token"}, 401)
        answers: dict[str, object] = {
            "/account/whoami": {"user_id": "@bot:matrix.example", "device_id": "D"},
            "/join/": {"room_id": "!papers:matrix.example"},
            "/send/m.room.message/": {"event_id": "$1"},
        }
        found = next((answer for part, answer in answers.items() if part in asked.path), None)
        wrong = {"errcode": "M_UNRECOGNIZED", "error": "Unrecognized request"}
        return _json(found) if found is not None else _json(wrong, 404)

    def _ntfy(self, asked: Asked) -> Reply:
        if asked.headers.get("authorization") != f"Bearer tk_{SECRET}":
            return _json({"code": 40101, "http": 401, "error": "unauthorized"}, 401)
        body = json.loads(asked.body)
        if len(body["message"].encode()) > 4096:
            return _json({"code": 40041, "http": 413, "error": "too large"}, 413)
        return _json({"id": "x", "event": "message", "topic": body["topic"], "message": body["message"]})

    def _webhook(self, asked: Asked) -> Reply:
        return Reply(b"x" * 1000)


class _Internet(httpcore2.NetworkBackend):
    """Public addresses, behind each of which one of the services stands. All of it is TLS that nobody encrypts."""

    def __init__(self, services: Services) -> None:
        self._services, self._system = services, httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore2.NetworkStream:
        """Connects to the service behind an address, and notes that it was connected to."""
        self._services.connected.append(host)
        kind = list(HOSTS.values())[int(host.rpartition(".")[2]) - 1] if host.startswith("93.") else "webhook"
        return _Plain(self._system.connect_tcp("127.0.0.1", self._services.servers[kind].port, timeout))


class _Plain(httpcore2.NetworkStream):
    """A connection on which TLS begins without changing anything."""

    def __init__(self, stream: httpcore2.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, timeout)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, timeout)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        return self

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _json(value: object, status: int = 200) -> Reply:
    return Reply(json.dumps(value).encode(), status, kind="application/json")


def outgoing(message: Message, key: str = "digest:7:2026-11-20") -> Outgoing:
    """A message as the outbox gives it to the carrier."""
    return Outgoing(key, Way.CHANNEL, "digest", "3", message.title, written(message))
