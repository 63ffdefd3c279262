"""The metadata formats of OAI-PMH, with the traps that arXiv's schemas do not tell of. All papers are invented."""

from dataclasses import replace

import pytest

from broadsheet.errors import BadRecord, BadSource
from broadsheet.sources.arxiv.oaiformats import key_of, record_of
from broadsheet.sources.arxiv.oaipage import Entry, read_page
from broadsheet.sources.door import Door
from broadsheet.types import Author, Identifier, Record, Version
from tests.conftest import NOW
from tests.servers.kit import Asked
from tests.servers.oai import Held, Provider

PAPER = Held(
    id="2601.00001",
    stamp="2026-01-05",
    title="On Kites\n  of $\\alpha$-Type by Erd\\H{o}s",
    abstract="  We fly $x<y$ kites & more,\nand land them.\n  Then we rest.\n",
    authors=(
        ("Ada", "Lovelace", ""),
        ("", "Kite Collaboration", ""),
        ("W.", "Wright", "Jr"),
        ("J\\'er\\^ome", "Vent", ""),
    ),
    categories=("cs.LG", "stat.ML"),
    versions=(("Thu, 01 Jan 2026 10:00:00 GMT", ""), ("Sat, 03 Jan 2026 23:30:00 -0500", "D")),
    created="2026-01-01",
    comment="10 pages",
    journal_ref="J. Kites 1 (2026)",
    doi="10.1000/kite 10.1000/KITE.2  10. 1145/none",
)


def record(held: Held, prefix: str = "arXiv") -> Record:
    query = {"verb": "ListRecords", "metadataPrefix": prefix}
    page = read_page(Provider([held])(Asked("GET", "/", query, {})).body, "The answer")
    return record_of(page.entries[0], Door("arxiv", NOW))


def entry(metadata: str, identifier: str = "oai:arXiv.org:2601.00001") -> Entry:
    """A record whose header is ours and whose metadata is anything."""
    body = (
        f"<OAI-PMH><ListRecords><record><header><identifier>{identifier}</identifier></header>"
        f"<metadata>{metadata}</metadata></record></ListRecords></OAI-PMH>"
    )
    return read_page(body.encode(), "The answer").entries[0]


def test_arxiv() -> None:
    assert record(PAPER) == Record(
        source="arxiv",
        source_key="2601.00001",
        title="On Kites of $\\alpha$-Type by Erd\\H{o}s",
        abstract="We fly $x<y$ kites & more, and land them.\n\nThen we rest.",
        authors=(
            Author("Ada Lovelace"),
            Author("Kite Collaboration"),
            Author("W. Wright Jr"),
            Author("J\\'er\\^ome Vent"),
        ),
        categories=("cs.LG", "stat.ML"),
        published="2026-01-01",
        identifiers=(
            Identifier("arxiv", "2601.00001"),
            Identifier("doi", "10.1000/kite"),
            Identifier("doi", "10.1000/kite.2"),
        ),
        comment="10 pages",
        journal_ref="J. Kites 1 (2026)",
        licence="http://creativecommons.org/licenses/by/4.0/",
    )


def test_arxiv_raw_has_versions_and_the_instant_of_the_first() -> None:
    raw, plain = record(PAPER, "arXivRaw"), record(PAPER)
    assert raw.versions == (Version(1, "2026-01-01"), Version(2, "2026-01-03"))
    assert (raw.submitted, raw.published, raw.updated) == ("2026-01-01T10:00:00Z", "2026-01-01", "2026-01-03")
    same = ("title", "abstract", "authors", "categories", "identifiers", "comment", "journal_ref", "licence")
    assert [getattr(raw, name) for name in same] == [getattr(plain, name) for name in same]


def test_an_instant_is_in_utc() -> None:
    held = replace(PAPER, versions=(("Sat, 03 Jan 2026 23:30:00 -0500", ""),))
    assert record(held, "arXivRaw").submitted == "2026-01-04T04:30:00Z"


def test_dublin_core() -> None:
    found = record(replace(PAPER, created="2026-01-01 2026-01-03", doi="10.1000/kite"), "oai_dc")
    assert (found.source_key, found.title) == ("2601.00001", "On Kites of $\\alpha$-Type by Erd\\H{o}s")
    assert [author.name for author in found.authors] == [
        "Ada Lovelace",
        "Kite Collaboration",
        "W. Wright Jr",
        "J\\'er\\^ome Vent",
    ]
    assert (found.categories, found.keywords) == (("cs.LG",), ("68T05",))
    assert (found.published, found.updated) == ("2026-01-01", "2026-01-03")
    assert found.identifiers == (Identifier("arxiv", "2601.00001"), Identifier("doi", "10.1000/kite"))
    assert (found.comment, found.journal_ref) == ("10 pages", "J. Kites 1 (2026)")


@pytest.mark.parametrize(
    ("id_", "created", "published", "updated"),
    [
        ("2601.00001", "2026-01-31", "2026-01-31", None),
        ("2602.00001", "2026-01-31", "2026-01-31", None),  # handed in on the last day of the month before
        ("2601.00001", "2026-02-01", None, "2026-02-01"),  # a replacement's
        ("math/9801001", "2007-05-23", None, "2007-05-23"),
        ("2601.00001", "1999-01-01", None, "1999-01-01"),
        ("2601.00001", "", None, None),
    ],
)
def test_created_is_the_current_versions_date(
    id_: str, created: str, published: str | None, updated: str | None
) -> None:
    found = record(replace(PAPER, id=id_, created=created))
    assert (found.published, found.updated) == (published, updated)


@pytest.mark.parametrize(
    ("kinds", "comment", "withdrawn"),
    [
        (("", ""), "10 pages", False),
        (("D", "I"), "10 pages", True),
        (("I", "D"), "10 pages", False),  # withdrawn once, and handed in again
        (("", ""), "This paper has been withdrawn by the author", True),
        (("", ""), "", False),
    ],
)
def test_withdrawn_is_told_by_the_newest_version_or_the_comment(
    kinds: tuple[str, str], comment: str, *, withdrawn: bool
) -> None:
    versions = tuple((f"Thu, 0{day} Jan 2026 10:00:00 GMT", kind) for day, kind in enumerate(kinds, start=1))
    assert record(replace(PAPER, versions=versions, comment=comment), "arXivRaw").withdrawn == withdrawn


def test_versions_may_begin_late_and_come_in_any_order() -> None:
    dates = (
        "<version version='v3'><date>Sat, 03 Jan 2026 10:00:00 GMT</date></version>"
        "<version version='v2'><date>Fri, 02 Jan 2026 10:00:00 GMT</date></version>"
    )
    found = record_of(entry(f"<arXivRaw><id>2601.00001</id>{dates}<title>Kites</title></arXivRaw>"), Door("x", NOW))
    assert found.versions == (Version(2, "2026-01-02"), Version(3, "2026-01-03"))
    assert (found.published, found.updated, found.submitted) == (None, "2026-01-03", None)


def test_old_ids_and_aliases_keep_their_names() -> None:
    found = record(replace(PAPER, id="hep-th/9901001", created="1999-01-04", categories=("hep-th", "math.MP")))
    assert (found.source_key, found.categories) == ("hep-th/9901001", ("hep-th", "math.MP"))


@pytest.mark.parametrize(
    ("identifier", "key"),
    [
        ("oai:arXiv.org:2601.00001", "2601.00001"),
        ("oai:arXiv.org:hep-th/9901001", "hep-th/9901001"),
        ("oai:mirror.example:2601.00001", "2601.00001"),
        ("oai:other.example:article/17", "oai:other.example:article/17"),
    ],
)
def test_a_record_is_called_by_its_arxiv_id_or_as_its_server_calls_it(identifier: str, key: str) -> None:
    assert key_of(Entry(identifier, "2026-01-01", deleted=True, metadata=None)) == key
    title = (
        "<dc><title>Kites</title><identifier>https://other.example/17</identifier><creator>Vass, Imre</creator></dc>"
    )
    found = record_of(entry(title, identifier), Door("x", NOW))
    assert (found.source_key, found.links, found.authors) == (
        key,
        ("https://other.example/17",),
        (Author("Imre Vass"),),
    )


@pytest.mark.parametrize(
    ("metadata", "says"),
    [
        ("", "has no metadata"),
        ("<marc/>", 'is in the format "marc"'),
        ("<arXiv><id>2601.00001</id></arXiv>", "the title is missing"),
        ("<arXiv><id>26.1</id><title>Kites</title></arXiv>", "is no arXiv id"),
        ("<arXiv><title>Kites</title><created>yesterday</created></arXiv>", "is no date"),
        ("<arXiv><title>Kites</title><created>2027-01-01</created></arXiv>", "lies in the future"),
        ("<arXivRaw><title>Kites</title>" + "<version/>" * 1001 + "</arXivRaw>", "1,001 versions"),
        ("<arXiv><title>Kites</title><abstract>" + "x" * 50_001 + "</abstract></arXiv>", "the limit is 50,000"),
    ],
)
def test_what_cannot_be_a_record_says_why(metadata: str, says: str) -> None:
    with pytest.raises(BadRecord, match=says):
        record_of(entry(metadata), Door("x", NOW))


def test_a_record_without_a_name_is_none() -> None:
    with pytest.raises(BadRecord, match="no identifier"):
        key_of(Entry("", "2026-01-01", deleted=True, metadata=None))


def test_text_may_be_marked_up_or_packed_in_cdata() -> None:
    inside = (
        "<title>On <i>Kites</i></title><abstract><![CDATA[$a<b$]]></abstract><!-- no --><authors><!-- no --></authors>"
    )
    found = record_of(entry(f"<arXiv><id>2601.00001</id>{inside}</arXiv>"), Door("x", NOW))
    assert (found.title, found.abstract, found.authors) == ("On Kites", "$a<b$", ())


@pytest.mark.parametrize(
    "body", [b"", b"<rss/>", b"<html></html>", b"<OAI-PMH><ListRecords>", b"<OAI-PMH>\xff</OAI-PMH>"]
)
def test_what_is_no_page_says_why(body: bytes) -> None:
    with pytest.raises(BadSource, match=r"^The answer of example\.org (is|breaks) "):
        read_page(body, "The answer of example.org")


def test_an_entity_of_its_own_is_not_expanded() -> None:
    body = b'<!DOCTYPE O [<!ENTITY e SYSTEM "file:///etc/passwd">]><OAI-PMH><responseDate>&e;</responseDate></OAI-PMH>'
    assert "root" not in read_page(body, "The answer").day
