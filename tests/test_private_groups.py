"""A private group, probed through every face by everybody who is not in it.

There are two places: one with the group, one without (`tests.private.worlds`). Whatever is asked, an outsider gets the
same answer in both. Addresses come from the applications, verbs from the class and commands from the command line, so
that what is added is probed too; a verb or a parameter that nobody said how to ask fails the test.
"""

import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click import Group
from click.testing import CliRunner

from broadsheet.catalogue import circles
from broadsheet.cli import main as command
from broadsheet.errors import NotFound, SignInNeeded
from broadsheet.types import ANYONE
from tests.private.faces import CHANGING, addresses, faces, form, pools, query, told
from tests.private.verbs import LEFT_OUT, answer, asked, values, verbs
from tests.private.worlds import ABOUT, ANSWER, EDITED, NAME, OTHER, SAID, WAITING, WORDS, World, again, both_places

Both = tuple[World, World]


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Both:
    """The two places when all is done in them, and closed."""
    with both_places(tmp_path_factory.mktemp("left")) as worlds:
        return worlds


@pytest.fixture(scope="module")
def both(left: Both, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """The place with the group, and the one without; nothing is written in either."""
    with again(left, tmp_path_factory.mktemp("both")) as worlds:
        yield worlds


@pytest.fixture
def fresh(left: Both, tmp_path: Path) -> Iterator[Both]:
    """The same two, to be written in."""
    with again(left, tmp_path) as worlds:
        yield worlds


OUTSIDERS = (
    "a passer-by",
    "a reader with a token",
    "a banned reader",
    "a moderator",
    "an administrator",
)
# What only administrators see, by design: that groups are there. It is looked at by itself below.
FIGURES = {"/groups/all"}
LAST = {"/settings/leave"}  # after it somebody is no more


# Pages and machines' addresses


def test_members_see_every_word_so_that_the_probe_would_notice_one(both: Both) -> None:
    world, _ = both
    group = f"/groups/{world.group}"
    paths = ("", "/shelf", "/discussion", f"/papers/{OTHER}", "/papers/hep-th/9901001")
    pages = faces(world, world.people["ada"])[0].client
    seen = "".join(pages.get(group + path).text for path in paths)
    seen += pages.get(f"/comments/{world.comments[0]}/history").text
    assert [word for word in WORDS if word not in seen] == []


@pytest.mark.parametrize("who", OUTSIDERS)
def test_no_address_tells_an_outsider_that_there_is_a_group(both: Both, who: str) -> None:
    world, _ = both
    pool, more = pools(world.group, world.comments), query(world.group, world.comments)
    different, asked = [], 0
    for mine, theirs in zip(*(faces(one, one.outsiders()[who]) for one in both), strict=True):
        for route in mine.routes:
            if "GET" not in (route.methods or ()) or (route.path in FIGURES and "administrator" in who):
                continue
            for path in addresses(route, pool):
                for address in (path, f"{path}?{more}"):
                    asked += 1
                    one, two = told(mine.client.get(address)), told(theirs.client.get(address))
                    different += [(address, first_difference(one, two))] if one != two else []
    assert different == []
    assert asked > 200


@pytest.mark.parametrize("who", OUTSIDERS)
def test_no_form_tells_an_outsider_that_there_is_a_group_or_reaches_into_it(fresh: Both, who: str) -> None:
    world, _ = fresh
    pool, fields = pools(world.group, world.comments), form(world.group, world.comments)
    before = world.library.export_group(world.people["ada"], world.group)
    different, sent = [], 0
    for mine, theirs in zip(*(faces(one, one.outsiders()[who]) for one in fresh), strict=True):
        for route in sorted(mine.routes, key=lambda route: route.path in LAST):
            if "POST" not in (route.methods or ()) or route.path in FIGURES:
                continue
            for path in addresses(route, pool):
                sent += 1
                address = f"{path}?group={world.group}&paper={OTHER}"
                one, two = (told(face.client.post(address, data=fields)) for face in (mine, theirs))
                different += [(path, first_difference(one, two))] if one != two else []
    assert different == []
    assert sent > 40
    assert world.library.export_group(world.people["ada"], world.group) == before


def first_difference(one: tuple[Any, ...], two: tuple[Any, ...]) -> str:
    for mine, theirs in zip(one, two, strict=True):
        if mine != theirs and isinstance(mine, str):
            at = next((n for n, pair in enumerate(zip(mine, theirs, strict=False)) if pair[0] != pair[1]), 0)
            return f"…{mine[max(0, at - 80) : at + 80]!r} / …{theirs[max(0, at - 80) : at + 80]!r}"
        if mine != theirs:
            return f"{mine} / {theirs}"
    return ""


def test_an_administrator_sees_that_groups_are_there_and_no_word_of_them(both: Both) -> None:
    world, _ = both
    page = faces(world, world.people["root"])[0].client.get("/groups/all").text
    assert page.count("run by") == 4
    assert world.group not in page
    assert [word for word in WORDS if word in page] == []


# The door


@pytest.mark.parametrize("who", OUTSIDERS)
def test_no_verb_tells_an_outsider_that_there_is_a_group_or_reaches_into_it(fresh: Both, who: str) -> None:
    world, other = fresh
    before = world.library.export_group(world.people["ada"], world.group)
    given = [values(one, one.outsiders()[who]) for one in fresh]
    different, calls = [], 0
    for name, verb in verbs():
        if name in ADMINISTRATORS and "administrator" in who:
            continue
        for mine, theirs in zip(*(asked(name, verb, one) for one in given), strict=True):
            calls += 1
            one, two = answer(world, name, mine), answer(other, name, theirs)
            different += [(name, first_difference((one,), (two,)))] if one != two else []
    assert different == []
    assert calls > 150
    assert world.library.export_group(world.people["ada"], world.group) == before


ADMINISTRATORS = {"group_figures", "close_group"}  # which are looked at by themselves


def test_what_is_left_out_is_there(both: Both) -> None:
    assert [name for name in LEFT_OUT if not hasattr(both[0].library, name)] == []


def test_a_group_one_is_not_in_costs_the_same_work_as_one_that_there_is_not(both: Both) -> None:
    world, _ = both
    root = world.people["root"]

    def steps(name: str) -> int:
        """How many steps SQLite's machine takes to say no."""
        count = 0

        def step() -> int:
            nonlocal count
            count += 1
            return 0

        with world.library.catalogue._store.read() as connection:
            raw = connection.connection.driver_connection
            assert isinstance(raw, sqlite3.Connection)
            raw.set_progress_handler(step, 1)
            try:
                circles.number_inside(connection, root.person, name)
            except NotFound:
                pass
            finally:
                raw.set_progress_handler(None, 0)
        return count

    assert steps(world.group) == steps("sparse-readers-zzzzzz") == steps("") > 0


# What lies on the disk beside the catalogue, and the command line


def test_nothing_of_a_group_is_in_the_index_the_signals_or_the_change_log(both: Both) -> None:
    world, other = both
    words = [word.lower().encode() for word in (*WORDS, WAITING, world.group)]
    files = [path for path in world.library.home.rglob("*") if path.is_file() and "index" in path.parts]
    assert len(files) > 3
    assert [(path.name, word) for path in files for word in words if word in path.read_bytes().lower()] == []
    assert list(world.library.signal_rows()) == list(other.library.signal_rows()) != []
    assert world.library.catalogue.last_change() == other.library.catalogue.last_change()


COMMANDS: dict[str, tuple[str, ...]] = {
    "search": (NAME, "--json"),
    "edition": ("2026-11-20",),
    "history": (OTHER,),
    "open": (OTHER,),
    "similar": (OTHER,),
    "digest preview": ("mine", "--as", "eve", "--text"),
    "digest status": (),
    "subscriptions add": ("mine", "--as", "eve"),
    "subscriptions list": ("--json",),
    "subscriptions end": ("1",),
    "standing list": ("--as", "eve"),
    "standing add": (NAME, "--as", "eve"),
    "standing show": ("1", "--as", "eve"),
    "standing end": ("1", "--as", "eve"),
    "standing run": (),
    "outbox list": ("--json",),
    "outbox retry": ("1",),
    "outbox drop": ("1",),
    "outbox suppressed": (),
    "outbox allow": ("1",),
    "status": (),
    "doctor": (),
    "jobs": (),
    "trending": ("--json",),
    "people list": (),
    "people show": ("eve",),
    "people export": ("eve",),
    "comments": (OTHER, "--as", "eve", "--group", "GROUP"),
    "comment": (OTHER, "Probing.", "--as", "eve", "--group", "GROUP"),
    "edit": ("NUMBER", "Probing.", "--as", "eve"),
    "vote": (OTHER, "--as", "eve", "--group", "GROUP"),
    "submit": (OTHER, "--as", "eve", "--group", "GROUP"),
    "follow": ("--as", "eve"),
    "inbox": ("--all", "--as", "eve"),
    "for-me": ("--as", "eve"),
    "call": ("discussion", "group=GROUP", "--as", "eve"),
    "groups list": ("--as", "eve"),
    "groups shelf": ("GROUP", "--as", "eve"),
    "groups shelve": ("GROUP", OTHER, "--as", "eve"),
    "groups discussion": ("GROUP", "--as", "eve"),
    "groups link": ("GROUP", "--as", "eve"),
    "groups leave": ("GROUP", "--as", "eve"),
    "groups join": ("y" * 43, "--as", "eve"),
}
# They change something that is no group's, wait for the network, or never end.
NOT_RUN = {
    "export", "import", "index", "mcp", "merge", "split", "serve", "sync", "worker", "jobs run", "jobs on", "jobs off",
    "digest send", "groups found", "people ban", "people unban",
    "people invite", "people leave", "people role", "people token",
}  # fmt: skip

# What the commands before wrote: they go by the machine's clock, and the places are asked one after the other.
THIS_SECOND = re.compile(r'(?<=")20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ(?=")'), "NOW"


def test_the_command_line_prints_nothing_of_a_group(fresh: Both) -> None:
    assert set(commands(command)) - NOT_RUN == set(COMMANDS), "say here what a prober would type"
    different = []
    group, number = fresh[0].group, str(fresh[0].comments[0])
    for name, words in COMMANDS.items():
        more = [word.replace("GROUP", group).replace("NUMBER", number) for word in words]
        one, two = (
            CliRunner().invoke(command, ["--home", str(world.library.home), *name.split(), *more]).output
            for world in fresh
        )
        for pattern, word in (*CHANGING, THIS_SECOND):
            one, two = pattern.sub(word, one), pattern.sub(word, two)
        one, two = (
            text.replace(str(world.library.home), "HOME") for text, world in zip((one, two), fresh, strict=True)
        )
        different += [(name, first_difference((one,), (two,)))] if one != two else []
    assert different == []


def commands(group: Group, before: str = "") -> Iterator[str]:
    """The commands of the command line, and those below them."""
    for name, found in group.commands.items():
        if not isinstance(found, Group) or found.invoke_without_command:
            yield before + name
        if isinstance(found, Group):
            yield from commands(found, f"{before}{name} ")


# Those who have something to do with a group all the same


def test_moderators_see_of_a_group_only_the_comment_that_a_member_flags(fresh: Both) -> None:
    world, _ = fresh
    library, mod = world.library, world.people["mod"]
    flagged, *others = world.comments
    for number in world.comments:
        with pytest.raises(NotFound):
            library.comment_of(mod, number)
    library.flag(world.people["bob"], "comment", flagged, "Rude.")
    assert [flag.target for flag in library.flags(mod) if flag.target in world.comments] == [flagged]
    assert EDITED in library.comment_of(mod, flagged).text
    for number in others:
        with pytest.raises(NotFound):
            library.comment_of(mod, number)
    with pytest.raises(NotFound):
        library.comments(OTHER, actor=mod, group=world.group)
    library.hide_comment(mod, flagged, "Rude.")
    for outsider in (world.people["eve"], ANYONE):
        with pytest.raises((NotFound, SignInNeeded)):
            library.comment_of(outsider, flagged)
    assert world.group not in repr(library.acts(world.people["eve"]))
    assert len(library.acts(world.people["eve"])) == len(fresh[1].library.acts(fresh[1].people["eve"]))


def test_who_was_in_a_group_keeps_what_they_said_and_nothing_else(fresh: Both) -> None:
    world, _ = fresh
    library, ada, bob = world.library, world.people["ada"], world.people["bob"]
    assert any(notice.circle for notice in library.notices(bob))
    library.remove_member(ada, world.group, "bob")
    library.change_group(ada, world.group, f"{NAME} renamed", "")
    assert not any(notice.circle for notice in library.notices(bob))
    assert library.unread(bob) == sum(notice.read is None for notice in library.notices(bob))
    for number in world.comments:
        with pytest.raises(NotFound):
            library.comment_of(bob, number)
    taken = json.dumps(library.export_me(bob))
    assert ANSWER in taken
    assert [word for word in (NAME, ABOUT, SAID, EDITED, WAITING) if word in taken] == []


def test_a_profile_shows_only_what_was_done_for_everybody(both: Both) -> None:
    world, other = both
    for name in ("ada", "bob"):
        one, two = (
            [repr(given.library.submissions(person=name)), repr(given.library.claims(name))] for given in (world, other)
        )
        assert one == two
