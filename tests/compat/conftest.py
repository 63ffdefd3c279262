"""One server for all clients: our own, or the one that `tests.compat.versions` has started beside an older client."""

import os
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the server is."""
    if given := os.environ.get("BROADSHEET_COMPAT_ADDRESS"):
        yield given
        return
    from tests.compat.corpus import serving

    with serving(tmp_path_factory.mktemp("compat")) as base:
        yield base
