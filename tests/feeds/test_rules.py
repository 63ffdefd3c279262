"""The rules notice what they are for: each is broken on purpose, in a document that was good."""

import json

import pytest

from tests.conftest import NOW
from tests.feeds import rules
from tests.feeds.conftest import ADDRESS, HUB, Place

FEED = "/index.{}?limit=3"
MEDIA = {
    "atom": "application/atom+xml; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
    "json": "application/feed+json",
}


def document(place: Place, ending: str) -> str:
    answer = place.reader(hub=HUB).get(FEED.format(ending))
    assert answer.status_code == 200
    return answer.text


def broken(ending: str, text: str, media: str = "") -> list[str]:
    address = ADDRESS + FEED.format(ending)
    return rules.broken(ending, text.encode(), address=address, media=media or MEDIA[ending], now=NOW)


@pytest.mark.parametrize("ending", MEDIA)
def test_the_document_is_good_to_begin_with(place: Place, ending: str) -> None:
    assert broken(ending, document(place, ending)) == []


@pytest.mark.parametrize("ending", MEDIA)
def test_its_type_on_the_web_counts(place: Place, ending: str) -> None:
    assert broken(ending, document(place, ending), "text/xml") == [f"travels as {MEDIA[ending]}"]


ENTRY = "<entry><id>urn:uuid:00000000-0000-0000-0000-000000000000</id></entry></feed>"
FAULTS = [
    ("atom", "</feed>", "", "is an Atom feed"),
    ("atom", '<feed xmlns="http://www.w3.org/2005/Atom"', "<feed", "is an Atom feed"),
    ("atom", ' xml:lang="en"', "", "names its language"),
    ("atom", "<id>", "<id>urn:x</id><id>", "a feed has one id"),
    ("atom", 'rel="alternate"', 'rel="related"', "leads to its page"),
    ("atom", "</feed>", ENTRY, "an entry has one title"),
    ("atom", "</feed>", ENTRY, "an entry leads to one page of a type"),
    ("atom", "limit=3", "limit=4", "says its own address"),
    ("atom", 'rel="hub"', 'rel="hubb"', "links have known relations"),
    ("atom", 'rel="last"', 'rel="next"', "a relation comes once"),
    ("atom", 'href="https://papers.example/papers/2611.00101"', 'href="/papers/2611.00101"', "addresses are absolute"),
    ("atom", "T00:00:00Z</updated>", "</updated>", "dates are RFC 3339's"),
    ("atom", "<updated>2026", "<updated>2036", "dates are plausible"),
    ("atom", "<updated>2026", "<updated>2016", "a feed is as new as its newest entry"),
    ("atom", "</entry><entry>", "</entry><subtitle>x</subtitle><entry>", "entries come last"),
    ("atom", '<title type="text">', '<title type="html">', "titles and summaries are text"),
    ("atom", '<content type="html">', '<content type="text">', "content is HTML, escaped"),
    ("atom", "&lt;p&gt;", "&lt;math&gt;", "content is made of paragraphs, emphasis and links"),
    ("atom", "&lt;p&gt;", "&lt;p onclick='x'&gt;", "content has no attributes"),
    ("atom", '&lt;a href="https://papers.example', '&lt;a href="', "links in content are absolute"),
    ("atom", "<name>Ada Lovelace</name>", "<name/>", "an author has a name"),
    ("atom", 'term="cs.LG"', 'term=""', "a category has a term"),
    ("atom", "<generator>", '<x xmlns="urn:x"/><generator>', "nothing of unknown namespaces"),
    ("rss", "</rss>", "", "is RSS 2.0"),
    ("rss", 'version="2.0"', 'version="0.91"', "is RSS 2.0"),
    ("rss", "<language>en</language>", "", "a channel has one language"),
    ("rss", "<language>en</language>", "<language>?</language>", "names its language"),
    ("rss", "<generator>", "<ttl/><generator>", "nothing unknown: ['ttl']"),
    ("rss", "<item>", "<item><author>ada</author>", "nothing unknown: ['author']"),
    ("rss", "<guid", "<title>more</title><guid", "an item has one title"),
    ("rss", ' isPermaLink="false"', "", "a guid that is no address says so"),
    ("rss", "urn:uuid:", "uuid:", "a name for good is a URN"),
    ("rss", " 00:00:00 GMT", "", "dates are RFC 822's, with four digits for the year"),
    ("rss", "<pubDate>Fri", "<pubDate>Thu", "the day of the week is that of the date"),
    ("rss", "2026 00:00:00", "2036 00:00:00", "dates are plausible"),
    ("rss", "<link>https://papers.example/papers", "<link>/papers", "addresses are absolute"),
    ("rss", "&lt;p&gt;", "&lt;p&gt;&lt;script&gt;", "content is made of paragraphs, emphasis and links"),
    ("json", "}", "", "is JSON"),
    ("json", '"items"', '"item"', "has a title and items"),
    ("json", "version/1.1", "version/1", "is JSON Feed 1.1"),
    ("json", '"language"', '"lang"', "nothing unknown: ['lang']"),
    ("json", '"language":"en"', '"language":""', "names its language"),
    ("json", "limit=3", "limit=4", "says its own address"),
    ("json", '"type":"WebSub",', "", "a hub has an address"),
    ("json", '"name":"Ada Lovelace"', '"name":""', "an author has a name"),
    ("json", '"title":"Counting', '"titel":"Counting', "nothing unknown: ['titel']"),
    ("json", '"content_html"', '"_html"', "an item has content"),
    ("json", "T00:00:00Z", "", "dates are RFC 3339's"),
    ("json", '"date_published":"2026', '"date_published":"2036', "dates are plausible"),
    ("json", 'published":"2026-11-20T00', 'published":"2026-11-20T09', "nothing is updated before it is published"),
    ("json", '"tags":["cs.LG"', '"tags":[7', "tags are texts"),
]  # fmt: skip


LAST = {"</feed>", "</rss>", "}"}  # of these the last one is meant, of all others the first


@pytest.mark.parametrize(("ending", "old", "new", "rule"), FAULTS)
def test_each_rule_notices_its_fault(place: Place, ending: str, old: str, new: str, rule: str) -> None:
    text = document(place, ending)
    assert old in text
    head, _, tail = text.rpartition(old) if old in LAST else text.partition(old)
    assert rule in broken(ending, head + new + tail)


def test_an_entry_that_comes_twice_is_noticed(place: Place) -> None:
    entry = "<item>" + document(place, "rss").partition("<item>")[2].partition("</item>")[0] + "</item>"
    twice = document(place, "rss").replace("</channel>", f"{entry}</channel>")
    assert broken("rss", twice) == ["nothing comes twice"]
    made = json.loads(document(place, "json"))
    made["items"].append(made["items"][0])
    assert broken("json", json.dumps(made)) == ["nothing comes twice"]
