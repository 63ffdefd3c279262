"""Cards of papers as pictures."""

from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from broadsheet.drawing import HEIGHT, WIDTH, Card, card, mark

SHEEP = Card("Broadsheet", "20 November 2026", "Counting Sheep", "Ada Lovelace", "arXiv 2611.00001 · cs.LG")


def opened(shown: Card) -> Image.Image:
    image = Image.open(BytesIO(card(shown)))
    assert (image.format, image.size) == ("PNG", (WIDTH, HEIGHT))
    return image.convert("L")


def ink(image: Image.Image, box: tuple[int, int, int, int]) -> int:
    """How many dark points a part of the picture has."""
    histogram = image.crop(box).histogram()
    return sum(histogram[:100])


def test_a_card_has_its_title_and_its_authors() -> None:
    empty = opened(replace(SHEEP, title="", authors=""))
    drawn = opened(SHEEP)
    title, authors = (72, 125, 1128, 490), (72, 505, 1128, 555)
    assert ink(empty, title) == ink(empty, authors) == 0
    assert ink(drawn, title) > 2_000
    assert ink(drawn, authors) > 200


@pytest.mark.parametrize("letter", "éłőαβΩЖдѢ∞≤₁⁻ϕ")
def test_letters_of_europe_and_mathematics_are_there(letter: str) -> None:
    missing = opened(replace(SHEEP, title="\U0010f123"))
    assert opened(replace(SHEEP, title=letter)).tobytes() != missing.tobytes()


def test_a_long_title_is_cut_and_stays_above_the_authors() -> None:
    drawn = opened(replace(SHEEP, title="word " * 400 + "W" * 500))
    assert ink(drawn, (0, 480, WIDTH, 499)) == 0
    assert ink(drawn, (1135, 0, WIDTH, HEIGHT)) == 0
    broken = opened(replace(SHEEP, title="W" * 500))
    assert ink(broken, (1135, 0, WIDTH, HEIGHT)) == 0


@settings(max_examples=25)
@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_makes_a_picture(title: str, authors: str) -> None:
    shown = replace(SHEEP, title=title, authors=authors)
    assert card(shown) == card(replace(shown))
    assert mark(shown).isalnum()


def test_another_text_has_another_mark() -> None:
    assert mark(SHEEP) == mark(replace(SHEEP))
    assert mark(SHEEP) != mark(replace(SHEEP, authors="Grace Hopper"))
