"""Votes and un-votes by many people at once, while servers are killed: does every count end as its people left it?

    python benchmarks/votes.py                        # 50,000 acts of 200 people by 16 clients, four sites over HTTP
    python benchmarks/votes.py --over door --acts 5000

Servers are processes of their own over one home folder: the whole site (`broadsheet serve`), or with `--over door` a
few lines around the library, which tells what the pages cost. Again and again one of them is killed (SIGKILL) in the
middle of its work, and started anew. Each client has its own pairs of a person and a paper; it votes or takes back, by
chance, and goes on with a pair only when the act before was acknowledged or its server is known to be dead. An act that
was never answered may or may not have happened: the next one on the same pair, which may say the opposite, settles it.

In the end every pair must stand as its last acknowledged act left it, every paper's count must be the number of its
voters, and `broadsheet doctor`'s recount must find nothing. The exit status is 1 otherwise. SIGTERM ends the acts
early, and what was done until then is looked at.
"""

import argparse
import http.client
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Protocol

import broadsheet
from broadsheet.library import LIMITS, Library, Rules
from broadsheet.mailing import Letter
from broadsheet.types import Access, Author, Identifier, Record

DEAD = (OSError, http.client.HTTPException, ValueError)  # what a client meets when its server is killed
PATIENCE = 120.0  # seconds for a server to come up, or to answer


@dataclass(frozen=True, slots=True)
class Voter:
    """Somebody who is signed in: the session, and what forms carry for them."""

    name: str
    session: str
    csrf: str = ""


class Line(Protocol):
    """A client's connection to one server."""

    def vote(self, voter: Voter, key: str, *, up: bool) -> None:
        """Returns when the act was acknowledged; raises one of `DEAD` where it was not."""


class Page:
    """The site: a form is sent, and the answer leads back to the page."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self._connection.connect()  # who is not there at all leaves no act unanswered

    def vote(self, voter: Voter, key: str, *, up: bool) -> None:
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"session={voter.session}",
            "Sec-Fetch-Site": "same-origin",
        }
        body = f"csrf={voter.csrf}&{'up' if up else 'down'}={key}"
        self._connection.request("POST", "/vote", body, headers)
        answer = self._connection.getresponse()
        text = answer.read()
        if answer.status == 503:  # busy: nothing was written
            raise ValueError("busy")
        if answer.status != 303:
            raise SystemExit(f"HTTP {answer.status}: {text[:2000].decode('utf-8', 'replace')}")


class Door:
    """The library, behind lines of JSON."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self._file = self._socket.makefile("rw", encoding="utf-8")

    def vote(self, voter: Voter, key: str, *, up: bool) -> None:
        self._file.write(json.dumps([voter.session, key, up]) + "\n")
        self._file.flush()
        if json.loads(self._file.readline()) is not True:
            raise ValueError("busy")


def serve_door(home: Path, port: int) -> None:
    """Answers lines with votes, until it is killed."""
    with broadsheet.open(home, follow=False, rules=rules()) as library:

        class Answering(StreamRequestHandler):
            def handle(self) -> None:
                for line in self.rfile:
                    session, key, up = json.loads(line)
                    found = library.session_actor(session)
                    assert found is not None
                    library.vote(found[0], key, up=up)
                    self.wfile.write(b"true\n")

        ThreadingTCPServer.allow_reuse_address, ThreadingTCPServer.daemon_threads = True, True
        with ThreadingTCPServer(("127.0.0.1", port), Answering) as server:
            print("ready", flush=True)
            server.serve_forever()


@dataclass
class Servers:
    """Processes over one home folder, each at a port of its own, that can be killed and started anew."""

    home: Path
    over: str
    ports: list[int]
    running: dict[int, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    kills: int = 0

    def start(self, port: int) -> None:
        script = [sys.executable, __file__, "--serve", str(self.home), "--port", str(port)]
        if self.over == "http":
            script = [sys.executable, "-m", "broadsheet", "serve", "--no-starter", "--port", str(port)]
        settings = {"HOME": str(self.home), "ACCESS": "open", "WORKER": "false", "LIMIT_VOTES": "0", "SOURCES": ""}
        environment = os.environ | {f"BROADSHEET_{name}": value for name, value in settings.items()}
        # A session of its own: what ends this process early must not end the servers before the clients are done.
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
        self.running[port] = subprocess.Popen(script, env=environment, **quiet)  # type: ignore[call-overload]

    def wait(self, port: int) -> None:
        """Until it answers."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1.0):
                return
            time.sleep(0.05)
        raise SystemExit(f"The server at port {port} does not come up.")

    def kill(self) -> None:
        """Kills the server that was started the longest ago, and starts it anew."""
        port = next(iter(self.running))
        process = self.running.pop(port)
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.kills += 1
        self.start(port)

    def end(self) -> None:
        for process in self.running.values():
            process.kill()
            process.wait()


@dataclass
class Book:
    """What clients did: the last acknowledged act of each pair, acts that were never answered, and waiting times."""

    acts: int
    last: dict[tuple[str, str], bool] = field(default_factory=dict)
    unanswered: int = 0
    seconds: list[float] = field(default_factory=list)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def note(self, pair: tuple[str, str], up: bool, seconds: float) -> bool:
        """Notes an acknowledged act. False when there were enough."""
        with self.guard:
            self.last[pair] = up
            self.seconds.append(seconds)
            return len(self.seconds) < self.acts


def client(
    number: int, book: Book, pairs: list[tuple[Voter, str]], servers: Servers, line: Callable[[int], Line]
) -> None:
    """Acts on its own pairs, by chance, until there were enough acts of all."""
    chance = random.Random(number)
    lines: dict[int, Line] = {}
    more = True
    while more:
        voter, key = chance.choice(pairs)
        answered = False
        while not answered:
            up, port = chance.random() < 0.6, chance.choice(servers.ports)
            began = time.perf_counter()
            try:
                if port not in lines:
                    lines[port] = line(port)
                lines[port].vote(voter, key, up=up)
            except DEAD:
                if lines.pop(port, None) is not None:
                    with book.guard:
                        book.unanswered += 1
                time.sleep(0.02)
                continue
            more, answered = book.note((voter.name, key), up, time.perf_counter() - began), True


def rules() -> Rules:
    """Everybody may come, and vote as often as they like."""
    limits = {kind: limit for kind, limit in LIMITS.items() if kind != "vote"}
    return Rules(access=Access.OPEN, limits={**limits, "vote": type(LIMITS["vote"])("votes", 0, ())})


class Nowhere:
    """A post that loses every letter: the links in them are known already."""

    def send(self, letter: Letter) -> None:
        """Nothing."""


def fill(library: Library, people: int, papers: int) -> tuple[list[Voter], list[str]]:
    """Invented papers, and people who signed in by links."""
    keys = [f"2611.{number:05}" for number in range(1, papers + 1)]
    records = [
        Record(
            "records:invented.jsonl",
            key,
            f"An Invented Paper with the Number {key}",
            authors=(Author("Ada Lovelace"),),
            published="2026-11-18",
            identifiers=(Identifier("arxiv", key),),
        )
        for key in keys
    ]
    library.catalogue.put(records, at=datetime.now(UTC))
    voters = []
    for number in range(people):
        links: list[str] = []

        def link(token: str, links: list[str] = links) -> str:
            links.append(token)
            return token

        browser = f"browser {number}"
        library.ask_link(f"person{number}@example.org", browser=browser, address="", link=link)
        session = library.use_link(links[0], browser=browser, agent="", address="", name=f"person{number}")
        voters.append(Voter(f"person{number}", session))
    library.errands.wait()
    return voters, keys


def with_forms(voters: list[Voter], key: str, port: int) -> list[Voter]:
    """The same people, with what the site's forms carry for each."""
    found = []
    for voter in voters:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        connection.request("GET", f"/papers/{key}", headers={"Cookie": f"session={voter.session}"})
        match = re.search(r'name="csrf" value="(\w+)"', connection.getresponse().read().decode())
        connection.close()
        if match is None:
            raise SystemExit("The page of a paper has no form.")
        found.append(Voter(voter.name, voter.session, match[1]))
    return found


@contextmanager
def served(home: Path, args: argparse.Namespace) -> Iterator[Servers]:
    """The servers, while the block runs."""
    ports = []
    for _ in range(args.servers):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            ports.append(free.getsockname()[1])
    servers = Servers(home, args.over, ports)
    try:
        for port in ports:
            servers.start(port)
        for port in ports:
            servers.wait(port)
        yield servers
    finally:
        servers.end()


def run(servers: Servers, voters: list[Voter], keys: list[str], args: argparse.Namespace) -> tuple[Book, float]:
    """All clients at once, and the kills among their acts. Returns what they did, and in how many seconds."""
    book = Book(args.acts)
    signal.signal(signal.SIGTERM, lambda *_: setattr(book, "acts", 0))
    pairs = [(voter, key) for voter in voters for key in keys]
    random.Random(0).shuffle(pairs)
    line: Callable[[int], Line] = Page if args.over == "http" else Door
    threads = [
        threading.Thread(target=client, args=(number, book, pairs[number :: args.clients], servers, line))
        for number in range(args.clients)
    ]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        due = (servers.kills + 1) * args.acts // (args.kills + 1)
        if len(book.seconds) >= due and servers.kills < args.kills:
            servers.kill()
        time.sleep(0.01)
    return book, time.perf_counter() - began


def wrongs(home: Path, book: Book, voters: list[Voter], keys: list[str]) -> list[str]:
    """What is not as the last acknowledged acts left it."""
    wrong = []
    with broadsheet.open(home, follow=False, rules=rules()) as library:
        for voter in voters:
            found = library.session_actor(voter.session)
            assert found is not None
            for key, vote in library.votes(keys, found[0]).items():
                if vote.mine != book.last.get((voter.name, key), False):
                    wrong.append(f"{voter.name} and {key}: {vote.mine}")
        for key in keys:
            count = sum(up for (_, voted), up in book.last.items() if voted == key)
            if library.paper(key).own_votes != count:
                wrong.append(f"{key} has {library.paper(key).own_votes} votes, and should have {count}")
        wrong += [one.message for one in library.catalogue.verify(full=True) if one.level == "error"]
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    sizes = {"acts": 50_000, "people": 200, "papers": 50, "clients": 16, "servers": 4, "kills": 25, "port": 0}
    for name, size in sizes.items():
        parser.add_argument(f"--{name}", type=int, default=size)
    parser.add_argument("--over", choices=("http", "door"), default="http")
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.serve:
        serve_door(args.serve, args.port)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        with broadsheet.open(home, follow=False, rules=rules(), post=Nowhere()) as library:
            voters, keys = fill(library, args.people, args.papers)
        with served(home, args) as servers:
            if args.over == "http":
                voters = with_forms(voters, keys[0], servers.ports[0])
            book, seconds = run(servers, voters, keys, args)
        wrong = wrongs(home, book, voters, keys)
    waits = sorted(book.seconds)
    p50, p95, most = (1000 * waits[min(len(waits) - 1, int(len(waits) * share))] for share in (0.5, 0.95, 1.0))
    heads = ("acts", "kills", "unanswered", "acts/s", "p50 ms", "p95 ms", "max ms", "wrong")
    rows = (len(waits), servers.kills, book.unanswered, len(waits) / seconds, p50, p95, most, len(wrong))
    print(" ".join(f"{head:>10}" for head in heads))
    print(" ".join(f"{row:10,.0f}" for row in rows))
    for line in wrong[:10]:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
