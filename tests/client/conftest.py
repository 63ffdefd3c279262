"""A place with a private group and much said in it, behind a server: what programs and the command line ask."""

from collections.abc import Iterator

import pytest

from broadsheet import app as composition
from broadsheet import config
from tests.e2e.site import served
from tests.private.worlds import World, place


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The place."""
    with place(tmp_path_factory.mktemp("world") / "home", private=True) as made:
        yield made


@pytest.fixture(scope="module")
def address(world: World) -> Iterator[str]:
    """A live server over it."""
    with served(composition.create(world.library, config.read(world.library.home, {}))) as found:
        yield found
