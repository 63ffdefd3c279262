"""A private group, probed through every operation by everybody who is not in it; as in tests/test_private_groups.py."""

import inspect
import itertools
import re
from collections.abc import Iterator
from typing import Any

import pytest

from broadsheet import api
from broadsheet.api.v1.operations import Operation
from broadsheet.api.v1.routes import operations
from broadsheet.types import Actor
from broadsheet.web.patience import patient
from tests.api.v1.conftest import UNLIMITED
from tests.api.v1.test_writing import example
from tests.clients import TestClient
from tests.private.faces import told
from tests.private.worlds import NAME, OTHER, WORDS, World, both_places
from tests.visitors import asking

OUTSIDERS = ("a passer-by", "a reader with a token", "a banned reader", "a moderator", "an administrator")
FIGURES = {"group_figures", "close_group"}  # what only administrators see, by design: that groups are there
APART = {*FIGURES, "rebuild_index", "doctor"}  # tests/test_private_groups.py looks at the files, and at the doctor
LAST = {"leave", "ban", "unban", "set_role"}  # after these somebody is no more what they were


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, World]]:
    """The place with the group, and the one without."""
    with both_places(tmp_path_factory.mktemp("both")) as worlds:
        yield worlds


def client(world: World, actor: Actor) -> TestClient:
    app = asking(api.create(world.library, patient=patient, quotas=UNLIMITED), actor)
    return TestClient(app, base_url="http://papers.example/api/v1")


def addresses(one: Operation, world: World) -> Iterator[str]:
    """The addresses of an operation, its parameters filled in every way that a prober would try."""
    pool = {
        "paper": (OTHER, "hep-th/9901001"), "group": (world.group,), "number": (str(world.comments[0]), "1"),
        "name": ("ada",), "person": ("bob",), "secret": ("y" * 43,), "span": ("day", "month"), "topic": (NAME,),
        "key": ("2026-11-20",), "kind": ("keyword", "comment"), "file": ("1.eml",),
    }  # fmt: skip
    names = re.findall(r"{(\w+)(?::\w+)?}", one.path)
    assert set(names) <= pool.keys(), f"{one.path}: say here what a prober would put"
    for values in itertools.product(*(pool[name] for name in names)):
        given = iter(values)
        yield re.sub(r"{[^}]+}", lambda _: next(given), one.path)  # noqa: B023 - used up at once


def questions(one: Operation, world: World) -> list[dict[str, Any]]:
    """What may stand after the question mark: nothing, and all that the operation knows."""
    facts = {"group": world.group, "query": NAME, "paper": OTHER, "like": OTHER, "person": "ada", "day": "2026-11-20",
             "limit": 50, "days": 30, "reason": "No.", "unread": True, "facets": True, "settled": True}  # fmt: skip
    known = inspect.signature(one.run).parameters
    needed = {"paper", "like"} & set(known)
    bare = {name: facts[name] for name in needed if "{paper" not in one.path}
    return [bare, {name: value for name, value in facts.items() if name in known and f"{{{name}" not in one.path}]


def read(answer: Any) -> tuple[int, dict[str, str], str]:
    status, headers, body = told(answer)
    body = re.sub(r'"number":\d{6,}', '"number":CHANCE', body)
    body = re.sub(r'"(took_ms|catalogue_bytes|index_bytes)":[\d.]+|"(home|at)":"[^"]*"', "", body)
    return status, {name: value for name, value in headers.items() if name not in ("etag", "content-length")}, body


@pytest.mark.parametrize("who", OUTSIDERS)
def test_no_read_tells_an_outsider_that_there_is_a_group(both: tuple[World, World], who: str) -> None:
    world, _ = both
    mine, theirs = (client(one, one.outsiders()[who]) for one in both)
    different, asked = [], 0
    for one in operations():
        if one.method != "GET" or one.name in APART:
            continue
        for path in addresses(one, world):
            for question in questions(one, world):
                asked += 1
                here, there = (read(face.get(path, params=question)) for face in (mine, theirs))
                assert not [word for word in WORDS if word.lower() in here[2].lower().replace(NAME.lower(), "", 2)]
                different += [(path, here, there)] if here != there else []
    assert different == []
    assert asked > 150


@pytest.mark.parametrize("who", OUTSIDERS)
def test_no_write_tells_an_outsider_that_there_is_a_group_or_reaches_into_it(
    both: tuple[World, World], who: str
) -> None:
    world, _ = both
    before = world.library.export_group(world.people["ada"], world.group)
    mine, theirs = (client(one, one.outsiders()[who]) for one in both)
    different, sent = [], 0
    for one in operations():
        if one.method == "GET" or one.name in APART or one.name in LAST:
            continue
        for path in addresses(one, world):
            body = example(one)
            if "json" in body and one.name in ("comment", "submit", "found"):
                body["json"]["group" if one.name != "found" else "about"] = world.group
            sent += 1
            here, there = (
                read(face.request(one.method, path, params=questions(one, world)[1], **body)) for face in (mine, theirs)
            )
            different += [(one.method, path, here, there)] if here != there else []
    assert different == []
    assert sent > 60
    assert world.library.export_group(world.people["ada"], world.group) == before
