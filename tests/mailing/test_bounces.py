"""What comes back: read whatever it is, found by the name of our letter, and never believed without it."""

from email.message import EmailMessage

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from broadsheet.mailing.bounces import Came, read

NAME = "abcdefghijklmnopqrstuvwx"


def report(
    status: str = "5.1.1",
    *,
    action: str = "failed",
    said: str = "smtp; 550 5.1.1 No such user",
    to: str = f"bounces+{NAME}@example.org",
    back: str = f"Message-ID: <{NAME}@example.org>\nSubject: Papers\n",
) -> bytes:
    """A delivery report by RFC 3464."""
    return f"""From: MAILER-DAEMON@mailbox.example
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=b"

--=b
Content-Type: text/plain

I could not deliver this.

--=b
Content-Type: message/delivery-status

Reporting-MTA: dns; mailbox.example

Final-Recipient: rfc822; ada@example.net
Action: {action}
Status: {status}
Diagnostic-Code: {said}

--=b
Content-Type: text/rfc822-headers

{back}
--=b--
""".encode()


def complaint(kind: str = "abuse") -> bytes:
    return f"""From: feedback@mailbox.example
To: bounces@example.org
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="=b"

--=b
Content-Type: text/plain

This was reported.

--=b
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: Feedback/1.0
Version: 1

--=b
Content-Type: message/rfc822

From: papers@example.org
Message-ID: <{NAME}@example.org>
Subject: Papers

One.
--=b--
""".encode()


def letter(subject: str, **fields: str) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "ada@example.net", f"bounces+{NAME}@example.org", subject
    for name, value in fields.items():
        message[name.replace("_", "-")] = value
    message.set_content("Please.\n")
    return message.as_bytes()


def test_a_delivery_report_says_which_letter_and_why() -> None:
    found = read(report())
    assert (found.came, found.names, found.status) == (Came.BOUNCE, (NAME,), "5.1.1")
    assert found.said == "550 5.1.1 No such user"


@pytest.mark.parametrize(
    ("to", "back"),
    [
        (f"bounces+{NAME}@example.org", ""),
        (f"BOUNCES+{NAME.upper()}@EXAMPLE.ORG", ""),
        ("bounces@example.org", f"Message-ID: <{NAME}@example.org>\n"),
    ],
)
def test_it_is_found_by_the_address_it_returned_to_or_by_what_returned(to: str, back: str) -> None:
    assert read(report(to=to, back=back)).names == (NAME,)


def test_a_letter_that_is_late_is_no_bounce() -> None:
    assert read(report("4.4.7", action="delayed")).came is Came.DELAY


def test_servers_that_never_heard_of_the_standard_are_understood() -> None:
    old = f"""From: MAILER-DAEMON@mailbox.example
To: bounces+{NAME}@example.org
Subject: failure notice

Hi. This is the qmail-send program at mailbox.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<ada@example.net>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Message-ID: <{NAME}@example.org>
""".encode()
    assert (read(old).came, read(old).names) == (Came.BOUNCE, (NAME,))


@pytest.mark.parametrize(
    ("kind", "came"), [("abuse", Came.COMPLAINT), ("opt-out", Came.COMPLAINT), ("not-spam", Came.OTHER)]
)
def test_a_complaint_is_told_from_praise(kind: str, came: Came) -> None:
    assert (read(complaint(kind)).came, read(complaint(kind)).names) == (came, (NAME,))


def test_who_writes_to_unsubscribe_does_and_a_machine_does_not() -> None:
    assert read(letter("Unsubscribe")).came is Came.UNSUBSCRIBE
    assert read(letter("unsubscribe me please")).came is Came.UNSUBSCRIBE
    assert read(letter("unsubscribe", Auto_Submitted="auto-replied")).came is Came.OTHER
    assert read(letter("Out of office")).came is Came.OTHER


@given(st.binary(max_size=3_000))
@example(report())
@example(report().replace(b"message/delivery-status", b"message/rfc822"))
@example(complaint().replace(b"message/rfc822", b"multipart/mixed"))
@example(b"Content-Type: multipart/report; boundary=b\n\n" + b"--b\nContent-Type: message/rfc822\n\n" * 300)
@example(b"Content-Type: text/plain; charset=no-such\nContent-Transfer-Encoding: base64\n\n!!!")
@example(f"To: {f'<{NAME}@x> ' * 500}\n\n".encode())
@example(b"Subject: =?utf-8?q?=FF?=\nAuto-Submitted: \xff\n\n\xff")
def test_anything_may_come(raw: bytes) -> None:
    found = read(raw)
    assert len(found.names) <= 20
    assert found.said.isprintable()


@given(st.integers(0, len(report())), st.binary(max_size=20))
def test_a_report_may_be_broken_anywhere(place: int, other: bytes) -> None:
    read(report()[:place] + other + report()[place + len(other) :])
    read(complaint()[:place] + other)
