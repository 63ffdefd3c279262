"""Submissions: by any name, once, into the open edition; what is not here is fetched, or waits and is given up."""

import pytest

from broadsheet.errors import Forbidden, NotFound, Refused, SignInNeeded, TooMany
from broadsheet.library import Library
from broadsheet.types import ANYONE, Actor, Identifier, NoticeKind, Span
from tests.conftest import NOW
from tests.papers import record
from tests.talk.conftest import MAPS, SHEEP, TEAPOTS, Clock, World, sound

NEW = Identifier("arxiv", "2611.00042")
TODAY = "2026-11-20"


def edition(library: Library, day: str | None = None) -> list[tuple[str, str, str | None]]:
    found = library.edition(Span.DAY, day)
    return [(entry.paper.id, entry.reason, entry.by.name if entry.by else None) for entry in found.entries]


def test_a_submission_joins_the_open_edition_with_its_first_comment(library: Library, people: list[Actor]) -> None:
    made = library.submit(people[0], f"https://huggingface.co/papers/{MAPS}", comment="See *this*, @bob.")
    assert (made.state, made.again, made.day, made.paper and made.paper.id) == ("listed", False, TODAY, MAPS)
    assert edition(library) == [(MAPS, "submitted", "ada")]
    assert library.edition(Span.DAY).key == TODAY  # one submission is enough to open with
    assert [one.text for one in library.comments(MAPS)] == ["See *this*, @bob."]
    assert [one.kind for one in library.notices(people[1])] == [NoticeKind.MENTION]
    assert [(one.kind, one.count) for one in library.signals(MAPS)] == [("comments", 1), ("submissions", 1)]
    assert [one.number for one in library.submissions(day=TODAY)] == [made.number]
    assert library.edition(Span.DAY, "2026-11-11").next == TODAY
    sound(library)


def test_it_joins_the_edition_that_readers_open_with_while_that_is_new(library: Library, people: list[Actor]) -> None:
    three = [record(f"2611.0010{n}", f"News of the Day by the Number {n}", published="2026-11-19") for n in range(3)]
    library.catalogue.put(three, at=NOW)
    assert library.submit(people[0], SHEEP).day == "2026-11-19"
    assert edition(library)[0] == (SHEEP, "submitted", "ada")
    # A paper of that day that was submitted stands before those that were not.
    library.submit(people[1], TEAPOTS)
    assert [paper for paper, *_ in edition(library)[:2]] == [TEAPOTS, SHEEP]


def test_a_second_submission_becomes_a_vote(library: Library, people: list[Actor]) -> None:
    ada, bob, _ = people
    first = library.submit(ada, SHEEP)
    second = library.submit(bob, f"arXiv:{SHEEP}v1", comment="I too.")
    assert (second.number, second.again, second.by and second.by.name) == (first.number, True, "ada")
    assert library.votes([SHEEP], bob)[SHEEP].votes == 1
    assert library.submit(bob, SHEEP).again
    assert library.paper(SHEEP).own_votes == 1
    assert [one.text for one in library.comments(SHEEP)] == ["I too."]
    assert len(library.submissions()) == 1
    sound(library)


@pytest.mark.parametrize(
    "named",
    ["", "   ", "hello", "https://example.org/a", "2406", "10.1000", "<script>", "x" * 10_000, "\x00", "9" * 400, "🐑"],
)
def test_nonsense_is_refused_in_a_sentence(library: Library, people: list[Actor], world: World, named: str) -> None:
    with pytest.raises(Refused, match="names no paper"):
        library.submit(people[0], named)
    assert world.asked == []
    assert library.submissions(actor=people[0], person="ada") == []


def test_what_cannot_be_is_not_asked_for(library: Library, people: list[Actor], world: World) -> None:
    with pytest.raises(Refused, match="yet to come"):
        library.submit(people[0], "2701.00001")
    with pytest.raises(Refused, match="its arXiv id or its DOI"):
        library.submit(people[0], "https://openreview.net/forum?id=abcdef123")
    with pytest.raises(SignInNeeded):
        library.submit(ANYONE, SHEEP)
    with pytest.raises(NotFound):
        library.submit(people[0], SHEEP, group="no-such-group")
    assert world.asked == []


@pytest.mark.parametrize(
    ("named", "asked"),
    [
        ("https://arxiv.org/pdf/2611.00042v3", NEW),
        ("10.1000/New.7", Identifier("doi", "10.1000/new.7")),
        ("hep-th/9901001", Identifier("arxiv", "hep-th/9901001")),
        ("https://aclanthology.org/2024.acl-long.1/", Identifier("doi", "10.18653/v1/2024.acl-long.1")),
    ],
)
def test_an_unknown_paper_is_fetched(
    library: Library, people: list[Actor], world: World, named: str, asked: Identifier
) -> None:
    world.papers[asked] = record(None, "A Paper from Far Away", source_key="far", identifiers=(asked,))
    made = library.submit(people[0], named, comment="New.")
    assert world.asked == [asked]
    assert (made.state, made.paper and made.paper.title) == ("listed", "A Paper from Far Away")
    assert [one.text for one in library.comments(made.paper.id if made.paper else "")] == ["New."]
    assert library.notices(people[0]) == []  # who stands by need not be told
    sound(library)


def test_what_does_not_come_waits_until_it_does(
    library: Library, people: list[Actor], world: World, clock: Clock
) -> None:
    ada, bob, _ = people
    world.silent = True
    first = library.submit(ada, NEW.value, comment="Soon.")
    assert (first.state, first.note, first.paper) == ("waiting", "arXiv does not answer.", None)
    assert library.submit(ada, f"arxiv:{NEW.value}").again
    second = library.submit(bob, NEW.value)
    assert library.submissions() == []
    assert [one.number for one in library.submissions(actor=ada, person="ada")] == [first.number]
    world.silent = False
    assert library.take_in_submissions() == 0
    assert library.submissions(actor=ada, person="ada")[0].note == "arXiv does not know it, or not yet."
    clock.moves(days=1)
    world.papers[NEW] = record(NEW.value, "It Came at Last", published="2026-11-12")
    assert library.take_in_submissions() == 2
    (listed,) = library.submissions()
    assert (listed.number, listed.day) == (first.number, "2026-11-21")
    assert [one.text for one in library.comments(NEW.value)] == ["Soon."]
    assert library.paper(NEW.value).own_votes == 1
    notes = {one.number: one.note for one in library.submissions(actor=bob, person="bob")}
    assert "became a vote" in notes[second.number]
    assert [one.kind for one in library.notices(ada)] == [NoticeKind.SUBMISSION]
    assert library.take_in_submissions() == 0
    sound(library)


def test_what_never_comes_is_given_up(library: Library, people: list[Actor], world: World, clock: Clock) -> None:
    library.submit(people[0], NEW.value)
    clock.moves(days=6)
    library.take_in_submissions()
    assert library.submissions(actor=people[0], person="ada")[0].state == "waiting"
    clock.moves(days=2)
    library.take_in_submissions()
    asked = len(world.asked)
    library.take_in_submissions()
    assert len(world.asked) == asked
    (given_up,) = library.submissions(actor=people[0], person="ada")
    assert (given_up.state, given_up.note) == (
        "failed",
        "Given up after 7 days. arXiv does not know it, or not yet.",
    )
    (notice,) = library.notices(people[0])
    assert notice.text.startswith("2611.00042: Given up")
    assert library.submit(people[0], NEW.value).state == "waiting"  # one may try again


def test_a_paper_that_came_another_way_is_listed_without_asking(
    library: Library, people: list[Actor], world: World
) -> None:
    world.silent = True
    library.submit(people[0], NEW.value)
    library.catalogue.put([record(NEW.value, "It Came by Itself", published="2026-11-12")], at=NOW)
    asked = len(world.asked)
    assert library.take_in_submissions() == 1
    assert len(world.asked) == asked
    assert edition(library) == [(NEW.value, "submitted", "ada")]


def test_ten_a_day_are_enough(library: Library, people: list[Actor], clock: Clock) -> None:
    for _ in range(10):
        library.submit(people[0], SHEEP)
    with pytest.raises(TooMany):
        library.submit(people[0], MAPS)
    assert edition(library) == [(SHEEP, "submitted", "ada")]
    clock.moves(days=1)
    library.submit(people[0], MAPS)


def test_a_submission_can_be_taken_out(library: Library, people: list[Actor], moderator: Actor) -> None:
    ada, bob, _ = people
    mine, other = library.submit(ada, SHEEP), library.submit(ada, MAPS)
    with pytest.raises(Forbidden):
        library.withdraw_submission(bob, mine.number, "I do not like it")
    with pytest.raises(Refused, match="reason"):
        library.withdraw_submission(moderator, mine.number)
    library.withdraw_submission(moderator, mine.number, "No paper of ours")
    library.withdraw_submission(ada, other.number)
    assert library.submissions() == []
    notes = {one.note for one in library.submissions(actor=ada, person="ada")}
    assert notes == {"Taken out by a moderator: No paper of ours", "Taken back by who submitted it."}
    assert [(act.verb, act.subject) for act in library.acts(bob)] == [
        ("take out submission", f"the submission of {SHEEP} by @ada")
    ]
    assert not library.submit(bob, SHEEP).again
    assert [one.count for one in library.signals(SHEEP) if one.kind == "submissions"] == [1]


def test_submitted_papers_that_are_joined_stand_once(library: Library, people: list[Actor]) -> None:
    doi = (Identifier("doi", "10.1000/sheep.1"),)
    sent = record(None, "The Same Sheep in a Journal", identifiers=doi, published="2026-11-12")
    library.catalogue.put([sent], at=NOW)
    library.submit(people[0], SHEEP)
    library.submit(people[1], "10.1000/sheep.1")
    merge = library.merge(SHEEP, "doi:10.1000/sheep.1")
    assert edition(library) == [(SHEEP, "submitted", "ada")]
    library.split(merge.number)
    assert {paper for paper, *_ in edition(library)} == {SHEEP, "doi:10.1000/sheep.1"}
    sound(library)
