"""Mapped files: what is let go of is no longer in memory, and is still there to be read."""

import gc
from pathlib import Path

import numpy as np
import pytest

from broadsheet.search import mapped

SIZE = 64 << 20
FEW = 16 << 20

pytestmark = pytest.mark.skipif(not mapped.resident(), reason="the system does not tell how much memory is used")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "numbers"
    path.write_bytes(np.arange(SIZE // 4, dtype=np.uint32).tobytes())
    return path


def test_pages_are_let_go_of_and_come_back(file: Path) -> None:
    before = mapped.resident()
    numbers = mapped.mapped(file).view(np.uint32)
    whole = int(numbers.sum(dtype=np.uint64))
    assert mapped.resident() > before + SIZE - FEW, "all of the file is in memory"
    mapped.keep_below(mapped.resident() + FEW)
    assert mapped.resident() > before + SIZE - FEW, "there is room: nothing is let go of"
    mapped.keep_below(before + FEW)
    assert mapped.resident() < before + 2 * FEW
    assert int(numbers.sum(dtype=np.uint64)) == whole
    mapped.keep_below(1)  # more than can be: it ends nevertheless
    assert int(numbers[-1]) == SIZE // 4 - 1


def test_a_file_that_nobody_reads_any_more_is_forgotten(file: Path) -> None:
    numbers = mapped.mapped(file)
    assert numbers[1] == 0
    del numbers
    gc.collect()
    mapped.keep_below(1)


def test_an_empty_file_cannot_be_mapped(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    with pytest.raises(ValueError, match="empty"):
        mapped.mapped(tmp_path / "empty")
    with pytest.raises(FileNotFoundError):
        mapped.mapped(tmp_path / "nothing")
