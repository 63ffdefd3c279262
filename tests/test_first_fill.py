"""A first fill that is killed, as a process among processes: the benchmark, small, on invented papers."""

import re
import subprocess
import sys

from tests.conftest import ROOT


def test_a_first_fill_that_is_killed_ends_complete_and_without_duplicates() -> None:
    script = [sys.executable, "benchmarks/first_fill.py", "--invented", "2000", "--page", "100", "--kills", "3"]
    done = subprocess.run([*script, "--formats", "arXiv"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    first, night = re.findall(r"^(?:first fill|the night), arXiv +(.*)$", done.stdout, re.MULTILINE)
    listed, requests, kills = first.split()[:3]
    assert (listed, kills) == ("2,000", "3")
    assert 20 <= int(requests) <= 23  # each kill costs the page it was in
    assert night.split()[0] == "1,105"
    assert "800 new, 300 changed, 5 deleted" in done.stdout
