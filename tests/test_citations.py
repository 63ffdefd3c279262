"""What cites what: from a source's answer to the page of a paper, and through joins."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from broadsheet import ingest, web
from broadsheet import library as door
from broadsheet.errors import NotFound
from broadsheet.library import Library
from broadsheet.sources.semanticscholar import SemanticScholar
from broadsheet.types import Citing, Identifier, Work
from tests.clients import TestClient
from tests.conftest import NOW
from tests.papers import record
from tests.servers.indexes import ScholarWeb
from tests.servers.kit import LocalServer, client

OLD, NEW, OTHER = "2401.00001", "2611.00001", "2611.00002"
REPORT = Work(Identifier("s2", "b" * 40), "A <b>Report</b> on Sheep", "1999")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with door.open(tmp_path / "home", clock=lambda: NOW) as opened:
        opened.catalogue.put(
            [record(OLD, "On Wheels"), record(NEW, "On Faster Wheels"), record(OTHER, "On Cards")], at=NOW
        )
        yield opened


def says(library: Library, key: str, *works: Work, cites: bool = True, source: str = "semanticscholar") -> int:
    return library.catalogue.put_citations([Citing(Identifier("key", key), source, cites, works)])


def work(key: str, title: str = "") -> Work:
    return Work(Identifier("arxiv", key), title)


def around(library: Library, key: str) -> tuple[list[str], list[str]]:
    """What a paper cites of those here, and what cites it."""
    both = [library.citations(key, cites=cites).papers for cites in (True, False)]
    return [paper.id for paper in both[0]], [paper.id for paper in both[1]]


def test_one_that_cites_another_is_on_both_sides(library: Library) -> None:
    assert says(library, NEW, work(OLD), REPORT, work("1706.03762", "An Older One")) == 1
    assert around(library, NEW) == ([OLD], [])
    assert around(library, OLD) == ([], [NEW])
    found = library.citations(NEW, cites=True)
    assert found.works == [REPORT, work("1706.03762", "An Older One")]
    assert found.total == 3


def test_who_is_cited_by_another_is_on_both_sides_too(library: Library) -> None:
    says(library, OLD, work(NEW), cites=False)
    assert around(library, OLD) == ([], [NEW])
    assert around(library, NEW) == ([OLD], [])


def test_a_list_takes_the_place_of_the_one_before_of_its_source_alone(library: Library) -> None:
    says(library, NEW, work(OLD))
    says(library, NEW, work(OTHER), source="openalex")
    assert set(around(library, NEW)[0]) == {OLD, OTHER}
    says(library, NEW, REPORT)
    assert around(library, NEW)[0] == [OTHER]
    assert around(library, OLD)[1] == []


def test_a_work_that_comes_later_is_a_paper_then(library: Library) -> None:
    says(library, NEW, work("1706.03762", "An Older One"))
    assert library.citations(NEW, cites=True).papers == []
    library.catalogue.put([record("1706.03762", "An Older One")], at=NOW)
    found = library.citations(NEW, cites=True)
    assert ([paper.id for paper in found.papers], found.works, found.total) == (["1706.03762"], [], 1)


def test_papers_that_were_joined_are_read_together_and_go_apart_again(library: Library) -> None:
    doi = "doi:10.1000/cards"
    library.catalogue.put(
        [record("", "On Cards, in a Journal", identifiers=(Identifier("doi", "10.1000/cards"),))], at=NOW
    )
    says(library, doi, work(OLD))
    says(library, NEW, Work(Identifier("doi", "10.1000/cards")))
    merge = library.merge(OTHER, doi)
    assert around(library, OTHER) == ([OLD], [NEW])
    assert around(library, OLD)[1] == [OTHER]
    library.split(merge.number)
    assert around(library, OTHER) == ([], [])
    assert around(library, doi) == ([OLD], [NEW])


def test_a_list_of_two_sources_does_not_say_one_work_twice(library: Library) -> None:
    says(library, NEW, REPORT, work("1706.03762", "An Older One"))
    says(library, NEW, Work(Identifier("openalex", "W1")), Work(Identifier("openalex", "W2")), source="openalex")
    found = library.citations(NEW, cites=True)
    assert found.works == [REPORT, work("1706.03762", "An Older One")]


def test_nothing_is_kept_of_papers_that_are_not_here(library: Library) -> None:
    assert says(library, "9901.00001", work(OLD)) == 0
    assert library.catalogue.put_citations([]) == 0
    with pytest.raises(NotFound):
        library.citations("9901.00001", cites=True)


def test_no_paper_cites_itself(library: Library) -> None:
    says(library, NEW, work(NEW), work(OLD))
    assert around(library, NEW) == ([OLD], [])


def test_from_the_source_to_the_page(library: Library) -> None:
    answers = {
        f"ARXIV:{NEW}": {
            "paperId": "0" * 40,
            "title": "On Faster Wheels",
            "citationCount": 1,
            "referenceCount": 2,
            "references": [
                {"paperId": "1" * 40, "externalIds": {"ArXiv": OLD}, "title": "On Wheels", "year": 2024},
                {"paperId": "b" * 40, "externalIds": {}, "title": "A <b>Report</b> on Sheep", "year": 1999},
            ],
            "citations": [
                {"paperId": "2" * 40, "externalIds": {"DOI": "10.1000/after"}, "title": "After", "year": 2026}
            ],
        }
    }
    with LocalServer(ScholarWeb(answers)) as server, client() as asking:
        report = ingest.look_up(library.catalogue, SemanticScholar(asking, address=server.address), now=lambda: NOW)
    assert report.finished
    assert not report.error
    page = TestClient(web.create(library, web.Site())).get(f"/papers/{NEW}").text
    cites, _, cited = page.partition("Cited by")
    assert f'<a href="/papers/{OLD}">On Wheels</a>' in cites
    assert "A &lt;b&gt;Report&lt;/b&gt; on Sheep" in cites
    assert '<a href="https://doi.org/10.1000/after"' in cited
    other = TestClient(web.create(library, web.Site())).get(f"/papers/{OLD}").text
    assert f'<a href="/papers/{NEW}">On Faster Wheels</a>' in other.partition("Cited by")[2]
    assert "Cited by" not in TestClient(web.create(library, web.Site())).get(f"/papers/{OTHER}").text
