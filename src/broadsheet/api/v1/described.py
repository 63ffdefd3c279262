"""The description of the API: OpenAPI 3.1, made of the operations, and finished by what FastAPI cannot know.

The nouns stand in it as `wire` writes them. `VERSION` is raised by hand: the last number with what only grows, the
first with what breaks a client.
"""

import re
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from broadsheet.api.problems import MEDIA, PREFIX, TITLES
from broadsheet.api.v1.operations import Operation
from broadsheet.permissions import RULES
from broadsheet.types import Role
from broadsheet.wire import HIDDEN

VERSION = "1.0.0"
Schema = dict[str, Any]
_LISTED = re.compile(r"Listed_(.+)_")
_HIDDEN = {kind.__name__: names for kind, names in HIDDEN.items()}
ABOUT = """\
All that a reader, a moderator or an administrator can do here, for programs.

Answers are JSON. Errors are problem details (RFC 9457). Lists come in stretches: `cursor` leads to the next one, and so
does the `Link` header. `fields` chooses what of an answer is wanted. Reads have an `ETag`. A write with an
`Idempotency-Key` may be sent again: it is done once, and answered the same for 24 hours.

Who writes is known by a personal access token (`Authorization: Bearer bs_…`) with the scope that is named at each
operation; it is made on the settings page. A browser that is signed in may ask from this site's own pages.
"""


def responses(one: Operation) -> dict[int | str, dict[str, Any]]:
    """The answers that say what is wrong, by status."""
    statuses = [400, 404, 429, 503]
    if one.rule:
        statuses += [401, 403]
    if one.method != "GET":
        statuses += [401, 403, 409, 413, 415, 422]
    if one.guarded:
        statuses.append(412)
    if one.name in ("edit_comment", "leave"):
        statuses.append(428)
    found: dict[int | str, dict[str, Any]] = {
        status: {"$ref": f"#/components/responses/{_component(status)}"} for status in sorted(set(statuses))
    }
    return found


def told(one: Operation) -> dict[str, Any]:
    """Who may ask, and which headers are heeded."""
    scope = RULES[one.rule].scope.value if one.rule else "read"
    security: list[dict[str, list[str]]] = [{"token": [scope]}, {"session": []}]
    headers = ["IfNoneMatch"] if one.method == "GET" else ["IdempotencyKey"]
    headers += ["IfMatch"] if one.guarded else []
    return {
        "security": security if one.rule else [{}, *security],
        "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in headers],
    }


def finish(app: FastAPI) -> None:
    """Lets the application give the finished description."""
    made: list[Schema] = []

    def openapi() -> Schema:
        if not made:
            made.append(_finished(app))
        return made[0]

    app.openapi = openapi  # type: ignore[method-assign]


def _finished(app: FastAPI) -> Schema:
    whole: Schema = get_openapi(
        title=app.title, version=app.version, description=ABOUT, routes=app.routes, tags=app.openapi_tags
    )
    whole["servers"] = [{"url": PREFIX}]
    components = whole["components"]
    for name in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(name)
    components["schemas"] = {_renamed(name): schema for name, schema in components["schemas"].items()}
    for part in list(_objects(whole)):
        _tidy(part)
    for name, schema in components["schemas"].items():
        _noun(name, schema)
    for methods in whole["paths"].values():
        for one in methods.values():
            _operation(one)
    components["schemas"]["Role"] = {"type": "string", "enum": [role.name.lower() for role in Role]}
    components["schemas"]["Problem"] = _PROBLEM
    components["responses"] = {_component(status): _problem(status) for status in TITLES if status not in (405, 500)}
    components["parameters"] = _HEADERS
    components["securitySchemes"] = _SECURITY
    return whole


def _renamed(name: str) -> str:
    """What a stretch is called: FastAPI says "Listed_Paper_"."""
    inner = _LISTED.fullmatch(name)
    return f"ListOf{inner[1].removeprefix('Union_').partition('__')[0]}" if inner else name


def _tidy(part: Schema) -> None:
    """One object anywhere in the description."""
    _named_tuple(part)
    if isinstance(part.get("title"), str) and ("type" in part or "anyOf" in part or "$ref" in part):
        del part["title"]  # pydantic says each name twice
    if isinstance(reference := part.get("$ref"), str):
        head, _, name = reference.rpartition("/")
        part["$ref"] = f"{head}/{_renamed(name)}"
    if part.get("in") in ("query", "path") and part["schema"].get("description") == part.get("description"):
        part["schema"].pop("description", None)


def _noun(name: str, schema: Schema) -> None:
    """A noun of ours as `wire` writes it: every field is there. What is sent (nothing else is allowed) stays."""
    fields = schema.get("properties", {})
    for field in _HIDDEN.get(name, ()):
        fields.pop(field)
    if "description" in schema:
        schema["description"] = " ".join(schema["description"].split())
    if fields and schema.get("additionalProperties") is not False:
        schema["required"] = list(fields)
        for inner in fields.values():
            inner.pop("default", None)


def _operation(one: Schema) -> None:
    """FastAPI answers 422 to what this API answers 400 to, and takes the docstring for the description."""
    said = one["responses"].get("422", {})
    if "$ref" not in said:
        one["responses"].pop("422", None)
    if one.get("description", "").rstrip(".") == one["summary"]:
        one.pop("description")


def _component(status: int) -> str:
    return TITLES[status].title().replace(" ", "")


def _problem(status: int) -> Schema:
    headers = {"Retry-After": _RETRY} if status in (409, 429, 503) else {}
    content = {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": TITLES[status], "content": content} | ({"headers": headers} if headers else {})


def _objects(part: Any) -> Iterator[Schema]:
    if isinstance(part, dict):
        yield part
        for one in part.values():
            yield from _objects(one)
    elif isinstance(part, list):
        for one in part:
            yield from _objects(one)


def _named_tuple(schema: Schema) -> None:
    """A named tuple is an object, as `wire` writes it; pydantic takes it for a list of titled items."""
    items = schema.get("prefixItems")
    if not (isinstance(items, list) and items and all("title" in one for one in items)):
        return
    names = [one["title"].lower().replace(" ", "_") for one in items]
    for name in ("prefixItems", "minItems", "maxItems"):
        schema.pop(name, None)
    schema |= {
        "type": "object",
        "properties": dict(zip(names, items, strict=True)),
        "required": names,
    }


_RETRY: Schema = {"description": "In how many seconds to ask again.", "schema": {"type": "integer"}}
_PROBLEM: Schema = {
    "title": "Problem",
    "type": "object",
    "description": "What went wrong (RFC 9457). Some problems say more: `errors` names each field that was refused, "
    "`present` and `yours` are the two texts where an edit was overtaken.",
    "properties": {
        "type": {"type": "string", "description": "An address that explains this kind of problem."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What happened, and what to do."},
        "instance": {"type": "string", "description": "The address that was asked."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"where": {"type": "string"}, "detail": {"type": "string"}},
                "required": ["where", "detail"],
            },
        },
        "retry_after": {"type": "integer", "description": "In how many seconds to ask again."},
    },
    "required": ["type", "title", "status", "detail", "instance"],
}
_HEADERS: Schema = {
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "description": "ETags of answers that are here already: an answer that is the same is 304, without a body.",
        "schema": {"type": "string"},
    },
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "description": "The ETag of what was read: if it has changed since, nothing is done and the answer is 412.",
        "schema": {"type": "string"},
    },
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "A name for this write, a UUID say: sent again within 24 hours it is done once, and answered "
        "the same. What is shown once (`secret`) is null in the second answer.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    },
}
_SECURITY: Schema = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "A personal access token, with the scopes that it was made with.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "session",
        "description": "A browser that is signed in. On an encrypted connection the cookie is `__Host-session`.",
    },
}
