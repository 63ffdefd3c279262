"""Feeds that are one person's own: opened by the key in the address, closed to all others, kept by nobody between."""

from dataclasses import replace

import pytest

from broadsheet.errors import Forbidden
from broadsheet.types import ANYONE, Role, Scope
from tests.crowd import joins
from tests.feeds.conftest import HUB, Place
from tests.feeds.test_every_feed import OWN, own


@pytest.mark.parametrize("which", OWN, ids=lambda which: which[0])
def test_the_key_in_the_address_opens_it_without_a_cookie(place: Place, which: tuple[str, str, str]) -> None:
    answer = place.reader(ANYONE, hub=HUB).get(own(place, which, "atom"))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, no-cache"
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["vary"].startswith("Cookie, Authorization")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-robots-tag"] == "noindex"


@pytest.mark.parametrize("which", OWN, ids=lambda which: which[0])
def test_its_own_links_carry_the_key(place: Place, which: tuple[str, str, str]) -> None:
    address = own(place, which, "json")
    feed = place.reader().get(f"{address}&limit=1").json()
    assert f"key={address.partition('key=')[2]}" in feed["feed_url"]
    assert "key=" not in feed["home_page_url"]
    if "next_url" in feed:
        assert place.reader().get(feed["next_url"]).status_code == 200


@pytest.mark.parametrize("which", OWN, ids=lambda which: which[0])
def test_no_other_key_opens_it(place: Place, which: tuple[str, str, str]) -> None:
    path, _, key = own(place, which, "rss").partition("?key=")
    wrong = [
        place.key("ada", "group", "another"),
        place.key("ada", "opml"),
        place.key("ada", "standing", "99"),
        place.library.sign("preferences", 1, 0, "group", place.group),
        place.library.sign("feed", 1, 7, "group", place.group),
        place.library.sign("feed", 99, 0, "group", place.group),
        place.library.sign("feed"),
        key[:-1],
        key + "A",
        key.swapcase(),
        key.partition(".")[0],
        "x",
        "é" * 50,
    ]
    said = {place.reader().get(path, params={"key": one}).text for one in wrong}
    assert said == {"The key in this address is not valid, or no more. There are new ones at /settings.\n"}
    for one in wrong:
        assert place.reader().get(path, params={"key": one}).status_code == 403
    assert place.reader().get(path).status_code == 401
    assert place.reader(place.people["eve"]).get(path).status_code == (200 if "for-me" in path else 404)


def test_somebody_elses_key_opens_their_own_and_not_mine(place: Place) -> None:
    bob = place.key("bob", "standing", str(place.standing))
    assert place.reader().get(f"/standing/{place.standing}.atom?key={bob}").status_code == 404
    said = []
    for name in (place.group, "no-such"):
        answer = place.reader().get(f"/groups/{name}.atom?key={place.key('eve', 'group', name)}")
        said.append((answer.status_code, answer.text.replace(name, "NAME")))
    assert said == [(404, "There is no group 'NAME' that you are in.\n")] * 2


def test_who_is_signed_in_needs_no_key(place: Place) -> None:
    answer = place.reader(place.people["ada"]).get(f"/groups/{place.group}/shelf.atom")
    assert answer.status_code == 200
    assert "Keep it &amp;amp; read it." in answer.text
    assert answer.headers["cache-control"] == "private, no-cache"


def test_a_key_is_good_for_reading_this_feed_and_for_nothing_else(place: Place) -> None:
    actor = place.library.feed_actor(place.key("ada", "group", place.group), "group", place.group)
    assert (actor.role, actor.scopes) == (Role.READER, frozenset({Scope.READ}))


def test_new_keys_end_the_old_ones_and_nobody_elses(fresh: Place) -> None:
    old, other = fresh.key("ada", "mine"), fresh.key("bob", "mine")
    fresh.library.new_feed_keys(fresh.people["ada"])
    new = fresh.key("ada", "mine")
    status = [fresh.reader().get(f"/for-me.atom?key={key}").status_code for key in (old, other, new)]
    assert status == [403, 200, 200]
    assert fresh.key("ada", "mine") == new, "the same until new ones are asked for"


def test_who_leaves_a_group_or_the_place_reads_no_more(fresh: Place) -> None:
    shelf = f"/groups/{fresh.group}/shelf.atom?key={fresh.key('bob', 'group', fresh.group)}"
    assert fresh.reader().get(shelf).status_code == 200
    fresh.library.leave_group(fresh.people["bob"], fresh.group)
    assert fresh.reader().get(shelf).status_code == 404
    mine = f"/for-me.atom?key={fresh.key('bob', 'mine')}"
    assert fresh.reader().get(mine).status_code == 200
    fresh.library.leave(fresh.people["bob"])
    assert fresh.reader().get(mine).status_code == 403


def test_who_is_banned_reads_on(fresh: Place) -> None:
    shelf = f"/groups/{fresh.group}/shelf.atom?key={fresh.key('bob', 'group', fresh.group)}"
    fresh.library.ban(joins(fresh.library, "mod", Role.MODERATOR), "bob", "Spam.")
    assert fresh.reader().get(shelf).status_code == 200


def test_a_token_that_may_only_read_gets_no_keys(place: Place) -> None:

    with pytest.raises(Forbidden):
        place.library.feed_key(replace(place.people["ada"], scopes=frozenset({Scope.READ})), "mine")


def test_a_reader_who_has_it_is_told_so_and_others_learn_nothing(place: Place) -> None:
    address = own(place, OWN[0], "atom")
    tag = place.reader().get(address).headers["etag"]
    assert place.reader().get(address, headers={"if-none-match": tag}).status_code == 304
    path = address.partition("?")[0]
    for headers in ({"if-none-match": tag}, {"if-none-match": "*"}):
        answer = place.reader().get(path, headers=headers)
        assert answer.status_code == 401
        assert "etag" not in answer.headers
