"""Fixtures that more than one test file needs."""

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

# A shell without job control starts what it puts into the background deaf to Ctrl-C, and its children with it. Commands
# are tested with Ctrl-C, wherever the tests run.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# What a test writes goes into memory where there is room: a catalogue waits for the disk at every commit, and nothing
# here asks what is left after the power is cut. Child processes find what was compiled before them.
_MEMORY = Path("/dev/shm")
if "TMPDIR" not in os.environ and _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > 4 * 2**30:
    os.environ["TMPDIR"] = str(_MEMORY)
    tempfile.tempdir = None
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# A drawn example may take its time: the machine may be busy, and no test here measures it. In CI Hypothesis also draws
# the same examples in every run.
_OURS = settings(
    settings.get_profile("ci" if os.environ.get("CI") else "default"),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("ours", _OURS)
settings.load_profile("ours")


@pytest.fixture
def now() -> datetime:
    """The instant at which every test happens: Friday, 20 November 2026, noon UTC."""
    return NOW


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real papers (BROADSHEET_DATA, default ../shared/data); skips where it is absent."""
    folder = Path(os.environ.get("BROADSHEET_DATA", ROOT.parent / "shared" / "data"))
    if not (folder / "README.md").is_file():
        pytest.skip(f"real papers are not at {folder}: set BROADSHEET_DATA to their folder")
    return folder


@pytest.fixture(scope="session")
def pages_dir(data_dir: Path) -> Path:
    """The folder of the five saved result pages, beside the real papers."""
    folder = data_dir.parent / "pages"
    if not folder.is_dir():
        pytest.skip(f"the saved result pages are not at {folder}")
    return folder


@pytest.fixture(scope="session", autouse=True)
def _shared() -> Iterator[None]:
    """What every test would otherwise make anew."""
    from tests.sharing import shared

    with shared():
        yield
