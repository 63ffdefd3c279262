"""Every feed that there is, in every form, by every rule, and as readers read it; and every list leads to its feed."""

import json
import re
from datetime import datetime
from itertools import chain

import feedparser
import html5lib
import pytest
from lxml import etree

from broadsheet import feeds, web
from tests.clients import TestClient
from tests.conftest import NOW
from tests.feeds import rules
from tests.feeds.conftest import ADDRESS, HUB, Place
from tests.visitors import asking

ENDINGS = ("atom", "rss", "json")
LISTS = (
    "/index",
    "/week",
    "/month",
    "/date/2026-11-20",
    "/date/2026-11-16",
    "/date/2020-02-02",
    "/week/2026-W47",
    "/month/2026-09",
    "/trending",
    "/trending?window=month&signals=votes&category=cs.LG",
    "/search?q=sheep",
    "/search?q=hostile&category=cs.CR",
    "/search?q=no+such+thing+at+all",
    "/search?category=hep-th&sort=relevance&mode=keyword",
    "/topics/sheep",
    "/topics/r%C3%A9sum%C3%A9%20%26%20co",
    "/authors/Ada%20Lovelace",
    "/categories/cs.LG",
    "/people/eve",
    "/papers/2611.00001",
    "/papers/hep-th/9901001",
    "/papers/doi:10.1000/(sici)7:1%3C2::aid-k3%3E3.0.co;2-%23%3F",
    "/papers/2609.00001",
    "/papers/2611.00001/comments",
    "/papers/2611.00102/comments",
    "/comments",
    "/index?limit=7&page=2",
    "/month?limit=200",
)
NOT_THERE = {"/topics/r%C3%A9sum%C3%A9%20%26%20co"}
OWN = (
    ("/groups/{group}", "group", "{group}"),
    ("/groups/{group}/week", "group", "{group}"),
    ("/groups/{group}/date/2026-11-20", "group", "{group}"),
    ("/groups/{group}/shelf", "group", "{group}"),
    ("/groups/{group}/discussion", "group", "{group}"),
    ("/standing/{standing}", "standing", "{standing}"),
    ("/for-me", "mine", ""),
)


def at(listed: str, ending: str) -> str:
    path, _, query = listed.partition("?")
    return f"{path}.{ending}" + (f"?{query}" if query else "")


def own(place: Place, which: tuple[str, str, str], ending: str) -> str:
    names = {"group": place.group, "standing": place.standing}
    path, kind, value = (part.format_map(names) for part in which)
    return f"{path}.{ending}?key={place.key('ada', kind, value)}"


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("listed", [listed for listed in LISTS if listed not in NOT_THERE])
def test_every_feed_keeps_every_rule(place: Place, listed: str, ending: str) -> None:
    address = at(listed, ending)
    answer = place.reader(hub=HUB).get(address)
    assert answer.status_code == 200, answer.text
    media = answer.headers["content-type"]
    assert rules.broken(ending, answer.content, address=ADDRESS + address, media=media, now=NOW) == []
    assert answer.headers["link"] == f'<{ADDRESS}{address}>; rel="self", <{HUB}>; rel="hub"'


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("which", OWN, ids=lambda which: which[0])
def test_so_does_every_feed_of_ones_own(place: Place, which: tuple[str, str, str], ending: str) -> None:
    address = own(place, which, ending)
    answer = place.reader(hub=HUB).get(address)
    assert answer.status_code == 200, answer.text
    media = answer.headers["content-type"]
    assert rules.broken(ending, answer.content, address=ADDRESS + address, media=media, now=NOW) == []
    assert HUB not in answer.text + answer.headers["link"], "a hub would hand it to others"
    assert len(_titles(ending, answer.content)) > 0 or "standing" in which[0]


@pytest.mark.parametrize("listed", [listed for listed in LISTS if listed not in NOT_THERE])
def test_a_reader_reads_the_same_in_atom_rss_and_json(place: Place, listed: str) -> None:
    reader = place.reader()
    documents = {ending: reader.get(at(listed, ending)).content for ending in ENDINGS}
    titles = {ending: _titles(ending, document) for ending, document in documents.items()}
    assert titles["atom"] == titles["rss"] == titles["json"]
    for ending in ("atom", "rss"):
        read = feedparser.parse(documents[ending])
        assert not read.bozo, read.get("bozo_exception")
        assert read.feed.language == "en"
        items = json.loads(documents["json"])["items"]
        for entry, item in zip(read.entries, items, strict=True):
            assert (entry.id, entry.link) == (item["id"], item["url"])
            assert entry.published_parsed[:5] == datetime.fromisoformat(item["date_published"]).timetuple()[:5]
            assert [one["name"] for one in item.get("authors", [])] == _authors(entry)
            html = entry.content[0].value if ending == "atom" else entry.description
            assert _text(html) == _text(item["content_html"]), "nothing of what it says is lost or repaired"


def _titles(ending: str, document: bytes) -> list[str]:
    """The titles as a reader shows them: feedparser reads no JSON Feed, and takes a title with a “<” for HTML."""
    if ending == "json":
        return [item["title"] for item in json.loads(document)["items"]]
    top = etree.fromstring(document)
    return [title.text or "" for title in top.findall("{*}entry/{*}title") + top.findall("channel/item/title")]


def _authors(entry: feedparser.FeedParserDict) -> list[str]:
    """RSS has as many authors as Atom, but feedparser shows those of RSS one by one only from `dc:creator`."""
    return [author.get("name", "") for author in entry.get("authors", [])]


def _text(html: str) -> str:
    tree = html5lib.parseFragment(html, namespaceHTMLElements=False)
    return " ".join("".join(tree.itertext()).split())


def test_what_is_not_there_is_the_pages_matter(place: Place) -> None:
    for path in (*(at(listed, "atom") for listed in NOT_THERE), "/papers/2611.99999.atom", "/authors/Nobody.rss"):
        answer = place.reader().get(path)
        assert (answer.status_code, answer.text) == (404, "a page")


def test_the_front_page_with_an_ending_leads_to_its_feed(place: Place) -> None:
    answer = place.reader().get("/.rss?limit=3")
    assert (answer.status_code, answer.headers["location"]) == (301, f"{ADDRESS}/index.rss?limit=3")


# Pages lead to them.

PAGES = (
    "/",
    "/date/2026-11-20",
    "/week/2026-W47",
    "/month/2026-11",
    "/trending",
    "/trending?window=month&category=cs.LG",
    "/search?q=sheep&category=cs.LG&sort=date",
    "/topics/sheep",
    "/authors/Ada%20Lovelace",
    "/categories/cs.LG",
    "/people/eve",
    "/papers/2611.00001",
    "/papers/hep-th/9901001",
    "/papers/2611.00001/comments",
)
GROUP_PAGES = ("", "/week/2026-W47", "/shelf", "/discussion")


def alternates(html: str) -> list[tuple[str, str]]:
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    found = [link.attrib for link in tree.findall("head/link") if link.attrib.get("rel") == "alternate"]
    return [(one["type"], one["href"]) for one in found if re.search(r"atom|rss|feed\+json", one["type"])]


def test_every_list_says_where_its_feed_is(place: Place) -> None:
    ada = place.people["ada"]
    pages = TestClient(asking(web.create(place.library, web.Site()), ada, csrf="0" * 64))
    own_pages = ["/for-me", *(f"/groups/{place.group}{below}" for below in GROUP_PAGES)]
    for path in chain(PAGES, own_pages):
        html = pages.get(path).text
        found = alternates(html)
        kinds = ["application/atom+xml", "application/rss+xml", "application/feed+json"]
        assert [kind for kind, _ in found] == kinds, path
        for kind, href in found:
            assert html.count(href.replace("&", "&amp;")) == 2, "once for readers of feeds, once for people"
            assert feeds.asks_here({"type": "http", "method": "GET", "path": href.partition("?")[0]})
            answer = place.reader().get(href)
            assert answer.status_code == 200, (path, href, answer.text)
            assert answer.headers["content-type"].partition(";")[0] == kind


@pytest.mark.parametrize(
    "path",
    [
        "/papers/2611.00001.csl.json",
        "/papers/2611.00001.md",
        "/papers/2611.00001.bib",
        "/trends.json",
        "/map.json",
        "/trending.csv",
        "/settings/export.json",
        "/api/v1/openapi.json",
        "/groups/x/papers/10.1000/x.json",
        "/sitemap.xml",
        "/robots.txt",
        "/static/x.json",
    ],
)
def test_what_else_ends_so_is_left_alone(path: str) -> None:
    assert not feeds.asks_here({"type": "http", "method": "GET", "path": path})


def test_only_reading_is_answered() -> None:
    assert feeds.asks_here({"type": "http", "method": "HEAD", "path": "/index.atom"})
    assert not feeds.asks_here({"type": "http", "method": "POST", "path": "/index.atom"})
    assert not feeds.asks_here({"type": "websocket", "path": "/index.atom"})
