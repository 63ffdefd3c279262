"""Looking for damage: each thing that can be wrong is found, and nothing is found in a sound catalogue."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from broadsheet.catalogue import Catalogue
from tests.catalogue.old_shapes import fill, fill_living


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        ("UPDATE paper SET day = '2001-01-01'", "its row is not what its sources say"),
        ("UPDATE paper SET votes = votes + 1", "its row is not what its sources say"),
        ("UPDATE paper SET key = 'bs:' || number", "not made of its identifiers"),
        ("DELETE FROM alias WHERE scheme = 'arxiv'", "identifiers are not those"),
        ("INSERT INTO alias SELECT 'doi', '10.1000/x', number FROM paper LIMIT 1", "identifiers are not those"),
        ("UPDATE paper SET categories = 'math.CO'", "its row is not what its sources say"),
        ("UPDATE paper SET deleted = 1", "its row is not what its sources say"),
        ("UPDATE statement SET deleted_at = '2026-11-20T12:00:00Z'", "its row is not what its sources say"),
        ("UPDATE paper SET deleted = 1", "are not called gone in the change log"),
        ("INSERT INTO event (number, paper, kind, at) VALUES (99, 99, 'title', '')", "events are of papers that never"),
        ("UPDATE signal SET paper = 99", "signals are of papers that never were"),
        ("UPDATE edition_pick SET paper = 99", "rows that lead nowhere"),
        ("DELETE FROM announcement", "rows that lead nowhere"),
        ("UPDATE edition_entry SET day = '2001-01-01'", "editions it is in are not those"),
        ("DELETE FROM change", "papers are not in the change log"),
        ("UPDATE change SET gone = 1", "called gone in the change log, and are there"),
        ("INSERT INTO change (paper, gone, at) VALUES (99, 0, '')", "in the change log, and are not there"),
        ("DELETE FROM revision; DELETE FROM statement", "papers have no source"),
        ("PRAGMA foreign_keys = OFF; DELETE FROM source", "rows that lead nowhere"),
        ("PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'ix_paper_day'", "Page"),
    ],
)
def test_damage_is_found(path: Path, damage: str, message: str) -> None:
    fill(path)
    fill_living(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(damage)
    catalogue = Catalogue.open(path)
    found = [finding for finding in catalogue.verify(full=True) if finding.level == "error"]
    assert any(message in finding.message for finding in found), found
    assert all(finding.mend for finding in found)
    catalogue.close()


@pytest.mark.parametrize("full", [False, True])
def test_a_sound_catalogue_is_well(path: Path, full: bool) -> None:
    fill(path)
    fill_living(path)
    catalogue = Catalogue.open(path)
    assert [(finding.level, finding.subject) for finding in catalogue.verify(full=full)] == [
        ("ok", "SQLite"),
        ("ok", "Catalogue"),
    ]
    catalogue.close()
