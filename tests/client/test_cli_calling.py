"""Every operation of the API can be asked for by name, of a folder and of a server; the answers are the same."""

import json
import re
from collections.abc import Mapping, Sequence
from enum import Enum, IntEnum
from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from click.testing import CliRunner, Result

from broadsheet.api.v1.operations import Operation
from broadsheet.api.v1.routes import operations
from broadsheet.cli import main as command
from broadsheet.cli.calling import VERBS, read, usage
from broadsheet.errors import Refused
from broadsheet.types import OWNER, Scope
from tests.conftest import NOW
from tests.private.worlds import OTHER, PAPER, World

SAMPLES: Mapping[type, tuple[str, Any]] = {
    str: ("-a = b", "-a = b"),
    int: ("7", 7),
    float: ("0.5", 0.5),
    bool: ("true", True),
    dict: ('{"code": null}', {"code": None}),
}


def sample(kind: Any) -> tuple[str, Any]:
    """Something of this type: as a word, and as what arrives."""
    inner = [one for one in get_args(kind) if one is not NoneType]
    if get_origin(kind) is Literal:
        return inner[0], inner[0]
    if get_origin(kind) is Sequence:
        word, value = sample(inner[0])
        return word, [value]
    if isinstance(kind, type) and issubclass(kind, Enum):
        one = next(iter(kind))
        return (one.name.lower() if issubclass(kind, IntEnum) else one.value), one
    return sample(inner[0]) if inner and get_origin(kind) is not dict else SAMPLES[get_origin(kind) or kind]


@pytest.mark.parametrize("one", operations(), ids=lambda one: one.name)
def test_every_operation_is_called_by_its_name_with_all_its_parameters(one: Operation) -> None:
    kinds = get_type_hints(VERBS[one.name].make)
    kinds.pop("return")
    samples = {name: sample(kind) for name, kind in kinds.items()}
    asked = read(one.name, tuple(f"{name}={word}" for name, (word, _) in samples.items()))
    assert asked == VERBS[one.name].make(None, **{name: value for name, (_, value) in samples.items()})
    assert re.findall(r"(\w+)=…", usage(one.name)) == list(kinds)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nothing",), "broadsheet call"),
        (("voters",), "“paper” is missing"),
        (("voters", "paper"), "voters paper=… [limit=…]"),
        (("voters", f"paper={PAPER}", "colour=red"), "“colour=red” does not belong here"),
        (("voters", f"paper={PAPER}", "limit=many"), "“limit” cannot be “many”"),
        (("voters", f"paper={PAPER}", "paper=other"), "“paper” cannot be"),
        (("search", "mode=fast"), "“mode” cannot be “fast”"),
        (("mark_read", "numbers=[" * 9_000), "“numbers” cannot be"),
    ],
)
def test_words_that_are_no_call_are_refused_with_what_to_write(words: tuple[str, ...], said: str) -> None:
    with pytest.raises(Refused, match=re.escape(said)):
        read(words[0], words[1:])


def test_a_list_is_a_name_that_is_given_several_times() -> None:
    assert read("near", (f"like={PAPER}", f"like={OTHER}")).query["like"] == [PAPER, OTHER]
    assert read("mark_read", ("numbers=1", "numbers=2")).body == {"numbers": [1, 2]}


@pytest.fixture(autouse=True)
def _one_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands open the library with the time of day; the server's stands still."""
    monkeypatch.setattr("broadsheet.app.now", lambda: NOW)


def here(home: Path, *words: str) -> Result:
    return CliRunner().invoke(command, ["--home", str(home), "call", *words])


def there(world: World, address: str, name: str, *words: str) -> Result:
    token = world.library.make_token(world.library.acting_as(OWNER, name), "cli", frozenset(Scope), None)[1]
    return CliRunner().invoke(command, ["call", *words], env={"BROADSHEET_SERVER": address, "BROADSHEET_TOKEN": token})


@pytest.mark.parametrize(
    "words",
    [
        ("search", "query=sheep -survey", "mode=keyword", "limit=1"),
        ("voters", f"paper={PAPER}"),
        ("claims_on", "paper=2611.77777"),
    ],
    ids=" ".join,
)
def test_an_answer_is_the_same_at_a_folder_and_at_a_server(world: World, address: str, words: tuple[str, ...]) -> None:
    local, remote = (
        (answer.exit_code, re.sub(r'"took_ms": [\d.]+', "", answer.stdout), answer.stderr)
        for answer in (here(world.library.home, *words), there(world, address, "root", *words))
    )
    assert local == remote
    assert (local[0] == 0) == bool(local[1])


def test_what_has_no_command_of_its_own_is_done_by_either(world: World, address: str) -> None:
    made = here(world.library.home, "flag", "kind=comment", f"target={world.comments[0]}", "reason=Off.", "--as", "bob")
    assert json.loads(made.stdout)["reason"] == "Off."
    number = json.loads(made.stdout)["number"]
    settled = there(world, address, "root", "settle", f"number={number}", "outcome=kept", "reason=It is to the point.")
    assert (settled.exit_code, settled.stdout) == (0, ""), settled.stderr
    other = there(world, address, "bob", "flags", "--as", "root")
    assert (other.exit_code, "can act for root" in other.stderr) == (1, True)


def test_where_several_people_are_somebody_is_named_for_what_needs_an_account(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROADSHEET_ACCESS", "open")
    assert json.loads(here(world.library.home, "paper", f"paper={PAPER}").stdout)["id"] == PAPER
    nobody = here(world.library.home, "vote", f"paper={PAPER}")
    assert (nobody.exit_code, "--as NAME" in nobody.stderr) == (1, True)


def test_without_an_operation_all_are_listed() -> None:
    listed = CliRunner().invoke(command, ["call"]).stdout
    assert re.findall(r"(?m)^\w+", listed) == sorted(one.name for one in operations())
