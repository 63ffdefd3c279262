"""A client of an application, without a server between: as Starlette's test client, at a sixth of its cost.

That one speaks to the application step by step, so that lifespans, web sockets and endless answers can be tested, and
makes a thread and an event loop for each request. This one asks and gets the whole answer. Tests ask tens of thousands
of times.
"""

from collections.abc import Mapping, MutableMapping
from typing import Any

import anyio
import httpx2
from anyio.from_thread import BlockingPortalProvider
from starlette.types import ASGIApp

# The event loop for all requests at any moment; tests/sharing.py keeps it from one to the next.
PORTAL = BlockingPortalProvider()


class TestClient(httpx2.Client):
    """Asks an application; what the application raises is raised here."""

    __test__ = False

    def __init__(
        self,
        app: ASGIApp,
        *,
        base_url: str = "http://testserver",
        client: tuple[str, int] = ("testclient", 50_000),
        headers: Mapping[str, str] | None = None,
        follow_redirects: bool = True,
        raise_server_exceptions: bool = True,
    ) -> None:
        """`client` is the address that the application sees, with its port."""
        said = httpx2.Headers(headers)
        said.setdefault("User-Agent", "testclient")
        super().__init__(
            transport=_Inside(app, client, raises=raise_server_exceptions),
            base_url=base_url,
            headers=said,
            follow_redirects=follow_redirects,
            trust_env=False,
        )


class _Inside(httpx2.BaseTransport):
    def __init__(self, app: ASGIApp, client: tuple[str, int], *, raises: bool) -> None:
        self._app, self._client, self._raises = app, client, raises

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        url, body = request.url, request.read()
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": request.method,
            "path": url.path,
            "raw_path": url.raw_path.partition(b"?")[0],
            "root_path": "",
            "scheme": url.scheme,
            "query_string": url.query,
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
            "client": self._client,
            "server": (url.host, url.port or {"http": 80, "https": 443}[url.scheme]),
            "state": {},
        }
        answer = _Answer()
        with PORTAL as portal:
            try:
                portal.call(self._run, scope, body, answer)
            except Exception:
                if self._raises:
                    raise
        return answer.response(head=request.method == "HEAD")

    async def _run(self, scope: dict[str, Any], body: bytes, answer: "_Answer") -> None:
        ended, asked = anyio.Event(), False

        async def receive() -> MutableMapping[str, Any]:
            nonlocal asked
            if asked:
                await ended.wait()
                return {"type": "http.disconnect"}
            asked = True
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: MutableMapping[str, Any]) -> None:
            assert not ended.is_set(), "something is sent after the end of the answer"
            if answer.takes(message):
                ended.set()

        await self._app(scope, receive, send)


class _Answer:
    """What an application sends, in the order that is agreed between servers and applications."""

    def __init__(self) -> None:
        self._start: MutableMapping[str, Any] = {}
        self._body = bytearray()

    def takes(self, message: MutableMapping[str, Any]) -> bool:
        """Whether the answer is whole with this."""
        if not self._start:
            assert message["type"] == "http.response.start", message
            self._start = message
            return False
        assert message["type"] == "http.response.body", message
        self._body += message.get("body", b"")
        return not message.get("more_body", False)

    def response(self, *, head: bool) -> httpx2.Response:
        """The answer; 500 where there is none."""
        content = b"" if head else bytes(self._body)
        headers = self._start.get("headers", [])
        # As a stream, which keeps the headers as they were sent.
        return httpx2.Response(self._start.get("status", 500), headers=headers, stream=httpx2.ByteStream(content))
