"""A process that imports invented papers in batches and says what is safe: made to be killed.

`python -m tests.catalogue.feeder catalogue.db TOTAL BATCH [sync]` prints "safe N" after each batch.
"""

import sys
from pathlib import Path

from broadsheet.catalogue import Catalogue
from broadsheet.types import Record
from tests.conftest import NOW
from tests.papers import record

FACTS = {"fingerprint": "invented", "path": "papers.jsonl", "source": "records:papers.jsonl"}


def invented(number: int) -> Record:
    """Paper `number`; every tenth has a second record of its own, without an id, that joins it."""
    title = f"The Invented Paper with the Number {number // 10 * 10 if number % 10 == 1 else number}"
    abstract = f"It says {number}. " * 40
    if number % 10 == 1:
        return record(None, title, FACTS["source"], source_key=f"page {number}", abstract=abstract)
    return record(f"2610.{number:05}", title, FACTS["source"], abstract=abstract)


def main(path: str, total: int, size: int) -> None:
    """Imports a file, and goes on where the catalogue says that the last run came to."""
    catalogue = Catalogue.open(Path(path))
    run = catalogue.begin_import(**FACTS, at=NOW)
    print("open", run.position, flush=True)  # noqa: T201 - what the test listens to
    while run.position < total:
        end = min(run.position + size, total)
        batch = [invented(number) for number in range(run.position + 1, end + 1)]
        catalogue.put(batch, at=NOW, run=run, position=end)
        print("safe", run.position, flush=True)  # noqa: T201
    catalogue.finish_import(run, at=NOW)
    catalogue.close()


def main_of_sync(path: str, total: int, size: int) -> None:
    """The same as a live source, whose cursor is the number of the last paper."""
    catalogue = Catalogue.open(Path(path))
    run = catalogue.begin_sync(FACTS["source"], scope="", at=NOW)
    print("open", run.cursor, flush=True)  # noqa: T201
    while (position := int(run.cursor or 0)) < total:
        end = min(position + size, total)
        batch = [invented(number) for number in range(position + 1, end + 1)]
        catalogue.put(batch, at=NOW, sync=run, cursor=str(end))
        print("safe", run.cursor, flush=True)  # noqa: T201
    catalogue.finish_sync(run, at=NOW)
    catalogue.close()


if __name__ == "__main__":
    (main_of_sync if sys.argv[4:] == ["sync"] else main)(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
