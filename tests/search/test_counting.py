"""What is counted of titles and texts is what the analysers find in them."""

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from broadsheet.search import counting as module
from broadsheet.search.counting import Counting, Counts, key, packed, unpacked
from broadsheet.search.engine import Document
from broadsheet.search.preparing import prepare
from broadsheet.search.text import searchable, stemmed, stems

Papers = Sequence[tuple[Sequence[str], Sequence[str]]]
PIECES = [
    *[
        "sheep",
        "Sheep's",
        "pre-trained",
        "x-ray",
        "GPT-4",
        "3D",
        "C++",
        "F#",
        "don't",
        "naïve",
        "Ångström",
        "ﬁne",
        "İstanbul",
        "ΣΊΣΥΦΟΣ",
        "β",
        "Σ",
        "½",
        "ß",
    ],
    *["量子", "計算の", "ｱｲｳ", "𝔤oat", "a_b", "under_score", "10^3", "(group)", "$x$", "한국어", "кот"],
    *("soft\u00adhyphen", "e\u0301t\u00e9", "\u212b", "\u02bc", "\u2028", "\x1c", "\x85", "\u00a0", "\u200b"),
]
LONG = ["a" * 59, "b" * 60, "c" * 61, "é" * 29, "é" * 30, "é" * 31, "ß" * 40, "İ" * 30, "d" * 500]
TEXTS = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from([*PIECES, *LONG, " ", "-", "\n"]), max_size=12).map(" ".join),
    st.lists(st.sampled_from([*PIECES, " ", "-", "'", "."]), max_size=12).map("".join),
)
PAPERS = st.lists(st.tuples(st.lists(TEXTS, max_size=2), st.lists(TEXTS, max_size=3)), max_size=4)


def rows(counts: Counts) -> dict[tuple[int, int], tuple[int, int]]:
    """How often text and title have a stem, by paper and key."""
    keys = counts.keys[counts.terms].tolist()
    found = dict(
        zip(
            zip(counts.papers.tolist(), keys, strict=True),
            zip(counts.texts.tolist(), counts.titles.tolist(), strict=True),
            strict=True,
        )
    )
    assert len(found) == len(keys), "one row for each stem of each paper"
    return found


def stems_of(texts: Sequence[str]) -> Counter[str]:
    return Counter(stem for text in texts for stem in stems(text))


def count(papers: Papers) -> Counts:
    return Counting().counted([([*map(stemmed, title)], [*map(stemmed, text)]) for title, text in papers])


def assert_right(papers: Papers) -> None:
    counts = count(papers)
    right, lengths = {}, []
    for place, (title, text) in enumerate(papers):
        in_title, in_text = stems_of(title), stems_of(text)
        lengths.append([in_text.total(), in_title.total()])
        for stem, often in in_text.items():
            right[place, key(stem)] = min(often, 255), min(in_title[stem], 15)
    assert rows(counts) == right
    assert counts.lengths.tolist() == lengths
    assert counts.lengths.shape == (len(papers), 2)
    assert len(set(counts.keys.tolist())) == len(counts.keys)


@settings(max_examples=200, deadline=None)
@given(PAPERS)
@example([(["ΣΑΣ ΣΑΣ-x"], ["ΣΑΣ", "x σας"])])
def test_the_stems_of_each_text_are_counted(papers: Papers) -> None:
    assert_right(papers)
    assert_right([([*map(searchable, title)], [*map(searchable, text)]) for title, text in papers])


def test_counts_stop_where_a_byte_does_and_lengths_do_not() -> None:
    often, title = "sheep " * 300, "sheep " * 20
    assert_right([([title], [title, title, often]), (["sheep " * 15], ["sheep " * 255]), ([], [])])
    counts = count([([title], [often])])
    assert (counts.texts.tolist(), counts.titles.tolist(), counts.lengths.tolist()) == ([255], [15], [[300, 20]])


def test_stems_are_forgotten_before_they_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_REMEMBERED", 2)
    counting = Counting()
    for _ in range(2):
        counts = counting.counted([(["sheep"], ["sheep goat sheep wool"]), ([], ["goat"])])
        assert rows(counts) == {
            (0, key("sheep")): (2, 1),
            (0, key("goat")): (1, 0),
            (0, key("wool")): (1, 0),
            (1, key("goat")): (1, 0),
        }


def test_a_title_counts_where_the_text_holds_it_too() -> None:
    assert rows(count([(["sheep goats"], ["goats"])])) == {(0, key("goat")): (1, 1)}


@settings(max_examples=50, deadline=None)
@given(PAPERS)
def test_counts_come_through_to_another_process(papers: Papers) -> None:
    counts = count(papers)
    again = unpacked(packed(counts))
    for name, own in counts._asdict().items():
        other = getattr(again, name)
        assert (own.dtype, own.shape, own.tolist()) == (other.dtype, other.shape, other.tolist()), name


def test_of_a_document_its_texts_are_counted_as_they_are_indexed() -> None:
    documents = [
        Document(1, "Pre-trained Sheep in C++", ("We pre-train $\\beta$-sheep.", 'Na\\"ive sheep.', "wool x-ray")),
        Document(2, "量子 Sheep", ()),
        Document(3, ""),
    ]
    counts = prepare(documents, Counting()).counts
    assert rows(counts)[0, key("sheep")] == (4, 1), "the title counts twice in the text"
    assert rows(counts)[0, key("pretrain")] == (3, 1), "a compound counts as one word too"
    assert counts.lengths[2].tolist() == [0, 0]
