"""The same tests with older versions of the clients, each in an environment of its own: `make compat`.

    python -m tests.compat.versions [FOLDER]

The environments are made in FOLDER (build/compat) and kept; making them needs a package index. The server runs in this
process, so that a client's environment holds nothing but the client and pytest.
"""

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from tests.compat.corpus import serving
from tests.conftest import ROOT

CLIENTS = {
    "huggingface_hub": ("test_hub.py", ("0.26.0", "0.36.0", "1.2.3", "2.4.0")),
    "arxiv": ("test_arxiv.py", ("1.4.8", "2.1.3", "2.4.1", "4.0.2")),
}
# The conftest of all tests needs more than these environments have.
ALONE = ("-q", "-o", "filterwarnings=default", "--confcutdir=tests/compat")
BESIDE = ("pytest", "pytest-randomly", "pytest-socket", "pytest-timeout", "requests", "setuptools<81")


def main(folder: Path) -> int:
    """Runs every version's tests; the exit status is how many versions failed."""
    failed = []
    with tempfile.TemporaryDirectory() as home, serving(Path(home)) as address:
        for client, (tests, versions) in CLIENTS.items():
            for version in versions:
                python = environment(folder, client, version)
                sys.stderr.write(f"{client} {version}\n")
                done = subprocess.run(
                    [python, "-m", "pytest", *ALONE, f"tests/compat/{tests}"],
                    cwd=ROOT,
                    env={**os.environ, "BROADSHEET_COMPAT_ADDRESS": address},
                    check=False,
                )
                failed += [f"{client} {version}"] if done.returncode else []
    sys.stderr.write(f"failed: {', '.join(failed)}\n" if failed else "every version passed\n")
    return len(failed)


def environment(folder: Path, client: str, version: str) -> Path:
    """The Python of an environment with this version; made where it is not there yet."""
    home = folder / f"{client}-{version}"
    python = home / "bin" / "python"
    if not (home / "made").exists():
        venv.create(home, with_pip=True, clear=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, f"{client}=={version}", *BESIDE], check=True)
        (home / "made").touch()
    return python


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "compat").absolute()))
