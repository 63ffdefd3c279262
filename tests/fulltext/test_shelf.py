"""The shelf of full texts: what is kept, for how long, and how much of it."""

from datetime import timedelta
from pathlib import Path

import pytest

from broadsheet.fulltext import Shelf
from broadsheet.types import Caption, FullText, Heading
from tests.conftest import NOW

TEXT = FullText("# A\n", (Heading(1, "A"),), (Caption("Figure 1", "B"),), "https://x.test", "2026-11-21")


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> object:
        return self.now


def shelf(folder: Path, clock: Clock | None = None, limit: int = 10**6) -> Shelf:
    return Shelf(folder / "texts", limit=limit, clock=clock or Clock())  # type: ignore[arg-type]


def test_a_text_comes_back_as_it_was(tmp_path: Path) -> None:
    one = shelf(tmp_path)
    with pytest.raises(KeyError):
        one.get("2611.00001")
    one.put("2611.00001", TEXT)
    assert shelf(tmp_path).get("2611.00001") == TEXT


def test_that_there_is_none_is_believed_for_days(tmp_path: Path) -> None:
    clock = Clock()
    one = shelf(tmp_path, clock)
    one.put("hep-th/9901001", None)
    assert one.get("hep-th/9901001") is None
    clock.now += timedelta(days=4)
    with pytest.raises(KeyError):
        one.get("hep-th/9901001")


def test_what_is_damaged_is_asked_for_again(tmp_path: Path) -> None:
    one = shelf(tmp_path)
    one.put("a", TEXT)
    (path,) = (tmp_path / "texts").iterdir()
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(KeyError):
        one.get("a")


def test_what_was_asked_for_longest_ago_goes_first(tmp_path: Path) -> None:
    clock = Clock()
    one = shelf(tmp_path, clock, limit=1_500)
    for number in range(20):
        clock.now += timedelta(minutes=1)
        one.put(f"{number}", FullText(f"{number} " * 200))
        clock.now += timedelta(minutes=1)
        assert one.get("0") is not None, "it is asked for all the time"
    assert sum(path.stat().st_size for path in (tmp_path / "texts").iterdir()) <= 1_500
    with pytest.raises(KeyError):
        one.get("1")


def test_a_folder_that_cannot_be_written_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "texts").write_text("a file is in the way")
    shelf(tmp_path).put("a", TEXT)
    with pytest.raises(KeyError):
        shelf(tmp_path).get("a")
