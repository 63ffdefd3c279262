"""XML from elsewhere: what is none says why, and what XML can do besides holding text it cannot do here."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.errors import BadSource
from broadsheet.sources.xmltext import parse_xml


@pytest.mark.parametrize(
    "body",
    [
        b"<a>\xc3\xa9</a>",
        b'\n  <?xml version="1.0"?><a>\xc3\xa9</a>',
        b'<?xml version="1.0" encoding="iso-8859-1"?><a>\xe9</a>',
        "<a>é</a>".encode("utf-16"),
        b"<!-- html follows --><a>\xc3\xa9</a>",
    ],
)
def test_what_is_xml_is_read(body: bytes) -> None:
    assert parse_xml(body, "It").text == "é"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "It is empty"),
        (b" \n", "It is empty"),
        (b"<!DOCTYPE html><p>Wait", "It is a web page"),
        (b"<!-- x -->\n<HTML lang='en'>", "It is a web page"),
        (b"<a><b>", "It breaks off in the middle"),
        (b"<a><b", "It breaks off in the middle"),
        (b"<a>\xe9</a>", "It is in another charset than it says"),
        (b'<?xml version="1.0" encoding="ascii"?><a>\xc3\xa9</a>', "It is in another charset than it says"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "It is in another charset than it says"),
        (b"hello", "It is no XML"),
        (b'{"a": 1}', "It is no XML"),
        (b"<a>\x00</a>", "It is no XML"),
        (b"<a></b>", "It is no XML"),
        (b"<a>&unknown;</a>", "It is no XML"),
        (b"<a>" * 5000 + b"</a>" * 5000, "It is no XML"),
    ],
)
def test_what_is_no_xml_says_why(body: bytes, says: str) -> None:
    with pytest.raises(BadSource, match=rf"^{says}"):
        parse_xml(body, "It")


def test_an_entity_of_its_own_is_not_expanded() -> None:
    assert parse_xml(b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', "It").text is None


def test_entities_of_entities_are_refused() -> None:
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    with pytest.raises(BadSource, match="It is no XML"):
        parse_xml(f'<!DOCTYPE a [<!ENTITY e0 "x">{lines}]><a>&e11;</a>'.encode(), "It")


@given(st.binary() | st.text().map(str.encode))
def test_any_bytes_are_a_tree_or_a_sentence(body: bytes) -> None:
    told = ""
    try:
        parse_xml(body, "It")
    except BadSource as error:
        told = str(error)
    assert told == "" or told.startswith("It ")
