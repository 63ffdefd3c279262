"""Names in their parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet import ids, tex
from broadsheet.citing import Name, inverted, split
from broadsheet.citing.names import initials, spoken


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("Ada Lovelace", Name("Ada", "", "Lovelace")),
        ("Lovelace, Ada King", Name("Ada King", "", "Lovelace")),
        ("Ludwig van der Berg", Name("Ludwig", "van der", "Berg")),
        ("van der Berg, Ludwig", Name("Ludwig", "van der", "Berg")),
        ("de la Cruz", Name("", "de la", "Cruz")),
        ("W. Rodrigues, Jr.", Name("W.", "", "Rodrigues", "Jr.")),
        ("W. Rodrigues III", Name("W.", "", "Rodrigues", "III")),
        ("Rodrigues, Jr., W.", Name("W.", "", "Rodrigues", "Jr.")),
        ("Lovelace A. K.", Name("A. K.", "", "Lovelace")),
        ("P\\'al Erd\\H{o}s", Name("Pál", "", "Erdős")),
        ("Sappho", Name("", "", "Sappho")),
        ("The Lantern Collaboration", Name(whole="The Lantern Collaboration")),
        ("Kettle Team", Name(whole="Kettle Team")),
        ("a, b, c", Name(whole="a, b, c")),
        ("", Name()),
    ],
)
def test_a_name_has_these_parts(written: str, parts: Name) -> None:
    assert split(written) == parts


def test_a_name_is_written_three_ways() -> None:
    name = split("Jean-Luc A. de la Cruz, Jr.")
    assert inverted(name) == "de la Cruz, Jean-Luc A., Jr."
    assert spoken(name) == "Jean-Luc A. de la Cruz Jr."
    assert initials(name) == "J.-L. A."
    assert inverted(split("The Lantern Group")) == "The Lantern Group"


@given(st.text(max_size=60))
def test_any_text_is_taken_and_nothing_of_it_is_lost(text: str) -> None:
    name = split(text)
    letters = sorted(filter(str.isalnum, tex.plain(text)))
    assert sorted(filter(str.isalnum, spoken(name))) == letters
    assert sorted(filter(str.isalnum, inverted(name))) == letters


@given(st.lists(st.sampled_from(["Ada", "King", "Lovelace", "van", "der", "Erdős"]), min_size=1, max_size=4))
def test_a_turned_name_is_the_same_author(words: list[str]) -> None:
    name = " ".join(words)
    assert ids.last_name(inverted(split(name))) == ids.last_name(name)
