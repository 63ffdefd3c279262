"""Sources that delete what they said: the words stay, the paper leaves search and editions, and can come back."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from broadsheet.catalogue import Catalogue, Change, Outcome
from broadsheet.types import Deletion, Identifier, Record, Version
from tests.conftest import NOW
from tests.papers import record

LATER = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TITLE = "Counting Sheep with Sparse Attention"
SHEEP = record("2611.00001", TITLE, "arxiv", submitted="2026-11-18T10:00:00Z")
GONE = Deletion("arxiv", "2611.00001")
LISTED = record("2611.00001", TITLE, "hf-daily", edition="2026-11-19", position=1, votes=3)


def well(catalogue: Catalogue) -> bool:
    return [finding.level for finding in catalogue.verify(full=True)] == ["ok", "ok"]


def test_a_deleted_paper_leaves_search_and_editions_and_keeps_its_page(catalogue: Catalogue) -> None:
    catalogue.put([SHEEP, LISTED], at=NOW)
    assert catalogue.put([GONE], at=LATER) == [Outcome("deleted", 1, merged=False)]
    paper = catalogue.paper("2611.00001")
    assert (paper.deleted, paper.title, paper.authors) == (True, TITLE, SHEEP.authors)
    assert catalogue.changes(0, 9) == [Change(2, 1, gone=True)]
    assert (catalogue.count(), catalogue.days(), catalogue.title_matches("countingsheepwithsparseattention")) == (
        0,
        0,
        [],
    )
    assert catalogue.candidates("2026-11-01", "2026-11-30") == []
    assert well(catalogue)


def test_what_was_deleted_comes_back_when_its_source_has_it_again(catalogue: Catalogue) -> None:
    catalogue.put([SHEEP, LISTED], at=NOW)
    before = catalogue.candidates("2026-11-01", "2026-11-30")
    catalogue.put([GONE], at=LATER)
    assert catalogue.put([SHEEP], at=LATER) == [Outcome("changed", 1, merged=False)]
    assert not catalogue.paper("2611.00001").deleted
    assert catalogue.candidates("2026-11-01", "2026-11-30") == before
    assert catalogue.changes(0, 9) == [Change(3, 1, gone=False)]
    told = [(one.field, one.old, one.new) for one in catalogue.provenance("2611.00001").revisions]
    assert told == [("deleted", None, "yes"), ("deleted", "yes", None)]
    assert well(catalogue)


def test_deleting_twice_or_what_never_was_changes_nothing(catalogue: Catalogue) -> None:
    never = Deletion("arxiv", "2611.99999")
    assert catalogue.put([never], at=NOW) == [Outcome("unchanged", 0, merged=False)]
    assert catalogue.put([SHEEP, GONE], at=NOW) == [Outcome("unchanged", 0, merged=False)] * 2, "it never was"
    catalogue.put([SHEEP], at=NOW)
    catalogue.put([GONE], at=NOW)
    sequence = catalogue.last_change()
    assert catalogue.put([GONE, never], at=LATER) == [Outcome("unchanged", 1, False), Outcome("unchanged", 0, False)]
    assert catalogue.last_change() == sequence


@pytest.mark.parametrize(("batch", "there"), [([SHEEP, GONE], False), ([GONE, SHEEP], True)])
def test_the_last_word_of_a_batch_counts(catalogue: Catalogue, batch: list[Record | Deletion], there: bool) -> None:
    catalogue.put([SHEEP], at=NOW)
    catalogue.put(batch, at=LATER)
    assert catalogue.count() == there
    assert well(catalogue)


@pytest.mark.parametrize(
    ("other", "deleted"),
    [
        (LISTED, True),
        (replace(SHEEP, source="openalex", venue="J. Sheep"), True),
        (replace(SHEEP, source="github", stars=4), True),
        (replace(SHEEP, source="arxiv-listing"), True),
        (replace(SHEEP, source="arxiv-raw"), True),
        (replace(SHEEP, source="arxiv-snapshot"), True),
        (replace(SHEEP, source="records:mine.jsonl"), False),
        (replace(SHEEP, source="bibtex:refs.bib"), False),
        (replace(SHEEP, source="zotero"), False),
        (replace(SHEEP, source="feed:https://journal.example"), False),
    ],
)
def test_copies_do_not_keep_a_paper_alive_and_others_do(catalogue: Catalogue, other: Record, deleted: bool) -> None:
    catalogue.put([SHEEP, other], at=NOW)
    catalogue.put([GONE], at=LATER)
    assert catalogue.paper("2611.00001").deleted is deleted
    assert catalogue.count() == (not deleted)
    assert well(catalogue)


def test_another_format_of_arxiv_that_says_it_later_brings_it_back(catalogue: Catalogue) -> None:
    raw = replace(SHEEP, source="arxiv-raw", versions=(Version(1, "2026-11-18"),))
    catalogue.put([SHEEP, raw], at=NOW)
    catalogue.put([GONE], at=NOW)
    assert catalogue.paper("2611.00001").deleted
    catalogue.put([replace(raw, versions=(*raw.versions, Version(2, "2026-11-20")))], at=LATER)
    assert not catalogue.paper("2611.00001").deleted


def test_words_that_were_deleted_give_way_to_others(catalogue: Catalogue) -> None:
    mine = record("2611.00001", "Counting Goats", "records:mine.jsonl", categories=())
    catalogue.put([SHEEP, mine], at=NOW)
    assert catalogue.paper("2611.00001").title == TITLE
    catalogue.put([GONE], at=LATER)
    paper = catalogue.paper("2611.00001")
    assert (paper.title, paper.categories) == ("Counting Goats", ("cs.LG",))


def test_a_deleted_paper_is_still_recognised(catalogue: Catalogue) -> None:
    catalogue.put([SHEEP], at=NOW)
    catalogue.put([GONE], at=NOW)
    cited = record(None, TITLE, "bibtex:refs.bib", identifiers=(Identifier("doi", "10.1000/sheep"),))
    assert catalogue.put([cited], at=LATER) == [Outcome("changed", 1, merged=True)]
    assert (catalogue.count(), catalogue.paper("10.1000/sheep").id) == (1, "2611.00001")
    assert well(catalogue)
