"""Messages: the same bytes at every attempt, whatever is typed one reader and our fields, and nothing a server cuts."""

import re
from dataclasses import replace
from email import message_from_bytes
from email.policy import SMTP
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from broadsheet.errors import Refused
from broadsheet.mailing import Writer
from broadsheet.types import Outgoing, Way

NAME = "abcdefghijklmnopqrstuvwx"
WRITER = Writer("papers@example.org", "Our papers", "bounces@example.org")
OURS = ["from", "to", "subject", "date", "message-id", "auto-submitted", "feedback-id", "mime-version", "content-type"]
LIST = {"List-Unsubscribe": "<https://papers.example/u/x>", "List-Id": "Editions <editions.papers.example>"}


def letter(**facts: Any) -> Outgoing:
    first = Outgoing("k", Way.MAIL, "digest", "ada@example.net", "Papers", "One.\n", made="2026-11-20T12:00:00Z")
    return replace(first, **{"message": NAME, **facts})


def read(raw: bytes) -> Any:
    return message_from_bytes(raw, policy=SMTP)


def test_text_and_html_are_two_forms_of_one_letter_the_richest_last() -> None:
    message = read(WRITER.message(letter(text="Grüße.\n", html="<p>Grüße.</p>", headers=LIST)))
    assert message.get_content_type() == "multipart/alternative"
    text, html = message.iter_parts()
    assert (text.get_content_type(), text.get_content()) == ("text/plain", "Grüße.\r\n")
    assert (html.get_content_type(), html.get_content()) == ("text/html", "<p>Grüße.</p>\r\n")
    assert read(WRITER.message(letter())).get_content_type() == "text/plain"


def test_the_head_says_what_lists_say() -> None:
    message = read(WRITER.message(letter(headers=LIST)))
    assert message["From"] == "Our papers <papers@example.org>"
    assert message["List-Id"] == "Editions <editions.papers.example>"
    ways = f"<https://papers.example/u/x>, <mailto:bounces+{NAME}@example.org?subject=unsubscribe>"
    assert message["List-Unsubscribe"] == ways
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Feedback-ID"] == "digest:example-org"


def test_what_is_said_of_the_list_is_not_said_twice() -> None:
    given = {**LIST, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click", "Feedback-ID": "a:b:c:d"}
    message = read(WRITER.message(letter(headers=given)))
    assert message.get_all("List-Unsubscribe-Post") == ["List-Unsubscribe=One-Click"]
    assert message.get_all("Feedback-ID") == ["a:b:c:d"]


def test_without_a_mailbox_of_bounces_nobody_is_told_to_write_there() -> None:
    alone = Writer("papers@example.org")
    assert read(alone.message(letter(headers=LIST)))["List-Unsubscribe"] == "<https://papers.example/u/x>"
    assert alone.envelope(letter()) == ("papers@example.org", "ada@example.net")
    assert read(alone.message(letter()))["From"] == "papers@example.org"


def test_a_link_that_programs_may_not_post_to_is_not_one_click() -> None:
    plain = read(WRITER.message(letter(headers={"List-Unsubscribe": "<http://127.0.0.1:8000/u/x>"})))
    assert plain["List-Unsubscribe-Post"] is None
    assert plain["List-Id"] == "<digest.example.org>"


@pytest.mark.parametrize(
    "evil",
    ["\r\nBcc: all@example.org", "\nBcc: all@example.org", "\r", "\x00", "\x85Bcc: x", "\u2028", "\ud800", "\n\nbody"],
)
@pytest.mark.parametrize("where", ["subject", "name", "header", "to"])
def test_nothing_that_is_typed_adds_a_line(evil: str, where: str) -> None:
    writer = replace(WRITER, name=f"Papers{evil}") if where == "name" else WRITER
    one = letter()
    if where == "subject":
        one.subject = f"Papers{evil}"
    elif where == "to":
        one.to = f"ada@example.net{evil}"
    elif where == "header":
        one.headers = {"List-Id": f"<x>{evil}"}
    with pytest.raises(Refused, match="cannot be sent"):
        writer.message(one)


@pytest.mark.parametrize(
    "name",
    ["Bcc", "to", "FROM", "Sender", "Reply-To", "DKIM-Signature", "Content-Type", "Resent-To", "A b", "A:b", "", "É"],
)
def test_no_header_says_otherwise_whose_it_is_and_to_whom_it_goes(name: str) -> None:
    with pytest.raises(Refused, match="holds what no letter may"):
        WRITER.message(letter(headers={name: "eve@example.org"}))


WRITTEN = st.characters(exclude_categories=["Cs"])


def test_an_address_of_the_web_that_is_none_is_refused() -> None:
    with pytest.raises(Refused):
        WRITER.message(letter(headers={"List-Unsubscribe": "<https://papers.example/ü>"}))


PLAIN = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=400)


@given(subject=PLAIN, name=PLAIN, text=st.text(WRITTEN, max_size=2_000), label=PLAIN)
@example(
    subject="x" * 3_000, name='"Ada" <eve@example.org>, <', text=".\n..\n\x00\r\r\n" + "y" * 5_000, label="a <b> c"
)
@example(subject="x", name="É <eve@example.org> <", text="", label="É")
@example(subject="  two  spaces ", name="", text="", label="ü" * 200)
def test_whatever_is_typed_it_is_one_letter_to_one_reader(subject: str, name: str, text: str, label: str) -> None:
    writer = replace(WRITER, name=name)
    one = letter(
        subject=subject, text=text, html=f"<p>{text}</p>", headers={"List-Id": f"{label.replace('<', '')} <x.example>"}
    )
    raw = writer.message(one)
    assert raw == writer.message(one)
    assert raw.isascii()
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)|\x00", raw)
    message = read(raw)
    assert sorted(map(str.lower, message.keys())) == sorted([*OURS, "list-id"])
    assert [each.addr_spec for each in message["To"].addresses] == ["ada@example.net"]
    assert [each.addr_spec for each in message["From"].addresses] == ["papers@example.org"]
    assert str(message["Subject"]).split() == subject.split()
    assert len(list(message.iter_parts())) == 2
