"""What standing queries caught, as letters: at once, by the day, each paper once, with its reason."""

from broadsheet.app.letters import Letters
from broadsheet.library import Library
from broadsheet.types import Actor, Form, Rhythm, Wanted
from tests.digests.conftest import hold, sends, told, waiting
from tests.place import Clock


def test_what_is_caught_comes_at_once_and_once(library: Library, letters: Letters, clock: Clock) -> None:
    hold(library, "2026-11-19", 3, title="Old Flocks of Sheep")
    sends(library, Wanted.QUERY, value="flocks goats", rhythm=Rhythm.ONCE, most=1)
    library.follow()
    assert library.catch_up_standing().hits == 0
    assert letters.write_due().letters == 0
    keys = hold(library, "2026-11-20", 2, title="New Goats")
    library.follow()
    assert library.catch_up_standing().hits == 2
    clock.moves(minutes=1)
    assert letters.write_due().letters == 1
    (letter,) = waiting(library)
    assert sorted(told(letter)) == sorted(keys), "what comes at once is not held back"
    assert letter.key.startswith("caught:1:")
    assert "goats" in letter.text.casefold()
    assert "https://papers.example.org/search?q=flocks+goats&sort=date" not in letter.text, "there is nothing more"
    assert letter.headers["List-Archive"] == "<https://papers.example.org/search?q=flocks+goats&sort=date>"
    for _ in range(3):
        clock.moves(minutes=30)
        assert library.due_subscriptions() == []
        assert letters.write_due().letters == 0


def test_what_was_caught_before_it_was_to_be_sent_does_not_come(
    library: Library, letters: Letters, clock: Clock, people: list[Actor]
) -> None:
    ada = people[0]
    query = library.stand(ada, "goats")
    hold(library, "2026-11-19", 2, title="New Goats")
    library.follow()
    assert library.catch_up_standing().hits == 2
    clock.moves(minutes=5)
    library.subscribe_me(ada, Wanted.QUERY, standing=query.number, rhythm=Rhythm.ONCE)
    sent = []
    for day in (18, 20):
        clock.moves(minutes=5)
        sent += hold(library, f"2026-11-{day}", 1, title="Late Goats")
        library.follow()
        library.catch_up_standing()
        letters.write_due()
        letters.write_due()
    assert [key for one in waiting(library) for key in told(one)] == sent


def test_a_search_by_the_day_is_one_letter_the_best_first(library: Library, letters: Letters, clock: Clock) -> None:
    sends(library, Wanted.QUERY, value="goats", most=2, form=Form.TEXT.value)
    for day in range(18, 21):
        hold(library, f"2026-11-{day}", 1, title="New Goats")
        library.follow()
        library.catch_up_standing()
    assert letters.write_due().letters == 0
    clock.moves(hours=20)
    assert letters.write_due().letters == 1
    (letter,) = waiting(library)
    assert len(told(letter)) == 2
    assert letter.html == ""
    assert "1 more paper is not in this letter.\nhttps://papers.example.org/search?q=goats&sort=date" in letter.text
    hold(library, "2026-11-21", 1, title="Late Goats")
    library.follow()
    library.catch_up_standing()
    clock.moves(days=1)
    letters.write_due()
    sent = [key for one in waiting(library) for key in told(one)]
    assert len(sent) == len({*sent})
    assert "2611.02101" in sent


def test_two_searches_of_one_reader_do_not_send_a_paper_twice(
    library: Library, letters: Letters, clock: Clock, people: list[Actor]
) -> None:
    for value in ("goats", "new"):
        library.subscribe_me(people[0], Wanted.QUERY, value, rhythm=Rhythm.ONCE, zone="UTC")
    library.follow()
    keys = hold(library, "2026-11-20", 3, title="New Goats")
    library.follow()
    assert library.catch_up_standing().hits == 6
    assert letters.write_due().letters == 1
    assert [sorted(told(one)) for one in waiting(library)] == [sorted(keys)]
    assert library.due_subscriptions() == []


def test_what_is_disliked_after_it_was_caught_does_not_come(
    library: Library, letters: Letters, clock: Clock, people: list[Actor]
) -> None:
    one = library.stand(people[0], "goats")
    library.subscribe_me(people[0], Wanted.QUERY, standing=one.number, rhythm=Rhythm.ONCE, zone="UTC")
    library.follow()
    (key,) = hold(library, "2026-11-20", 1, title="New Goats")
    library.follow()
    assert library.catch_up_standing().hits == 1
    library.dislike(people[0], one.number, key)
    assert letters.write_due().letters == 0
    clock.moves(minutes=20)
    assert letters.write_due().letters == 0
    assert library.due_subscriptions() == [], "it is not looked at for ever"
