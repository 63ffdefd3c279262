"""Names of authors as the editor counts them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet import ids


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Ada Lovelace", "ada lovelace"),
        ("ADA M. LOVELACE", "ada lovelace"),
        ("Lovelace, Ada", "ada lovelace"),
        ("Lovelace, Ada M.", "ada lovelace"),
        ("A. Lovelace", "a lovelace"),
        ("A.M. Lovelace", "a lovelace"),
        ("Paul Erdős", "paul erdos"),
        ("Paul Erd\\H{o}s", "paul erdos"),
        ("Jean-Pierre Serre", "jeanpierre serre"),
        ("Walter Rodrigues, Jr.", "walter rodrigues"),
        ("Ludwig van Beethoven", "ludwig beethoven"),
        ("Plato", "plato"),
        ("ATLAS Collaboration", "atlascollaboration"),
        ("", ""),
        (",", ""),
    ],
)
def test_spellings_of_one_name_are_one_key(name: str, key: str) -> None:
    assert ids.author_key(name) == key


@given(st.text())
def test_any_text_has_a_key_that_needs_no_more_folding(name: str) -> None:
    key = ids.author_key(name)
    assert key == key.strip()
    assert all(part.isalnum() for part in key.split(" ") if part)
