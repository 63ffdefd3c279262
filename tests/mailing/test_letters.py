"""Letters: what people type can add no header, no recipient and no second letter."""

import unicodedata
from email import message_from_bytes
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.errors import Refused
from broadsheet.ids import people
from broadsheet.mailing import Letter
from tests.conftest import NOW

SENDER = "papers@example.org"


def test_a_letter_says_whose_it_is_and_that_a_machine_wrote_it() -> None:
    sent = Letter("ada@example.net", "Sign in – Zürich", "A line.\nhttps://papers.example/x\n").message(SENDER, NOW)
    read = message_from_bytes(sent.as_bytes(), policy=SMTP)
    assert (read["From"], read["To"], read["Subject"]) == (SENDER, "ada@example.net", "Sign in – Zürich")
    assert read["Date"] == "Fri, 20 Nov 2026 12:00:00 +0000"
    assert read["Message-ID"].endswith("@example.org>")
    assert read["Auto-Submitted"] == "auto-generated"
    assert read.get_content() == "A line.\r\nhttps://papers.example/x\r\n"


def test_a_letter_keeps_its_text_to_itself() -> None:
    assert "hush" not in repr(Letter("ada@example.net", "A link", "hush"))


@pytest.mark.parametrize("evil", ["\r\nBcc: all@example.org", "\nBcc: all@example.org", "\r", "\n\nbody", "\x00\n"])
def test_a_line_break_in_a_header_is_refused(evil: str) -> None:
    for letter in (Letter("ada@example.net", f"Hello{evil}", ""), Letter(f"ada@example.net{evil}", "Hello", "")):
        with pytest.raises(Refused, match="cannot be sent"):
            letter.message(SENDER, NOW)


@given(to=st.text(max_size=60), subject=st.text(max_size=200), text=st.text(max_size=500))
def test_whatever_is_typed_there_is_one_recipient_and_our_headers(to: str, subject: str, text: str) -> None:
    address = people.email(to) or people.email(f"{to}@example.org") or "ada@example.net"
    try:
        data = Letter(address, subject, text).message(SENDER, NOW).as_bytes()
    except Refused:
        broken = {"Cc", "Zl", "Zp", "Cs"} & set(map(unicodedata.category, subject))
        assert broken or "Cs" in map(unicodedata.category, text)
        return
    read = message_from_bytes(data, policy=SMTP)
    assert [one.addr_spec for one in read["To"].addresses] == [address]
    assert sorted(map(str.lower, read.keys())) == sorted(
        ["from", "to", "subject", "date", "message-id", "auto-submitted", "content-type", "mime-version",
         "content-transfer-encoding"]
    )  # fmt: skip
    assert read["Bcc"] is None
