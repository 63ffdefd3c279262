"""Comments: said, answered, changed, deleted, ordered; and what is said badly gets a clear answer."""

import threading

import pytest

from broadsheet.errors import Conflict, Forbidden, NotFound, Overtaken, Refused, SignInNeeded, TooMany
from broadsheet.library import Library
from broadsheet.ranking.threads import Remark, best, wilson
from broadsheet.types import ANYONE, Actor, Comment, Identifier, Order
from tests.conftest import NOW
from tests.papers import record
from tests.talk.conftest import MAPS, SHEEP, Clock, sound


def shape(comments: list[Comment]) -> list[object]:
    """The texts of a tree."""
    return [[one.text, shape(one.replies)] if one.replies else one.text for one in comments]


def test_a_thread_is_a_tree_of_what_answers_what(library: Library, people: list[Actor]) -> None:
    ada, bob, _ = people
    first = library.comment(ada, SHEEP, "One")
    library.comment(bob, SHEEP, "Two")
    answer = library.comment(bob, SHEEP, "One A", parent=first.number)
    library.comment(ada, SHEEP, "One A i", parent=answer.number)
    assert shape(library.comments(SHEEP, order=Order.OLDEST)) == [["One", [["One A", ["One A i"]]]], "Two"]
    assert shape(library.comments(SHEEP, order=Order.NEWEST)) == ["Two", ["One", [["One A", ["One A i"]]]]]
    assert library.paper(SHEEP).own_comments == 4
    assert [(one.count) for one in library.signals(SHEEP) if one.kind == "comments"] == [4]
    seen = library.comments(SHEEP, actor=ada, order=Order.OLDEST)[0]
    assert (seen.mine, seen.by and seen.by.name, seen.paper and seen.paper.id) == (True, "ada", SHEEP)
    assert [one.text for one in library.latest_comments(2)] == ["One A i", "One A"]
    assert [one.text for one in library.latest_comments(2, person="bob", before=answer.number)] == ["Two"]
    sound(library)


def test_an_answer_stands_in_the_thread_of_what_it_answers(library: Library, people: list[Actor]) -> None:
    first = library.comment(people[0], SHEEP, "One")
    for parent in (first.number, 99):
        with pytest.raises(NotFound):
            library.comment(people[0], MAPS, "Elsewhere", parent=parent)
    with pytest.raises(Refused, match="about a paper"):
        library.comment(people[0], None, "Of nothing")
    assert library.comments(MAPS) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x" * 10_000_000, "at most 20,000 characters, and this one has 10,000,000"),
        ("*" * 20_001, "at most 20,000"),
        ("", "empty"),
        (" \n\t\u200b\u202e\x00", "empty"),
    ],
)
def test_what_is_no_comment_is_refused_in_a_sentence(
    library: Library, people: list[Actor], text: str, says: str
) -> None:
    with pytest.raises(Refused, match=says):
        library.comment(people[0], SHEEP, text)
    with pytest.raises(SignInNeeded):
        library.comment(ANYONE, SHEEP, text)
    assert library.paper(SHEEP).own_comments == 0


def test_a_comment_is_kept_as_it_was_typed_but_for_what_no_page_may_carry(
    library: Library, people: list[Actor]
) -> None:
    made = library.comment(people[0], SHEEP, " \x00<b>*a*</b>\r\n\u202e@bob, @nobody and @ada\ud800 ")
    assert made.text == "<b>*a*</b>\n@bob, @nobody and @ada"
    assert made.mentions == {"bob", "ada"}
    assert library.mentioned("@cleo @nobody") == {"cleo"}


def test_thirty_comments_an_hour_are_enough(library: Library, people: list[Actor]) -> None:
    for number in range(30):
        library.comment(people[0], SHEEP, f"{number}")
    with pytest.raises(TooMany):
        library.comment(people[0], SHEEP, "one more")
    assert library.paper(SHEEP).own_comments == 30


def test_an_edit_keeps_what_was_said_before(library: Library, people: list[Actor], clock: Clock) -> None:
    ada, bob, _ = people
    made = library.comment(ada, SHEEP, "One")
    clock.moves(hours=1)
    assert library.edit_comment(ada, made.number, "Two", edit=0).edits == 1
    assert library.edit_comment(ada, made.number, "Two", edit=1).edits == 1  # nothing changed
    changed = library.edit_comment(ada, made.number, "Three", edit=1)
    assert (changed.text, changed.edits, changed.edited) == ("Three", 2, "2026-11-20T13:00:00Z")
    texts = [(text.edit, text.text) for text in library.comment_texts(ANYONE, made.number)]
    assert texts == [(0, "One"), (1, "Two")]
    with pytest.raises(Forbidden):
        library.edit_comment(bob, made.number, "Mine", edit=2)
    with pytest.raises(NotFound):
        library.edit_comment(ada, 99, "Nothing", edit=0)


def test_of_two_who_edit_at_once_one_wins_and_nothing_is_lost(library: Library, people: list[Actor]) -> None:
    ada = people[0]
    made = library.comment(ada, SHEEP, "Here")
    gate, late = threading.Barrier(2), []

    def edit(text: str) -> None:
        gate.wait()
        try:
            library.edit_comment(ada, made.number, text, edit=0)
        except Overtaken as error:
            late.append(error)

    threads = [threading.Thread(target=edit, args=(text,)) for text in ("Left", "Right")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (error,) = late
    now = library.comment_of(ada, made.number)
    assert {error.present, error.yours} == {"Left", "Right"}
    assert (now.text, now.edits) == (error.present, error.edits) == (error.present, 1)
    assert library.edit_comment(ada, made.number, "Both", edit=error.edits).text == "Both"


def test_a_deleted_comment_keeps_its_place_while_something_answers_it(library: Library, people: list[Actor]) -> None:
    ada, bob, _ = people
    first = library.comment(ada, SHEEP, "One")
    library.edit_comment(ada, first.number, "One, again", edit=0)
    answer = library.comment(bob, SHEEP, "Two", parent=first.number)
    with pytest.raises(Forbidden):
        library.delete_comment(bob, first.number)
    library.delete_comment(ada, first.number)
    library.delete_comment(ada, first.number)  # once more changes nothing
    (top,) = library.comments(SHEEP)
    assert (top.text, top.deleted is not None, shape(top.replies)) == ("", True, ["Two"])
    assert library.comment_texts(ada, first.number) == []
    library.comment(bob, SHEEP, "Three", parent=first.number)
    with pytest.raises(Conflict):
        library.edit_comment(ada, first.number, "Back", edit=1)
    assert library.paper(SHEEP).own_comments == 2
    for number in (answer.number, answer.number + 1):
        library.delete_comment(bob, number)
    assert library.comments(SHEEP) == []
    sound(library)


def test_one_votes_for_comments_of_others_once(library: Library, people: list[Actor]) -> None:
    ada, bob, cleo = people
    made = library.comment(ada, SHEEP, "One")
    assert [library.vote_comment(actor, made.number) for actor in (bob, bob, cleo)] == [1, 1, 2]
    assert library.vote_comment(bob, made.number, up=False) == 1
    assert (library.comment_of(cleo, made.number).voted, library.comment_of(bob, made.number).voted) == (True, False)
    with pytest.raises(Forbidden, match="of their own"):
        library.vote_comment(ada, made.number)
    library.delete_comment(ada, made.number)
    with pytest.raises(Refused):
        library.vote_comment(bob, made.number)
    sound(library)


def test_the_best_stand_first(library: Library, people: list[Actor], clock: Clock) -> None:
    ada, bob, cleo = people
    first = library.comment(ada, SHEEP, "First")
    library.vote_comment(bob, first.number)
    clock.moves(hours=1)
    second = library.comment(ada, SHEEP, "Second")
    third = library.comment(bob, SHEEP, "Third")
    for actor, number in ((bob, second.number), (cleo, second.number), (cleo, third.number)):
        library.vote_comment(actor, number)
    assert [one.text for one in library.comments(SHEEP)] == ["Second", "Third", "First"]


def test_best_is_wilsons_lower_end() -> None:
    assert wilson(0, 10) == 0.0
    assert wilson(1, 1) == pytest.approx(0.2065, abs=1e-4)  # 1 / (1 + 1.96²)
    assert wilson(8, 10) == pytest.approx(0.4902, abs=1e-4)
    assert wilson(3, 4) > wilson(4, 20)
    assert wilson(80, 100) > wilson(8, 10)
    # The second was said when only two of four readers were left; its author is no reader of it.
    scores = best(
        [Remark(1, 7, "1"), Remark(2, 8, "3")],
        [(1, 1, "2"), (1, 2, "2"), (2, 3, "4"), (2, 4, "4"), (1, 8, "4")],
    )
    assert scores == {1: wilson(3, 5), 2: wilson(2, 2)}


def test_a_very_deep_thread_is_read(library: Library, people: list[Actor]) -> None:
    with library.catalogue._store.write() as tx:
        for number in range(1, 3_001):
            parent = number - 1 or None
            tx.exec_driver_sql(
                "INSERT INTO comment (number, paper, circle, parent, person, at, text, edits, reason, votes)"
                " VALUES (?, 1, 0, ?, ?, '', 'x', 0, '', 0)",
                (number, parent, people[0].person),
            )
    depth, level = 0, library.comments(SHEEP)
    while level:
        depth, level = depth + 1, level[0].replies
    assert depth == 3_000


def test_threads_of_joined_papers_are_one_and_go_apart_again(library: Library, people: list[Actor]) -> None:
    ada = people[0]
    library.comment(ada, SHEEP, "Of sheep")
    of_maps = library.comment(ada, MAPS, "Of maps")
    sent = record(None, "The Same Sheep in a Journal", identifiers=(Identifier("doi", "10.1000/sheep.1"),))
    journal = library.catalogue.papers([library.catalogue.put([sent], at=NOW)[0].number])[0].id
    library.comment(ada, journal, "Of the journal")
    merge = library.merge(SHEEP, journal)
    assert library.paper(SHEEP).own_comments == 2
    answer = next(one for one in library.comments(SHEEP) if one.text == "Of the journal")
    library.comment(ada, SHEEP, "An answer to that", parent=answer.number)
    library.split(merge.number)
    assert shape(library.comments(SHEEP)) == ["Of sheep"]
    assert shape(library.comments(journal)) == [["Of the journal", ["An answer to that"]]]
    assert (library.paper(SHEEP).own_comments, library.paper(journal).own_comments) == (1, 2)
    assert library.comment_of(ada, of_maps.number).text == "Of maps"
    sound(library)
