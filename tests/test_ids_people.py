"""Names, e-mail addresses and ORCID iDs of people: one normal form each, and nothing that looks like another's."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from broadsheet.ids import people


@pytest.mark.parametrize(
    ("text", "name"),
    [("ada", "ada"), (" @Ada_L ", "ada_l"), ("x9", "x9"), ("a-b_c", "a-b_c"), ("a" * 30, "a" * 30)],
)
def test_a_handle_has_one_form(text: str, name: str) -> None:
    assert people.handle(text) == name


@pytest.mark.parametrize(
    "text",
    ["", "a", "a" * 31, "-ada", "ada-", "a--b", "a_-b", "a b", "a.b", "a/b", "ädä", "аdа", "ada\n.", "admin", "OWNER",
     "gone-7", "gone7", "reader-12", "@", "..", "ⅷx"],
)  # fmt: skip
def test_what_is_no_handle_is_none(text: str) -> None:
    assert people.handle(text) is None


@given(st.text(max_size=40))
@example("İ" * 3)
def test_a_handle_is_plain_and_its_own_handle(text: str) -> None:
    name = people.handle(text)
    if name is not None:
        assert re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,28}[a-z0-9]", name)
        assert people.handle(name) == name


@given(st.text(max_size=60))
@example("a\u202egpj.exe")
@example("ze\u200bro")
@example("two\r\nlines\x00")
def test_a_shown_name_is_one_line_that_hides_nothing(text: str) -> None:
    name = people.shown_name(text)
    assert people.shown_name(name) == name
    assert name == " ".join(name.split())
    assert not any(unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} for letter in name)
    name.encode()


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" Ada@Example.ORG\n", "ada@example.org"),
        ("a.b+c@x.example", "a.b+c@x.example"),
        ("ada@localhost", "ada@localhost"),
        ("ada@Bücher.example", "ada@xn--bcher-kva.example"),
        ("ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example"),
        ("o'hara@example.org", "o'hara@example.org"),
    ],
)
def test_an_address_has_one_form(text: str, address: str) -> None:
    assert people.email(text) == address


@pytest.mark.parametrize(
    "text",
    ["", "@", "ada", "ada@", "@example.org", "a@b@c.example", "a b@example.org", ".a@example.org", "a..b@example.org",
     "a.@example.org", "ada@-example.org", "ada@example..org", "ada@example.org.", "ada@127.0.0.1", "ada@[127.0.0.1]",
     '"a b"@example.org', "ada@example.org\r\nBcc: x@example.org", "ada@example.org,eve@example.org",
     "Ada <ada@example.org>", "аda@example.org", "ada@" + "x" * 64 + ".example", "a" * 65 + "@example.org",
     "ada@" + ".".join(["x" * 60] * 5), "ada@exa\u00admple.org\n", "ada＠example.org", "ada@xn--\udc80.example"],
)  # fmt: skip
def test_what_is_no_address_is_none(text: str) -> None:
    found = people.email(text)
    assert found is None or found == "ada@example.org", "a soft hyphen is nothing to the DNS"


@given(st.text(max_size=80) | st.emails())
def test_an_address_is_plain_bounded_and_its_own_address(text: str) -> None:
    address = people.email(text)
    if address is not None:
        assert address.isascii()
        assert address.isprintable()
        assert not set(address) & set(' ,;:<>()[]"\\\r\n')
        assert address.count("@") == 1
        assert len(address) <= 254
        assert people.email(address) == address


@given(st.integers(0, 10**15 - 1))
def test_an_orcid_has_one_last_digit_that_fits(number: int) -> None:
    digits = f"{number:015d}"
    fitting = [digit for digit in "0123456789X" if people.orcid(digits + digit)]
    assert len(fitting) == 1
    whole = people.orcid(digits + fitting[0])
    assert whole is not None
    assert whole.replace("-", "") == digits + fitting[0]
    assert people.orcid(f"https://orcid.org/{whole.lower()}") == whole


@pytest.mark.parametrize("text", ["", "0000-0002-1825-0098", "0000-0002-1825", "x", "０000-0002-1825-0097"])
def test_what_is_no_orcid_is_none(text: str) -> None:
    assert people.orcid(text) is None
    assert people.orcid("0000-0002-1825-0097") == "0000-0002-1825-0097"
