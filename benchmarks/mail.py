"""An edition to many readers through a mail server that fails, by workers that are killed: is any letter lost?

    python benchmarks/mail.py                         # 20,000 readers, 20 kills, two workers at times
    python benchmarks/mail.py --readers 2000 --kills 5 --in-doubt 1

The server puts 5% of the readers off once (451), refuses 1% for ever (550), and hangs up in the place of an answer to
2% of the letters, having taken half of these. Workers are processes of their own over one home folder, and are killed
(SIGKILL) as the run goes on; each is replaced at once, and every other time a second one joins. Meanwhile readers
unsubscribe.

At the end nobody who is neither refused nor unsubscribed may be without the letter. A second copy may come only where a
worker was killed or a connection cut between the last word and the answer: at most as many as kills times the in-doubt
limit, and cuts. Every copy has the same Message-ID and the same words. What was neither on its way nor there when its
reader's unsubscribing was acknowledged must not arrive after. The exit status is 1 otherwise.

Beside it a naive loop sends the same list through the same server with the same kills: it sends a letter, then marks it
as sent, and goes on with what is not marked. Last, without faults and kills, how many letters leave in a second.
"""

import argparse
import contextlib
import os
import random
import signal
import smtplib
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path

from sqlalchemy import insert, select, update

from broadsheet import library as door
from broadsheet.catalogue import outbox
from broadsheet.catalogue import schema as tables
from broadsheet.library import Library
from broadsheet.library.sending import Pace
from broadsheet.mailing import Security, Server, SmtpCarrier, Writer
from broadsheet.types import Outgoing, Sending, Way
from mailserver import Faults, MailServer, serving

OPEN = (Sending.WAITING, Sending.CLAIMED, Sending.DATA)
TEXT = "\n\n".join(f"{number}. On Wheels\n   Ada Lovelace\n   They turn, and this is why." for number in range(1, 11))
HTML = "".join(
    f"<h2>{number}. On Wheels</h2><p>Ada Lovelace</p><p>They turn, and this is why.</p>" for number in range(60)
)
LEASE = timedelta(seconds=4)
LONGEST = 1_800.0  # seconds for a whole run


def address(number: int) -> str:
    """A reader's address; there are twenty domains."""
    return f"reader{number}@host{number % 20}.example"


def prepare(home: Path, readers: int) -> float:
    """A library in which an edition was decided for all readers. In how many seconds it was put into the outbox."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    with door.open(home, follow=False) as library:
        with library.catalogue._store.write() as tx:  # noqa: SLF001
            people = {"made": now, "reason": "", "bounces": 0}
            tx.execute(
                insert(tables.subscriber),
                [{"number": one, "email": address(one), **people} for one in range(1, readers + 1)],
            )
            facts = {"wanted": "edition", "rhythm": "weekdays", "weekday": 0, "at": "07:00", "zone": "UTC", "most": 10}
            facts |= {"form": "html", "made": now, "confirmed": now, "last": ""}
            rows = [{"number": one, "subscriber": one, **facts} for one in range(1, readers + 1)]
            tx.execute(insert(tables.subscription), rows)
        began = time.perf_counter()
        library.catalogue.put_outgoing(letter(one, now) for one in range(1, readers + 1))
        return time.perf_counter() - began


def letter(number: int, now: str) -> Outgoing:
    """What one reader is sent."""
    link = f"<https://papers.example.org/unsubscribe/{number}>"
    return Outgoing(
        f"edition:{number}", Way.MAIL, "digest", address(number), "Our papers: Friday", TEXT, HTML,
        {"List-Unsubscribe": link}, subscriber=number, subscription=number, made=now,
    )  # fmt: skip


# Workers, as processes of their own.


def work(home: Path, port: int, in_doubt: int) -> None:
    """Sends until nothing is left to send."""
    pace = Pace(in_doubt=in_doubt, lease=LEASE, first_wait=timedelta(seconds=2), longest_wait=timedelta(seconds=8))
    server = Server("127.0.0.1", port, Security.NONE, name="papers.example.org")
    writer = Writer("editions@papers.example.org", "Our papers", "bounces@papers.example.org")
    with door.open(home, follow=False) as library, SmtpCarrier(server, writer) as carrier:
        while left(library):
            library.send_due({Way.MAIL: carrier}, pace=pace)
            time.sleep(0.05)


def left(library: Library) -> int:
    """How many may still leave."""
    counts = library.catalogue.outbox_counts()
    return sum(counts[state] for state in OPEN)


def naive(database: Path, port: int) -> None:
    """Sends a letter, marks it as sent, and goes on with the next that is not marked: what one writes at first."""
    with sqlite3.connect(database, timeout=30) as rows, smtplib.SMTP("127.0.0.1", port, "papers.example.org") as first:
        smtp = first
        while found := rows.execute("select number from letter where state = 'waiting' limit 1").fetchone():
            number = found[0]
            message = EmailMessage()
            message["From"], message["To"], message["Subject"] = "a@papers.example.org", address(number), "Friday"
            message["Message-ID"] = make_msgid(domain="papers.example.org")
            message.set_content(TEXT)
            state = "sent"
            try:
                smtp.send_message(message)
            except smtplib.SMTPServerDisconnected:
                smtp, state = smtplib.SMTP("127.0.0.1", port, "papers.example.org"), "failed"
            except smtplib.SMTPException:
                state = "failed"
            rows.execute("update letter set state = ? where number = ?", (state, number))
            rows.commit()


class Crew:
    """The workers: one, and every other time two, of which one is killed as the run goes on."""

    def __init__(self, command: list[str], *, kills: int, readers: int, seed: int) -> None:
        self._command, self._kills, self._readers = command, kills, readers
        self._chance = random.Random(seed)
        self._hands: list[subprocess.Popen[bytes]] = []
        self.killed = 0

    def keep(self, taken: int) -> None:
        """Hires and kills, as far as the run has come."""
        self._hands = [hand for hand in self._hands if hand.poll() is None]
        due = (self.killed + 1) * self._readers * 0.9 / (self._kills + 1)
        if self.killed < self._kills and taken >= due and self._hands:
            victim = self._chance.choice(self._hands)
            time.sleep(self._chance.uniform(0, 0.05))
            if victim.poll() is None:
                victim.send_signal(signal.SIGKILL)
                victim.wait()
                self.killed += 1
        while len([hand for hand in self._hands if hand.poll() is None]) < 1 + self.killed % 2:
            self._hands.append(subprocess.Popen(self._command))

    def dismiss(self) -> None:
        """Waits until they are done; kills those that are not."""
        for hand in self._hands:
            with contextlib.suppress(subprocess.TimeoutExpired):
                hand.wait(30)
            hand.kill()
            hand.wait()


def until(done: Callable[[], bool], step: Callable[[], None]) -> None:
    """Repeats a step until all is done. Raises TimeoutError."""
    deadline = time.monotonic() + LONGEST
    while not done():
        if time.monotonic() > deadline:
            raise TimeoutError
        step()
        time.sleep(0.05)


@contextlib.contextmanager
def crew(command: list[str], **how: int) -> Iterator[Crew]:
    """Workers, while the block runs."""
    hired = Crew(command, **how)
    try:
        yield hired
    finally:
        hired.dismiss()


# Readers who unsubscribe.


@dataclass
class Leaver:
    """One who unsubscribed: when that was acknowledged, and how the letter stood then."""

    number: int
    at: float
    state: Sending


def leave(library: Library, number: int) -> Leaver:
    """Unsubscribes a reader, as the page does: in one transaction."""
    with library.catalogue._store.write() as tx:  # noqa: SLF001
        ended = update(tables.subscription).where(tables.subscription.c.number == number)
        tx.execute(ended.values(ended=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")))
        state = Sending(
            outbox.read(tx.execute(select(tables.outbox).where(tables.outbox.c.number == number)).one()).state
        )
    return Leaver(number, time.time(), state)


# The runs.


@dataclass
class Result:
    """What came of a run."""

    system: str
    readers: int
    lost: int
    copies: int
    bound: str
    names: int
    after_leaving: str
    seconds: float
    wrong: bool = False

    def row(self) -> str:
        """A line of the table."""
        return (
            f"| {self.system} | {self.readers:,} | {self.lost:,} | {self.copies:,} | {self.bound} | {self.names:,} |"
            f" {self.after_leaving} | {self.seconds:.0f} s |"
        )


HEAD = (
    "| | readers | lost | second copies | at most | readers with two Message-IDs | after unsubscribing | took |\n"
    "|---|---|---|---|---|---|---|---|"
)


def ours(folder: Path, arguments: argparse.Namespace) -> Result:
    """The outbox, through faults and kills."""
    home = folder / "home"
    seconds = prepare(home, arguments.readers)
    print(f"put into the outbox: {arguments.readers:,} letters in {seconds:.1f} s", flush=True)
    chance, leavers = random.Random(arguments.seed), list[Leaver]()
    with serving(Faults(seed=arguments.seed)) as server, door.open(home, follow=False) as library:
        command = [sys.executable, __file__, "--work", str(home), str(server.port), str(arguments.in_doubt)]
        began = time.perf_counter()
        with crew(command, kills=arguments.kills, readers=arguments.readers, seed=arguments.seed) as hired:
            waiting = chance.sample(range(1, arguments.readers + 1), arguments.readers // 20)

            def step() -> None:
                hired.keep(server.taken.count)
                while waiting and len(leavers) < server.taken.count / arguments.readers * arguments.readers / 20:
                    leavers.append(leave(library, waiting.pop()))

            until(lambda: not left(library), step)
        took = time.perf_counter() - began
        return judged(server, leavers, library, arguments, killed=hired.killed, took=took)


def judged(
    server: MailServer,
    leavers: list[Leaver],
    library: Library,
    arguments: argparse.Namespace,
    *,
    killed: int,
    took: float,
) -> Result:
    """Compares what arrived with what should have."""
    arrivals = server.taken.arrivals
    gone = {one.number for one in leavers}
    wanted = [one for one in range(1, arguments.readers + 1) if one not in gone and not server.refuses(address(one))]
    lost = sum(not arrivals[address(one)] for one in wanted)
    copies = sum(len(each) - 1 for each in arrivals.values() if each)
    names = sum(len({name for _, name, _ in each}) > 1 for each in arrivals.values())
    words = sum(len({said for _, _, said in each}) > 1 for each in arrivals.values())
    free = (Sending.WAITING, Sending.CLAIMED)
    late = sum(any(at > one.at for at, _, _ in arrivals[address(one.number)]) for one in leavers if one.state in free)
    bound = killed * arguments.in_doubt + server.taken.cut
    counts = {state.value: count for state, count in library.catalogue.outbox_counts().items() if count}
    held_back = sum(one.state in free for one in leavers)
    print(
        f"{killed} kills, {server.taken.cut:,} connections cut after DATA, {server.taken.later:,} readers put off;"
        f" outbox: {counts}; readers with other words: {words}",
        flush=True,
    )
    wrong = bool(lost or names or words or late or copies > bound or killed < arguments.kills)
    return Result(
        "the outbox", arguments.readers, lost, copies, f"{bound:,}", names, f"{late} of {held_back:,}", took, wrong
    )


def peer(folder: Path, arguments: argparse.Namespace) -> Result:
    """The naive loop, through the same."""
    database = folder / "naive.db"
    with contextlib.closing(sqlite3.connect(database)) as rows:
        rows.execute("create table letter (number integer primary key, state text)")
        rows.executemany(
            "insert into letter values (?, 'waiting')", [(one,) for one in range(1, arguments.readers + 1)]
        )
        rows.commit()
    with serving(Faults(seed=arguments.seed)) as server, contextlib.closing(sqlite3.connect(database)) as rows:
        command = [sys.executable, __file__, "--naive", str(database), str(server.port)]
        began = time.perf_counter()

        def done() -> bool:
            return not rows.execute("select count(*) from letter where state = 'waiting'").fetchone()[0]

        with crew(command, kills=arguments.kills, readers=arguments.readers, seed=arguments.seed) as hired:
            until(done, lambda: hired.keep(server.taken.count))
        took = time.perf_counter() - began
        arrivals = server.taken.arrivals
        wanted = [address(one) for one in range(1, arguments.readers + 1) if not server.refuses(address(one))]
        lost = sum(not arrivals[one] for one in wanted)
        copies = sum(len(each) - 1 for each in arrivals.values() if each)
        names = sum(len({name for _, name, _ in each}) > 1 for each in arrivals.values())
    return Result("send, then mark", arguments.readers, lost, copies, "-", names, "-", took)


def rate(folder: Path, arguments: argparse.Namespace, workers: int) -> float:
    """How many letters leave in a second, without faults, with both commits for each."""
    home = folder / f"rate-{workers}"
    prepare(home, arguments.readers)
    with serving(Faults(0, 0, 0)) as server, door.open(home, follow=False) as library:
        command = [sys.executable, __file__, "--work", str(home), str(server.port), str(arguments.in_doubt)]
        hands = [subprocess.Popen(command) for _ in range(workers)]
        until(lambda: server.taken.count > arguments.readers // 20, lambda: None)
        first, began = server.taken.count, time.perf_counter()
        until(lambda: server.taken.count >= arguments.readers * 0.95, lambda: None)
        measured = (server.taken.count - first) / (time.perf_counter() - began)
        until(lambda: not left(library), lambda: None)
        for hand in hands:
            hand.wait(60)
    return measured


def main() -> None:
    """Runs what the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--readers", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--in-doubt", type=int, default=4)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--only", choices=("outbox", "naive", "rate"), help="one of the three parts")
    parser.add_argument("--work", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--naive", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.work:
        work(Path(arguments.work[0]), int(arguments.work[1]), int(arguments.work[2]))
        os._exit(0)
    if arguments.naive:
        naive(Path(arguments.naive[0]), int(arguments.naive[1]))
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that no worker is left behind
    print(f"seed {arguments.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="broadsheet-mail-") as folder:
        parts = {"outbox": ours, "naive": peer}
        results = [run(Path(folder), arguments) for name, run in parts.items() if arguments.only in (None, name)]
        print("\n".join([HEAD, *(one.row() for one in results)]) if results else "", flush=True)
        for workers in (1, 2) if arguments.only in (None, "rate") else ():
            print(f"{workers} worker(s), no faults: {rate(Path(folder), arguments, workers):,.0f} letters a second")
    sys.exit(any(one.wrong for one in results))


if __name__ == "__main__":
    main()
