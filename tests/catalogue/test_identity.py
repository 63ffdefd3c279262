"""When two records are one paper, decided from their clues alone."""

from dataclasses import replace

import pytest
from hypothesis import given

from broadsheet.catalogue.identity import Clues, all_identifiers, clues, conflict, made_key, public_key, same_work
from broadsheet.types import Author, Identifier, Record
from tests.catalogue.test_papers import RECORDS
from tests.papers import record

TITLE = "Counting Sheep with Sparse Attention"
ARXIV = clues(record("2611.00001", TITLE))
PAGE = clues(record(None, TITLE, authors=(), author_count=2))
SHORTER = "countingsheepwithattention"
SHORT = replace(ARXIV, title_key="sheep2furious", first_author="", author_count=40)
WORDS = "A herd is counted by looking at few of its members, and at those only now and then, which is enough. "


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (ARXIV, ARXIV, "same title and first author"),
        (ARXIV, PAGE, "same title and number of authors"),
        (ARXIV, replace(ARXIV, year=2028), "same title and first author"),
        (ARXIV, replace(ARXIV, year=2029), ""),
        (ARXIV, replace(ARXIV, year=None), "same title and first author"),
        (ARXIV, replace(ARXIV, first_author="hopper"), ""),
        (ARXIV, replace(PAGE, author_count=3), ""),
        (ARXIV, replace(PAGE, author_count=None), "same title and year"),
        (ARXIV, replace(PAGE, author_count=None, year=None), "same long title"),
        (replace(ARXIV, title_key=SHORTER), replace(PAGE, title_key=SHORTER, author_count=None, year=None), ""),
        (ARXIV, replace(PAGE, author_count=None, year=2024), ""),
        (ARXIV, replace(PAGE, author_count=None, named=True), ""),
        (replace(PAGE, author_count=None), replace(PAGE, author_count=None), ""),
        (ARXIV, replace(ARXIV, title_key=ARXIV.title_key + "ii"), ""),
        (replace(ARXIV, title_key="editorialboard"), replace(ARXIV, title_key="editorialboard"), ""),
        (SHORT, replace(SHORT, named=False), "same short title, day and number of authors"),
        (SHORT, replace(SHORT, named=False, author_count=39), ""),
        (SHORT, replace(SHORT, named=False, day="2026-11-17"), ""),
        (replace(SHORT, day=""), replace(SHORT, named=False, day=""), ""),
        (replace(SHORT, title_key="preface"), replace(SHORT, named=False, title_key="preface"), ""),
    ],
)
def test_the_same_title_needs_evidence_beside_it(one: Clues, other: Clues, reason: str) -> None:
    assert same_work(one, other) == same_work(other, one) == reason


def test_the_same_abstract_is_evidence_where_authors_are_unknown_or_miscounted() -> None:
    long = replace(ARXIV, first_author="", opening=clues(record(None, TITLE, abstract=2 * WORDS)).opening)
    assert same_work(long, replace(long, author_count=3, year=None)) == "same title and abstract"
    assert same_work(long, replace(long, author_count=3, opening="aherd")) == ""


def test_an_arxiv_id_tells_the_year() -> None:
    assert clues(record("2405.00001", TITLE, published=None)).year == 2024
    assert clues(record("hep-th/9901001", TITLE, published=None)).year == 1999


def test_names_are_compared_by_the_family_name() -> None:
    names = ["Ada Lovelace", "Lovelace, Ada", "A. Lovelace", "LOVELACE, A."]
    assert {clues(record(None, TITLE, authors=(Author(name),))).first_author for name in names} == {"lovelace"}


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ([("arxiv", "1")], [("arxiv", "2")], True),
        ([("arxiv", "1")], [("arxiv", "1"), ("doi", "2")], False),
        ([("arxiv", "1"), ("acl", "1")], [("acl", "2")], True),
        ([("openreview", "a")], [("openreview", "A")], True),
        ([("doi", "1")], [("doi", "2")], False),
        ([], [("arxiv", "1")], False),
    ],
)
def test_two_values_of_a_unique_scheme_keep_papers_apart(
    one: list[tuple[str, str]], other: list[tuple[str, str]], apart: bool
) -> None:
    left, right = ({Identifier(*each) for each in side} for side in (one, other))
    assert conflict(left, right) is conflict(right, left) is apart


def test_a_doi_of_a_publisher_of_preprints_is_the_preprint_itself() -> None:
    said = Record("records:a", "1", TITLE, identifiers=(Identifier("doi", "10.48550/arxiv.2405.00001"),))
    assert Identifier("arxiv", "2405.00001") in all_identifiers(said)
    said = Record("records:a", "1", TITLE, identifiers=(Identifier("doi", "10.18653/v1/2024.acl-long.1"),))
    assert Identifier("acl", "2024.acl-long.1") in all_identifiers(said)


def test_a_doi_of_another_preprint_is_not_believed() -> None:
    own, other = Identifier("arxiv", "2405.00001"), Identifier("doi", "10.48550/arxiv.2405.00002")
    assert all_identifiers(Record("records:a", "1", TITLE, identifiers=(own, other))) == {own, other}


def test_a_key_stays_until_a_better_scheme_comes() -> None:
    first, second = Identifier("doi", "10.1000/a"), Identifier("doi", "10.1000/b")
    assert public_key("", [second, first]) == "doi:10.1000/a"
    assert public_key("doi:10.1000/b", [second, first]) == "doi:10.1000/b"
    assert public_key("doi:10.1000/b", [second, Identifier("arxiv", "2405.00001")]) == "2405.00001"
    assert public_key("bs:aaaaaaaaaaaa", []) == ""


@given(RECORDS)
def test_a_made_key_depends_on_title_year_and_first_author_only(said: Record) -> None:
    same = replace(said, source="page:other", abstract="Other.", votes=3, author_count=99)
    assert made_key(said) == made_key(same)
    assert made_key(said) != made_key(replace(said, title=said.title + " again"))
