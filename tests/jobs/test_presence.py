"""Which workers are alive: told by locks that die with their process."""

import subprocess
import sys
from pathlib import Path

import pytest

from broadsheet.jobs import Presence

CHILD = """
import sys
from pathlib import Path
from broadsheet.jobs import Presence
with Presence(Path(sys.argv[1])).shown() as name:
    print(name, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "workers"


def test_names_are_never_the_same_and_fit_a_file(folder: Path) -> None:
    presence = Presence(folder)
    with presence.shown() as one, presence.shown() as other:
        assert one != other
        assert {path.stem for path in folder.iterdir()} == {one, other}
        assert presence.dead() == set()
    assert presence.dead() == {one, other}


def test_who_lives_is_not_gone_and_who_was_killed_is(folder: Path) -> None:
    presence = Presence(folder)
    words = [sys.executable, "-c", CHILD, str(folder)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        name = child.stdout.readline().strip()
        assert presence.dead() == set()
        child.kill()
        child.wait(60)
    assert presence.dead() == {name}
    assert presence.dead(but=name) == set()
    presence.forget({name})
    assert presence.dead() == set()


def test_before_the_first_worker_nobody_is_dead(folder: Path) -> None:
    assert Presence(folder).dead() == set()
