"""CSL-JSON: exports of Zotero and others, and the dialect of DOI registries."""

import json
from pathlib import Path
from typing import Any

import pytest

from broadsheet.sources import open_source
from broadsheet.types import Author, Identifier, Record
from tests.conftest import NOW
from tests.sources.kit import GOLDEN, put, records, refusals


def item(folder: Path, **fields: Any) -> Record:
    """The record of one item with these fields."""
    (record,) = records(put(folder, json.dumps([{"id": "k", "type": "article", "title": "T", "issued": {}, **fields}])))
    return record


def test_a_library_is_read_and_its_broken_items_are_told() -> None:
    path = GOLDEN / "library.csl.json"
    found = {one.line: one.result for one in open_source(path, now=NOW).items() if isinstance(one.result, Record)}
    moss, tides, fog = found.values()
    assert moss == Record(
        source="csl:library.csl.json",
        source_key="moss2021",
        title="Gardens at Night: Light and x2",
        abstract="Lights are hung, if $a<b$.",
        authors=(
            Author("Ida Moss", orcid="0000-0001-0000-0009"),
            Author("Jan van der Berg Jr."),
            Author("The Lantern Group"),
        ),
        published="2021-05-06",
        identifiers=(Identifier("doi", "10.1000/garden.1"),),
        venue="Journal of Garden Lights",
        journal_ref="Journal of Garden Lights 4(2), 10-19 (2021)",
        links=("https://example.org/garden",),
        keywords=("light", "garden"),
    )
    assert tides.identifiers == (Identifier("arxiv", "2303.00077"), Identifier("pmid", "123"))
    assert (tides.source_key, tides.published, tides.venue) == ("http://example.org/items/TIDES", "2023-03", None)
    assert (fog.source_key, fog.title, fog.authors, fog.published) == ("7", "Fog", (Author("Weather Office"),), None)
    assert refusals(path) == {33: 'the item "moss2021" appears twice', 34: "the title is missing"}


@pytest.mark.parametrize(
    ("issued", "published"),
    [
        ({"date-parts": [[2024, 5, 17]]}, "2024-05-17"),
        ({"date-parts": [["2024", "05"]]}, "2024-05"),
        ({"date-parts": [[2024, 5, 17], [2024, 5, 19]]}, "2024-05-17"),
        ({"date-parts": [[2024, 13, 1]]}, "2024"),
        ({"date-parts": [[None]]}, None),
        ({"date-parts": [[2027, 2]]}, None),
        ({"date-parts": []}, None),
        ({"date-parts": "2024"}, None),
        ({"raw": "17 May 2024"}, "2024-05-17"),
        ({"literal": "spring"}, None),
        ("2024-05", "2024-05"),
        (None, None),
    ],
)
def test_dates_are_as_whole_as_they_are_given(issued: object, published: str | None, tmp_path: Path) -> None:
    assert item(tmp_path, issued=issued, **{"container-title": "J"}).published == published


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"number": "arXiv:2401.00017"}, {"arxiv:2401.00017"}),
        ({"number": "2401.00017", "publisher": "arXiv"}, {"arxiv:2401.00017"}),
        ({"number": "2401.00017", "publisher": "Harbour Press"}, set()),
        ({"archive": "arXiv", "archive_location": "math/0611800"}, {"arxiv:math/0611800"}),
        ({"note": "_eprint: 2401.00017\nDOI: 10.1000/a"}, {"doi:10.1000/a"}),
        ({"URL": "https://arxiv.org/abs/2401.00017v2"}, {"arxiv:2401.00017"}),
        ({"DOI": "https://doi.org/10.18653/v1/P18-1001"}, {"doi:10.18653/v1/p18-1001", "acl:p18-1001"}),
        ({"PMID": 123, "PMCID": "PMC77"}, {"pmid:123", "pmcid:PMC77"}),
    ],
)
def test_identifiers_are_found_where_people_put_them(
    fields: dict[str, Any], expected: set[str], tmp_path: Path
) -> None:
    assert {f"{scheme}:{value}" for scheme, value in item(tmp_path, **fields).identifiers} == expected


def test_an_item_without_an_id_is_known_by_its_identifier(tmp_path: Path) -> None:
    assert item(tmp_path, id="", DOI="10.1000/A").source_key == "doi:10.1000/a"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"author": "Moss"}, "author is text, not a list"),
        ({"author": [{"family": "Moss"}, "Park"]}, "author holds text, not a name"),
        ({"title": {"en": "T"}}, "title is an object, not text"),
    ],
)
def test_an_item_of_another_shape_is_refused(fields: dict[str, Any], reason: str, tmp_path: Path) -> None:
    item = {"id": "k", "type": "article", "title": "T", "issued": {}, **fields}
    assert refusals(put(tmp_path, json.dumps([item]))) == {1: reason}


def test_one_item_alone_is_a_library_too_and_our_own_records_are_none(tmp_path: Path) -> None:
    answer = {
        "type": "journal-article",
        "title": "T",
        "author": [{"given": "Ida", "family": "Moss"}],
        "DOI": "10.1000/a",
    }
    assert open_source(put(tmp_path, json.dumps(answer)), now=NOW).kind == "csl"
    ours = {"type": "article", "title": "T", "authors": [{"name": "Ida Moss"}]}
    assert open_source(put(tmp_path, json.dumps(ours)), now=NOW).kind == "records"
