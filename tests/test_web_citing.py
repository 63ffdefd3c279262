"""Taking papers along: what a browser downloads, and what Zotero's connector and Google Scholar read in the page."""

import json
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from lxml import etree, html
from PIL import Image

from broadsheet.library import Library
from tests.clients import TestClient
from tests.conftest import NOW
from tests.e2e.site import SPECIAL, filled, hostile, mathematical, ordinary, site
from tests.sources.kit import put, records

HOSTILE = [str(line["id"]) for line in hostile()]
ADDRESS = "https://papers.example.org"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with filled(tmp_path_factory.mktemp("citing"), ordinary(12), SPECIAL, hostile(), mathematical()) as opened:
        yield opened


@pytest.fixture
def client(library: Library) -> TestClient:
    return TestClient(site(library, address=ADDRESS), follow_redirects=False)


class Tags:
    """A page's tags, read as the two robots do: by name whatever its case, the first of a kind, authors in order."""

    def __init__(self, page: str) -> None:
        root = html.fromstring(page.encode())
        self._tags = [
            (str(tag.get("name") or tag.get("property")).lower(), str(tag.get("content"))) for tag in root.iter("meta")
        ]
        self.data = [json.loads(str(found.text)) for found in root.iter("script") if found.get("type")]
        self.links = [dict(link.attrib) for link in root.iter("link")]

    def one(self, name: str) -> str:
        return next((content for tag, content in self._tags if tag == name), "")

    def all(self, name: str) -> list[str]:
        return [content for tag, content in self._tags if tag == name]

    def zotero(self) -> dict[str, object]:
        """The item that Zotero's "Embedded Metadata" translator makes: its type, and fields from citation_*."""
        kinds = {"preprint": "preprint"}
        kind = kinds.get(self.one("dc.type"), "webpage")
        if kind == "webpage" and self.one("citation_conference_title"):
            kind = "conferencePaper"
        elif kind == "webpage" and self.one("citation_journal_title"):
            kind = "journalArticle"
        creators = [
            [part.strip() for part in name.split(",", 1)] if "," in name else [name]
            for name in self.all("citation_author")
        ]
        return {
            "itemType": kind,
            "title": self.one("citation_title"),
            "creators": creators,
            "date": self.one("citation_publication_date"),
            "DOI": self.one("citation_doi"),
            "pdf": self.one("citation_pdf_url"),
            "repository": self.one("dc.publisher"),
        }

    def scholar(self) -> bool:
        """Whether Google Scholar takes the page: a title, an author, and a publication date as it reads them."""
        parts = [int(part) for part in self.one("citation_publication_date").split("/") if part]
        known = bool(parts) and date(*(*parts, 1, 1)[:3]) <= NOW.date()
        return known and bool(self.one("citation_title") and self.all("citation_author"))


def test_a_page_is_a_preprint_for_zotero_and_taken_by_scholar(client: TestClient) -> None:
    tags = Tags(client.get("/papers/2611.00001").text)
    assert tags.zotero() == {
        "itemType": "preprint",
        "title": "Counting Sheep with Sparse Attention in O(n log n)",
        "creators": [["Lovelace", "Ada"], ["Gödel", "Kurt"]],
        "date": "2026/11/17",
        "DOI": "10.1000/sheep.1",
        "pdf": "https://arxiv.org/pdf/2611.00001",
        "repository": "arXiv",
    }
    assert tags.scholar()
    assert tags.one("citation_abstract_html_url") == f"{ADDRESS}/papers/2611.00001"
    assert tags.one("og:image") == f"{ADDRESS}/papers/2611.00001.png"
    assert tags.one("twitter:card") == "summary_large_image"
    (data,) = tags.data
    assert data["@type"] == "ScholarlyArticle"
    assert data["headline"] == "Counting Sheep with Sparse Attention in O(n log n)"
    assert {link["type"] for link in tags.links if link["rel"] == "alternate"} >= {
        "application/x-bibtex",
        "text/markdown",
    }


def test_hostile_papers_put_nothing_but_tags_into_the_head(client: TestClient) -> None:
    for key in HOSTILE:
        tags = Tags(client.get(f"/papers/{key}").text)
        assert len(tags.data) == 1
        assert tags.one("citation_title").startswith("Hostile")


@pytest.mark.parametrize("ending", [".bib", ".ris", ".csl.json"])
@pytest.mark.parametrize("key", ["2611.00001", "hep-th/9901001", "doi:10.1000/fold.7", *HOSTILE[:3]])
def test_a_file_reads_back_as_the_paper(
    client: TestClient, library: Library, tmp_path: Path, ending: str, key: str
) -> None:
    response = client.get(f"/papers/{key}{ending}")
    assert response.status_code == 200
    assert response.headers["content-disposition"].startswith('attachment; filename="')
    paper = library.paper(key)
    (record,) = records(put(tmp_path, response.content), now=NOW)
    assert set(paper.identifiers) <= {*record.identifiers}
    assert len(record.authors) == len(paper.authors)
    known = {"If-None-Match": response.headers["etag"]}
    assert client.get(f"/papers/{key}{ending}", headers=known).status_code == 304


def test_a_file_of_no_paper_is_not_found(client: TestClient) -> None:
    assert client.get("/papers/2611.99999.bib").status_code == 404
    assert client.get("/papers/2611.99999.png").status_code == 404


def test_the_picture_is_drawn_for_who_has_it_not(client: TestClient) -> None:
    response = client.get("/papers/2611.00001.png")
    assert response.headers["content-type"] == "image/png"
    assert Image.open(BytesIO(response.content)).size == (1200, 630)
    again = client.get("/papers/2611.00001.png", headers={"If-None-Match": response.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == response.headers["cache-control"]


def test_the_box_holds_references_and_files(client: TestClient) -> None:
    root = html.fromstring(client.get("/papers/2611.00001").text)
    box = next(one for one in root.iter("details") if one.get("id") == "cite")
    names = [str(name.text) for name in box.iter("dt")]
    assert names == ["APA", "MLA", "Chicago", "IEEE", "Harvard", "BibTeX", "Markdown"]
    texts = [etree.tostring(one, method="text", encoding="unicode").strip() for one in box.iter("dd")]
    assert texts[0].startswith("Lovelace, A., & Gödel, K. (2026). Counting Sheep")
    assert texts[5].startswith("@misc{lovelace2026counting,")
    assert [link.get("href") for link in box.iter("a")] == [
        f"/papers/2611.00001{ending}" for ending in (".bib", ".ris", ".csl.json", ".md")
    ]
