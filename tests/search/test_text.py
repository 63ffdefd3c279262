"""Words and names as index terms."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from broadsheet.search import names
from broadsheet.search import text as words_of
from broadsheet.search.text import compounds, marks, searchable, stemmed, stems


def meet(one: str, other: str) -> bool:
    return bool(one and other) and set(stems(searchable(one))) <= set(stems(searchable(other)))


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("networks", "A Network of Sheep"),
        ("naive", "Naïve shepherds"),
        ("naïve", 'Na\\"ive shepherds'),
        ("C++", "Herding in C++, quickly"),
        ("C#", "Herding in C#"),
        ("beta", "$\\beta$-sheep"),
        ("β sheep", "β-Sheep"),
        ("10-3", "at $10^{-3}$ sheep"),
        ("量子", "量子計算の入門"),
        ("counting", "we count"),
        ("ﬁnding", "finding"),
    ],
)
def test_what_is_typed_meets_what_is_written(typed: str, written: str) -> None:
    assert meet(typed, written)


@pytest.mark.parametrize(("typed", "written"), [("C++", "C"), ("beta", "alphabet βετα"), ("sheep", "sheepdog")])
def test_what_differs_does_not_meet(typed: str, written: str) -> None:
    assert not meet(typed, written)


@given(
    st.text()
    | st.lists(st.sampled_from(["Sheep's", "x-ray", "ΣΑΣ", "İstanbul", "量子", "a" * 61, "\x85"])).map("-".join)
)
@example("half a pair: \ud800 sheep")
def test_a_text_becomes_its_stems_in_order(text: str) -> None:
    assert stemmed(text).split() == stems(text.encode("utf-8", "replace").decode())


def test_words_are_forgotten_before_they_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words_of, "_REMEMBERED", 3)
    monkeypatch.setattr(words_of, "_stemmed", words_of._Stemmed())
    text = "counting sheep and goats, counting " + "x" * 100
    assert stemmed(text).split() == stems(text)
    assert list(words_of._stemmed) == ["goats", "counting"]


def test_hyphened_words_are_also_one_word() -> None:
    assert compounds("pre-trained state-of-the-art - x -y z-") == "pretrained stateoftheart"


@pytest.mark.parametrize(
    ("text", "terms", "marked"),
    [
        ("Sparse attention attends sparsely", ("spars", "attent"), ["Sparse", "attention", "sparsely"]),
        ("sparse-attention kernels", ("attent",), ["attention"]),
        ("sparse-attention kernels", ("spars", "attent"), ["sparse-attention"]),
        ("pre-trained or pretrained", ("pretrain",), ["pre-trained", "pretrained"]),
        ("C++ and C", ("cplusplus",), ["C++"]),
        ("β-VAE", ("beta",), ["β"]),
        ("量子計算", ("子", "計"), ["子", "計"]),
        ("nothing here", ("sheep",), []),
        ("nothing here", (), []),
    ],
)
def test_marks(text: str, terms: tuple[str, ...], marked: list[str]) -> None:
    assert [text[start:end] for start, end in marks(text, terms)] == marked


@pytest.mark.parametrize("word", ["dying", "lied", "Studies", "study", "hoping", "AIs", "possibilities", "Élan", "Kπ"])
@pytest.mark.parametrize("text", ["{}", "a ({}), b", "x-{}-y", "one\n{}\ttwo", "{}. \u0130"])
def test_a_word_is_marked_by_its_own_stem_wherever_it_stands(word: str, text: str) -> None:
    text = text.format(word)
    at = text.index(word)
    assert (at, at + len(word)) in marks(text, stems(searchable(word)))


@given(st.from_regex(r"\A[a-z]{1,9}(ying|ing|ed|ies|ily|y|ly|ational|ivity|ments|s)?\Z"))
def test_every_form_of_a_word_is_marked(word: str) -> None:
    assert marks(f"of {word}!", stems(word)) == [(3, 3 + len(word))]


@given(st.text(), st.lists(st.text(max_size=5)))
@example("a b", [" b"])
def test_marks_are_in_order_and_inside(text: str, terms: list[str]) -> None:
    bounds = [bound for pair in marks(text, [*terms, *stems(searchable(text))]) for bound in pair]
    assert bounds == sorted(bounds)
    assert all(0 <= bound <= len(text) for bound in bounds)


def matches(query: str, name: str) -> bool:
    held = names.terms(name)
    wanted = names.wanted(query)
    return bool(wanted) and all(not held.isdisjoint(terms) for terms in wanted)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("Lovelace", "Ada King Lovelace"),
        ("lovelace", "LOVELACE, Ada"),
        ("Ada Lovelace", "Ada King Lovelace"),
        ("Ada Lovelace", "A. Lovelace"),
        ("A. Lovelace", "Ada Lovelace"),
        ("A Lovelace", "Lovelace, Ada"),
        ("Lovelace, A.", "Ada Lovelace"),
        ("Lovelace Ada", "Ada Lovelace"),
        ("Lovelace A", "Lovelace A"),
        ("J.-L. Noether", "Jean-Luc Noether"),
        ("Jean-Luc Noether", "J.-L. Noether"),
        ("erdos", "Pál Erdős"),
        ("Erdős", "P. Erd\\H{o}s"),
        ("van der Berg", "Jan van der Berg"),
        ("Jan Berg", "Jan van der Berg"),
        ("Hopper", "Grace Hopper, Jr."),
        ("Grace Hopper", "Grace Hopper III"),
        ("李明", "李明"),
        ("ATLAS", "ATLAS Collaboration"),
        ("O'Brien", "Pat OBrien"),
    ],
)
def test_names_meet(query: str, name: str) -> None:
    assert matches(query, name)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("Ada Hopper", "Ada Lovelace"),
        ("B. Lovelace", "Ada Lovelace"),
        ("Bertha Lovelace", "Ada Lovelace"),
        ("Love", "Ada Lovelace"),
        ("", "Ada Lovelace"),
        ("...", "Ada Lovelace"),
    ],
)
def test_other_names_do_not(query: str, name: str) -> None:
    assert not matches(query, name)


@given(st.text(min_size=1))
def test_every_name_matches_itself(name: str) -> None:
    assert matches(name, name) or not names.wanted(name)
    assert all(unicodedata.normalize("NFKD", term) for term in names.terms(name))
