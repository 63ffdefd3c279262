"""`broadsheet digest preview`, `send` and `status`."""

import json
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import broadsheet
from broadsheet.cli import main
from broadsheet.types import OWNER, Wanted
from tests.papers import LINES, write_lines


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose papers are of today: the command line has no other clock."""
    today = datetime.now(UTC).date().isoformat()
    lines = [{**line, "published": today} for line in LINES[:3]]
    folder = tmp_path / "home"
    assert run(folder, "import", write_lines(tmp_path / "papers.jsonl", lines)).exit_code == 0
    return folder


def run(home: Path, *words: str | Path) -> Result:
    return CliRunner().invoke(main, ["--home", str(home), *map(str, words)], catch_exceptions=False)


@pytest.mark.parametrize(
    ("what", "heading"),
    [
        ("edition", ""),
        ("mine", "Papers for you, "),
        ("search:sheep", "Results for “sheep”, "),
        ("category:cs.LG", "cs.LG"),
        ("author:Ada Lovelace", "Ada Lovelace, "),
    ],
)
def test_a_letter_is_printed_without_being_sent(home: Path, what: str, heading: str) -> None:
    done = run(home, "digest", "preview", what, "--text")
    assert done.exit_code == 0, done.output
    title, second, *_ = done.stdout.splitlines()
    assert (title, heading in second) == ("BROADSHEET", True)
    assert "Counting Sheep with Sparse Attention" in done.stdout
    assert "Unsubscribe" not in done.stdout
    assert json.loads(run(home, "digest", "status", "--json").stdout)["outbox"]["waiting"] == 0


def test_a_letter_is_written_to_a_file_of_its_kind(home: Path, tmp_path: Path) -> None:
    html, text, letter = (tmp_path / f"letter.{kind}" for kind in ("html", "txt", "eml"))
    for path in (html, text, letter):
        assert run(home, "digest", "preview", "--out", path).stdout.strip() == str(path)
    assert html.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert text.read_text("utf-8").startswith("BROADSHEET\n")
    message = message_from_bytes(letter.read_bytes(), policy=policy.SMTP)
    assert message["Subject"].startswith("Broadsheet: ")
    assert message.get_content_type() == "multipart/alternative"
    shown = Path(run(home, "digest", "preview", "--no-browser").stdout.strip())
    assert shown.read_text("utf-8") == html.read_text("utf-8")
    shown.unlink()
    assert run(home, "digest", "preview", "--out", tmp_path / "no" / "such.html").exit_code == 1


def test_what_cannot_be_shown_is_said(home: Path) -> None:
    for what, said in (
        ("trending", "There is nothing new, so nothing would be sent."),
        ("search:unheard", "There is nothing new"),
        ("nonsense", "Choose what you want to be sent."),
        ("group:nosuch-bcdfgh", ""),
    ):
        done = run(home, "digest", "preview", what, "--text")
        assert (done.exit_code, said in done.stderr) == (1, True), done.output
    weekly = run(home, "digest", "preview", "trending", "--rhythm", "weekly", "--text")
    assert "Nothing new came for trending papers since" in weekly.stdout


def test_what_is_due_is_sent_now_and_the_state_is_told(home: Path) -> None:
    with broadsheet.open(home, follow=False) as library:
        one = library.subscribe_address(OWNER, "eve@example.org", Wanted.EDITION)
        due = datetime.now(UTC) - timedelta(hours=1)
        library.catalogue.pass_over([(one, due)], last=due)
    before = json.loads(run(home, "digest", "status", "--json").stdout)
    assert (before["subscriptions"], before["active"], before["due"]) == (1, 1, 1)
    done = run(home, "digest", "send")
    assert done.exit_code == 0, done.output
    assert "digests: 1 letter written; nothing new for 0." in done.stdout
    assert "deliver: 1 sent." in done.stdout
    assert len(list((home / "letters").glob("*.eml"))) == 1
    after = json.loads(run(home, "digest", "status", "--json").stdout)
    assert (after["due"], after["outbox"]["sent"], after["failures"]) == (0, 1, [])
    told = run(home, "digest", "status").stdout
    assert "Subscriptions  1, 1 of them go on" in told
    assert "Outbox         1 sent" in told
