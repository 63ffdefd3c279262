"""Signed texts: good for their purpose alone, by the key of the place that made them, and in one spelling."""

from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from broadsheet import library as door
from broadsheet.library import Library
from tests.conftest import NOW


def opened(home: Path) -> Library:
    return door.open(home, clock=lambda: NOW)


def test_what_was_signed_comes_back_and_stays_good_when_the_place_is_opened_again(tmp_path: Path) -> None:
    with opened(tmp_path) as library:
        token = library.sign("unsubscribe", 7, "ada@example.org")
        assert library.signed("unsubscribe", token) == ("7", "ada@example.org")
        assert set(token) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
    with opened(tmp_path) as library:
        assert library.signed("unsubscribe", token) == ("7", "ada@example.org")
        assert library.sign("unsubscribe", 7, "ada@example.org") == token


def test_a_text_for_another_purpose_or_of_another_place_is_none(tmp_path: Path) -> None:
    with opened(tmp_path / "one") as library, opened(tmp_path / "two") as other:
        token = library.sign("unsubscribe", 7)
        assert library.signed("preferences", token) is None
        assert other.signed("unsubscribe", token) is None


def test_no_change_of_a_letter_leaves_it_good(tmp_path: Path) -> None:
    with opened(tmp_path) as library:
        token = library.sign("feed", 7, "group")

        @given(st.integers(0, len(token)), st.text(max_size=2))
        @example(len(token), "=")
        @example(0, " ")
        def changed(place: int, text: str) -> None:
            other = token[:place] + text + token[place + len(text) :]
            assert other == token or library.signed("feed", other) is None

        changed()


def test_anything_may_be_asked_for(tmp_path: Path) -> None:
    with opened(tmp_path) as library:

        @given(st.text())
        @example("a.b.c")
        @example(".")
        @example("é.é")
        def asked(text: str) -> None:
            assert library.signed("feed", text) is None

        asked()
