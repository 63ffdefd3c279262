"""Votes while servers are killed: the benchmark, small, with processes that are really killed."""

import re
import subprocess
import sys

from tests.conftest import ROOT


def test_every_vote_stands_as_it_was_last_acknowledged_though_servers_are_killed() -> None:
    size = ["--acts", "300", "--people", "12", "--papers", "5", "--clients", "6", "--servers", "2", "--kills", "2"]
    script = [sys.executable, "benchmarks/votes.py", "--over", "door", *size]
    done = subprocess.run(script, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    acts, kills, *_, wrong = re.findall(r"[\d,]+", done.stdout.splitlines()[-1])
    assert int(acts.replace(",", "")) >= 300
    assert (kills, wrong) == ("2", "0")
