"""Look-ups: OpenAlex, Crossref and Semantic Scholar, against servers that answer as they do and misbehave on order."""

import json
import logging
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from broadsheet.errors import BadRecord, BadSetting, BadSource, Unavailable
from broadsheet.sources.crossref import Crossref
from broadsheet.sources.live import Batch, LiveSource, Request
from broadsheet.sources.openalex import OpenAlex
from broadsheet.sources.semanticscholar import SemanticScholar
from broadsheet.types import Author, Citing, Identifier, Record, Work
from tests.conftest import NOW
from tests.servers.indexes import JSON, CrossrefWeb, OpenAlexWeb, ScholarWeb, answer
from tests.servers.kit import (
    Clock,
    Fault,
    Internet,
    LocalServer,
    Reply,
    broken_off,
    cut,
    dropped,
    endless,
    huge,
    redirect,
    replies,
    status,
    web_page,
)
from tests.sources.conftest import Clients

TIDES, GARDEN, NOBODY = (
    Identifier("arxiv", "2303.00077"),
    Identifier("doi", "10.1000/garden"),
    Identifier("doi", "10.1/no"),
)
SECRET = "k3y"

WORKS: Mapping[str, Mapping[str, Any]] = {
    "10.48550/arxiv.2303.00077": {
        "id": "https://openalex.org/W70001",
        "doi": "https://doi.org/10.48550/arxiv.2303.00077",
        "title": "Tides of the <i>North</i>",
        "publication_date": "2023-03-01",
        "cited_by_count": 7,
        "is_retracted": False,
        "authorships": [
            {
                "author": {"display_name": "Olga Reed", "orcid": "https://orcid.org/0000-0001-0000-0009"},
                "institutions": [{"display_name": "Harbour School"}, {"display_name": "Pier Institute"}],
            },
            {"author": {"display_name": "Tom Hale", "orcid": None}, "institutions": []},
        ],
        "abstract_inverted_index": {"rise": [1, 4], "Tides": [0], "and": [2, 3]},
        "primary_location": {"source": {"display_name": "arXiv (Cornell University)", "type": "repository"}},
        "referenced_works": ["https://openalex.org/W70002", "https://openalex.org/W70009", 7, "nonsense"],
    },
    "10.1000/garden": {
        "id": "https://openalex.org/W70002",
        "doi": "https://doi.org/10.1000/GARDEN",
        "ids": {"pmid": "https://pubmed.ncbi.nlm.nih.gov/123"},
        "title": "Gardens at Night",
        "publication_date": "2027-02-01",
        "cited_by_count": 40,
        "is_retracted": True,
        "authorships": [{"author": {"display_name": f"Person {n}"}} for n in range(100)],
        "abstract_inverted_index": None,
        "primary_location": {"source": {"display_name": "Journal of Garden Lights", "type": "journal"}},
    },
}
ARTICLES: Mapping[str, Mapping[str, Any]] = {
    "10.1000/garden": {
        "DOI": "10.1000/GARDEN",
        "type": "journal-article",
        "title": ["Gardens at Night"],
        "subtitle": ["On <i>Light</i>"],
        "author": [
            {"given": "Ida", "family": "Moss", "sequence": "first", "affiliation": [{"name": "Harbour School"}]},
            {"name": "The Lantern Group"},
        ],
        "issued": {"date-parts": [[2021, 5]]},
        "abstract": "<jats:title>Abstract</jats:title><jats:p>Lights, if $a<b$.</jats:p>",
        "container-title": ["Journal of Garden Lights"],
        "volume": "4",
        "issue": "2",
        "page": "10-19",
        "is-referenced-by-count": 40,
        "relation": {"has-preprint": [{"id-type": "doi", "id": "10.48550/arXiv.2101.00009", "asserted-by": "object"}]},
        "updated-by": [{"type": "retraction", "DOI": "10.1000/notice"}],
    },
    "10.1000/a,b": {"DOI": "10.1000/a,b", "title": ["Commas"], "issued": {"date-parts": [[None]]}},
    "10.1000/fog": {"DOI": "10.1000/fog", "title": ["Fog"], "updated-by": [{"type": "correction", "DOI": "10.1000/c"}]},
}
PAPERS: Mapping[str, Mapping[str, Any]] = {
    "ARXIV:2303.00077": {
        "paperId": "0" * 40,
        "externalIds": {
            "ArXiv": "2303.00077",
            "DOI": "10.1000/tides",
            "CorpusId": 9,
            "PubMedCentral": "77",
            "DBLP": "x",
        },
        "title": "Tides of the North",
        "venue": "Conference on Tides",
        "publicationDate": "2023-03-01",
        "citationCount": 8,
        "referenceCount": 3,
        "references": [
            {
                "paperId": "a" * 40,
                "externalIds": {"ArXiv": "1706.03762", "DOI": "10.1000/older"},
                "title": "An  Older Tide",
                "year": 2017,
            },
            {"paperId": None, "externalIds": None, "title": "Lost", "year": 1999},
            {"paperId": "b" * 40, "externalIds": {}, "title": "A Report", "year": None},
        ],
        "citations": [{"paperId": "c" * 40, "externalIds": {"DOI": "10.1000/FOG"}, "title": "Fog", "year": 2024}],
    },
    "DOI:10.1000/fog": {"paperId": "1" * 40, "title": "Fog", "venue": "arXiv.org", "citationCount": 0},
    "ACL:P18-1001": {"paperId": "2" * 40, "title": "Words", "venue": "", "citationCount": 3},
}
PAPERS = {**PAPERS, "DOI:10.1000/tides": PAPERS["ARXIV:2303.00077"]}


def request(*papers: Identifier) -> Request:
    return Request(NOW, papers=papers)


def only(source: LiveSource, *papers: Identifier) -> Batch:
    """The one batch of a look-up, all of whose results are records."""
    batch, *linked = source.batches("", request(*papers))
    for more in linked:  # what cites what comes by itself
        assert more.results == ()
        batch.done, batch.asked, batch.citations = more.done, more.asked, more.citations
    assert batch.done
    assert all(isinstance(result, Record) for result in batch.results)
    return batch


@pytest.fixture
def openalex() -> Iterator[tuple[LocalServer, OpenAlexWeb]]:
    web = OpenAlexWeb(WORKS)
    with LocalServer(web) as server:
        yield server, web


@pytest.fixture
def crossref() -> Iterator[LocalServer]:
    with LocalServer(CrossrefWeb(ARTICLES, invalid="10.1000/bad")) as server:
        yield server


@pytest.fixture
def scholar() -> Iterator[LocalServer]:
    with LocalServer(ScholarWeb(PAPERS)) as server:
        yield server


class TestOpenAlex:
    def test_papers_are_found_by_doi_and_by_arxivs_doi(
        self, client: Clients, openalex: tuple[LocalServer, OpenAlexWeb]
    ) -> None:
        source = OpenAlex(client(), key=SECRET, address=openalex[0].address)
        batch = only(source, TIDES, GARDEN, NOBODY, TIDES, Identifier("openreview", "AbCdEf_1"))
        tides, garden = batch.results
        assert tides == Record(
            source="openalex",
            source_key="2303.00077",
            title="Tides of the North",
            abstract="Tides rise and and rise",
            authors=(Author("Olga Reed", "Harbour School; Pier Institute", "0000-0001-0000-0009"), Author("Tom Hale")),
            published="2023-03-01",
            identifiers=(TIDES, Identifier("openalex", "W70001")),
            citations=7,
        )
        assert isinstance(garden, Record)
        assert garden.identifiers == (GARDEN, Identifier("openalex", "W70002"), Identifier("pmid", "123"))
        assert (garden.source_key, garden.venue, garden.citations) == (
            "doi:10.1000/garden",
            "Journal of Garden Lights",
            40,
        )
        assert (garden.keywords, garden.withdrawn) == (("retracted",), False)
        assert (garden.authors, garden.published) == ((), None)  # the list may be cut, and the date is still to come
        assert (batch.note, batch.asked) == ("1 of 3 are not known there.", [TIDES, GARDEN, NOBODY])
        cited = tuple(Work(Identifier("openalex", name)) for name in ("W70002", "W70009"))
        assert batch.citations == [Citing(TIDES, "openalex", cites=True, works=cited)]

    def test_many_papers_take_several_questions(
        self, client: Clients, openalex: tuple[LocalServer, OpenAlexWeb]
    ) -> None:
        papers = [Identifier("arxiv", f"2303.{n:05d}") for n in range(1, 121)]
        batches = list(OpenAlex(client(), key=SECRET, address=openalex[0].address).batches("", request(*papers)))
        assert [len(batch.asked) for batch in batches] == [50, 50, 20]
        assert [batch.done for batch in batches] == [False, False, True]
        assert [len(batch.results) for batch in batches] == [0, 1, 0]

    def test_a_doi_that_cannot_be_asked_for_is_not(
        self, client: Clients, openalex: tuple[LocalServer, OpenAlexWeb]
    ) -> None:
        server, _ = openalex
        only(OpenAlex(client(), key=SECRET, address=server.address), Identifier("doi", "10.1000/a,b"))
        assert server.asked == []

    def test_the_more_cited_of_two_works_with_one_doi_counts(self, client: Clients) -> None:
        twice = [{**WORKS["10.1000/garden"], "cited_by_count": count} for count in (3, 50, 4)]
        with LocalServer(lambda _: answer({"results": twice})) as server:
            (garden,) = only(OpenAlex(client(), key=SECRET, address=server.address), GARDEN).results
        assert isinstance(garden, Record)
        assert garden.citations == 50

    def test_what_was_not_asked_for_is_passed_over(self, client: Clients) -> None:
        with LocalServer(lambda _: answer({"results": list(WORKS.values())})) as server:
            batch = only(OpenAlex(client(), key=SECRET, address=server.address), TIDES)
        assert len(batch.results) == 1

    def test_without_a_key_nobody_is_asked(self, client: Clients, openalex: tuple[LocalServer, OpenAlexWeb]) -> None:
        server, _ = openalex
        with pytest.raises(BadSetting, match="without a key"):
            list(OpenAlex(client(), key="", address=server.address).batches("", request(TIDES)))
        assert server.asked == []

    def test_a_spent_budget_lasts_until_midnight_utc(
        self, client: Clients, openalex: tuple[LocalServer, OpenAlexWeb]
    ) -> None:
        server, web = openalex
        web.left = 2
        clock, papers = Clock(), [Identifier("arxiv", f"2303.{n:05d}") for n in range(1, 181)]
        batches = OpenAlex(client(clock), key=SECRET, address=server.address).batches("", request(*papers))
        assert [len(next(batches).asked), len(next(batches).asked)] == [50, 50]
        with pytest.raises(Unavailable, match="spent; there is a new one at midnight UTC") as caught:
            next(batches)
        assert caught.value.retry_after == 12 * 3600  # it is noon
        assert (len(server.asked), clock.slept) == (2, [])
        late = datetime(2026, 11, 20, 23, 59, 30, tzinfo=UTC)
        with pytest.raises(Unavailable) as caught:
            list(OpenAlex(client(), key=SECRET, address=server.address).batches("", Request(late, papers=(TIDES,))))
        assert (caught.value.retry_after, len(server.asked)) == (30, 3)

    def test_a_pause_is_kept_and_a_wrong_key_is_said_so(
        self, client: Clients, openalex: tuple[LocalServer, OpenAlexWeb]
    ) -> None:
        server, _ = openalex
        server.plan(status(429))
        with pytest.raises(Unavailable, match="pause") as caught:
            list(OpenAlex(client(), key=SECRET, address=server.address).batches("", request(TIDES)))
        assert caught.value.retry_after == 60
        with pytest.raises(BadSetting, match="key it was given") as refused:
            list(OpenAlex(client(), key="wr0ng", address=server.address).batches("", request(TIDES)))
        assert "wr0ng" not in str(refused.value)


class TestCrossref:
    def test_papers_are_found_by_doi(self, client: Clients, crossref: LocalServer) -> None:
        batch = only(Crossref(client(), mailto="me@example.org", address=crossref.address), TIDES, GARDEN, NOBODY)
        assert batch.results == [
            Record(
                source="crossref",
                source_key="doi:10.1000/garden",
                title="Gardens at Night: On Light",
                abstract="Lights, if $a<b$.",
                authors=(Author("Ida Moss", "Harbour School"), Author("The Lantern Group")),
                published="2021-05",
                identifiers=(GARDEN, Identifier("arxiv", "2101.00009")),
                journal_ref="Journal of Garden Lights 4(2), 10-19 (2021)",
                venue="Journal of Garden Lights",
                keywords=("retracted",),
                citations=40,
            )
        ]
        assert (batch.asked, batch.note) == ([GARDEN, NOBODY], "1 of 2 are not known there.")
        (question,) = crossref.asked
        assert question.query["mailto"] == "me@example.org"
        assert "2303.00077" not in question.query["filter"]  # arXiv's DOIs are another agency's

    def test_dois_that_spoil_a_question_are_asked_for_one_by_one(self, client: Clients, crossref: LocalServer) -> None:
        commas, bad, fog = (Identifier("doi", f"10.1000/{name}") for name in ("a,b", "bad", "fog"))
        batch = only(Crossref(client(), address=crossref.address), commas, bad, fog)
        assert [one.title for one in batch.results if isinstance(one, Record)] == ["Commas", "Fog"]
        assert [one.keywords for one in batch.results if isinstance(one, Record)] == [(), ()]
        assert [asked.path for asked in crossref.asked] == [
            "/works",
            "/works/10.1000%2Fa%2Cb",
            "/works/10.1000%2Fbad",
            "/works/10.1000%2Ffog",
        ]

    def test_a_work_that_is_no_record_costs_itself(self, client: Clients) -> None:
        works = [{"DOI": "10.1000/fog"}, {"DOI": "10.1000/garden", "title": ["T"], "author": "Moss"}, "nothing"]
        with LocalServer(lambda _: answer({"message": {"items": works}})) as server:
            (batch,) = Crossref(client(), address=server.address).batches(
                "", request(GARDEN, Identifier("doi", "10.1000/fog"))
            )
        assert [str(result) for result in batch.results if isinstance(result, BadRecord)] == [
            "doi:10.1000/garden: author is text, not a list",
            "doi:10.1000/fog: the title is missing",
        ]


class TestSemanticScholar:
    def test_papers_are_found_by_nearly_every_name(self, client: Clients, scholar: LocalServer) -> None:
        tides_doi, fog, words = (
            Identifier("doi", "10.1000/tides"),
            Identifier("doi", "10.1000/fog"),
            Identifier("acl", "p18-1001"),
        )
        source = SemanticScholar(client(), key=SECRET, address=scholar.address)
        batch = only(source, TIDES, NOBODY, tides_doi, fog, words, Identifier("openreview", "AbCdEf_1"))
        assert batch.results == [
            Record(
                source="semanticscholar",
                source_key="2303.00077",
                title="Tides of the North",
                published="2023-03-01",
                identifiers=(TIDES, tides_doi, Identifier("pmcid", "PMC77"), Identifier("corpusid", "9")),
                venue="Conference on Tides",
                citations=8,
            ),
            Record("semanticscholar", "doi:10.1000/fog", "Fog", identifiers=(fog,), citations=0),
            Record("semanticscholar", "acl:p18-1001", "Words", identifiers=(words,), citations=3),
        ]
        assert batch.note == "1 of 5 are not known there."
        question, links = scholar.asked
        assert question.headers["x-api-key"] == links.headers["x-api-key"] == SECRET
        assert question.query["fields"] == "externalIds,title,venue,publicationDate,citationCount,referenceCount"
        assert json.loads(links.body)["ids"] == ["ARXIV:2303.00077", "DOI:10.1000/tides", "ACL:P18-1001"]

    def test_what_cites_what_is_said(self, client: Clients, scholar: LocalServer) -> None:
        fog = Identifier("doi", "10.1000/fog")
        batch = only(SemanticScholar(client(), address=scholar.address), TIDES, fog)
        assert batch.citations == [
            Citing(
                TIDES,
                "semanticscholar",
                cites=True,
                works=(
                    Work(Identifier("arxiv", "1706.03762"), "An Older Tide", "2017"),
                    Work(Identifier("s2", "b" * 40), "A Report", ""),
                ),
            ),
            Citing(
                TIDES, "semanticscholar", cites=False, works=(Work(Identifier("doi", "10.1000/fog"), "Fog", "2024"),)
            ),
        ]
        assert batch.asked == [TIDES, Identifier("doi", "10.1000/fog")]

    def test_questions_of_links_stay_within_the_limits(self, client: Clients) -> None:
        """9,999 citations and 10 MB is what one answer holds; who is cited more than that is asked for less."""
        counts = {f"ARXIV:2304.{n:05d}": (80, 900) for n in range(1, 31)} | {"ARXIV:2305.00001": (40, 250_000)}
        papers = {
            name: {"paperId": f"{at:040d}", "title": "T", "referenceCount": cites, "citationCount": cited}
            for at, (name, (cites, cited)) in enumerate(counts.items())
        }
        names = [Identifier("arxiv", name.removeprefix("ARXIV:")) for name in papers]
        with LocalServer(ScholarWeb(papers)) as server:
            list(SemanticScholar(client(), address=server.address).batches("", request(*names)))
            questions = [(asked.query["fields"], json.loads(asked.body)["ids"]) for asked in server.asked[1:]]
        for fields, asked in questions:
            links = sum(counts[name][0] + ("citations" in fields) * counts[name][1] for name in asked)
            assert links <= 9_000
        assert sorted(name for _, asked in questions for name in asked) == sorted(counts)
        assert [asked for fields, asked in questions if "citations" not in fields] == [["ARXIV:2305.00001"]]

    def test_what_is_known_of_a_paper_is_kept_where_its_links_fail(self, client: Clients, scholar: LocalServer) -> None:
        scholar.plan(None, *[status(503)] * 9)
        batches = SemanticScholar(client(), address=scholar.address).batches("", request(TIDES))
        assert [record.title for record in next(batches).results if isinstance(record, Record)] == [
            "Tides of the North"
        ]
        with pytest.raises(Unavailable):
            next(batches)

    def test_five_hundred_go_into_one_question(self, client: Clients, scholar: LocalServer) -> None:
        papers = [Identifier("arxiv", f"2304.{n:05d}") for n in range(1, 502)]
        batches = list(SemanticScholar(client(), address=scholar.address).batches("", request(*papers)))
        assert [len(batch.asked) for batch in batches] == [500, 1]  # of which it knows none: an error of theirs
        assert "x-api-key" not in scholar.asked[0].headers

    @pytest.mark.parametrize(
        ("reply", "error", "says"),
        [
            (answer({"message": "Forbidden"}, 403), BadSetting, "key it was given"),
            (
                answer({"error": "Unrecognized field"}, 400),
                BadSource,
                'does not understand the question: "Unrecognized',
            ),
            (answer([None, None]), BadSource, "not a list of 1 papers"),
            (answer({}), BadSource, "an object, not a list"),
        ],
    )
    def test_an_answer_that_is_none_says_why(
        self, client: Clients, reply: Reply, error: type[Exception], says: str, scholar: LocalServer
    ) -> None:
        scholar.plan(*[replies(reply)] * 5)
        with pytest.raises(error, match=says):
            list(SemanticScholar(client(), address=scholar.address).batches("", request(TIDES)))


PASSING = [
    status(503, retry_after=30),
    status(500),
    dropped(),
    broken_off(),
    cut(),
    web_page(),
    replies(Reply(b'{"results": "caf\xe9"}', kind=JSON)),
]
LASTING = {
    "status 503": status(503),
    "should be JSON and is not": web_page(),
    "JSON and is not": cut(0.8),
    "more than 1,000,000 bytes": endless(),
    "1,000,000 bytes": huge(),
}


def sources(client: Clients, address: str, **settings: Any) -> list[LiveSource]:
    return [
        OpenAlex(client(**settings), key=SECRET, address=address),
        Crossref(client(**settings), mailto="me@example.org", address=address),
        SemanticScholar(client(**settings), key=SECRET, address=address),
    ]


@pytest.mark.parametrize("number", range(3), ids=["openalex", "crossref", "semanticscholar"])
class TestEachOfThem:
    def answering(self, number: int) -> LocalServer:
        return LocalServer((OpenAlexWeb(WORKS), CrossrefWeb(ARTICLES), ScholarWeb(PAPERS))[number])

    @pytest.mark.parametrize("fault", PASSING)
    def test_what_passes_is_waited_for(self, client: Clients, fault: Fault, number: int) -> None:
        clock = Clock()
        with self.answering(number) as server:
            server.plan(fault)
            batch = next(sources(client, server.address, clock=clock)[number].batches("", request(TIDES, GARDEN)))
        assert (len(batch.results) >= 1, len(server.asked)) == (True, 2)
        assert clock.slept

    @pytest.mark.parametrize("says", LASTING)
    def test_what_lasts_is_said_and_no_key_with_it(self, client: Clients, says: str, number: int) -> None:
        with self.answering(number) as server:
            server.plan(*[LASTING[says]] * 5)
            with pytest.raises((Unavailable, BadSource), match=says) as caught:
                list(sources(client, server.address, max_bytes=1_000_000)[number].batches("", request(TIDES, GARDEN)))
        assert SECRET not in str(caught.value)

    def test_keys_stay_with_the_host_they_were_meant_for(self, number: int) -> None:
        with self.answering(number) as index, self.answering(number) as other:
            index.plan(redirect("http://other.example/elsewhere", 307))
            with Internet(index=index, other=other).client() as asking, pytest.raises((BadSource, BadSetting)):
                list(sources(lambda: asking, "http://index.example")[number].batches("", request(TIDES, GARDEN)))
        assert (len(index.asked), len(other.asked)) == (1, 0 if number == 2 else 1)
        told = " ".join(f"{asked.query} {asked.headers} {asked.body!r}" for asked in other.asked)
        assert SECRET not in told
        assert "me@example.org" not in told

    def test_no_key_is_logged_or_kept(self, client: Clients, number: int, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level(logging.DEBUG), self.answering(number) as server:
            batch, *_ = sources(client, server.address)[number].batches("", request(TIDES, GARDEN))
            told = f"{server.asked[0].query} {server.asked[0].headers}"
        assert SECRET in told or number == 1
        assert SECRET not in caplog.text + batch.cursor + batch.note + str(batch.results)

    def test_nothing_to_ask_is_nothing_asked(self, client: Clients, number: int) -> None:
        with self.answering(number) as server:
            batch, *_ = sources(client, server.address)[number].batches(
                "", request(Identifier("openreview", "AbCdEf_1"))
            )
        assert (batch.done, batch.results, server.asked) == (True, (), [])
