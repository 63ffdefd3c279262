"""The OAI-PMH provider: its six verbs, its tokens, its errors, and whole harvests by others' clients and by our own."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from sickle import Sickle
from sickle.oaiexceptions import (
    BadArgument,
    BadResumptionToken,
    CannotDisseminateFormat,
    IdDoesNotExist,
    NoRecordsMatch,
)

import broadsheet
from broadsheet import api, ids, ingest
from broadsheet.api.oai.asked import Listing
from broadsheet.fetching import Client, Gate
from broadsheet.library import Library
from broadsheet.sources.arxiv.oai import Oai
from broadsheet.sources.live import Request
from broadsheet.types import Deletion, Paper
from broadsheet.web.patience import patient
from tests.api.conftest import UNLIMITED
from tests.clients import TestClient
from tests.conftest import NOW
from tests.e2e.site import SPECIAL, filled, hostile, ordinary, served
from tests.papers import record

NAMES = {"o": "http://www.openarchives.org/OAI/2.0/"}
LATER = NOW + timedelta(hours=3)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Papers of every kind; one that was deleted, one that was merged away, one that changed later."""
    with filled(tmp_path_factory.mktemp("oai"), ordinary(), SPECIAL, hostile()) as library:
        put = library.catalogue.put
        put([record("2401.00001", "Kites over Deserts", "arxiv"), record("2401.00002", "Kites", "arxiv")], at=NOW)
        put([Deletion("arxiv", "2401.00002")], at=LATER)
        put([record("2401.00003", "Two Boats"), record(None, "Two Boats, Longer", "page:x")], at=NOW)
        (longer,) = library.catalogue.title_matches(ids.title_key("Two Boats, Longer"))
        library.catalogue.merge("2401.00003", longer.id, reason="one paper", at=LATER)
        library.follow()
        yield library


@pytest.fixture(scope="module")
def client(shelf: Library) -> TestClient:
    return TestClient(api.create(shelf, patient=patient, quotas=UNLIMITED, name="Ours", contact="ada@example.org"))


@pytest.fixture(scope="module")
def address(shelf: Library) -> Iterator[str]:
    with served(api.create(shelf, patient=patient, quotas=UNLIMITED, name="Ours")) as base:
        yield f"{base}/oai"


def answer(client: TestClient, **asked: str) -> etree._Element:
    got = client.get("/oai", params={name.rstrip("_"): value for name, value in asked.items()})
    assert got.status_code == 200
    assert got.headers["content-type"].startswith("text/xml")
    return etree.fromstring(got.content)


def fault(client: TestClient, **asked: str) -> str:
    found = answer(client, **asked).find("o:error", NAMES)
    assert found is not None
    assert found.text
    return str(found.get("code"))


def stamps(root: etree._Element) -> dict[str, str]:
    return {
        str(one.findtext("o:identifier", "", NAMES)): str(one.findtext("o:datestamp", "", NAMES))
        for one in root.iterfind(".//o:header", NAMES)
    }


def test_it_says_what_it_is(client: TestClient) -> None:
    found = answer(client, verb="Identify").find("o:Identify", NAMES)
    assert found is not None
    said = {etree.QName(one).localname: one.text for one in found}
    assert said == {
        "repositoryName": "Ours",
        "baseURL": "http://testserver/oai",
        "protocolVersion": "2.0",
        "adminEmail": "ada@example.org",
        "earliestDatestamp": "2026-11-20T12:00:00Z",
        "deletedRecord": "persistent",
        "granularity": "YYYY-MM-DDThh:mm:ssZ",
    }


def test_sets_are_arxivs(client: TestClient) -> None:
    found = [one.text for one in answer(client, verb="ListSets").iterfind(".//o:setSpec", NAMES)]
    assert len(found) == len(set(found))
    assert {"cs", "cs:cs", "cs:cs:LG", "physics", "physics:hep-th", "physics:astro-ph:CO"} <= set(found)


def test_everything_is_listed_once_in_the_order_of_its_changes(shelf: Library, address: str) -> None:
    headers = list(Sickle(address).ListIdentifiers(metadataPrefix="oai_dc"))
    names = [one.identifier for one in headers]
    assert len(names) == len(set(names)) == shelf.catalogue.count() + 2  # and two that are gone
    assert [one.datestamp for one in headers] == sorted(one.datestamp for one in headers)
    gone = {one.identifier for one in headers if one.deleted}
    assert "oai:arXiv.org:2401.00002" in gone
    assert [one for one in gone if one.startswith("oai:broadsheet:bs:")]
    assert len(gone) == 2


def test_lists_of_several_pages_are_whole_and_say_how_long_they_are(
    shelf: Library, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("broadsheet.api.oai.RECORDS", 7)
    asked = Sickle(address).ListRecords(metadataPrefix="arXiv")
    token = asked.resumption_token
    assert (token.cursor, int(token.complete_list_size)) == ("0", shelf.catalogue.count() + 2)
    found = [one.header.identifier for one in asked]
    assert len(found) == len(set(found)) == int(token.complete_list_size)


def test_a_token_goes_on_in_another_server(shelf: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("broadsheet.api.oai.HEADERS", 10)

    def anew() -> TestClient:
        return TestClient(api.create(shelf, patient=patient, quotas=UNLIMITED))

    root = answer(anew(), verb="ListIdentifiers", metadataPrefix="arXiv")
    found = list(stamps(root))
    while token := root.findtext(".//o:resumptionToken", "", NAMES):
        root = answer(anew(), verb="ListIdentifiers", resumptionToken=token)
        found += stamps(root)
    assert len(found) == len(set(found)) == shelf.catalogue.count() + 2


def test_selective_harvests(client: TestClient) -> None:
    later = stamps(answer(client, verb="ListIdentifiers", metadataPrefix="arXiv", from_="2026-11-20T13:00:00Z"))
    assert len(later) == 3
    assert set(later) > {"oai:arXiv.org:2401.00002", "oai:arXiv.org:2401.00003"}
    assert fault(client, verb="ListIdentifiers", metadataPrefix="arXiv", from_="2026-11-21") == "noRecordsMatch"
    day = stamps(answer(client, verb="ListIdentifiers", metadataPrefix="arXiv", from_="2026-11-20", until="2026-11-20"))
    assert set(later) < set(day)


@pytest.mark.parametrize(
    ("name", "codes"), [("cs:cs:CR", ("cs.CR",)), ("cs", ("cs.",)), ("physics:hep-th", ("hep-th",))]
)
def test_a_set_holds_the_papers_of_its_categories(
    client: TestClient, shelf: Library, name: str, codes: tuple[str, ...]
) -> None:
    papers, _ = shelf.listing(limit=10_000)
    wanted = {one.id for one in papers if any(code.startswith(codes) for code in one.categories)}
    found = stamps(answer(client, verb="ListIdentifiers", metadataPrefix="arXiv", set=name))
    assert {one.split(":", 2)[2] for one in found} - {"2401.00002"} == wanted


def test_one_record_in_each_format(client: TestClient) -> None:
    for prefix, root in (("oai_dc", "dc"), ("arXiv", "arXiv"), ("arXivRaw", "arXivRaw")):
        got = answer(client, verb="GetRecord", identifier="oai:arXiv.org:2401.00001", metadataPrefix=prefix)
        metadata = got.find(".//o:metadata", NAMES)
        assert metadata is not None
        assert etree.QName(metadata[0]).localname == root
        assert b"Kites over Deserts" in etree.tostring(metadata)
    gone = answer(client, verb="GetRecord", identifier="oai:arXiv.org:2401.00002", metadataPrefix="arXiv")
    header = gone.find(".//o:header", NAMES)
    assert header is not None
    assert header.get("status") == "deleted"
    assert gone.find(".//o:metadata", NAMES) is None


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({}, "badVerb"),
        ({"verb": "Steal"}, "badVerb"),
        ({"verb": "Identify", "colour": "red"}, "badArgument"),
        ({"verb": "ListRecords"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "marc"}, "cannotDisseminateFormat"),
        ({"verb": "ListRecords", "metadataPrefix": "arXiv", "from_": "yesterday"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "arXiv", "from_": "2026-02-30"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "arXiv", "from_": ""}, "badArgument"),
        (
            {"verb": "ListRecords", "metadataPrefix": "arXiv", "from_": "2026-11-20", "until": "2026-11-19"},
            "badArgument",
        ),
        (
            {"verb": "ListRecords", "metadataPrefix": "arXiv", "from_": "2026-11-20", "until": "2026-11-20T12:00:00Z"},
            "badArgument",
        ),
        ({"verb": "ListRecords", "metadataPrefix": "arXiv", "set": "cs:cs:NONE"}, "noRecordsMatch"),
        ({"verb": "ListRecords", "resumptionToken": "x"}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": "x", "metadataPrefix": "arXiv"}, "badArgument"),
        ({"verb": "ListSets", "resumptionToken": "x"}, "badResumptionToken"),
        ({"verb": "GetRecord", "metadataPrefix": "arXiv"}, "badArgument"),
        ({"verb": "GetRecord", "metadataPrefix": "arXiv", "identifier": "oai:arXiv.org:nope"}, "idDoesNotExist"),
        ({"verb": "ListMetadataFormats", "identifier": "oai:arXiv.org:nope"}, "idDoesNotExist"),
    ],
)
def test_what_is_wrong_is_said_by_its_name(client: TestClient, asked: dict[str, str], code: str) -> None:
    assert fault(client, **asked) == code


def test_an_argument_given_twice(client: TestClient) -> None:
    got = client.get("/oai?verb=ListRecords&metadataPrefix=arXiv&metadataPrefix=oai_dc")
    assert b"badArgument" in got.content
    assert b"badVerb" in client.get("/oai?verb=Identify&verb=Identify").content


def test_a_form_asks_the_same(client: TestClient) -> None:
    got = client.post("/oai", data={"verb": "ListIdentifiers", "metadataPrefix": "arXiv", "set": "cs:cs:CR"})
    wanted = answer(client, verb="ListIdentifiers", metadataPrefix="arXiv", set="cs:cs:CR")
    assert stamps(etree.fromstring(got.content)) == stamps(wanted)
    long = client.post("/oai", content=b"x" * 30_000)
    assert (long.status_code, long.headers["content-type"]) == (400, "text/xml; charset=utf-8")


def test_the_same_client_gets_its_own_errors(address: str) -> None:
    sickle = Sickle(address)
    with pytest.raises(IdDoesNotExist):
        sickle.GetRecord(identifier="oai:arXiv.org:nope", metadataPrefix="arXiv")
    with pytest.raises(CannotDisseminateFormat):
        sickle.ListRecords(metadataPrefix="zzz")
    with pytest.raises(NoRecordsMatch):
        sickle.ListRecords(**{"metadataPrefix": "arXiv", "from": "2030-01-01"})
    with pytest.raises(BadResumptionToken):
        sickle.ListRecords(resumptionToken="garbage")
    with pytest.raises(BadArgument):
        sickle.ListRecords(**{"metadataPrefix": "arXiv", "from": "2026-11-20", "until": "2026-11-01"})
    assert sickle.Identify().repositoryName == "Ours"
    assert [one.metadataPrefix for one in sickle.ListMetadataFormats()] == ["oai_dc", "arXiv", "arXivRaw"]


tokens = st.one_of(st.text(max_size=60), st.lists(st.one_of(st.text(max_size=9), st.integers()), max_size=8))


@given(tokens)
def test_no_token_of_others_breaks_it(client: TestClient, token: str | list[str | int]) -> None:
    if isinstance(token, list):
        made = Listing("arXiv", "2026-01-01T00:00:00Z", "2026-12-01T00:00:00Z", place="p", total=5)
        token = made.token(str(token), 3)
    assert fault(client, verb="ListRecords", resumptionToken=token) == "badResumptionToken"


def harvest(address: str, home: Path, prefix: str) -> Library:
    """Another Broadsheet fills itself from this one."""
    other = broadsheet.open(home, clock=lambda: LATER, follow=False)
    with Client(agent="test", gate=Gate(None, 0.0), allow_private=True) as fetcher:
        source = Oai(fetcher, address=address, prefix=prefix, name="arxiv" if prefix == "arXiv" else "arxiv-raw")
        report = ingest.sync(other.catalogue, source, request=Request(LATER), now=lambda: LATER)
    assert report.finished
    assert not report.error
    return other


def told(paper: Paper) -> dict[str, object]:
    """What a record carries of a paper, whatever it came through."""
    return {
        "title": " ".join(paper.title.split()),
        "abstract": " ".join((paper.abstract or "").split()),
        "authors": [" ".join(author.name.split()) for author in paper.authors],
        "categories": paper.categories,
        "comment": " ".join((paper.comment or "").split()),
        "journal_ref": " ".join((paper.journal_ref or "").split()),
        "licence": " ".join((paper.licence or "").split()),
    }


@pytest.mark.parametrize("prefix", ["arXiv", "arXivRaw"])
def test_another_broadsheet_fills_itself_from_this_one(
    shelf: Library, address: str, tmp_path: Path, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("broadsheet.api.oai.RECORDS", 40)
    with harvest(address, tmp_path, prefix) as other:
        papers, _ = shelf.listing(limit=10_000)
        arxiv = [one for one in papers if one.arxiv_id]
        assert len(arxiv) > 60
        for one in arxiv:
            there = other.paper(one.id)
            fields = told(there) | ({} if prefix == "arXiv" else {"authors": told(one)["authors"]})
            assert fields == told(one)
