"""Whatever a paper is called and says: the documents stay good, and readers get every word of it and nothing else."""

import json
from datetime import datetime
from types import MappingProxyType
from urllib.parse import quote, urlencode

import feedparser
import html5lib
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree

from broadsheet.feeds import atom, jsonfeed, rss, words
from broadsheet.feeds.items import of_paper
from broadsheet.feeds.shapes import Feed, Item, Site, distinct
from broadsheet.types import Paper
from tests.conftest import NOW
from tests.feeds import rules
from tests.feeds.conftest import Place

WRITERS = MappingProxyType({"atom": atom.write, "rss": rss.write, "json": jsonfeed.write})
MEDIA = {
    "atom": "application/atom+xml; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
    "json": "application/feed+json",
}
SITE = Site("Invented & Sons", "https://papers.example", "https://hub.example/")
ODD = st.one_of(
    st.text(max_size=80),
    st.text(alphabet=st.characters(codec=None), max_size=30),  # halves of surrogate pairs too
    st.sampled_from(
        [
            "]]><script>alert(1)</script>",
            "<b>&amp;lt;&#0;&unknown;",
            "\x00\x01\x0b\x0c\x1f\ufffe\uffff\x7f",
            "\ud800 and \udfff",
            "\u202egnirts\u202c",
            "$a<b$ and <i>x</i> & c",
            r"\href{javascript:alert(1)}{x} \textbf{y} {\'e}",
            "&lt;p&gt;",
            "<!-- --> <![CDATA[ ]]> <?xml ?>",
            "\r\n\t",
            "",
        ]
    ),
)
ITEMS = st.builds(
    Item,
    name=st.uuids().map(lambda one: one.urn),
    title=ODD,
    path=st.just("/papers/2611.00001"),
    published=st.just("2026-11-19T00:00:00Z"),
    updated=st.just("2026-11-20T00:00:00Z"),
    authors=st.lists(ODD, max_size=3).map(tuple),
    others=st.integers(0, 5),
    text=ODD,
    note=ODD,
    facts=st.lists(ODD, max_size=2).map(tuple),
    talk=st.sampled_from(["", "/papers/2611.00001/comments"]),
)


def feed(title: str, subtitle: str, items: list[Item]) -> Feed:
    return Feed(
        "urn:uuid:00000000-0000-4000-8000-000000000000", "/index", "/", title, "2026-11-20T00:00:00Z", subtitle, items
    )


@settings(max_examples=150)
@given(title=ODD, subtitle=ODD, items=st.lists(ITEMS, max_size=4))
@example(title="\x00", subtitle="\ud800", items=[])
def test_every_form_keeps_every_rule(title: str, subtitle: str, items: list[Item]) -> None:
    made = feed(title, subtitle, distinct(items))
    for ending, write in WRITERS.items():
        address = f"https://papers.example/index.{ending}"
        document = write(made, SITE, address)
        assert rules.broken(ending, document, address=address, media=MEDIA[ending], now=NOW) == []


@settings(max_examples=150)
@given(item=ITEMS)
def test_a_reader_gets_the_words_and_nothing_else(item: Item) -> None:
    made = feed("Odd", "", [item])
    title, html = words.title(item), words.html(item, SITE)
    entry = etree.fromstring(atom.write(made, SITE, "https://papers.example/")).find("{*}entry")
    assert entry is not None
    assert entry.findtext("{*}title") == title
    assert entry.findtext("{*}content") == html
    top = etree.fromstring(rss.write(made, SITE, "https://papers.example/"))
    assert top.findtext("channel/item/title") == title
    assert top.findtext("channel/item/description") == html
    one = json.loads(jsonfeed.write(made, SITE, "https://papers.example/"))["items"][0]
    assert (one["title"], one["content_html"]) == (title, html)
    shown = "".join(html5lib.parseFragment(html, namespaceHTMLElements=False).itertext())
    assert words.plain(item.text.split("\n\n")[0], 24_000) in shown
    for author in words.authors(item):
        assert author in shown


@settings(max_examples=60)
@given(text=st.text(alphabet="<>&;/ab\"'$ \\", max_size=60))
def test_feedparser_repairs_nothing_away(text: str) -> None:
    item = Item(
        "urn:uuid:00000000-0000-4000-8000-000000000001",
        "Odd",
        "/papers/1",
        "2026-11-19T00:00:00Z",
        "2026-11-19T00:00:00Z",
        text=text,
    )
    for write in (atom.write, rss.write):
        read = feedparser.parse(write(feed("Odd", "", [item]), SITE, "https://papers.example/")).entries[0]
        html = read.content[0].value if "content" in read else read.description
        shown = "".join(html5lib.parseFragment(html, namespaceHTMLElements=False).itertext())
        assert " ".join(words.plain(text, 24_000).split()) in " ".join(shown.split())


PATHS = """/index /trending /search /comments /for-me /date/{} /week/{} /topics/{} /authors/{} /categories/{} /papers/{}
    /papers/{}/comments /people/{} /standing/{} /groups/{} /groups/{}/shelf"""
FIELDS = "q page limit before key since until category author sort mode window signals code"
VALUES = ("2026-11-20T12:00:00Z~7", "~", "2026", "cs.LG", "votes", "0", "1")


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(PATHS.split()),
    word=ODD,
    ending=st.sampled_from(sorted(WRITERS)),
    query=st.dictionaries(
        st.sampled_from(FIELDS.split()),
        st.one_of(ODD, st.integers(-9, 10**30).map(str), st.sampled_from(VALUES)),
        max_size=4,
    ),
)
def test_no_address_breaks_anything(place: Place, path: str, word: str, ending: str, query: dict[str, str]) -> None:
    address = path.format(quote(word.encode("utf-8", "replace"), safe="/"))
    asked = urlencode({name: value.encode("utf-8", "replace") for name, value in query.items()})
    answer = place.reader().get(f"{address}.{ending}?{asked}")
    assert answer.status_code in {200, 301, 400, 401, 403, 404}, answer.text
    if answer.status_code == 200:
        own = str(answer.headers["link"]).partition(">")[0].removeprefix("<")
        media = answer.headers["content-type"]
        assert rules.broken(ending, answer.content, address=own, media=media, now=NOW) == []


def test_dates_of_sources_are_brought_within_reason(place: Place) -> None:
    for published in ("2026", "2026-11", "2999-12-31", "1000", "2026-11-20"):
        paper = Paper("2611.00001", "x", 1, published=published, updated="2031-01-01", submitted="2030-01-01T00:00:00Z")
        item = of_paper(place.library, paper, NOW)
        assert item.published <= item.updated <= "2026-11-20T23:59:59Z"
        assert datetime.fromisoformat(item.published).year >= 1000
