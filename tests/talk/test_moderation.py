"""Moderation: flags once, hiding with a reason, bans among ranks, and a log that all read and nobody empties."""

from dataclasses import replace

import pytest

from broadsheet.errors import Conflict, Forbidden, NotFound, Refused, SignInNeeded, TooMany
from broadsheet.library import Library
from broadsheet.types import ANYONE, OWNER, Actor, Role
from tests.crowd import joins
from tests.talk.conftest import SHEEP, sound


def test_a_thing_is_flagged_once_by_each(library: Library, people: list[Actor], moderator: Actor) -> None:
    ada, bob, cleo = people
    said = library.comment(ada, SHEEP, "Buy **teapots**")
    with pytest.raises(Refused, match="yours"):
        library.flag(ada, "comment", said.number, "mine")
    for reason in ("", " \u200b ", "x" * 1_001):
        with pytest.raises(Refused):
            library.flag(bob, "comment", said.number, reason)
    first = library.flag(bob, "comment", said.number, "Spam")
    assert library.flag(bob, "comment", said.number, "Spam!").number == first.number
    library.flag(cleo, "comment", said.number, "Teapots")
    with pytest.raises(Forbidden):
        library.flags(bob)
    queue = library.flags(moderator)
    assert [(flag.by and flag.by.name, flag.reason) for flag in queue] == [("bob", "Spam"), ("cleo", "Teapots")]
    assert queue[0].subject == f"a comment of @ada on {SHEEP}: Buy teapots"
    library.settle(moderator, first.number, outcome="kept", reason="It is about teapots")
    assert library.flags(moderator) == []
    assert {flag.outcome for flag in library.flags(moderator, settled=True)} == {"kept"}
    with pytest.raises(Conflict, match="kept"):
        library.settle(moderator, first.number, outcome="hidden", reason="Again")
    with pytest.raises(NotFound):
        library.settle(moderator, 99, outcome="kept", reason="Nothing")


def test_people_and_submissions_can_be_flagged(library: Library, people: list[Actor], moderator: Actor) -> None:
    ada, bob, _ = people
    put = library.submit(ada, SHEEP)
    library.flag(bob, "submission", put.number, "An advertisement")
    library.flag(bob, "person", ada.person, "A robot")
    assert [flag.subject for flag in library.flags(moderator)] == [f"the submission of {SHEEP} by @ada", "@ada"]
    for kind, target in (("comment", 1), ("submission", 99), ("person", 99)):
        with pytest.raises(NotFound):
            library.flag(bob, kind, target, "Nothing")  # type: ignore[arg-type]
    with pytest.raises(Refused):
        library.flag(bob, "paper", 1, "No kind")  # type: ignore[arg-type]


def test_thirty_flags_a_day_are_enough(library: Library, people: list[Actor]) -> None:
    said = library.comment(people[0], SHEEP, "One")
    for _ in range(30):
        library.flag(people[1], "comment", said.number, "Again")
    with pytest.raises(TooMany):
        library.flag(people[1], "comment", said.number, "And again")


def test_a_hidden_comment_is_read_by_moderators_and_its_author(
    library: Library, people: list[Actor], moderator: Actor
) -> None:
    ada, bob, _ = people
    said = library.comment(ada, SHEEP, "Rude")
    answer = library.comment(bob, SHEEP, "Is it?", parent=said.number)
    library.edit_comment(ada, said.number, "Very rude", edit=0)
    flag = library.flag(bob, "comment", said.number, "Rude")
    with pytest.raises(Forbidden):
        library.hide_comment(bob, said.number, "I say so")
    with pytest.raises(Refused, match="Say why"):
        library.hide_comment(moderator, said.number, " ")
    library.hide_comment(moderator, said.number, "Be kind")
    with pytest.raises(Conflict):
        library.hide_comment(moderator, said.number, "Twice")
    texts = {who.name: library.comments(SHEEP, actor=who)[0].text for who in (ANYONE, bob, ada, moderator)}
    assert texts == {"anyone": "", "bob": "", "ada": "Very rude", "mo": "Very rude"}
    shown = library.comments(SHEEP)[0]
    assert (shown.reason, [reply.text for reply in shown.replies]) == ("Be kind", ["Is it?"])
    assert library.comment_texts(bob, said.number) == []
    assert len(library.comment_texts(ada, said.number)) == 1
    assert [one.text for one in library.latest_comments()] == ["Is it?"]
    assert library.paper(SHEEP).own_comments == 1
    assert library.flags(moderator, settled=True)[0].number == flag.number
    assert library.notices(ada)[0].text == "Your comment was hidden: Be kind"
    for act in (
        lambda: library.comment(bob, SHEEP, "Answer", parent=said.number),
        lambda: library.vote_comment(bob, said.number),
        lambda: library.flag(bob, "comment", said.number, "Again"),
    ):
        with pytest.raises(Refused):
            act()
    library.restore_comment(moderator, said.number, "It was a quotation")
    assert library.comment_of(ANYONE, said.number).text == "Very rude"
    assert library.paper(SHEEP).own_comments == 2
    assert library.comment_of(ANYONE, answer.number).text == "Is it?"
    sound(library)


def test_who_is_banned_reads_and_no_more(library: Library, people: list[Actor], moderator: Actor) -> None:
    ada, bob, _ = people
    said = library.comment(ada, SHEEP, "One")
    library.ban(moderator, "bob", "Spam")
    banned = replace(bob, banned="Spam")
    for act in (
        lambda: library.vote(banned, SHEEP),
        lambda: library.comment(banned, SHEEP, "x"),
        lambda: library.comment(bob, SHEEP, "x"),  # asked before the ban
        lambda: library.vote_comment(bob, said.number),
        lambda: library.submit(bob, SHEEP),
        lambda: library.claim(bob, SHEEP, "Ada Lovelace"),
        lambda: library.follow_paper(bob, SHEEP),
        lambda: library.flag(bob, "comment", said.number, "x"),
    ):
        with pytest.raises(Forbidden, match="banned"):
            act()
    assert library.notices(banned)[0].text == "You may only read from now on: Spam"
    with pytest.raises(Conflict):
        library.ban(moderator, "bob", "Again")
    library.unban(moderator, "bob", "It was not bob")
    assert library.vote(bob, SHEEP).votes == 1


def test_nobody_bans_their_equals_or_themselves(
    library: Library, people: list[Actor], moderator: Actor, administrator: Actor
) -> None:
    joins(library, "max", Role.MODERATOR)
    for name in ("max", "ann", "mo"):
        with pytest.raises(Forbidden):
            library.ban(moderator, name, "I want to")
    with pytest.raises(Forbidden):
        library.ban(people[0], "bob", "I want to")
    with pytest.raises(NotFound):
        library.ban(moderator, "nobody", "Nothing")
    with pytest.raises(Conflict, match="only administrator"):
        library.ban(OWNER, "ann", "From the command line")
    library.ban(administrator, "max", "He asked for it")
    assert library.person("max").banned


def test_the_log_is_read_by_all_and_tells_no_text(library: Library, people: list[Actor], moderator: Actor) -> None:
    ada, bob, _cleo = people
    said = library.comment(ada, SHEEP, "Secret words")
    library.hide_comment(moderator, said.number, "Off topic")
    library.ban(moderator, "cleo", "Spam")
    name = library.found(ada, "Reading Sheep").name
    library.join(bob, library.invite_to(ada, name, days=1, uses=1))
    inner = library.comment(bob, SHEEP, "Secret words", group=name)
    library.hide_comment(ada, inner.number, "Not here")  # it is her group
    with pytest.raises(SignInNeeded):
        library.acts(ANYONE)
    told = [(act.verb, act.by and act.by.name, act.subject, act.reason) for act in library.acts(moderator)]
    assert told == [
        ("ban", "mo", "@cleo", "Spam"),
        ("hide comment", "mo", f"a comment of @ada on {SHEEP}", "Off topic"),
    ]
    assert library.acts(bob)[0].subject == "a comment of @bob in a private group"
    assert [act.verb for act in library.acts(bob, limit=1, before=library.acts(bob)[0].number)] == ["ban"]
    with library.catalogue._store.write() as tx:
        tx.exec_driver_sql("DELETE FROM act WHERE number = 1")
    wrong = [one.message for one in library.catalogue.verify(full=False) if one.level == "error"]
    assert wrong == ["1 acts are missing from the log of moderators."]


def test_moderators_see_of_a_group_what_a_member_flags(library: Library, people: list[Actor], moderator: Actor) -> None:
    ada, bob, _ = people
    name = library.found(ada, "Reading Sheep").name
    library.join(bob, library.invite_to(ada, name, days=1, uses=1))
    quiet = library.comment(ada, None, "Harmless", group=name)
    said = library.comment(ada, None, "Rude", group=name)
    library.flag(bob, "comment", said.number, "Rude")
    assert library.flags(moderator)[0].subject == "a comment of @ada in a private group: Rude"
    assert library.comment_of(moderator, said.number).text == "Rude"
    with pytest.raises(NotFound):
        library.comment_of(moderator, quiet.number)
    with pytest.raises(Forbidden):
        library.hide_comment(bob, said.number, "Members do not hide")
    library.hide_comment(moderator, said.number, "Rude")
    assert library.acts(joins(library, "dora")) == []
    assert [act.verb for act in library.acts(bob)] == ["hide comment"]
