"""Every address of the faces, as the applications themselves list them, filled with what a prober would try."""

import itertools
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from starlette.routing import Route
from starlette.types import ASGIApp

from broadsheet import api, feeds, web
from broadsheet.types import Actor
from broadsheet.web.patience import patient
from tests.clients import TestClient
from tests.conftest import NOW
from tests.private.worlds import NAME, OTHER, World
from tests.visitors import asking

CSRF = "0" * 64
ELSEWHERE = "/api/v1"  # asked by tests/api/v1/test_private.py


class Face(NamedTuple):
    """A face as somebody meets it: what to ask with, and all that it answers."""

    client: TestClient
    routes: list[Route]


def faces(world: World, actor: Actor) -> list[Face]:
    """The pages, the machines' addresses, and the feeds."""
    site = feeds.Site("Broadsheet", "http://testserver")
    pages = web.create(world.library, web.Site())
    made = [
        pages,
        api.create(world.library, patient=patient, quotas=api.Quotas(0, 0, 0)),
        feeds.create(world.library, site, patient=patient, pages=pages, clock=lambda: NOW),
    ]
    visitor = {"csrf": CSRF, "browser": "b" * 43}
    return [Face(TestClient(asking(app, actor, **visitor), follow_redirects=False), routes_of(app)) for app in made]


def routes_of(app: ASGIApp) -> list[Route]:
    """What an application answers, whatever is wrapped around it."""
    while not hasattr(app, "routes"):
        app = next(value for name in ("app", "_app") if (value := getattr(app, name, None)) is not None)
    unlike = [route for route in app.routes if not isinstance(route, Route) and route.path != ELSEWHERE]
    assert unlike == [], "say in tests/private/faces.py how to ask these"
    return [route for route in app.routes if isinstance(route, Route)]


def pools(group: str, comments: tuple[int, ...]) -> Mapping[str, tuple[str, ...]]:
    """What a prober would put into each parameter of an address."""
    return {
        "name": (group,),
        "secret": ("y" * 43,),
        "person": ("bob",),
        "handle": ("ada",),
        "key": ("2026-11-20", "2026-W47", "2026-11"),
        "number": (str(comments[0]), str(comments[2]), "1"),
        "id": (OTHER, "hep-th/9901001"),
        "kind": ("comment", "submission", "person"),
        "topic": ("cs.LG",),
        "word": (NAME,),
        "token": ("t" * 43,),
    }


def query(group: str, comments: tuple[int, ...]) -> str:
    """All that addresses may carry, at once."""
    number = comments[0] if comments else 1
    return (
        f"group={group}&circle={group}&q={NAME}&query={NAME}&search_query=all:{NAME}&paper={OTHER}&person=ada&by=ada"
        f"&at={number}&order=newest&sort=date&page=1&limit=50&window=week&signals=votes&sent=1&before=9"
        "&verb=ListRecords&metadataPrefix=oai_dc"
    )


def addresses(route: Route, pool: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """The addresses of a route, its parameters filled in every way."""
    names = re.findall(r"{(\w+)(?::\w+)?}", route.path)
    unknown = set(names) - pool.keys()
    assert not unknown, f"{route.path}: say in tests/private/faces.py what a prober would put for {sorted(unknown)}"
    of_people = {"name": "handle"} if not route.path.startswith("/groups") else {}
    for values in itertools.product(*(pool[of_people.get(name, name)] for name in names)):
        given = iter(values)
        path = re.sub(r"{\w+(?::\w+)?}", lambda _: next(given), route.path)  # noqa: B023 - used up at once
        yield path


def form(group: str, comments: tuple[int, ...]) -> dict[str, str]:
    """All that a form may carry, at once."""
    number = str(comments[0] if comments else 7)
    return {
        "csrf": CSRF, "group": group, "name": group, "circle": group, "paper": OTHER, "up": OTHER, "on": OTHER,
        "text": "Probing.", "comment": "Probing.", "note": "Probing.", "shown": "Probing", "about": "Probing.",
        "reason": "Probing.", "number": number, "parent": number, "person": "bob", "to": "eve", "edit": "1",
        "days": "3", "uses": "3", "link": "1", "back": f"/groups/{group}", "author": "Ada Lovelace", "outcome": "none",
    }  # fmt: skip


# What differs from one asking to the next, whatever is there.
CHANGING = (
    (re.compile(r"\d[\d.,]* (?:bytes|kB|MB|GB)"), "SIZE"),
    (re.compile(r"(?:under )?\d[\d.,]* (?:ms|seconds?)\b"), "TIME"),
    (re.compile(r"(?<![\w-])[\w-]{43}(?![\w-])"), "SECRET"),
    (re.compile(r"bs_[\w-]+"), "TOKEN"),
    (re.compile(r"(?<=-)[bcdfghjkmnpqrstvwxz2-9]{6}\b"), "CHANCE"),
    (re.compile(r"(?<=Circle\(number=)\d+"), "CHANCE"),
    # When machines were answered: a feed of arXiv's kind, and OAI-PMH.
    (re.compile(r"(?<=<updated>)[^<]*(?=</updated>\s*<link href=\"[^\"]*/api/query)"), "NOW"),
    (re.compile(r"(?<=<responseDate>)[^<]*"), "NOW"),
)


def told(answer: Any) -> tuple[int, dict[str, str], str]:
    """All that an answer tells: status, headers and body, but for what changes from one asking to the next."""
    body = answer.text
    plain = body
    for pattern, word in CHANGING:
        plain = pattern.sub(word, plain)
    apart = {"date", "set-cookie"} | ({"etag", "content-length"} if plain != body else set())
    headers = {name: value for name, value in answer.headers.items() if name not in apart}
    for pattern, word in CHANGING:
        headers = {name: pattern.sub(word, value) if name == "location" else value for name, value in headers.items()}
    return answer.status_code, headers, plain
