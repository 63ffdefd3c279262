"""Pages of trending, downloads, small lines on a paper's page, and who counts as a reader."""

import csv
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from pathlib import Path

import pytest
from pyarrow import parquet

from broadsheet.library import Library
from broadsheet.ranking import WEIGHTS
from broadsheet.types import ANYONE, Identifier, Signal
from tests import byhand
from tests.clients import TestClient
from tests.conftest import NOW
from tests.e2e.site import SPECIAL, filled, hostile, ordinary, site
from tests.visitors import asking

READER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
BUDGET = 60_000  # bytes of a page with all it links to


def day(ago: int) -> str:
    return (NOW.date() - timedelta(days=ago)).isoformat()


def counted(key: str, kind: str, source: str, *totals: tuple[int, int]) -> list[Signal]:
    return [Signal(Identifier("key", key), kind, source, day(ago), total) for ago, total in totals]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    home = tmp_path_factory.mktemp("rising")
    with filled(home, ordinary(), SPECIAL, hostile()) as opened:
        signals = counted("2611.00001", "votes", "here", (9, 2), (2, 12), (0, 14))
        signals += counted("2611.00001", "stars", "github", (20, 900), (6, 1_300))
        signals += counted("2611.00001", "votes", "hf-daily", (2, 31))
        for number in range(101, 141):
            signals += counted(f"2611.{number:05}", "votes", "here", (1, 1 + number % 7))
            signals += counted(f"2611.{number:05}", "reads", "here", (1, 3), (0, 3 + number % 5))
            signals += counted(f"2611.{number:05}", "comments", "here", (1, 1))
        signals += counted("hep-th/9901001", "citations", "openalex", (3, 80))
        signals += counted("2611.00900", "votes", "here", (0, 2)) + counted("2611.00901", "votes", "here", (0, 1))
        opened.catalogue.put_signals(signals)
        yield opened


@pytest.fixture
def client(library: Library) -> TestClient:
    reader = replace(ANYONE, address="203.0.113.7")
    return TestClient(asking(site(library), reader), follow_redirects=False, headers=READER)


def text(page: str) -> str:
    body = page.partition("<main")[2].partition(">")[2].partition("</main>")[0]
    return unescape(" ".join(re.sub(r"<[^>]*>", " ", body).split()))


def titles(page: str) -> list[str]:
    return re.findall(r'<h2><a href="/papers/([^"]+)"', page)


def test_trending_shows_what_each_papers_points_are_made_of(client: TestClient, library: Library) -> None:
    page = client.get("/trending").text
    found = library.trending().entries
    assert titles(page) == [one.paper.id for one in found]
    shown = text(page)
    for one in found[:5]:
        assert f"{one.points:.1f} points" in shown
        for part in one.parts:
            row = next(row for row in WEIGHTS if row.signal == part.signal)
            assert f"{row.weight:g} × log2(1 + {part.fresh:.2f}) = {part.points:.2f}" in shown
    widths = [float(width) for width in re.findall(r'<rect class="[a-z-]+" x="[\d.]+" width="([\d.]+)"', page)]
    assert sum(widths[: len(found[0].parts)]) == pytest.approx(100, abs=0.1)


def test_the_reader_chooses_window_signals_and_category_in_the_address(client: TestClient) -> None:
    page = client.get("/trending?window=month&signals=votes,stars&category=cs.CL").text
    assert 'aria-current="page">Month' in page
    assert re.findall(r'value="([a-z-]+)" checked', page) == ["votes", "stars"]
    assert set(re.findall(r'<rect class="([a-z-]+)"', page)) == {"votes", "stars"}
    assert all(">cs.CL<" in card for card in page.split('<article class="card')[1:])
    assert "/trending?window=day&amp;signals=votes,stars&amp;category=cs.CL" in page
    form = client.get("/trending?window=month&signals=votes&signals=stars&category=cs.CL").text
    assert titles(form) == titles(page)
    everything = "&".join(f"signals={row.signal}" for row in WEIGHTS)
    assert titles(client.get(f"/trending?{everything}&category=").text) == titles(client.get("/trending").text)


def test_an_address_with_nonsense_is_answered_with_what_can_be_used(client: TestClient) -> None:
    response = client.get("/trending?window=aeon&signals=hearts,votes&category=zz.zz!&page=x")
    assert response.status_code == 200
    for words in ("no window “aeon”", "no signal “hearts”", "no category “zz.zz!”"):
        assert words in text(response.text)
    assert set(re.findall(r'<rect class="([a-z-]+)"', response.text)) == {"votes"}
    hostile = client.get("/trending?signals=<script>alert(1)</script>&category=%22><b>&window=%00")
    assert hostile.status_code == 200
    assert "<script>alert" not in hostile.text


def test_a_window_without_anything_says_so(client: TestClient) -> None:
    assert "Nothing was counted in this week that makes a paper trend." in text(
        client.get("/trending?signals=citations").text
    )


def test_pages_turn_and_keep_what_was_chosen(client: TestClient) -> None:
    first = client.get("/trending?signals=votes").text
    assert 'href="/trending?signals=votes&amp;page=2" rel="next"' in first
    second = client.get("/trending?signals=votes&page=2").text
    assert not set(titles(first)) & set(titles(second))
    assert '<span class="place">21</span>' in second
    beyond = client.get("/trending?signals=votes&page=99")
    assert (beyond.status_code, beyond.headers["location"]) == (302, "/trending?signals=votes&page=3")


def test_what_rose_and_fell_has_a_page(client: TestClient, library: Library) -> None:
    page = text(client.get("/trending/rising").text)
    risen, fallen = library.moved()
    assert risen
    assert fallen == []
    assert "Nothing fell against the week before." in page
    assert f"+{risen[0].points - risen[0].before:.1f}" in page
    assert client.get("/trending/rising?window=month&signals=votes&category=cs.LG").status_code == 200


def test_the_formula_is_printed_from_its_table(client: TestClient) -> None:
    rows = byhand.published(client.get("/trending/formula").text)
    assert rows == [(row.signal, row.kind, row.sources, row.weight, row.half_life) for row in WEIGHTS]


@pytest.mark.parametrize("address", ["/trending", "/trending?page=2", "/trending/rising", "/trending/formula"])
def test_pages_stay_within_their_budget_and_need_no_script_or_style_in_line(client: TestClient, address: str) -> None:
    page = client.get(address)
    assert page.status_code == 200
    linked = re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js)[^"]*)"', page.text)
    assert len(page.content) + sum(len(client.get(one).content) for one in linked) <= BUDGET
    assert not re.search(r"<style|\sstyle=|<script(?! src)|\son\w+=", page.text)


# Downloads


def rows_of(page: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(page)))


def test_the_history_of_counts_can_be_taken_along(client: TestClient, library: Library) -> None:
    response = client.get("/trending.csv")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="trending.csv"' in response.headers["content-disposition"]
    head, *rows = rows_of(response.text)
    assert head == ["paper", "paper_day", "kind", "source", "day", "count"]
    assert [tuple(row) for row in rows] == [
        (one.paper, one.paper_day or "", one.kind, one.source, one.day, str(one.total)) for one in library.signal_rows()
    ]
    since = rows_of(client.get(f"/trending.csv?since={day(1)}&until={day(1)}&category=cs.LG").text)[1:]
    assert since
    assert {row[4] for row in since} == {day(1)}
    assert len(since) < len([row for row in rows if row[4] == day(1)])
    assert rows_of(client.get("/trending.csv?until=2025").text)[1:] == []


def test_parquet_holds_the_same(client: TestClient) -> None:
    response = client.get(f"/trending.parquet?since={day(1)}")
    table = parquet.read_table(io.BytesIO(response.content))
    assert [str(kind) for kind in table.schema.types] == [
        "string",
        "date32[day]",
        "string",
        "string",
        "date32[day]",
        "int64",
    ]
    head, *rows = rows_of(client.get(f"/trending.csv?since={day(1)}").text)
    assert table.column_names == head
    assert [[str("" if value is None else value) for value in row.values()] for row in table.to_pylist()] == rows
    empty = parquet.read_table(io.BytesIO(client.get("/trending.parquet?until=1990").content))
    assert (empty.num_rows, empty.schema) == (0, table.schema)


def test_without_the_extra_parquet_says_what_to_install(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    response = client.get("/trending.parquet?since=2026")
    assert response.status_code == 501
    assert "pip install 'broadsheet[parquet]'" in text(response.text)
    assert "/trending.csv?since=2026" in response.text


def test_a_download_that_cannot_be_is_refused_with_a_sentence(client: TestClient) -> None:
    for query, words in (("since=soon", "“since” is a date like"), ("category=nonsense!", "no category “nonsense!”")):
        response = client.get(f"/trending.csv?{query}")
        assert response.status_code == 400
        assert words in text(response.text)


def test_downloads_one_after_the_other_never_run_out_of_turns(client: TestClient) -> None:
    assert [client.get("/trending.csv?since=2026-11").status_code for _ in range(6)] == [200] * 6


def test_the_counts_of_one_paper(client: TestClient) -> None:
    response = client.get("/papers/2611.00001/signals.csv")
    assert 'filename="2611-00001-signals.csv"' in response.headers["content-disposition"]
    rows = rows_of(response.text)[1:]
    assert ["2611.00001", "2026-11-18", "votes", "here", day(0), "14"] in rows
    assert {row[0] for row in rows} == {"2611.00001"}
    assert client.get("/papers/2611.99999/signals.csv").status_code == 404


# On a paper's page


def test_a_papers_page_draws_its_counts(client: TestClient) -> None:
    page = client.get("/papers/2611.00001").text
    lines = re.findall(r'<svg class="spark".*?aria-label="([^"]+)".*?points="([^"]+)"', page)
    said = [unescape(one) for one, _ in lines]
    assert f"Votes here: 2 on {date.fromisoformat(day(9)).day} November 2026, 14 on 20 November 2026" in said
    corners = [tuple(map(float, corner.split(","))) for corner in dict(lines)[lines[said.index(said[0])][0]].split()]
    assert corners == sorted(corners)
    assert all(0 <= x <= 120 and 0 <= y <= 24 for x, y in corners)
    assert "Votes at Hugging Face" in page
    assert "/papers/2611.00001/signals.csv" in page
    assert "spark" not in client.get("/papers/doi:10.1000/fold.7").text


def reads(library: Library, key: str) -> int:
    library.errands.wait()
    library.write_reads()
    return max((row.total for row in library.signal_history(key) if row.kind == "reads"), default=0)


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Library]:
    with filled(tmp_path / "home", SPECIAL) as opened:
        yield opened


def test_opening_a_paper_is_a_read_once_a_day(fresh: Library) -> None:
    for address in ("203.0.113.7", "203.0.113.7", "203.0.113.8"):
        reader = TestClient(asking(site(fresh), replace(ANYONE, address=address)), headers=READER)
        assert reader.get("/papers/2611.00001").status_code == 200
    assert reads(fresh, "2611.00001") == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "Mozilla/5.0 (compatible; Inventedbot/2.1; +https://example.org/bot.html)"},
        {"User-Agent": "curl/8.5.0"},
        {"User-Agent": "python-requests/2.32"},
        {"User-Agent": ""},
        {**READER, "Sec-Purpose": "prefetch;prerender"},
        {**READER, "Purpose": "prefetch"},
    ],
)
def test_programs_and_pages_loaded_in_advance_are_no_reads(fresh: Library, headers: dict[str, str]) -> None:
    client = TestClient(asking(site(fresh), replace(ANYONE, address="203.0.113.7")), headers=headers)
    assert client.get("/papers/2611.00001").status_code == 200
    assert reads(fresh, "2611.00001") == 0


def test_asking_for_the_head_of_a_page_is_no_read(fresh: Library) -> None:
    client = TestClient(asking(site(fresh), replace(ANYONE, address="203.0.113.7")), headers=READER)
    assert client.head("/papers/2611.00001").status_code == 200
    assert client.get("/papers/2611.77777").status_code == 404
    assert reads(fresh, "2611.00001") == 0
