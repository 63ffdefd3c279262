"""Carriers: before the fence nothing leaves, behind it every answer is told apart, and no answer is doubt."""

import stat
from dataclasses import replace
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from broadsheet.errors import Refused, Returned, StorageFull, Unavailable, Unreachable
from broadsheet.mailing import FileCarrier, Security, Server, SmtpCarrier, Writer
from broadsheet.types import Carried, Outgoing, Way
from tests.mailing.faulty import ANSWER_AND_HANG_UP, HANG_UP, TAKE_AND_HANG_UP, YES, Answers, answering
from tests.mailing.server import certified, taking

AT = "2026-11-20T12:00:00Z"
WRITER = Writer("papers@example.org", "Papers", "bounces@example.org")
NAME = "abcdefghijklmnopqrstuvwx"


def letter(to: str = "ada@example.net", text: str = "A line.\n.A dot.\n", **facts: Any) -> Outgoing:
    return replace(Outgoing("digest:1", Way.MAIL, "digest", to, "Papers", text, made=AT, message=NAME), **facts)


def server(port: int, *, patience: float = 5.0) -> Server:
    return Server("127.0.0.1", port, Security.NONE, patience=patience, name="papers.example")


def yes() -> bool:
    return True


def at(step: str, answer: str | float, *, times: int = 99) -> Answers:
    """Gives an answer at one step, so many times, and says yes to all else."""
    return lambda here, _, time: answer if here == step and time <= times else YES


def carried(answers: Answers) -> tuple[Carried, list[bytes]]:
    with answering(answers) as heard, SmtpCarrier(server(heard.port), WRITER) as carrier:
        return carrier.carry(letter(), yes), [words for _, _, words in heard.taken]


def test_a_letter_is_given_over_with_an_address_of_its_own_to_return_to() -> None:
    with answering() as heard, SmtpCarrier(server(heard.port), WRITER) as carrier:
        assert carrier.carry(letter(), yes) == Carried("250 2.0.0 taken")
    ((sender, to, words),) = heard.taken
    assert (sender, to) == (f"bounces+{NAME}@example.org", "ada@example.net")
    read = message_from_bytes(words)
    assert read["Message-ID"] == f"<{NAME}@example.org>"
    assert read["Date"] == "Fri, 20 Nov 2026 12:00:00 +0000"
    assert read.get_payload() == "A line.\r\n.A dot.\r\n"


def test_the_fence_is_asked_after_the_reader_and_before_the_words() -> None:
    asked = []
    with answering() as heard, SmtpCarrier(server(heard.port), WRITER) as carrier:

        def fence() -> bool:
            asked.append([line.split()[0] for line in heard.lines])
            return True

        carrier.carry(letter(), fence)
    assert asked == [["ehlo", "mail", "rcpt"]]


def test_behind_a_closed_fence_nothing_leaves_and_the_connection_stays_good() -> None:
    with answering() as heard, SmtpCarrier(server(heard.port), WRITER) as carrier:
        assert not carrier.carry(letter(), lambda: False).left
        assert carrier.carry(letter(), yes).sure
    assert [len(heard.taken), heard.connections] == [1, 1]


def test_every_attempt_has_the_same_words_to_the_last_byte() -> None:
    html = letter(html="<p>One.</p>", headers={"List-Unsubscribe": "<https://papers.example/u/x>"})
    with answering() as heard, SmtpCarrier(server(heard.port), WRITER) as carrier:
        for _ in range(3):
            carrier.carry(html, yes)
    assert len({words for _, _, words in heard.taken}) == 1


def test_many_letters_go_over_one_connection_and_not_too_many() -> None:
    ticks = [0.0]
    with answering() as heard, SmtpCarrier(server(heard.port), WRITER, ticks=lambda: ticks[0]) as carrier:
        for _ in range(205):
            carrier.carry(letter(), yes)
        assert heard.connections == 3
        ticks[0] += 60  # one that was idle for long is not trusted
        carrier.carry(letter(), yes)
        assert heard.connections == 4
    assert len(heard.taken) == 206


@pytest.mark.parametrize("step", ["RCPT", "DATA", "WORDS"])
def test_a_server_that_says_later_is_asked_later(step: str) -> None:
    with pytest.raises(Unavailable, match=r"451 4\.7\.1 Greylisted") as caught:
        carried(at(step, "451 4.7.1 Greylisted, come again"))
    assert not isinstance(caught.value, Unreachable)


@pytest.mark.parametrize("step", ["RCPT", "DATA", "WORDS"])
@pytest.mark.parametrize(
    ("answer", "status"),
    [("550 5.1.1 No such user", "5.1.1"), ("552 5.2.2 Mailbox full", "5.2.2"), ("550 No", "")],
)
def test_a_mailbox_that_never_takes_it_says_why(step: str, answer: str, status: str) -> None:
    with pytest.raises(Returned, match=answer[:3]) as caught:
        carried(at(step, answer))
    of_the_words = "" if step == "RCPT" else "5.6.0"
    assert caught.value.status == (status or of_the_words)


def test_a_refusal_keeps_the_connection_for_the_next_letter() -> None:
    answers: Answers = lambda step, to, _: "550 5.1.1 no" if (step, to) == ("RCPT", "eve@example.net") else YES  # noqa: E731
    with answering(answers) as heard, SmtpCarrier(server(heard.port), WRITER) as carrier:
        with pytest.raises(Returned):
            carrier.carry(letter("eve@example.net"), yes)
        assert carrier.carry(letter(), yes).sure
    assert heard.connections == 1


@pytest.mark.parametrize("answer", ["550 5.7.1 Not from you", "451 4.3.0 Try later", "530 5.7.0 Sign in first"])
def test_what_a_server_has_against_the_sender_is_no_fault_of_one_letter(answer: str) -> None:
    with pytest.raises(Unreachable, match=f"takes no letters from papers@example.org: {answer}"):
        carried(at("MAIL", answer))


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
def test_a_connection_that_breaks_before_the_words_leaves_no_doubt(step: str) -> None:
    with pytest.raises(Unavailable, match="broke"):
        carried(at(step, HANG_UP))


@pytest.mark.parametrize("answer", [HANG_UP, TAKE_AND_HANG_UP])
def test_a_connection_that_breaks_after_the_words_leaves_doubt(answer: str) -> None:
    came, taken = carried(at("WORDS", answer))
    assert (came.left, came.sure) == (True, False)
    assert "broke before the answer came" in came.said
    assert len(taken) == (1 if answer == TAKE_AND_HANG_UP else 0)


def test_a_server_that_takes_a_letter_and_hangs_up_takes_the_next_over_a_new_connection() -> None:
    answers = at("WORDS", ANSWER_AND_HANG_UP)
    with answering(answers) as heard, SmtpCarrier(server(heard.port), WRITER) as carrier:
        for _ in range(3):
            assert carrier.carry(letter(), yes).sure
    assert (len(heard.taken), heard.connections) == (3, 3)


def test_silence_before_the_words_is_no_answer_and_silence_after_them_is_waited_for() -> None:
    """As of a server that says nothing for 40 seconds, a hundred times as fast."""
    with answering(at("RCPT", 0.4)) as heard, SmtpCarrier(server(heard.port, patience=0.2), WRITER) as carrier:
        with pytest.raises(Unavailable, match="broke"):
            carrier.carry(letter(), yes)
        assert heard.taken == []
    with (
        answering(at("WORDS", 0.4)) as heard,
        SmtpCarrier(server(heard.port, patience=0.2), WRITER, thinking=6.0) as carrier,
    ):
        assert carrier.carry(letter(), yes).sure
    with (
        answering(at("WORDS", 0.4)) as heard,
        SmtpCarrier(server(heard.port, patience=0.2), WRITER, thinking=0.1) as carrier,
    ):
        assert not carrier.carry(letter(), yes).sure


@pytest.mark.parametrize("answer", ["554 5.7.1 Go away", "421 4.3.2 Closing", HANG_UP])
def test_a_server_that_does_not_begin_is_unreachable(answer: str) -> None:
    with pytest.raises(Unreachable, match="lets nobody in"):
        carried(at("HELLO", answer))


def test_a_certificate_that_is_wrong_gets_no_letter(tmp_path: Path) -> None:
    context, _ = certified(tmp_path)
    with taking(context) as taken:
        wrong = Server("127.0.0.1", taken.port, Security.STARTTLS, "papers", "hush")
        with pytest.raises(Unreachable, match="SSLCertVerificationError") as caught:
            SmtpCarrier(wrong, WRITER).carry(letter(), yes)
    assert taken.letters == []
    assert "hush" not in f"{caught.value}{wrong!r}"


@pytest.mark.parametrize("address", ["eve@example.org>\r\nRCPT TO:<all@example.org", "eve", "a b@example.org", ""])
def test_an_address_that_is_none_is_refused_before_anybody_is_asked(address: str) -> None:
    with pytest.raises(Refused, match="its address is none"):
        SmtpCarrier(server(9), WRITER).carry(letter(address), yes)


# Files.


def test_without_a_server_letters_are_files_for_their_owner_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    carrier = FileCarrier(tmp_path / "letters", WRITER)
    for _ in range(2):
        carrier.carry(letter(), yes)
    (path,) = (tmp_path / "letters").iterdir()
    assert path.name == f"20261120T120000Z-{NAME}.eml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert message_from_bytes(path.read_bytes())["To"] == "ada@example.net"
    assert str(path) in caplog.text


def test_a_file_is_written_behind_the_fence_or_not_at_all(tmp_path: Path) -> None:
    def fence() -> bool:
        assert not list(tmp_path.glob("*.eml"))
        return False

    assert not FileCarrier(tmp_path, WRITER).carry(letter(), fence).left
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "letters").write_text("a file")
    with pytest.raises(StorageFull, match="could not be written"):
        FileCarrier(tmp_path / "letters", WRITER).carry(letter(), yes)
