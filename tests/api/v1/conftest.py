"""Our own API over a place with a private group, asked as people and as their tokens."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from broadsheet import api
from broadsheet.types import ANYONE, Actor, Scope
from broadsheet.web.patience import patient
from tests.clients import TestClient
from tests.private.worlds import World, place
from tests.visitors import asking

UNLIMITED = api.Quotas(0, 0, 0)
As = Callable[..., TestClient]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Five papers, six people, a group, a few words said."""
    with place(tmp_path_factory.mktemp("v1") / "home", private=True) as made:
        yield made


@pytest.fixture(scope="module")
def ask(world: World) -> As:
    """A client of somebody ("" is a passer-by), with a token of these scopes where there are any."""
    app = api.create(world.library, patient=patient, quotas=UNLIMITED)

    def as_(name: str = "", *scopes: Scope) -> TestClient:
        actor: Actor = world.people[name] if name else ANYONE
        if scopes:
            actor = replace(actor, scopes=frozenset(scopes))
        return TestClient(asking(app, actor), base_url="http://papers.example/api/v1", follow_redirects=False)

    return as_
