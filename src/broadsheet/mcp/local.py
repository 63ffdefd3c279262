"""The protocol over this process's own pipes, for an agent that started it."""

from collections.abc import Callable

import anyio
from mcp.server.stdio import stdio_server

from broadsheet.library import Library
from broadsheet.mcp.server import build
from broadsheet.mcp.tools import Texts
from broadsheet.types import Actor


def serve(
    library: Library, who: Callable[[], Actor], *, base: str, texts: Texts | None = None, title: str = "Broadsheet"
) -> None:
    """Answers what comes on standard input, until it ends. `base` is the address of the site, with a slash at its end.

    `who` is asked at every call, so that a token which ended is good for nothing more; it may raise SignInNeeded.
    """
    server = build(library, lambda _request: who(), lambda _request: base, texts=texts, title=title)

    async def run() -> None:
        async with stdio_server() as (incoming, outgoing):
            await server.run(incoming, outgoing, server.create_initialization_options())

    anyio.run(run)
