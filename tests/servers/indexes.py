"""What indexes of papers and of code say of invented papers: OpenAlex, Crossref, Semantic Scholar, GitHub, Zotero.

Each is a function of a question, made from what it knows. The shapes are those of the services' own documentation.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from tests.servers.kit import Asked, Reply

JSON = "application/json"


def answer(value: object, status: int = 200, headers: Mapping[str, object] | None = None) -> Reply:
    """A JSON answer."""
    fields = {name: str(text) for name, text in (headers or {}).items()}
    return Reply(json.dumps(value).encode(), status, fields, JSON)


@dataclass
class OpenAlexWeb:
    """Works by DOI (lower case). `left` is what remains of the budget, one less after each question."""

    works: Mapping[str, Mapping[str, Any]]
    key: str = "k3y"
    left: float = 1_000.0

    def __call__(self, asked: Asked) -> Reply:
        if asked.query.get("api_key") != self.key:
            return answer({"error": "Unauthorized"}, 401)
        if self.left <= 0:
            return answer({"error": "Rate limit exceeded"}, 429, {"X-RateLimit-Remaining": 0})
        self.left -= 1
        wanted = asked.query["filter"].removeprefix("doi:").split("|")
        assert len(wanted) <= 50
        results = [self.works[doi] for doi in wanted if doi in self.works]
        return answer({"meta": {"count": len(results)}, "results": results}, 200, {"X-RateLimit-Remaining": self.left})


@dataclass
class CrossrefWeb:
    """Works by DOI. A DOI in `invalid` spoils every question that holds it."""

    works: Mapping[str, Mapping[str, Any]]
    invalid: str = ""

    def __call__(self, asked: Asked) -> Reply:
        if asked.path != "/works":
            work = self.works.get(unquote(asked.path.removeprefix("/works/")))
            return answer({"status": "ok", "message": work}) if work else Reply(b"Resource not found.", 404)
        wanted = [part.removeprefix("doi:") for part in asked.query["filter"].split(",")]
        if self.invalid in wanted:
            return answer({"status": "failed", "message": [{"type": "filter-not-available"}]}, 400)
        items = [self.works[doi] for doi in wanted if doi in self.works]
        return answer({"status": "ok", "message": {"total-results": len(items), "items": items}})


@dataclass
class ScholarWeb:
    """Papers by the names they are asked for."""

    papers: Mapping[str, Mapping[str, Any]]

    def __call__(self, asked: Asked) -> Reply:
        wanted = json.loads(asked.body)["ids"]
        assert 1 <= len(wanted) <= 500
        fields = {field.partition(".")[0] for field in asked.query["fields"].split(",")} | {"paperId"}
        known = [self.papers.get(name) for name in wanted]
        found = [one and {name: value for name, value in one.items() if name in fields} for one in known]
        return answer(found) if any(found) else answer({"error": "No valid paper ids given"}, 400)


@dataclass
class GitHubWeb:
    """Stars by repository. `moved` are old names; `left` is what remains of the hour's allowance."""

    stars: Mapping[str, int]
    token: str = "t0ken"
    moved: Mapping[str, str] = field(default_factory=dict)
    left: int = 60

    def __call__(self, asked: Asked) -> Reply:
        limits = {"X-RateLimit-Remaining": max(0, self.left - 1), "X-RateLimit-Reset": 1_795_177_000}
        self.left -= 1
        if asked.headers.get("authorization", f"Bearer {self.token}") != f"Bearer {self.token}":
            return answer({"message": "Bad credentials"}, 401)
        if self.left < 0:
            return answer({"message": "API rate limit exceeded"}, 403, limits)
        if asked.path == "/graphql":
            return answer(self._graphql(json.loads(asked.body)), 200, limits)
        name = asked.path.removeprefix("/repos/")
        if name in self.moved:
            return Reply(b"", 301, {"Location": f"/repos/{self.moved[name]}"})
        if name not in self.stars:
            return answer({"message": "Not Found"}, 404, limits)
        return answer({"full_name": name, "stargazers_count": self.stars[name]}, 200, limits)

    def _graphql(self, question: Mapping[str, Any]) -> dict[str, Any]:
        given = question["variables"]
        data: dict[str, Any] = {}
        errors: list[dict[str, Any]] = []
        for n in range(len(given) // 2):
            assert f"r{n}: repository(owner: $o{n}, name: $n{n}) {{ stargazerCount }}" in question["query"]
            name = f"{given[f'o{n}']}/{given[f'n{n}']}"
            count = self.stars.get(self.moved.get(name, name))
            data[f"r{n}"] = None if count is None else {"stargazerCount": count}
            if count is None:
                errors.append({"type": "NOT_FOUND", "path": [f"r{n}"], "message": "Could not resolve"})
        return {"data": data, **({"errors": errors} if errors else {})}


@dataclass
class ZoteroWeb:
    """A library whose items have versions. Without `server` it is an older Zotero, which has no pages either."""

    items: Sequence[Mapping[str, Any]]
    version: int = 10
    server: str = "desk"

    def __call__(self, asked: Asked) -> Reply:
        assert asked.path == "/api/users/0/items/top"
        assert asked.headers["zotero-api-version"] == "3"
        since, start = int(asked.query["since"]), int(asked.query["start"])
        changed = [item for item in self.items if not since or item["version"] > since]
        if not self.server:
            return answer(changed)
        page = changed[start : start + int(asked.query["limit"])]
        more = start + len(page) < len(changed)
        link = '<http://127.0.0.1:1/api/users/0/items/top?start=2>; rel="next", ' if more else ""
        return answer(
            page,
            200,
            {
                "Zotero-Server-ID": self.server,
                "Last-Modified-Version": self.version,
                "Total-Results": len(changed),
                "Link": f'{link}<http://127.0.0.1:1/>; rel="last"',
            },
        )
