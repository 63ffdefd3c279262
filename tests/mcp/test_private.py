"""A private group, probed by agents of who is not in it: every tool, asked of two places (`tests.private`)."""

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import Any

import pytest
from mcp.client import Client

from broadsheet.errors import BroadsheetError
from broadsheet.mcp.tools import TOOLS, Asking
from broadsheet.types import Actor
from tests.mcp.agents import BASE, inside
from tests.private.faces import CHANGING
from tests.private.worlds import NAME, OTHER, PAPER, THIRD, WORDS, World, place
from tests.test_private_groups import OUTSIDERS, first_difference

Both = tuple[World, World]


@pytest.fixture
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    homes = tmp_path_factory.mktemp("with"), tmp_path_factory.mktemp("without")
    with ExitStack() as stack:
        with_, without = (
            stack.enter_context(place(home / "home", private=private))
            for home, private in zip(homes, (True, False), strict=True)
        )
        without.group, without.comments = with_.group, with_.comments
        yield with_, without


def calls(world: World) -> Mapping[str, list[dict[str, Any]]]:
    """What a prober would ask of each tool. A tool that is not here fails the test."""
    papers = [{"id": key} for key in (PAPER, OTHER, "hep-th/9901001")]
    return {
        "search_papers": [{"query": NAME}, {"query": "sheep"}, {"query": f"author:{NAME}"}],
        "list_edition": [{}, {"key": "2026-W47"}, {"key": "2026-11", "trending": True}],
        "trending_papers": [{}, {"window": "month"}],
        "find_similar": [{"like": [OTHER]}],
        "read_paper": papers,
        "read_full_text": papers[:1],
        "compare_papers": [{"ids": [PAPER, OTHER, THIRD]}],
        "explain_paper": [{**one, "query": NAME} for one in papers],
        "list_comments": papers,
        "saved_papers": [{}, {"shelf": world.group}, {"shelf": "no-such-group"}],
        "follow_query": [{"query": NAME, "like": [OTHER]}],
        "standing_queries": [{}],
        "query_hits": [{"number": 1}],
        "end_query": [{"number": 1}],
        "vote": papers[1:2],
        "save_paper": [{"id": OTHER}, {"id": OTHER, "shelf": world.group, "note": "Probing."}],
        "comment": [{"id": OTHER, "text": "Probing."}]
        + [{"id": OTHER, "text": "Probing.", "parent": number} for number in world.comments],
    }


@pytest.mark.parametrize("who", OUTSIDERS)
def test_no_tool_tells_an_outsider_that_there_is_a_group(both: Both, who: str) -> None:
    world, other = both
    assert calls(world).keys() == {tool.name for tool in TOOLS}, "say here what a prober would ask"
    before = world.library.export_group(world.people["ada"], world.group)
    different = []
    for tool in TOOLS:
        for asked in calls(world)[tool.name]:
            one, two = (_told(each, each.outsiders()[who], tool.name, asked) for each in (world, other))
            different += [(tool.name, asked, first_difference((one,), (two,)))] if one != two else []
    assert different == []
    assert world.library.export_group(world.people["ada"], world.group) == before


def test_what_agents_see_over_the_protocol_is_the_same_too(both: Both) -> None:
    async def work(client: Client) -> list[str]:
        found = await client.call_tool("list_comments", {"id": OTHER})
        text = (await client.read_resource(f"broadsheet://paper/{OTHER}")).contents[0]
        return [repr(found), repr(text), repr(await client.list_tools())]

    one, two = (inside(world.library, world.people["mod"]).do(work) for world in both)
    assert one == two
    assert [word for word in WORDS if any(word in text for text in one)] == []


def test_members_see_their_shelf_so_that_the_probe_would_notice_it(both: Both) -> None:
    world, _ = both
    assert "zqnote" in _told(world, world.people["ada"], "saved_papers", {"shelf": world.group})


def _told(world: World, actor: Actor, name: str, asked: dict[str, Any]) -> str:
    tool = next(tool for tool in TOOLS if tool.name == name)
    asking = Asking(world.library, actor, BASE, world.library.full_text)
    try:
        answer = tool.run(asking, tool.arguments.model_validate(asked))
        text = f"{answer.text()}\n{answer.model_dump_json()}"
    except BroadsheetError as error:
        text = repr(error)
    for pattern, word in CHANGING:
        text = pattern.sub(word, text)
    return re.sub(r"(number\W+|#c)\d+", r"\1N", text) if name == "comment" else text
