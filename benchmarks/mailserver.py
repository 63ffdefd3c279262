"""A mail server that fails on purpose, for `mail.py`: it counts what it took, and each connection it cut after DATA."""

import asyncio
import random
import re
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import blake2b

_NAME = re.compile(rb"^Message-ID: *(\S+)", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True)
class Faults:
    """Shares of readers that are asked to come again, or refused for ever, and of letters after which it hangs up.

    Of those, half were taken before. By chance, from the seed; a reader who is put off once is not put off again.
    """

    later: float = 0.05
    never: float = 0.01
    cut: float = 0.02
    seed: int = 1


@dataclass
class Taken:
    """What it took: by reader, when, under which Message-ID, and a hash of the words."""

    arrivals: defaultdict[str, list[tuple[float, str, str]]] = field(default_factory=lambda: defaultdict(list))
    count: int = 0
    cut: int = 0
    later: int = 0


class MailServer:
    """Answers on 127.0.0.1, as RFC 5321 has it, in a thread of its own."""

    def __init__(self, faults: Faults) -> None:
        self.port, self.taken = 0, Taken()
        self._faults, self._chance, self._tries = faults, random.Random(faults.seed), Counter[str]()

    def refuses(self, to: str) -> bool:
        """Whether a reader is refused for ever."""
        return self._share(to, "never") < self._faults.never

    def _share(self, to: str, what: str) -> float:
        return random.Random(f"{self._faults.seed}:{what}:{to}").random()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await self._talk(reader, writer)
        writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to = ""
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"RCPT":
                to = line.partition(b"<")[2].partition(b">")[0].decode()
                writer.write(self._rcpt(to))
            elif verb == b"DATA":
                writer.write(b"354 go\r\n")
                if not self._words(to, await reader.readuntil(b"\r\n.\r\n")):
                    return
                writer.write(b"250 2.0.0 taken\r\n")
            elif verb == b"QUIT":
                writer.write(b"221 bye\r\n")
                return
            else:
                writer.write(b"250 fine\r\n")
            await writer.drain()

    def _rcpt(self, to: str) -> bytes:
        if self.refuses(to):
            return b"550 5.1.1 No such user\r\n"
        self._tries[to] += 1
        if self._tries[to] == 1 and self._share(to, "later") < self._faults.later:
            self.taken.later += 1
            return b"451 4.7.1 Greylisted\r\n"
        return b"250 2.1.5 fine\r\n"

    def _words(self, to: str, words: bytes) -> bool:
        """Takes the words; False where it hangs up in the place of an answer."""
        cut = self._chance.random() < self._faults.cut
        self.taken.cut += cut
        if not cut or self._chance.random() < 0.5:
            found = _NAME.search(words)
            name = found[1].decode() if found else ""
            self.taken.arrivals[to].append((time.time(), name, blake2b(words, digest_size=8).hexdigest()))
            self.taken.count += 1
        return not cut


@contextmanager
def serving(faults: Faults) -> Iterator[MailServer]:
    """Such a server, while the block runs."""
    loop, server = asyncio.new_event_loop(), MailServer(faults)
    listening = loop.run_until_complete(asyncio.start_server(server.talk, "127.0.0.1", 0, limit=1 << 24))
    server.port = listening.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        listening.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
