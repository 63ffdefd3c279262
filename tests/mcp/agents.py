"""An agent for tests: the SDK's client over a library, and what it is told."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx2
import pytest
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from mcp_types import CallToolResult

import broadsheet
from broadsheet import ingest
from broadsheet.library import Library, Rules
from broadsheet.mcp.server import build
from broadsheet.types import Access, Actor, FullText
from tests import loops
from tests.conftest import NOW
from tests.papers import write_lines

T = TypeVar("T")
BASE = "http://papers.example/"
CONNECTS = ("auto", "legacy")  # without a handshake, as since 2026-07-28, and with one, as before


@contextmanager
def library_at(home: Path, access: Access = Access.OPEN, **more: Any) -> Iterator[Library]:
    """A library with the five invented papers of `tests.papers`."""
    home.mkdir(parents=True, exist_ok=True)
    with broadsheet.open(home / "home", clock=lambda: NOW, rules=Rules(access=access)) as library:
        ingest.import_file(library.catalogue, write_lines(home / "papers.jsonl", **more), now=lambda: NOW)
        library.follow()
        yield library


class Agent:
    """Somebody's agent, that connects for every question as a client without a session would."""

    def __init__(self, connect: Callable[[], AbstractAsyncContextManager[Client]]) -> None:
        self._connect = connect

    def do(self, work: Callable[[Client], Awaitable[T]]) -> T:
        """Does something with a connected client."""

        async def main() -> T:
            async with self._connect() as client:
                return await work(client)

        return loops.run(main)

    def call(self, tool: str, **arguments: Any) -> CallToolResult:
        """Calls a tool."""

        async def work(client: Client) -> CallToolResult:
            found: CallToolResult = await client.call_tool(tool, arguments)
            return found

        return self.do(work)

    def asks(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """What a tool answers, as fields. Fails where it answers with an error."""
        result = self.call(tool, **arguments)
        assert not result.is_error, said(result)
        assert isinstance(result.structured_content, dict)
        return result.structured_content

    def is_told(self, tool: str, **arguments: Any) -> str:
        """The sentence of an error. Fails where there is none."""
        result = self.call(tool, **arguments)
        assert result.is_error, said(result)
        return said(result)

    def refused(self, work: Callable[[Client], Awaitable[object]]) -> str:
        """The protocol's own error. Fails where there is none."""

        async def caught(client: Client) -> str:
            with pytest.raises(MCPError) as raised:  # in here: the client would wrap it
                await work(client)
            return str(raised.value)

        return self.do(caught)

    def tools(self) -> list[str]:
        """The tools that this agent sees."""

        async def work(client: Client) -> list[str]:
            return [tool.name for tool in (await client.list_tools()).tools]

        return self.do(work)


def inside(library: Library, actor: Actor, texts: Callable[[str], FullText | None] | None = None) -> Agent:
    """An agent of somebody, without a network between."""
    return Agent(lambda: Client(build(library, lambda _: actor, lambda _: BASE, texts=texts)))


def outside(address: str, token: str = "", *, mode: str = "auto", **headers: str) -> Agent:
    """An agent that asks over HTTP, with a token if there is one."""
    given = {**headers, **({"Authorization": f"Bearer {token}"} if token else {})}

    return Agent(lambda: over(httpx2.AsyncClient(headers=given, timeout=60), address, mode))


@asynccontextmanager
async def over(http: httpx2.AsyncClient, address: str, mode: str) -> AsyncIterator[Client]:
    """A client over this HTTP client, which is closed in the end."""
    async with http, Client(streamable_http_client(f"{address}/mcp", http_client=http), mode=mode) as client:
        yield client


def said(result: CallToolResult) -> str:
    """The text of an answer."""
    return "\n".join(getattr(one, "text", "") for one in result.content)
