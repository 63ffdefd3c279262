"""What stands in the abstract, though the index has no field of abstracts."""

from collections.abc import Iterator
from os.path import commonprefix

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.search import Search
from broadsheet.search.text import compounds, searchable, stems
from broadsheet.search.titlealone import title_alone
from tests.search.fake import FakeCatalogue, paper

WORDS = ("sheep", "sheepdog", "Sheep-dogs", "shear", "shearing", "İstanbul", "größe", "wool", "x-ray", "量子", "c++")
TEXTS = st.lists(st.sampled_from(WORDS) | st.text(max_size=5), max_size=4).map(" ".join).map(searchable)


@given(TEXTS, TEXTS)
def test_stems_of_the_title_alone_and_what_they_begin_with(title: str, text: str) -> None:
    titled, said = ([*stems(one), *stems(compounds(one))] for one in (title, text))
    alone, begins = title_alone(" ".join(titled), " ".join(said))
    assert alone == sorted(set(titled) - set(said))
    shared = {max((_begin(stem, other) for other in said), key=len, default="") for stem in alone}
    assert set(begins) == shared - {""}


def _begin(one: str, other: str) -> str:
    return commonprefix([one, other])  # noqa: RUF071 - words, letter by letter


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Search]:
    papers = [
        paper("2611.00001", "Sheepish Shepherds of Pre-Trained Wolves", "Nobody is kept away."),
        paper("2611.00002", "Sheepish Shepherds", "A sheepfold keeps wolves away. They are pretrained."),
        paper("2611.00003", "On Wolves", "Shepherds kept away from sheepfolds; wolves as well.", keywords=("x-ray",)),
        paper("2611.00004", "Shepherds of X-Ray Wolves"),
    ]
    search = Search.open(tmp_path_factory.mktemp("home") / "index", FakeCatalogue(papers))
    search.sync()
    yield search
    search.close()


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("abs:wolves", {2, 3}),
        ("abs:shepherd", {3}),
        ("abs:shepherd OR ti:sheepish", {1, 2, 3}),
        ("abs:pre-trained", {2}),
        ("abs:pretrained", {2}),
        ("abs:x-ray", {3}),
        ('abs:"keeps wolves"', {2}),
        ('abs:"of wolves"', set()),
        ("-abs:wolves", {1, 4}),
    ],
)
def test_the_abstract_is_asked_by_itself(search: Search, query: str, numbers: set[int]) -> None:
    assert set(search.query(query).numbers) == numbers


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("abs:shee*", {2, 3}),
        ("abs:sheepi*", set()),
        ("abs:sheepf*", {2, 3}),
        ("abs:wolve*", {2, 3}),
        ("abs:wo*", {2, 3}),
    ],
)
def test_a_word_cut_short_too(search: Search, query: str, numbers: set[int]) -> None:
    assert set(search.arxiv(query, limit=10).numbers) == numbers
