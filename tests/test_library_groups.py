"""Groups at the door: who gets in, who runs one, what it keeps, and how it ends."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

import broadsheet
from broadsheet import ingest
from broadsheet.catalogue import circles, leaving
from broadsheet.catalogue import people as accounts
from broadsheet.catalogue.circles import MOST_MEMBERS
from broadsheet.errors import BroadsheetError, Conflict, Forbidden, NotFound, Refused, SignInNeeded
from broadsheet.library import Library
from broadsheet.library.grouping import _names
from broadsheet.ranking import circles_order
from broadsheet.types import ANYONE, OWNER, Actor, Candidate, Role, Scope, Span
from tests.conftest import NOW
from tests.crowd import crowd, joins
from tests.papers import write_lines


class Time:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def library(tmp_path: Path, time: Time) -> Iterator[Library]:
    with broadsheet.open(tmp_path / "home", clock=time) as opened:
        ingest.import_file(opened.catalogue, write_lines(tmp_path / "papers.jsonl"), now=lambda: NOW)
        yield opened


@pytest.fixture
def group(library: Library) -> tuple[str, Actor, Actor, Actor]:
    """A group by name, who runs it, a member, and somebody outside."""
    ada, bob, eve = crowd(library, "ada", "bob", "eve")
    name = library.found(ada, "Sparse readers", "We count sheep.").name
    library.join(bob, library.invite_to(ada, name))
    return name, ada, bob, eve


def people(library: Library, actor: Actor, name: str) -> list[tuple[str, str]]:
    return [(one.person.name, one.role) for one in library.members(actor, name).people]


# Who finds a group


def test_a_group_has_an_address_that_nobody_can_guess(library: Library) -> None:
    (ada,) = crowd(library, "ada")
    made = [library.found(ada, "Sparse Readers of Köln!") for _ in range(3)]
    assert {one.name.rpartition("-")[0] for one in made} == {"sparse-readers-of-koln"}
    assert len({one.name for one in made}) == 3
    assert library.found(ada, "読書会").name.startswith("group-")
    assert [one.role for one in library.circles(ada)] == ["owner"] * 4


def test_outside_a_group_there_is_none_whatever_ones_role(
    library: Library, group: tuple[str, Actor, Actor, Actor]
) -> None:
    name, _, _, eve = group
    mod, root = joins(library, "mod", Role.MODERATOR), joins(library, "root", Role.ADMINISTRATOR)
    for outsider in (eve, mod, root, OWNER, replace(root, scopes=frozenset(Scope))):
        assert library.circles(outsider) == []
        words = set()
        for asked in (name, "sparse-readers-zzzzzz"):
            with pytest.raises(NotFound) as caught:
                library.circle(outsider, asked)
            words.add(str(caught.value).replace(asked, "…"))
        assert len(words) == 1
    for asked in (name, "sparse-readers-zzzzzz"):
        with pytest.raises(SignInNeeded, match=r"^Sign in to read groups\.$"):
            library.circle(ANYONE, asked)
    assert library.circle(ANYONE, "") == 0


def test_a_token_reads_groups_only_with_its_scope(library: Library, group: tuple[str, Actor, Actor, Actor]) -> None:
    name, ada, _, _ = group
    assert library.group(replace(ada, scopes=frozenset({Scope.READ})), name).shown == "Sparse readers"
    with pytest.raises(Forbidden, match="“read”"):
        library.group(replace(ada, scopes=frozenset({Scope.VOTE})), name)
    with pytest.raises(Forbidden, match="“admin”"):
        library.dissolve(replace(ada, scopes=frozenset({Scope.READ, Scope.SUBMIT})), name)


# Coming in and going


def test_a_link_lets_in_as_many_as_it_says_and_until_when(
    library: Library, group: tuple[str, Actor, Actor, Actor], time: Time
) -> None:
    name, ada, bob, eve = group
    secret = library.invite_to(ada, name, days=2, uses=1)
    seen = library.invited(eve, secret)
    assert (seen.shown, seen.name, seen.members, seen.by and seen.by.name) == ("Sparse readers", "", 2, "ada")
    assert library.invited(bob, secret).name == name
    assert library.join(bob, secret).name == name  # in already: nothing is used up
    assert library.join(eve, secret).name == name
    assert library.join(eve, library.invite_to(ada, name, days=2, uses=5)).members == 3
    late = library.invite_to(ada, name, days=2, uses=5)
    (fay,) = crowd(library, "fay")
    time.now += timedelta(days=2)
    for used in (secret, late, "nonsense", "", "\ud800"):
        with pytest.raises(NotFound, match=r"^This link lets nobody in"):
            library.join(fay, used)
    with pytest.raises(Refused, match="1 to 90 days"):
        library.invite_to(ada, name, days=91)


def test_only_who_runs_a_group_makes_and_withdraws_links(
    library: Library, group: tuple[str, Actor, Actor, Actor]
) -> None:
    name, ada, bob, eve = group
    with pytest.raises(Forbidden):
        library.invite_to(bob, name)
    with pytest.raises(NotFound):
        library.invite_to(eve, name)
    secret = library.invite_to(ada, name)
    assert library.members(bob, name).invitations == []
    link = library.members(ada, name).invitations[0]
    assert (link.by, link.uses) == ("ada", 20)
    library.withdraw_link(ada, name, link.number)
    with pytest.raises(NotFound):
        library.invited(eve, secret)


def test_who_is_removed_is_out_and_knows_no_link(library: Library, group: tuple[str, Actor, Actor, Actor]) -> None:
    name, ada, bob, eve = group
    secret = library.invite_to(ada, name)
    with pytest.raises(Forbidden):
        library.remove_member(bob, name, "ada")
    library.remove_member(ada, name, "bob")
    assert people(library, ada, name) == [("ada", "owner")]
    for outsider in (bob, eve):
        with pytest.raises(NotFound):
            library.join(outsider, secret)
    with pytest.raises(NotFound):
        library.shelve(bob, name, "2611.00001")
    for nobody in ("bob", "eve", "no one"):
        with pytest.raises(NotFound, match="nobody of this name in the group"):
            library.remove_member(ada, name, nobody)
    with pytest.raises(Refused, match="yourself"):
        library.remove_member(ada, name, "ada")


def test_an_owner_hands_the_group_on_before_leaving(library: Library, group: tuple[str, Actor, Actor, Actor]) -> None:
    name, ada, bob, _ = group
    with pytest.raises(Conflict, match="Hand it on"):
        library.leave_group(ada, name)
    with pytest.raises(NotFound):
        library.hand_on(ada, name, "eve")
    library.hand_on(ada, name, "bob")
    assert people(library, ada, name) == [("bob", "owner"), ("ada", "member")]
    with pytest.raises(Forbidden):
        library.hand_on(ada, name, "ada")
    library.leave_group(ada, name)
    assert people(library, bob, name) == [("bob", "owner")]


def test_the_last_to_leave_dissolves_the_group(library: Library, group: tuple[str, Actor, Actor, Actor]) -> None:
    name, ada, bob, _ = group
    library.leave_group(bob, name)
    library.leave_group(ada, name)
    assert library.circles(ada) == []
    assert [one.name for one in library.dissolved(ada)] == [name]


def test_while_the_owner_is_banned_the_longest_standing_member_runs_the_group(
    library: Library, group: tuple[str, Actor, Actor, Actor]
) -> None:
    name, ada, bob, eve = group
    library.join(eve, library.invite_to(ada, name))
    ban(library, ada)
    assert dict(people(library, bob, name)) == {"ada": "member", "bob": "owner", "eve": "member"}
    library.change_group(bob, name, "Sparser readers", "")
    banned = replace(ada, banned="spam")
    assert library.group(banned, name).role == "member"
    with pytest.raises(Forbidden, match="spam"):
        library.dissolve(banned, name)
    with pytest.raises(Refused, match="may only read"):
        library.hand_on(bob, name, "ada")
    ban(library, ada, on=False)
    assert dict(people(library, bob, name))["ada"] == "owner"
    ban(library, ada)
    library.leave_group(banned, name)
    assert people(library, bob, name) == [("bob", "owner"), ("eve", "member")]


def ban(library: Library, actor: Actor, *, on: bool = True) -> None:
    with library.catalogue._store.write() as tx:
        accounts.change(tx, actor.person, {"banned": NOW.isoformat() if on else None, "ban_reason": "spam" * on})


def test_two_hundred_members_and_no_more_than_fit(library: Library) -> None:
    ada, *others = crowd(library, "ada", *(f"reader{n:03}" for n in range(MOST_MEMBERS)))
    group = library.found(ada, "A full house")
    enter(library, group.number, others[:198])
    secret = library.invite_to(ada, group.name, uses=500)
    assert library.join(others[198], secret).members == 200
    everybody = library.members(others[198], group.name).people
    assert len(everybody) == 200
    assert everybody[0].person.name == "ada"
    enter(library, group.number, others[199:-1])
    with pytest.raises(Refused, match="full: it has 500 members"):
        library.join(others[-1], secret)


def enter(library: Library, number: int, actors: list[Actor]) -> None:
    """Lets many in at once."""
    with library.catalogue._store.write() as tx:
        for actor in actors:
            circles.enter(tx, number, actor.person, NOW.isoformat())


# What it keeps


def test_a_shelf_holds_papers_with_notes(library: Library, group: tuple[str, Actor, Actor, Actor], time: Time) -> None:
    name, ada, bob, eve = group
    library.shelve(ada, name, "2611.00001", "Read   before\nWednesday.\u202e")
    time.now += timedelta(minutes=1)
    library.shelve(bob, name, "arXiv:2611.00003v2")
    shelf = library.shelf(bob, name)
    assert [(one.paper.id, one.by and one.by.name, one.note) for one in shelf.entries] == [
        ("2611.00003", "bob", ""),
        ("2611.00001", "ada", "Read before\nWednesday."),
    ]
    library.shelve(bob, name, "2611.00001", "Read it.")
    kept = library.shelved(ada, name, "2611.00001")
    assert kept is not None
    assert (kept.by and kept.by.name, kept.note) == ("bob", "Read it.")
    library.shelve(ada, name, "2611.00003", on=False)
    assert library.shelved(ada, name, "2611.00003") is None
    assert library.shelf(ada, name).total == 1
    assert library.shelf(ada, name, limit=5, offset=1).entries == []
    for act in (lambda: library.shelve(eve, name, "2611.00001"), lambda: library.shelf(eve, name)):
        with pytest.raises(NotFound, match="There is no group"):
            act()
    with pytest.raises(NotFound, match=r"There is no group"):  # the group comes first: nothing is said of papers
        library.shelve(eve, name, "2611.99999")
    with pytest.raises(Refused, match="1,000 characters"):
        library.shelve(ada, name, "2611.00001", "long " * 250)


def test_papers_that_are_joined_stand_on_the_shelf_once(
    library: Library, group: tuple[str, Actor, Actor, Actor]
) -> None:
    name, ada, _, _ = group
    library.shelve(ada, name, "hep-th/9901001", "Strings.")
    library.shelve(ada, name, "10.1000/knot.1", "Knots.")
    merge = library.merge("hep-th/9901001", "doi:10.1000/knot.1")
    assert [one.paper.id for one in library.shelf(ada, name).entries] == [merge.kept]
    library.shelve(ada, name, "10.1000/knot.1", on=False)
    assert library.shelf(ada, name).total == 0


def test_a_group_orders_an_edition_by_its_own_votes() -> None:
    def one(number: int) -> Candidate:
        return Candidate(number, f"p{number}", "2026-11-20", False, None, 0, 0, "announced")

    common, ours = [one(n) for n in (1, 2, 3, 4)], [one(9), one(3)]
    assert [c.number for c in circles_order(common, [], {})] == [1, 2, 3, 4]
    assert [c.number for c in circles_order(common, [], {4: 2, 2: 2, 3: 1})] == [2, 4, 3, 1]
    assert [c.number for c in circles_order(common, ours, {3: 1, 2: 7})] == [3, 9, 2, 1, 4]


def test_a_groups_edition_shows_the_place_in_the_common_one(
    library: Library, group: tuple[str, Actor, Actor, Actor]
) -> None:
    name, ada, _, eve = group
    found = library.group_edition(ada, name, Span.WEEK, "2026-W47")
    assert [(entry.position, entry.common) for entry in found.entries] == [(1, 1), (2, 2), (3, 3)]
    assert found.circle.shown == "Sparse readers"
    with pytest.raises(NotFound, match="There is no group"):
        library.group_edition(eve, name, Span.WEEK, "2026-W99")
    with pytest.raises(NotFound, match="week"):
        library.group_edition(ada, name, Span.WEEK, "2026-W99")


def test_all_that_a_group_holds_can_be_taken_along(library: Library, group: tuple[str, Actor, Actor, Actor]) -> None:
    name, ada, bob, eve = group
    library.shelve(bob, name, "2611.00001", "Ours.")
    library.vote(bob, "2611.00003", group=name)
    said = library.comment(bob, "2611.00001", "For us.", group=name)
    library.comment(ada, None, "Tea?", group=name)
    library.submit(ada, "2611.00002", group=name)
    library.comment(ada, "2611.00001", "For everybody.")
    taken = json.loads(json.dumps(library.export_group(ada, name)))
    assert taken["group"]["shown"] == "Sparse readers"
    assert [(one["person"], one["role"]) for one in taken["members"]] == [("ada", "owner"), ("bob", "member")]
    assert [(one["paper"], one["person"], one["note"]) for one in taken["shelf"]] == [("2611.00001", "bob", "Ours.")]
    assert taken["votes"] == [{"paper": "2611.00003", "votes": 1}]
    assert [(one["paper"], one["text"]) for one in taken["comments"]] == [("2611.00001", "For us."), (None, "Tea?")]
    assert [one["paper"] for one in taken["submissions"]] == ["2611.00002"]
    with pytest.raises(Forbidden):
        library.export_group(bob, name)
    with pytest.raises(NotFound):
        library.export_group(eve, name)
    assert said.circle == name


def test_a_groups_edition_begins_with_what_the_group_submitted(
    library: Library, group: tuple[str, Actor, Actor, Actor]
) -> None:
    name, ada, bob, _ = group
    library.submit(bob, "hep-th/9901001", group=name)
    library.vote(bob, "2611.00002", group=name)
    found = library.group_edition(ada, name, Span.WEEK, "2026-W47")
    assert [(one.paper.id, one.votes, one.mine, one.submitted) for one in found.entries][:2] == [
        ("hep-th/9901001", 0, False, True),
        ("2611.00002", 1, False, False),
    ]
    assert found.entries[0].common is None
    assert "hep-th/9901001" not in [entry.paper.id for entry in library.edition(Span.WEEK, "2026-W47").entries]


# How it ends


def test_a_dissolved_group_can_be_opened_again_for_thirty_days(
    library: Library, group: tuple[str, Actor, Actor, Actor], time: Time
) -> None:
    name, ada, bob, eve = group
    library.shelve(bob, name, "2611.00001", "Ours.")
    secret = library.invite_to(ada, name)
    with pytest.raises(Forbidden):
        library.dissolve(bob, name)
    library.dissolve(ada, name)
    for member in (ada, bob):
        assert library.circles(member) == []
        with pytest.raises(NotFound):
            library.shelf(member, name)
    assert [(one.name, one.kept) for one in library.dissolved(ada)] == [(name, "2026-12-20")]
    assert library.dissolved(bob) == []
    for other in (bob, eve):
        with pytest.raises(NotFound):
            library.restore_group(other, name)
    time.now += timedelta(days=29)
    assert library.forget_groups() == 0
    library.restore_group(ada, name)
    assert [one.note for one in library.shelf(bob, name).entries] == ["Ours."]
    with pytest.raises(NotFound):
        library.join(eve, secret)
    library.dissolve(ada, name)
    time.now += timedelta(days=31)
    assert library.dissolved(ada) == []
    with pytest.raises(NotFound):
        library.restore_group(ada, name)
    assert library.forget_groups() == 1
    assert library.forget_groups() == 0


def test_two_who_dissolve_at_once_and_one_group_ends(library: Library, group: tuple[str, Actor, Actor, Actor]) -> None:
    name, ada, _, _ = group
    start, ends = Barrier(2), []

    def dissolve() -> None:
        start.wait()
        try:
            library.dissolve(ada, name)
            ends.append("dissolved")
        except NotFound:
            ends.append("gone")

    both = [Thread(target=dissolve) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(ends) == ["dissolved", "gone"]
    assert len(library.dissolved(ada)) == 1


def test_administrators_see_that_a_group_is_there_and_can_close_it(
    library: Library, group: tuple[str, Actor, Actor, Actor], time: Time
) -> None:
    name, ada, _, eve = group
    root = joins(library, "root", Role.ADMINISTRATOR)
    for other in (eve, ada, joins(library, "mod", Role.MODERATOR)):
        with pytest.raises(Forbidden):
            library.group_figures(other)
    (seen,) = library.group_figures(root)
    assert (seen.owner and seen.owner.name, seen.members, seen.dissolved) == ("ada", 2, None)
    assert "parse" not in repr(seen)
    library.close_group(root, seen.number, "Complaints.")
    with pytest.raises(Conflict):
        library.close_group(root, seen.number, "Twice.")
    assert library.dissolved(ada) == []  # closed from outside: not the owner's to open
    with pytest.raises(NotFound):
        library.restore_group(ada, name)
    library.close_group(root, seen.number, "Settled.", on=False)
    assert library.group(ada, name).members == 2
    with pytest.raises(NotFound):
        library.close_group(root, 0, "No such group.")
    library.close_group(OWNER, seen.number, "At the command line.")
    time.now += timedelta(days=31)
    assert library.forget_groups() == 1
    assert library.group_figures(root) == []


def test_an_account_that_ends_hands_its_groups_on(library: Library, group: tuple[str, Actor, Actor, Actor]) -> None:
    name, ada, bob, _ = group
    alone = library.found(ada, "Ada alone").name
    library.shelve(ada, alone, "2611.00001", "Mine.")
    joins(library, "root", Role.ADMINISTRATOR)
    with library.catalogue._store.write() as tx:
        leaving.leave(tx, ada.person, NOW.isoformat())
    assert people(library, bob, name) == [("bob", "owner")]
    root = joins(library, "root2", Role.ADMINISTRATOR)
    assert [one.owner and one.owner.name for one in library.group_figures(root)] == ["bob"]  # the other is forgotten


# Hostile input


@given(st.text(max_size=80))
def test_whatever_a_group_is_called_it_has_a_plain_address(shown: str) -> None:
    name = next(_names(shown))
    assert name.isascii()
    assert name.replace("-", "").isalnum()
    assert name == name.lower()
    assert len(name) <= 37


@pytest.mark.parametrize("shown", ["", "   ", "\u202e\u200b", "\x00", "x" * 61])
def test_a_group_needs_a_name_that_can_be_seen(library: Library, shown: str) -> None:
    (ada,) = crowd(library, "ada")
    with pytest.raises(Refused):
        library.found(ada, shown)


def test_names_that_mean_something_elsewhere_are_only_names(library: Library) -> None:
    (ada,) = crowd(library, "ada")
    for shown in ("all", "join", "restore", "../..", "<script>alert(1)</script>", "'; drop table circle --", "🐑" * 60):
        made = library.found(ada, shown)
        assert made.shown == shown
        assert made.name not in ("all", "join", "restore")
        assert library.group(ada, made.name) == made
    with pytest.raises(Refused, match="2,000 characters"):
        library.found(ada, "Long", "about " * 400)
    for name in ("../x", "%", "_", "x" * 10_000, "\x00", "\ud800"):
        with pytest.raises(NotFound):
            library.group(ada, name)


def test_founding_has_its_limit(library: Library) -> None:
    (ada,) = crowd(library, "ada")
    for _ in range(10):
        library.found(ada, "Again")
    with pytest.raises(BroadsheetError, match="Too many new groups"):
        library.found(ada, "Again")
