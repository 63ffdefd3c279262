"""The index over a real catalogue, and over real papers where they are at hand."""

import csv
import json
from datetime import datetime
from pathlib import Path

import pytest
import zstandard

from broadsheet.catalogue import Catalogue
from broadsheet.search import Search
from broadsheet.types import Paper
from tests.papers import LINES, record
from tests.search.fake import FakeCatalogue, paper


def test_follows_a_real_catalogue(tmp_path: Path, now: datetime) -> None:
    catalogue = Catalogue.open(tmp_path / "catalogue.db")
    search = Search.open(tmp_path / "index", catalogue)
    search.sync()
    assert search.indexed() == 0
    titles = [str(line["title"]) for line in LINES]
    catalogue.put(
        [record(str(line["id"]), title, abstract=line["abstract"]) for line, title in zip(LINES, titles, strict=True)],
        at=now,
    )
    search.sync()
    assert search.indexed() == catalogue.count() == len(LINES)
    assert search.sequence() == catalogue.last_change()
    for title in titles:
        (found,) = catalogue.papers(search.query(title).numbers[:1])
        assert found.title == title
    catalogue.put([record(None, "Herds of Goats, Counted", published="2026")], at=now)
    search.sync()
    (nameless,) = catalogue.papers(search.query("goats").numbers)
    joined = catalogue.merge("2611.00001", nameless.id, reason="a test", at=now)
    search.sync()
    assert search.indexed() == catalogue.count() == len(LINES)
    assert catalogue.papers(search.query(f"id:{nameless.id}").numbers) == []
    catalogue.split(joined.number, at=now)
    search.sync()
    assert search.indexed() == catalogue.count() == len(LINES) + 1
    assert catalogue.papers(search.query("goats").numbers)[0].title == nameless.title
    assert [finding.level for finding in search.verify()] == ["ok"]
    catalogue.close()


def real_papers(folder: Path, wanted: set[str], every: int) -> list[Paper]:
    """The wanted papers and one in so many of the others."""
    found = []
    with (
        (folder / "papers_ml.jsonl.zst").open("rb") as file,
        zstandard.ZstdDecompressor().stream_reader(file) as stream,
    ):
        for line, text in enumerate(stream.read().splitlines()):
            if text[7:17].decode() in wanted or not line % every:
                raw = json.loads(text)
                found.append(paper(raw["id"], raw["title"], raw["abstract"], categories=tuple(raw["categories"] or ())))
    return found


@pytest.mark.data
def test_real_papers_come_first_by_their_titles(tmp_path: Path, data_dir: Path) -> None:
    with (data_dir / "pages_ids.tsv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if row[1]]
    catalogue = FakeCatalogue(real_papers(data_dir, {key for _, key in rows}, every=60))
    search = Search.open(tmp_path / "index", catalogue)
    search.sync()
    held = {one.id for one in catalogue.held.values()}
    asked = [(title, key) for title, key in rows if key in held]
    assert len(asked) > 100
    missed = [title for title, key in asked if catalogue.held[search.query(title).numbers[0]].id != key]
    assert missed == []
