"""The `arxiv` package, unmodified: the examples of its own README and the statements of its tests, over our papers.

The same file runs with its older versions (`tests.compat.versions`).
"""

import datetime as dt
from typing import Any

import arxiv
import pytest

UTC = dt.timezone.utc  # noqa: UP017  older versions run on older Pythons
A_WEEKDAY = 12  # papers of our corpus


@pytest.fixture
def client(address: str) -> arxiv.Client:
    """As its documentation makes one, with our address. Pauses are for arXiv's sake."""
    made = arxiv.Client(page_size=100, delay_seconds=0, num_retries=1)
    made.query_url_format = f"{address}/api/query?{{}}"
    return made


def results(client: arxiv.Client, **asked: Any) -> list[arxiv.Result]:
    return list(client.results(arxiv.Search(**asked)))


# The README's examples


def test_the_newest_papers_on_a_word(client: arxiv.Client) -> None:
    search = arxiv.Search(query="teapots", max_results=10, sort_by=arxiv.SortCriterion.SubmittedDate)
    found = list(client.results(search))
    assert len(found) == 10
    assert all("Teapots" in result.title for result in found)
    dates = [result.published for result in found]
    assert dates == sorted(dates, reverse=True)


def test_the_query_language_of_its_example(client: arxiv.Client) -> None:
    found = results(client, query="au:del_maestro AND ti:herd")
    assert [result.title for result in found] == ["The Herd of Sheep Models"]


def test_papers_by_their_ids(client: arxiv.Client) -> None:
    (result,) = results(client, id_list=["2407.21783v1"])
    assert result.title == "The Herd of Sheep Models"
    assert result.entry_id == "http://arxiv.org/abs/2407.21783v1"
    assert result.get_short_id() == "2407.21783v1"


# Every field of a result


def test_a_result_is_whole(client: arxiv.Client) -> None:
    (result,) = results(client, id_list=["2407.21783"])
    assert result.get_short_id() == "2407.21783v2"
    assert result.published == dt.datetime(2024, 7, 31, 17, 54, 27, tzinfo=UTC)
    assert result.updated == dt.datetime(2024, 8, 15, tzinfo=UTC)
    assert [author.name for author in result.authors] == ["Ada Lovelace", "Wislawa del Maestro"]
    assert result.summary.startswith("A herd of models that count sheep.")
    assert (result.comment, result.journal_ref) == ("92 pages of sheep", "Journal of Invented Results 7 (2024)")
    assert result.doi == "10.1000/herd.8"
    assert (result.primary_category, result.categories) == ("cs.CL", ["cs.CL", "cs.LG"])
    assert result.pdf_url == "https://arxiv.org/pdf/2407.21783v2"
    assert "pdf" in [link.title for link in result.links]


def test_a_paper_of_which_little_is_known_is_read_too(client: arxiv.Client) -> None:
    (result,) = results(client, id_list=["2407.00009"])
    assert result.title == "Notes in the Margin"
    assert (result.primary_category, result.categories) == ("", [""])
    assert [author.name for author in result.authors] in ([], [""])


def test_an_old_id_and_signs_that_xml_knows(client: arxiv.Client) -> None:
    (result,) = results(client, id_list=["hep-th/9901001"])
    assert result.get_short_id() == "hep-th/9901001v1"
    assert result.summary.endswith("$a<b$ & more.")


def test_ids_that_are_not_here_are_left_out(client: arxiv.Client) -> None:
    assert [result.get_short_id() for result in results(client, id_list=["2407.21783", "2407.99999"])] == [
        "2407.21783v2"
    ]
    assert results(client, id_list=["2407.99998"]) == []


def test_ids_and_a_query_give_the_ids_that_match(client: arxiv.Client) -> None:
    ids = ["2407.21783", "hep-th/9901001"]
    assert [one.get_short_id() for one in results(client, query="ti:knots", id_list=ids)] == ["hep-th/9901001v1"]


# Paging


@pytest.mark.parametrize("size", [3, 7, 100])
def test_every_result_once_whatever_the_page(address: str, size: int) -> None:
    client = arxiv.Client(page_size=size, delay_seconds=0, num_retries=1)
    client.query_url_format = f"{address}/api/query?{{}}"
    found = results(client, query="cat:quant-ph", max_results=1000)
    assert len(found) == len({result.entry_id for result in found}) == 74
    assert len(results(client, query="cat:quant-ph", max_results=10)) == 10


# The grammar


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("submittedDate:[20261102 TO 20261106]", 5 * A_WEEKDAY),
        ("submittedDate:[202611020000 TO 202611022359] AND cat:cs.AI", A_WEEKDAY),
        ("submittedDate:[202610 TO 202610] AND all:orchards", 26),
        ("cat:cs.*", 446),
        ("cat:q-fin.PM AND ti:sheep", 0),
        ("ti:sheep ANDNOT cat:cs.AI", 1),
        ("ti:(herd OR knots)", 2),
        ("ti:herd OR ti:knots AND cat:hep-th", 2),
        ("(ti:herd OR ti:knots) AND cat:hep-th", 1),
        ('ti:"herd of sheep"', 1),
        ('ti:"sheep herd"', 0),
        ("abs:fenc*", 1),
        ("ti:stri*", 1),
        ("co:sheep", 1),
        ("jr:invented", 1),
        ("id:2407.21783", 1),
        ("doi:10.1000/herd.8", 1),
        ("rn:anything", 0),
        ("au:meitner ANDNOT ti:part", 1),
        ("nowordofours", 0),
    ],
)
def test_the_grammar(client: arxiv.Client, query: str, count: int) -> None:
    assert len(results(client, query=query, max_results=1000)) == count


def test_what_cannot_be_read_is_an_error_that_says_so(address: str) -> None:
    client = arxiv.Client(delay_seconds=0, num_retries=0)
    client.query_url_format = f"{address}/api/query?{{}}"
    with pytest.raises(arxiv.HTTPError, match="400"):
        results(client, id_list=["nope"])
    with pytest.raises(arxiv.HTTPError, match="400"):
        results(client, query="((((")
