"""The machines' addresses over an invented library, asked as programs ask."""

from collections.abc import Iterator

import pytest

from broadsheet import api
from broadsheet.library import Library
from broadsheet.web.patience import patient
from tests.clients import TestClient
from tests.e2e.site import SPECIAL, filled, hostile, ordinary

UNLIMITED = api.Quotas(0, 0, 0)


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Ordinary papers, strange ones and hostile ones."""
    with filled(tmp_path_factory.mktemp("api"), ordinary(), SPECIAL, hostile()) as opened:
        yield opened


@pytest.fixture(scope="session")
def client(shelf: Library) -> TestClient:
    """Raises what the server would log."""
    return TestClient(api.create(shelf, patient=patient, quotas=UNLIMITED))
