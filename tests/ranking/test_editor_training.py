"""The recipe in training/editor.py, on an invented newspaper: it learns what its readers chose and no later day."""

import gzip
import importlib.util
import json
import sys
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import zstandard

from broadsheet.ranking.editor import Editor
from broadsheet.search.encoder import StaticEncoder
from broadsheet.types import Author, Paper
from tests.conftest import ROOT

ENCODER = StaticEncoder.load()
FIRST = date(2026, 6, 29)
DAYS = 12


@pytest.fixture(scope="module")
def training() -> ModuleType:
    spec = importlib.util.spec_from_file_location("training_editor", ROOT / "training" / "editor.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up there
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Each day four papers on teapots, of which readers list those, and twelve on spoons."""
    folder = tmp_path_factory.mktemp("data")
    lists, pool = [], []
    for number in range(DAYS):
        day = (FIRST + timedelta(days=number)).isoformat()
        for paper in range(16):
            good = paper < 4
            noun = "teapots" if good else "spoons"
            key = f"2607.{number:02}{paper:03}"
            pool.append(
                {
                    "id": key,
                    "title": f"On {noun} of the kind {paper}",
                    "abstract": f"We look at {noun} in {paper} kitchens and describe how they are used by many people.",
                    "authors": ["Rosa Potter", f"Helper {paper}"] if good else [f"Spooner {number} {paper}"],
                    "categories": ["cs.CV"],
                    "announced": day,
                }
            )
            if good:
                lists.append({"feed": "hf-daily", "id": key, "date": day, "upvotes": paper})
    lists.append({"feed": "another", "id": "2607.00015", "date": FIRST.isoformat(), "upvotes": 99})
    with gzip.open(folder / "daily_editions.jsonl.gz", "wt", encoding="utf-8") as text:
        text.writelines(json.dumps(line) + "\n" for line in lists)
    papers = "".join(json.dumps(line) + "\n" for line in pool)
    (folder / "papers_ml.jsonl.zst").write_bytes(zstandard.compress(papers.encode()))
    return folder


def trained(training: ModuleType, data: Path, path: Path, until: date) -> dict[str, Any]:
    arrays: dict[str, Any] = training.train(data, until.isoformat(), training.Recipe(epochs=40, batch=32), ENCODER)
    np.savez_compressed(path, **arrays)
    return {**arrays, "card": json.loads(str(arrays["card"]))}


def paper(noun: str, *authors: str) -> Paper:
    return Paper(
        id="2608.00001",
        title=f"More on {noun}",
        abstract=f"We return to {noun} and describe what else can be done with them in a kitchen.",
        authors=tuple(Author(name) for name in authors),
        categories=("cs.CV",),
    )


def test_it_learns_what_was_listed(training: ModuleType, data: Path, tmp_path: Path) -> None:
    arrays = trained(training, data, tmp_path / "editor.npz", FIRST + timedelta(days=DAYS))
    editor = Editor.load(tmp_path / "editor.npz", encoder=ENCODER)
    pot, spoon, potter = (
        float(score)
        for score in editor.appraise(
            [paper("teapots", "New Author"), paper("spoons", "New Author"), paper("spoons", "Potter, Rosa")]
        ).scores
    )
    assert pot > spoon
    assert potter > spoon
    assert arrays["card"]["listed"] == 4 * DAYS
    assert arrays["card"]["examples"] == 16 * DAYS
    assert arrays["card"]["encoder"] == ENCODER.fingerprint


def test_nothing_of_a_later_day_is_read(training: ModuleType, data: Path, tmp_path: Path) -> None:
    until = FIRST + timedelta(days=5)
    arrays = trained(training, data, tmp_path / "editor.npz", until)
    assert arrays["card"]["listed"] == 4 * 6
    assert arrays["card"]["last"] == until.isoformat()
    assert arrays["counts"].max() == 4 * 6  # Rosa Potter's papers of six days


def test_the_same_data_give_the_same_bytes(training: ModuleType, data: Path, tmp_path: Path) -> None:
    until = FIRST + timedelta(days=8)
    trained(training, data, tmp_path / "one.npz", until)
    trained(training, data, tmp_path / "two.npz", until)
    one, two = (Editor.load(tmp_path / name, encoder=ENCODER) for name in ("one.npz", "two.npz"))
    assert one.name == two.name


def test_the_record_of_an_author_is_of_the_days_before(training: ModuleType, data: Path) -> None:
    last = FIRST.toordinal() + DAYS
    listings = training.read_listings(data, last)
    past = training.Past(list(training.read_pool(data, last)), listings)
    assert past.record("rosa potter", FIRST.toordinal()) == (0, 0)
    assert past.record("rosa potter", FIRST.toordinal() + 1)[0] == 4
    assert past.record("nobody", last) == (0, 0)
