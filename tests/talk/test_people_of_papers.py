"""Claims of authors, followed papers, and notices: who learns of what, and who never does."""

from dataclasses import replace

import pytest

from broadsheet.errors import Conflict, Forbidden, NotFound, Refused
from broadsheet.library import Library
from broadsheet.types import ANYONE, Actor, Author, NoticeKind, Version
from tests.conftest import NOW
from tests.crowd import joins
from tests.papers import record
from tests.talk.conftest import MAPS, SHEEP, Clock, sound

ORCID = "0000-0002-1825-0097"


def kinds(library: Library, actor: Actor) -> list[tuple[str, str]]:
    return [(one.kind.value, one.text) for one in library.notices(actor)]


def with_address(library: Library, name: str, email: str) -> Actor:
    actor = joins(library, name)
    with library.catalogue._store.write() as tx:
        tx.exec_driver_sql("UPDATE person SET email = ? WHERE number = ?", (email, actor.person))
    return actor


# Claims.


@pytest.mark.parametrize(
    ("email", "state"),
    [
        ("ada@example.edu", "confirmed"),
        ("ada@cs.example.edu", "confirmed"),
        ("ada@notexample.edu", "asked"),
        ("ada@example.edu.example.org", "asked"),
        ("ada@example.org", "asked"),
    ],
)
def test_an_address_that_the_administrator_trusts_confirms_a_claim(library: Library, email: str, state: str) -> None:
    made = library.claim(with_address(library, "ada", email), SHEEP, "Lovelace, Ada")
    assert (made.state, made.author) == (state, "Ada Lovelace")
    assert [one.paper.id for one in library.claims("ada")] == ([SHEEP] if state == "confirmed" else [])


def test_an_address_gives_nobody_an_author_whom_somebody_is_already(library: Library) -> None:
    first, second = (with_address(library, name, f"{name}@example.edu") for name in ("ada", "ida"))
    assert library.claim(first, SHEEP, "Ada Lovelace").state == "confirmed"
    assert library.claim(second, SHEEP, "Ada Lovelace").state == "asked"
    assert library.claim(second, SHEEP, "Grace Hopper").state == "confirmed"


def test_an_orcid_that_stands_in_the_record_confirms_a_claim(
    library: Library, people: list[Actor], administrator: Actor
) -> None:
    authors = (Author("Ada Lovelace", orcid=f"https://orcid.org/{ORCID}"), Author("Grace Hopper"))
    library.catalogue.put([record("2611.00009", "A Paper with an ORCID iD", authors=authors)], at=NOW)
    library.set_orcid(administrator, "ada", ORCID)
    made = library.claim(people[0], "2611.00009", "Ada Lovelace")
    assert (made.state, made.how) == ("confirmed", f"ORCID {ORCID}")
    assert library.claim(people[1], "2611.00009", "Ada Lovelace").state == "asked"


def test_other_claims_wait_for_an_administrator(
    library: Library, people: list[Actor], moderator: Actor, administrator: Actor
) -> None:
    ada, bob, _ = people
    with pytest.raises(Refused, match="names no author"):
        library.claim(ada, SHEEP, "Emmy Noether")
    for actor in (ada, bob):
        assert library.claim(actor, SHEEP, "Ada Lovelace").state == "asked"
    assert library.claims("ada") == []
    assert [one.state for one in library.claims("ada", actor=ada)] == ["asked"]
    assert [one.person.name for one in library.asked_claims(administrator)] == ["ada", "bob"]
    for stranger in (bob, moderator):
        with pytest.raises(Forbidden):
            library.decide_claim(stranger, SHEEP, "ada", yes=True)
    with pytest.raises(Refused, match="Say why"):
        library.decide_claim(administrator, SHEEP, "bob", yes=False)
    library.decide_claim(administrator, SHEEP, "ada", yes=True)
    library.decide_claim(administrator, SHEEP, "bob", yes=False, reason="She is Ada")
    assert [one.person.name for one in library.claims_on(SHEEP)] == ["ada"]
    assert library.asked_claims(administrator) == []
    assert kinds(library, bob) == [("moderation", "Your claim to be Ada Lovelace was refused: She is Ada")]
    with pytest.raises(Conflict, match="refused this claim"):
        library.claim(bob, SHEEP, "Ada Lovelace")
    library.withdraw_claim(ada, SHEEP)
    assert library.claims_on(SHEEP) == []
    with pytest.raises(NotFound):
        library.withdraw_claim(ada, SHEEP)


# Notices.


def test_who_is_answered_mentioned_or_an_author_learns_of_it_once(library: Library, people: list[Actor]) -> None:
    ada, bob, cleo = people
    author = with_address(library, "dora", "dora@example.edu")
    library.claim(author, SHEEP, "Ada Lovelace")
    first = library.comment(ada, SHEEP, "One")
    answer = library.comment(bob, SHEEP, "**Two**, @ada and @cleo, @bob, @nobody, @dora: $x^2$", parent=first.number)
    assert kinds(library, ada) == [("reply", "Two, @ada and @cleo, @bob, @nobody, @dora: x²")]
    assert [kind for kind, _ in kinds(library, cleo)] == ["mention"]
    assert [kind for kind, _ in kinds(library, author)] == ["mention", "claimed"]
    assert kinds(library, bob) == []
    library.edit_comment(bob, answer.number, "Two, @ada and @cleo", edit=0)
    assert len(kinds(library, ada)) == 1
    notice = library.notices(cleo)[0]
    assert (notice.by and notice.by.name, notice.comment, notice.paper and notice.paper.id) == (
        "bob",
        answer.number,
        SHEEP,
    )
    library.delete_comment(bob, answer.number)
    assert kinds(library, ada) == kinds(library, cleo) == []


def test_an_edit_tells_those_who_are_new_in_it(library: Library, people: list[Actor]) -> None:
    ada, bob, cleo = people
    made = library.comment(ada, SHEEP, "Hello @bob")
    library.edit_comment(ada, made.number, "Hello @bob and @cleo", edit=0)
    assert [len(kinds(library, actor)) for actor in (bob, cleo)] == [1, 1]


def test_a_kind_that_is_switched_off_is_not_told(library: Library, people: list[Actor]) -> None:
    ada, bob, _ = people
    library.change_me(bob, notify=frozenset(set(NoticeKind) - {NoticeKind.MENTION}))
    made = library.comment(ada, SHEEP, "Hello @bob")
    assert kinds(library, bob) == []
    library.comment(bob, SHEEP, "Hello", parent=made.number)
    assert [kind for kind, _ in kinds(library, ada)] == ["reply"]


def test_notices_are_read(library: Library, people: list[Actor]) -> None:
    ada, bob, _ = people
    for number in range(5):
        library.comment(ada, SHEEP, f"{number} @bob")
    assert library.unread(bob) == 5
    newest = library.notices(bob, limit=2)
    assert [one.text for one in newest] == ["4 @bob", "3 @bob"]
    assert [one.text for one in library.notices(bob, limit=2, before=newest[-1].number)] == ["2 @bob", "1 @bob"]
    library.mark_read(ada, [one.number for one in newest])  # not hers
    assert library.unread(bob) == 5
    library.mark_read(bob, [newest[0].number])
    assert len(library.notices(bob, unread=True)) == 4
    library.mark_read(bob)
    assert (library.unread(bob), library.unread(ANYONE)) == (0, 0)


def test_followers_learn_of_a_new_version_once(library: Library, people: list[Actor], clock: Clock) -> None:
    ada, bob, _ = people
    library.follow_paper(ada, SHEEP)
    library.follow_paper(ada, SHEEP)
    library.follow_paper(bob, MAPS)
    assert (library.follows(ada, SHEEP), library.follows(bob, SHEEP)) == (True, False)
    assert [paper.id for paper in library.followed(ada)] == [SHEEP]

    def appears(*versions: int) -> None:
        clock.moves(hours=1)
        known = tuple(Version(number, f"2026-11-{17 + number}") for number in versions)
        library.catalogue.put([record(SHEEP, "Counting Sheep with Sparse Attention", versions=known)], at=clock.at)

    appears(1)
    library.tell_versions()
    assert kinds(library, ada) == []
    appears(1, 2)
    assert library.tell_versions() == 1
    assert library.tell_versions() == 0
    assert kinds(library, ada) == [("version", "v2")]
    library.follow_paper(ada, SHEEP, on=False)
    library.follow_paper(bob, SHEEP)
    appears(1, 2, 3)
    library.tell_versions()
    assert kinds(library, ada) == [("version", "v2")]
    assert kinds(library, bob) == [("version", "v3")]


# Groups.


def test_what_is_said_in_a_group_stays_there(library: Library, people: list[Actor], moderator: Actor) -> None:
    ada, bob, cleo = people
    name = library.found(ada, "Reading Sheep").name
    library.join(bob, library.invite_to(ada, name, days=1, uses=1))
    made = library.comment(ada, SHEEP, "Secret, @cleo and @bob", group=name)
    own = library.comment(bob, None, "Among us", group=name)
    assert [one.text for one in library.comments(SHEEP, actor=bob, group=name)] == ["Secret, @cleo and @bob"]
    assert [one.text for one in library.discussion(ada, name)] == ["Among us"]
    assert [kind for kind, _ in kinds(library, bob)] == ["mention"]
    assert [kind for kind, _ in kinds(library, ada)] == ["group"]
    assert kinds(library, cleo) == []
    library.vote(ada, SHEEP, group=name)
    assert library.votes([SHEEP], bob, group=name)[SHEEP].votes == 1
    assert (library.paper(SHEEP).own_votes, library.paper(SHEEP).own_comments) == (0, 0)
    assert library.comments(SHEEP) == library.latest_comments() == []
    assert library.signals(SHEEP) == []
    assert library.latest_comments(person="ada", actor=ada) == []
    library.submit(ada, MAPS, group=name)
    assert library.submissions() == library.submissions(person="ada") == []
    assert [one.circle for one in library.submissions(actor=bob, group=name)] == [name]
    for stranger in (cleo, moderator):
        for number in (made.number, own.number):
            for act in (
                library.comment_of,
                library.comment_texts,
                lambda who, number: library.comment(who, SHEEP, "x", parent=number),
                lambda who, number: library.comment(who, SHEEP, "x", parent=number, group=name),
                lambda who, number: library.edit_comment(who, number, "x", edit=0),
                library.delete_comment,
                library.vote_comment,
                lambda who, number: library.flag(who, "comment", number, "x"),
                lambda who, number: library.votes([SHEEP], who, group=name),
                lambda who, number: library.vote(who, SHEEP, group=name),
                lambda who, number: library.submit(who, SHEEP, group=name),
                lambda who, number: library.submissions(actor=who, group=name),
                lambda who, number: library.discussion(who, name),
            ):
                with pytest.raises(NotFound):
                    act(stranger, number)
    with pytest.raises(NotFound):
        library.hide_comment(moderator, made.number, "not mine to see")
    library.remove_member(ada, name, "bob")
    assert kinds(library, bob) == []
    with pytest.raises(NotFound):
        library.edit_comment(replace(bob), own.number, "Still here", edit=0)
    sound(library)
