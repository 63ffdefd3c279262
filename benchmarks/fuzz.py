"""Fifty thousand requests that nobody would make: does anything here ever answer that it broke?

Half are drawn from the description of our own API by schemathesis, as fits it and against it; half are the other faces'
(Hugging Face's and arXiv's addresses, OAI-PMH, pages), made as tests/api/test_anything.py makes them. A passer-by, a
reader and an administrator ask in turn. The place has ordinary papers, strange ones and hostile ones, and a private
group. Needs the development dependencies.

    python benchmarks/fuzz.py [REQUESTS] [--seed N] [--only ours|others]
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from broadsheet import api, web
from broadsheet.app import Faces
from broadsheet.types import ANYONE
from broadsheet.web.patience import patient
from tests.api import test_anything as others
from tests.api.v1.drawn import Judged, ask, names, schema
from tests.clients import TestClient
from tests.private.worlds import World, place
from tests.visitors import asking


def main() -> None:
    """Asks, and prints a table; leaves with 1 if anything broke."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("requests", nargs="?", type=int, default=50_000)
    words.add_argument("--seed", type=int, default=8)
    words.add_argument("--only", choices=("ours", "others"), help="all requests to one half")
    asked = words.parse_args()
    half = asked.requests if asked.only else asked.requests // 2
    print("| face | requests | 2xx | 3xx | 4xx | 5xx | not as described | seconds |\n|---|---|---|---|---|---|---|---|")
    broken = 0
    with tempfile.TemporaryDirectory() as folder, place(Path(folder) / "home", private=True) as world:
        if asked.only != "others":
            began = time.perf_counter()
            ours = _ours(world, half, asked.seed)
            _row("our own API", ours.seen, len(ours.wrong), time.perf_counter() - began)
            for line in ours.wrong[:20]:
                print(line)
            broken += len(ours.wrong)
        if asked.only != "ours":
            began = time.perf_counter()
            rest = asyncio.run(_others(world, half, asked.seed))
            _row("the other faces", rest, 0, time.perf_counter() - began)
            broken += sum(count for status, count in rest.items() if status >= 500)
    sys.exit(1 if broken else 0)


def _ours(world: World, requests: int, seed: int) -> Judged:
    """Our own API, each operation as often as the others."""
    app = api.create(world.library, patient=patient, quotas=api.Quotas(0, 0, 0))
    actors = {"a passer-by": ANYONE, "a reader": world.people["ada"], "an administrator": world.people["root"]}
    clients = {
        who: TestClient(asking(app, actor), base_url="http://papers.example/api/v1", raise_server_exceptions=False)
        for who, actor in actors.items()
    }
    judged, every = Judged(), list(names(schema()))
    for at, (_, operation) in enumerate(every):
        left = requests - sum(judged.seen.values())
        ask(operation, clients, max(1, round(left / 2 / (len(every) - at))), judged, begin=seed)
    return judged


async def _others(world: World, requests: int, seed: int) -> Counter[int]:
    """The other faces."""
    site = web.Site()
    machines = api.create(world.library, patient=patient, quotas=api.Quotas(0, 0, 0))
    faces = Faces(web.create(world.library, site), machines, web.refusing(world.library, site))
    apps = [asking(faces, actor) for actor in (ANYONE, world.people["ada"], world.people["root"])]
    seen: Counter[int] = Counter()
    for at, scope in enumerate(others.requests(requests, seed)):
        shown = {name: scope[name] for name in ("method", "raw_path", "query_string", "headers", "body")}
        status, _, _ = await others.ask(apps[at % len(apps)], scope)
        seen[status] += 1
        if status >= 500:
            print(shown, status)
    return seen


def _row(face: str, seen: Counter[int], wrong: int, seconds: float) -> None:
    hundreds = [sum(count for status, count in seen.items() if status // 100 == first) for first in (2, 3, 4, 5)]
    cells = [f"{sum(seen.values()):,}", *(f"{count:,}" for count in hundreds), f"{wrong:,}", f"{seconds:,.0f}"]
    print(f"| {face} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
