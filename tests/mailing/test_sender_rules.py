"""What Gmail and Yahoo ask of who sends to many readers, as a list; each assert names its rule.

Google: "Email sender guidelines" (support.google.com/a/answer/81126). Yahoo: "Sender Best Practices"
(senders.yahooinc.com). What only the DNS and the mail server can do (SPF, DMARC, TLS, PTR) stands in docs/mail.md.
"""

import base64
import re
from email import message_from_bytes
from email.policy import SMTP
from email.utils import parsedate_to_datetime
from typing import Any

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from broadsheet import mail
from broadsheet.mailing import Security, Server, SmtpCarrier, Writer, signer
from broadsheet.types import Author, Digest, Entry, Form, Paper, Rhythm, Subscription, Wanted
from tests.mailing.faulty import answering

DOMAIN = "papers.example.org"
UNSUBSCRIBE = f"https://{DOMAIN}/unsubscribe/{'t' * 60}"
ONCE = ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "List-Id", "List-Unsubscribe",
        "List-Unsubscribe-Post", "Auto-Submitted", "DKIM-Signature", "Feedback-ID")  # fmt: skip


def digest() -> Digest:
    one = Subscription(
        7, 3, Wanted.EDITION, "", "The daily edition", Rhythm.WEEKDAYS, 0, "07:30", "Europe/Paris", 10, Form.HTML,
        "2026-11-01T00:00:00Z", confirmed="2026-11-01T00:00:00Z",
    )  # fmt: skip
    papers = [
        Paper(f"2611.0000{number}", f"On Wheels – part {number}", authors=(Author("Ada Lovelace"),))
        for number in (1, 2)
    ]
    entries = [Entry(paper, place, "trending", day="2026-11-20") for place, paper in enumerate(papers, 1)]
    return Digest("7:2026-11-20", one, "2026-11-20", "2026-11-20", entries)


class Sent:
    """A digest as a mail server got it: its envelope, its bytes, and the DNS that its sender has."""

    def __init__(self) -> None:
        key = rsa.generate_private_key(65537, 2048)
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        public = key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)
        self.asked: list[str] = []
        writer = Writer(f"editions@{DOMAIN}", "Our papers", f"bounces@{DOMAIN}", signer(DOMAIN, "s2026", private))
        place = mail.Place("Our papers", f"https://{DOMAIN}")
        one = mail.render(
            digest(), place, mail.Links(UNSUBSCRIBE, f"https://{DOMAIN}/preferences/x", f"https://{DOMAIN}/")
        )
        one.to, one.made, one.message = "ada@gmail.example", "2026-11-20T06:30:00Z", "a2" * 12
        with answering() as heard:
            carrier = SmtpCarrier(Server("127.0.0.1", heard.port, Security.NONE, name=DOMAIN), writer)
            with carrier:
                carrier.carry(one, lambda: True)
        ((self.sender, self.to, self.raw),) = heard.taken
        self.hello = heard.lines[0]
        self.message: Any = message_from_bytes(self.raw, policy=SMTP)

    def verified(self, raw: bytes) -> bool:
        def looked_up(name: bytes, timeout: int = 5) -> bytes:
            self.asked.append(name.decode())
            return self.record

        return bool(dkim.verify(raw, dnsfunc=looked_up))


@pytest.fixture(scope="module")
def sent() -> Sent:
    return Sent()


def test_authentication(sent: Sent) -> None:
    assert sent.verified(sent.raw), "Google, Yahoo: mail is signed by DKIM"
    assert set(sent.asked) == {f"s2026._domainkey.{DOMAIN}."}
    signature = "".join(sent.message["DKIM-Signature"].split())
    domain = re.search(r";d=([^;]+)", signature)
    address = sent.message["From"].addresses[0]
    assert domain is not None
    assert domain[1] == address.domain, "Google, Yahoo: the domain of From is that of DKIM (DMARC alignment)"
    assert sent.sender.rpartition("@")[2] == address.domain, "Google: the envelope's domain is aligned too (SPF)"
    assert len(base64.b64decode(sent.record.partition(b"p=")[2])) >= 256, "Google: keys have 2,048 bits"
    assert sent.hello.lower() == f"ehlo {DOMAIN}", "Google, Yahoo: the greeting is a full name in the DNS"


@pytest.mark.parametrize(
    "name", ["From", "To", "Subject", "Date", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Id"]
)
def test_the_signature_covers_what_must_not_change(sent: Sent, name: str) -> None:
    changed = sent.raw.replace(f"\n{name}: ".encode(), f"\n{name}: x".encode(), 1)
    assert changed != sent.raw
    assert not sent.verified(changed), f"RFC 8058, 4; Google: DKIM covers {name}"


def test_no_field_can_be_added_to_a_signed_letter(sent: Sent) -> None:
    assert not sent.verified(b"From: eve@example.net\r\n" + sent.raw), "Google: a second From breaks the signature"
    assert not sent.verified(sent.raw + b"More.\r\n"), "the body is signed whole"


def test_one_click_unsubscribe(sent: Sent) -> None:
    ways = re.findall(r"<([^>]+)>", sent.message["List-Unsubscribe"])
    assert ways[0] == UNSUBSCRIBE, "Google, Yahoo; RFC 8058, 3.1: one https address, hard to forge"
    assert [way for way in ways if way.startswith("https:")] == [UNSUBSCRIBE], "RFC 8058, 3.1: exactly one of https"
    assert ways[1].startswith("mailto:bounces+"), "Yahoo: by a letter too"
    assert sent.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click", "Google, Yahoo: by one click"
    for part in sent.message.iter_parts():
        assert "unsubscribe" in part.get_content().lower(), "Google: a link in the body that anybody sees"


def test_the_form_of_internet_messages(sent: Sent) -> None:
    head = sent.raw.partition(b"\r\n\r\n")[0].decode("ascii")
    names = [line.partition(":")[0].lower() for line in re.split(r"\r\n(?![ \t])", head)]
    for name in ONCE:
        assert names.count(name.lower()) == 1, f"Google; RFC 5322, 3.6: {name} is there once"
    assert all(re.fullmatch(r"[\x21-\x39\x3b-\x7e]+", name) for name in names), "Google: fields are well formed"
    assert re.fullmatch(rf"<[a-z0-9]+@{re.escape(DOMAIN)}>", sent.message["Message-ID"]), "Google: a valid Message-ID"
    assert parsedate_to_datetime(sent.message["Date"]).utcoffset() is not None, "RFC 5322, 3.3: a date with its zone"
    assert len(sent.message["From"].addresses) == 1, "Google: one address in From"
    assert [one.addr_spec for one in sent.message["To"].addresses] == [sent.to], "Google: the reader is in To"
    assert "reply-to" not in names, "Yahoo: answers go to the sender"
    assert max(map(len, sent.raw.split(b"\r\n"))) <= 998, "RFC 5322, 2.1.1: no line above 998"
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", sent.raw), "RFC 5321, 2.3.8: lines end in CR LF"
    assert sent.raw.isascii(), "RFC 5321: nothing that a server must be asked about first"


def test_content(sent: Sent) -> None:
    text, html = sent.message.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html"), "Google: both forms"
    assert text.get_content_charset() == html.get_content_charset() == "utf-8"
    assert re.match(r"(?i)(?!re:|fwd?:).+", sent.message["Subject"]), "Google: a subject, and no false Re:"
    assert len(sent.raw) < 102_000, "Gmail cuts what is longer"
    links = re.findall(r'href="([^"]+)"', html.get_content())
    assert {link.startswith(f"https://{DOMAIN}/") for link in links} == {True}, "Google: links say where they lead"
    assert not re.search(r"(?i)<(script|form|iframe|object)", html.get_content()), "Google: nothing that runs"
    assert sent.message["From"].addresses[0].display_name == "Our papers", "Google: a name that says who it is"


def test_how_lists_are_told_and_complaints_counted(sent: Sent) -> None:
    assert re.search(rf"<[a-z-]+\.{re.escape(DOMAIN)}>$", sent.message["List-Id"]), "RFC 2919: one name for a list"
    fields = sent.message["Feedback-ID"].split(":")
    assert 1 < len(fields) <= 4, "Google: Feedback-ID for its Postmaster Tools"
    assert len(fields[-1]) >= 5, "Google: it ends with the name of who sends"
    assert sent.message["Auto-Submitted"] == "auto-generated", "RFC 3834: machines do not answer"
    assert re.fullmatch(rf"bounces\+[a-z2-7]+@{re.escape(DOMAIN)}", sent.sender), "Yahoo: bounces are told apart"
