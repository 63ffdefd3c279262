"""The catalogue as files: read back without loss, kept where nothing changed, whole or not there, and served."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import zstandard
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

import broadsheet
from broadsheet import api, bulk, ingest
from broadsheet.bulk import tables
from broadsheet.catalogue import bulk as stretches
from broadsheet.cli import main
from broadsheet.errors import NotFound, Refused, Unavailable
from broadsheet.library import Library, Rules
from broadsheet.types import Author, Deletion, Identifier, Manifest, Paper, Record, Signal, Span, Version
from broadsheet.web.patience import patient
from tests.clients import TestClient
from tests.conftest import NOW
from tests.crowd import joins
from tests.papers import record, write_lines
from tests.private.worlds import place

SOURCES = (
    "arxiv",
    "arxiv-snapshot",
    "records:one.jsonl",
    "records:two.jsonl",
    "daily-lines",
    "openalex",
    "bibtex:my.bib",
)


def opened(home: Path, **rules: object) -> Library:
    return broadsheet.open(home, clock=lambda: NOW, rules=Rules(**rules))  # type: ignore[arg-type]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Papers of several sources, which do not agree; one of them was deleted by who had it."""
    with opened(tmp_path / "home", bulk=tmp_path / "bulk") as made:
        ingest.import_file(made.catalogue, write_lines(tmp_path / "papers.jsonl"), now=lambda: NOW)
        made.catalogue.put(disagreeing(), at=NOW + timedelta(hours=1))
        made.catalogue.put([Deletion("arxiv", "2611.00007")], at=NOW + timedelta(hours=2))
        star = Signal(Identifier("arxiv", "2611.00001"), "stars", "github", "2026-11-20", 41)
        made.catalogue.put_signals([star])
        made.follow()
        yield made


def disagreeing() -> list[Record | Deletion]:
    noether = (Author("Emmy Noether", "Göttingen"),)
    taken_back = {"withdrawn": True, "submitted": "2026-11-17T10:00:00Z"}
    listed = {"edition": "2026-11-19", "position": 3, "votes": 9, "summary": "In few words."}
    return [
        record("2611.00001", "Counting Sheep, Again", "arxiv", abstract="Other words.", **taken_back),
        record(
            "2611.00001", "Sheep", "records:later.jsonl", abstract="Later words.", keywords=("sheep", "a,b"), stars=3
        ),
        record("2611.00002", "Folding", "daily-lines", **listed),
        record("2611.00006", "One, and “More”", "arxiv", versions=(Version(1, "2026-11-16"), Version(2))),
        record("2611.00007", "Gone", "arxiv"),
        record(None, "A Survey of Teapots", "bibtex:my.bib", authors=noether, venue="Spouts"),
    ]


def equal(one: Paper, other: Paper | None) -> bool:
    """Whether two papers are the same but for what belongs to their places."""
    assert other is not None, one.id
    here = {"number": 0, "own_votes": 0, "own_comments": 0}
    told, ours = (replace(each, **here, sources=tuple(sorted(each.sources))) for each in (one, other))  # type: ignore[arg-type]
    assert told == ours
    return True


def everything(library: Library) -> list[Paper]:
    found, after = library.listing(limit=100)
    assert not after
    return found


@pytest.mark.parametrize("name", ["all.jsonl", "all.jsonl.gz", "all.jsonl.zst"])
def test_what_was_exported_is_imported_without_loss(library: Library, tmp_path: Path, name: str) -> None:
    assert library.export_papers(tmp_path / name) == 7
    with opened(tmp_path / "other") as other:
        report = ingest.import_file(other.catalogue, tmp_path / name, now=lambda: NOW)
        assert (report.refused, report.error) == (0, "")
        assert all(equal(one, other.paper(one.id)) for one in everything(library))
        assert len(everything(other)) == 7
        again = ingest.import_file(other.catalogue, tmp_path / name, now=lambda: NOW)
        assert (again.new, again.changed, again.merged) == (0, 0, 0)
        listed = other.edition(Span.DAY, "2026-11-19").entries[0]
        assert (listed.paper.id, listed.reason) == ("2611.00002", "listed")


texts = st.text("abc é-$", min_size=1, max_size=8).map(lambda text: " ".join(text.split())).filter(bool)
days = st.sampled_from([None, "2026", "2026-10", "2026-10-05", "2026-11-19"])
records = st.builds(
    Record,
    source=st.sampled_from(SOURCES),
    source_key=st.sampled_from(["a", "b"]),
    title=st.sampled_from(["Sheep", "On Sheep", "Goats"]),
    # Of one paper: how several are joined follows from what was said in the course of time, which no file tells.
    identifiers=st.just((Identifier("arxiv", "2611.00001"),)),
    abstract=st.none() | texts,
    summary=st.none() | texts,
    authors=st.lists(st.sampled_from([Author("Ada Lovelace"), Author("Emmy Noether", "Göttingen")]), max_size=2).map(
        tuple
    ),
    categories=st.sampled_from([(), ("cs.LG",), ("math.CO", "cs.LG")]),
    published=days,
    updated=days,
    announced=days,
    submitted=st.sampled_from([None, "2026-11-17T10:00:00Z"]),
    withdrawn=st.booleans(),
    links=st.sampled_from([(), ("https://example.org/a",), ("https://example.org/b", "https://example.org/a")]),
    keywords=st.sampled_from([(), ("sheep",), ("goats", "sheep")]),
    versions=st.sampled_from([(), (Version(1, "2026-11-17"),), (Version(1), Version(2, "2026-11-18"))]),
    votes=st.none() | st.integers(0, 9),
    stars=st.none() | st.integers(0, 9),
    citations=st.none() | st.integers(0, 9),
    venue=st.sampled_from([None, "Spouts", "Handles"]),
)


@settings(max_examples=15, derandomize=True)
@given(st.lists(st.lists(records, min_size=1, max_size=3), min_size=1, max_size=4))
def test_whatever_sources_say_comes_back(tmp_path_factory: pytest.TempPathFactory, said: list[list[Record]]) -> None:
    folder = tmp_path_factory.mktemp("any")
    with opened(folder / "home") as library, opened(folder / "other") as other:
        for hours, batch in enumerate(said):
            library.catalogue.put(batch, at=NOW + timedelta(hours=hours))
        library.export_papers(folder / "all.jsonl")
        report = ingest.import_file(other.catalogue, folder / "all.jsonl", now=lambda: NOW)
        assert report.refused == 0, report.refusals
        for one in everything(library):
            equal(one, other.paper(one.id))


@pytest.mark.parametrize(
    ("titles", "sources"),
    [
        (("Counting Sheep in Sparse Meadows", "Sheep, Counted Sparsely by Night"), ["bibtex:my.bib", "openalex"]),
        (("Sheep", "Goats"), ["openalex"]),  # titles that join nobody: the source that counts most speaks for all
    ],
)
def test_papers_that_only_their_history_joined_come_back_as_one(
    tmp_path: Path, titles: tuple[str, str], sources: list[str]
) -> None:
    named = (Identifier("doi", "10.1000/sheep.1"),)
    said = [
        Record("openalex", "W1", titles[0], authors=(Author("Ada Lovelace"),), published="2026", identifiers=named),
        Record(
            "bibtex:my.bib", "ada", titles[1], authors=(Author("A. Lovelace"),), keywords=("sheep",), identifiers=named
        ),
    ]
    with opened(tmp_path / "home") as library, opened(tmp_path / "other") as other:
        library.catalogue.put(said, at=NOW)
        library.catalogue.put([replace(one, identifiers=()) for one in said], at=NOW + timedelta(hours=1))
        (whole,) = everything(library)
        assert (whole.identifiers, sorted(whole.sources)) == ((), ["bibtex:my.bib", "openalex"])
        library.export_papers(tmp_path / "all.jsonl")
        ingest.import_file(other.catalogue, tmp_path / "all.jsonl", now=lambda: NOW)
        (back,) = everything(other)
        assert sorted(back.sources) == sources
        assert equal(replace(whole, id="", sources=()), replace(back, id="", sources=()))


def test_a_line_that_is_none_of_ours_is_refused_alone(library: Library, tmp_path: Path) -> None:
    library.export_papers(tmp_path / "all.jsonl")
    good = (tmp_path / "all.jsonl").read_text("utf-8").splitlines()[0]
    bad = [
        {"broadsheet": 2, "records": [{}], "title": "x"},
        {"broadsheet": 1, "records": []},
        {"broadsheet": 1, "records": "x"},
        {"broadsheet": 1, "records": [7], "title": "x"},
        {"broadsheet": 1, "records": [{"source": 3, "source_key": "x"}], "title": "x"},
        {"broadsheet": 1, "records": [{"source": "arxiv"}], "title": "x"},
        {"broadsheet": 1, "records": [{"source": "arxiv", "source_key": "x", "title": None}], "title": "x"},
    ]
    (tmp_path / "mixed.jsonl").write_text("\n".join([good, *map(json.dumps, bad)]), "utf-8")
    with opened(tmp_path / "other") as other:
        report = ingest.import_file(other.catalogue, tmp_path / "mixed.jsonl", now=lambda: NOW)
        assert (report.new, report.refused) == (1, len(bad))


def test_nothing_of_people_or_groups_is_in_the_files(tmp_path: Path) -> None:
    written = []
    for private in (True, False):
        with place(tmp_path / str(private) / "home", private=private) as world:
            world.library.export_papers(tmp_path / "all.jsonl")
            written.append((tmp_path / "all.jsonl").read_text("utf-8"))
    assert written[0] == written[1]
    assert [word for word in ("zqn", "ada", "eve", "A public word") if f'"{word}' in written[0]] == []


# Tables


def test_a_table_says_what_the_lines_say(library: Library, tmp_path: Path) -> None:
    half = record("2611.00008", "Half a \ud83d pair")  # of characters, which no table can hold
    library.catalogue.put([half], at=NOW)
    assert library.export_papers(tmp_path / "all.parquet") == 8
    rows = {row["id"]: row for row in parquet.read_table(tmp_path / "all.parquet").to_pylist()}
    assert rows.pop("2611.00008")["title"] == "Half a ? pair"
    for one in (library.paper(key) for key in rows):
        row = rows[one.id]
        assert (row["title"], row["votes"], row["day"]) == (one.title, one.votes, one.day)
        assert [author["name"] for author in row["authors"] or ()] == [author.name for author in one.authors]
        assert tuple(row["categories"] or ()) == one.categories


def test_without_pyarrow_there_are_lines_only(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "find_spec", lambda _name: None)
    with pytest.raises(Unavailable, match="pip install"):
        library.export_papers(tmp_path / "all.parquet")
    assert [path.name for path in tmp_path.glob("all*")] == []
    manifest, _ = library.write_bulk()
    assert manifest.formats == ["jsonl.zst"]
    assert "no Parquet" in manifest.notes[0]


@pytest.mark.parametrize("name", ["all", "all.csv", "jsonl"])
def test_a_name_that_tells_no_kind(library: Library, tmp_path: Path, name: str) -> None:
    with pytest.raises(Refused, match=r"\.jsonl\.zst"):
        library.export_papers(tmp_path / name)
    assert library.export_papers(tmp_path / name, form="jsonl") == 7


# The folder


def test_the_list_is_of_files_that_are_there_and_whole(library: Library, tmp_path: Path) -> None:
    manifest, anew = library.write_bulk()
    assert (manifest.papers, anew, manifest.as_of) == (7, 1, library.catalogue.last_change())
    for one in manifest.files:
        held = (tmp_path / "bulk" / one.path).read_bytes()
        assert (len(held), hashlib.sha256(held).hexdigest()) == (one.bytes, one.sha256)
    lines = zstandard.ZstdDecompressor().stream_reader((tmp_path / "bulk" / manifest.files[0].path).read_bytes())
    assert len(lines.read().splitlines()) == manifest.files[0].rows == 7


def test_only_stretches_that_changed_are_written_anew(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stretches, "STRETCH", 2)
    first, _ = library.write_bulk()
    assert len(first.files) == 2 * len(library.catalogue.bulk_stretches())
    assert library.write_bulk()[1] == 0
    library.catalogue.put([record("2611.00001", "Counting Sheep, Again", "arxiv", abstract="New words.")], at=NOW)
    second, anew = library.write_bulk()
    assert anew == 1
    kept = {one.path for one in first.files} & {one.path for one in second.files}
    assert len(kept) == len(first.files) - 2
    library.vote(joins(library, "ada"), "2611.00002")
    third, anew = library.write_bulk()
    assert anew == 1
    here = {path.name for path in (tmp_path / "bulk").iterdir()}
    assert here == {"manifest.json"} | {one.path for each in (second, third) for one in each.files}, "one time longer"


def test_who_is_stopped_leaves_the_list_as_it_was(library: Library, tmp_path: Path) -> None:
    first, _ = library.write_bulk()
    library.catalogue.put([record("2611.00009", "One More")], at=NOW)

    def stop(_done: int, _total: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        library.write_bulk(stop)
    assert bulk.Shelf(tmp_path / "bulk").manifest() == first
    assert library.write_bulk()[0].papers == 8


@pytest.mark.parametrize("held", ["", "{", "[]", '{"schema": 1}', '{"schema": 0, "files": []}'])
def test_a_list_that_is_none_is_made_anew(library: Library, tmp_path: Path, held: str) -> None:
    (tmp_path / "bulk").mkdir()
    (tmp_path / "bulk" / "manifest.json").write_text(held, "utf-8")
    assert library.write_bulk()[0].papers == 7


# Over the network, and by hand


@pytest.fixture
def client(library: Library) -> TestClient:
    return TestClient(api.create(library, patient=patient, quotas=api.Quotas(0, 0, 0)))


def test_files_are_fetched_whole_or_in_parts(library: Library, client: TestClient, tmp_path: Path) -> None:
    library.write_bulk()
    manifest = Manifest(**client.get("/bulk/manifest.json").json())
    for one in manifest.files:
        address = f"/bulk/{one['path']}"  # type: ignore[index]
        whole = client.get(address)
        assert hashlib.sha256(whole.content).hexdigest() == one["sha256"]  # type: ignore[index]
        assert "immutable" in whole.headers["cache-control"]
        part = client.get(address, headers={"Range": "bytes=5-9", "If-Range": whole.headers["etag"]})
        assert (part.status_code, part.content) == (206, whole.content[5:10])
        assert client.get(address, headers={"Range": "bytes=999999999-"}).status_code == 416
        assert client.get(address, headers={"If-None-Match": whole.headers["etag"]}).status_code == 304
        assert client.head(address).headers["content-length"] == str(len(whole.content))


@pytest.mark.parametrize(
    "name", ["nothing", "../catalogue.db", "%2e%2e%2fcatalogue.db", f"papers-00000-{0:012}.parquet"]
)
def test_what_is_no_file_of_ours_is_not_there(library: Library, client: TestClient, name: str) -> None:
    library.write_bulk()
    answer = client.get(f"/bulk/{name}")
    assert answer.status_code == 404
    assert answer.json()["error"]


def test_where_it_is_off_that_is_said(tmp_path: Path) -> None:
    with opened(tmp_path / "home") as library:
        client = TestClient(api.create(library, patient=patient, quotas=api.Quotas(0, 0, 0)))
        assert "setting “bulk” is off" in client.get("/bulk/manifest.json").json()["error"]
        with pytest.raises(NotFound):
            library.write_bulk()


def test_the_command(library: Library, tmp_path: Path) -> None:
    home = str(library.home)
    done = CliRunner().invoke(main, ["--home", home, "export", str(tmp_path / "all.jsonl.zst")])
    assert (done.exit_code, done.stdout) == (0, f"7 papers are in {tmp_path / 'all.jsonl.zst'}.\n")
    told = CliRunner().invoke(main, ["--home", home, "export", str(tmp_path / "all.txt")])
    assert told.exit_code == 1
    assert "tells no format" in told.stderr
    other = str(tmp_path / "other")
    back = CliRunner().invoke(main, ["--home", other, "import", str(tmp_path / "all.jsonl.zst")])
    assert back.exit_code == 0, back.output
