"""What an address asks, how a feed goes on, and what a reader who has it already is told."""

import json
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime
from itertools import pairwise
from typing import Any

import pytest
from lxml import etree

from tests.clients import TestClient
from tests.conftest import NOW
from tests.feeds.conftest import ADDRESS, Place

ATOM = "{http://www.w3.org/2005/Atom}"
FH = "{http://purl.org/syndication/history/1.0}"


def links(document: bytes) -> dict[str, str]:
    top = etree.fromstring(document)
    return {link.get("rel", ""): link.get("href", "").removeprefix(ADDRESS) for link in top.findall(f"{ATOM}link")}


def names(document: bytes) -> list[str]:
    return [one.text or "" for one in etree.fromstring(document).findall(f"{ATOM}entry/{ATOM}id")]


@pytest.mark.parametrize(
    ("asked", "entries"),
    [("", 50), ("?limit=3", 3), ("?limit=200", 61), ("?limit=100000", 61), ("?limit=0", 1), ("?limit=-3", 50),
     ("?limit=x", 50), ("?limit=", 50), ("?limit=%E2%91%A2", 50), ("?page=x", 50), ("?page=2", 11), ("?page=0", 50)],
)  # fmt: skip
def test_so_many_entries_are_given(place: Place, asked: str, entries: int) -> None:
    assert len(place.reader().get(f"/index.json{asked}").json()["items"]) == entries


@pytest.mark.parametrize(
    "start",
    ["/index.atom?limit=7", "/month.atom?limit=40", "/search.atom?q=sheep&limit=5", "/categories/cs.LG.atom?limit=9",
     "/topics/sheep.atom?limit=4", "/trending.atom?window=month&limit=1", "/comments.atom?limit=1",
     "/papers/2611.00001/comments.atom?limit=1"],
)  # fmt: skip
def test_pages_lead_on_to_the_end_and_nothing_comes_twice(place: Place, start: str) -> None:
    reader, seen, addresses, address = place.reader(), list[str](), list[str](), start
    while address:
        addresses.append(address)
        document = reader.get(address).content
        seen += names(document)
        address = links(document).get("next", "")
        assert len(addresses) < 100
    assert len(set(seen)) == len(seen) > 0
    if "before" in addresses[-1]:
        assert links(document)["first"] == start
        return
    back, first, last = [addresses[-1]], links(document).get("first"), links(document).get("last")
    while previous := links(reader.get(back[-1]).content).get("previous"):
        back.append(previous)
    assert back == addresses[::-1]
    assert len(addresses) == 1 or (first, last) == (addresses[0], addresses[-1])
    following = json.loads(reader.get(start.replace(".atom", ".json")).content).get("next_url")
    assert (following or "").removeprefix(ADDRESS).replace(".json", ".atom") == (addresses[1:] or [""])[0]


def test_a_page_beyond_the_last_is_empty_and_leads_back(place: Place) -> None:
    document = place.reader().get("/index.atom?page=9").content
    assert names(document) == []
    found = links(document)
    assert (found["previous"], found["last"], "next" in found) == ("/index.atom?page=2", "/index.atom?page=2", False)


def test_editions_lead_to_those_before_and_say_that_they_are_archives(place: Place) -> None:
    reader, chain, address = place.reader(), [], "/index.atom"
    while address:
        document = reader.get(address).content
        chain.append((address, links(document), etree.fromstring(document).find(f"{FH}archive") is not None))
        address = links(document).get("prev-archive", "")
    assert [archive for _, _, archive in chain] == [False, *[True] * (len(chain) - 1)]
    assert len(chain) > 4
    for (newer, _, _), (older, found, _) in pairwise(chain[1:]):
        assert found["next-archive"] == newer
        assert found["current"] == "/index.atom"
        assert older < newer
    assert "prev-archive" not in links(reader.get("/index.atom?page=2").content)


def test_an_address_is_spelt_as_the_reader_spells_it(place: Place) -> None:
    for address in ("/search.atom?q=sheep&since=2026&category=cs.LG", "/search.atom?category=cs.LG&since=2026&q=sheep"):
        assert links(place.reader().get(address).content)["self"] == address
    junk = place.reader().get("/search.atom?q=sheep&utm_source=x&page=1&limit=50").content
    assert links(junk)["self"] == "/search.atom?q=sheep"


def test_a_search_has_all_filters_of_its_page(place: Place) -> None:
    def found(query: str) -> list[str]:
        items = place.reader().get(f"/search.json?{query}").json()["items"]
        return [item["url"].rpartition("/")[2] for item in items]

    every = found("q=sheep&limit=200")
    for narrow in ("category=math.CO", "author=Hopper", "since=2026-11-19", "until=2026-11-18", "code=1"):
        assert 0 < len(found(f"q=sheep&{narrow}&limit=200")) < len(every), narrow
    assert found("q=sheep&category=%3F&since=never&mode=odd&sort=odd&limit=200") == every
    page = place.reader().get("/search.json?q=sheep&category=cs.LG&author=Ada+Lovelace&code=1").json()["home_page_url"]
    assert page == f"{ADDRESS}/search?q=sheep&category=cs.LG&author=Ada+Lovelace&code=1&sort=date"
    assert place.reader().get("/search.atom").status_code == 404
    assert place.reader().get("/search.atom?sort=date").status_code == 404


def test_trending_has_the_parameters_of_its_page(place: Place) -> None:
    def feed(query: str) -> Any:
        return place.reader().get(f"/trending.json?{query}").json()

    assert feed("window=month&signals=votes")["title"] == "Broadsheet: trending this month"
    assert feed("window=MONTH&signals=votes,x&category=cs.LG,x")["feed_url"].endswith(
        "/trending.json?window=month&signals=votes&category=cs.LG"
    )
    assert feed("signals=reads")["items"] == []
    assert len(feed("signals=votes")["items"]) >= 1


# Who has it already


def again(reader: TestClient, path: str, **headers: str) -> Any:
    return reader.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize("path", ["/index.atom", "/search.rss?q=sheep", "/papers/2611.00001.json", "/comments.atom"])
def test_who_has_it_already_is_told_so_in_few_words(place: Place, path: str) -> None:
    reader = place.reader()
    first = reader.get(path)
    tag, changed = first.headers["etag"], first.headers["last-modified"]
    assert parsedate_to_datetime(changed) <= NOW
    for headers in (
        {"if_none_match": tag},
        {"if_none_match": f'"x", {tag.removeprefix("W/")}'},
        {"if_none_match": "*"},
        {"if_modified_since": changed},
        {"if_none_match": tag, "if_modified_since": "Mon, 01 Jan 1990 00:00:00 GMT"},
    ):
        answer = again(reader, path, **headers)
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == tag
        assert answer.headers["last-modified"] == changed
    for headers in (
        {"if_none_match": '"x"'},
        {"if_none_match": ""},
        {"if_none_match": '"x"', "if_modified_since": changed},
        {"if_modified_since": "Mon, 01 Jan 1990 00:00:00 GMT"},
        *(
            {"if_modified_since": text}
            for text in ("never", "", "99 99 99", "Fri, 99 Nov 2026 00:00:00 GMT", "-1" * 99)
        ),
    ):
        assert again(reader, path, **headers).status_code == 200


def test_what_changes_is_given_anew_whichever_way_one_asks(fresh: Place) -> None:
    reader, path = fresh.reader(), "/index.atom"
    first = reader.get(path)
    tag, changed = first.headers["etag"], first.headers["last-modified"]
    fresh.library.vote(fresh.people["bob"], "2611.00105")  # in the same second
    assert again(reader, path, if_none_match=tag).status_code == 200
    second = again(reader, path, if_modified_since=changed)
    assert second.status_code == 200
    assert parsedate_to_datetime(second.headers["last-modified"]) > parsedate_to_datetime(changed)
    fresh.clock.moves(minutes=5)
    later = format_datetime(fresh.clock() - timedelta(minutes=1), usegmt=True)
    assert again(reader, path, if_modified_since=later).status_code == 304
    assert again(reader, "/index.rss", if_none_match=second.headers["etag"]).status_code == 200, "each form its own"


def test_public_feeds_may_be_kept_and_read_from_anywhere(place: Place) -> None:
    headers = place.reader().get("/index.atom").headers
    assert headers["cache-control"] == "public, max-age=300"
    assert headers["access-control-allow-origin"] == "*"
    assert "set-cookie" not in headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"


def test_without_an_address_of_its_own_a_place_is_where_it_was_asked(place: Place) -> None:
    found = links(place.reader(address="").get("/index.atom?limit=2").content)
    assert found["self"] == "/index.atom?limit=2"


def test_a_question_has_its_answer_in_few_words_when_something_is_wrong(place: Place) -> None:
    for path, status in (("/date/never.atom", 404), ("/people/nobody.rss", 404), ("/for-me.atom", 401)):
        answer = place.reader().get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "text/plain; charset=utf-8")
        assert answer.headers["cache-control"] == "no-store"
        assert answer.text.endswith(".\n") or "/" in answer.text
