"""Requests drawn from the API's own description, and against it, as schemathesis draws them; and how they are judged.

What is drawn is the same in every run. Each operation is asked in turn by a passer-by, a reader and an administrator.
"""

import json
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode

from broadsheet.api.v1.making import description
from tests.clients import TestClient
from tests.private.worlds import OTHER, PAPER

FITTING: Mapping[str, tuple[object, ...]] = {
    "paper": (PAPER, OTHER, "hep-th/9901001"), "number": (1, 2, 3), "name": ("ada", "eve"), "key": ("2026-11-20",),
    "person": ("bob",), "topic": ("sheep",), "kind": ("keyword", "author"), "span": ("day", "month"),
    "file": ("a-1",),
}  # fmt: skip
APART = {"rebuild_index"}  # it goes on in a thread of its own


@dataclass
class Judged:
    """What came of the requests: how many of each status, and which answers were not as they should be."""

    seen: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def schema() -> Any:
    """The description, as schemathesis reads it."""
    return schemathesis.openapi.from_dict(description())


def names(whole: Any) -> Iterator[tuple[str, Any]]:
    """Every operation by its name."""
    for found in whole.get_all_operations():
        operation = found.ok()
        name = operation.definition.raw["operationId"]
        if name not in APART:
            yield name, operation


def ask(operation: Any, clients: Mapping[str, TestClient], examples: int, judged: Judged, *, begin: int = 8) -> None:
    """Asks one operation so many times with what fits its description, and as often with what does not.

    What is drawn depends on `begin` alone.
    """
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that it cannot make everything wrong, say
            strategy = operation.as_strategy(generation_mode=mode)

        @seed(begin)
        @settings(
            max_examples=examples, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=strategy)
        def one(case: Any) -> None:
            turn = sum(judged.seen.values())
            who = list(clients)[turn % len(clients)]
            if turn // len(clients) % 2:
                _fit(case, turn)
            _ask(case, who, clients[who], judged)

        one()


def _fit(case: Any, turn: int) -> None:
    """Half of the requests are about what is there, so that they come further than to be told that it is not."""
    for name in case.path_parameters or ():
        if name in FITTING:
            case.path_parameters[name] = FITTING[name][turn % len(FITTING[name])]
    for name in ("fields", "cursor"):
        (case.query or {}).pop(name, None)


def _ask(case: Any, who: str, client: TestClient, judged: Judged) -> None:
    made = case.as_transport_kwargs()
    sent = {
        "params": made.get("params"),
        "content": json.dumps(made["json"]) if "json" in made else made.get("data") or made.get("content"),
        "headers": {
            name.encode(): str(value).encode("utf-8", "replace")
            for name, value in dict(made.get("headers") or {}).items()
            if not name.startswith(("X-Schema", "User-Agent"))
        },
    }
    answer = client.request(made["method"], made["url"].removeprefix("/api/v1"), **sent)
    judged.seen[answer.status_code] += 1
    shown = f"{who}: {made['method']} {made['url']} {sent} -> {answer.status_code} {answer.text[:300]}"
    kind = answer.headers.get("content-type", "")
    if answer.status_code >= 500 or (answer.status_code >= 400 and kind != "application/problem+json"):
        judged.wrong.append(shown)
    elif answer.status_code < 300 and answer.content and "fields" not in (sent["params"] or {}):
        found = case.operation.definition.raw["responses"].get(str(answer.status_code), {})
        if problem := _unlike(case.operation, found, answer.json()):
            judged.wrong.append(f"{shown}\n  is not as described: {problem}")


def _unlike(operation: Any, described: Mapping[str, Any], body: Any) -> str:
    """What of an answer is not as the description says; "" if it is."""
    import jsonschema_rs

    inner = described.get("content", {}).get("application/json", {}).get("schema")
    if inner is None:
        return "no body is described"
    whole = {**inner, "components": operation.schema.raw_schema["components"]}
    problem = next(iter(jsonschema_rs.Draft202012Validator(whole).iter_errors(body)), None)
    return "" if problem is None else f"{problem.instance_path}: {problem.message[:300]}"
