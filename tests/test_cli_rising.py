"""`broadsheet trending`."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import broadsheet
from broadsheet.cli import main
from broadsheet.ranking import WEIGHTS
from broadsheet.types import Identifier, Signal
from tests.papers import write_lines


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    assert run(folder, "import", write_lines(tmp_path / "papers.jsonl")).exit_code == 0
    today = datetime.now(UTC).date().isoformat()  # the command line has no other clock
    with broadsheet.open(folder, follow=False) as library:
        library.catalogue.put_signals(
            [
                Signal(Identifier("arxiv", "2611.00001"), "votes", "here", today, 3),
                Signal(Identifier("arxiv", "2611.00003"), "votes", "here", today, 1),
                Signal(Identifier("arxiv", "2611.00003"), "reads", "here", today, 7),
            ]
        )
    return folder


def run(home: Path, *words: str | Path) -> Result:
    return CliRunner().invoke(main, ["--home", str(home), *map(str, words)], catch_exceptions=False)


def test_what_trends_is_printed_with_its_sum(home: Path) -> None:
    printed = run(home, "trending").stdout.splitlines()
    assert printed[0].endswith(": 2 papers")
    assert printed[1] == "   1. Counting Sheep with Sparse Attention  [2611.00001]"
    assert printed[2] == "      6.00 = votes 3 -> 6.00"
    assert printed[4] == "      4.50 = votes 1 -> 3.00 + reads 7 -> 1.50"


def test_signals_windows_and_categories_narrow_it(home: Path) -> None:
    found = json.loads(run(home, "trending", "--signals", "reads", "--window", "day", "--json").stdout)
    assert [(one["id"], one["points"], one["parts"][0]["gained"]) for one in found["papers"]] == [
        ("2611.00003", 1.5, 7.0)
    ]
    found = json.loads(run(home, "trending", "--category", "cs.CL", "--limit", "1", "--json").stdout)
    assert (found["total"], found["papers"][0]["id"]) == (1, "2611.00001")


def test_what_cannot_be_is_refused_with_a_sentence(home: Path) -> None:
    for words, said in ((("--signals", "hearts"), "no signal “hearts”"), (("--category", "!"), "no category '!'")):
        result = run(home, "trending", *words)
        assert result.exit_code == 1
        assert said in result.stderr


def test_the_table_of_the_formula(home: Path) -> None:
    printed = run(home, "trending", "--formula").stdout
    for row in WEIGHTS:
        assert f"{row.signal:12} weight {row.weight:<4g} half-life {row.half_life:>3g} days" in printed
    assert [one["signal"] for one in json.loads(run(home, "trending", "--formula", "--json").stdout)] == [
        row.signal for row in WEIGHTS
    ]
