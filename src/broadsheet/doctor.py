"""What can be wrong with the machine under an installation: rights and space."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from broadsheet.types import Finding

ROOM = 500_000_000


def machine(home: Path) -> Iterator[Finding]:
    """Findings about the machine, as far as `home` needs it."""
    yield Finding("ok", "Python", f"{sys.version.split()[0]} at {sys.executable}")
    if not os.access(home, os.W_OK):
        yield Finding("error", "Home folder", f"{home} cannot be written to.", f"Make it writable: chmod u+w {home}")
        return
    free = shutil.disk_usage(home).free
    if free < ROOM:
        yield Finding(
            "warning",
            "Disk space",
            f"{free / 1e6:,.0f} MB are free where {home} lies.",
            "Free some space: 350,000 papers need about 1.5 GB, and an index rebuild needs room for a second index.",
        )
    else:
        yield Finding("ok", "Disk space", f"{free / 1e9:,.0f} GB free at {home}")
