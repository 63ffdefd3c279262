"""The starter catalogue: facts that are well formed, and descriptions that are our own words."""

import json
import re
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

FIELDS = {"title", "id", "author_count", "categories", "published", "summary", "edition", "position"}
REQUIRED = FIELDS - {"id", "author_count", "categories"}
EDITION = "2026-11-20"
QUESTIONS = ROOT / "benchmarks" / "reworded.tsv"  # a question for each of the papers, in other words than its title
ARXIV_ID = re.compile(r"(0[7-9]|1[0-4])(0[1-9]|1[0-2])\.\d{4}|(1[5-9]|2\d)(0[1-9]|1[0-2])\.\d{5}")
CATEGORY = re.compile(r"[a-z]+(-[a-z]+)?(\.([A-Z]{2}|[a-z]+(-[a-z]+)+))?")
FIRST_DAY = "0000-01-01"  # its tail completes a partial date
OWN_WORDS = 6  # a run of so many words shared with an abstract would be a quotation


@pytest.fixture(scope="module")
def questions() -> dict[str, str]:
    return dict(line.split("\t") for line in QUESTIONS.read_text(encoding="utf-8").splitlines())


@pytest.fixture(scope="module")
def papers() -> list[dict[str, Any]]:
    text = (files("broadsheet") / "data" / "starter.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def words(text: str) -> list[str]:
    """The words of a text, lower case, without punctuation: "U-Net's" and "unets" read the same."""
    return re.sub(r"[^\w\s]", "", text.lower()).split()


def runs(text: str, length: int) -> Iterator[tuple[str, ...]]:
    """Every run of `length` consecutive words."""
    found = words(text)
    return (tuple(found[start : start + length]) for start in range(len(found) - length + 1))


def test_has_131_different_papers_with_known_fields(papers: list[dict[str, Any]]) -> None:
    assert len(papers) == 131
    assert len({" ".join(words(paper["title"])) for paper in papers}) == 131
    assert [paper["title"] for paper in papers if set(paper) - FIELDS or REQUIRED - set(paper)] == []
    assert [paper["title"] for paper in papers if paper["title"] != " ".join(paper["title"].split())] == []


def test_is_one_edition_in_order(papers: list[dict[str, Any]]) -> None:
    assert {paper["edition"] for paper in papers} == {EDITION}
    assert [paper["position"] for paper in papers] == list(range(1, 132))


def test_arxiv_ids_are_valid_and_unique(papers: list[dict[str, Any]]) -> None:
    ids = [paper["id"] for paper in papers if "id" in paper]
    assert len(ids) == 118
    assert [name for name in ids if not ARXIV_ID.fullmatch(name)] == []
    assert len(set(ids)) == len(ids)


def test_dates_are_real_and_agree_with_the_ids(papers: list[dict[str, Any]]) -> None:
    for paper in papers:
        published = paper["published"]
        day = date.fromisoformat(published + FIRST_DAY[len(published) :])
        assert date(1991, 8, 14) <= day < date.fromisoformat(EDITION), paper["title"]
        if "id" in paper and len(published) >= len("2024-05"):
            month = date(2000 + int(paper["id"][:2]), int(paper["id"][2:4]), 1)
            # arXiv numbers a paper when it is announced: the last days of a month, or a paper held by the
            # moderators, carry the number of a later month.
            assert -14 <= (day - month).days <= 30, paper["title"]


def test_counts_and_categories_are_plausible(papers: list[dict[str, Any]]) -> None:
    counts = [paper["author_count"] for paper in papers if "author_count" in paper]
    assert all(type(count) is int and 1 <= count <= 40 for count in counts)
    for paper in papers:
        categories = paper.get("categories", ["cs.LG"])
        assert categories, f"{paper['title']}: leave categories out when they are unknown"
        assert len(set(categories)) == len(categories), paper["title"]
        assert [name for name in categories if not CATEGORY.fullmatch(name)] == []


def test_descriptions_are_short_plain_sentences(papers: list[dict[str, Any]]) -> None:
    for paper in papers:
        summary = paper["summary"]
        assert 15 <= len(summary.split()) <= 45, summary
        assert summary == " ".join(summary.split()), summary
        assert summary[0].isupper(), summary
        assert summary.endswith("."), summary
        assert len(re.findall(r"[.?!](?=\s|$)", summary)) <= 2, summary
        assert not re.search(r"[\\${}^<>]|https?:", summary), f"TeX, mark-up or a link: {summary}"
        assert "this paper" not in summary.lower(), summary


def test_descriptions_and_topics_vary(papers: list[dict[str, Any]]) -> None:
    openings = [" ".join(words(paper["summary"])[:3]) for paper in papers]
    assert len(set(openings)) == 131
    compression = re.compile(r"prun|quanti|spars|low-rank|fine-tun", re.IGNORECASE)
    front = [bool(compression.search(paper["title"])) for paper in papers[:25]]
    assert sum(front) <= 3, "the top of the front page should not be about compression alone"
    assert not any(first and second for first, second in pairwise(front))


def test_questions_ask_for_each_paper_in_other_words_than_its_title(
    papers: list[dict[str, Any]], questions: dict[str, str]
) -> None:
    assert list(questions) == [paper["title"] for paper in papers]
    assert len(set(questions.values())) == len(questions)
    assert {title for title, asked in questions.items() if {*runs(title, 3)} & {*runs(asked, 3)}} == set()


@pytest.mark.data
def test_titles_and_ids_are_those_of_the_pages(papers: list[dict[str, Any]], data_dir: Path) -> None:
    rows = (data_dir / "pages_ids.tsv").read_text(encoding="utf-8").splitlines()
    known = {title: name for title, _, name in (row.partition("\t") for row in rows)}
    assert {paper["title"]: paper.get("id", "") for paper in papers} == known


@pytest.mark.data
def test_no_description_or_question_quotes_an_abstract(
    papers: list[dict[str, Any]], questions: dict[str, str], pages_dir: Path
) -> None:
    titles = {paper["title"] for paper in papers}
    quoted: set[tuple[str, ...]] = set()
    for page in sorted(pages_dir.glob("page-*.txt")):
        for line in page.read_text(encoding="utf-8").splitlines():
            if re.sub(r"^\d+ ", "", line.strip()) not in titles:
                quoted.update(runs(line, OWN_WORDS))
    assert len(quoted) > 20_000, "the pages were not read"
    own = [*(paper["summary"] for paper in papers), *questions.values()]
    assert {text: found for text in own if (found := quoted.intersection(runs(text, OWN_WORDS)))} == {}
