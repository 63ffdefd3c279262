"""Catalogues of every shape there ever was, filled, and killed on their way to the newest.

`python -m tests.catalogue.old_shapes FOLDER REVISION TIMES` fills a catalogue of that shape in the folder, then
brings copies of it up to date in child processes that end without warning: at the first statements and the last
ones, and at so many between, evenly; at all where TIMES is 0. Whatever is left must open, be whole, and say what it
said. Prints how many times it killed.
"""

import os
import shutil
import sqlite3
import sys
from contextlib import closing
from itertools import count
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, event

import broadsheet.catalogue
from broadsheet.catalogue import Catalogue, connection
from broadsheet.catalogue.connection import Store
from broadsheet.types import Announced, Announcement, Deletion, Pick
from tests.conftest import NOW
from tests.papers import record
from tests.sharing import one_compiler

EMPTY = "base"
STEPS = ("before_cursor_execute", "commit")
KEYS = ("2611.00001", "2611.00002")


def fill(path: Path) -> None:
    """A catalogue of the newest shape with a little of everything."""
    catalogue = Catalogue.open(path)
    title = "Counting Sheep with Sparse Attention"
    catalogue.put([record("2611.00001", title), record("2611.00002", "Folding Maps along Rivers")], at=NOW)
    catalogue.put([record("2611.00001", title, comment="12 pages")], at=NOW)
    listed = [record("2611.00002", "Folding Maps", "hf-daily", edition="2026-11-19", position=1, votes=7)]
    catalogue.put([*listed, record(None, title, "page:saved.txt", edition="2026-11-20")], at=NOW)
    catalogue.close()


def fill_living(path: Path) -> None:
    """What the newest shape holds besides: all that live sources and the editor bring."""
    catalogue = Catalogue.open(path)
    catalogue.put([Deletion("page:saved.txt", "Counting Sheep with Sparse Attention")], at=NOW)
    catalogue.announce([Announcement("2026-11-20", "cs.LG", "arxiv-listing", (("2611.00001", Announced.NEW),))], at=NOW)
    catalogue.put_picks("2026-11-18", [Pick(1, 1, 0.5)], model="m", at=NOW)
    catalogue.looked_up("openalex", [1], at=NOW)
    catalogue.close()


def make(path: Path, revision: str) -> None:
    """A catalogue of an old shape with the rows that it could hold."""
    store = Store(path)
    with store.write() as tx:
        config = Config()
        config.set_main_option("script_location", str(Path(broadsheet.catalogue.__file__).parent / "migrations"))
        config.attributes["connection"] = tx
        command.upgrade(config, revision)
    store.close()
    if revision == EMPTY:
        return
    newest = path.with_name("newest.db")
    fill(newest)
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        old.execute("ATTACH ? AS newest", (str(newest),))
        for (table,) in old.execute("SELECT name FROM main.sqlite_schema WHERE type = 'table'").fetchall():
            if table not in ("alembic_version", "sqlite_sequence"):
                names = ", ".join(f'"{row[1]}"' for row in old.execute(f"PRAGMA main.table_info({table})"))
                old.execute(f"INSERT INTO main.{table} ({names}) SELECT {names} FROM newest.{table}")


def told(path: Path) -> list[object]:
    """All that a catalogue of any shape tells its readers, once it is of the newest."""
    catalogue = Catalogue.open(path)
    try:
        found = [finding for finding in catalogue.verify(full=True) if finding.level != "ok"]
        assert not found, found
        if not catalogue.count():
            return []
        facts = [catalogue.provenance(key) for key in KEYS]
        revisions = [(fact.facts, fact.revisions) for fact in facts]
        candidates = [
            *catalogue.candidates("2026-11-01", "2026-11-30"),
            *catalogue.candidates("2026-11-01", "2026-11-30", categories=("cs.LG",)),
        ]
        return [*(catalogue.paper(key) for key in KEYS), revisions, *candidates]
    finally:
        catalogue.close()


def statements(path: Path) -> int:
    """How many statements and commits it takes to bring this catalogue up to date, which it does."""
    steps = count()

    def step(*_: object) -> None:
        next(steps)

    for name in STEPS:
        event.listen(Engine, name, step)
    Catalogue.open(path).close()
    for name in STEPS:
        event.remove(Engine, name, step)
    return next(steps)


def killed_at(path: Path, statement: int) -> bool:
    """Opens the catalogue in a child that ends before its nth statement or commit. False if it came through."""
    child = os.fork()
    if child == 0:
        steps = count(1)

        def step(*_: object) -> None:
            if next(steps) == statement:
                os._exit(9)

        for name in STEPS:
            event.listen(Engine, name, step)
        Catalogue.open(path)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def main(folder: Path, revision: str, times: int) -> None:
    """Kills at some statements of the way from `revision` to the newest shape, or at all."""
    old = folder / "old.db"
    make(old, revision)
    through = Path(shutil.copy(old, folder / "through.db"))
    total = statements(through)
    expected = told(through)
    assert expected or revision == EMPTY
    between = range(1, total + 1, max(1, total // times) if times else 1)
    places = {1, 2, *between, total - 2, total - 1, total}
    for statement in sorted(places):
        path = Path(shutil.copy(old, folder / f"{statement}.db"))
        assert killed_at(path, statement), f"{statement} of {total} statements were not reached"
        assert told(path) == expected, f"killed at statement {statement}"
        path.unlink()
    print(len(places))  # noqa: T201 - the answer


if __name__ == "__main__":
    connection._engine = one_compiler(connection._engine)
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
