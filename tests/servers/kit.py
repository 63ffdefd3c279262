"""A local web server that answers what a function says, unless it was told to misbehave first.

    with LocalServer(lambda asked: Reply(b"<a/>")) as server:
        server.plan(status(503, retry_after=30), None, cut())    # the first, second and third request
        client.get(server.address)

Faults are over in an instant: what would take long in the world (a pause, a stall) happens on a `Clock`, or ends as
soon as the client hangs up.
"""

import gzip
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

import httpcore2

from broadsheet.fetching import Client, Gate


@dataclass(frozen=True)
class Asked:
    """One request as it came in. Header names are lower-case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Reply:
    """One answer. A Content-Length among the headers is believed, even when it is wrong."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    kind: str = "text/xml; charset=utf-8"


Answering = Callable[[Asked], Reply]
Fault = Callable[["Handler", Asked], None]
"""Answers in the server's place. What the server would have said is `handler.usual(asked)`."""


class Clock:
    """A clock that only sleeping moves; `slept` tells how long each sleep was, in seconds."""

    def __init__(self, now: float = 1_795_176_000.0) -> None:
        self.now = now
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class LocalServer:
    """A server on a free port of this machine, until the end of its block."""

    def __init__(self, answering: Answering) -> None:
        self.answering = answering
        self.asked: list[Asked] = []
        self.closing = threading.Event()
        self._plan: list[Fault | None] = []
        self._guard = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), Handler)
        self._server.owner = self

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def plan(self, *faults: Fault | None) -> None:
        """What the next requests meet, one after the other; None is the usual answer, as is all after the plan."""
        self._plan.extend(faults)

    def forget_plan(self) -> None:
        """In good health from now on."""
        self._plan.clear()

    def next_fault(self, asked: Asked) -> Fault | None:
        with self._guard:
            self.asked.append(asked)
            return self._plan.pop(0) if self._plan else None

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    owner: LocalServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients hang up on purpose here."""


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else every answer waits 40 ms for an acknowledgement
    server: _Server

    def do_GET(self) -> None:
        self._handle()

    def do_POST(self) -> None:
        self._handle()

    def do_PUT(self) -> None:
        self._handle()

    def log_message(self, *args: object) -> None:
        """Silence: the tests look at `asked`."""

    def usual(self, asked: Asked) -> Reply:
        """What the server would say if it were in good health."""
        return self.server.owner.answering(asked)

    def send(self, reply: Reply) -> None:
        """Sends an answer in full."""
        given = {name.lower() for name in reply.headers}
        self.send_response_only(reply.status)
        self.send_header("Content-Type", reply.kind)
        if "date" not in given:
            self.send_header("Date", self.date_time_string())
        if not {"content-length", "transfer-encoding"} & given:
            self.send_header("Content-Length", str(len(reply.body)))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)

    @property
    def closing(self) -> threading.Event:
        """Set when the server goes down."""
        return self.server.owner.closing

    def _handle(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        asked = Asked(self.command, parts.path, query, headers, body)
        fault = self.server.owner.next_fault(asked)
        if fault is None:
            self.send(self.usual(asked))
        else:
            fault(self, asked)


class Internet(httpcore2.NetworkBackend):
    """Names of hosts, each with a public address behind which one of the local servers stands."""

    def __init__(self, **servers: LocalServer) -> None:
        """`Internet(one=server)`: the host "one.example"."""
        self._servers = {f"{name}.example": server for name, server in servers.items()}
        self._system = httpcore2.SyncBackend()

    def resolver(self, host: str, port: int) -> list[str]:
        """The address of a host. Raises OSError."""
        try:
            return [f"93.184.216.{list(self._servers).index(host) + 1}"]
        except ValueError:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known") from None

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore2.NetworkStream:
        """Connects to the server behind a public address; no other address is reached."""
        address, _, number = host.rpartition(".")
        assert address == "93.184.216", f"{host} was connected to, and is not one of this internet"
        server = list(self._servers.values())[int(number) - 1]
        return self._system.connect_tcp("127.0.0.1", server.port, timeout)

    def client(self, clock: Clock | None = None, **settings: Any) -> Client:
        """A client on this internet, which may ask no private address."""
        return client(clock, **{"allow_private": False, "resolver": self.resolver, "network": self, **settings})


def client(clock: Clock | None = None, *, seconds: float = 0.0, **settings: Any) -> Client:
    """A client that may ask local servers, and waits on a clock of its own."""
    clock = clock or Clock()
    usual: dict[str, Any] = {
        "agent": "Broadsheet/test (+mailto:tests@example.org)",
        "gate": Gate(None, seconds, clock=clock, sleep=clock.sleep),
        "allow_private": True,
        "timeout": 5.0,
        "clock": clock,
        "sleep": clock.sleep,
        "today": clock,
        "chance": lambda: 1.0,
    }
    return Client(**{**usual, **settings})


def replies(reply: Reply) -> Fault:
    """This answer, whatever was asked."""
    return lambda handler, asked: handler.send(reply)


def status(code: int, *, retry_after: object = None) -> Fault:
    """An error, with a time to come back or without."""
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return replies(Reply(b"<p>Not now.</p>", code, headers, "text/html"))


def redirect(to: str, code: int = 302) -> Fault:
    """Sends the client elsewhere."""
    return replies(Reply(b"", code, {"Location": to}))


def web_page() -> Fault:
    """A maintenance page with status 200, as proxies love to give."""
    return replies(Reply(b"<!DOCTYPE html><html><body>Down for maintenance</body></html>", kind="text/html"))


def cut(share: float = 0.5) -> Fault:
    """The document breaks off, and the server says nothing of it."""

    def fault(handler: Handler, asked: Asked) -> None:
        reply = handler.usual(asked)
        handler.send(Reply(reply.body[: int(len(reply.body) * share)], reply.status, reply.headers, reply.kind))

    return fault


def broken_off() -> Fault:
    """The connection closes in the middle of the body."""

    def fault(handler: Handler, asked: Asked) -> None:
        reply = handler.usual(asked)
        length = {"Content-Length": str(len(reply.body))}
        handler.send(Reply(reply.body[: len(reply.body) // 2], reply.status, {**reply.headers, **length}, reply.kind))
        handler.close_connection = True

    return fault


def dropped() -> Fault:
    """The connection closes without an answer."""

    def fault(handler: Handler, asked: Asked) -> None:
        handler.close_connection = True

    return fault


def stall() -> Fault:
    """No answer, for as long as the server lives."""

    def fault(handler: Handler, asked: Asked) -> None:
        handler.closing.wait()
        handler.close_connection = True

    return fault


def wrong_charset() -> Fault:
    """Latin-1 that says it is UTF-8."""

    def fault(handler: Handler, asked: Asked) -> None:
        reply = handler.usual(asked)
        body = reply.body.decode("utf-8").encode("latin-1", "replace")
        handler.send(Reply(body, reply.status, reply.headers, reply.kind))

    return fault


def huge(size: int = 5 * 2**30) -> Fault:
    """Announces so many bytes and begins to send them."""
    return replies(Reply(b"<a>" * 1000, headers={"Content-Length": str(size)}))


def endless() -> Fault:
    """Sends and sends, in chunks and without saying how much, until the client hangs up."""

    def fault(handler: Handler, asked: Asked) -> None:
        handler.send(Reply(headers={"Transfer-Encoding": "chunked"}))
        block = b"x" * 65_536
        while not handler.closing.is_set():
            handler.wfile.write(b"10000\r\n" + block + b"\r\n")

    return fault


def bomb(size: int = 1 << 30) -> Fault:
    """A small gzip file that unpacks to `size` bytes."""
    member = gzip.compress(bytes(1 << 20), 9)
    return replies(Reply(member * (size >> 20), headers={"Content-Encoding": "gzip"}))
