"""The file: who may write, who may read, and what is said when it is full, locked, damaged or newer."""

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.pool import Pool

from broadsheet.catalogue import Catalogue
from broadsheet.errors import Busy, Damaged, NotFound, Refused, StorageFull
from broadsheet.locks import FileLock
from tests.catalogue.feeder import invented
from tests.conftest import NOW, ROOT


def test_a_missing_catalogue_is_made_or_missed(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "catalogue.db"
    with pytest.raises(NotFound):
        Catalogue.open(path, create=False)
    assert not path.parent.exists()
    Catalogue.open(path).close()
    Catalogue.open(path, create=False).close()


def test_an_empty_file_is_an_empty_catalogue(tmp_path: Path) -> None:
    """What a process leaves that was killed before its first write."""
    (tmp_path / "catalogue.db").touch()
    catalogue = Catalogue.open(tmp_path / "catalogue.db", create=False)
    assert (catalogue.count(), catalogue.changes(0, 9)) == (0, [])
    catalogue.close()


def test_the_file_alone_is_the_whole_catalogue_after_closing(path: Path) -> None:
    catalogue = Catalogue.open(path)
    catalogue.put([invented(2)], at=NOW)
    catalogue.close()
    assert sorted(file.name for file in path.parent.iterdir()) == ["catalogue.db", "catalogue.lock"]


def test_every_connection_keeps_the_storage_rules(path: Path) -> None:
    """reliability: WAL, FULL, foreign keys, no automatic checkpoint, no memory map, readers only read."""
    names = ("journal_mode", "synchronous", "foreign_keys", "wal_autocheckpoint", "mmap_size", "busy_timeout")
    seen: list[tuple[object, ...]] = []

    def look(connection: sqlite3.Connection, _record: object, _proxy: object) -> None:
        values = [connection.execute(f"PRAGMA {name}").fetchone() for name in (*names, "query_only")]
        seen.append(tuple(value[0] if value else 0 for value in values))

    event.listen(Pool, "checkout", look)
    try:
        catalogue = Catalogue.open(path)
        catalogue.put([invented(2)], at=NOW)
        catalogue.close()
    finally:
        event.remove(Pool, "checkout", look)
    assert {settings[:-1] for settings in seen} == {("wal", 2, 1, 0, 0, 10000)}
    assert {settings[-1] for settings in seen} == {0, 1}


def test_many_threads_may_read_and_write(path: Path) -> None:
    catalogue = Catalogue.open(path)
    catalogue.put([invented(2)], at=NOW)
    wrong: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                assert catalogue.paper("2610.00002").id == "2610.00002"
                numbers = [change.number for change in catalogue.changes(0, 1000)]
                assert len(catalogue.papers(numbers)) >= len(numbers)
        except BaseException as error:  # noqa: BLE001 - told to the main thread
            wrong.append(error)

    def write(first: int) -> None:
        for number in range(first, first + 40, 4):
            catalogue.put([invented(n) for n in range(number, number + 4)], at=NOW)

    readers = [threading.Thread(target=read) for _ in range(12)]
    writers = [threading.Thread(target=write, args=(first,)) for first in (102, 202)]
    for thread in readers + writers:
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    for thread in readers:
        thread.join()
    assert wrong == []
    assert catalogue.count() == len({invented(n).title for first in (102, 202) for n in range(first, first + 40)}) + 1
    catalogue.close()


def test_two_catalogues_of_one_file_take_turns(path: Path) -> None:
    two = [Catalogue.open(path), Catalogue.open(path)]

    def write(catalogue: Catalogue, first: int) -> None:
        for number in range(first, first + 15):
            catalogue.put([invented(number * 10 + 2)], at=NOW)

    threads = [threading.Thread(target=write, args=(one, first)) for one, first in zip(two, (100, 200), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.count() for one in two] == [30, 30]
    for one in two:
        one.close()


def test_a_writer_waits_its_time_and_then_says_who_holds_the_catalogue(path: Path) -> None:
    catalogue = Catalogue.open(path, wait=0.05)
    other = FileLock(path.with_suffix(".lock"))
    assert other.acquire(0)
    with pytest.raises(Busy, match="Another process"):
        catalogue.put([invented(2)], at=NOW)
    other.release()
    other.close()
    assert catalogue.put([invented(2)], at=NOW)[0].state == "new"
    catalogue.close()


def test_reading_never_waits_for_a_write_under_way(path: Path) -> None:
    catalogue = Catalogue.open(path)
    catalogue.put([invented(2)], at=NOW)
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM change")
        assert (catalogue.count(), len(catalogue.changes(0, 9))) == (1, 1)
        writer.execute("ROLLBACK")
    catalogue.close()


def test_an_old_snapshot_does_not_hold_up_a_checkpoint(path: Path) -> None:
    catalogue = Catalogue.open(path)
    catalogue.put([invented(2)], at=NOW)
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM paper").fetchone() == (1,)
        catalogue.put([invented(3)], at=NOW)
        catalogue.checkpoint()
        assert reader.execute("SELECT count(*) FROM paper").fetchone() == (1,)
    catalogue.checkpoint()
    assert (catalogue.count(), path.with_name("catalogue.db-wal").stat().st_size) == (2, 0)
    assert catalogue.bytes() >= path.stat().st_size
    catalogue.close()


@contextmanager
def limited_to(pages: int) -> Iterator[None]:
    """Every database opened in the block is full at this many pages."""

    def limit(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")

    event.listen(Engine, "connect", limit)
    try:
        yield
    finally:
        event.remove(Engine, "connect", limit)


def test_a_full_database_keeps_what_it_has_and_takes_more_when_there_is_room(path: Path) -> None:
    safe = 0
    with limited_to(pages=320):  # the empty tables take a third
        catalogue = Catalogue.open(path)
        with pytest.raises(StorageFull):  # noqa: PT012 - which batch it is does not matter
            for first in range(100, 10_000, 50):
                catalogue.put([invented(n) for n in range(first, first + 50)], at=NOW)
                safe = catalogue.count()
        assert (catalogue.count(), len(catalogue.changes(0, 10**6))) == (safe, safe)
        assert catalogue.paper("2610.00102").id == "2610.00102"
        catalogue.close()
    assert safe
    catalogue = Catalogue.open(path)
    assert [finding.level for finding in catalogue.verify(full=True)] == ["ok", "ok"]
    catalogue.put([invented(n) for n in range(10_000, 10_500)], at=NOW)
    assert catalogue.count() > safe
    catalogue.close()


FULL_DISK = """
import resource, sys
from pathlib import Path
from broadsheet.catalogue import Catalogue
from broadsheet.errors import StorageFull
from tests.catalogue.feeder import invented
from tests.conftest import NOW
catalogue = Catalogue.open(Path(sys.argv[1]))
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
try:
    for first in range(100, 10_000, 50):
        catalogue.put([invented(n) for n in range(first, first + 50)], at=NOW)
        safe = catalogue.count()
except StorageFull:
    assert catalogue.count() == safe
    assert catalogue.paper("2610.00102").id == "2610.00102"
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    catalogue.put([invented(n) for n in range(10_000, 10_050)], at=NOW)
    assert catalogue.count() > safe > 0
    assert [finding.level for finding in catalogue.verify(full=True)] == ["ok", "ok"]
    catalogue.close()
    print("recovered")
"""


def test_a_file_the_system_will_not_let_grow_is_a_full_disk(path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(path)], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.stdout, done.stderr) == ("recovered\n", "")


def test_a_damaged_file_is_called_damaged(path: Path) -> None:
    catalogue = Catalogue.open(path)
    catalogue.put([invented(n) for n in range(500)], at=NOW)
    catalogue.close()
    content = bytearray(path.read_bytes())
    pages = len(content) // 4096
    for page in range(pages // 2, pages):
        content[page * 4096 : page * 4096 + 64] = os.urandom(64)
    path.write_bytes(content)
    catalogue = Catalogue.open(path)
    with pytest.raises(Damaged, match=r"catalogue\.db is damaged"):
        catalogue.papers(range(500))
    assert "error" in {finding.level for finding in catalogue.verify(full=False)}
    catalogue.close()


@pytest.mark.parametrize("content", [b"no database at all" * 500, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_file_of_another_kind_is_called_damaged(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "catalogue.db").write_bytes(content)
    with pytest.raises(Damaged):
        Catalogue.open(tmp_path / "catalogue.db")


def test_a_database_of_something_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE bookmarks (address TEXT)")
        other.commit()
    before = path.read_bytes()
    with pytest.raises(Damaged, match="no catalogue of Broadsheet"):
        Catalogue.open(path)
    assert path.read_bytes() == before


def test_a_catalogue_of_a_newer_broadsheet_is_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
        newer.commit()
    with pytest.raises(Refused, match="newer Broadsheet"):
        Catalogue.open(path)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    with pytest.raises(Refused, match="rights"):
        Catalogue.open(tmp_path / "file" / "catalogue.db")


def test_a_catalogue_that_is_up_to_date_opens_without_the_migration_tool(path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from broadsheet.catalogue import Catalogue;"
        "Catalogue.open(Path(sys.argv[1])).close(); print('alembic' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "False\n"
