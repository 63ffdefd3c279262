"""The OAI-PMH provider as a process of its own, over records on disk: for harvests that are killed, and large ones.

    python -m tests.servers.provider RECORDS INDEX... --page 2000 --today 2026-11-19

RECORDS holds a record a line; each INDEX holds where the lines begin that are listed, in their order. It prints its
port, then a line for each request. Told "next DAY" on its standard input, it goes over to the next index and to that
day; it ends when its input does.
"""

import argparse
import json
import sys
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import overload

from tests.servers.kit import Asked, LocalServer, Reply
from tests.servers.oai import Held, Provider


class Shelf(Sequence[Held]):
    """Records on disk, read when they are asked for."""

    def __init__(self, records: Path, index: Path) -> None:
        self._file = records.open("rb")
        self._starts = array("Q", index.read_bytes())

    def __len__(self) -> int:
        return len(self._starts)

    @overload
    def __getitem__(self, at: int) -> Held: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Held]: ...
    def __getitem__(self, at: int | slice) -> Held | Sequence[Held]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        self._file.seek(self._starts[at])
        return held_of(self._file.readline())


def held_of(line: bytes) -> Held:
    """The record of a line."""
    values = json.loads(line)
    lists = {name: tuple(map(tuple, values[name])) for name in ("authors", "versions")}
    return Held(**{**values, **lists, "categories": tuple(values["categories"])})


def write_records(records: Path, held: Iterable[Held]) -> list[int]:
    """Adds records to a file; where each of their lines begins."""
    starts = []
    with records.open("ab") as file:
        for one in held:
            starts.append(file.tell())
            file.write(json.dumps(asdict(one)).encode() + b"\n")
    return starts


def write_index(index: Path, starts: Iterable[int]) -> None:
    """Writes which lines are listed."""
    index.write_bytes(array("Q", starts).tobytes())


def say(line: str) -> None:
    """Tells the process that started this one."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("records", type=Path)
    parser.add_argument("index", type=Path, nargs="+")
    parser.add_argument("--page", type=int, default=2000)
    parser.add_argument("--today", required=True)
    options = parser.parse_args()
    shelves = iter([Shelf(options.records, index) for index in options.index])
    provider = Provider(next(shelves), page=options.page, today=options.today)

    def answering(asked: Asked) -> Reply:
        say("request")
        return provider(asked)

    with LocalServer(answering) as server:
        say(str(server.port))
        for line in sys.stdin:
            provider.records, provider.today = next(shelves), line.split()[1]
            say("next")


if __name__ == "__main__":
    main()
