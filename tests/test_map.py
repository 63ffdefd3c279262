"""The map through the library's door and as pages: points, titles, regions and lists."""

import re
import struct
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.errors import NotFound, Refused
from broadsheet.library import Library
from broadsheet.ranking import growth
from broadsheet.types import Atlas, Region, Span
from broadsheet.web.topics import mapping
from tests.clients import TestClient
from tests.e2e.site import filled, hostile, ordinary, site

BUDGET = 60_000
SUBJECTS = {
    "Sheep": "Sheep graze on green meadows while a shepherd and a dog look after the herd.",
    "Protein Folding": "Proteins fold into shapes that neural networks predict from amino acid sequences.",
    "Galaxy Surveys": "Telescopes observe galaxies and stars, and measure the redshift of the universe.",
    "Matrix Theory": "Eigenvalues of random matrices and the spectrum of linear operators on spaces.",
}
MAPS = (
    "/map",
    "/map?edition=2026-11-20",
    "/map?edition=2026-W47",
    "/map?edition=week",
    "/map?edition=1999-01-01",
    "/map?q=sheep",
    "/map?year=2025",
    "/map?q=proteins&year=2025&region=1",
    "/map?year=2025&region=2&page=2",
    "/map?q=qwxyz",
    "/map?year=20255",
    "/map?region=99&page=-1",
    "/map?q=" + "a" * 300,
    "/map?q=%F0%9F%90%91%00%22%3E%3Cb%3E",
)


def subjects(each: int = 60) -> Iterator[dict[str, object]]:
    """A year of papers on four things that have nothing to do with each other."""
    for place in range(each * len(SUBJECTS)):
        subject, about = list(SUBJECTS.items())[place % len(SUBJECTS)]
        yield {
            "id": f"25{1 + place % 12:02}.{place + 1:05}",
            "title": f"{subject}: Observation {place}",
            "abstract": about,
            "authors": ["Ada Lovelace"],
            "published": f"2025-{1 + place % 12:02}-05",
        }


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with filled(tmp_path_factory.mktemp("map"), subjects(), ordinary(), hostile()) as opened:
        opened.draw_map(lambda _done, _total: None)
        yield opened


@pytest.fixture(scope="module")
def client(library: Library) -> TestClient:
    return TestClient(site(library), follow_redirects=False)


def test_an_edition_stands_on_the_map_in_its_order(library: Library) -> None:
    found = library.atlas(Span.DAY, "2026-11-20")
    assert (found.key, found.total, len(found.numbers), len(found.x), len(found.region)) == ("2026-11-20", *[45] * 4)
    edition = library.edition(Span.DAY, "2026-11-20", limit=45)
    assert list(found.numbers) == [entry.paper.number for entry in edition.entries]
    assert sum(region.count for region in found.regions) == 45


def test_without_a_key_it_is_the_latest(library: Library) -> None:
    assert library.atlas(Span.MONTH).key == "2026-11"
    assert library.atlas(Span.DAY).key == library.edition(Span.DAY).key


def test_a_year_falls_into_regions_that_are_named_by_their_own_words(library: Library) -> None:
    found = library.atlas_of(since="2025", until="2025")
    assert found.total == len(found.numbers) == 240
    titles = {paper.number: paper.title.partition(":")[0] for paper in library.numbered(found.numbers)}
    for place, region in enumerate(found.regions):
        inside = [titles[number] for number in found.of(place)]
        main = max(set(inside), key=inside.count)
        assert inside.count(main) > 0.9 * len(inside), "one subject"
        assert region.count == len(inside)
        assert any(word in main.lower() for words in region.words for word in words.split()), (main, region.words)
    assert {titles[found.of(place)[0]] for place in range(len(found.regions))} == set(SUBJECTS)


def test_a_query_maps_what_has_its_words_and_the_same_every_time(library: Library) -> None:
    found = library.atlas_of(" protein   folding ")
    assert {paper.title.partition(":")[0] for paper in library.numbered(found.numbers)} == {"Protein Folding"}
    again = library.atlas_of("protein folding")
    assert (again.numbers, again.x, again.region) == (found.numbers, found.x, found.region)
    assert library.atlas_of("qwxyz") == Atlas(0, regions=[])
    with pytest.raises(Refused, match="200 characters"):
        library.atlas_of("a" * 201)


def test_what_is_no_day_is_not_found(library: Library) -> None:
    with pytest.raises(NotFound, match="2026-13-01"):
        library.atlas(Span.DAY, "2026-13-01")


def test_before_the_job_there_is_no_map_and_the_page_says_so(tmp_path: Path) -> None:
    with filled(tmp_path, ordinary(9)) as library:
        assert not library.atlas(Span.DAY, "2026-11-20").drawn
        client = TestClient(site(library))
        page = client.get("/map?edition=2026-11-20").text
        assert "The map is not drawn yet" in page
        assert "<canvas" not in page
        assert library.draw_map(lambda _done, _total: None) == 9
        assert "<canvas" in client.get("/map?edition=2026-11-20").text
        assert library.draw_map(lambda _done, _total: None) == 0


def test_an_empty_catalogue_has_a_page_too(tmp_path: Path) -> None:
    with filled(tmp_path) as library:
        assert library.draw_map(lambda _done, _total: None) == 0
        page = TestClient(site(library)).get("/map")
        assert page.status_code == 200
        assert "No papers here" in page.text


# Names of regions.


def test_words_that_set_titles_apart() -> None:
    groups = [
        ["Sheep of the Hills", "Sheep Counting", "Old Sheep"],
        ["Stars of the Hills", "Stars at Night", "Old Stars"],
    ]
    assert growth.telling(groups, limit=1) == [["sheep"], ["stars"]]
    assert growth.telling(groups, known="sheep", limit=1)[0] != ["sheep"]
    assert growth.telling([], limit=1) == []
    assert growth.telling([[], ["One Title Alone"]]) == [[], []]


@given(st.lists(st.lists(st.text(max_size=30), max_size=5), max_size=5))
@settings(max_examples=50)
def test_any_titles_have_names_for_every_group(groups: list[list[str]]) -> None:
    assert [len(one) <= 3 for one in growth.telling(groups)] == [True] * len(groups)


# Points and titles.


def test_points_are_as_they_are_told(client: TestClient, library: Library) -> None:
    answer = client.get("/map.bin?edition=2026-11-20")
    body, found = answer.content, library.atlas(Span.DAY, "2026-11-20")
    assert (body[:4], struct.unpack_from("<I", body, 4)) == (b"BMAP", (45,))
    assert len(body) == 8 + 45 * 9
    assert struct.unpack_from("<45I", body, 8) == tuple(found.numbers)
    assert struct.unpack_from("<45H", body, 8 + 45 * 4) == tuple(found.x)
    assert struct.unpack_from("<45H", body, 8 + 45 * 6) == tuple(found.y)
    assert tuple(body[8 + 45 * 8 :]) == tuple(found.region)
    again = client.get("/map.bin?edition=2026-11-20", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_titles_come_a_few_at_a_time(client: TestClient, library: Library) -> None:
    paper = library.paper("2611.00101")
    found = client.get(f"/map.json?of={paper.number},9999999,x,-1,").json()
    assert found == {str(paper.number): [paper.title, "/papers/2611.00101"]}
    assert client.get("/map.json").json() == {}
    refused = client.get("/map.json?of=" + ",".join(map(str, range(65))))
    assert refused.status_code == 400
    assert "At most 64 titles" in refused.text


# Pages.


@pytest.mark.parametrize("path", MAPS)
def test_every_map_is_valid_and_within_its_bytes(client: TestClient, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 200
    html5lib.HTMLParser(strict=True).parse(page.text)
    linked = set(re.findall(r'(?:href|src)="(/static/[^"]*\.(?:css|js)[^"]*)"', page.text))
    assert len(linked) == 4
    assert len(page.content) + sum(len(client.get(one).content) for one in linked) <= BUDGET
    assert "style=" not in page.text


@pytest.mark.parametrize("edition", ["2026-13-01", "2026-W60", "0000-00", "yesterday", "2026", "<b>", "２０２６-11-20"])
def test_what_is_no_edition_is_said(client: TestClient, edition: str) -> None:
    for path in ("/map", "/map.bin"):
        answer = client.get(path, params={"edition": edition})
        assert answer.status_code == 404
    assert "There is no" in client.get("/map", params={"edition": edition}).text


def test_the_list_has_every_paper_of_a_small_edition(client: TestClient, library: Library) -> None:
    page = client.get("/map?edition=2026-11-20").text
    listed = re.findall(r'<li><a href="(/papers/[^"]+)">', page)
    edition = library.edition(Span.DAY, "2026-11-20", limit=45)
    assert sorted(listed) == sorted(f"/papers/{entry.paper.id}" for entry in edition.entries)
    assert page.index("<canvas") < page.index(listed[0])


def test_a_large_map_lists_some_of_each_region_and_leads_to_all(client: TestClient, library: Library) -> None:
    found = library.atlas_of(since="2025", until="2025")
    page = client.get("/map?year=2025").text
    assert page.count("<section data-region=") == len(found.regions)
    address = re.search(r'href="(/map\?year=2025&amp;region=1)">All (\d+) of this cluster', page)
    assert address
    seen, here = set(), address[1].replace("&amp;", "&")
    while here:
        one = client.get(here).text
        seen |= set(re.findall(r'<li><a href="(/papers/[^"]+)">', one))
        following = re.search(r'href="(/map[^"]*)" rel="next"', one)
        here = following[1].replace("&amp;", "&") if following else ""
    assert len(seen) == int(address[2]) == found.regions[0].count


def test_regions_of_titles_that_say_nothing_have_names_of_their_own(tmp_path: Path) -> None:
    numbered = ({**row, "title": f"{place}/{place}"} for place, row in enumerate(subjects(6)))
    with filled(tmp_path, numbered) as library:
        library.draw_map(lambda _done, _total: None)
        page = TestClient(site(library)).get("/map?year=2025").text
    names = re.findall(r"<section data-region=[^>]*>\s*<h2[^>]*>([^<]+)<", page)
    assert [name.strip() for name in names] == ["Of many kinds", "Of many kinds (2)", "Of many kinds (3)"]


def test_regions_near_each_other_differ_in_colour() -> None:
    row = [Region([], 1, 1_000 * place, 0) for place in range(12)]
    colours = mapping._colours(row)
    assert set(colours) == set(range(1, mapping.COLOURS + 1))
    assert all(one != other for one, other in pairwise(colours))
