"""The real files, where they are at hand: every page's titles, and the large collections to their last line."""

from pathlib import Path

import pytest

from broadsheet import ids
from broadsheet.sources import open_source
from broadsheet.types import Record
from tests.conftest import NOW
from tests.sources.kit import read, records

pytestmark = pytest.mark.data


@pytest.fixture(scope="module")
def known(data_dir: Path) -> dict[str, str]:
    """The titles of the five pages with their arXiv ids, "" where none was found."""
    rows = (data_dir / "pages_ids.tsv").read_text(encoding="utf-8").splitlines()
    return {title: arxiv_id for title, _, arxiv_id in (row.partition("\t") for row in rows)}


@pytest.fixture(scope="module")
def pages(pages_dir: Path) -> list[Record]:
    """All papers of the five pages; none may be refused."""
    return [record for path in sorted(pages_dir.glob("page-*.txt")) for record in records(path)]


def test_the_pages_give_exactly_their_titles(pages: list[Record], known: dict[str, str]) -> None:
    assert len(known) == 131
    assert {record.title for record in pages} == set(known)
    assert len(pages) == 8 + 24 + 29 + 36 + 42


def test_every_paper_of_the_pages_has_its_abstract(pages: list[Record]) -> None:
    lengths = [len(record.abstract or "") for record in pages]
    assert min(lengths) > 300
    assert max(lengths) < 2500


def test_the_pages_counts_and_dates_are_right(pages: list[Record], known: dict[str, str]) -> None:
    without_footer = [record for record in pages if record.author_count is None]
    assert len(without_footer) == 8 + 3
    assert all(record.published is None for record in without_footer)
    facts = {record.title: record for record in pages if record.author_count is not None}
    assert (
        facts["MemOS: An Operating System for Memory-Augmented Generation (MAG) in Large Language Models"].author_count
        == 22
    )
    olmo = facts["OLMo 2 Furious"]
    assert (olmo.votes, olmo.author_count, olmo.published) == (2, 40, "2024-12-31")
    transformer = facts["Kolmogorov-Arnold Transformer"]
    assert (transformer.comments, transformer.published) == (5, "2024-09-16")
    assert facts["Simple Projection Variants Improve ColBERT Performance"].published == "2025-10-14"
    assert sum(record.votes or 0 for record in pages) == 2
    assert {record.edition for record in pages} == {None}
    # A paper is submitted in the month of its id, or some days before: ids are given when it is announced.
    late = []
    for record in pages:
        if record.published and (arxiv_id := known[record.title]):
            month = ids.arxiv_month(arxiv_id)
            first = ids.first_day(month)
            if not record.published.startswith(month):
                late.append((record.published, first))
    assert len(late) == 5
    assert all(published[8:] >= "25" and published < first for published, first in late)


@pytest.mark.parametrize(("file", "count"), [("arxiv_to_2019", 232_000), ("papers_ml", 119_453)])
def test_the_collections_are_read_whole(data_dir: Path, file: str, count: int) -> None:
    source = open_source(data_dir / f"{file}.jsonl.zst", now=NOW)
    read_items = with_abstract = 0
    for item in source.items():
        assert isinstance(item.result, Record), item.result
        assert item.result.identifiers[0].scheme == "arxiv"
        assert item.result.identifiers[0].value == item.result.source_key
        read_items = item.ordinal
        with_abstract += item.result.abstract is not None
    assert read_items == with_abstract == item.line == count
    assert item.bytes_read == source.size


def test_the_daily_lists_are_read_whole(data_dir: Path) -> None:
    items = read(data_dir / "daily_editions.jsonl.gz")
    found = [item.result for item in items if isinstance(item.result, Record)]
    assert len(found) == len(items) == 15_146
    assert {record.source for record in found} == {"hf-daily", "arxiv-hot"}
    assert all(record.edition and record.position for record in found)
