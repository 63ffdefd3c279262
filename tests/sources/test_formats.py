"""The JSON formats, each by an invented sample: records, the arXiv snapshot, daily lines, API answers."""

import json
from pathlib import Path
from typing import Any

import pytest

from broadsheet.types import Author, Identifier, Record, Version
from tests.sources.kit import GOLDEN, put, records, refusals


def line(folder: Path, **fields: Any) -> Record:
    """The record of one line with these fields."""
    (record,) = records(put(folder, json.dumps(fields)))
    return record


def test_records_carry_all_fields() -> None:
    birds, knots, preface, lamps = records(GOLDEN / "records.jsonl")
    assert birds == Record(
        source="records:records.jsonl",
        source_key="2401.00017",
        title="Counting Birds with Very Small Networks",
        abstract="We count birds.",
        authors=(Author("Nora Feldt"), Author("Imre Vass")),
        categories=("cs.CV", "cs.LG"),
        published="2024-01-03",
        identifiers=(Identifier("arxiv", "2401.00017"),),
        comment="9 pages",
    )
    assert knots.title == "On Knots of Rope"
    assert knots.abstract == "A knot is tied.\n\nThen it is untied."
    assert knots.authors == (Author("Pia Lund", "Harbour School", "0000-0001-0000-0009"),)
    assert knots.categories == ("math.GT", "math-ph")
    assert knots.published == "2006-11"
    assert knots.identifiers == (Identifier("arxiv", "math/0611800"), Identifier("doi", "10.1000/knot.7"))
    assert preface.authors == (Author("Ada Brook"), Author("Bo Crane Jr."))
    assert (preface.source, preface.source_key) == ("records:records.jsonl", "preface:brook:2019")
    assert (preface.abstract, preface.announced) == ("This volume collects …", "2019-05-06")
    assert lamps == Record(
        source="records:records.jsonl",
        source_key="doi:10.1000/lamp",
        title="Lamps",
        summary="Lamps are compared.",
        author_count=12,
        identifiers=(
            Identifier("doi", "10.1000/lamp"),
            Identifier("pmid", "123"),
            Identifier("openreview", "AbCdEf_1"),
            Identifier("acl", "p18-1001"),
        ),
        journal_ref="J. Light 3",
        licence="CC BY 4.0",
        versions=(Version(1), Version(2, "2020-02-02"), Version(3)),
        withdrawn=True,
        links=("https://example.org/lamps",),
        keywords=("light", "glass"),
        votes=4,
        comments=2,
        edition="2020-02-03",
        position=7,
    )


def test_records_without_an_id_have_keys_of_their_own(tmp_path: Path) -> None:
    content = [
        {"title": "Preface", "authors": ["A. Brook"]},
        {"title": "Preface", "authors": ["B. Crane"]},
        {"title": "Preface", "authors": ["A. Brook"], "published": "2020-01-01"},
        {"title": "Preface", "source_key": "shelf 9"},
        {"title": "Preface", "id": "bs:preface"},
        {"title": "???"},
    ]
    found = records(put(tmp_path, "\n".join(map(json.dumps, content))))
    assert [record.source_key for record in found] == [
        "preface:brook",
        "preface:crane",
        "preface:brook:2020",
        "shelf 9",
        "bs:preface",
        "???",
    ]
    assert [record.identifiers for record in found] == [()] * len(found)


def test_comments_that_are_text_are_the_authors_comment(tmp_path: Path) -> None:
    record = line(tmp_path, title="T", comments="9 pages")
    assert (record.comment, record.comments) == ("9 pages", None)


def test_an_abstract_that_was_cut_off_says_so_once(tmp_path: Path) -> None:
    assert line(tmp_path, title="T", abstract="Cut in the midd", truncated=True).abstract == "Cut in the midd …"
    assert line(tmp_path, title="T", abstract="Cut in the...", truncated=True).abstract == "Cut in the..."
    assert line(tmp_path, title="T", abstract="Whole.", truncated=False).abstract == "Whole."


def test_the_snapshot_is_understood() -> None:
    waves, pearls = records(GOLDEN / "snapshot.json")
    assert waves == Record(
        source="arxiv-snapshot",
        source_key="0704.0101",
        title="Waves at a Pier",
        abstract="Waves arrive at a pier.\n\nThey leave again.",
        authors=(
            Author("Olga Reed", "Seaside"),
            Author("Tom Hale Jr.", "Inland; Hilltop"),
            Author("Pier Collaboration"),
        ),
        categories=("physics.ao-ph", "physics.flu-dyn"),
        published="2007-04-02",
        updated="2007-07-24",
        identifiers=(
            Identifier("arxiv", "0704.0101"),
            Identifier("doi", "10.1000/pier.1"),
            Identifier("doi", "10.1000/pier.2"),
        ),
        comment="3 pages",
        journal_ref="J. Tides 1 (2007) 5",
        licence="http://creativecommons.org/licenses/by/4.0/",
        versions=(Version(1, "2007-04-02"), Version(2, "2007-07-24")),
        submitted="2007-04-02T19:18:42Z",
    )
    assert pearls.authors == (Author("Olga Reed"), Author("T. Hale Jr."), Author("P. Quill"))
    assert (pearls.published, pearls.updated, pearls.withdrawn) == ("1999-01-22", None, True)


def test_an_id_of_the_snapshot_is_never_a_number(tmp_path: Path) -> None:
    path = put(tmp_path, '{"id": 704.0101, "title": "T", "update_date": "2008-01-01", "versions": []}\n')
    assert refusals(path)[1].startswith("id is the number 704.0101: write it as text")


@pytest.mark.parametrize(
    ("versions", "submitted"),
    [
        ([{"version": "v1", "created": "Sun, 8 Mar 2026 02:30:00 -0500"}], "2026-03-08T07:30:00Z"),
        ([{"version": "v1", "created": "2026-03-08"}], None),
        ([{"version": "v2", "created": "Mon, 9 Mar 2026 02:30:00 GMT"}], None),
        ([{"version": "v1"}], None),
    ],
)
def test_the_instant_of_submission_is_that_of_the_first_version(
    versions: list[dict[str, str]], submitted: str | None, tmp_path: Path
) -> None:
    assert (
        line(tmp_path, id="2603.00001", title="T", versions=versions, update_date="2026-03-10").submitted == submitted
    )


def test_a_snapshot_line_without_versions_has_its_record_date(tmp_path: Path) -> None:
    record = line(tmp_path, id="0704.0101", title="T", authors_parsed=[["Reed", "Olga"]], update_date="2008-01-02")
    assert (record.published, record.updated, record.authors) == (None, "2008-01-02", (Author("Olga Reed"),))


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("A. One, B. Two and C. Three", ["A. One", "B. Two", "C. Three"]),
        ("A. One (1), B. Two ((1) Here, There (2) Away), and C. Three", ["A. One", "B. Two", "C. Three"]),
        ("A. One; B. Two & C. Sandman", ["A. One", "B. Two", "C. Sandman"]),
        ("A. One, Jr., B. Two, III", ["A. One Jr.", "B. Two III"]),
        ("", []),
        (" , and ", []),
    ],
)
def test_authors_in_one_string_are_told_apart(written: str, names: list[str], tmp_path: Path) -> None:
    assert [author.name for author in line(tmp_path, title="T", authors=written).authors] == names


def test_daily_lines_make_editions() -> None:
    kites, hot, second, next_day = records(GOLDEN / "daily_lines.jsonl")
    assert kites == Record(
        source="morning-list",
        source_key="2603.00011",
        title="Kites",
        author_count=4,
        published="2026-02-27",
        identifiers=(Identifier("arxiv", "2603.00011"),),
        links=("https://example.org/kites/code", "https://example.org/kites"),
        keywords=("wind",),
        votes=5,
        comments=1,
        edition="2026-03-02",
        position=1,
    )
    assert [(r.source, r.edition, r.position, r.votes) for r in (hot, second, next_day)] == [
        ("hot-list", "2026-03-02", 3, None),
        ("morning-list", "2026-03-02", 2, None),
        ("morning-list", "2026-03-03", 1, None),
    ]


def test_daily_lines_under_a_given_name_keep_their_feeds_apart() -> None:
    assert {record.source for record in records(GOLDEN / "daily_lines.jsonl", name="mine")} == {
        "mine:morning-list",
        "mine:hot-list",
    }


def test_an_api_answer_makes_an_edition() -> None:
    gears, springs, levers = records(GOLDEN / "daily_api.json")
    assert gears == Record(
        source="daily-api",
        source_key="2601.00001",
        title="Gears that Learn",
        abstract="Gears are trained.",
        summary="A machine's sentence about gears.",
        authors=(Author("Ida Moss"), Author("Leo Park")),
        published="2026-01-01",
        identifiers=(Identifier("arxiv", "2601.00001"),),
        links=("https://example.org/gears/code", "https://example.org/gears"),
        keywords=("gears", "training"),
        votes=12,
        comments=3,
        stars=7,
        edition="2026-01-02",
        position=1,
    )
    # Submitted at 20:15 in New York, when the edition of the 6th was open; and withdrawn later.
    assert (springs.edition, springs.position, springs.withdrawn) == ("2024-12-06", 1, True)
    # A search answer repeats the paper's own date, shifted: no edition.
    assert (levers.edition, levers.position) == (None, None)


@pytest.mark.parametrize(
    ("submitted", "edition"),
    [
        ("2025-03-05T12:00:00.000Z", "2025-03-05"),
        ("2025-03-06T01:59:00.000Z", "2025-03-05"),
        ("2025-03-06T02:01:00.000Z", "2025-03-06"),
        ("2025-03-05", None),
        ("0001-01-01T00:00:00Z", None),
        ("whenever", None),
        (None, None),
    ],
)
def test_the_edition_of_an_old_answer_is_that_of_the_submission(
    submitted: str | None, edition: str | None, tmp_path: Path
) -> None:
    item = {"paper": {"id": "2503.00001", "title": "T"}, "publishedAt": submitted, "submittedBy": {"name": "kim"}}
    assert line(tmp_path, **item).edition == edition


def test_one_papers_info_is_no_place_in_a_list() -> None:
    (gears,) = records(GOLDEN / "paper_info.json")
    assert (gears.title, gears.votes, gears.edition, gears.position) == ("Gears that Learn", 13, "2026-01-02", None)
