"""Sending as an installation does it: by settings, into files or by a server, at once; and what is handed back."""

import base64
import shutil
import threading
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path

import pytest

from broadsheet import app as composition
from broadsheet import config, library
from broadsheet.app.posting import Postman
from broadsheet.app.work import Work
from broadsheet.errors import BadSetting, Unreachable
from broadsheet.jobs import Context
from broadsheet.library import Library
from broadsheet.types import OWNER, Sending
from tests.conftest import NOW
from tests.mailing.faulty import answering
from tests.place import place
from tests.sending.conftest import letter, letters, reader

SECRET = "a-shared-secret"


def settings(home: Path, **values: str) -> config.Settings:
    return config.read(home, {f"BROADSHEET_{name.upper()}": value for name, value in values.items()})


def postman(lib: Library, **values: str) -> Postman:
    return Postman(lib, settings(lib.home, **values), lambda: NOW)


def context(stop: threading.Event | None = None) -> Context:
    return Context(stop or threading.Event(), lambda _: None)


@pytest.fixture
def by_server() -> dict[str, str]:
    return {"mail_server": "127.0.0.1", "mail_security": "none", "mail_from": "papers@example.org", "mail_rate": "0"}


def test_without_a_mail_server_letters_are_files_in_the_home_folder(library: Library) -> None:
    library.catalogue.put_outgoing([letter()])
    assert postman(library, title="Our papers").deliver(context()) == "1 sent."
    (path,) = (library.home / "letters").glob("*.eml")
    read = message_from_bytes(path.read_bytes())
    assert (read["From"], read["To"]) == ('"Our papers" <broadsheet@localhost>', "ada@example.org")
    assert postman(library).deliver(context()) == "Nothing to send."


def test_with_one_they_go_to_it_and_return_to_the_mailbox_of_bounces(
    library: Library, by_server: dict[str, str]
) -> None:
    library.catalogue.put_outgoing(letters(3))
    with answering() as heard:
        one = postman(library, **by_server, mail_port=str(heard.port), bounce_address="bounces@example.org")
        assert one.deliver(context()) == "3 sent."
    assert {sender.partition("+")[0] for sender, _, _ in heard.taken} == {"bounces"}
    assert not (library.home / "letters").exists()


def test_a_server_that_is_gone_is_told_with_what_came_before(library: Library, by_server: dict[str, str]) -> None:
    library.catalogue.put_outgoing(letters(3))
    with answering() as heard:
        pass
    with pytest.raises(
        Unreachable, match=r"lets nobody in \(ConnectionRefusedError\)\. Before that: Nothing to send\."
    ):
        postman(library, **by_server, mail_port=str(heard.port)).deliver(context())
    assert library.outbox_counts(OWNER)[Sending.WAITING] == 3


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"mail_server": "smtp.example.org"}, "mail_from is not"),
        ({"mail_dkim_key": "key.pem"}, "mail_from is not"),
        ({"mail_dkim_key": "not-there.pem", "mail_from": "a@example.org"}, "cannot be read"),
        ({"mail_dkim_key": __file__, "mail_from": "a@example.org"}, "this key cannot sign"),
    ],
)
def test_settings_that_do_not_fit_are_told_at_once(library: Library, values: dict[str, str], says: str) -> None:
    with pytest.raises(BadSetting, match=says):
        postman(library, **values)


def test_a_key_signs_what_leaves(library: Library, tmp_path: Path) -> None:
    key = tmp_path / "dkim.pem"
    key.write_bytes(private_key())
    library.catalogue.put_outgoing([letter()])
    postman(library, mail_dkim_key=str(key), mail_from="papers@example.org").deliver(context())
    (path,) = (library.home / "letters").glob("*.eml")
    assert "d=example.org" in message_from_bytes(path.read_bytes())["DKIM-Signature"]


def private_key() -> bytes:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(65537, 2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )


def test_the_schedule_knows_the_jobs_of_mail(library: Library) -> None:
    tasks = {one.name: one for one in Work(library, settings(library.home), lambda: NOW).tasks()}
    assert tasks["deliver"].apart
    assert not tasks["deliver"].early()
    library.catalogue.put_outgoing([letter()])
    assert tasks["deliver"].early()
    assert tasks["bounces"].rule == "never"
    assert tasks["bounces"].run(context()) == "No mailbox is set (bounce_server)."
    chosen = settings(library.home, bounce_server="imap.example.org")
    rules = {one.name: one.rule for one in Work(library, chosen, lambda: NOW).tasks()}
    assert rules["bounces"] == "every 10 minutes"


def test_what_is_put_in_leaves_at_once_from_a_place_that_is_at_work(tmp_path: Path, empty_home: Path) -> None:
    """With real threads: the file is there long before the minute is over in which the job would be due again."""
    home = shutil.copytree(empty_home, tmp_path / "home")
    chosen = settings(home, sources="", encoder="")
    with library.open(home) as lib, composition.working(lib, chosen):
        came = threading.Event()
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        lib.catalogue.put_outgoing([letter(made=now)])
        for _ in range(200):
            if list((home / "letters").glob("*.eml")):
                break
            came.wait(0.1)
        assert len(list((home / "letters").glob("*.eml"))) == 1


# What comes back, by its address.


def complaint(name: str) -> bytes:
    return (
        "From: abuse@mailbox.example\r\nTo: bounces@example.org\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nThis was reported.\r\n"
        "--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nVersion: 1\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{name}@example.org>\r\n\r\n--b--\r\n"
    ).encode()


@pytest.mark.parametrize("how", ["bearer", "basic"])
def test_a_mail_server_that_knows_the_secret_hands_over_what_came_back(tmp_path: Path, how: str) -> None:
    with place(tmp_path / "home", BOUNCE_SECRET=SECRET) as here:
        who = reader(here.library)
        here.library.catalogue.put_outgoing([letter(subscriber=who, subscription=1)])
        (one,) = here.library.outbox(OWNER)
        shown = f"Bearer {SECRET}" if how == "bearer" else f"Basic {base64.b64encode(f'x:{SECRET}'.encode()).decode()}"
        browser = here.browser().client
        answer = browser.post("/mail/bounce", content=complaint(one.message), headers={"Authorization": shown})
        assert (answer.status_code, "reported it as spam" in answer.json()["taken"]) == (200, True)
        assert [each.number for each in here.library.suppressed(OWNER)] == [who]


@pytest.mark.parametrize(
    "shown", ["", "Bearer", "Bearer wrong", "Basic wrong", f"Basic {SECRET}", "Digest x", "Bearer é"]
)
def test_who_does_not_know_it_changes_nothing(tmp_path: Path, shown: str) -> None:
    with place(tmp_path / "home", BOUNCE_SECRET=SECRET) as here:
        who = reader(here.library)
        here.library.catalogue.put_outgoing([letter(subscriber=who, subscription=1)])
        (one,) = here.library.outbox(OWNER)
        headers = {"Authorization": shown.encode()} if shown else {}
        answer = here.browser().client.post("/mail/bounce", content=complaint(one.message), headers=headers)  # type: ignore[arg-type]
        assert answer.status_code == 401
        assert here.library.suppressed(OWNER) == []


def test_without_a_secret_there_is_no_such_address(tmp_path: Path) -> None:
    with place(tmp_path / "home") as here:
        answer = here.browser().client.post("/mail/bounce", content=b"", headers={"Authorization": "Bearer "})
        assert answer.status_code in (404, 405)


def test_what_is_much_too_large_is_cut(tmp_path: Path) -> None:
    with place(tmp_path / "home", BOUNCE_SECRET=SECRET) as here:
        body = b"Subject: x\r\n\r\n" + b"x" * (3 << 20)
        answer = here.browser().client.post("/mail/bounce", content=body, headers={"Authorization": f"Bearer {SECRET}"})
        assert answer.json() == {"taken": "It is of no letter that was sent from here."}
