"""BibTeX: real-world entries and broken ones, which never stop the rest."""

import logging
from pathlib import Path

import pytest

from broadsheet.errors import BadRecord
from broadsheet.types import Author, Identifier, Record
from tests.sources.kit import GOLDEN, put, read, records, refusals


def entry(folder: Path, fields: str) -> Record:
    """The record of one entry with these fields."""
    (record,) = records(put(folder, f"@misc{{key, {fields}}}"))
    return record


def test_a_library_is_read_and_its_broken_entries_are_told() -> None:
    path = GOLDEN / "library.bib"
    items = read(path)
    found = {item.result.source_key: item.result for item in items if isinstance(item.result, Record)}
    assert list(found) == ["moss2021", "reed2023", "hale2019", "dblp2022"]
    assert found["moss2021"] == Record(
        source="bibtex:library.bib",
        source_key="moss2021",
        title=r"The LED in the Garden: {\"U}ber \emph{Light} and $x^{2}$",
        abstract="Lights are hung.\n\nAnd then switched on.",
        authors=(Author("Ida Moss"), Author("The Lantern Group"), Author("Leo Park Jr.")),
        published="2021-05",
        identifiers=(Identifier("doi", "10.1000/garden.1"),),
        venue="Journal of Garden Lights",
        journal_ref="Journal of Garden Lights 4(2), 10-19 (2021)",
        links=("https://example.org/garden",),
        keywords=("light", "garden", "night"),
    )
    reed = found["reed2023"]
    assert (reed.title, reed.published) == ("Tides Journal of Garden Lights", "2023-03-10")
    assert (reed.identifiers, reed.categories) == ((Identifier("arxiv", "2303.00077"),), ("physics.ao-ph",))
    assert (found["hale2019"].published, found["hale2019"].journal_ref) == ("2019-11-05", "Proceedings of Weather")
    assert found["hale2019"].identifiers == (Identifier("arxiv", "1911.00088"),)
    assert found["dblp2022"].identifiers == (Identifier("arxiv", "2203.00099"),)
    reasons = refusals(path)
    assert {line: reason.split(":")[0] for line, reason in reasons.items()} == {
        19: 'a broken entry, "@article{broken2020,"',
        38: 'the key "moss2021" is that of line 5 too',
        40: "the title is missing",
        41: 'eprint "12345" is no arXiv id',
    }


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("year = 2020, month = mar", "2020-03"),
        ("year = 2020, month = 3", "2020-03"),
        ("year = 2020, month = {March}, day = 7", "2020-03-07"),
        ("year = {2020}, month = {3}, day = {7}", "2020-03-07"),
        ("year = 2020, month = {Sept.}", "2020-09"),
        ("year = 2020, month = mar # {--} # apr", "2020-03"),
        ("year = 2020, month = {30 Feb}", "2020-02"),
        ("year = 2020, month = {spring}", "2020"),
        ("year = {in press 2020a}", "2020"),
        ("date = {2020-03-07}", "2020-03-07"),
        ("date = {2020-03/2020-05}", "2020-03"),
        ("year = {to appear}", None),
        ("month = may", None),
    ],
)
def test_dates_are_as_whole_as_they_are_given(written: str, published: str | None, tmp_path: Path) -> None:
    assert entry(tmp_path, f"title = {{T}}, {written}").published == published


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("{Ada Brook and Bo Crane}", ["Ada Brook", "Bo Crane"]),
        ("{Brook, Ada AND Crane, Bo}", ["Ada Brook", "Bo Crane"]),
        ("{{Brook and Crane Ltd.} and Dell, Cy}", ["Brook and Crane Ltd.", "Cy Dell"]),
        ("{van der Berg, Jan and {\\'E}mile Zo{\\\"e}}", ["Jan van der Berg", "{\\'E}mile Zo{\\\"e}"]),
        ('"Crane, Jr., Bo\n  and others"', ["Bo Crane Jr."]),
        ("{}", []),
    ],
)
def test_authors_are_written_as_people_say_them(written: str, names: list[str], tmp_path: Path) -> None:
    record = entry(tmp_path, f"title = {{T}}, author = {written}")
    assert [author.name for author in record.authors] == names


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("{{The} {LED}}", "The LED"),
        (r"{A \emph{strong} {\it light}}", r"A \emph{strong} {\it light}"),
        (r"{Fran\c{c}ois in {Paris}}", r"Fran\c{c}ois in Paris"),
        (r"{{$O(n^{2})$} time}", "$O(n^{2})$ time"),
        (r"{Sets \{a\} and {b}}", r"Sets \{a\} and b"),
        ("{Unbalanced in {one} word}", "Unbalanced in one word"),
        ('"Quoted {"}word{"}"', 'Quoted "word"'),
        ("2001", "2001"),
    ],
)
def test_braces_go_and_tex_stays(written: str, plain: str, tmp_path: Path) -> None:
    assert entry(tmp_path, f"title = {written}").title == plain


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("eprint = {2401.00017}", {"arxiv:2401.00017"}),
        ("eprint = {math/0611800}, eprinttype = {arXiv}", {"arxiv:math/0611800"}),
        ("eprint = {20174}, eprinttype = {jstor}", set()),
        ("journal = {arXiv preprint arXiv:2401.00017}", {"arxiv:2401.00017"}),
        ("howpublished = {arXiv:math/0611800v2, also on paper}", {"arxiv:math/0611800"}),
        ("url = {https://arxiv.org/abs/2401.00017v3}", {"arxiv:2401.00017"}),
        ("doi = {https://doi.org/10.18653/v1/P18-1001}", {"doi:10.18653/v1/p18-1001", "acl:p18-1001"}),
        ("pmid = {123}, note = {no arXiv here}", {"pmid:123"}),
        ("volume = {2401.00017}", set()),
    ],
)
def test_identifiers_are_found_where_people_put_them(written: str, expected: set[str], tmp_path: Path) -> None:
    record = entry(tmp_path, f"title = {{T}}, {written}")
    assert {f"{scheme}:{value}" for scheme, value in record.identifiers} == expected


def test_old_files_in_western_encodings_are_read(tmp_path: Path) -> None:
    path = put(tmp_path, "@misc{k, title = {Caf\xe9 \u201cQuotes\u201d}}".encode("cp1252"))
    assert records(path)[0].title == "Café “Quotes”"


def test_macros_hold_in_all_of_a_long_file(tmp_path: Path) -> None:
    entries = "".join(
        f"@misc{{k{number},\n  title = {{Paper {number} {'x' * 900}}},\n  journal = j }}\n" for number in range(900)
    )
    path = put(tmp_path, "@string{j = {The Journal}}\n" + entries)
    items = read(path)
    assert [item.line for item in items] == list(range(2, 2 + 3 * 900, 3))
    assert {item.result.journal_ref for item in items if isinstance(item.result, Record)} == {"The Journal"}


def test_a_broken_entry_costs_only_itself_at_the_end_too(tmp_path: Path) -> None:
    path = put(tmp_path, "@misc{a, title = {One}}\n@misc{b, title = {Two}, oops}\n@misc{c, title = {Three}}\n@misc{d, ")
    items = read(path)
    assert [(item.line, type(item.result)) for item in items] == [
        (1, Record),
        (2, BadRecord),
        (3, Record),
        (4, BadRecord),
    ]
    assert "not closed" in refusals(path)[4]


def test_an_entry_without_end_is_refused_and_the_next_read(tmp_path: Path) -> None:
    path = put(
        tmp_path,
        "@misc{a, title = {One}}\n@misc{b, title = {" + "x y z\n" * 2_000_000 + "}}\n@misc{c, title = {Three}}\n",
    )
    items = read(path)
    assert [type(item.result) for item in items] == [Record, BadRecord, Record]
    assert [item.line for item in items][::2] == [1, 2_000_003]
    assert "longer than 8 MiB" in str(items[1].result)


def test_the_parser_does_not_log_beside_us(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = put(tmp_path, "@misc{a, title = {One}}\n@misc{b, title = {Two\n")
    with caplog.at_level(logging.DEBUG):
        read(path)
    assert caplog.records == []
