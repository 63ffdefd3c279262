"""Resources, prompts and what can be typed for them; what the protocol itself says to what is not there."""

from collections.abc import Iterator
from typing import Any

import pytest
from mcp.client import Client
from mcp_types import PromptReference, ResourceTemplateReference

from broadsheet.library import Library
from broadsheet.mcp import quoting
from broadsheet.types import ANYONE, FullText
from tests.mcp.agents import Agent, inside, library_at

WHOLE = FullText("# Sheep\n\nThey stand still.", (), (), "https://arxiv.org/html/2611.00001", "2026-11-20")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with library_at(tmp_path_factory.mktemp("mcp")) as opened:
        yield opened


@pytest.fixture
def agent(library: Library) -> Agent:
    return inside(library, ANYONE, texts=lambda key: WHOLE if key == "2611.00001" else None)


def read(agent: Agent, uri: str) -> Any:
    async def work(client: Client) -> Any:
        return (await client.read_resource(uri)).contents[0]

    return agent.do(work)


def test_who_connects_learns_what_this_is(agent: Agent) -> None:
    async def work(client: Client) -> tuple[Any, str | None]:
        return client.server_info, client.instructions

    info, instructions = agent.do(work)
    assert (info.name, info.title) == ("broadsheet", "Broadsheet")
    assert quoting.NOTE in (instructions or "")


@pytest.mark.parametrize(
    ("uri", "words"),
    [
        ("broadsheet://edition/latest", "The edition of 2026-11-19: 1 paper\n"),
        ("broadsheet://edition/2026-W47", "The edition of 2026-W47: 3 papers\n"),
        ("broadsheet://trending", "Trending from 2026-11-13 to 2026-11-20: "),
        ("broadsheet://paper/hep-th/9901001", "> Strings that Remember their Knots\n"),
        ("broadsheet://paper/doi%3A10.1000%2Fknot.1", "> On Knots and What Strings Keep of Them\n"),
        ("broadsheet://text/2611.00001", "> # Sheep\n>\n> They stand still."),
    ],
)
def test_documents(agent: Agent, uri: str, words: str) -> None:
    found = read(agent, uri)
    assert words in found.text
    assert found.mime_type == "text/markdown"


@pytest.mark.parametrize(
    ("uri", "sentence"),
    [
        ("broadsheet://paper/nothing", "There is no paper 'nothing'"),
        ("broadsheet://paper/", "There is no such resource"),
        ("broadsheet://teapot/1", "Kinds are edition, paper, text and trending, not “teapot”"),
        ("broadsheet://edition/2026-99-99", "2026-99-99"),
        ("broadsheet://text/2611.00002", "No full text of 2611.00002"),
        ("file:///etc/hostname", "There is no such resource"),
        ("broadsheet://paper/" + "9" * 500_000, "There is no such resource"),
    ],
)
def test_documents_that_are_not_there(agent: Agent, uri: str, sentence: str) -> None:
    said = agent.refused(lambda client: client.read_resource(uri))
    assert sentence in said
    assert len(said) < 300


def test_what_is_listed(agent: Agent) -> None:
    async def work(client: Client) -> list[str]:
        named = [str(one.uri) for one in (await client.list_resources()).resources]
        return named + [one.uri_template for one in (await client.list_resource_templates()).resource_templates]

    assert agent.do(work) == [
        "broadsheet://edition/latest",
        "broadsheet://trending",
        "broadsheet://edition/{key}",
        "broadsheet://paper/{+id}",
        "broadsheet://text/{+id}",
    ]


def test_days_are_offered_to_who_types_one(agent: Agent) -> None:
    async def work(client: Client) -> list[list[str]]:
        template = ResourceTemplateReference(uri="broadsheet://edition/{key}")
        prompt = PromptReference(name="brief_me")
        found = [
            await client.complete(template, {"name": "key", "value": ""}),
            await client.complete(prompt, {"name": "day", "value": "2026-11-18"}),
            await client.complete(prompt, {"name": "interest", "value": "s"}),
        ]
        return [one.completion.values for one in found]

    assert agent.do(work) == [["2026-11-19", "2026-11-18", "1999-01-04"], ["2026-11-18"], []]


def test_prompts_name_tools_that_there_are(agent: Agent) -> None:
    async def work(client: Client) -> tuple[list[str], str]:
        names = [one.name for one in (await client.list_prompts()).prompts]
        given = {"interest": "sheep\nand  goats", "day": "2026-11-19"}
        return names, (await client.get_prompt("brief_me", given)).messages[0].content.text  # type: ignore[union-attr]

    names, words = agent.do(work)
    assert names == ["brief_me", "explain_to", "survey"]
    assert "Brief me on the edition of 2026-11-19. I am interested in: sheep and goats." in words
    assert {"list_edition", "read_paper"} <= set(agent.tools())


@pytest.mark.parametrize(
    ("name", "given", "sentence"),
    [
        ("sing", {}, "There is no prompt “sing”. There are: brief_me, explain_to, survey."),
        ("survey", {}, "“survey” needs “topic”: The topic, in plain words."),
        ("survey", {"topic": "x", "tone": "dry"}, "“survey” takes topic, not “tone”."),
        ("survey", {"topic": "x" * 1_001}, "“topic” has at most 1,000 characters."),
    ],
)
def test_prompts_that_cannot_be_made(agent: Agent, name: str, given: dict[str, str], sentence: str) -> None:
    assert sentence in agent.refused(lambda client: client.get_prompt(name, given))


def test_a_tool_that_is_not_there(agent: Agent) -> None:
    assert "There is no tool “sing”. There are: search_papers," in agent.refused(
        lambda client: client.call_tool("sing")
    )
