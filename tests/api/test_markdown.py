"""A paper as Markdown without its full text: the gist is there, and says who chose or wrote it."""

from pathlib import Path

import pytest

import broadsheet
from broadsheet import api, ingest
from broadsheet.api.markdown import document
from broadsheet.types import FullText, Gist, Paper
from broadsheet.web.patience import patient
from tests.clients import TestClient
from tests.conftest import NOW
from tests.papers import write_lines

ABSTRACT = (
    "Counting sheep is an old problem in animal husbandry, and shepherds tire of it. In this paper, we propose Woolly"
    " Attention Network (WAN), a neural network that counts sleeping sheep with sparse attention over the pasture."
    " Experiments on PASTURE-10 show that WAN reduces the counting error by 40% compared to a shepherd."
)


def test_the_gist_stands_before_the_abstract(tmp_path: Path) -> None:
    lines = [
        {"id": "2611.00001", "title": "Counting Sheep", "abstract": ABSTRACT, "published": "2026-11-10"},
        {"id": "2611.00002", "title": "Nothing Known", "published": "2026-11-10"},
    ]
    with broadsheet.open(tmp_path / "home", clock=lambda: NOW) as library:
        ingest.import_file(library.catalogue, write_lines(tmp_path / "papers.jsonl", lines), now=lambda: NOW)
        library.follow()
        client = TestClient(api.create(library, patient=patient, quotas=api.Quotas(0, 0, 0)))
        text = client.get("/papers/2611.00001.md").text
        chosen = library.understand("2611.00001", near=False).gist
        without = client.get("/papers/2611.00002.md").text
    assert chosen is not None
    assert f"## Gist\n\n*Chosen by a program.*\n\n{chosen.text}\n\n## Abstract" in text
    assert "Gist" not in without


@pytest.mark.parametrize("by", ["tiny_model *1*"])
def test_what_a_model_wrote_is_said_to_be(by: str) -> None:
    text = document(Paper("x", "A Paper"), "http://here/", gist=Gist("Sheep are *counted*.", by))
    assert r"*Written by the language model tiny\_model \*1\*.*" in text
    assert r"Sheep are \*counted\*." in text


def test_with_the_full_text_there_is_none() -> None:
    whole = FullText("## Sheep", source="https://arxiv.org/html/x", read="2026-11-20")
    assert "Gist" not in document(Paper("x", "A Paper"), "http://here/", whole)
