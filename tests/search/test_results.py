"""`result:` in a search: the language, and papers found by what they claim."""

from collections.abc import Iterator

import pytest

from broadsheet.search import Search
from broadsheet.search.query import Claimed, parse
from broadsheet.types import Measure
from tests.search.fake import FakeCatalogue, paper


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Search]:
    catalogue = FakeCatalogue(
        [
            paper("2611.00001", "Quick Dogs", "We train dogs. They are 1.45x faster than wolves at quantization."),
            paper("2611.00002", "Quicker Dogs", "We train dogs. They are 3 to 5 times faster than wolves."),
            paper("2611.00003", "Small Dogs", "We train dogs. They use 70% less memory and reach 93.5% accuracy."),
            paper("2611.00004", "Dogs", "Dogs are 9 times faster than sheep. We ask why."),
        ]
    )
    search = Search.open(tmp_path_factory.mktemp("home") / "index", catalogue)
    search.sync()
    yield search
    search.close()


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("result:speedup>1.5", {2}),
        ("result:speedup>=1.45", {1, 2}),
        ("result:speedup>1.45", {2}),
        ("result:speedup", {1, 2}),
        ("result:speedup<2", {1}),
        ("result:speedup:4..6", {2}),
        ("result: speedup > 1 quantization", {1}),
        ("result:memory>=70%", {3}),
        ("result:less>50", {3}),
        ("result:accuracy=93.5", {3}),
        ("dogs -result:speedup", {3, 4}),
        ("result:speedup OR result:memory", {1, 2, 3}),
        ("result:error", set()),
    ],
)
def test_papers_are_found_by_what_they_claim(search: Search, query: str, numbers: set[int]) -> None:
    assert set(search.query(query).numbers) == numbers


def test_what_it_knows_is_said_where_it_is_asked_for_something_else() -> None:
    read = parse("result:beauty>3 sheep")
    assert read.tree == parse("sheep").tree
    assert "result:speedup>1.5" in read.notes[0]
    assert all(measure.value in read.notes[0] for measure in Measure)


def test_the_language() -> None:
    assert parse("result:gain>=3").tree == Claimed(Measure.GAIN, 3.0, None)
    assert parse("Result:ERROR<2%").tree == Claimed(Measure.ERROR, None, 1.999)
    assert parse("result:speedup=2x").tree == Claimed(Measure.SPEEDUP, 2.0, 2.0)
    assert (
        parse("results: a title").tree == parse("results a title").tree or "results:" in parse("results: a title").text
    )
