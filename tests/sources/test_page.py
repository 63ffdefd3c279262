"""Saved pages: titles, abstracts, counts and dates are told from layout alone."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from broadsheet.errors import BadSource
from broadsheet.types import Record
from tests.sources.kit import GOLDEN, put, read, records, refusals

WORDS = "An invented abstract of some length, with nothing in it. " * 8
HEADING = "Daily Papers\n\nbyAK and the research community\n\n{}\n\n"


def page(folder: Path, *papers: str, day: str = "Dec 8", saved: str = "2026-11-20") -> Path:
    path = put(folder, HEADING.format(day) + "\n\n".join(papers), "page")
    instant = datetime.fromisoformat(saved).replace(tzinfo=UTC).timestamp()
    os.utime(path, (instant, instant))
    return path


def paper(title: str, footer: str = "", abstract: str = WORDS) -> str:
    return f"{title}\n\n{abstract}" + (f"\n\n  • 4 authors\n·\n{footer}" if footer else "")


def test_a_search_answer_is_read() -> None:
    found = records(GOLDEN / "page.txt")
    assert [(r.title, r.votes, r.author_count, r.published, r.comments) for r in found] == [
        ("Measuring Clouds with a Pencil", None, 4, "2024-06-24", None),
        ("On shadows", None, 1, "2025-10-14", 2),
        ("Puddles Without a Footer", None, None, None, None),
        ("Hedgehog", 3, 40, "2019-12-31", 12),
        ("10 Open Questions about Snow", None, 2, "2020-02-29", None),
        ("60 GHz Bells", None, 2, "2024-12-20", None),
    ]
    assert {record.edition for record in found} == {None}
    assert [record.source_key for record in found][:2] == ["measuringcloudswithapencil", "onshadows"]
    assert all(record.abstract and record.abstract.startswith("This is an invented") for record in found)
    last = found[-1].abstract or ""
    assert last.split("\n\n")[1:5] == ["We consider", "x = y + z", "(i) first, and", "Results"]


def test_a_page_without_footers_is_read() -> None:
    found = records(GOLDEN / "page_bare.txt")
    assert [record.title for record in found] == [
        "Measuring Clouds with a Pencil",
        "sharpPencil: Faster Lines",
        "What Do Owls Want?",
    ]
    assert {(record.author_count, record.published, record.edition) for record in found} == {(None, None, None)}


def test_a_days_edition_is_one_with_upvotes_and_windows_line_ends(tmp_path: Path) -> None:
    text = (GOLDEN / "page_edition.txt").read_bytes().replace(b"\n", b"\r\n")
    items = read(put(tmp_path, text))
    found = [item.result for item in items if isinstance(item.result, Record)]
    assert [(r.title, r.votes, r.comments, r.published, r.edition, r.position) for r in found] == [
        ("Measuring Clouds with a Pencil", 12, 1, "2026-03-03", "2026-03-04", 1),
        ("10 Open Questions about Snow", 7, None, "2026-03-02", "2026-03-04", 2),
        ("Owls", 5, None, "2026-02-27", "2026-03-04", 3),
    ]
    assert refusals(put(tmp_path, text)) == {
        37: "a line that stands alone: it has no abstract and no footer, so it is no paper"
    }


@pytest.mark.parametrize(
    ("title", "votes", "kept"),
    [
        ("2 Hedgehog 2 Curious", 2, "Hedgehog 2 Curious"),
        ("128 Bells", None, "128 Bells"),
        ("10 Open Challenges in Weather", None, "10 Open Challenges in Weather"),
        ("60 GHz Bells", None, "60 GHz Bells"),
        ("2021 Roadmap of Fog", None, "2021 Roadmap of Fog"),
        ("19 dubious ways to count", None, "19 dubious ways to count"),
        ("3D Snow", None, "3D Snow"),
        ("3 + 4", None, "3 + 4"),
        ('15 "Quoted" Owl', 15, '"Quoted" Owl'),
    ],
)
def test_a_number_before_a_title_counts_upvotes_unless_it_is_the_titles(
    title: str, votes: int | None, kept: str, tmp_path: Path
) -> None:
    others = [paper("Fog", "May 6, 2024"), paper("Rain", "May 7, 2024")]
    found = records(page(tmp_path, paper(title, "May 5, 2024"), *others))
    assert (found[0].title, found[0].votes) == (kept, votes)
    assert [record.votes for record in found[1:]] == [None, None]


def test_upvotes_may_stand_on_a_line_of_their_own(tmp_path: Path) -> None:
    found = records(page(tmp_path, "17", paper("Fog", "May 6, 2024"), "3", paper("Rain", "May 7, 2024")))
    assert [(record.title, record.votes) for record in found] == [("Fog", 17), ("Rain", 3)]


@pytest.mark.parametrize(
    ("day", "saved", "dates", "years"),
    [
        # A search's answer: the page is of the year after the newest one on it, however old the file is.
        ("Dec 8", "2026-11-20", ["May 6, 2024", "May 7, 2019", "May 8, 2023", "Oct 14"], [2024, 2019, 2023, 2025]),
        ("Dec 8", "2026-11-20", ["May 6, 2021", "May 7, 2019", "May 8, 2020", "Oct 14"], [2021, 2019, 2020, 2022]),
        # Few years on it: the last time that the day came round.
        ("Dec 8", "2026-11-20", ["May 6", "May 7, 2019", "Oct 14"], [2025, 2019, 2025]),
        ("Nov 20", "2026-11-20", ["May 6", "Oct 14"], [2026, 2026]),
        ("Dec 8", "2025-01-10", ["May 6", "Oct 14"], [2024, 2024]),
        # After the page's own day in its year: of the year before.
        ("Jan 3", "2026-11-20", ["Dec 30", "Jan 2"], [2025, 2026]),
        # The heading may have a year; a file's date may be false.
        ("Dec 8, 2023", "2026-11-20", ["May 6", "Oct 14"], [2023, 2023]),
        ("Dec 8", "1980-01-01", ["May 6", "Oct 14"], [2025, 2025]),
        ("Dec 8", "2024-01-10", ["May 6, 2024", "Oct 14"], [2024, 2025]),
    ],
)
def test_years_that_are_left_out_are_found(
    day: str, saved: str, dates: list[str], years: list[int], tmp_path: Path
) -> None:
    papers = [paper(f"Fog {letter}", footer) for letter, footer in zip("ABCD", dates, strict=False)]
    found = records(page(tmp_path, *papers, day=day, saved=saved))
    assert [int((record.published or "0")[:4]) for record in found] == years


def test_29_february_is_unknown_in_other_years(tmp_path: Path) -> None:
    assert records(page(tmp_path, paper("Fog", "Feb 29"), day="Mar 1", saved="2026-03-02"))[0].published is None
    assert records(page(tmp_path, paper("Fog", "Feb 29"), day="Mar 1", saved="2024-03-02"))[0].published == "2024-02-29"


def test_layouts_without_blank_lines_and_on_one_line_are_read(tmp_path: Path) -> None:
    text = f"Daily Papers\nDec 8\nFog\n{WORDS}\n• 1 author · May 6, 2024 3\n"
    text += f"Rain\n{WORDS}\n\n  • 12 authors\n\n·\n\nMay 7, 2024"
    found = records(put(tmp_path, text))
    assert [(r.title, r.author_count, r.published, r.comments) for r in found] == [
        ("Fog", 1, "2024-05-06", 3),
        ("Rain", 12, "2024-05-07", None),
    ]
    assert {record.abstract for record in found} == {WORDS.strip()}


def test_sentences_about_authors_are_no_footers(tmp_path: Path) -> None:
    first, second = WORDS.strip(), f"3 authors of this paper are invented. {WORDS}".strip()
    (record,) = records(page(tmp_path, paper("Fog", "May 6, 2024", f"{first}\n\n{second}")))
    assert record.abstract == f"{first}\n\n{second}"
    assert record.author_count == 4


def test_a_paper_may_lack_its_abstract(tmp_path: Path) -> None:
    text = "Fog\n\n  • 2 authors\n·\nMay 6, 2024"
    (fog, rain) = records(page(tmp_path, text, paper("Rain", "May 7, 2024")))
    assert (fog.title, fog.abstract, fog.author_count) == ("Fog", None, 2)
    assert rain.title == "Rain"


def test_dates_in_the_future_and_lost_abstracts_are_refused(tmp_path: Path) -> None:
    path = page(tmp_path, paper("Fog", "May 6, 2031"), f"{WORDS}\n\n  • 2 authors\n·\nMay 6, 2024")
    assert list(refusals(path).values()) == ["published 2031-05-06 lies in the future", "an abstract without a title"]


def test_a_page_is_told_by_its_footers_where_the_heading_is_lost(tmp_path: Path) -> None:
    path = put(tmp_path, paper("Fog", "May 6, 2024") + "\n\n" + paper("Rain", "May 7, 2024"))
    assert [record.title for record in records(path)] == ["Fog", "Rain"]


def test_a_page_without_end_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path, HEADING.format("Dec 8") + "word " * (7 * 2**20))
    with pytest.raises(BadSource, match="no saved page is so long"):
        read(path)
