"""RIS: what managers and publishers write in it, and files that are cut or badly kept."""

from pathlib import Path

import pytest

from broadsheet.errors import BadRecord
from broadsheet.types import Author, Identifier, Record
from tests.sources.kit import GOLDEN, put, read, records, refusals


def reference(folder: Path, *lines: str) -> Record:
    """The record of one reference with these lines."""
    (record,) = records(put(folder, "\n".join(("TY  - JOUR", "TI  - T", *lines, "ER  - ", ""))))
    return record


def test_a_library_is_read_and_its_broken_references_are_told() -> None:
    path = GOLDEN / "library.ris"
    found = {item.line: item.result for item in read(path) if isinstance(item.result, Record)}
    assert list(found) == [4, 28, 35, 42]
    assert found[4] == Record(
        source="ris:library.ris",
        source_key="doi:10.1000/garden.1",
        title="Gardens at Night",
        abstract="Lights are hung.\n\nAnd then switched on.",
        authors=(Author("Ida Moss"), Author("Leo Park Jr."), Author("The Lantern Group")),
        published="2021-05-06",
        identifiers=(Identifier("doi", "10.1000/garden.1"),),
        venue="Journal of Garden Lights",
        journal_ref="Journal of Garden Lights 4(2), 10-19 (2021)",
        links=("https://example.org/garden",),
        keywords=("light", "garden", "night"),
    )
    tides, fog, rain = found[28], found[35], found[42]
    assert (tides.source_key, tides.published, tides.venue) == ("2303.00077", "2023-03-10", None)
    assert tides.authors == (Author("Olga Reed"), Author("Tom Hale"))
    assert (fog.published, fog.journal_ref) == ("2019", "Proceedings of Weather (2019)")
    assert (rain.identifiers, rain.journal_ref) == ((Identifier("arxiv", "2203.00099"),), None)
    assert {line: reason.split(":")[0].split(";")[0] for line, reason in refusals(path).items()} == {
        48: "a reference must begin with a line TY",
        50: "the title is missing",
        53: "it is the paper of line 35 once more",
        57: "the file ends before this reference does",
    }


@pytest.mark.parametrize(
    ("lines", "published"),
    [
        (["PY  - 2014"], "2014"),
        (["PY  - 2014///"], "2014"),
        (["Y1  - 2014/05//"], "2014-05"),
        (["PY  - 2014/05/17/spring"], "2014-05-17"),
        (["PY  - 2014", "DA  - 2014/05/17"], "2014-05-17"),
        (["PY  - 2014", "DA  - 2015/05/17"], "2014"),
        (["PY  - 2014 May 17"], "2014-05-17"),
        (["PY  - in press 2014"], "2014"),
        (["DA  - 2014-05-17", "Y2  - 2016/01/01"], "2014-05-17"),
        (["PY  - 2027/02"], None),
        (["PY  - soon"], None),
        ([], None),
    ],
)
def test_dates_are_as_whole_as_they_are_given(lines: list[str], published: str | None, tmp_path: Path) -> None:
    assert reference(tmp_path, *lines).published == published


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["DO  - doi:10.1000/A"], {"doi:10.1000/a"}),
        (["UR  - https://doi.org/10.1000/a"], {"doi:10.1000/a"}),
        (["L3  - 10.1000/a"], {"doi:10.1000/a"}),
        (["N1  - doi: 10.1000/a"], {"doi:10.1000/a"}),
        (["N1  - doi: 10.1000/a", "DO  - 10.1000/b"], {"doi:10.1000/b"}),
        (["N1  - a reply to doi:10.1000/a"], set()),
        (["N1  - arXiv:2401.00017 [cs]"], {"arxiv:2401.00017"}),
        (["AN  - arXiv:2401.00017"], {"arxiv:2401.00017"}),
        (["AN  - 2401.00017", "DB  - arXiv.org"], {"arxiv:2401.00017"}),
        (["M1  - arXiv:math/0611800v2"], {"arxiv:math/0611800"}),
        (["L1  - https://arxiv.org/pdf/2401.00017.pdf", "DO  - 10.48550/arXiv.2401.00017"], {"arxiv:2401.00017"}),
        (["JO  - CoRR", "VL  - abs/2401.00017"], {"arxiv:2401.00017"}),
        (["ID  - W12345", "SN  - 1234-5678"], set()),
    ],
)
def test_identifiers_are_found_where_people_put_them(lines: list[str], expected: set[str], tmp_path: Path) -> None:
    assert {f"{scheme}:{value}" for scheme, value in reference(tmp_path, *lines).identifiers} == expected


def test_what_looks_like_a_tag_in_an_abstract_is_text(tmp_path: Path) -> None:
    record = reference(tmp_path, "AB  - We use", "AI - and", "NO-OP", "as tools.", "PY  - 2020")
    assert (record.abstract, record.published) == ("We use AI - and NO-OP as tools.", "2020")


def test_a_file_with_one_space_in_its_tags_is_read(tmp_path: Path) -> None:
    path = put(tmp_path, "TY - JOUR\nTI - One\nPY - 2020\nER -\nTY  - JOUR\nTI  - Two\nPY - no tag here\nER  -\n")
    assert [(record.title, record.published) for record in records(path)] == [
        ("One", "2020"),
        ("Two PY - no tag here", None),
    ]


def test_windows_line_ends_a_mark_of_byte_order_and_old_encodings_do_not_matter(tmp_path: Path) -> None:
    text = "TY  - JOUR\r\nTI  - Caf\xe9 \u201cQuotes\u201d\r\nER  - \r\n"
    for number, data in enumerate((text.encode("cp1252"), b"\xef\xbb\xbf" + text.encode())):
        (record,) = records(put(tmp_path, data, f"{number}.ris"))
        assert record.title == "Café “Quotes”"


def test_a_paper_without_identifier_is_known_by_title_first_author_and_year(tmp_path: Path) -> None:
    record = reference(tmp_path, "AU  - Moss, Ida", "PY  - 2020")
    assert record.source_key == "t:moss:2020"


def test_a_reference_without_end_is_refused_and_the_next_read(tmp_path: Path) -> None:
    path = put(
        tmp_path, "TY  - JOUR\nTI  - One\nAB  - " + "x y z\n" * 2_000_000 + "ER  - \nTY  - JOUR\nTI  - Two\nER  - \n"
    )
    first, second = read(path)
    assert (first.line, second.line) == (1, 2_000_004)
    assert isinstance(first.result, BadRecord)
    assert "longer than 8 MiB" in str(first.result)
    assert isinstance(second.result, Record)
