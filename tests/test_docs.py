"""The documentation tells the truth: its examples run, and its tables are the program's own."""

import doctest
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from broadsheet import app, config, library
from broadsheet.cli import main as command
from tests.conftest import ROOT
from tests.e2e.site import served

PAGES = sorted([*(ROOT / "docs").glob("*.md"), ROOT / "README.md"])
ADDRESS = "http://127.0.0.1:8000"  # stands for the site over what the page has imported
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ELLIPSIS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def blocks(page: Path, *kinds: str) -> list[tuple[str, str]]:
    return [(kind, text) for kind, text in BLOCK.findall(page.read_text("utf-8")) if kind in kinds]


def test_the_settings_and_commands_are_documented_as_they_are() -> None:
    done = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize(
    "page", [page for page in PAGES if blocks(page, "python", "console")], ids=lambda page: page.name
)
def test_examples_run_and_print_what_they_say(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The blocks of one page run in their order, in one folder: a page is one session."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BROADSHEET_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    monkeypatch.setenv("HF_HUB_DISABLE_UPDATE_CHECK", "1")
    names: dict[str, object] = {}
    with ExitStack() as stack:
        address = ""
        for kind, text in blocks(page, "python", "console"):
            if ADDRESS in text or text.startswith("$ hf "):
                address = address or stack.enter_context(site_over(tmp_path / "home"))
                monkeypatch.setenv("HF_ENDPOINT", address)
            if kind == "python":
                exec(compile(text.replace(ADDRESS, address), page.name, "exec"), names)
            else:
                run_console(text.replace(ADDRESS, address) if address else text)


@contextmanager
def site_over(home: Path) -> Iterator[str]:
    """What `broadsheet serve` would serve at this point of a page; gives its address."""
    with library.open(home) as opened, served(app.create(opened, config.read(home))) as address:
        yield address


def run_console(text: str) -> None:
    for step in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        line, _, wanted = step.partition("\n")
        program, *arguments = shlex.split(line)
        if program == "cat":
            Path(arguments[-1]).write_text(wanted, "utf-8")  # "$ cat > file" shows the file it makes
            continue
        if program == "hf":
            done = subprocess.run(
                [Path(sys.executable).with_name("hf"), *arguments], capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, f"{line}\n{done.stderr}"
            assert doctest.OutputChecker().check_output(wanted, done.stdout, ELLIPSIS), f"{line}\n{done.stdout}"
            continue
        assert program == "broadsheet", line
        result = CliRunner().invoke(command, arguments)
        assert result.exit_code == 0, f"{line}\n{result.output}"
        assert doctest.OutputChecker().check_output(wanted, result.stdout, ELLIPSIS), f"{line}\n{result.output}"
