"""Ranking by the postings and ranking by tantivy: two implementations of one thing, held against each other."""

import errno
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.errors import Damaged, StorageFull
from broadsheet.search import Matches, Search, fields, hybrid, keyword, passing, sets
from broadsheet.search.compiling import Compiler
from broadsheet.search.fields import SCHEMA
from broadsheet.search.generations import Generations
from broadsheet.search.hits import Hits
from broadsheet.search.keyword import Question
from broadsheet.search.lexical import ByTantivy
from broadsheet.search.opening import KeywordReader, KeywordSnapshot
from broadsheet.search.postings import opened
from broadsheet.search.query import All, Author, Category, Days, Either, Has, Node, Not, Phrase, Word
from broadsheet.types import Author as Name
from broadsheet.types import Mode, Paper, Sort
from tests.search.fake import FakeCatalogue, paper
from tests.search.test_hybrid import Thesaurus

# Few papers have the last ones, many have the first.
SAID = """sheep wool count graze meadow shepherds fold teapots kettles ewes mutton knots quantization crook fence gate
barn pasture fleece bell dog lamb ram shear spin weave dye loom yarn herd hay water salt trough hoof horn bleat dip
pre-trained pretrained x-ray kitchen-sink C++ naïve β GPT-4 量子 the of which"""
WORDS = SAID.split()
NAMES = ("Ada Lovelace", "Emmy Noether", "Grace Hopper", "A. Lovelace", "Jean-Luc Noether")
CODES = ("cs.LG", "cs.CL", "math.CO", "hep-th", "CS.lg")
PAPERS = 1_500
DEEP = 10_000  # papers: all of them are ranked by the whole formula

QUERIES = [
    "sheep", "sheep wool", "bleat", "bleat horn", "sheep sheep wool", "the which", "the sheep of", "graze grazing",
    "pre-trained", "pre-trained sheep", "pretrained", "x-ray", "x-ray kitchen-sink loom", "kitchensink", "C++ naive",
    "gpt-4 hoof", "量子", "β bleat", "quantizaton", "teepots kettles", "xyzzyx sheep", "xyzzyx plughx",
    '"sheep wool"', '"sheep wool" graze', '"pre-trained sheep"', "sheep -wool", "sheep -(wool graze)", "-sheep",
    'hoof -"sheep wool" -horn', "author:lovelace", "author:lovelace sheep", 'bleat horn author:"Ada Lovelace"',
    "title:sheep", "title:sheep wool", "title:(sheep wool) dip", "abs:bleat", "abs:bleat horn dip", "title:pre-trained",
    "cat:cs", "cat:cs.LG sheep wool", "cat:hep-th,math bleat", "cat:cs.XX sheep", "since:2026-11 sheep wool",
    "until:2026-10 bleat horn", "since:2026-10 until:2026-11-05 dip hoof", "has:code", "has:code sheep graze",
    "-has:code bleat", "-cat:cs -since:2026 hoof", "sheep OR wool", "(sheep wool) OR bleat", "(hoof OR horn) sheep",
    "(hoof OR has:code OR cat:math) bleat dip", "(cat:cs OR author:noether) -title:sheep horn", "ram OR -lamb",
    "weave dye loom yarn herd hay water salt trough hoof horn bleat dip", "id:2611.00007", "id:2611.00007 OR bleat",
    "Bleat horn dip", "result:speedup>1.5 sheep",
]  # fmt: skip


def library() -> list[Paper]:
    """Papers of fewer than forty words, whose number tantivy knows exactly; of longer ones it keeps it roughly."""
    random = np.random.default_rng(20261122)
    share = 1 / np.arange(1, len(WORDS) + 1) ** 0.45
    share /= share.sum()

    def some(least: int, most: int) -> str:
        return " ".join(random.choice(WORDS, random.integers(least, most), p=share))

    found = []
    for number in range(1, PAPERS + 1):
        code = " https://github.com/a/b" if number % 9 == 0 else ""
        about: dict[str, object] = {"day": None} if number % 50 == 0 else {"day": f"2026-{1 + number % 11:02}-10"}
        about["authors"] = tuple(Name(name) for name in random.permutation(NAMES)[: random.integers(0, 3)].tolist())
        about["categories"] = tuple(random.permutation(CODES)[: random.integers(0, 3)].tolist())
        about["comment"] = code
        found.append(paper(f"2611.{number:05d}", some(1, 6), some(1, 16), **about))
    found[70].title = "Bleat horn dip"
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home") / "index"


@pytest.fixture(scope="module")
def search(folder: Path) -> Iterator[Search]:
    search = Search.open(folder, FakeCatalogue(library()), encoder=Thesaurus)
    search.sync()
    yield search
    search.close()


@pytest.fixture
def deep(monkeypatch: pytest.MonkeyPatch) -> None:
    """No list is cut where papers of one score might stand on both sides."""
    for module, name in ((keyword, "DEPTH"), (hybrid, "DEPTH"), (hybrid, "DEEPER")):
        monkeypatch.setattr(module, name, DEEP)


def by_tantivy(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on tantivy ranks and counts."""

    def ranking(question: Question) -> ByTantivy:
        return ByTantivy(question._hits, question._compiler, question._free, question._rest)

    monkeypatch.setattr(Question, "_ranking", property(ranking))
    monkeypatch.setattr(Question, "_mask", lambda _question: None)


def assert_same(found: Matches, other: Matches) -> None:
    """The same answer, however papers of nearly the same score stand; tantivy counts one document more."""
    assert (found.total, found.near, found.notes, found.terms) == (other.total, other.near, other.notes, other.terms)
    assert found.titled == other.titled
    assert found.scores == pytest.approx(other.scores, rel=1e-3, abs=1e-3)
    if len(found.numbers) >= other.total:
        assert set(found.numbers) == set(other.numbers)
    assert len(found.numbers) == len(set(found.numbers)) == len(other.numbers)
    theirs = dict(zip(other.numbers, zip(other.scores, other.whys, strict=True), strict=True))
    for number, score, why in zip(found.numbers, found.scores, found.whys, strict=True):
        if number in theirs:
            their_score, their_why = theirs[number]
            assert score == pytest.approx(their_score, rel=1e-3, abs=1e-3)
            assert why.words == their_why.words
            assert why.parts == pytest.approx(their_why.parts, rel=2e-3, abs=2e-3)


@pytest.mark.parametrize("query", QUERIES)
def test_both_rank_the_same(search: Search, deep: None, monkeypatch: pytest.MonkeyPatch, query: str) -> None:
    ways = [(sort, Mode.KEYWORD) for sort in Sort] + [(Sort.RELEVANCE, Mode.HYBRID)]
    found = [search.query(query, sort=sort, mode=mode, limit=DEEP) for sort, mode in ways]
    pages = [search.query(query, sort=sort, mode=mode, limit=7, offset=5) for sort, mode in ways]
    facets = search.facets(query)
    by_tantivy(monkeypatch)
    for (sort, mode), one, page in zip(ways, found, pages, strict=True):
        assert_same(one, search.query(query, sort=sort, mode=mode, limit=DEEP))
        assert_same(page, search.query(query, sort=sort, mode=mode, limit=7, offset=5))
        if sort is Sort.DATE:
            assert one.numbers == search.query(query, sort=sort, mode=mode, limit=DEEP).numbers
    assert search.facets(query) == facets


def test_the_queries_find_different_things(search: Search) -> None:
    found = [search.query(query, mode=Mode.KEYWORD, limit=DEEP) for query in QUERIES]
    assert sum(0 < one.total < PAPERS for one in found) > len(QUERIES) - 5
    assert len({one.total for one in found}) > 40
    assert len({note for one in found for note in one.notes}) > 15
    assert sum(len(set(one.scores)) > 50 for one in found) > 20


@pytest.mark.parametrize("query", ["sheep wool", "bleat horn dip", "title:sheep wool -horn", "cat:cs pre-trained"])
def test_a_filter_of_too_many_papers_to_name_changes_nothing(
    search: Search, deep: None, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    """Then there is no mask, tantivy ranks, and near papers are checked afterwards."""
    query += " author:lovelace"
    plain = [search.query(query, mode=mode, limit=DEEP) for mode in (Mode.KEYWORD, Mode.HYBRID)]
    monkeypatch.setattr(passing, "MOST_LISTED", 1)
    for mode, one in zip((Mode.KEYWORD, Mode.HYBRID), plain, strict=True):
        assert_same(one, search.query(query, mode=mode, limit=DEEP))
    assert plain[0].total > 1


def test_a_long_filter_of_too_many_papers_to_name_is_no_shorter(
    search: Search, deep: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = "sheep (" + " OR ".join(['author:"Emmy Noether"', *(f"author:nobody{n}" for n in range(40))]) + ")"
    plain = search.query(query, limit=DEEP)
    monkeypatch.setattr(passing, "MOST_LISTED", 1)
    found = search.query(query, limit=DEEP)
    assert_same(plain, found)
    assert found.total < search.query("sheep").total


@pytest.mark.parametrize("postings", [True, False])
@pytest.mark.parametrize("query", ["sheep", "sheep wool", "bleat horn dip", "sheep author:lovelace", "x-ray -sheep"])
@pytest.mark.parametrize("mode", [Mode.KEYWORD, Mode.HYBRID])
def test_pages_show_each_paper_once(
    search: Search, monkeypatch: pytest.MonkeyPatch, query: str, mode: Mode, *, postings: bool
) -> None:
    """Many papers have the same score; the list must not depend on how much of it is asked for."""
    whole = search.query(query, limit=DEEP, mode=mode)
    for module, name in ((keyword, "DEPTH"), (hybrid, "DEPTH"), (hybrid, "FIRST")):
        monkeypatch.setattr(module, name, 10)
    monkeypatch.setattr(hybrid, "DEEPER", 30)
    if not postings:
        by_tantivy(monkeypatch)
    numbers: list[int] = []
    while page := search.query(query, limit=90, offset=len(numbers), mode=mode).numbers:
        numbers += page
    assert len(numbers) == len(set(numbers))
    assert set(numbers) >= set(whole.numbers) if mode is Mode.KEYWORD else len(numbers) >= whole.total


def test_of_many_compounds_the_most_telling_may_be_the_whole_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is in one paper, and the parts of all of them are everywhere."""
    parts = WORDS[:11]
    wholes = [f"{one}-{other}" for one in parts for other in parts if one < other]
    told = [paper(f"2611.{n:05}", f"On {whole}", " ".join(parts)) for n, whole in enumerate(wholes * 2, 1)]
    search = Search.open(tmp_path / "index", FakeCatalogue(told))
    search.sync()
    found = search.query(" ".join(wholes))
    assert found.notes == ["The query is long: its 48 most telling words were used."]
    by_tantivy(monkeypatch)
    assert_same(found, search.query(" ".join(wholes)))


# --- filters ------------------------------------------------------------------------------------------------

TYPED = "sheep the pre-trained pretrained x-ray C++ 量子 nowhere wool-sheep -"
WORD = st.sampled_from(TYPED.split())
LEAVES: st.SearchStrategy[Node] = st.one_of(
    st.builds(Word, WORD, st.sampled_from(["any", "title", "abstract"])),
    st.builds(Phrase, st.sampled_from(["sheep wool", "sheep", "pre-trained"]), st.sampled_from(["any", "title"])),
    st.builds(Category, st.sampled_from(["cs", "CS.LG", "cs.CL", "math", "hep-th", "c", "nowhere"])),
    st.builds(Days, *[st.sampled_from([None, "2026-03-10", "2026-03-11", "2026-08-01"])] * 2),
    st.builds(Author, st.sampled_from(["lovelace", "Ada Lovelace", "nobody"])),
    st.just(Has("code")),
)
NODES = st.recursive(
    LEAVES,
    lambda below: st.one_of(
        st.builds(Not, below),
        st.builds(Either, st.lists(below, min_size=1, max_size=3).map(tuple)),
        st.builds(All, st.lists(below, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def generation(search: Search, folder: Path) -> Path:
    path = Generations(folder, SCHEMA).current()
    assert path
    return path


@pytest.fixture(scope="module")
def snapshot(generation: Path) -> KeywordSnapshot:
    return KeywordReader(generation).snapshot()


@settings(max_examples=150, deadline=None)
@given(nodes=st.lists(NODES, min_size=1, max_size=3), most=st.sampled_from([DEEP, DEEP, 20]))
def test_the_papers_that_pass_are_those_that_tantivy_finds(
    generation: Path, snapshot: KeywordSnapshot, nodes: list[Node], most: int
) -> None:
    hits, postings = snapshot.compiled(Hits), opened(generation)
    compiler = Compiler(*hits)
    pairs = [(node, clause) for node in nodes for clause in sets.clauses(compiler, [node])]
    right = set(hits.of_query(sets.joined(compiler, None, [clause for _, clause in pairs]), DEEP))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passing, "MOST_LISTED", most)
        mask, others, count = passing.passing(postings, hits, compiler, pairs)
    numbers = set(range(1, PAPERS + 1)) if mask is None else set(np.flatnonzero(mask).tolist())
    if others:
        assert count > most
        clauses = sets.clauses(Compiler(*hits), others)
        numbers &= set(hits.of_query(sets.joined(Compiler(*hits), None, clauses), DEEP))
    assert numbers == right


@pytest.mark.parametrize(
    ("node", "known"),
    [
        (Word("sheep", "title"), True),
        (Category("cs"), True),
        (Either((Has("code"), Days("2026-03-10", None))), True),
        (Not(Either((Word("sheep"), Not(Category("math"))))), True),
        (Author("lovelace"), False),
        (Either((Has("code"), Author("lovelace"))), False),
        (Phrase("sheep wool"), False),
    ],
)
def test_what_the_postings_tell_is_not_asked_of_tantivy(
    generation: Path, snapshot: KeywordSnapshot, monkeypatch: pytest.MonkeyPatch, node: Node, *, known: bool
) -> None:
    monkeypatch.setattr(passing, "MOST_LISTED", 1)
    hits = snapshot.compiled(Hits)
    compiler = Compiler(*hits)
    pairs = [(node, clause) for clause in sets.clauses(compiler, [node])]
    found = passing.passing(opened(generation), hits, compiler, pairs)
    assert (found.mask is not None, not found.others, found.most == 0) == (known, known, known)


def test_a_query_with_more_conditions_than_are_read_is_cut_for_both(
    search: Search, deep: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = "bleat (" + " OR ".join([*(f"title:nowhere{n}" for n in range(63)), "title:sheep", "title:wool"]) + ")"
    found = search.query(query, limit=DEEP, mode=Mode.KEYWORD)
    assert "The query is long: only its first 64 conditions were used." in found.notes
    assert 0 < found.total < search.query("bleat title:sheep OR title:wool", mode=Mode.KEYWORD).total
    by_tantivy(monkeypatch)
    assert_same(found, search.query(query, limit=DEEP, mode=Mode.KEYWORD))


# --- changes --------------------------------------------------------------------------------------------------

ASKED = [query for query in QUERIES[::3] if "quantiz" not in query and "teepots" not in query]


def changed(catalogue: FakeCatalogue, turn: int) -> None:
    """Some papers become others, some are new, and some go."""
    papers = library()
    for number in range(1, 121, 5):
        if number in catalogue.held:
            one = catalogue.held[number]
            one.title, one.abstract = papers[number + turn].title, papers[number * 2 + turn].abstract
            one.categories = papers[number + turn].categories
            catalogue.put(one)
    catalogue.put(*papers[200 + 10 * turn : 210 + 10 * turn])
    for number in range(turn + 1, 121, 17):
        if number in catalogue.held:
            catalogue.remove(number)


def assert_finds_the_same(search: Search, other: Search) -> None:
    """The same papers; scores count papers that are no more until their files are merged."""
    for query in ASKED:
        one, two = (which.query(query, limit=DEEP, mode=Mode.KEYWORD) for which in (search, other))
        assert (set(one.numbers), one.total) == (set(two.numbers), two.total), query
        by_date = [which.query(query, limit=9, sort=Sort.DATE).numbers for which in (search, other)]
        assert by_date[0] == by_date[1], query


def test_an_index_that_followed_changes_finds_what_a_new_one_does(tmp_path: Path) -> None:
    catalogue = FakeCatalogue(library()[:120])
    search = Search.open(tmp_path / "followed", catalogue)
    for turn in range(4):
        search.sync()
        changed(catalogue, turn)
    search.sync()
    new = Search.open(tmp_path / "new", catalogue)
    new.sync()
    assert_finds_the_same(search, new)
    search.rebuild()
    assert_finds_the_same(search, new)


@pytest.mark.parametrize(
    ("kind", "raised"), [(KeyboardInterrupt, KeyboardInterrupt), (OSError, StorageFull), (RuntimeError, Damaged)]
)
def test_a_commit_of_the_postings_alone_is_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: type[BaseException], raised: type[BaseException]
) -> None:
    """The postings are committed first; whatever comes between that and tantivy's own commit loses nothing."""
    catalogue = FakeCatalogue(library()[:120])
    search = Search.open(tmp_path / "index", catalogue)
    search.sync()
    before = search.sequence()
    changed(catalogue, 1)
    stops, right = iter([kind]), fields.state

    def state(sequence: int) -> str:
        for stop in stops:
            raise stop(errno.ENOSPC, "full")
        return right(sequence)

    monkeypatch.setattr(fields, "state", state)
    try:
        search.sync()
    except raised:  # not `pytest.raises`, which would keep the traceback, and tantivy's writer with it
        stopped = True
    assert stopped
    path = Generations(tmp_path / "index", SCHEMA).current()
    assert path
    assert opened(path).sequence == catalogue.last_change() > before
    for one in (search, Search.open(tmp_path / "index", catalogue)):
        assert one.sequence() == before, "what one part alone has is done again"
        assert one.query("sheep").total > 0
    search.sync()
    assert (search.sequence(), search.indexed()) == (catalogue.last_change(), catalogue.count())
    assert [finding.level for finding in search.verify()] == ["ok"]
    assert opened(path).count == catalogue.count()
    new = Search.open(tmp_path / "new", catalogue)
    new.sync()
    assert_finds_the_same(search, new)
    assert_finds_the_same(Search.open(tmp_path / "index", catalogue), new)
