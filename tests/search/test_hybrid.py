"""Words and meaning together: what is found, in which order, within which filters, and what happens without vectors."""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.errors import BadSetting
from broadsheet.search import Matches, Search, encoder_named, following, hybrid, passing
from broadsheet.search.encoder import Vectors
from broadsheet.search.fusion import SHARE, fuse
from broadsheet.types import Author, Mode, Paper, Sort
from tests.search.fake import FakeCatalogue, paper, shelf
from tests.search.test_query import PIECES

SAME = ("sheep ewes mutton", "teapots kettles", "knots tangles", "maps charts", "quantization rounding")


class Thesaurus:
    """An encoder that knows five things by a few names each, and nothing else."""

    name, dimensions = "thesaurus", 8

    def __init__(self, fingerprint: str = "thesaurus:1") -> None:
        self.fingerprint = fingerprint

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.lower().replace(".", " ").split():
                for place, names in enumerate(SAME):
                    vectors[row, place] += word in names.split()
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.where(lengths == 0, 1, lengths), dtype=np.float32)


@pytest.fixture
def catalogue() -> FakeCatalogue:
    return FakeCatalogue(shelf())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def search(folder: Path, catalogue: FakeCatalogue) -> Search:
    search = Search.open(folder, catalogue, encoder=Thesaurus)
    search.sync()
    return search


def flock(count: int) -> list[Paper]:
    return [paper(f"2611.{n:05d}", f"Mutton {n}", "Ewes graze.") for n in range(1, count + 1)]


def keys(catalogue: FakeCatalogue, matches: Matches) -> list[str]:
    return [catalogue.held[number].id for number in matches.numbers]


def test_papers_are_found_that_have_none_of_the_words(search: Search, catalogue: FakeCatalogue) -> None:
    assert search.query("ewes", mode=Mode.KEYWORD).numbers == []
    found = search.query("ewes")
    assert set(keys(catalogue, found)) == {"2401.00004", "2611.00001"}
    assert (found.total, found.near) == (0, 2)
    assert "none has its words" in found.notes[-1]
    assert set(search.query("ewes", mode=Mode.MEANING).numbers) >= set(found.numbers)


def test_words_and_meaning_both_count(search: Search, catalogue: FakeCatalogue) -> None:
    found = search.query("teapots kettles")
    assert found.numbers[0] in search.query("teapots", mode=Mode.KEYWORD).numbers
    assert found.scores == sorted(found.scores, reverse=True)
    for score, why in zip(found.scores, found.whys, strict=True):
        assert sum(why.parts.values()) == pytest.approx(score, abs=0.002)
        assert why.cosine is not None
    assert found.whys[0].words == ("teapots",)


def test_papers_like_the_first_ones_come_before_others_as_near(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two papers that are the same to the query, the one about what the best papers are about, too."""
    best = [paper(f"2611.{n:05d}", f"Ewes {n}", "Ewes. Kettles.") for n in range(3, 9)]
    with_maps, with_pots = paper("2611.00001", "One", "Ewes. Maps."), paper("2611.00002", "Two", "Ewes. Teapots.")
    catalogue = FakeCatalogue([with_maps, with_pots, *best])
    search = Search.open(folder, catalogue, encoder=Thesaurus)
    search.sync()
    found = search.query("ewes")
    assert keys(catalogue, found)[-2:] == [with_pots.id, with_maps.id]
    assert found.whys[-1].cosine == found.whys[-2].cosine == pytest.approx(0.5**0.5, abs=0.001), "to the query itself"
    monkeypatch.setattr(hybrid, "FEEDBACK", 0.0)
    assert keys(catalogue, search.query("ewes"))[-2:] == [with_maps.id, with_pots.id]


def test_a_whole_title_comes_first_whatever_else_is_near(search: Search, catalogue: FakeCatalogue) -> None:
    for one in catalogue.held.values():
        found = search.query(one.title)
        assert found.numbers[0] == one.number
    assert "exact title" in search.query("A Survey of Teapots").whys[0].parts


@pytest.mark.parametrize(
    "query",
    ["ewes since:2026", "ewes cat:cs.CL", "ewes author:lovelace", 'ewes "x-ray"', "ewes -gpt-4", "ewes -cat:cs.PL"],
)
def test_filters_hold_for_papers_that_come_along_for_their_meaning(
    search: Search, catalogue: FakeCatalogue, query: str
) -> None:
    for mode in (Mode.HYBRID, Mode.MEANING):
        found = keys(catalogue, search.query(query, mode=mode))
        assert found[0] == "2611.00001"
        assert "2401.00004" not in found


@pytest.mark.parametrize(
    "query", ["kettles author:wanted", "kettles cat:math.CO", "kettles since:2027", "kettles -graze"]
)
def test_filters_apply_before_anything_is_ranked(folder: Path, query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one paper that passes is far down among the near ones."""
    wanted = paper(
        "2701.00001",
        "Mutton",
        "Kettles and ewes.",
        authors=(Author("A. Wanted"),),
        categories=("math.CO",),
        day="2027-01-01",
    )
    others = [paper(f"2611.{n:05d}", f"Kettles {n}", "They graze.", categories=("cs.LG",)) for n in range(1, 400)]
    search = Search.open(folder, FakeCatalogue([wanted, *others]), encoder=Thesaurus)
    search.sync()
    for most_listed in (passing.MOST_LISTED, 0):
        monkeypatch.setattr(passing, "MOST_LISTED", max(1, most_listed))
        assert search.query(query, mode=Mode.MEANING).numbers == [1]
        assert search.query(query).numbers == [1]


def test_a_query_without_words_or_by_date_is_the_keyword_engines_alone(search: Search) -> None:
    for query, sort in (
        ("", Sort.RELEVANCE),
        ("cat:cs", Sort.RELEVANCE),
        ("-ewes", Sort.RELEVANCE),
        ("sheep", Sort.DATE),
    ):
        found, plain = search.query(query, sort=sort), search.query(query, sort=sort, mode=Mode.KEYWORD)
        assert (found.numbers, found.total, found.near) == (plain.numbers, plain.total, 0)


def test_misspelt_words_are_corrected_for_both_sides(search: Search, catalogue: FakeCatalogue) -> None:
    catalogue.put(paper("2611.00010", "On Quantization"))
    search.sync()
    found = search.query("quantizaton")
    assert found.whys[0].cosine == pytest.approx(1.0, abs=0.02)


def test_what_nobody_waits_for_is_not_looked_for(search: Search) -> None:
    assert search.query("sheep").numbers
    found = search.query("sheep", stop=lambda: True)
    assert (found.numbers, found.total, found.terms) == ([], 0, ())


@pytest.mark.parametrize("tiers", [(7, 5, 12), (7, 30, 7), (3, 2, 200)], ids=str)
@pytest.mark.parametrize("query", ["sheep", "ewes graze", "sheep kettles", "mutton -4", "sheep since:2000"])
def test_pages_join_beyond_the_depth_of_the_fusion(
    folder: Path, query: str, tiers: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in zip(("DEPTH", "FIRST", "DEEPER"), tiers, strict=True):
        monkeypatch.setattr(hybrid, name, value)
    catalogue = FakeCatalogue([*shelf(), *flock(40)])
    search = Search.open(folder, catalogue, encoder=Thesaurus)
    search.sync()
    whole = search.query(query, limit=1000)
    assert len(whole.numbers) == len(set(whole.numbers)) == whole.total + whole.near
    assert set(search.query(query, limit=1000, mode=Mode.KEYWORD).numbers) <= set(whole.numbers)
    assert whole.scores == sorted(whole.scores, reverse=True)
    for size in (1, 3, 10):
        pages = [search.query(query, limit=size, offset=at) for at in range(0, len(whole.numbers) + size, size)]
        assert [number for page in pages for number in page.numbers] == whole.numbers
        assert {(page.total, page.near) for page in pages} == {(whole.total, whole.near)}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Search:
    search = Search.open(tmp_path_factory.mktemp("home") / "index", FakeCatalogue(shelf()), encoder=encoder_named())
    search.sync()
    return search


@given(
    text=st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=12).map(" ".join), mode=st.sampled_from(Mode)
)
@settings(deadline=None, max_examples=80)
def test_anything_may_be_asked_in_any_mode(shared: Search, text: str, mode: Mode) -> None:
    whole = shared.query(text, mode=mode, limit=100)
    assert len(whole.numbers) == len(whole.scores) == len(whole.whys) == whole.total + whole.near
    assert "This query could not be answered." not in whole.notes
    assert not any("could not be looked for" in note for note in whole.notes)
    assert shared.query(text, mode=mode, limit=2, offset=1).numbers == whole.numbers[1:3]


@pytest.mark.parametrize(
    "text", ["the of and", "?!", "量子", "x" * 10_000, "teapots " * 1_300, '"', "author:", "since:2024-13"]
)
def test_odd_queries_are_answered_by_the_shipped_encoder_too(shared: Search, text: str) -> None:
    found = shared.query(text)
    assert "This query could not be answered." not in found.notes
    assert not any("could not be looked for" in note for note in found.notes)


# The vectors follow by themselves.


def levels(search: Search) -> list[str]:
    return [finding.level for finding in search.verify()]


def test_both_sides_follow_and_the_sequence_is_the_smaller(
    search: Search, folder: Path, catalogue: FakeCatalogue
) -> None:
    assert search.sequence() == catalogue.last_change() == 9
    assert levels(search) == ["ok", "ok"]
    catalogue.put(paper("2611.00010", "Tangles"))
    catalogue.remove(5)
    Search.open(folder, catalogue).sync()  # the words alone
    assert search.sequence() == 9
    assert "warning" in levels(search)
    search.sync()
    assert search.sequence() == 11
    assert levels(search) == ["ok", "ok"]
    assert keys(catalogue, search.query("knots")) == ["2611.00010"]


@pytest.mark.parametrize("harm", ["delete", "delete manifest", "cut manifest", "lose a segment", "another encoder"])
def test_vectors_that_are_gone_or_of_another_encoder_are_made_anew(
    search: Search, folder: Path, catalogue: FakeCatalogue, harm: str
) -> None:
    search.close()
    vectors, fingerprint = folder / "vectors", "thesaurus:1"
    if harm == "delete":
        shutil.rmtree(vectors)
    elif harm == "delete manifest":
        (vectors / "manifest.json").unlink()
    elif harm == "cut manifest":
        (vectors / "manifest.json").write_text('{"schema"', "utf-8")
    elif harm == "lose a segment":
        for path in [*vectors.glob("s-*"), *vectors.glob("m-*")]:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    else:
        fingerprint = "thesaurus:2"
    again = Search.open(folder, catalogue, encoder=lambda: Thesaurus(fingerprint))
    assert again.sequence() == 0
    found = again.query("sheep")
    assert set(keys(catalogue, found)) == {"2611.00001", "2401.00004"}
    assert any("being built" in note for note in found.notes)
    assert levels(again) != ["ok", "ok"]
    again.sync()
    assert again.sequence() == 9
    assert levels(again) == ["ok", "ok"]
    assert again.query("ewes").near == 2


def test_an_encoder_that_cannot_be_loaded_leaves_the_words(folder: Path, catalogue: FakeCatalogue) -> None:
    def broken() -> Thesaurus:
        raise BadSetting("There is no such encoder.")

    search = Search.open(folder, catalogue, encoder=broken)
    with pytest.raises(BadSetting):
        search.sync()
    found = search.query("sheep")
    assert len(found.numbers) == 2
    assert any("no such encoder" in note for note in found.notes)
    assert levels(search) == ["ok", "error"]
    assert search.sequence() == 9, "nobody waits for vectors that cannot be made"


def test_an_encoder_that_fails_fails_no_query(folder: Path, catalogue: FakeCatalogue) -> None:
    class Moody(Thesaurus):
        def encode(self, texts: Sequence[str]) -> Vectors:
            if len(texts) == 1:
                raise ValueError("not today")
            return super().encode(texts)

    search = Search.open(folder, catalogue, encoder=Moody)
    search.sync()
    for mode in (Mode.HYBRID, Mode.MEANING):
        found = search.query("sheep", mode=mode)
        assert len(found.numbers) == 2
        assert found.notes[-1] == "Papers near in meaning could not be looked for."


def test_filling_goes_on_where_it_was_interrupted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "BATCH", 10)
    monkeypatch.setattr(following, "COMMIT_EVERY", -1.0)
    catalogue = FakeCatalogue(flock(100))
    Search.open(folder, catalogue).sync()
    search = Search.open(folder, catalogue, encoder=Thesaurus)
    rest: list[tuple[int, int]] = []

    def stop(done: int, total: int) -> None:
        if done == 40:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        search.sync(stop)
    assert search.sequence() == 40
    search.sync(lambda done, total: rest.append((done, total)))
    assert rest[-1] == (60, 60)
    assert (search.sequence(), levels(search)) == (100, ["ok", "ok"])


def test_a_rebuild_makes_both_sides_anew(search: Search, catalogue: FakeCatalogue) -> None:
    catalogue.held[1].title, catalogue.held[1].abstract = "Kettles", ""
    search.rebuild()
    assert set(keys(catalogue, search.query("ewes"))) == {"2401.00004"}
    assert search.query("kettles").numbers[0] == 1
    assert (search.sequence(), levels(search)) == (9, ["ok", "ok"])


def test_vectors_of_another_catalogue_are_made_anew(search: Search, folder: Path) -> None:
    restored = Search.open(folder, FakeCatalogue([paper("2611.00001", "Kettles")]), encoder=Thesaurus)
    assert restored.sequence() == 0
    restored.sync()
    assert (restored.sequence(), levels(restored)) == (1, ["ok", "ok"])
    assert restored.query("teapots").numbers == [1]


def test_like_some_and_unlike_others(folder: Path) -> None:
    titles = ["Sheep", "Ewes", "Sheep and Kettles", "Kettles", "Teapots", "Knots"]
    catalogue = FakeCatalogue(paper(f"2611.0000{n}", title) for n, title in enumerate(titles, 1))
    search = Search.open(folder, catalogue, encoder=Thesaurus)
    assert search.like([1]).numbers == []
    search.sync()
    assert search.like([1], limit=2).numbers == [2, 3]
    assert search.like([1], limit=2).scores[0] == pytest.approx(1.0, abs=0.02)
    assert search.like([3], [4], limit=1).numbers in ([1], [2])
    assert search.like([99]).numbers == []
    assert 3 not in search.like([3]).numbers


def test_nothing_heavy_is_loaded_before_it_is_needed(search: Search, folder: Path, catalogue: FakeCatalogue) -> None:
    code = (
        "import sys; from pathlib import Path; from broadsheet.search import Search, encoder_named\n"
        "from tests.search.fake import FakeCatalogue, shelf\n"
        "search = Search.open(Path(sys.argv[1]), FakeCatalogue(shelf()), encoder=encoder_named())\n"
        "assert search.sequence(sure=False) == 9\n"
        "print([name for name in ('numpy', 'tokenizers') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, folder], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert json.loads((folder / "vectors" / "manifest.json").read_text("utf-8"))["encoder"] == "thesaurus:1"


# The formula.


def test_the_formula() -> None:
    one, other, third = fuse({1: 8.0, 2: 4.0}, {2: 0.9, 3: 0.5}, best=8.0)
    assert [one.number, other.number, third.number] == [2, 1, 3]
    assert one.score == pytest.approx(SHARE * 0.9 + (1 - SHARE) * 0.5)
    assert other.score == pytest.approx(1 - SHARE)
    assert third.score == pytest.approx(SHARE * 0.5)
    assert [one.number for one in fuse({1: 8.0, 2: 4.0}, {2: 1.0}, best=8.0, exact=frozenset([1]))] == [1, 2]
    assert fuse({}, {1: -0.5}, best=0.0)[0].score == 0.0


@given(
    st.dictionaries(st.integers(1, 30), st.floats(0, 50)),
    st.dictionaries(st.integers(1, 30), st.floats(-1, 1)),
    st.floats(0, 1),
)
def test_scores_are_within_bounds_and_ordered(words: dict[int, float], cosines: dict[int, float], share: float) -> None:
    fused = fuse(words, cosines, best=max(words.values(), default=0.0), share=share)
    assert {one.number for one in fused} == words.keys() | cosines.keys()
    assert all(0 <= one.score <= 1.000001 for one in fused)
    assert [one.score for one in fused] == sorted((one.score for one in fused), reverse=True)
