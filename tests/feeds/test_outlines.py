"""Lists of feeds that readers take in at once."""

from lxml import etree

from tests.feeds import rules
from tests.feeds.conftest import ADDRESS, Place


def outlines(place: Place, address: str) -> dict[str, str]:
    """What a list names, and where."""
    answer = place.reader().get(address)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/x-opml; charset=utf-8"
    assert rules.opml(answer.content) == []
    found = etree.fromstring(answer.content).findall("body/outline")
    return {one.get("text", ""): one.get("xmlUrl", "") for one in found}


def test_the_feeds_of_everybody_are_listed_and_each_is_there(place: Place) -> None:
    found = outlines(place, "/feeds.opml")
    assert list(found)[:4] == ["The newest edition", "This week's papers", "This month's papers", "Trending this week"]
    assert found["Machine Learning (cs.LG)"] == f"{ADDRESS}/categories/cs.LG.atom"
    for address in found.values():
        assert place.reader().get(address).status_code == 200
    assert place.reader().get("/feeds.opml").headers["cache-control"] == "public, max-age=300"


def test_what_somebody_follows_is_listed_with_keys_that_open_it(fresh: Place) -> None:
    fresh.library.follow_paper(fresh.people["ada"], "2611.00101")
    address = f"/feeds.opml?key={fresh.key('ada', 'opml')}"
    found = outlines(fresh, address)
    assert list(found) == [
        "For you",
        "All of sheep",
        "Shepherds: edition",
        "Shepherds: shelf",
        "Shepherds: discussion",
        "Counting Sheep, Part 1",
    ]
    for one in found.values():
        assert fresh.reader().get(one).status_code == 200
    assert fresh.reader().get(address).headers["cache-control"] == "private, no-cache"
    fresh.library.new_feed_keys(fresh.people["ada"])
    for one in (address, *found.values()):
        assert fresh.reader().get(one).status_code == (200 if "/papers/" in one else 403)


def test_a_name_may_hold_anything(fresh: Place) -> None:
    name = 'Sheep" & <goats>'
    fresh.library.change_group(fresh.people["ada"], fresh.group, name, "")
    assert f"{name}: shelf" in outlines(fresh, f"/feeds.opml?key={fresh.key('ada', 'opml')}")
    assert outlines(fresh, f"/feeds.opml?key={fresh.key('eve', 'opml')}").keys() == {"For you"}
