"""What every record must pass: bad input is refused with a reason, odd text is cleaned, the rest is kept."""

import json
from pathlib import Path
from typing import Any

import pytest

from broadsheet.errors import BadRecord
from broadsheet.types import Identifier, Record
from tests.sources.kit import put, read


def one(folder: Path, **fields: Any) -> Record | BadRecord:
    """What becomes of a record with these fields, told through a file."""
    path = put(folder, json.dumps({"title": "A Title", **fields}) + "\n" + '{"title": "next"}\n')
    items = read(path)
    assert isinstance(items[1].result, Record)
    return items[0].result


def accepted(folder: Path, **fields: Any) -> Record:
    result = one(folder, **fields)
    assert isinstance(result, Record), result
    return result


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"title": None}, "the title is missing"),
        ({"title": " \u202e\x00 "}, "the title is missing"),
        ({"title": 17}, "title is a number, not text"),
        ({"title": "x" * 2001}, "title of 2,001 characters; the limit is 2,000"),
        ({"abstract": "x" * 2**21}, "abstract of 2,097,152 characters; the limit is 50,000"),
        ({"abstract": ["x"]}, "abstract is a list, not text"),
        ({"id": 704.056}, "id is the number 704.056: write it as text in quotes"),
        ({"id": 2301}, "id is the number 2301: write it as text in quotes"),
        ({"id": True}, "id is a truth value, not text"),
        ({"id": "xyz"}, 'id "xyz" is no arXiv id, DOI or other identifier known here'),
        ({"id": "2406.105"}, 'id "2406.105" is no arXiv id'),
        ({"id": "2701.00001"}, "arXiv id 2701.00001 is of the month 2027-01, which has not come yet"),
        ({"identifiers": ["nothing"]}, 'an identifier "nothing" is no arXiv id'),
        ({"identifiers": "2401.00017"}, "identifiers is text, not a list"),
        ({"doi": 10.1}, "doi is a number, not text"),
        ({"published": "2026-11-23"}, "published 2026-11-23 lies in the future"),
        ({"published": "2027"}, "published 2027 lies in the future"),
        ({"updated": "2031-01-01T00:00:00Z"}, "updated 2031-01-01 lies in the future"),
        ({"announced": "2024-02-30"}, 'announced "2024-02-30" is no date'),
        ({"published": "soon"}, 'published "soon" is no date'),
        ({"published": ["2024"]}, "published is a list, not a date"),
        ({"edition": "2024-05"}, "edition 2024-05 is no day"),
        ({"versions": [{"number": 1, "created": "2030-01-01"}]}, "the date of version 1 2030-01-01 lies in the future"),
        ({"versions": [0]}, "there is no version 0"),
        ({"versions": ["x"]}, "versions holds text, not a version"),
        ({"versions": {"v1": "2024"}}, "versions is an object, not a list"),
        ({"authors": ["x"] * 10_001}, "10,001 authors; the limit is 10,000"),
        ({"authors": ["x" * 1001]}, "an author's name of 1,001 characters; the limit is 1,000"),
        ({"authors": [7]}, "authors holds a number, not a name"),
        ({"authors": [{"orcid": "1"}]}, "an author has no name"),
        ({"authors": 7}, "authors is a number, not a list"),
        ({"categories": [1]}, "categories holds a number, not text"),
        ({"keywords": ["x"] * 1001}, "keywords has 1,001 entries; the limit is 1,000"),
        ({"links": "https://example.org"}, "links is text, not a list"),
        ({"votes": -1}, "votes is -1, which cannot be"),
        ({"votes": 10**30}, "votes is 1000000000000000000000000000000, which cannot be"),
        ({"votes": "7"}, "votes is text, not a whole number"),
        ({"author_count": True}, "author_count is a truth value, not a whole number"),
    ],
)
def test_a_bad_record_is_refused_with_a_reason(fields: dict[str, Any], reason: str, tmp_path: Path) -> None:
    result = one(tmp_path, **fields)
    assert isinstance(result, BadRecord)
    assert result.reason.startswith(reason)


def test_the_limits_themselves_are_allowed(tmp_path: Path) -> None:
    record = accepted(
        tmp_path,
        title="t" * 2000,
        abstract="x" * 50_000,
        authors=["n" * 1000] + ["n"] * 9_999,
        published="2026-11-22",
        edition="2026-11-22",
        votes=0,
        id="2611.00001",
    )
    assert (len(record.authors), record.votes) == (10_000, 0)


def test_unknown_is_none(tmp_path: Path) -> None:
    record = accepted(tmp_path, id="", abstract="", published="", authors=None, categories=None, votes=None)
    assert (record.abstract, record.published, record.authors, record.votes) == (None, None, (), None)
    assert record.identifiers == ()


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  two\n lines\tand  spaces ", "two lines and spaces"),
        ("nul\x00 bell\x07 escape\x1b[31m", "nul bell escape[31m"),
        ("turned \u202eback\u202c \u2066kept\u2069", "turned back kept"),
        ("half a pair \ud83d, a whole one \U0001f600", "half a pair \ufffd, a whole one \U0001f600"),
        ("عنوان البحث", "عنوان البحث"),
        ("זה \u200fטקסט", "זה \u200fטקסט"),
        ("family \U0001f468\u200d\U0001f469", "family \U0001f468\u200d\U0001f469"),
        ("no\u00a0break and\u2028separator", "no break and separator"),
        ("\ufeffmark", "mark"),
        ("<b>not mark-up</b> & $x < y$", "<b>not mark-up</b> & $x < y$"),
    ],
)
def test_text_is_cleaned_and_its_words_are_kept(written: str, kept: str, tmp_path: Path) -> None:
    record = accepted(tmp_path, title=written, abstract=written, authors=[written], comment=written)
    assert (record.title, record.abstract, record.authors[0].name, record.comment) == (kept, kept, kept, kept)


def test_paragraphs_of_an_abstract_are_kept(tmp_path: Path) -> None:
    assert accepted(tmp_path, abstract="One\r\ntwo.\r\n \r\n\n Three.\n\n").abstract == "One two.\n\nThree."


def test_categories_are_normal_and_what_is_none_is_dropped(tmp_path: Path) -> None:
    record = accepted(tmp_path, categories=["CS.lg", "cs.LG", "hep-th", "cs.zq", "deep learning", ""])
    assert record.categories == ("cs.LG", "hep-th", "cs.zq")


def test_only_web_addresses_are_links(tmp_path: Path) -> None:
    links = ["https://example.org/a", " HTTP://example.org/b ", "javascript:alert(1)", "example.org", "https://a b.c"]
    links += ["https://example.org/\u202egro", "https://example.org/\ud83d", "https://example.org/x" + "x" * 900]
    assert accepted(tmp_path, links=links).links == ("https://example.org/a", "HTTP://example.org/b", links[-1])


def test_the_authors_own_id_counts_among_several(tmp_path: Path) -> None:
    record = accepted(tmp_path, id="2401.00017v2", doi="10.48550/arXiv.2301.00001 10.1000/X")
    assert record.identifiers == (Identifier("arxiv", "2401.00017"), Identifier("doi", "10.1000/x"))
    assert record.source_key == "2401.00017"


@pytest.mark.parametrize(
    ("comment", "withdrawn"),
    [
        ("This paper has been withdrawn by the author", True),
        ("Withdrawn due to an error in Lemma 2", True),
        ("12 pages. We withdraw this paper for now", True),
        ("The submission is withdrawn from arXiv", True),
        ("Section 4 withdrawn and title changed", False),
        ("Accepted at a workshop, withdrawn from it later", False),
        ("The article was withdrawn from a conference in 2017", False),
        (None, False),
    ],
)
def test_a_withdrawal_is_read_from_the_comment(comment: str | None, withdrawn: bool, tmp_path: Path) -> None:
    assert accepted(tmp_path, comment=comment).withdrawn is withdrawn
