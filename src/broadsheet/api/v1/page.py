"""The description of the API as a page to be read: no script, one stylesheet of ours, nothing from elsewhere."""

import hashlib
from functools import cache
from importlib import resources
from typing import Any

from fastapi import FastAPI
from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import Response

from broadsheet.api.problems import TITLES, name

_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_EXPLAINED = {
    400: "Something of the address or the body cannot be used. `errors` says which field, `detail` what to write.",
    401: "This needs an account: send a personal access token.",
    403: "This account, or this token's scopes, may not do this.",
    404: "There is no such thing here; or there is nothing at this address.",
    405: "The address is right, the method is not: `Allow` names those that are.",
    409: "What is here already forbids it: somebody else was faster, or the same key is still being done.",
    412: "It was changed since you read it. Read it again, and decide anew.",
    413: "The body is too long.",
    415: "Bodies are JSON, and say so.",
    422: "This Idempotency-Key was used for something else.",
    428: "Say what you saw before you change it: a comment's `edit`, an ETag in `If-Match`, your name.",
    429: "Too often in a stretch of time. `Retry-After` says when to go on.",
    500: "A fault of ours.",
    503: "Not now: somebody else holds what is needed, or a source does not answer. `Retry-After` says when.",
}


def page(app: FastAPI, request: Request) -> Response:
    """The page."""
    text = _written(app)
    mark = f'"{hashlib.blake2b(text, digest_size=12).hexdigest()}"'
    headers = {"Content-Security-Policy": _POLICY, "ETag": mark, "Cache-Control": "no-cache"}
    known = request.headers.get("if-none-match", "").strip()
    if known == "*" or mark in known:
        return Response(status_code=304, headers=headers)
    return Response(text, headers=headers, media_type="text/html; charset=utf-8")


def style(_request: Request) -> Response:
    """Its stylesheet."""
    headers = {"Cache-Control": "public, max-age=3600"}
    return Response(_file("page.css"), headers=headers, media_type="text/css; charset=utf-8")


@cache
def _written(app: FastAPI) -> bytes:
    template = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(_file("page.html"))
    described = app.openapi()
    subjects = [
        {"name": tag["name"], "about": tag["description"], "operations": _operations(described, tag["name"])}
        for tag in described["tags"]
    ]
    problems = [(name(status), status, title, _EXPLAINED[status]) for status, title in TITLES.items()]
    nouns = sorted(described["components"]["schemas"].items())
    return template.render(api=described, subjects=subjects, problems=problems, nouns=nouns, kind=_kind).encode()


def _operations(described: dict[str, Any], tag: str) -> list[dict[str, Any]]:
    found = []
    for path, methods in described["paths"].items():
        for method, one in methods.items():
            if tag in one["tags"]:
                found.append({"method": method.upper(), "path": path, **_facts(one)})
    return found


def _facts(one: dict[str, Any]) -> dict[str, Any]:
    """What a reader is told of an operation."""
    scopes = [scope for way in one.get("security", ()) for scope in way.get("token", ())]
    body = one.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    answers = [
        (status, answer.get("content", {}).get("application/json", {}).get("schema"))
        for status, answer in one["responses"].items()
        if status.startswith("2")
    ]
    return {
        "id": one["operationId"],
        "summary": one["summary"],
        "description": one.get("description", ""),
        "parameters": [given for given in one.get("parameters", ()) if "name" in given],
        "body": body,
        "answers": answers,
        "scope": scopes[0] if scopes and {} not in one["security"] else "",
    }


def _kind(schema: dict[str, Any] | None) -> list[tuple[str, str]]:
    """A type in words: pieces of text, each with the noun that it leads to, or ""."""
    if not schema:
        return [("anything", "")]
    if "$ref" in schema:
        noun = schema["$ref"].rpartition("/")[2]
        return [(noun, noun)]
    for joint in ("anyOf", "allOf", "oneOf"):
        if joint in schema:
            parts = [_kind(one) for one in schema[joint]]
            return [piece for at, part in enumerate(parts) for piece in ([(" or ", "")] if at else []) + part]
    if schema.get("type") == "array":
        return [("list of ", ""), *_kind(schema.get("items"))]
    if "enum" in schema:
        return [(" | ".join(map(str, schema["enum"])), "")]
    return [(str(schema.get("const", schema.get("type", "anything"))), "")]


def _file(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")
