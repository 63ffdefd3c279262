"""The command line told of a server does what it does at a folder, and says the same; what it cannot, it says."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from broadsheet.cli import main as command
from broadsheet.types import OWNER, Scope
from tests.conftest import NOW
from tests.private.worlds import OTHER, PAPER, THIRD, World

SENTENCE = re.compile(r"broadsheet: .*[.]\n")


@pytest.fixture(scope="module")
def tokens(world: World) -> dict[str, str]:
    """A token of everybody."""
    of = {name: world.library.acting_as(OWNER, name) for name in ("ada", "bob", "eve", "root")}
    return {name: world.library.make_token(who, "cli", frozenset(Scope), None)[1] for name, who in of.items()}


@pytest.fixture(autouse=True)
def _one_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands open the library with the time of day; the server's stands still."""
    monkeypatch.setattr("broadsheet.app.now", lambda: NOW)


def here(world: World, *words: str, given: str = "") -> Result:
    return CliRunner().invoke(command, ["--home", str(world.library.home), *words], input=given)


def there(address: str, token: str, *words: str, given: str = "") -> Result:
    environment = {"BROADSHEET_SERVER": address, "BROADSHEET_TOKEN": token}
    return CliRunner().invoke(command, list(words), env=environment, input=given)


def told(answer: Result) -> tuple[int, str, str]:
    return answer.exit_code, re.sub(r"[\d.]+ MB", "N MB", answer.stdout), re.sub(r"\d+ ms", "N ms", answer.stderr)


@pytest.mark.parametrize(
    "words",
    [
        ("search", "sheep"),
        ("search", "--explain", "--mode", "keyword", "sheep"),
        ("search", "--json", "--explain", "maps"),
        ("search", "--facets", "sheep"),
        ("search", "--limit", "500", "a"),
        ("similar", PAPER),
        ("similar", PAPER, "--unlike", OTHER, "--json"),
        ("edition",),
        ("edition", "2026-11-18"),
        ("edition", "2026-W47", "--json"),
        ("edition", "2026-11", "--limit", "1"),
        ("edition", "yesterday"),
        ("open", "--no-browser", OTHER),
        ("open", "--no-browser", "hep-th/9901001"),
        ("open", "--no-browser", "2611.77777"),
        ("history", PAPER),
        ("trending",),
        ("trending", "--json"),
        ("trending", "--formula"),
        ("status",),
        ("comments", PAPER),
        ("comments", PAPER, "--json", "--order", "newest"),
        ("people", "list"),
        ("people", "list", "ada", "--json"),
        ("people", "show", "root"),
        ("subscriptions", "list"),
        ("subscriptions", "list", "--json"),
        ("outbox", "list"),
        ("outbox", "suppressed", "--json"),
    ],
    ids=" ".join,
)
def test_a_command_says_the_same_at_a_folder_and_at_a_server(
    world: World, address: str, tokens: dict[str, str], words: tuple[str, ...]
) -> None:
    local, remote = told(here(world, *words)), told(there(address, tokens["root"], *words))
    assert local == remote
    assert local[1] or local[2] or local[0]


def test_what_people_do_is_done_by_either(world: World, address: str, tokens: dict[str, str]) -> None:
    group = world.group

    def as_bob(*words: str, given: str = "") -> Result:
        return here(world, *words, "--as", "bob", given=given)

    def as_ada(*words: str, given: str = "") -> Result:
        return there(address, tokens["ada"], *words, given=given)

    for name, act in (("bob", as_bob), ("ada", as_ada)):
        assert act("vote", PAPER, THIRD).stdout.count("vote") == 2
        assert act("vote", THIRD, "--off").stdout.startswith(THIRD)
        number = re.findall(r"comment (\d+)", act("comment", PAPER, given="Said at the command line.").stdout)[0]
        shown = act("comments", PAPER, "--order", "newest").stdout
        assert f"{number}  @{name}" in shown
        assert "Said at the command line." in shown
        assert "changed 1 times" in act("edit", number, "Said better.").stdout
        assert "deleted" in act("edit", number, "--delete").stdout
        assert f"[{OTHER}] is in the edition" in act("submit", OTHER).stdout
        assert act("follow", PAPER).exit_code == 0
        assert PAPER in act("follow").stdout
        assert act("inbox", "--all").stdout.count("\n") > 0
        assert act("inbox", "--read").exit_code == 0
        assert act("inbox").stdout == ""
        assert group in act("groups", "list").stdout
        assert "is on the shelf" in act("groups", "shelve", group, THIRD, "--note", "Soon.").stdout
        assert "Soon." in act("groups", "shelf", group).stdout
        assert "taken down" in act("groups", "shelve", group, THIRD, "--off").stdout
        assert "It is comment" in act("groups", "discussion", group, "When?").stdout
        assert "When?" in act("groups", "discussion", group).stdout
        assert act("for-me").exit_code in (0, 1)


def test_what_one_is_sent_is_asked_for_by_either(world: World, address: str, tokens: dict[str, str]) -> None:
    def as_bob(*words: str) -> Result:
        return here(world, *words, "--as", "bob")

    def as_ada(*words: str) -> Result:
        return there(address, tokens["ada"], *words, *(("--as", "ada") if words[0] == "subscriptions" else ()))

    said = []
    for act in (as_bob, as_ada):
        made = act("standing", "add", "folding maps, not rivers").stdout
        number = re.findall(r"\d+", made)[0]
        shown = act("standing", "show", number)
        tried = act("standing", "add", "folding maps", "--dry-run").stdout
        ended = act("standing", "end", number).stdout + act("standing", "end", number, "--undo").stdout
        added = act("subscriptions", "add", "category:cs.LG", "--rhythm", "weekly", "--day", "friday")
        mine = act("subscriptions", "list").stdout
        subscription = re.findall(r"\d+", added.stdout)[0]
        gone = act("subscriptions", "end", subscription).stdout
        after = act("subscriptions", "list").stdout
        told = f"{made}\n{shown.stdout}\n{shown.stderr}\n{tried}\n{ended}\n{added.stdout}\n{mine}\n{gone}\n{after}"
        said.append(re.sub(r"\b(?:bob|ada)@\S+ *", "ADDRESS ", re.sub(r"\b(?:[1-9]|[1-9]\d)\b", "N", told)))
    assert said[0] == said[1]
    assert "not rivers" in said[0]
    assert "every Friday" in said[0]


def test_the_outbox_is_looked_after_from_afar(world: World, address: str, tokens: dict[str, str]) -> None:
    for words in (("outbox", "retry", "999"), ("outbox", "drop", "999"), ("outbox", "allow", "999")):
        local, remote = told(here(world, *words)), told(there(address, tokens["root"], *words))
        assert local == remote
        assert local[0] == 1
    refused = there(address, tokens["bob"], "outbox", "list")
    assert (refused.exit_code, bool(SENTENCE.fullmatch(refused.stderr))) == (1, True)


def test_administrators_do_it_from_afar(world: World, address: str, tokens: dict[str, str]) -> None:
    root = tokens["root"]
    assert there(address, root, "people", "role", "eve", "editor", "--reason", "She offered.").exit_code == 0
    assert world.library.person("eve").role.name == "EDITOR"
    invited = there(address, root, "people", "invite", "--note", "New students")
    assert invited.stdout.startswith(f"{address}/sign-in/invited/")
    assert there(address, root, "people", "token", "root", "--scope", "read").stdout.startswith("bs_")
    other = there(address, root, "people", "token", "ada")
    assert (other.exit_code, "can act for ada" in other.stderr) == (1, True)
    assert there(address, root, "jobs").exit_code == 0
    assert re.match(r"ok +\S", there(address, root, "doctor").stdout)
    assert "in the index" in there(address, root, "index", "sync").stdout
    refused = there(address, tokens["bob"], "people", "list")
    assert (refused.exit_code, bool(SENTENCE.fullmatch(refused.stderr))) == (1, True)


@pytest.mark.parametrize(
    "words",
    [
        ("import", "--starter"),
        ("serve",),
        ("sync", "arxiv-rss"),
        ("worker",),
        ("jobs", "run", "backup"),
        ("jobs", "off", "backup"),
        ("digest", "send"),
    ],
    ids=" ".join,
)
def test_what_needs_the_machine_says_so(address: str, tokens: dict[str, str], words: tuple[str, ...]) -> None:
    answer = there(address, tokens["root"], *words)
    assert answer.exit_code == 1, answer.output
    assert "needs to sit at the machine" in answer.stderr


def test_a_token_is_read_from_where_nobody_else_reads_it(address: str, tokens: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(f"{tokens['root']}\n", "utf-8")
    at = ["--server", address]
    run = CliRunner().invoke
    assert run(command, [*at, "--token", f"@{file}", "people", "show", "root"]).exit_code == 0
    assert run(command, [*at, "--token", "-", "people", "show", "root"], input=f"{tokens['root']}\n").exit_code == 0
    seen = run(command, [*at, "--token", tokens["root"], "people", "show", "root"])
    assert (seen.exit_code, "BROADSHEET_TOKEN" in seen.stderr, tokens["root"] in seen.output) == (1, True, False)
    missing = run(command, [*at, "--token", "@/nowhere/at/all", "status"])
    assert (missing.exit_code, "cannot be read" in missing.stderr) == (1, True)
    nobody = run(command, [*at, "vote", PAPER])
    assert (nobody.exit_code, bool(SENTENCE.fullmatch(nobody.stderr))) == (1, True)


def test_a_server_that_does_not_answer_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("broadsheet.client.exchange.FIRST_WAIT", 0.0)
    answer = there("http://127.0.0.1:9", "", "search", "sheep")
    assert (answer.exit_code, "does not answer" in answer.stderr) == (1, True)
    assert there("papers.example", "", "search", "sheep").exit_code == 1


def test_at_a_folder_somebody_must_be_named(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROADSHEET_ACCESS", "open")
    answer = here(world, "vote", PAPER)
    assert (answer.exit_code, "--as NAME" in answer.stderr) == (1, True)
