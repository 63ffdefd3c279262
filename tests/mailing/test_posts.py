"""Posts: by a real conversation with a mail server, encrypted as the settings say, and silent about secrets."""

import logging
from pathlib import Path

import pytest

from broadsheet.errors import Unavailable
from broadsheet.mailing import ConsoleFirst, Letter, LogPost, Security, Server, SmtpPost
from tests.conftest import NOW
from tests.mailing.server import certified, taking
from tests.place import Letters

LETTER = Letter("ada@example.net", "Sign in", "https://papers.example/planted-link\n")
SENDER = "papers@example.org"


def post(port: int, security: Security, **more: object) -> SmtpPost:
    return SmtpPost(Server("127.0.0.1", port, security, **more), sender=SENDER, now=lambda: NOW)  # type: ignore[arg-type]


def test_a_letter_is_taken_in_the_clear_where_that_is_wanted() -> None:
    with taking() as taken:
        post(taken.port, Security.NONE).send(LETTER)
    assert taken.lines[1:4] == ["mail FROM:<papers@example.org>", "rcpt TO:<ada@example.net>", "data"]
    (letter,) = taken.letters
    assert b"Subject: Sign in\r\n" in letter
    assert b"planted-link" in letter


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_a_letter_and_the_password_go_encrypted(tmp_path: Path, security: Security) -> None:
    server, trust = certified(tmp_path)
    with taking(server, at_once=security is Security.TLS) as taken:
        post(taken.port, security, trust=trust, user="papers", password="hush").send(LETTER)
    assert len(taken.letters) == 1
    login = next(place for place, line in enumerate(taken.lines) if line.startswith("AUTH"))
    assert ("STARTTLS" in taken.lines[:login]) is (security is Security.STARTTLS)


def test_a_server_that_nobody_vouches_for_gets_neither_letter_nor_password(tmp_path: Path) -> None:
    server, _ = certified(tmp_path)
    with taking(server) as taken, pytest.raises(Unavailable, match="did not take"):
        post(taken.port, Security.STARTTLS, user="papers", password="hush").send(LETTER)
    assert taken.letters == []
    assert not any(line.startswith("AUTH") for line in taken.lines)


def test_a_server_without_encryption_gets_nothing_where_it_is_wanted() -> None:
    with taking() as taken, pytest.raises(Unavailable):
        post(taken.port, Security.STARTTLS, user="papers", password="hush").send(LETTER)
    assert taken.letters == []
    assert not any("hush" in line or line.startswith("AUTH") for line in taken.lines)


@pytest.mark.parametrize(
    ("word", "answer"),
    [
        ("AUTH", "535 no: papers hush"),
        ("MAIL", "550 no"),
        ("RCPT", "550 no such ada@example.net"),
        ("RCPT", "450 later"),
    ],
)
def test_what_a_server_refuses_is_told_without_what_was_said_to_it(tmp_path: Path, word: str, answer: str) -> None:
    server, trust = certified(tmp_path)
    with taking(server, refusals={word: answer}) as taken, pytest.raises(Unavailable) as caught:
        post(taken.port, Security.STARTTLS, trust=trust, user="papers", password="hush").send(LETTER)
    said = str(caught.value)
    assert f"127.0.0.1:{taken.port}" in said
    assert not any(secret in said for secret in ("hush", "planted-link", "ada@"))


def test_a_server_that_is_not_there_is_unavailable() -> None:
    with taking() as taken:
        pass
    with pytest.raises(Unavailable, match="ConnectionRefusedError"):
        post(taken.port, Security.NONE).send(LETTER)


def test_the_log_is_a_post_that_prints_the_link(caplog: pytest.LogCaptureFixture) -> None:
    LogPost(logging.getLogger("broadsheet.mail")).send(LETTER)
    assert "https://papers.example/planted-link" in caplog.text


def test_the_letter_that_founds_a_place_goes_to_the_console_and_all_others_by_mail() -> None:
    console, mail = Letters(), Letters()
    both = ConsoleFirst(console, mail)
    founding = Letter("ada@example.net", "Sign in", "x", founding=True)
    both.send(founding)
    both.send(LETTER)
    assert (console.sent, mail.sent) == ([founding], [LETTER])
