"""A mail server for tests that does as it is told at every step: yes, later, never, silence, or hanging up.

    with answering(lambda step, to, time: "451 4.7.1 later" if step == "RCPT" and time == 1 else YES) as server:
        ...

`step` is "HELLO" (it greets), "MAIL", "RCPT", "DATA", or "WORDS" (it has them all); `to` is the reader, once there is
one; `time` is the how manieth of these it is. An answer is a line, `YES`, a number of seconds of silence before yes, or
one of those that hang up: without an answer, having taken it, or after yes.
"""

import contextlib
import socketserver
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import cast

YES, HANG_UP, TAKE_AND_HANG_UP, ANSWER_AND_HANG_UP = "yes", "hang up", "take and hang up", "answer and hang up"
Answers = Callable[[str, str, int], str | float]
_STEPS = {"MAIL": "250 2.1.0 fine", "RCPT": "250 2.1.5 fine", "DATA": "354 go", "WORDS": "250 2.0.0 taken"}


@dataclass
class Heard:
    """What the server took: from whom, to whom, and the words; the connections it had; and all it was told."""

    port: int = 0
    taken: list[tuple[str, str, bytes]] = field(default_factory=list)
    connections: int = 0
    lines: list[str] = field(default_factory=list)


class _HangsUp(Exception):
    pass


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        with contextlib.suppress(_HangsUp, OSError):
            self._talk()

    def _talk(self) -> None:
        server = cast("_Server", self.server)
        server.heard.connections += 1
        sender = to = ""
        self._step("HELLO", to, "220 here")
        while line := self.rfile.readline().decode().rstrip("\r\n"):
            server.heard.lines.append(line)
            word, _, rest = line.partition(" ")
            word = word.upper()
            if word in ("EHLO", "RSET", "NOOP"):
                self._say("250 fine")
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                if word == "MAIL":
                    sender = rest[rest.index("<") + 1 : rest.index(">")]
                elif word == "RCPT":
                    to = rest[rest.index("<") + 1 : rest.index(">")]
                if self._step(word, to, _STEPS[word]) and word == "DATA":
                    self._hear(sender, to)

    def _hear(self, sender: str, to: str) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                raise _HangsUp
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        heard = cast("_Server", self.server).heard
        self._step("WORDS", to, _STEPS["WORDS"], lambda: heard.taken.append((sender, to, b"".join(lines))))

    def _step(self, step: str, to: str, yes: str, take: Callable[[], object] = lambda: None) -> bool:
        answer = cast("_Server", self.server).answer(step, to)
        if answer in (HANG_UP, TAKE_AND_HANG_UP):
            if answer == TAKE_AND_HANG_UP:
                take()
            raise _HangsUp
        if isinstance(answer, float):
            time.sleep(answer)
        if answer in (YES, ANSWER_AND_HANG_UP) or isinstance(answer, float):
            take()
            self._say(yes)
            if answer == ANSWER_AND_HANG_UP:
                raise _HangsUp
            return True
        self._say(answer)
        return False

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, answers: Answers) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.heard = Heard(self.server_address[1])
        self._answers, self._times, self._guard = answers, Counter[tuple[str, str]](), threading.Lock()

    def answer(self, step: str, to: str) -> str | float:
        with self._guard:
            self._times[step, to] += 1
            return self._answers(step, to, self._times[step, to])


@contextmanager
def answering(answers: Answers = lambda *_: YES) -> Iterator[Heard]:
    """Such a server, while the block runs."""
    with _Server(answers) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield server.heard
        finally:
            server.shutdown()
