"""Google Scholar's published rules for pages of papers ("Inclusion Guidelines for Webmasters"), page by page."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from broadsheet import library as door
from broadsheet import web
from broadsheet.types import Author, Identifier
from tests.clients import TestClient
from tests.conftest import NOW
from tests.papers import record

ADDRESS = "https://papers.example.org"
ABSTRACT = "A herd is counted by looking at few of its members."
PAPERS = {
    "2611.00001": record("2611.00001", "Counting Sheep in $O(n)$", abstract=ABSTRACT),
    "hep-th/9901001": record("hep-th/9901001", "Old Strings", published="1999-01", abstract=ABSTRACT),
    "doi:10.1000/garden": record(
        None,
        "On Gardens at Night",
        identifiers=(Identifier("doi", "10.1000/garden"),),
        authors=(Author("Ludwig van Beethoven"), Author("Martin Luther King Jr."), Author("李 明")),
        venue="Proceedings of the 12th Conference on Gardens",
        published="2021",
        abstract=ABSTRACT,
    ),
    "doi:10.1000/tides": record(
        None, "Tides", identifiers=(Identifier("doi", "10.1000/tides"),), venue="Journal of Tides", abstract=ABSTRACT
    ),
}


class Page(HTMLParser):
    """What Scholar's parser looks at: meta tags, and the text that is seen without pressing anything."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.meta: list[tuple[str, str]] = []
        self.text = ""
        self._hidden = 0
        self.feed(text)

    def all(self, name: str) -> list[str]:
        return [content for key, content in self.meta if key == name]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "meta":
            self.meta.append((found.get("name") or "", found.get("content") or ""))
        self._hidden += tag in {"script", "style", "details"}

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"script", "style", "details"}

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.text += data


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    home: Path = tmp_path_factory.mktemp("scholar")
    with door.open(home, clock=lambda: NOW) as library:
        library.catalogue.put(list(PAPERS.values()), at=NOW)
        library.follow()
        yield TestClient(web.create(library, web.Site(address=ADDRESS)))


@pytest.fixture(params=PAPERS)
def page(request: pytest.FixtureRequest, site: TestClient) -> Page:
    answer = site.get(f"/papers/{request.param}")
    assert answer.status_code == 200
    return Page(answer.text)


def test_there_is_a_title_at_least_one_author_and_a_date(page: Page) -> None:
    assert len(page.all("citation_title")) == 1
    assert page.all("citation_author")
    assert len(page.all("citation_publication_date")) == 1


def test_the_title_is_that_of_the_paper_and_not_of_the_site(page: Page) -> None:
    (title,) = page.all("citation_title")
    assert "Broadsheet" not in title
    assert "$" not in title
    assert title in page.text


def test_each_author_has_a_tag_of_their_own_family_name_first(page: Page) -> None:
    for name in page.all("citation_author"):
        assert ";" not in name
        assert " and " not in name
        assert name.count(",") <= 1
        assert not re.search(r"\d", name), "no footnotes"


def test_a_date_is_a_whole_day_or_a_year(page: Page) -> None:
    (day,) = page.all("citation_publication_date")
    assert re.fullmatch(r"\d{4}(/\d{1,2}/\d{1,2})?", day)


def test_a_journal_and_a_conference_are_told_apart(site: TestClient) -> None:
    journal = Page(site.get("/papers/doi:10.1000/tides").text)
    meeting = Page(site.get("/papers/doi:10.1000/garden").text)
    assert journal.all("citation_journal_title") == ["Journal of Tides"]
    assert meeting.all("citation_conference_title") == ["Proceedings of the 12th Conference on Gardens"]
    assert not journal.all("citation_conference_title") + meeting.all("citation_journal_title")


def test_the_whole_abstract_and_all_authors_are_seen_without_a_press(page: Page) -> None:
    assert ABSTRACT in " ".join(page.text.split())
    for name in page.all("citation_author"):
        assert name.partition(",")[0].split()[-1] in page.text


def test_addresses_are_whole(page: Page) -> None:
    assert page.all("citation_abstract_html_url")
    for name in ("citation_pdf_url", "citation_abstract_html_url"):
        assert all(address.startswith("https://") for address in page.all(name))


def test_pages_may_be_read_by_crawlers_and_are_found_by_them(site: TestClient, page: Page) -> None:
    assert not page.all("robots")
    robots = site.get("/robots.txt").text
    assert not re.search(r"^Disallow: /papers", robots, re.MULTILINE)
    assert "Sitemap:" in robots


def test_a_description_is_what_stands_for_an_abstract_or_nothing(site: TestClient, tmp_path: Path) -> None:
    """Zotero takes a description for the abstract."""
    with door.open(tmp_path / "home", clock=lambda: NOW) as library:
        library.catalogue.put([record("2611.00009", "No Abstract")], at=NOW)
        bare = Page(TestClient(web.create(library, web.Site())).get("/papers/2611.00009").text)
    assert bare.all("description") == []
    assert Page(site.get("/papers/doi:10.1000/tides").text).all("description") == [ABSTRACT]
