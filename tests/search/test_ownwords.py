"""Words in their own form: which papers have them, of those that share a stem."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.search.ownwords import forms, own_words
from broadsheet.search.text import folded, searchable

HAVING = {
    "transformer": [
        "A Transformer of sheep",
        "transformers",
        "the (transformer)",
        "vision-transformer",
        "TRANSFORMER_2",
    ],
    '"transformer"': ["A Transformer"],
    "theories": ["a theory", "Theories"],
    "boxes": ["a box", "boxes"],
    "cases": ["one case"],
    "class": ["Classes", "class"],
    "sheep lanterns": ["A lantern for sheep", "Sheeps and Lanterns"],
    '"sheep lantern"': ["sheep lanterns", "Sheep-lantern"],
    "pre-training": ["pretraining", "Pre-Training", "pre training"],
    "sheep OR goat": ["goats", "sheep"],
    "(sheep OR goat) lantern": ["lanterns of goats"],
    "Gödel": [r"G{\"o}del", "godel", "GÖDEL"],
    "C++": ["in C++", "C++17 and C++"],
    "图像": ["自然图像生成"],
    "title:sheep": ["Sheep\nof others"],
    "abstract:sheep": ["Others\nof sheep"],
    "lantern -sheep": ["a lantern, no sheep"],
    "the sheep": ["sheep"],
    "état": ["l'etat", "états"],
    "sheep author:Lovelace since:2020": ["sheep"],
}
WITHOUT = {
    "transformer": ["transform", "Transformation", "transformed", "a transformerless world", "pretransformer", ""],
    "sheep lanterns": ["lanterns", "sheep"],
    '"sheep lantern"': ["lantern sheep", "sheep and lantern"],
    "pre-training": ["pre-trained", "training of pre", "pretrained"],
    "sheep OR goat": ["goatee"],
    "Gödel": ["Gödelian"],
    "title:sheep": ["Others\nof sheep"],
    "analysis": ["analyst"],
}


def has(query: str, text: str) -> bool:
    check = own_words(query)
    assert check
    return check(text.partition("\n")[0], text)


@pytest.mark.parametrize(("query", "text"), [(query, text) for query, texts in HAVING.items() for text in texts])
def test_a_text_has_words_in_their_form(query: str, text: str) -> None:
    assert has(query, text)


@pytest.mark.parametrize(("query", "text"), [(query, text) for query, texts in WITHOUT.items() for text in texts])
def test_a_text_with_other_endings_has_not(query: str, text: str) -> None:
    assert not has(query, text)


@pytest.mark.parametrize(
    "query", ["", "author:Lovelace", "-sheep", "the", "has:code", "sheep OR author:Lovelace", '"', "2401.00001"]
)
def test_what_asks_for_no_word_is_left_to_the_index(query: str) -> None:
    assert own_words(query) is None


@given(st.lists(st.text(), min_size=1, max_size=4), st.text())
def test_any_query_is_read_and_a_text_has_its_own_words(words: list[str], around: str) -> None:
    for query in (" ".join(words), f'"{" ".join(words)}"'):
        check = own_words(query)
        if check:
            check(around, around)
    plain = [word for text in words for word in folded(searchable(text)) if word.isascii() and word.isalpha()]
    check = own_words(f'"{" ".join(plain)}"')
    assert check is None or check("", f"{' '.join(plain).upper()}. {around}")


@pytest.mark.parametrize(
    ("one", "many"),
    [("sheepdog", "sheepdogs"), ("theory", "theories"), ("box", "boxes"), ("search", "searches"), ("case", "cases")],
)
def test_a_plural_is_a_form_of_its_singular_and_the_other_way_round(one: str, many: str) -> None:
    assert many in forms(one)
    assert one in forms(many)
    assert forms("is") == {"is"}, "too short to have a number"
