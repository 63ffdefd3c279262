"""The command line: its words are a contract that other tools rely on."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import broadsheet
from broadsheet.cli import main
from tests.conftest import NOW
from tests.ingest.live import said
from tests.papers import write_lines


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def run(home: Path, *words: str | Path) -> Result:
    return CliRunner().invoke(main, ["--home", str(home), *map(str, words)], catch_exceptions=False)


@pytest.fixture
def filled(home: Path, tmp_path: Path) -> Path:
    assert run(home, "import", write_lines(tmp_path / "papers.jsonl")).exit_code == 0
    return home


def test_import_says_what_it_did(home: Path, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "papers.jsonl")
    first, second = run(home, "import", path), run(home, "import", path)
    assert "read 5, new 5, changed 0, unchanged 0, refused 0" in first.stdout
    assert "read 5, new 0, changed 0, unchanged 5, refused 0" in second.stdout


def test_import_of_a_file_with_bad_lines_tells_them_and_ends_with_1(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "papers.jsonl"
    path.write_text('{"id": "2611.00001", "title": "A Good Paper on Bridges"}\n{"title": ""}\n', "utf-8")
    result = run(home, "import", path, tmp_path / "missing.bib")
    assert result.exit_code == 1
    assert "new 1" in result.stdout
    assert f"{path}:2: " in result.stdout
    assert "missing.bib" in result.stdout
    assert json.loads(run(home, "status", "--json").stdout)["papers"] == 1


def test_import_without_a_file_is_a_wrong_call(home: Path) -> None:
    result = run(home, "import")
    assert result.exit_code == 2
    assert "--starter" in result.stderr


def test_search_prints_json_for_tools_and_lines_for_people(filled: Path) -> None:
    found = json.loads(run(filled, "search", "teapots", "--json").stdout)
    assert [hit["id"] for hit in found] == ["2611.00003"]
    assert {"id", "title", "score", "published"} <= set(found[0])
    assert found[0]["published"] == "2026-11-19"
    lines = run(filled, "search", "since:2026", "--limit", "2").stdout.splitlines()
    assert len(lines) == 2


def test_search_explains_itself_in_each_mode(filled: Path) -> None:
    by_both = run(filled, "search", "counting", "sheep", "--explain")
    assert re.search(
        r"= title [\d.]+ \+ keyword [\d.]+ \+ meaning [\d.]+; cosine 0\.\d+; words: counting, sheep", by_both.stdout
    )
    assert "cosine" not in run(filled, "search", "sheep", "--explain", "--mode", "keyword").stdout
    (first, *_) = json.loads(run(filled, "search", "sheep", "--json", "--explain", "--mode", "meaning").stdout)
    assert first["why"]["cosine"] > 0.2


def test_similar_prints_the_neighbours_of_papers(filled: Path) -> None:
    lines = run(filled, "similar", "2611.00001", "--limit", "2").stdout.splitlines()
    assert len(lines) == 2
    found = json.loads(run(filled, "similar", "2611.00001", "2611.00002", "--unlike", "2611.00003", "--json").stdout)
    assert {hit["id"] for hit in found}.isdisjoint({"2611.00001", "2611.00002", "2611.00003"})
    assert run(filled, "similar", "2611.09999").exit_code == 1


def test_another_encoder_needs_its_extra(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROADSHEET_ENCODER", "some/model")
    done = run(filled, "index", "rebuild")
    assert done.exit_code == 1
    assert "broadsheet[transformers]" in done.stderr


def test_a_word_with_a_dash_is_an_exclusion_and_no_option(filled: Path) -> None:
    found = json.loads(run(filled, "search", "--json", "count", "-teapots", "--limit", "5").stdout)
    assert {hit["id"] for hit in found} == {"2611.00001", "2611.00002"}


def test_edition_prints_a_day_a_week_and_a_month(filled: Path) -> None:
    assert run(filled, "edition", "2026-11-19").stdout.startswith("2026-11-19: 1 papers")
    assert json.loads(run(filled, "edition", "2026-w47", "--json").stdout)["total"] == 3
    assert json.loads(run(filled, "edition", "2026-11", "--json").stdout)["total"] == 3
    wrong = run(filled, "edition", "2026-13-45")
    assert wrong.exit_code == 1
    assert "2026-11-20" in wrong.stderr


def test_open_shows_a_paper_by_any_of_its_names(filled: Path) -> None:
    shown = run(filled, "open", "https://doi.org/10.1000/fold.7").stdout
    assert "Folding Maps along Rivers" in shown
    assert "$" not in shown.splitlines()[0]
    assert json.loads(run(filled, "open", "hep-th/9901001", "--json").stdout)["id"] == "hep-th/9901001"
    missing = run(filled, "open", "2611.09999")
    assert missing.exit_code == 1
    assert "2611.09999" in missing.stderr


def test_merge_asks_first_and_split_undoes_it(filled: Path) -> None:
    asked = CliRunner().invoke(main, ["--home", str(filled), "merge", "hep-th/9901001", "10.1000/knot.1"], input="n\n")
    assert asked.exit_code == 1
    assert json.loads(run(filled, "status", "--json").stdout)["papers"] == 5
    done = run(filled, "merge", "hep-th/9901001", "10.1000/knot.1", "--yes").stdout
    assert json.loads(run(filled, "status", "--json").stdout)["papers"] == 4
    assert "doi:10.1000/knot.1" in run(filled, "history", "hep-th/9901001").stdout
    assert run(filled, "split", done.split()[-1]).exit_code == 0
    assert json.loads(run(filled, "status", "--json").stdout)["papers"] == 5


def test_index_can_be_rebuilt_and_verified(filled: Path) -> None:
    assert "5 papers" in run(filled, "index", "rebuild").stdout
    assert "5 papers" in run(filled, "index", "sync").stdout
    verified = run(filled, "index", "verify")
    assert verified.exit_code == 0
    assert "ok" in verified.stdout


def test_doctor_finds_a_healthy_installation_healthy_and_a_damaged_one_damaged(filled: Path) -> None:
    assert run(filled, "doctor").exit_code == 0
    database = filled / "catalogue.db"
    content = bytearray(database.read_bytes())
    content[4096:8192] = os.urandom(4096)
    database.write_bytes(content)
    assert run(filled, "doctor").exit_code == 1


def test_a_home_without_a_catalogue_says_what_to_do(home: Path) -> None:
    for words in (["search", "x"], ["status"], ["doctor"], ["edition"]):
        result = run(home, *words)
        assert result.exit_code == 1
        assert "import" in result.stderr
    assert not home.exists()


def test_a_bad_setting_is_told_with_its_place(filled: Path) -> None:
    (filled / "broadsheet.toml").write_text("port = 'many'\n")
    result = run(filled, "status")
    assert result.exit_code == 1
    assert "broadsheet.toml" in result.stderr


def test_serve_prints_its_address_fills_an_empty_catalogue_and_stops_on_ctrl_c(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROADSHEET_WORKER", "false")  # it would ask arXiv
    words = [sys.executable, "-m", "broadsheet", "--home", str(home), "serve", "--port", "0"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        address = server.stdout.readline().split()[-1]
        with urllib.request.urlopen(address, timeout=20) as answer:
            assert answer.status == 200
            assert b"Broadsheet" in answer.read()
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=15) == 0
    assert json.loads(run(home, "status", "--json").stdout)["papers"] == 131


def test_a_withdrawn_paper_is_marked_wherever_it_is_printed(home: Path) -> None:
    with broadsheet.open(home) as library:
        library.catalogue.put([said(1, withdrawn=True, announced="2026-11-19")], at=NOW)
    marked = "[withdrawn] The Invented Paper with the Number 1"
    for words in (["search", "invented"], ["edition", "2026-11-19"], ["open", "2611.00001", "--no-browser"]):
        assert marked in run(home, *words).stdout
    assert json.loads(run(home, "search", "invented", "--json").stdout)[0]["withdrawn"] is True
