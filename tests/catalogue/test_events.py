"""What happened to papers: news of the paper, and no news of our knowledge of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from broadsheet.catalogue import Catalogue
from broadsheet.types import Author, Deletion, Event, Identifier, Record, Version
from tests.conftest import NOW
from tests.papers import record

LATER = NOW + timedelta(hours=1)
AT = "2026-11-20T13:00:00Z"
TITLE = "Counting Sheep with Sparse Attention"
ABSTRACT = "A herd is counted by looking at few of its members."
SHEEP = record(
    "2611.00001", TITLE, "arxiv", abstract=ABSTRACT, versions=(Version(1, "2026-11-18"),), categories=("cs.LG", "cs.CL")
)
DOI = Identifier("doi", "10.1000/sheep")


def told(catalogue: Catalogue, *batches: Record | Deletion) -> list[tuple[str, str | None, str | None]]:
    """Puts one record after the other, and says what happened."""
    for one in batches:
        catalogue.put([one], at=LATER)
    return [(event.kind, event.old, event.new) for event in catalogue.events_after(0, 99)]


@pytest.mark.parametrize(
    ("facts", "events"),
    [
        ({"versions": (Version(1, "2026-11-18"), Version(2, "2026-11-20"))}, [("version", "1", "2")]),
        ({"title": "Counting Goats"}, [("title", TITLE, "Counting Goats")]),
        ({"abstract": "Few goats are enough."}, [("abstract", ABSTRACT, "Few goats are enough.")]),
        (
            {"authors": (Author("Grace Hopper"), Author("Ada Lovelace"))},
            [("authors", "Ada Lovelace; Grace Hopper", "Grace Hopper; Ada Lovelace")],
        ),
        ({"categories": ("cs.CL", "cs.LG")}, [("categories", "cs.LG, cs.CL", "cs.CL, cs.LG")]),
        ({"categories": ("cs.LG", "cs.CL", "math.CO")}, [("categories", "cs.LG, cs.CL", "cs.LG, cs.CL, math.CO")]),
        ({"withdrawn": True}, [("withdrawn", None, "yes")]),
        ({"journal_ref": "J. Sheep 1 (2026) 1-9"}, [("venue", None, "J. Sheep 1 (2026) 1-9")]),
        ({"identifiers": (*SHEEP.identifiers, DOI)}, [("doi", None, "10.1000/sheep")]),
        ({"comment": "Code at github.com/invented/sheep."}, [("code", None, "https://github.com/invented/sheep")]),
        (
            {"links": ("https://gitlab.com/invented/a_sheep.git",)},
            [("code", None, "https://gitlab.com/invented/a_sheep")],
        ),
    ],
)
def test_each_kind_of_news_is_told_once(
    catalogue: Catalogue, facts: dict[str, object], events: list[tuple[str, str, str]]
) -> None:
    changed = replace(SHEEP, **facts)  # type: ignore[arg-type]
    assert told(catalogue, SHEEP) == [], "a paper appears"
    assert told(catalogue, changed) == events
    assert told(catalogue, changed) == events, "it is said again"


@pytest.mark.parametrize(
    "facts",
    [
        {"title": "counting  SHEEP with\\ sparse~Attention"},
        {"title": "{Counting} Sheep with Sparse Attention."},
        {"abstract": "A herd  is counted\nby looking at few of its members!"},
        {"authors": (Author("A. Lovelace"), Author("Hopper, Grace", "Invented University"))},
        {"categories": ("cs.LG", "cs.CL", "cs.CL")},
        {"identifiers": (*SHEEP.identifiers, Identifier("doi", "10.48550/arxiv.2611.00001"))},
        {"comment": "12 pages", "licence": "CC0", "updated": "2026-11-19", "votes": 7},
        {"links": ("https://sheep.example/", "https://github.com/about")},
        {"abstract": None},
        {"authors": ()},
        {"versions": ()},
    ],
)
def test_what_means_the_same_is_no_news(catalogue: Catalogue, facts: dict[str, object]) -> None:
    assert told(catalogue, SHEEP, replace(SHEEP, **facts)) == []  # type: ignore[arg-type]


def test_a_better_source_with_other_words_is_no_news(catalogue: Catalogue) -> None:
    listed = record("2611.00001", "Counting sheep, sparsely", "hf-daily", authors=(Author("Ada"),), categories=())
    assert told(catalogue, listed, SHEEP) == []
    cited = record("2611.00001", "Sheep, counted", "bibtex:refs.bib", identifiers=(*SHEEP.identifiers,))
    assert told(catalogue, cited) == []
    assert told(catalogue, replace(listed, title="Counting goats")) == [], "arXiv's words are shown, and stay"


def test_arxiv_speaks_with_one_voice_in_all_its_formats(catalogue: Catalogue) -> None:
    filled = replace(SHEEP, source="arxiv-snapshot")
    changed = replace(SHEEP, title="Counting Goats", versions=(Version(1, "2026-11-18"), Version(2, "2026-11-20")))
    assert told(catalogue, filled, changed) == [("version", "1", "2"), ("title", TITLE, "Counting Goats")]
    assert told(catalogue, replace(changed, source="arxiv-raw"))[2:] == [], "the other format says the same"


@pytest.mark.parametrize(
    ("facts", "news"),
    [
        ({"versions": (Version(1, "2026-11-18"),)}, False),
        ({"versions": (Version(1, "2026-11-18"), Version(2, "2026-11-20"))}, True),
        ({"versions": (), "updated": "2026-11-19"}, True),
        ({"versions": (), "updated": None}, False),
    ],
)
def test_a_withdrawal_is_news_when_it_happens_not_when_it_is_first_read(
    catalogue: Catalogue, facts: dict[str, object], news: bool
) -> None:
    filled = replace(SHEEP, source="arxiv-snapshot")
    told(catalogue, filled, replace(filled, source="arxiv-raw", withdrawn=True, **facts))  # type: ignore[arg-type]
    assert catalogue.paper("2611.00001").withdrawn
    assert [event.kind for event in catalogue.events("2611.00001") if event.kind == "withdrawn"] == ["withdrawn"] * news


def test_a_paper_that_is_taken_back_and_given_again_tells_both(catalogue: Catalogue) -> None:
    taken, given = (
        replace(
            SHEEP, withdrawn=newest == 2, versions=tuple(Version(n, f"2026-11-{17 + n}") for n in range(1, newest + 1))
        )
        for newest in (2, 3)
    )
    events = told(catalogue, SHEEP, taken, given)
    assert [event for event in events if event[0] == "withdrawn"] == [
        ("withdrawn", None, "yes"),
        ("withdrawn", "yes", None),
    ]


def test_a_venue_is_news_from_whoever_knows_it_first(catalogue: Catalogue) -> None:
    asked = replace(SHEEP, source="openalex", source_key="W1", venue="Journal of Sheep")
    better = replace(SHEEP, source="crossref", source_key="10.1000/sheep", venue="The Journal of Sheep")
    authors = replace(SHEEP, journal_ref="J. Sheep 1 (2026) 1-9")
    assert told(catalogue, SHEEP, asked, better, authors) == [("venue", None, "Journal of Sheep")]
    moved = replace(better, venue="Annals of Sheep")
    assert told(catalogue, moved)[1:] == [("venue", "The Journal of Sheep", "Annals of Sheep")]


def test_a_deletion_and_a_return_are_news(catalogue: Catalogue) -> None:
    gone = Deletion("arxiv", "2611.00001")
    assert told(catalogue, SHEEP, gone, SHEEP) == [("deleted", None, "yes"), ("deleted", "yes", None)]


def test_several_things_at_once_are_told_with_the_version(catalogue: Catalogue) -> None:
    catalogue.put([SHEEP], at=NOW)
    two = (*SHEEP.versions, Version(2, "2026-11-20"))
    catalogue.put([replace(SHEEP, title="Counting Goats", versions=two)], at=LATER)
    assert catalogue.events("2611.00001") == [
        Event(2, "2611.00001", "title", AT, 2, TITLE, "Counting Goats"),
        Event(1, "2611.00001", "version", AT, 2, "1", "2"),
    ]
    assert catalogue.events_after(1, 9) == catalogue.events("2611.00001")[:1]
    assert [event.kind for event in catalogue.events_after(0, 9, kinds=["version"])] == ["version"]
    assert len(catalogue.events_after(0, 1)) == 1


def test_a_batch_that_makes_a_paper_of_several_records_has_no_news(catalogue: Catalogue) -> None:
    raw = replace(SHEEP, source="arxiv-raw", title="Counting Goats", versions=(*SHEEP.versions, Version(2)))
    catalogue.put([SHEEP, raw], at=NOW)
    assert catalogue.events_after(0, 9) == []


def test_events_follow_their_paper_into_another_and_back(catalogue: Catalogue) -> None:
    cited = record(None, "Sheep, Counted Sparsely", "records:b", identifiers=(DOI,))
    catalogue.put([SHEEP, cited], at=NOW)
    catalogue.put([replace(cited, venue="Journal of Sheep")], at=LATER)
    catalogue.put([replace(SHEEP, title="Counting Goats")], at=LATER)
    merge = catalogue.merge("2611.00001", "doi:10.1000/sheep", reason="by hand", at=LATER)
    kinds = [(event.kind, event.paper) for event in catalogue.events("2611.00001")]
    assert kinds[-2:] == [("title", "2611.00001"), ("venue", "2611.00001")]
    assert {event.paper for event in catalogue.events_after(0, 9)} == {"2611.00001"}
    catalogue.split(merge.number, at=LATER)
    assert [event.kind for event in catalogue.events("doi:10.1000/sheep")] == ["venue"]


def test_events_of_a_paper_that_nobody_speaks_of_any_longer_are_left_out(catalogue: Catalogue) -> None:
    catalogue.put([SHEEP, record("2611.00002", "Folding Maps along Rivers", "arxiv")], at=NOW)
    catalogue.put([replace(SHEEP, title="Counting Goats")], at=LATER)
    catalogue.put([record("2611.00002", "Folding Maps along Rivers, Again", "arxiv")], at=LATER)
    # The key is given to another paper: the first is gone.
    catalogue.put(
        [record("2611.00002", "Folding Maps along Rivers, Again", "arxiv", source_key="2611.00001")], at=LATER
    )
    assert [event.paper for event in catalogue.events_after(0, 1)] == ["2611.00002"]
