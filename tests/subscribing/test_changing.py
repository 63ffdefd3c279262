"""What is sent, changed at the door: by an account, or by who holds a link; at once, and by nobody else."""

from datetime import datetime, timedelta

import pytest

from broadsheet.catalogue.subscribing import MOST
from broadsheet.errors import Conflict, Forbidden, NotFound, Refused, SignInNeeded, Unfit
from broadsheet.types import ANYONE, OWNER, Access, Actor, Form, Rhythm, Scope, Wanted
from tests.subscribing.conftest import ADA, GRACE, Desk, Opening


def test_an_account_is_believed_and_one_thing_is_sent_once(desk: Desk) -> None:
    ada = desk.joins("ada")
    first = desk.library.subscribe_me(ada, Wanted.TRENDING, rhythm="weekly", weekday=3)
    assert (first.confirmed, first.next) == ("2026-11-20T12:00:00Z", "2026-11-26T07:30:00Z")
    again = desk.library.subscribe_me(ada, Wanted.TRENDING, at="21:00", form="text")
    assert (again.number, again.rhythm, again.at, again.form) == (first.number, Rhythm.EDITION, "21:00", Form.TEXT)
    assert desk.library.my_subscriptions(ada) == [again]
    assert desk.letters() == []


def test_what_an_address_asked_for_is_its_accounts_once_it_has_one(desk: Desk) -> None:
    confirmed = desk.confirms(ADA)
    desk.asks(ADA, Wanted.EDITION)
    ada = desk.joins("ada")
    assert [(one.wanted, one.confirmed is not None) for one in desk.library.my_subscriptions(ada)] == [
        (Wanted.TRENDING, True),
        (Wanted.EDITION, False),
    ]
    desk.library.subscribe_me(ada, Wanted.EDITION)
    assert all(one.confirmed for one in desk.library.my_subscriptions(ada))
    desk.library.leave(ada)
    with pytest.raises(NotFound):
        desk.library.catalogue.subscription(confirmed.number)


def test_changes_count_at_once_and_leave_what_was_not_said(desk: Desk) -> None:
    ada = desk.joins("ada")
    made = desk.library.subscribe_me(ada, Wanted.EDITION, rhythm="weekly", weekday=3, zone="Asia/Tokyo", most=7)
    changed = desk.library.change_subscription(ada, made.number, at="06:00")
    assert (changed.rhythm, changed.weekday, changed.zone, changed.most) == (Rhythm.WEEKLY, 3, "Asia/Tokyo", 7)
    assert changed.next == "2026-11-25T21:00:00Z", "six o'clock on Thursday in Tokyo"
    with pytest.raises(Unfit) as caught:
        desk.library.change_subscription(ada, made.number, most="many", zone="Mars")
    assert set(caught.value.problems) == {"most", "zone"}
    assert desk.library.my_subscriptions(ada) == [changed]


def test_a_pause_ends_by_itself_on_its_day(desk: Desk) -> None:
    ada = desk.joins("ada")
    made = desk.library.subscribe_me(ada, Wanted.TRENDING)
    desk.library.pause(ada, made.number, "2026-11-22")
    assert desk.library.my_subscriptions(ada)[0].paused == "2026-11-22"
    desk.clock.moves(days=1, hours=11, minutes=59)
    assert desk.library.my_subscriptions(ada)[0].paused == "2026-11-22"
    desk.clock.moves(minutes=1)
    assert desk.library.my_subscriptions(ada)[0].paused is None
    desk.library.pause(ada, None)
    assert desk.library.my_subscriptions(ada)[0].paused == ""
    desk.library.pause(ada, None, None)
    assert desk.library.my_subscriptions(ada)[0].paused is None


@pytest.mark.parametrize(
    ("zone", "ends"), [("Asia/Tokyo", "2026-11-21T15:00:00Z"), ("America/Los_Angeles", "2026-11-22T08:00:00Z")]
)
def test_a_pause_ends_where_its_reader_lives(desk: Desk, zone: str, ends: str) -> None:
    ada = desk.joins("ada")
    made = desk.library.subscribe_me(ada, Wanted.TRENDING, zone=zone)
    desk.library.pause(ada, None, "2026-11-22")
    moment = timedelta(seconds=1)
    for at, paused in ((-moment, "2026-11-22"), (0 * moment, None)):
        desk.clock.at = datetime.fromisoformat(ends) + at
        assert desk.library.change_subscription(ada, made.number, most=7).paused == paused
        assert desk.library.my_subscriptions(ada)[0].paused == paused
        assert desk.library.subscribers(OWNER)[0].subscriptions[0].paused == paused


def test_tomorrow_is_a_day_to_come_wherever_one_lives(desk: Desk) -> None:
    ada = desk.joins("ada")
    made = desk.library.subscribe_me(ada, Wanted.TRENDING, zone="America/Los_Angeles")
    desk.clock.at = datetime.fromisoformat("2026-11-22T04:00:00Z")  # eight in the evening of the 21st
    desk.library.pause(ada, made.number, "2026-11-22")
    assert desk.library.my_subscriptions(ada)[0].paused == "2026-11-22"


@pytest.mark.parametrize("until", ["2026-11-20", "2026-11-19", "2040-01-01", "tomorrow", "2026-02-30", "20261201x"])
def test_one_pauses_until_a_day_to_come(desk: Desk, until: str) -> None:
    ada = desk.joins("ada")
    made = desk.library.subscribe_me(ada, Wanted.TRENDING)
    with pytest.raises(Unfit) as caught:
        desk.library.pause(ada, made.number, until)
    assert list(caught.value.problems) == ["until"]


def test_an_end_is_undone_within_a_month_with_the_search_that_was_made_for_it(desk: Desk) -> None:
    ada = desk.joins("ada")
    made = desk.library.subscribe_me(ada, Wanted.QUERY, "sheep", rhythm="at once")
    assert desk.library.end_subscription(ada, made.number) == 1
    assert desk.library.end_subscription(ada, made.number) == 0, "again is once"
    assert desk.library.standing_queries(ada) == []
    assert desk.library.my_subscriptions(ada) == []
    assert [one.number for one in desk.library.preferences(ada).subscriptions] == [made.number]
    desk.clock.moves(days=29)
    taken = desk.library.take_up(ada, made.number)
    assert (taken.ended, taken.rhythm, taken.next) == (None, Rhythm.ONCE, "2026-12-20T07:30:00Z")
    assert [one.text for one in desk.library.standing_queries(ada)] == ["sheep"]
    desk.library.end_subscription(ada, None)
    desk.clock.moves(days=31)
    with pytest.raises(Conflict, match="too long ago"):
        desk.library.take_up(ada, made.number)
    assert desk.library.preferences(ada).subscriptions == []


def test_a_search_that_was_saved_by_itself_goes_on_without_its_letters(desk: Desk) -> None:
    ada = desk.joins("ada")
    saved = desk.library.stand(ada, "sheep", name="Sheep")
    desk.clock.moves(minutes=1)
    made = desk.library.subscribe_me(ada, Wanted.QUERY, standing=saved.number)
    assert (made.value, made.title) == (str(saved.number), "Sheep")
    desk.library.end_subscription(ada, made.number)
    assert [one.number for one in desk.library.standing_queries(ada)] == [saved.number]


def test_nobody_subscribes_to_what_is_somebody_elses(desk: Desk) -> None:
    ada, grace = desk.joins("ada"), desk.joins("grace")
    saved = desk.library.stand(ada, "sheep", name="Sheep")
    group = desk.library.found(ada, "The lab")
    mine = desk.library.subscribe_me(ada, Wanted.GROUP, group.name)
    assert (mine.value, mine.title) == (group.name, "The lab")
    for more in ({"standing": saved.number}, {"standing": 99}, {"value": "sheep", "channel": 1}):
        with pytest.raises(NotFound):
            desk.library.subscribe_me(grace, Wanted.QUERY, **more)
    said = set()
    for name in (group.name, "no-such-group"):
        with pytest.raises(NotFound) as caught:
            desk.library.subscribe_me(grace, Wanted.GROUP, name)
        said.add(str(caught.value).replace(name, "NAME"))
    assert len(said) == 1
    for act in (desk.library.end_subscription, desk.library.take_up, desk.library.change_subscription):
        with pytest.raises(NotFound):
            act(grace, mine.number)


def test_who_leaves_a_group_is_sent_nothing_of_it(desk: Desk) -> None:
    ada, grace = desk.joins("ada"), desk.joins("grace")
    group = desk.library.found(ada, "The lab")
    secret = desk.library.invite_to(ada, group.name)
    desk.library.join(grace, secret)
    desk.library.subscribe_me(grace, Wanted.GROUP, group.name)
    desk.library.leave_group(grace, group.name)
    assert desk.library.preferences(grace).subscriptions == []


def test_there_is_an_end_to_what_one_is_sent(desk: Desk) -> None:
    desk.library.rules = type(desk.library.rules)(access=Access.OPEN, limits={})
    for number in range(MOST):
        desk.library.subscribe_address(OWNER, ADA, Wanted.QUERY, f"sheep {number}")
    with pytest.raises(Refused, match="End some first"):
        desk.library.subscribe_address(OWNER, ADA, Wanted.TRENDING)
    desk.library.end_for(OWNER, 1)
    desk.library.subscribe_address(OWNER, ADA, Wanted.TRENDING)


def test_who_is_banned_may_still_have_peace_and_a_token_needs_its_scope(desk: Desk) -> None:
    ada = desk.joins("ada")
    number = desk.library.subscribe_me(ada, Wanted.TRENDING).number
    reading = Actor(ada.name, ada.role, ada.person, frozenset({Scope.READ}))
    assert len(desk.library.my_subscriptions(reading)) == 1
    library = desk.library
    for act in (library.end_subscription, library.pause, library.change_subscription, library.take_up):
        for actor, error in ((reading, Forbidden), (ANYONE, SignInNeeded)):
            with pytest.raises(error):
                act(actor, number)
    with pytest.raises(SignInNeeded):
        library.preferences(ANYONE)
    banned = Actor(ada.name, ada.role, ada.person, None, "spam")
    assert library.end_subscription(banned, None) == 1


def test_who_runs_the_place_reads_the_name_of_no_group(desk: Desk) -> None:
    administrator, grace = desk.joins("ada"), desk.joins("grace")
    group = desk.library.found(grace, "The Secret Meadow")
    number = desk.library.subscribe_me(grace, Wanted.GROUP, group.name).number
    (whom,) = desk.library.subscribers(administrator)
    for shown in (*whom.subscriptions, desk.library.end_for(administrator, number)):
        assert (shown.value, shown.title) == ("", "The edition of a group")


def test_an_account_without_an_address_says_so(desk: Desk) -> None:
    actor = desk.joins("ada")
    with desk.library.catalogue._store.write() as tx:
        tx.exec_driver_sql("UPDATE person SET email = NULL")
    with pytest.raises(Unfit, match="no e-mail address yet"):
        desk.library.subscribe_me(actor, Wanted.TRENDING)


def test_only_the_machine_subscribes_somebody_else(desk: Desk) -> None:
    administrator = desk.joins("ada")
    with pytest.raises(Forbidden):
        desk.library.subscribe_address(administrator, GRACE, Wanted.TRENDING)
    with pytest.raises(Refused, match="no account"):
        desk.library.subscribe_me(OWNER, Wanted.TRENDING)
    desk.library.subscribe_address(OWNER, GRACE, Wanted.TRENDING)
    assert [one.email for one in desk.library.subscribers(administrator)] == [GRACE]
    assert desk.library.end_for(administrator, 1).ended is not None


def test_one_person_has_letters_where_they_say(opening: Opening) -> None:
    desk = opening(access=Access.SINGLE)
    owner = desk.library.owner_actor()
    desk.library.subscribe_me(owner, Wanted.TRENDING)
    assert desk.library.preferences(owner).email is None
    desk.library.subscribe_me(owner, Wanted.EDITION, email="Me@Example.org")
    assert desk.library.preferences(owner).email == "me@example.org"
    desk.library.subscribe_me(owner, Wanted.MINE)
    assert desk.library.preferences(owner).email == "me@example.org"
    assert len(desk.library.my_subscriptions(owner)) == 3
    with pytest.raises(Unfit, match="no e-mail address"):
        desk.library.subscribe_me(owner, Wanted.MINE, email="nobody")
