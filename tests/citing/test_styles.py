"""References in words."""

from dataclasses import replace

import pytest

from broadsheet.citing import STYLES, citation, markdown
from tests.citing.papers import KNOTS, NOTHING, SHEEP, TALK

SHEEP = replace(SHEEP, title="Counting Sheep", authors=SHEEP.authors[:2])


@pytest.mark.parametrize(
    ("style", "text"),
    [
        (
            "APA",
            (
                "Lovelace, A. K., & van der Berg, L. (2026). Counting Sheep. arXiv. "
                "https://doi.org/10.48550/arXiv.2611.00001"
            ),
        ),
        (
            "MLA",
            (
                "Lovelace, Ada King, and Ludwig van der Berg. “Counting Sheep.” arXiv, 18 Nov. 2026, "
                "https://doi.org/10.48550/arXiv.2611.00001."
            ),
        ),
        (
            "Chicago",
            (
                "Lovelace, Ada King, and Ludwig van der Berg. “Counting Sheep.” Preprint, arXiv, November 18, 2026. "
                "https://doi.org/10.48550/arXiv.2611.00001."
            ),
        ),
        (
            "IEEE",
            (
                "A. K. Lovelace and L. van der Berg, “Counting Sheep,” arXiv:2611.00001, Nov. 2026, "
                "doi: 10.48550/arXiv.2611.00001."
            ),
        ),
        (
            "Harvard",
            (
                "Lovelace, A. K. and van der Berg, L. (2026) ‘Counting Sheep’, arXiv. "
                "Available at: https://doi.org/10.48550/arXiv.2611.00001."
            ),
        ),
    ],
)
def test_a_preprint_in_each_style(style: str, text: str) -> None:
    assert citation(SHEEP, style) == text


def test_an_article_and_its_question_mark() -> None:
    assert citation(KNOTS, "MLA") == (
        "Meitner, Lise, and Emmy Noether. “On Knots and What Strings Keep of Them?” Annals of Invented Topology, "
        "June 1999, https://doi.org/10.1000/knot.1."
    )
    assert "“On Knots and What Strings Keep of Them?” Annals" in citation(KNOTS, "IEEE")


def test_many_authors_become_fewer() -> None:
    assert citation(TALK, "APA").startswith("Familyaa, G., Familyab, G.,")
    assert "Familybi, G., … Familycj, G. (2026)." in citation(TALK, "APA")
    assert citation(TALK, "MLA").startswith("Familyaa, Given, et al. “A Survey")
    assert "Given Familyag, et al. “" in citation(TALK, "Chicago")
    assert citation(TALK, "IEEE").startswith("G. Familyaa et al., “")
    assert citation(TALK, "Harvard").startswith("Familyaa, G. et al. (2026)")


def test_a_paper_of_which_nothing_is_known_is_still_cited() -> None:
    for style in STYLES:
        assert citation(NOTHING, style)
    assert markdown(NOTHING) == ""


def test_a_link_in_markdown() -> None:
    assert markdown(replace(SHEEP, title="A [b] *c*")) == r"[A \[b\] \*c\*](https://arxiv.org/abs/2611.00001)"
    assert markdown(KNOTS, address="https://x.test").endswith("(https://doi.org/10.1000/knot.1)")
