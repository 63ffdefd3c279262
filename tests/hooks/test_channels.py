"""Channels at the door: what may be added, what is shown of it, how it fares, and that nothing secret comes out."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from broadsheet import library as door
from broadsheet.catalogue.channels import FAILURES
from broadsheet.errors import Conflict, Forbidden, NotFound, Refused, TooMany
from broadsheet.hooks import KINDS, ChannelCarrier, Line, trial
from broadsheet.library import LIMITS, Library, Rules
from broadsheet.types import OWNER, Access, Actor, NoticeKind, Scope, Wanted, Way
from tests.crowd import joins
from tests.hooks.services import ADDRESS, SECRET, Services, outgoing
from tests.place import Clock
from tests.servers.kit import status


@dataclass
class Lab:
    """A library with Ada in it, the services, and the carrier between them."""

    library: Library
    ada: Actor
    there: Services
    clock: Clock
    carrier: ChannelCarrier

    def sends(self) -> None:
        """What a worker does."""
        self.library.send_due({Way.CHANNEL: self.carrier})

    def adds(self, kind: str = "slack", name: str = "The lab") -> int:
        return self.library.add_channel(self.ada, kind, ADDRESS[kind], name)[0].number


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    clock = Clock()
    rules = Rules(access=Access.OPEN, channel_hosts=("inside.example",))
    with door.open(tmp_path / "home", follow=False, clock=clock, rules=rules) as library, Services() as there:
        carrier = there.by(library.channel_line, library.channel_heard)
        yield Lab(library, joins(library, "ada"), there, clock, carrier)


@pytest.mark.parametrize("kind", KINDS)
def test_a_channel_is_added_and_shown_without_its_secrets(lab: Lab, kind: str) -> None:
    added, secret = lab.library.add_channel(lab.ada, kind, ADDRESS[kind], "")
    assert lab.library.channels(lab.ada) == [added]
    assert lab.library.channel(lab.ada, added.number) == added
    assert (added.kind, added.failures, added.off) == (kind, 0, None)
    assert bool(secret) is (kind == "webhook")
    exported = json.dumps(lab.library.export_me(lab.ada))
    assert SECRET[:-3] not in f"{added} {exported}"
    assert not secret or secret not in f"{added} {exported}"
    assert f'"{kind}"' in exported


@pytest.mark.parametrize("kind", KINDS)
def test_a_trial_arrives(lab: Lab, kind: str) -> None:
    number = lab.adds(kind)
    lab.library.try_channel(lab.ada, number)
    with pytest.raises(Conflict, match="on its way"):
        lab.library.try_channel(lab.ada, number)
    lab.sends()
    assert "a message to try this channel" in json.dumps(lab.there.messages(kind))
    (sent,) = lab.library.channel_history(lab.ada, number)
    assert (sent.state, sent.purpose, sent.text) == ("sent", "trial", "")
    lab.library.try_channel(lab.ada, number)


def test_what_was_not_taken_is_said_and_tried_again(lab: Lab) -> None:
    number = lab.adds()
    lab.there.servers["slack"].plan(status(429, retry_after=900))
    lab.library.try_channel(lab.ada, number)
    lab.sends()
    (waits,) = lab.library.channel_history(lab.ada, number)
    assert (waits.state, waits.said) == ("waiting", "hooks.slack.com answered with status 429.")
    assert waits.next == "2026-11-20T12:15:00Z"
    assert lab.library.channel(lab.ada, number).failures == 1
    lab.clock.moves(minutes=14)
    lab.sends()
    assert len(lab.there.asked("slack")) == 1, "not sooner than it was told"
    lab.clock.moves(minutes=2)
    lab.sends()
    found = lab.library.channel(lab.ada, number)
    assert (len(lab.there.asked("slack")), found.failures, found.reason) == (2, 0, "")


def test_a_channel_that_fails_for_days_is_switched_off_and_its_owner_is_told(lab: Lab) -> None:
    number = lab.adds()
    lab.there.servers["slack"].plan(*[status(404)] * 50)
    for _ in range(FAILURES + 2):
        failing(lab, number)
        lab.clock.moves(hours=2)
    assert lab.library.channel(lab.ada, number).off is None, "many failures, and not for days"
    lab.clock.moves(days=3)
    failing(lab, number)
    found = lab.library.channel(lab.ada, number)
    assert found.off is not None
    assert "status 404" in found.reason
    (notice,) = lab.library.notices(lab.ada)
    assert (notice.kind, "The lab" in notice.text, SECRET in notice.text) == (NoticeKind.CHANNEL, True, False)
    asked = len(lab.there.asked("slack"))
    with pytest.raises(Refused, match="switched off"):
        failing(lab, number)
    assert len(lab.there.asked("slack")) == asked
    lab.there.servers["slack"].forget_plan()
    lab.library.try_channel(lab.ada, number)
    lab.sends()
    again = lab.library.channel(lab.ada, number)
    assert (again.off, again.failures, again.reason) == (None, 0, "")


def failing(lab: Lab, number: int) -> None:
    """A message that is not taken: as a digest is, which switches nothing on."""
    one = outgoing(trial("The Lab"))
    one.to = str(number)
    try:
        lab.carrier.carry(one, lambda: True)
    except Refused as problem:
        if "switched off" in str(problem):
            raise


def test_one_that_gets_through_forgives_what_was_before(lab: Lab) -> None:
    number = lab.adds()
    for _ in range(4):
        lab.there.servers["slack"].plan(*[status(404)] * (FAILURES - 1))
        for _ in range(FAILURES):
            failing(lab, number)
            lab.clock.moves(days=1)
        assert lab.library.channel(lab.ada, number).failures == 0
    assert lab.library.notices(lab.ada) == []


def test_what_is_gone_is_switched_off_at_once(lab: Lab) -> None:
    number = lab.adds("webhook")
    lab.there.servers["webhook"].plan(status(410))
    lab.library.try_channel(lab.ada, number)
    lab.sends()
    assert lab.library.channel(lab.ada, number).off is not None
    assert len(lab.library.notices(lab.ada)) == 1


def test_a_channel_that_was_removed_is_gone_with_its_secrets(lab: Lab, tmp_path: Path) -> None:
    number = lab.adds("webhook")
    subscribed = lab.library.subscribe_me(lab.ada, Wanted.TRENDING, channel=number)
    lab.library.try_channel(lab.ada, number)
    lab.library.remove_channel(lab.ada, number)
    lab.sends()
    assert lab.there.asked("webhook") == []
    assert lab.library.channels(lab.ada) == []
    assert [one.number for one in lab.library.my_subscriptions(lab.ada)] == []
    assert lab.library.catalogue.subscription(subscribed.number).ended is not None
    for verb in (lab.library.channel, lab.library.try_channel, lab.library.remove_channel, lab.library.channel_history):
        with pytest.raises(NotFound):
            verb(lab.ada, number)
    lab.library.catalogue.checkpoint()
    rows = lab.library.catalogue.channels(lab.ada.person)
    assert rows == []


def test_nobody_else_sees_or_touches_a_channel(lab: Lab) -> None:
    number, grace = lab.adds(), joins(lab.library, "grace")
    assert lab.library.channels(grace) == []
    for verb in (lab.library.channel, lab.library.try_channel, lab.library.remove_channel, lab.library.channel_history):
        with pytest.raises(NotFound):
            verb(grace, number)
    with pytest.raises(NotFound):
        lab.library.subscribe_me(grace, Wanted.TRENDING, channel=number)
    assert lab.library.channel(lab.ada, number).name == "The lab"


def test_who_left_sends_nothing(lab: Lab) -> None:
    joins(lab.library, "grace")
    number = lab.adds()
    lab.library.try_channel(lab.ada, number)
    lab.library.leave(lab.ada)
    lab.sends()
    assert lab.there.asked("slack") == []


def test_a_token_that_may_read_may_not_add(lab: Lab) -> None:
    reading = Actor("ada", lab.ada.role, lab.ada.person, frozenset({Scope.READ}))
    assert lab.library.channels(reading) == []
    with pytest.raises(Forbidden, match="scope"):
        lab.library.add_channel(reading, "slack", ADDRESS["slack"], "")
    with pytest.raises(Refused, match="command line"):
        lab.library.add_channel(OWNER, "slack", ADDRESS["slack"], "")


def test_there_is_a_limit(lab: Lab) -> None:
    for _ in range(LIMITS["channel"].times):
        lab.adds()
    with pytest.raises(TooMany):
        lab.adds()
    lab.clock.moves(days=2)
    with pytest.raises(Refused, match="channels already"):
        lab.adds()


def test_a_name_is_short_and_one_line(lab: Lab) -> None:
    with pytest.raises(Refused, match="too long"):
        lab.adds(name="x" * 61)
    number = lab.adds(name="  My\n\tlab \u202e ")
    assert "\n" not in lab.library.channel(lab.ada, number).name


def test_a_host_that_is_allowed_no_more_is_said_to_be(lab: Lab, tmp_path: Path) -> None:
    number = lab.library.add_channel(lab.ada, "webhook", "http://inside.example:9000/in")[0].number
    lab.library.close()
    rules = Rules(access=Access.OPEN)
    with door.open(tmp_path / "home", follow=False, clock=lab.clock, rules=rules) as library:
        assert "not allowed here any more" in library.channel(lab.ada, number).shown


def test_a_line_says_nothing_of_what_is_secret(lab: Lab, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        number = lab.adds("webhook")
        kept = lab.library.catalogue.open_line(number)
        texts = f"{kept!r} {kept} {Line('webhook', kept.address, kept.secret)!r}"
        lab.library.try_channel(lab.ada, number)
        lab.sends()
    for secret in (SECRET, kept.secret):
        assert secret not in f"{texts} {caplog.text}"


def test_a_trial_that_nobody_sent_in_time_is_dropped(lab: Lab) -> None:
    number = lab.adds()
    lab.library.try_channel(lab.ada, number)
    lab.clock.at += timedelta(hours=1)
    lab.sends()
    assert lab.there.asked("slack") == []
    assert lab.library.channel_history(lab.ada, number)[0].state == "dropped"
