"""Migrations: numbered, forwards on filled catalogues, and killed at every statement."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import broadsheet.catalogue
from broadsheet.catalogue import Catalogue
from broadsheet.catalogue.connection import Store
from broadsheet.catalogue.schema import HEAD, REVISIONS, metadata
from tests.catalogue.old_shapes import EMPTY, fill, make, told
from tests.conftest import ROOT

MIGRATIONS = Path(broadsheet.catalogue.__file__).parent / "migrations"


def test_the_steps_are_numbered_and_known() -> None:
    script = ScriptDirectory(str(MIGRATIONS))
    assert script.get_heads() == [HEAD]
    steps = [step.revision for step in script.walk_revisions()]
    assert tuple(reversed(steps)) == REVISIONS == tuple(f"{number:04}" for number in range(1, len(REVISIONS) + 1))
    assert sorted(file.name[:4] for file in (MIGRATIONS / "versions").glob("0*.py")) == list(REVISIONS)


def test_the_steps_lead_to_the_tables_that_the_code_knows(tmp_path: Path) -> None:
    make(tmp_path / "stepped.db", HEAD)
    store = Store(tmp_path / "stepped.db")
    with store.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    store.close()


def test_a_new_catalogue_of_these_tests_is_what_the_steps_make_of_an_empty_file(tmp_path: Path) -> None:
    make(tmp_path / "stepped.db", HEAD)
    for name in ("first.db", "second.db"):  # the second is certainly a repetition: tests/sharing.py
        Catalogue.open(tmp_path / name).close()
    assert set(shape(tmp_path / "stepped.db")) == set(shape(tmp_path / "second.db")) != set()


def shape(path: Path) -> list[tuple[object, ...]]:
    """All that a file says of its tables, and the revision."""
    with closing(sqlite3.connect(path)) as found:
        revision = found.execute("SELECT version_num FROM alembic_version").fetchall()
        return [*revision, *found.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema")]


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_filled_catalogue_of_every_shape_comes_forward_whole(tmp_path: Path, revision: str) -> None:
    make(tmp_path / "old.db", revision)
    fill(tmp_path / "new.db")
    assert told(tmp_path / "old.db") == told(tmp_path / "new.db")


# At any statement of the newest step, and at a sample of those on the longer ways, which each had their turn.
@pytest.mark.parametrize(("revision", "times"), [(EMPTY, 5), *((one, 5) for one in REVISIONS[:-2]), (REVISIONS[-2], 0)])
def test_a_migration_killed_at_any_statement_leaves_the_old_shape_or_the_new(
    tmp_path: Path, revision: str, times: int
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.catalogue.old_shapes", str(tmp_path), revision, str(times)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 8, "there is more than this to be killed at"


OPEN = """
import sys
from pathlib import Path
from broadsheet.catalogue import Catalogue
Catalogue.open(Path(sys.argv[1])).close()
"""


def test_two_processes_that_open_an_old_catalogue_at_once_both_find_the_new(tmp_path: Path) -> None:
    make(tmp_path / "old.db", REVISIONS[0])
    both = [subprocess.Popen([sys.executable, "-c", OPEN, str(tmp_path / "old.db")]) for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    assert told(tmp_path / "old.db")
