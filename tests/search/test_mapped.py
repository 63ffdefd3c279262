"""Mapped files: what is let go of is no longer in memory, and is still there to be read."""

import gc
from pathlib import Path

import numpy as np
import pytest

from broadsheet.search.mapped import REST, Files, resident

SIZE = 64 << 20
FEW = 16 << 20

pytestmark = pytest.mark.skipif(not resident(), reason="the system does not tell how much memory is used")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "numbers"
    path.write_bytes(np.arange(SIZE // 4, dtype=np.uint32).tobytes())
    return path


def test_pages_are_let_go_of_and_come_back(file: Path) -> None:
    files, before = Files(), resident()
    numbers = files.mapped(file).view(np.uint32)
    whole = int(numbers.sum(dtype=np.uint64))
    assert resident() > before + SIZE - FEW, "all of the file is in memory"
    files.keep_below(resident() + FEW)
    assert resident() > before + SIZE - FEW, "there is room: nothing is let go of"
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


def test_what_cannot_be_mapped(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    with pytest.raises(ValueError, match="empty"):
        Files().mapped(tmp_path / "empty")
    with pytest.raises(FileNotFoundError):
        Files().mapped(tmp_path / "nothing")
