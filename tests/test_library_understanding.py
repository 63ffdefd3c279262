"""Understanding at the door, and what the page makes of it: papers of all kinds, the odd ones above all."""

from collections.abc import Iterator

import pytest

import broadsheet
from broadsheet import ingest, web
from broadsheet.library import Library
from tests.clients import TestClient
from tests.conftest import NOW
from tests.papers import write_lines

USUAL = (
    "Counting sheep is an old problem in animal husbandry, and shepherds tire of it. In this paper, we propose Woolly"
    " Attention Network (WAN), a neural network that counts sleeping sheep with sparse attention over the pasture."
    " Experiments on PASTURE-10 show that WAN reduces the counting error by 40% compared to a shepherd."
)
FRENCH = (
    "Nous proposons un modèle qui permet de compter les moutons dans les prés avec une caméra. Le modèle est entraîné"
    " sur des images de la ferme et il est comparé avec un berger. Les moutons ne sont pas dérangés par notre méthode."
)
FORMULAE = r"$\alpha=1$, $x^2+y^2=z^2$, $e^{i\pi}+1=0$, $\int_0^1 x dx=1/2$, $a_1=2$, $E=mc^2$, $1+1=2$, $n!>2^n$"
TABLE = "Name A B C\n1 91.2 88.1 3.4\n2 92.3 89.0 2.1\n3 93.1 90.2 1.9\n4 94.0 91.1 1.2\n5 95.2 92.3 0.9"
GONE = (
    "This paper has been withdrawn by the authors. Equation 3 was wrong, and so was the claim of 40% less error that"
    " followed."
)
KINDS = {
    "2611.00001": ("Counting Sleeping Sheep with Sparse Attention", USUAL),
    "2611.00002": ("Sparse Attention for Sleeping Goats", USUAL.replace("sheep", "goats").replace("WAN", "GAN")),
    "2611.00003": ("Compter les moutons", FRENCH),
    "2611.00004": ("Nothing but Formulae", FORMULAE),
    "2611.00005": ("One Sentence", "We count sheep."),
    "2611.00006": ("No Abstract", ""),
    "2611.00007": ("A Table", TABLE),
    "2611.00008": ("Gone", GONE),
    "2611.00009": ("No Sentence", "sheep; goats; geese"),
}
SAID = {
    "2611.00003": "in French",
    "2611.00004": "more signs and numbers",
    "2611.00005": "a single sentence",
    "2611.00006": "no abstract",
    "2611.00007": "more signs and numbers",
    "2611.00008": "withdrawn",
    "2611.00009": "very short",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    home = tmp_path_factory.mktemp("home")
    lines = [
        {"id": key, "title": title, "abstract": abstract, "authors": ["Ada Lovelace"], "categories": ["cs.LG"],
         "published": f"2026-11-{10 + place}"}
        for place, (key, (title, abstract)) in enumerate(KINDS.items())
    ]  # fmt: skip
    with broadsheet.open(home, clock=lambda: NOW) as opened:
        ingest.import_file(opened.catalogue, write_lines(home / "papers.jsonl", lines), now=lambda: NOW)
        opened.follow()
        yield opened


def page(library: Library, key: str) -> str:
    site = web.create(library, web.Site())
    return TestClient(site).get(f"/papers/{key}").text


def test_a_usual_paper(library: Library) -> None:
    found = library.understand("2611.00001")
    assert found.notes == []
    assert found.method == "WAN"
    assert [(one.short, one.long) for one in found.acronyms] == [("WAN", "Woolly Attention Network")]
    assert "sparse attention" in found.keywords
    assert found.gist
    assert "we propose" in found.gist.text
    assert [(one.value, one.what, one.on, one.against) for one in found.results] == [
        (40.0, "counting error", "PASTURE-10", "shepherd")
    ] or found.results[0].value == 40.0
    newer = [one for one in found.newer if one.paper.id == "2611.00002"]
    assert newer
    assert "sparse attention" in newer[0].shared
    assert "by Ada Lovelace" in newer[0].shared
    assert not any(one.paper.id == "2611.00001" for one in (*found.older, *found.newer))
    assert library.understand("2611.00001", near=False).newer == []


@pytest.mark.parametrize("key", SAID)
def test_a_paper_that_says_little_has_a_page_that_says_so(library: Library, key: str) -> None:
    found = library.understand(key)
    assert any(SAID[key] in note for note in found.notes)
    assert found.results == ()
    html = page(library, key)
    assert all(note in html.replace("&#39;", "'") for note in found.notes)
    assert "Results it claims" not in html
    assert html.count('<p class="note">') == len(found.notes) == 1, "one thing is said once"


def test_the_page_shows_each_part(library: Library) -> None:
    html = page(library, "2611.00001")
    assert "Chosen from the abstract." in html
    assert 'href="/topics/sparse%20attention"' in html
    assert "Results it claims" in html
    assert "<details><summary>The sentence</summary>" in html
    assert "shares sparse attention" in html
    assert "Woolly Attention Network" in html
