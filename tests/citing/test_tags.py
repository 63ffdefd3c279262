"""Tags of a page's head: read as Zotero's connector and Google Scholar read them, and as JSON-LD."""

import json
from dataclasses import replace

from broadsheet.citing import linked_data, tags
from broadsheet.types import Author
from tests.citing.papers import KNOTS, NOTHING, SHEEP, TALK

HERE = "https://papers.example.org/papers/2611.00001"


def test_a_preprint_says_what_zotero_and_scholar_ask_for() -> None:
    found = tags(SHEEP, address=HERE)
    one = dict(found)
    assert [content for name, content in found if name == "citation_author"] == [
        "Lovelace, Ada King",
        "van der Berg, Ludwig",
        "Erdős, Pál Jr.",
        "The Lantern Collaboration",
    ]
    assert one["citation_title"].startswith("Counting AWQ Sheep & Goats in O(n log n): 50% Fewer")
    assert one["citation_publication_date"] == "2026/11/18"
    assert one["citation_online_date"] == "2026/11/20"
    assert one["citation_arxiv_id"] == "2611.00001"
    assert one["citation_pdf_url"] == "https://arxiv.org/pdf/2611.00001"
    assert one["citation_abstract_html_url"] == HERE
    assert one["citation_author_orcid"] == "https://orcid.org/0000-0001-0000-0009"
    assert (one["DC.type"], one["DC.publisher"]) == ("preprint", "arXiv")
    assert ("DC.identifier", "arXiv:2611.00001") in found
    assert all(content for _, content in found)


def test_what_appeared_says_where() -> None:
    assert dict(tags(KNOTS))["citation_journal_title"] == "Annals of Invented Topology"
    assert dict(tags(KNOTS))["DC.type"] == "text"
    assert "citation_arxiv_id" not in dict(tags(KNOTS))
    assert dict(tags(TALK))["citation_conference_title"] == "Proceedings of the Conference on Kettles"


def test_linked_data_is_json_that_no_title_ends() -> None:
    paper = replace(SHEEP, title="</script><script>alert(1)</script><!--", authors=(Author("A & B\u2028Team"),))
    text = linked_data(paper, address=HERE, picture=f"{HERE}.png")
    assert not set("<>&\u2028") & set(text)
    data = json.loads(text)
    assert data["headline"] == "</script><script>alert(1)</script><!--"
    assert data["@type"] == "ScholarlyArticle"
    assert data["sameAs"] == ["https://arxiv.org/abs/2611.00001", "https://doi.org/10.48550/arXiv.2611.00001"]
    assert data["image"] == f"{HERE}.png"
    assert data["license"] == "https://creativecommons.org/licenses/by/4.0/"


def test_nothing_is_said_of_what_is_not_known() -> None:
    assert tags(NOTHING) == [("DC.type", "preprint")]
    assert json.loads(linked_data(NOTHING)) == {"@context": "https://schema.org", "@type": "ScholarlyArticle"}


def test_thousands_of_authors_stay_within_a_budget() -> None:
    crowd = replace(SHEEP, authors=tuple(Author(f"Ada{'a' * (n % 7)} Lovelace") for n in range(3_000)))
    size = sum(len(name) + len(content) + 32 for name, content in tags(crowd, address=HERE))
    assert size < 20_000
    assert len(linked_data(crowd)) < 20_000
