"""An open, empty catalogue, made quickly: the migrations run once, every test gets a copy."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase

from broadsheet.catalogue import Catalogue

# Without explaining a failure: that traces every line of every transaction, for minutes.
QUICK = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)
Fresh = Callable[[], Catalogue]


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an empty catalogue, to be copied."""
    path = tmp_path_factory.mktemp("empty") / "catalogue.db"
    Catalogue.open(path).close()
    return path


@pytest.fixture
def path(tmp_path: Path, empty_database: Path) -> Path:
    """Where an empty catalogue lies."""
    return Path(shutil.copy(empty_database, tmp_path / "catalogue.db"))


@pytest.fixture
def catalogue(path: Path) -> Iterator[Catalogue]:
    """An open, empty catalogue."""
    opened = Catalogue.open(path)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def fresh(empty_database: Path) -> Iterator[Fresh]:
    """Makes an empty catalogue, as often as a property test needs one."""
    opened: list[Catalogue] = []
    with TemporaryDirectory() as folder:

        def make() -> Catalogue:
            for one in opened:
                one.close()
            opened.clear()
            path = Path(shutil.copy(empty_database, Path(folder) / "catalogue.db"))
            for tail in ("-wal", "-shm"):
                path.with_name(path.name + tail).unlink(missing_ok=True)
            opened.append(Catalogue.open(path))
            return opened[0]

        yield make
        for one in opened:
            one.close()
