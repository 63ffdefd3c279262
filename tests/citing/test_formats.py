"""What is taken along comes back: BibTeX, RIS and CSL-JSON, read by our own sources."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadsheet import tex
from broadsheet.citing import bibtex, csl, key, ris
from broadsheet.types import Author, Paper, Record
from tests.citing.papers import ALL, NOTHING, SHEEP, TALK
from tests.sources.kit import put, records


def listed(paper: Paper) -> str:
    return json.dumps([csl(paper)])


FORMATS: tuple[Callable[[Paper], str], ...] = (bibtex, ris, listed)


def names(paper: Paper | Record) -> list[str]:
    return [tex.plain(author.name).replace(",", "") for author in paper.authors]


@pytest.mark.parametrize("write", FORMATS)
@pytest.mark.parametrize("paper", ALL, ids=lambda paper: paper.id)
def test_a_paper_comes_back(tmp_path: Path, write: Callable[[Paper], str], paper: Paper) -> None:
    (record,) = records(put(tmp_path, write(paper)))
    assert tex.plain(record.title) == tex.plain(paper.title)
    assert names(record) == names(paper)
    assert record.published == paper.published
    assert set(paper.identifiers) <= set(record.identifiers)
    assert record.venue == paper.venue
    if write is not bibtex:
        assert tex.plain(record.abstract or "") == tex.plain(paper.abstract or "")
        assert record.keywords == paper.keywords


@pytest.mark.parametrize("write", FORMATS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.lists(
        st.sampled_from(["a{b", "}", "$x_1$", "50%", "R&D", "#1", "{AWQ}", "\\{", "$5", "~", "@x", "^", "é"])
    )
)
def test_no_title_breaks_a_file(tmp_path: Path, write: Callable[[Paper], str], words: list[str]) -> None:
    paper = replace(SHEEP, title=" ".join(["Sheep", *words, "end"]))
    (record,) = records(put(tmp_path, write(paper)))
    given_ = tex.plain(paper.title)
    read = tex.plain(record.title) if write is bibtex else record.title  # the others hold plain text already
    assert read[:5] == "Sheep"
    assert read[-3:] == "end"
    assert names(record) == names(paper)
    # Braces that do not pair are all that may go.
    assert [char for char in read if char.isalnum()] == [char for char in given_ if char.isalnum()]


def test_bibtex_keeps_tex_and_capitals() -> None:
    text = bibtex(SHEEP)
    assert r"title = {Counting {AWQ} Sheep \& Goats in $O(n \log n)$: 50\% Fewer, Erd\H{o}s\_1}," in text
    assert "author = {Lovelace, Ada King and van der Berg, Ludwig and Erdős, Jr., Pál and " in text
    assert "{The Lantern Collaboration}" in text
    assert text.startswith("@misc{lovelace2026counting,\n")
    assert "  month = nov,\n" in text
    assert "archivePrefix = {arXiv}" in text


def test_bibtex_of_many_authors_can_end_in_others(tmp_path: Path) -> None:
    text = bibtex(TALK, authors=2)
    assert "author = {Familyaa, Given and Familyab, Given and others}" in text
    assert text.startswith("@inproceedings{familyaa2026survey,")
    (record,) = records(put(tmp_path, text))
    assert names(record) == ["Given Familyaa", "Given Familyab"]


def test_ris_and_csl_say_preprint_as_importers_want_it() -> None:
    assert ris(SHEEP).startswith("TY  - UNPB\n")
    assert "AN  - arXiv:2611.00001\n" in ris(SHEEP)
    item = csl(SHEEP)
    assert (item["type"], item["publisher"], item["number"]) == ("article", "arXiv", "arXiv:2611.00001")
    assert item["DOI"] == "10.48550/arXiv.2611.00001"
    assert item["author"][1] == {"given": "Ludwig", "family": "van der Berg"}


@pytest.mark.parametrize("title", ["", "ШРИФТ", "%%%"])
def test_a_key_is_ascii_whatever_the_paper(title: str) -> None:
    for authors in ((), (Author("Иван Петров"),), (Author("Ada Lovelace"),)):
        found = key(replace(NOTHING, title=title, authors=authors))
        assert found.isascii()
        assert found.isalnum()
        assert found


def test_a_paper_of_which_nothing_is_known_is_still_written() -> None:
    assert bibtex(NOTHING, address="https://x.test/papers/bs:nothing").count("{") == 2
    assert ris(NOTHING) == "TY  - UNPB\nER  - \n"
    assert csl(NOTHING) == {"id": "bsnothing", "type": "article"}
