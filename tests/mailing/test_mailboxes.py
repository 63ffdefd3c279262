"""The mailbox of bounces, by real IMAP over a socket: each message once, cut where it is long, marked as read."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest

from broadsheet.errors import Unavailable, Unreachable
from broadsheet.mailing.mailboxes import Mailbox
from broadsheet.mailing.servers import Security
from tests.mailing.server import certified, taking


@dataclass
class Kept:
    """A mailbox: its messages, and which of them were read. It hangs up before it gives the message `breaks_at`."""

    messages: list[bytes] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    breaks_at: int = -1
    port: int = 0


class _Talk(socketserver.StreamRequestHandler):
    """As much of IMAP4rev1 (RFC 3501) as is asked for."""

    def handle(self) -> None:
        self._say("* OK IMAP4rev1 here")
        while line := self.rfile.readline().decode().rstrip("\r\n"):
            tag, _, rest = line.partition(" ")
            words = rest.split()
            if words[0] == "UID" and not self._by_uid(words[1:]):
                return
            self._say(f"{tag} {self._answer(words)}")

    def _answer(self, words: list[str]) -> str:
        if words[0] == "CAPABILITY":
            self._say("* CAPABILITY IMAP4rev1")
        wrong = words[0] == "LOGIN" and words[2] != '"right"', words[0] == "SELECT" and words[1] != '"INBOX"'
        return "NO wrong" if any(wrong) else "OK done"

    def _by_uid(self, words: list[str]) -> bool:
        kept = cast("_Server", self.server).kept
        if words[0] == "SEARCH":
            unread = [str(one) for one in range(1, len(kept.messages) + 1) if one not in kept.seen]
            self._say(f"* SEARCH {' '.join(unread)}".rstrip())
        elif words[0] == "STORE":
            kept.seen.add(int(words[1]))
        elif int(words[1]) == kept.breaks_at:
            return False
        else:
            most = int(words[2].rpartition(".")[2].rstrip(">)"))
            data = kept.messages[int(words[1]) - 1][:most]
            self._say(f"* {words[1]} FETCH (UID {words[1]} BODY[]<0> {{{len(data)}}}")
            self.wfile.write(data + b")\r\n")
        return True

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, kept: Kept) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.kept = kept
        kept.port = self.server_address[1]


@contextmanager
def keeping(*messages: bytes) -> Iterator[Kept]:
    kept = Kept(list(messages))
    with _Server(kept) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield kept
        finally:
            server.shutdown()


def mailbox(port: int, *, password: str = "right", folder: str = "INBOX") -> Mailbox:
    return Mailbox("127.0.0.1", port, "bounces", password, folder, Security.NONE, patience=5.0)


def test_each_message_is_given_once(tmp_path: Path) -> None:
    with keeping(b"one\r\n", b"two\r\n") as kept:
        taken: list[bytes] = []
        assert mailbox(kept.port).take(taken.append, largest=100) == 2
        assert mailbox(kept.port).take(taken.append, largest=100) == 0
        kept.messages.append(b"three\r\n")
        assert mailbox(kept.port).take(taken.append, largest=3) == 1
    assert taken == [b"one\r\n", b"two\r\n", b"thr"]


def test_a_message_that_was_not_taken_comes_again() -> None:
    def fails(raw: bytes) -> None:
        if raw == b"two\r\n":
            raise RuntimeError

    with keeping(b"one\r\n", b"two\r\n", b"three\r\n") as kept:
        with pytest.raises(RuntimeError):
            mailbox(kept.port).take(fails, largest=100)
        taken: list[bytes] = []
        mailbox(kept.port).take(taken.append, largest=100)
    assert taken == [b"two\r\n", b"three\r\n"]


def test_a_connection_that_breaks_keeps_what_was_taken() -> None:
    with keeping(b"one\r\n", b"two\r\n") as kept:
        kept.breaks_at = 2
        taken: list[bytes] = []
        with pytest.raises(Unavailable, match="cannot be read"):
            mailbox(kept.port).take(taken.append, largest=100)
        kept.breaks_at = -1
        mailbox(kept.port).take(taken.append, largest=100)
    assert taken == [b"one\r\n", b"two\r\n"]


def test_it_stops_when_it_is_told_to() -> None:
    with keeping(b"one\r\n", b"two\r\n") as kept:
        taken: list[bytes] = []
        assert mailbox(kept.port).take(taken.append, largest=100, stop=lambda: bool(taken)) == 1


def test_what_is_wrong_is_told_without_the_password(tmp_path: Path) -> None:
    with keeping() as kept:
        with pytest.raises(Unreachable, match=r"lets nobody in \(error\)") as caught:
            mailbox(kept.port, password="hush").take(print, largest=9)
        assert "hush" not in f"{caught.value}{mailbox(kept.port, password='hush')!r}"
        with pytest.raises(Unavailable, match="no folder Bounces: set bounce_folder"):
            mailbox(kept.port, folder="Bounces").take(print, largest=9)
    with pytest.raises(Unreachable, match="ConnectionRefusedError"):
        mailbox(kept.port).take(print, largest=9)


def test_a_certificate_that_nobody_vouches_for_gets_no_password(tmp_path: Path) -> None:
    context, _ = certified(tmp_path)
    with taking(context, at_once=True) as taken:
        box = Mailbox("127.0.0.1", taken.port, "bounces", "hush", patience=5.0)
        with pytest.raises(Unreachable, match="SSLCertVerificationError"):
            box.take(print, largest=9)
    assert taken.lines == []
