"""Whatever is sent to our own API, no answer says that it broke, and each is as the description says.

BROADSHEET_FUZZ asks each operation more often; benchmarks/fuzz.py asks 50,000 times.
"""

import os
from collections.abc import Iterator

import pytest

from broadsheet import api
from broadsheet.types import ANYONE
from broadsheet.web.patience import patient
from tests.api.v1.conftest import UNLIMITED
from tests.api.v1.drawn import Judged, ask, names, schema
from tests.clients import TestClient
from tests.private.worlds import World, place
from tests.visitors import asking

EXAMPLES = int(os.environ.get("BROADSHEET_FUZZ", "1"))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with place(tmp_path_factory.mktemp("fuzz") / "home", private=True) as made:
        yield made


@pytest.mark.timeout(3_600)
def test_whatever_is_drawn_from_the_description_is_answered_as_it_says(world: World) -> None:
    app = api.create(world.library, patient=patient, quotas=UNLIMITED)
    actors = {"a passer-by": ANYONE, "a reader": world.people["ada"], "an administrator": world.people["root"]}
    clients = {
        who: TestClient(asking(app, actor), base_url="http://papers.example/api/v1", raise_server_exceptions=False)
        for who, actor in actors.items()
    }
    judged = Judged()
    for _, operation in names(schema()):
        ask(operation, clients, EXAMPLES, judged)
    print(dict(judged.seen))  # noqa: T201  shown with -s
    assert not judged.wrong, "\n".join(judged.wrong)
    assert {200, 400, 401, 403, 404} <= judged.seen.keys(), judged.seen
    assert sum(judged.seen.values()) > 200
