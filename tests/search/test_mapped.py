"""Mapped files: what is let go of is no longer in memory, and is still there to be read."""

import gc
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from broadsheet.search import Search, arrays, encoder_named, mapped
from broadsheet.search.mapped import PAUSE, REST, Files, resident
from tests.search.fake import FakeCatalogue, shelf

SIZE = 64 << 20
FEW = 16 << 20

pytestmark = pytest.mark.skipif(not resident(), reason="the system does not tell how much memory is used")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "numbers"
    path.write_bytes(np.arange(SIZE // 4, dtype=np.uint32).tobytes())
    return path


def test_pages_are_let_go_of_and_come_back(file: Path) -> None:
    now = [0.0]
    files, before = Files(lambda: now[0]), resident()
    numbers = files.mapped(file).view(np.uint32)
    whole = int(numbers.sum(dtype=np.uint64))
    assert resident() > before + SIZE - FEW, "all of the file is in memory"
    files.keep_below(resident() + FEW)
    assert resident() > before + SIZE - FEW, "there is room: nothing is let go of"
    files.keep_below(before + FEW)
    assert resident() > before + SIZE - FEW, "a moment later nobody looks"
    now[0] = PAUSE
    files.keep_below(before + FEW)
    assert resident() < before + 2 * FEW
    assert int(numbers.sum(dtype=np.uint64)) == whole


def test_where_it_is_not_enough_it_is_not_tried_at_once_again(file: Path) -> None:
    now = [0.0]
    files, before = Files(lambda: now[0]), resident()
    numbers = files.mapped(file).view(np.uint32)
    numbers.sum()
    files.keep_below(1)
    assert resident() < before + FEW
    for later, small in ((1.0, False), (REST, True)):
        numbers.sum()
        now[0] = later
        files.keep_below(1)
        assert (resident() < before + FEW) is small


def test_a_file_that_nobody_reads_any_more_is_forgotten(file: Path) -> None:
    files = Files()
    numbers = files.mapped(file)
    files.keep_below(1)
    assert numbers[4] == 1
    del numbers
    gc.collect()
    files.keep_below(1)


def test_a_search_answers_the_same_from_an_index_that_is_not_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Empty(Files):
        """Lets go of everything, and remembers what it was asked to keep."""

        asked: ClassVar[list[int]] = []

        def keep_below(self, most: int) -> None:
            self.asked.append(most)
            super().keep_below(0)

    files = Empty()
    monkeypatch.setattr(mapped, "FILES", files)
    monkeypatch.setattr(arrays, "FILES", files)
    search = Search.open(tmp_path / "index", FakeCatalogue(shelf()), encoder=encoder_named())
    search.sync()
    queries = ("sparse attention", "author:lovelace", "sheep OR teapots")
    before = [search.query(query).numbers for query in queries]
    assert any(before)
    files.asked.clear()
    assert [search.query(query).numbers for query in queries] == before
    assert search.facets("sparse attention").years
    assert files.asked == [mapped.MOST] * 4


def test_what_cannot_be_mapped(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    with pytest.raises(ValueError, match="empty"):
        Files().mapped(tmp_path / "empty")
    with pytest.raises(FileNotFoundError):
        Files().mapped(tmp_path / "nothing")
