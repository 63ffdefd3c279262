"""An agent's day: it finds a paper, explains it, and keeps it for the person it works for; over HTTP, with a token."""

from pathlib import Path

from mcp.client import Client
from mcp_types import CallToolResult

from broadsheet import app, config
from broadsheet.library import Library
from broadsheet.mcp import quoting
from broadsheet.types import Actor, Scope
from tests.crowd import joins
from tests.e2e.site import served
from tests.mcp.agents import library_at, outside, said
from tests.mcp.test_tools import SHEEP


def test_an_agent_finds_explains_and_saves_a_paper(tmp_path: Path) -> None:
    with library_at(tmp_path) as library:
        ada = joins(library, "ada")
        token = library.make_token(ada, "my agent", frozenset({Scope.READ, Scope.VOTE, Scope.COMMENT}), 30)[1]
        settings = config.read(library.home, {"BROADSHEET_ACCESS": "open"})
        with served(app.create(library, settings)) as base:
            outside(base, token).do(lambda client: _day(client, base))
        _left(library, ada)


async def _day(client: Client, base: str) -> None:
    """What the agent asks, in its order; it takes every next step from the answer before."""
    tools = [tool.name for tool in (await client.list_tools()).tools]
    assert {"search_papers", "read_paper", "explain_paper", "save_paper", "comment"} <= set(tools)
    wish = await client.get_prompt("brief_me", {"interest": "counting animals"})
    assert "list_edition" in wish.messages[0].content.text  # type: ignore[union-attr]

    # It finds.
    found = await _called(client, "search_papers", query="how to count a herd quickly", limit=3)
    paper = found.structured_content["papers"][0]
    assert paper["id"] == SHEEP
    assert quoting.NOTE in said(found)

    # It explains: what the paper says, why it is here, what is near.
    read = (await _called(client, "read_paper", id=paper["id"])).structured_content
    assert read["abstract"].startswith("A herd is counted")
    why = (await _called(client, "explain_paper", id=paper["id"], query="how to count a herd")).structured_content
    assert any("number 1 for this search" in reason for reason in why["reasons"])
    near = [one["id"] for one in (*read["older"], *read["newer"])]
    await _called(client, "compare_papers", ids=[paper["id"], near[0]])

    # It saves, and says that it did; a second time changes nothing.
    for _ in range(2):
        await _called(client, "save_paper", id=paper["id"])
    await _called(client, "vote", id=paper["id"])
    await _called(client, "comment", id=paper["id"], text="Ada's agent: the code is there, too.")
    kept = (await _called(client, "saved_papers")).structured_content
    assert [(one["id"], one["url"]) for one in kept["papers"]] == [(SHEEP, f"{base}/papers/{SHEEP}")]


async def _called(client: Client, tool: str, **arguments: object) -> CallToolResult:
    result: CallToolResult = await client.call_tool(tool, arguments)
    assert not result.is_error, said(result)
    assert len(said(result)) < 4_000, "short by default"
    return result


def _left(library: Library, ada: Actor) -> None:
    """What is there afterwards, by the door."""
    assert [one.id for one in library.followed(ada)] == [SHEEP]
    assert library.votes([SHEEP], ada)[SHEEP].mine
    assert [one.text for one in library.comments(SHEEP)] == ["Ada's agent: the code is there, too."]
