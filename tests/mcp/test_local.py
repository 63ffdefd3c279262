"""`broadsheet mcp`: over the pipes of a process of its own, as agents on this machine start it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from broadsheet.cli import main
from broadsheet.library import Library
from broadsheet.types import Access, Scope
from tests.crowd import joins
from tests.mcp.agents import CONNECTS, Agent, library_at
from tests.mcp.test_tools import READING, SHEEP

HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "a test", "version": "1"}},
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with library_at(tmp_path_factory.mktemp("mcp")) as opened:
        yield opened


def started(home: Path, *, mode: str = "auto", **environment: str) -> Agent:
    """An agent that starts the command for every question."""
    server = StdioServerParameters(
        command=str(Path(sys.executable).with_name("broadsheet")),
        args=["--home", str(home), "mcp"],
        env=_clean(environment),
    )
    return Agent(lambda: Client(stdio_client(server), mode=mode))


def command(home: Path) -> "subprocess.Popen[str]":
    words = [str(Path(sys.executable).with_name("broadsheet")), "--home", str(home), "mcp"]
    pipe = subprocess.PIPE
    return subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=_clean({}))


def _clean(environment: Mapping[str, str]) -> dict[str, str]:
    return {**{name: value for name, value in os.environ.items() if "BROADSHEET" not in name}, **environment}


@pytest.mark.parametrize("mode", CONNECTS)
def test_who_sits_at_the_machine_acts(tmp_path: Path, mode: str) -> None:
    with library_at(tmp_path, Access.SINGLE) as library:
        home = library.home
    agent = started(home, mode=mode)

    async def work(client: Client) -> tuple[str, int]:
        found = await client.call_tool("search_papers", {"query": "sheep attention"})
        first = found.structured_content["papers"][0]
        voted = await client.call_tool("vote", {"id": first["id"]})
        return first["url"], voted.structured_content["votes"]

    assert agent.do(work) == (f"http://127.0.0.1:8000/papers/{SHEEP}", 1)


def test_a_token_says_who_acts(library: Library) -> None:
    token = library.make_token(joins(library, "ada"), "agent", frozenset({Scope.VOTE}), 3_650)[1]
    agent = started(library.home, BROADSHEET_ACCESS="open", BROADSHEET_TOKEN=token)
    assert agent.asks("vote", id=SHEEP)["votes"] == 1
    assert started(library.home, BROADSHEET_ACCESS="open").tools() == READING, "without one it reads"


def test_a_token_of_nobody_is_said(library: Library) -> None:
    done = CliRunner().invoke(main, ["--home", str(library.home), "mcp", "--token", "bs_nobodys"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("broadsheet: This token is not valid")


def test_a_home_that_is_not_there_is_said(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["--home", str(tmp_path / "nowhere"), "mcp"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert "There is no catalogue in" in done.stderr


def test_garbage_is_answered_and_the_end_of_the_input_is_the_end(library: Library) -> None:
    lines = ["{", "[]", "null", "\udcff".encode("utf-8", "replace").decode(), '{"jsonrpc":"2.0"}', "[" * 100_000, ""]
    calls = [
        {"jsonrpc": "2.0", "id": 2, "method": "no/such"},
        {"jsonrpc": "2.0", "id": 3, "method": "tools/call", "params": {"name": 7}},
        {"jsonrpc": "2.0", "id": 4, "method": "tools/call", "params": {"name": "read_paper", "arguments": {"id": []}}},
    ]
    sent = [json.dumps(HELLO), *lines, *map(json.dumps, calls)]
    answers: dict[object, dict[str, Any]] = {}
    with command(library.home) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write("".join(f"{line}\n" for line in sent))
        process.stdin.flush()
        while not {1, 2, 3, 4} <= answers.keys():
            one = json.loads(process.stdout.readline())
            answers[one.get("id")] = one
        process.communicate(timeout=60)
    assert process.returncode == 0
    assert answers[1]["result"]["serverInfo"]["name"] == "broadsheet"
    assert {"error"} <= answers[2].keys()
    assert {"error"} <= answers[3].keys()
    assert answers[4]["result"]["isError"]


def test_a_killed_agent_leaves_nothing_behind(library: Library) -> None:
    """The pipes break in the middle of an answer and of a message: the command ends, and the next one answers."""
    process = command(library.home)
    assert process.stdin
    assert process.stdout
    assert process.stderr
    process.stdin.write(json.dumps(HELLO) + "\n" + json.dumps(HELLO)[:30])
    process.stdout.close()
    process.stdin.close()
    process.wait(timeout=120)
    process.stderr.close()
    assert started(library.home).asks("search_papers", query="sheep")["papers"]
