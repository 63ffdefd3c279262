"""The Model Context Protocol: what an agent may find, read and do here.

    http       at /mcp, for agents elsewhere: whoever the entrance found
    local      over standard input and output, for agents on this machine
    server     the protocol itself
    tools      what can be asked
    answers    what is answered
    resources  documents: editions, papers, full texts
    prompts    requests that people make often
    quoting    others' words, marked as such

`create` makes the application for `/mcp`, `asks_here` says which requests are for it. The SDK takes a second to load;
nothing here loads it before it is needed.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.types import Scope

from broadsheet.library import Library
from broadsheet.mcp.http import Endpoint, refusing
from broadsheet.types import Actor

if TYPE_CHECKING:
    from broadsheet.mcp.tools import Texts

__all__ = ["Endpoint", "asks_here", "create", "refusing", "serve_here"]

PATH = "/mcp"


def create(library: Library, *, title: str = "Broadsheet", address: str = "", texts: "Texts | None" = None) -> Endpoint:
    """The protocol over a library, as an application. `texts` gives full texts and may fetch them."""
    return Endpoint(library, title=title, address=address, texts=texts)


def asks_here(scope: Scope) -> bool:
    """Whether a request is for this face."""
    return scope["type"] == "http" and scope["path"] in (PATH, f"{PATH}/")


def serve_here(
    library: Library, who: Callable[[], Actor], *, base: str, texts: "Texts | None" = None, title: str = "Broadsheet"
) -> None:
    """The protocol over standard input and output, until the input ends."""
    from broadsheet.mcp import local  # noqa: PLC0415  the SDK

    local.serve(library, who, base=base, texts=texts, title=title)
