"""Feeds of every kind, by address: what becomes of an entry, and feeds that are broken, late or none at all."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.errors import BadRecord, BadSource, PrivateAddress, Unavailable
from broadsheet.sources.feeds import Feed, shown
from broadsheet.sources.feeds.parsing import parse
from broadsheet.sources.live import Batch, Request
from broadsheet.types import Author, Identifier, Record
from tests.conftest import NOW
from tests.servers.kit import (
    Asked,
    Clock,
    Fault,
    Internet,
    LocalServer,
    Reply,
    bomb,
    broken_off,
    cut,
    dropped,
    endless,
    huge,
    redirect,
    replies,
    status,
)
from tests.sources.conftest import Clients

GOLDEN = Path(__file__).parent.parent / "golden" / "feeds"
SPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/"'
)


def feed(client: Clients, body: str | bytes, path: str = "/feed") -> Batch:
    """What a feed with this body gives."""
    data = body.encode() if isinstance(body, str) else body
    with LocalServer(lambda _: Reply(data, kind="application/xml")) as server:
        (batch,) = Feed(client(), server.address + path).batches("", Request(NOW))
    return batch


def entry(client: Clients, inside: str) -> Record:
    """The record of an RSS 2.0 item that holds this."""
    rss = (
        f'<rss version="2.0" {SPACES}><channel><title>Feed</title><item><title>T</title>{inside}</item></channel></rss>'
    )
    (record,) = feed(client, rss).results
    assert isinstance(record, Record), record
    return record


def stripped(record: object, source: str = "feed") -> Record:
    """A record whose source is not that of one test."""
    assert isinstance(record, Record), record
    record.source = source
    return record


def test_a_journals_rss_1_is_read(client: Clients) -> None:
    batch = feed(client, (GOLDEN / "journal.rdf").read_bytes())
    garden, fog = batch.results
    assert stripped(garden) == Record(
        source="feed",
        source_key="doi:10.1000/garden.1",
        title="Gardens at Night: x2",
        abstract="Journal of Garden Lights, Published online: 6 May 2021.\n\nLights are hung, if $a<b$.",
        authors=(Author("Ida Moss"), Author("Leo Park")),
        published="2021-05-06",
        identifiers=(Identifier("doi", "10.1000/garden.1"),),
        venue="Journal of Garden Lights",
        journal_ref="Journal of Garden Lights 4(2), 10-19 (2021)",
        links=("https://journal.example.org/articles/garden",),
        keywords=("Light",),
    )
    assert isinstance(fog, Record)
    assert (fog.source_key, fog.published) == ("doi:10.1000/fog.2", None)  # the issue is dated ahead
    assert (batch.done, batch.total) == (True, 2)


def test_a_blogs_rss_2_is_read(client: Clients) -> None:
    first, second, third = feed(client, (GOLDEN / "blog.xml").read_bytes()).results
    assert stripped(first) == Record(
        source="feed",
        source_key="https://blog.example.org/?p=7",
        title="On “lamps” & oil",
        abstract="Lamps burn.\n\nOil helps.",
        authors=(Author("Nora Feldt"),),
        published="2026-11-18",
        links=("https://blog.example.org/lamps",),
        keywords=("Light & shade",),
    )
    assert isinstance(second, Record)
    assert second.identifiers == (Identifier("arxiv", "2611.00004"),)
    assert second.categories == ("cs.LG",)
    assert isinstance(third, BadRecord)
    assert third.reason == "https://blog.example.org/untitled: the title is missing"


def test_atom_is_read_whatever_type_its_texts_are_of(client: Clients) -> None:
    text, marked, elements, old = feed(client, (GOLDEN / "lab.atom").read_bytes(), "/lab/feed.atom").results
    assert stripped(text) == Record(
        source="feed",
        source_key="tag:lab.example.org,2026:1",
        title="If $a<b$ then <i>x</i>",
        abstract="A <b>bold</b> claim & more.",
        authors=(Author("Ada Brook"), Author("Bo Crane")),
        published="2026-11-17",
        updated="2026-11-19",
        links=(f"{elements_base(text)}/lab/posts/1",),
        keywords=("theory",),
    )
    assert isinstance(marked, Record)
    assert (marked.title, marked.abstract) == ("A marked title", "One.\n\nTwo & three.")
    assert (marked.published, marked.updated) == ("2026-11-18", "2026-11-18")
    assert isinstance(elements, Record)
    assert (elements.title, elements.abstract) == ("In elements", "Line one.\n\nLine < two.")
    assert elements.identifiers == (Identifier("openreview", "AbCdEf_1"),)
    assert isinstance(old, Record)
    assert old.source_key == "2611.00008"


def elements_base(record: object) -> str:
    """Where the server of a test stood: relative links were resolved against it."""
    assert isinstance(record, Record)
    return record.links[0].partition("/lab")[0]


def test_a_json_feed_is_read(client: Clients) -> None:
    items = [
        {
            "id": 17,
            "url": "/posts/17",
            "title": "Lamps",
            "content_html": "<p>Lamps burn.</p><script>x()</script>",
            "date_published": "2026-11-18T23:30:00-05:00",
            "authors": [{"name": "Nora Feldt"}, {"url": "https://example.org"}],
            "tags": ["light"],
        },
        {
            "id": "https://doi.org/10.1000/FOG",
            "title": "Fog",
            "summary": "It is < thick.",
            "author": {"name": "Tom Hale"},
        },
        {"title": "Nothing to know it by"},
        "no item",
    ]
    batch = feed(client, json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}))
    lamps, fog, nameless = batch.results
    assert isinstance(lamps, Record)
    assert (lamps.source_key, lamps.abstract, lamps.published) == ("17", "Lamps burn.", "2026-11-18")
    assert (lamps.authors, lamps.keywords) == ((Author("Nora Feldt"),), ("light",))
    assert lamps.links[0].endswith("/posts/17")
    assert isinstance(fog, Record)
    assert (fog.source_key, fog.abstract, fog.authors) == ("doi:10.1000/fog", "It is < thick.", (Author("Tom Hale"),))
    assert str(nameless) == "an entry: it has neither an identifier nor a key nor a link"


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("<guid>oai:arXiv.org:2611.00004v2</guid>", {"arxiv:2611.00004"}),
        ("<link>https://arxiv.org/abs/2611.00004</link>", {"arxiv:2611.00004"}),
        ("<link>http://l</link><dc:identifier>doi:10.1000/A</dc:identifier>", {"doi:10.1000/a"}),
        ("<link>http://l</link><prism:doi>10.1000/a</prism:doi>", {"doi:10.1000/a"}),
        ("<link>https://pub.example.org/doi/abs/10.1000/a.1?af=R</link>", {"doi:10.1000/a.1"}),
        ("<link>https://pub.example.org/article/10.1000/a.1/pdf</link>", {"doi:10.1000/a.1"}),
        ("<link>https://pub.example.org/10.1000/a</link><prism:doi>10.1000/b</prism:doi>", {"doi:10.1000/b"}),
        ("<guid>da39a3ee5e6b4b0d3255bfef95601890afd80709</guid>", set()),
        ("<guid>p18-1001</guid>", set()),
        ("<guid>https://aclanthology.org/P18-1001/</guid>", {"acl:p18-1001"}),
        ("<link>http://l</link><description>see arXiv:2611.00004 and doi:10.1000/a</description>", set()),
    ],
)
def test_identifiers_are_found_where_feeds_put_them(inside: str, expected: set[str], client: Clients) -> None:
    assert {f"{scheme}:{value}" for scheme, value in entry(client, inside).identifiers} == expected


@pytest.mark.parametrize(
    ("inside", "names"),
    [
        ("<dc:creator>Ada Brook</dc:creator><dc:creator>Crane, Bo</dc:creator>", ["Ada Brook", "Bo Crane"]),
        ("<dc:creator>Brook, Ada</dc:creator>", ["Ada Brook"]),
        ("<dc:creator>Ada Brook, Bo Crane</dc:creator>", ["Ada Brook", "Bo Crane"]),
        ("<dc:creator>Ada Brook, Bo Crane, and Cy Dell</dc:creator>", ["Ada Brook", "Bo Crane", "Cy Dell"]),
        ("<dc:creator>Brook, Ada; Crane, Bo</dc:creator>", ["Ada Brook", "Bo Crane"]),
        ("<author>ada@example.org (Ada Brook)</author>", ["Ada Brook"]),
        ("<author>ada@example.org</author>", []),
        ("<author>x@example.org (X)</author><dc:creator>Ada Brook</dc:creator>", ["Ada Brook"]),
        ("", []),
    ],
)
def test_authors_are_written_as_people_say_them(inside: str, names: list[str], client: Clients) -> None:
    assert [author.name for author in entry(client, f"<link>http://l</link>{inside}").authors] == names


def test_an_abstract_is_the_description_and_never_a_whole_article(client: Clients) -> None:
    both = "<link>http://l</link><content:encoded>&lt;p&gt;All.&lt;/p&gt;</content:encoded><description>Short.</description>"
    assert entry(client, both).abstract == "Short."
    assert entry(client, both.replace("Short.", " ")).abstract == "All."
    assert entry(client, both.replace("Short.", "x " * 30_000)).abstract is None


def test_what_calls_itself_html_and_is_none_keeps_its_words(client: Clients) -> None:
    said = r"If $a&lt;b$ then $\sum_{i&lt;n} x_i$ &amp;amp; &lt;em&gt;more&lt;/em&gt;."
    assert entry(client, f"<link>http://l</link><description>{said}</description>").abstract == (
        r"If $a<b$ then $\sum_{i<n} x_i$ & more."
    )


def test_what_is_no_text_is_none(client: Clients) -> None:
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>T</title><id>tag:1</id>'
        '<content type="image/png">iVBORw0KGgo=</content></entry></feed>'
    )
    (record,) = feed(client, atom).results
    assert isinstance(record, Record)
    assert record.abstract is None


def test_a_feed_in_an_older_namespace_is_read(client: Clients) -> None:
    rss = '<rss xmlns="http://backend.userland.com/rss2"><channel><item><title>T</title><guid>g</guid></item></channel></rss>'
    (record,) = feed(client, rss).results
    assert isinstance(record, Record)
    assert record.title == "T"


def test_of_two_entries_with_one_key_the_first_counts(client: Clients) -> None:
    item = "<item><title>{}</title><guid>same</guid></item>"
    rss = f"<rss><channel>{item.format('New')}{item.format('Old')}</channel></rss>"
    (record,) = feed(client, rss).results
    assert isinstance(record, Record)
    assert record.title == "New"


@pytest.mark.parametrize(
    ("title", "encoding"),
    [
        ("Café &#160;&amp; Téa &amp;unknown; R&amp;D", "utf-8"),
        ("Café &nbsp;&amp; T&eacute;a &unknown; R&D", "utf-8"),
        ("Café &nbsp;&amp; T&eacute;a &unknown; R&D", "cp1252"),
        ("Café &nbsp;&amp; T&eacute;a &unknown; R&D", "iso-8859-1"),
    ],
)
def test_what_others_forgive_is_mended_without_loss(title: str, encoding: str, client: Clients) -> None:
    says = "utf-8" if encoding == "cp1252" else encoding
    rss = (
        f'<?xml version="1.0" encoding="{says}"?><rss><channel><item><title>{title}</title>'
        "<guid>g</guid></item></channel></rss>"
    )
    (record,) = feed(client, rss.encode(encoding)).results
    assert isinstance(record, Record)
    assert record.title == "Café & Téa &unknown; R&D"


def test_text_in_cdata_stays_as_it_is(client: Clients) -> None:
    record = entry(client, "<guid>g&nbsp;</guid><description><![CDATA[R&D &amp; <b>x</b> a<b]]></description>")
    assert record.abstract == "R&D & x a<b"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "is empty"),
        (b"<rss><channel><item><title>T</ti", "breaks off in the middle"),
        (b"<opml><body/></opml>", 'is XML, but no feed: it begins with "opml"'),
        (b"<!DOCTYPE html><html><body>Welcome</body></html>", "is a web page, not a feed. Give the feed's own address"),
        (
            b'<html><head><link rel="alternate" type="application/atom+xml" href="/posts.atom?key=x"></head></html>',
            r"is a web page, not a feed; its feed is at http://127.0.0.1:\d+/posts.atom. Give",
        ),
        (b"plain words", "is no XML"),
        (b'{"items": [', "breaks off in the middle, or is no JSON"),
        (b'{"version": "1"}', "has no items"),
        (b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><channel><item>&b;', "breaks off"),
    ],
)
def test_what_is_no_feed_is_said_to_be_none(body: bytes, says: str, client: Clients) -> None:
    with pytest.raises(BadSource, match=says) as caught:
        feed(client, body, "/feed?token=s3cret")
    assert "s3cret" not in str(caught.value)


def test_an_entity_is_never_read_from_a_file(client: Clients, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s3cret")
    rss = (
        f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]>'
        "<rss><channel><item><title>T &x;</title><guid>g</guid></item></channel></rss>"
    )
    assert "s3cret" not in str(feed(client, rss).results)


def test_an_unchanged_feed_costs_nothing(client: Clients) -> None:
    def answering(asked: Asked) -> Reply:
        if asked.headers.get("if-none-match") == '"1"':
            return Reply(b"", 304, {"ETag": '"1"'})
        return Reply((GOLDEN / "blog.xml").read_bytes(), headers={"ETag": '"1"'})

    with LocalServer(answering) as server:
        source = Feed(client(), server.address)
        (first,) = source.batches("", Request(NOW))
        (second,) = source.batches(first.cursor, Request(NOW))
        (third,) = source.batches("a cursor of something else", Request(NOW))
    assert (len(first.results), second.results, second.done, second.cursor) == (3, (), True, first.cursor)
    assert len(third.results) == 3


@pytest.mark.parametrize(
    "fault", [status(503, retry_after=30), status(429), dropped(), broken_off(), cut()], ids=lambda _: ""
)
def test_what_passes_is_waited_for(fault: Fault, client: Clients) -> None:
    clock = Clock()
    with LocalServer(lambda _: Reply((GOLDEN / "blog.xml").read_bytes())) as server:
        server.plan(fault)
        (batch,) = Feed(client(clock), server.address).batches("", Request(NOW))
    assert (len(batch.results), len(server.asked)) == (3, 2)
    assert clock.slept


@pytest.mark.parametrize(
    ("fault", "error", "says"),
    [
        (status(503), Unavailable, "status 503"),
        (status(503, retry_after=86_400), Unavailable, "status 503"),
        (status(404), BadSource, "nothing there"),
        (endless(), BadSource, "more than 1,000,000 bytes"),
        (huge(), BadSource, "more than 1,000,000 bytes"),
        (bomb(1 << 24), BadSource, "more than 1,000,000 bytes"),
        (replies(Reply(b"\xff\xfe\x00")), BadSource, "The feed at"),
    ],
)
def test_what_lasts_is_said(fault: Fault, error: type[Exception], says: str, client: Clients) -> None:
    with LocalServer(lambda _: Reply(b"")) as server:
        server.plan(*[fault] * 5)
        with pytest.raises(error, match=says) as caught:
            list(Feed(client(max_bytes=1_000_000), f"{server.address}/feed?key=s3cret").batches("", Request(NOW)))
    assert "s3cret" not in str(caught.value)


def test_a_feed_does_not_lead_inside() -> None:
    with LocalServer(lambda _: Reply(b"")) as inner, LocalServer(lambda _: Reply(b"")) as server:
        internet = Internet(one=server)

        def resolver(host: str, port: int) -> list[str]:
            return [host] if host == "127.0.0.1" else internet.resolver(host, port)

        server.plan(redirect(inner.address))
        with internet.client(resolver=resolver) as asking, pytest.raises(PrivateAddress, match="private network"):
            list(Feed(asking, "http://one.example/feed").batches("", Request(NOW)))
    assert (len(server.asked), inner.asked) == (1, [])


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://example.org/feed", "feed:https://example.org/feed"),
        ("https://me:pass@example.org/feed#top", "feed:https://example.org/feed"),
        ("https://example.org/f?cat=ml&api_key=x&Token=y", "feed:https://example.org/f?cat=ml"),
    ],
)
def test_a_name_holds_no_secret(address: str, name: str, client: Clients) -> None:
    assert Feed(client(), address).name == name
    assert shown(shown(address)) == shown(address)


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"<rss><channel><item>", b"<feed xmlns='http://www.w3.org/2005/Atom'><entry>"]),
)
def test_no_document_breaks_it(body: bytes, before: bytes) -> None:
    try:
        entries = parse(before + body, "https://example.org/feed", "The feed")
    except BadSource:
        return
    assert isinstance(entries, list)
