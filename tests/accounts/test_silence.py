"""What is kept and said of secrets: no row of the catalogue holds one, and no line of the log."""

import logging
from pathlib import Path

import pytest

from broadsheet import library as door
from broadsheet.errors import BroadsheetError, TooMany
from broadsheet.library import Rules
from broadsheet.mailing import Letter
from broadsheet.types import Access, Scope
from tests.accounts.authenticator import Authenticator
from tests.accounts.conftest import Here
from tests.accounts.test_passkeys import SITE

PASSWORDS = ("planted correct horse", "planted wrong horse", "planted new horse")


def lives(here: Here) -> list[str]:
    """A life with all that is secret in it; returns the secrets."""
    ada = here.joins("ada")
    _, token = here.library.make_token(ada, "x", frozenset(Scope), 9)
    _, invitation = here.library.invite(ada)
    ticket, options = here.library.begin_passkey(ada, site=SITE)
    here.library.add_passkey(ada, ticket, Authenticator(SITE).create(options), site=SITE, name="")
    here.library.set_password(ada, PASSWORDS[0])
    secrets = [token, invitation, ticket, *PASSWORDS, *here.secrets]
    for _ in range(12):
        for act in (
            lambda: here.library.sign_in_password("ada", PASSWORDS[1], agent="", address="192.0.2.7"),
            lambda: here.library.set_password(ada, PASSWORDS[2], old=PASSWORDS[1]),
            lambda: here.uses(token),
            lambda: here.library.sign_in_passkey(ticket, f'{{"id": "{invitation}"}}', site=SITE, agent="", address=""),
            lambda: here.uses(here.asks(f"n{len(here.secrets) // 6}@example.org", invitation=invitation), name="../x"),
        ):
            with pytest.raises(BroadsheetError) as caught:
                act()
            assert not any(secret in f"{caught.value!r} {caught.value}" for secret in [*secrets, *here.secrets])
    return [*secrets, *here.secrets]


def test_no_secret_is_logged_whatever_goes_wrong(here: Here, caplog: pytest.LogCaptureFixture) -> None:
    def fails(letter: Letter) -> None:
        raise RuntimeError("planted text of a foreign error")

    here.letters.send = fails  # type: ignore[method-assign]
    with caplog.at_level(logging.DEBUG):
        secrets = lives(here)
        here.library.errands.wait()
    assert "a letter: RuntimeError" in caplog.text, "what goes wrong is said"
    assert [secret for secret in [*secrets, "planted text"] if secret in caplog.text] == []


def test_no_secret_is_kept(here: Here) -> None:
    secrets = lives(here)
    here.library.catalogue.checkpoint()
    kept = b"".join(path.read_bytes() for path in here.library.home.iterdir() if path.is_file())
    assert b"ada@example.org" in kept
    assert [secret for secret in secrets if secret.encode() in kept] == []


def test_no_secret_shows_in_the_text_of_a_part(here: Here) -> None:
    here.joins("ada")
    letter = here.letters.sent[0]
    assert [secret for secret in here.secrets if secret in repr(letter) + repr(here.library.__dict__)] == []


def test_only_the_log_that_stands_in_for_a_mail_server_prints_links(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with door.open(tmp_path / "home", follow=False, rules=Rules(access=Access.OPEN)) as library:
        given: list[str] = []

        def link(token: str) -> str:
            given.append(token)
            return f"http://127.0.0.1:8000/sign-in/link/{token}"

        library.ask_link("ada@example.org", browser="b", address="", link=link)
        library.errands.wait()
        assert f"http://127.0.0.1:8000/sign-in/link/{given[0]}" in caplog.text
        secret = library.use_link(given[0], browser="b", agent="", address="")
        assert secret not in caplog.text


def test_too_many_attempts_are_told_without_whom_they_were_for(here: Here) -> None:
    for _ in range(5):
        here.asks("ada@example.org", address="192.0.2.7")
    with pytest.raises(TooMany) as caught:
        here.asks("ada@example.org", address="192.0.2.7")
    assert "ada" not in str(caught.value)
    assert "192.0.2.7" not in str(caught.value)
