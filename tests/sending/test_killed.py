"""Sending while workers are killed: the benchmark, small, with processes that are really killed."""

import re
import subprocess
import sys

from tests.conftest import ROOT


def test_no_letter_is_lost_though_workers_are_killed_and_the_server_fails() -> None:
    script = [sys.executable, "benchmarks/mail.py", "--readers", "150", "--kills", "2", "--only", "outbox"]
    done = subprocess.run(script, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    *_, row = done.stdout.splitlines()
    readers, lost, copies, bound, names, late, _, _ = map(int, re.findall(r"\d+", row))
    assert (readers, lost, names, late) == (150, 0, 0, 0)
    assert copies <= bound
    assert "2 kills" in done.stdout


def test_the_naive_loop_does_lose_letters() -> None:
    """The harness can tell: what it is for would otherwise not be seen to be missed."""
    script = [
        sys.executable,
        "benchmarks/mail.py",
        "--readers",
        "150",
        "--kills",
        "1",
        "--only",
        "naive",
        "--seed",
        "1",
    ]
    done = subprocess.run(script, cwd=ROOT, capture_output=True, text=True, check=False)
    *_, row = done.stdout.splitlines()
    _, lost, copies, *_ = map(int, re.findall(r"\d+", row))
    assert lost + copies > 0, done.stdout + done.stderr
