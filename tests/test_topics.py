"""Topics and trends: through the library's door, as pages, and their charts and numbers."""

import csv
import io
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from broadsheet import ingest
from broadsheet import library as door
from broadsheet.errors import Busy, NotFound, Refused
from broadsheet.library import Library, topics
from broadsheet.ranking import growth
from broadsheet.types import Grown, TopicKind
from broadsheet.web.topics import charts
from tests.clients import TestClient
from tests.conftest import NOW
from tests.e2e.site import filled, hostile, site
from tests.papers import write_lines


def papers() -> Iterator[dict[str, object]]:
    """Two years of sheep: first in fields, then counted by lanterns; and a goat each month."""
    for place in range(48):
        year, month = 2024 + place // 24, 1 + place // 2 % 12
        late = year == 2025
        yield {
            "id": f"{year % 100:02}{month:02}.{place + 1:05}",
            "title": f"{'Lantern Grids for' if late else 'Green Fields and'} Sheep, Part {place}",
            "abstract": "They graze." + (" By light." if late else " In lighted fields."),
            "authors": ["Ada Lovelace", "Grace Hopper" if late else "Emmy Noether"],
            "categories": ["cs.LG", "stat.ML"] if late else ["cs.CV"],
            "published": f"{year}-{month:02}-05",
        }
        if place % 2:
            yield {
                "id": f"{year % 100:02}{month:02}.{place + 9001:05}",
                "title": f"Goats, Part {place}",
                "abstract": "They climb.",
                "authors": ["Lise Meitner"],
                "published": f"{year}-{month:02}-06",
            }


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    yearly: tuple[dict[str, object], ...] = (
        {"id": "10.1000/year", "title": "Sheep of a Year", "published": "2023", "abstract": "Only its year is known."},
    )
    with filled(tmp_path_factory.mktemp("topics"), papers(), yearly, hostile()) as opened:
        yield opened


@pytest.fixture
def client(library: Library) -> TestClient:
    return TestClient(site(library, address="https://papers.example.org"), follow_redirects=False)


def test_a_keyword_has_its_months_its_growth_and_its_neighbours(library: Library) -> None:
    found = library.topic(TopicKind.KEYWORD, "sheep", limit=5)
    assert (found.total, len(found.papers)) == (49, 5)
    assert [month for month, _ in found.months][:2] == ["2023-01", "2023-02"]
    assert found.months[-1] == ("2025-12", 2)
    assert sum(count for _, count in found.months) == 49, "one, of which only the year is known, is in January"
    assert found.grown[0] == Grown("lantern grids", 24, 0)
    assert not any("sheep" in one.words for one in found.grown)
    assert {"lantern grids", "green fields"} <= set(found.words)
    assert found.categories[:1] == [("cs.CV", 24)]
    assert ("Ada Lovelace", 48) in found.authors


def test_an_author_has_coauthors_and_a_category_has_neighbours(library: Library) -> None:
    ada = library.topic(TopicKind.AUTHOR, 'Ada "Lovelace')
    assert ada.total == 48
    assert dict(ada.authors) == {"Emmy Noether": 24, "Grace Hopper": 24}
    learning = library.topic(TopicKind.CATEGORY, "CS.lg")
    assert (learning.name, learning.total, learning.categories) == ("cs.LG", 24, [("stat.ML", 24)])


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (TopicKind.KEYWORD, "qwxyz"),
        (TopicKind.KEYWORD, '"'),
        (TopicKind.KEYWORD, "x" * 300),
        (TopicKind.AUTHOR, "Nobody Atall"),
        (TopicKind.CATEGORY, "no category"),
        (TopicKind.CATEGORY, "math.CO"),
    ],
)
def test_what_no_paper_is_on_is_not_found(library: Library, kind: TopicKind, name: str) -> None:
    with pytest.raises(NotFound):
        library.topic(kind, name)


def test_trends_count_every_month_and_the_whole(library: Library) -> None:
    found = library.trends(
        [
            "sheep",
            "goats",
            "lantern sheep",
            "sheep goats",
            "author:Meitner",
            "(((",
        ]
    )
    counts = {one.query: dict(zip(found.months, one.counts, strict=True)) for one in found.series}
    assert (found.months[0], found.totals[0]) == ("2023-01", 1)
    assert found.totals[12:36] == [3] * 24
    assert set(counts["sheep"].values()) == {0, 1, 2}
    assert sum(counts["goats"].values()) == sum(counts["author:Meitner"].values()) == 24
    assert sum(counts["lantern sheep"].values()) == 24
    assert sum(counts["sheep goats"].values()) == 0, "all of the words, or nothing"
    with pytest.raises(Refused, match="At most 6"):
        library.trends(["a"] * 7)
    with pytest.raises(Refused, match="200 characters"):
        library.trends(["a" * 201])


def test_trends_count_words_in_their_own_form(library: Library) -> None:
    found = library.trends(["light", '"lights"', "lighted OR climb", "grazing", "light author:Noether"])
    own, quoted, either, other, of_one = found.series
    assert dict(zip(found.months, own.counts, strict=True)) == {
        month: 2 * month.startswith("2025") for month in found.months
    }
    assert own.notes == []
    assert quoted.counts == own.counts
    assert sum(either.counts) == 48
    assert (sum(other.counts), other.notes) == (
        48,
        ["No paper has all the words as they are written: here they count with all their endings."],
    )
    assert sum(of_one.counts) == 24, "of whom only the index knows, none wrote so; so the endings count"


def test_trends_of_very_many_papers_count_endings_and_say_so(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topics, "MOST_READ", 47)
    (series,) = library.trends(["lighting"]).series
    assert sum(series.counts) == 48
    assert series.notes == ["More than 47 papers: here words count with all their endings."]


def test_without_an_index_nothing_is_claimed(tmp_path: Path) -> None:
    with door.open(tmp_path, clock=lambda: NOW, follow=False) as empty:
        assert empty.trends(["sheep"]).months == []
        path = write_lines(tmp_path / "papers.jsonl")
        ingest.import_file(empty.catalogue, path, now=lambda: NOW)
        with pytest.raises(Busy):
            empty.topic(TopicKind.KEYWORD, "sheep")
        with pytest.raises(Busy):
            empty.trends(["sheep"])


def test_pages_say_what_the_library_says(client: TestClient) -> None:
    page = client.get("/topics/sheep").text
    assert "49 papers" in page
    assert 'href="/topics/lantern%20grids"' in page
    assert 'href="/authors/Ada%20Lovelace"' in page
    assert 'type="application/atom+xml" href="/topics/sheep.atom"' in page
    assert client.get("/categories/CS.lg").headers["location"] == "/categories/cs.LG"
    assert "Machine Learning" in client.get("/categories").text
    assert client.get("/topics/qwxyz").status_code == 404
    assert client.get("/trends?" + "&".join(["q=a"] * 1 + [f"q=b{n}" for n in range(7)])).status_code == 200
    assert "At most 6 queries" in client.get("/trends?" + "&".join(f"q=b{n}" for n in range(7))).text
    assert client.get("/trends.csv?" + "&".join(f"q=b{n}" for n in range(7))).status_code == 400


def test_numbers_are_downloaded(client: TestClient) -> None:
    rows = list(csv.reader(io.StringIO(client.get("/trends.csv?q=sheep&q=%3Dgoats").text)))
    assert rows[0] == ["month", "papers", "sheep", "'=goats"]
    assert rows[13][:3] == ["2024-01", "3", "2"]
    data = client.get("/trends.json?q=sheep").json()
    assert data["series"][0]["counts"][12:14] == [2, 2]
    assert len(data["months"]) == len(data["papers"])


def drawn(svg: str) -> etree._Element:
    return etree.fromstring(svg)


@given(
    st.lists(st.integers(0, 10**6), min_size=1, max_size=60),
    st.lists(st.text(st.characters(exclude_categories=["C"]), max_size=30), min_size=1, max_size=6),
)
def test_any_numbers_make_a_chart(counts: list[int], names: list[str]) -> None:
    months = [f"{2000 + place // 12}-{1 + place % 12:02}" for place in range(len(counts))]
    root = drawn(charts.bars(months, counts, names[0]))
    assert root.get("aria-label") == names[0]
    shares = [None if count % 7 == 0 else count / 10**6 for count in counts]
    root = drawn(charts.lines(months, [charts.Line(name, shares) for name in names], "t"))
    places = [float(text.get("y", "")) for text in root.iter("{*}text") if "name" in text.get("class", "")]
    assert len(places) == len(names)
    assert all(later - earlier > 10 for earlier, later in pairwise(sorted(places))), "no label lies on another"
    assert all(0 <= place <= 360 for place in places)
    assert not re.search(r"\s(?:style|on\w+)=", charts.bars(months, counts, "t"))


def test_growth_needs_evidence() -> None:
    for newer, older in (
        (3 * ["Kites fly"], 3 * ["Kites fly"]),
        (3 * ["Kites fly"], []),
        (2 * ["Kite"], 50 * ["Ladder"]),
    ):
        assert growth.told(newer, older)[0] == []
    grown, _ = growth.told(["Kites of $x$"] * 9, ["Old Ladders"] * 9, known="ladders")
    assert grown[0] == Grown("kites", 9, 0)


@given(st.lists(st.text(max_size=40), max_size=12), st.lists(st.text(max_size=40), max_size=12))
def test_any_titles_have_a_growth(newer: list[str], older: list[str]) -> None:
    grown, commonest = growth.told(newer, older)
    assert all(3 <= one.newer <= len(newer) for one in grown)
    assert len(commonest) <= 12
