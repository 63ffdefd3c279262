"""The house stands as it is drawn: floors, ceilings, and what an import may cost."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

SOURCES = sorted((ROOT / "src").rglob("*.py"))
TEXT_KINDS = {".py", ".md", ".toml", ".html", ".css", ".js", ".lock", ".jsonl", ""}


def committed() -> list[Path]:
    """The text files that git holds, or would."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    return [path for name in names if name and (path := ROOT / name).suffix in TEXT_KINDS and path.is_file()]


def test_imports_go_down_only() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_no_file_passes_the_ceiling() -> None:
    long = {path.name: n for path in SOURCES if (n := len(path.read_text("utf-8").splitlines())) > 400}
    assert not long


def test_functions_rarely_pass_sixty_lines() -> None:
    functions = [
        (node.name, node.end_lineno - node.lineno + 1)
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None
    ]
    assert [function for function in functions if function[1] > 80] == []
    assert sum(lines > 60 for _, lines in functions) <= len(functions) // 100


def test_every_module_says_what_it_is_for() -> None:
    silent = [path for path in SOURCES if not ast.get_docstring(ast.parse(path.read_text("utf-8")))]
    assert silent == []


@pytest.mark.parametrize(
    "heavy",
    [
        "torch",
        "alembic",
        "latex2mathml",
        "tokenizers",
        "starlette",
        "bibtexparser",
        "jinja2",
        "argon2",
        "webauthn",
        "cryptography",
    ],
)
def test_importing_the_library_loads_nothing_heavy(heavy: str) -> None:
    code = f"import sys, broadsheet; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_tree_holds_no_path_of_a_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in committed()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(r"(?<![\w.~}/])/(?:work|root|home/\w+|Users/\w+)/", line)
    ]
    assert found == []
