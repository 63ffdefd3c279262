"""What tests of live sources share."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from broadsheet.fetching import Client
from tests.servers import kit

Clients = Callable[..., Client]
"""Makes clients that may ask local servers; the arguments are those of `kit.client`."""


@pytest.fixture
def client() -> Iterator[Clients]:
    """Clients that are closed when the test is over."""
    with ExitStack() as stack:
        yield lambda *given, **settings: stack.enter_context(kit.client(*given, **settings))
