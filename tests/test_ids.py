"""Identifiers, dates and folded names: every spelling to one normal form, anything else to None."""

import datetime as dt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from broadsheet import ids
from broadsheet.ids.categories import ALIASES, ARCHIVES, NAMES
from broadsheet.types import Identifier


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2601.00001", ("2601.00001", 0)),
        (" arXiv:2601.00001v3\n", ("2601.00001", 3)),
        ("arXiv.2601.00001", ("2601.00001", 0)),
        ("https://arxiv.org/pdf/2601.00001v2.pdf", ("2601.00001", 2)),
        ("https://export.arxiv.org/abs/2601.00001?context=cs", ("2601.00001", 0)),
        ("http://arxiv.org/abs/hep-th/9901001v2", ("hep-th/9901001", 2)),
        ("arxiv.org/abs/cond-mat/0207270#x", ("cond-mat/0207270", 0)),
        ("https://arxiv.org/abs/math%2F0611800", ("math/0611800", 0)),
        ("https://ar5iv.labs.arxiv.org/html/2601.00001", ("2601.00001", 0)),
        ("https://www.alphaxiv.org/overview/2601.00001", ("2601.00001", 0)),
        ("https://huggingface.co/papers/2601.00001", ("2601.00001", 0)),
        ("oai:arXiv.org:0804.2273", ("0804.2273", 0)),
        ("10.48550/arXiv.2202.01037", ("2202.01037", 0)),
        ("https://doi.org/10.48550/ARXIV.2202.01037", ("2202.01037", 0)),
        ("10.48550/arXiv.hep-th/9901001", ("hep-th/9901001", 0)),
        ("math.CA/0611800v2", ("math/0611800", 2)),
        ("QUANT-PH/0201082", ("quant-ph/0201082", 0)),
        ("1501.0001", ("1501.00001", 0)),
        ("0704.00560", ("0704.0560", 0)),
        ("9912.12345", None),  # no year 2099
        ("1312.12345", None),  # four digits then
        ("0703.0001", None),  # before the new style
        ("hep-th/0704001", None),  # after the old one
        ("hep-th/9106001", None),  # before the first
        ("2613.00001", None),  # no 13th month
        ("2601.00000", None),
        ("math/0611000", None),
        ("tcp/9901001", None),  # no archive
        ("704.0560", None),  # read as a number once
        ("2406.105", None),
        ("2406.10500v0", None),
        ("abc", None),
        ("", None),
        ("2601.00001 and more", None),
        ("٢٦٠١.٠٠٠٠١", None),  # decimal digits, but not ASCII
        ("arxiv:" * 100, None),
    ],
)
def test_an_arxiv_id_has_one_normal_form(text: str, expected: tuple[str, int] | None) -> None:
    assert ids.arxiv(text) == expected


@pytest.mark.parametrize(
    ("arxiv_id", "month"),
    [("2406.09519", "2024-06"), ("math/9809151", "1998-09"), ("hep-th/0703123", "2007-03"), ("0704.0560", "2007-04")],
)
def test_an_id_tells_its_month(arxiv_id: str, month: str) -> None:
    assert ids.arxiv_month(arxiv_id) == month


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10.1000/ABC.", "10.1000/abc"),
        ("doi: 10.1000/abc", "10.1000/abc"),
        ("https://doi.org/10.1002/%28SICI%291097", "10.1002/(sici)1097"),
        ("https://dx.doi.org/10.1000/abc?x=1", "10.1000/abc"),
        ("https://dl.acm.org/doi/abs/10.1145/1.2", "10.1145/1.2"),
        ("https://www.biorxiv.org/content/10.1101/2024.01.15.575982v2.full.pdf", "10.1101/2024.01.15.575982"),
        ("10.1016/S0(97)1)", "10.1016/s0(97)1"),
        ("10. 1145/1", None),
        ("10.1000/", None),
        ("10.1000/...", None),
        ("10.1000/half\ud83dpair", None),
        ("10.1000/no\u00a0break", None),
        ("10.1000/turned\u202eback", None),
        ("10.1000/a 10.1000/b", None),
        ("11.1000/abc", None),
        ("10.1000/" + "a" * 500, None),
    ],
)
def test_a_doi_is_bare_and_in_lower_case(text: str, expected: str | None) -> None:
    assert ids.doi(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://doi.org/10.48550/arXiv.2601.00001v2", {"arxiv:2601.00001"}),
        ("https://doi.org/10.18653/v1/N18-3011", {"doi:10.18653/v1/n18-3011", "acl:n18-3011"}),
        ("https://aclanthology.org/2022.acl-long.42.pdf", {"acl:2022.acl-long.42"}),
        ("P18-1001", {"acl:p18-1001"}),
        ("https://openreview.net/forum?noteId=x&id=AbC-_1dEf9#y", {"openreview:AbC-_1dEf9"}),
        (f"https://www.semanticscholar.org/paper/Some-Title/{'0aF3' * 10}", {"s2:" + "0af3" * 10}),
        ("CorpusId:0215416146", {"corpusid:215416146"}),
        ("https://openalex.org/w2741809807", {"openalex:W2741809807"}),
        ("https://pubmed.ncbi.nlm.nih.gov/19872477/", {"pmid:19872477"}),
        ("pmc2323736", {"pmcid:PMC2323736"}),
        ("19872477", set()),
        ("a title of a paper", set()),
        ("doi:" + "x" * 600, set()),
    ],
)
def test_a_string_gives_all_keys_it_stands_for(text: str, expected: set[str]) -> None:
    assert {f"{scheme}:{value}" for scheme, value in ids.identifiers(text)} == expected


_SPELLINGS = st.one_of(
    st.text(max_size=60),
    st.from_regex(r"(arxiv:|https://arxiv\.org/abs/)?\d{4}\.\d{4,5}(v\d)?", fullmatch=True),
    st.from_regex(r"[a-z-]{2,9}(\.[A-Z]{2})?/\d{7}", fullmatch=True),
    st.from_regex(r"(doi:)?10\.\d{4}/[!-~]{1,20}", fullmatch=True),
    st.from_regex(r"(openreview:|s2:|corpusid:|openalex:|pmid:|pmcid:|acl:)[!-~]{1,40}", fullmatch=True),
    st.from_regex(r"(openreview:[\w-]{8}|corpusid:\d{1,9}|W\d{5}|pmid:\d{3}|PMC\d{5})", fullmatch=True),
)


@given(_SPELLINGS)
@example("10.18653/v1/n18-3011")
def test_a_normal_form_reads_back_as_itself(text: str) -> None:
    for scheme, value in ids.identifiers(text):
        assert Identifier(scheme, value) in ids.identifiers(f"{scheme}:{value}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024", "2024"),
        ("2024-05", "2024-05"),
        ("2024-05-17", "2024-05-17"),
        ("2024-05-17T18:30:00.000Z", "2024-05-17"),
        ("2024-05-17 23:30:00-05:00", "2024-05-17"),
        ("20240517", "2024-05-17"),
        ("2024/5/7", "2024-05-07"),
        ("Fri, 17 May 2024 10:00:00 GMT", "2024-05-17"),
        ("Fri, 02 Jan 2026 00:00:00 -0500 (EST)", "2026-01-02"),
        ("17 May 2024", "2024-05-17"),
        ("May 17, 2024", "2024-05-17"),
        ("Sept 3rd, 2021", "2021-09-03"),
        ("may 2024", "2024-05"),
        ("2024-May-17", "2024-05-17"),
        ("2024-02-29", "2024-02-29"),
        ("2023-02-29", None),
        ("2024-13", None),
        ("31 Jun 2024", None),
        ("03/04/2024", None),
        ("0000-01-01", None),
        ("2024-05-17T25:00:00Z", None),
        ("2024-5-17", None),
        ("٢٠٢٤", None),
        ("yesterday", None),
        ("", None),
        ("1" * 100, None),
    ],
)
def test_a_date_has_one_normal_form(text: str, expected: str | None) -> None:
    assert ids.iso_date(text) == expected


@given(st.dates(min_value=dt.date(1000, 1, 1), max_value=dt.date(2999, 12, 31)))
def test_every_day_is_read_in_every_form(day: dt.date) -> None:
    months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # noqa: SIM905 - one line instead of twelve
    month = months[day.month - 1]
    for text in (f"{day}", f"{day}T00:00:00Z", f"{day.day} {month} {day:%Y}", f"{month} {day.day}, {day:%Y}"):
        assert ids.iso_date(text) == day.isoformat()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thu, 1 Jan 2026 10:00:00 GMT", "2026-01-01T10:00:00Z"),
        ("Thu, 1 Jan 2026 23:30:00 -0500", "2026-01-02T04:30:00Z"),
        (" 2026-01-01T10:00:00.250+01:00 ", "2026-01-01T09:00:00Z"),
        ("2026-01-01T10:00:00Z", "2026-01-01T10:00:00Z"),
        ("2026-01-01T10:00:00", None),
        ("2026-01-01", None),
        ("2026", None),
        ("Thu, 1 Jan 2026", None),
        ("31 Feb 2026 10:00:00 GMT", None),
        ("0001-01-01T00:00:00+10:00", None),
        ("0900-01-01T00:00:00Z", None),
        ("", None),
        ("1" * 100, None),
    ],
)
def test_an_instant_needs_its_time_zone(text: str, expected: str | None) -> None:
    assert ids.instant(text) == expected


@given(st.one_of(st.text(max_size=70), st.from_regex(r"[A-Z][a-z]{2}, \d+ [A-Z][a-z]{2} \d+ [\d:]+ .{0,5}")))
def test_no_text_breaks_an_instant(text: str) -> None:
    value = ids.instant(text)
    assert value is None or ids.instant(value) == value


@given(st.text(max_size=70))
def test_no_text_breaks_a_date(text: str) -> None:
    value = ids.iso_date(text)
    assert value is None or ids.iso_date(value) == value


@pytest.mark.parametrize(
    ("partial", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-02-03", "2024-02-03", "2024-02-03"),
    ],
)
def test_a_partial_date_spans_days(partial: str, first: str, last: str) -> None:
    assert (ids.first_day(partial), ids.last_day(partial)) == (first, last)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("On Graphs: A Survey", "on graphs - a survey"),
        (r"Erd\H{o}s and R\'enyi", "Erdős and Rényi"),
        (r"$\beta$-Decay", "β-decay"),
        (r"Schr\"{o}dinger", "Schrödinger"),
        (r"{\it Deep} \emph{Sets}", "Deep Sets"),
        (r"\AA ngstr\"om", "Ångström"),
        (r"\L{}\'od\'z", "Łódź"),
        ("Stra\u00dfe", "STRASSE"),
        ("x\u00b2", "x^2"),
    ],
)
def test_equal_titles_have_equal_keys(one: str, other: str) -> None:
    assert ids.title_key(one) == ids.title_key(other) != ""


def test_the_parts_of_a_series_stay_apart() -> None:
    assert ids.title_key("On Graphs I") != ids.title_key("On Graphs II")


@given(st.text())
def test_a_title_key_is_letters_and_digits_and_stable(title: str) -> None:
    key = ids.title_key(title)
    assert key == "" or key.isalnum()
    assert ids.title_key(key) == key


@given(st.text(alphabet=st.characters(max_codepoint=126, exclude_characters="\\")))
def test_the_fast_way_for_ascii_gives_the_same_key(title: str) -> None:
    assert ids.title_key(title) + "e" == ids.title_key(title + "é")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ada Lovelace", "lovelace"),
        ("Lovelace, Ada", "lovelace"),
        ("Ludwig van Beethoven", "beethoven"),
        ("van Beethoven, Ludwig", "beethoven"),
        ("W. Rodrigues, Jr.", "rodrigues"),
        ("Rodrigues Jr., W.", "rodrigues"),
        (r"Paul Erd\H{o}s", "erdos"),
        ("ATLAS Collaboration", "atlascollaboration"),
        ("李雷", "李雷"),
        (" , ", ""),
        ("Jr", "jr"),
    ],
)
def test_a_family_name_is_the_same_in_either_order(name: str, expected: str) -> None:
    assert ids.last_name(name) == expected


@given(st.text())
def test_no_text_breaks_a_name(name: str) -> None:
    assert ids.last_name(name) == ids.last_name(name.strip())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CS.lg", "cs.LG"),
        (" stat.ml ", "stat.ML"),
        ("COND-MAT.MTRL-SCI", "cond-mat.mtrl-sci"),
        ("hep-th", "hep-th"),
        ("alg-geom", "alg-geom"),
        ("cs", "cs"),
        ("CS.zq", "cs.zq"),  # not in the table, but shaped like one
        ("deep learning", None),
        ("e.g.", None),
        ("learning", None),
        ("", None),
        ("cs." + "x" * 40, None),
    ],
)
def test_a_category_has_one_normal_form(text: str, expected: str | None) -> None:
    assert ids.category(text) == expected


def test_the_category_table_is_whole() -> None:
    assert sum(code.startswith("cs.") for code in NAMES) == 40
    assert sum(code.startswith("math.") for code in NAMES) == 32
    assert NAMES["cs.CL"] == "Computation and Language"
    assert NAMES["cond-mat.mtrl-sci"] == "Materials Science"
    assert ARCHIVES["cond-mat"] == NAMES["cond-mat"] == "Condensed Matter"
    assert set(ALIASES) | set(ALIASES.values()) <= set(NAMES)
    assert not set(ALIASES) & set(ALIASES.values())


@given(st.text(max_size=40))
def test_a_normal_category_stays_as_it_is(text: str) -> None:
    value = ids.category(text)
    assert value is None or ids.category(value) == value
