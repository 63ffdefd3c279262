"""Whatever is asked, no answer says that the server broke. BROADSHEET_REQUESTS asks more than the few thousand."""

import asyncio
import json
import os
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
from lxml import etree
from starlette.types import ASGIApp, Message

from broadsheet import api
from broadsheet.app import Faces
from broadsheet.library import Library
from broadsheet.web import Site, create, refusing
from broadsheet.web.patience import patient
from tests.api.conftest import UNLIMITED
from tests.e2e.site import SPECIAL, filled, hostile, ordinary
from tests.loops import run
from tests.visitors import asking

REQUESTS = int(os.environ.get("BROADSHEET_REQUESTS", "1000"))
PATHS = (
    "/api/daily_papers", "/api/papers/search", "/api/papers", "/api/papers/{}", "/api/arxiv/{}/repos", "/api/whoami-v2",
    "/api/thumbnails/{}", "/api/query", "/papers/{}.md", "/papers/{}", "/api/{}", "/{}", "/oai", "/oai", "/papers",
    "/papers/date/{}", "/papers/month/{}", "/api/papers/index", "/api/papers/submit", "/api/papers/{}/upvote",
    "/api/papers/{}/comment", "/api/papers/{}/comments", "/api/papers/{}/comment/{}/hide", "/sitemap/{}.xml",
    "/opensearch.xml", "/trending", "/trending/rising", "/trending.csv", "/trends", "/topics/{}", "/authors/{}",
    "/categories/{}", "/groups/{}", "/people/{}", "/papers/{}/comments", "/papers/{}/signals.csv", "/papers/{}.bib",
    "/search", "/date/{}", "/week/{}", "/moderation/log", "/inbox", "/settings", "/sign-in/link/{}",
)  # fmt: skip
FIELDS = {
    "/api/daily_papers": ("date", "week", "month", "submitter", "sort", "p", "limit"),
    "/api/papers/search": ("q", "limit", "p", "offset", "sort", "mode", "since", "until", "category", "author", "code"),
    "/api/papers": ("cursor", "limit"),
    "/oai": ("verb", "metadataPrefix", "from", "until", "set", "resumptionToken", "identifier"),
    "/trending": ("window", "signals", "category", "page"),
    "/trending.csv": ("since", "until", "category"),
    "/trends": ("q", "since", "until"),
    "/search": ("q", "since", "until", "category", "author", "sort", "page"),
    "/papers": ("date", "week", "q"),
    "/api/query": ("search_query", "id_list", "start", "max_results", "sortBy", "sortOrder"),
}
VALUES = (
    "", "0", "1", "-1", "10", "99999999999999999999", "1e3", "0x10", "NaN", "٣", "1_0", " 7 ", "true", "null", "[]",
    "2026-11", "2026", "2026-W99", "0000-00-00", "9999-12-31", "2026-02-30", "2026-11-20T10:00Z", "-.5",
    "ti:sheep AND au:del_maestro", "(((ti:a OR b) ANDNOT cat:cs.*", "all:*", "AND OR NOT", "au:" * 40, "(" * 60,
    "submittedDate:[2024 TO 20261131]", "submittedDate:[1 TO 2]", "submittedDate:[202611201200 TO *]",
    "2611.00001v2,hep-th/9901001", "../../etc/passwd", "a" * 4000, "\x00", "\ud800", "💥", "e\u0301", "\u202e",
    "%", "%zz", "<script>", "'; drop table paper; --", "a\r\nX: y", "//", "?#&",
)  # fmt: skip
NUMBERS = ("1", "10", "100", "3", "")
DAYS = ("2026-11-20", "2026-11", "2026-10-05", "")
FITTING = {
    "date": ("2026-11-20", "2026-11-21", "2030-01-01", "2026-11-15"), "week": ("2026-W47", "2027-W01"),
    "month": ("2026-11", "2026-09"), "submitter": ("broadsheet",), "p": ("0", "1", "2"), "offset": ("0", "7"),
    "sort": ("publishedAt",), "mode": ("keyword", "hybrid"), "limit": NUMBERS, "since": DAYS, "until": DAYS,
    "category": ("cs.LG", "cs"), "author": ("hopper",), "code": ("1",), "q": ("sheep", '"sparse attention"', "ti:maps"),
    "cursor": ("2026-11-19.5", "-.5", ""), "start": ("0", "5"), "max_results": NUMBERS,
    "search_query": ("all:sheep", "ti:maps OR ti:kites", "cat:cs.* ANDNOT au:hopper", "submittedDate:[2026 TO 2027]"),
    "id_list": ("2611.00001", "2611.00101,2611.00102v1"), "sortBy": ("submittedDate", "relevance"),
    "sortOrder": ("ascending", "descending"), "verb": ("ListRecords", "ListIdentifiers", "GetRecord", "ListSets"),
    "metadataPrefix": ("arXiv", "oai_dc", "arXivRaw"), "set": ("cs", "cs:cs:LG", "physics"), "from": DAYS,
    "identifier": ("oai:arXiv.org:2611.00001",), "window": ("day", "week", "month"), "signals": ("votes,stars",),
    "": ("2611.00001", "hep-th/9901001", "doi:10.1000/fold.7"),
}  # fmt: skip
METHODS = ("GET",) * 12 + ("HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW")
HEADERS = (
    (b"accept", b"text/markdown"), (b"accept", b"\xff\xfe"), (b"if-modified-since", b"yesterday"),
    (b"authorization", b"Bearer \xff"), (b"content-type", b"multipart/form-data"),
    (b"content-type", b"application/json"), (b"content-type", b"application/json"), (b"host", b"evil.example:99999"),
    (b"content-length", b"-5"), (b"origin", b"null"), (b"accept-encoding", b"br;q=x"), (b"host", b"[::1"),
    (b"range", b"bytes=5-1"),
)  # fmt: skip


def value(chance: random.Random, name: str = "") -> str:
    """Mostly what fits a field; otherwise anything."""
    if name in FITTING and chance.random() < 0.7:
        return chance.choice(FITTING[name])
    one = chance.choice(VALUES)
    if chance.random() < 0.3:
        one += chance.choice(VALUES)
    if chance.random() < 0.1 and one:
        at = chance.randrange(len(one))
        one = one[:at] + chr(chance.randrange(1, 0x2FF)) + one[at:]
    return one


def escaped(text: str, chance: random.Random) -> bytes:
    raw = text.encode("utf-8", "surrogatepass")
    return (
        raw.replace(b" ", b"+") if chance.random() < 0.2 else quote(raw, safe="/:" * (chance.random() < 0.8)).encode()
    )


def said(chance: random.Random) -> bytes:
    """A body as those who write send it, or nearly."""
    names = ("paperId", "arxivId", "comment", "parent", "reason")
    known: tuple[object, ...] = ("2611.00001", "hep-th/9901001", "a comment", 1, None, True, [], {"x": 1}, 1e300)
    body = {name: chance.choice((*known, value(chance))) for name in names if chance.random() < 0.6}
    return json.dumps(body).encode()


def request(chance: random.Random) -> dict[str, Any]:
    """One request, as a server would hand it on."""
    path = chance.choice(PATHS)
    known = FIELDS.get(path, ("q", "x"))
    names = [chance.choice((*known, "x")) for _ in range(chance.randrange(5))]
    pairs = [(name, value(chance, name)) for name in names]
    raw = path.encode().replace(b"{}", escaped(value(chance)[:600], chance))
    query = b"&".join(name.encode() + b"=" + escaped(text, chance) for name, text in pairs)
    method = chance.choice(METHODS)
    bodies = (query, bytes(chance.randrange(256) for _ in range(9)), said(chance))
    body = chance.choice(bodies) if method == "POST" else bodies[1]
    return {
        "type": "http", "http_version": "1.1", "method": method, "scheme": "http", "root_path": "",
        "path": unquote(raw.decode("latin-1")), "raw_path": raw, "query_string": query if method != "POST" else b"",
        "headers": [chance.choice(HEADERS) for _ in range(chance.randrange(3))],
        "client": ("192.0.2.7", 5), "server": ("127.0.0.1", 80), "state": {}, "body": body,
    }  # fmt: skip


async def ask(app: ASGIApp, scope: dict[str, Any]) -> tuple[int, dict[bytes, bytes], bytes]:
    """The status, headers and body of the answer."""
    pieces: list[Message] = [{"type": "http.request", "body": scope.pop("body"), "more_body": False}]
    sent: list[Message] = []
    over = asyncio.Event()

    async def receive() -> Message:
        if pieces:
            return pieces.pop()
        await over.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    over.set()
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], dict(sent[0]["headers"]), body


def requests(count: int, seed: int) -> Iterator[dict[str, Any]]:
    chance = random.Random(seed)
    return (request(chance) for _ in range(count))


@pytest.mark.timeout(3600)
def test_no_request_breaks_the_server(tmp_path: Path) -> None:
    """Every answer is whole, below 500, and in the shape that its address promises, for an administrator too."""
    with filled(tmp_path, ordinary(), SPECIAL, hostile()) as library:
        machines = api.create(library, patient=patient, quotas=UNLIMITED)
        faces = Faces(create(library, Site()), machines, refusing(library, Site()))
        answers(asking(faces, library.owner_actor()))


def answers(app: ASGIApp) -> None:
    """Asks, and looks at each answer."""
    seen: Counter[int] = Counter()

    async def all_of_them() -> None:
        for scope in requests(REQUESTS, seed=8):
            shown = {name: scope[name] for name in ("method", "raw_path", "query_string", "headers", "body")}
            method = scope["method"]
            status, headers, body = await ask(app, scope)
            assert status < 500, shown
            seen[status] += 1
            kind = headers.get(b"content-type", b"")
            if method == "HEAD" or not body:
                continue
            if kind.startswith(b"application/json"):
                read = json.loads(body)
                assert status == 200 or set(read) == {"error"}, shown
            elif kind.startswith(b"application/atom"):
                assert etree.fromstring(body).tag.endswith("feed"), shown
            elif b"xml" in kind:
                etree.fromstring(body)

    run(all_of_them)
    print(dict(seen))  # noqa: T201  shown with -s
    assert {200, 400, 404, 405, 204} <= set(seen)
    assert seen[200] > REQUESTS / 20


@pytest.mark.parametrize("path", ["/api/papers/submit", "/api/query", "/oai", "/api/v1/submissions"])
def test_a_body_that_ends_early_breaks_nothing(shelf: Library, path: str) -> None:
    """Who sent half of it is gone, and reads no answer."""
    pieces: list[Message] = [
        {"type": "http.disconnect"},
        {"type": "http.request", "body": b'{"paperId": "2', "more_body": True},
    ]
    sent: list[Message] = []

    async def receive() -> Message:
        return pieces.pop()

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "root_path": "",
        "scheme": "http", "query_string": b"", "headers": [(b"content-type", b"application/json")],
        "client": ("203.0.113.9", 50_000), "server": ("papers.example", 80),
    }  # fmt: skip
    app = api.create(shelf, patient=patient, quotas=UNLIMITED)

    async def asked() -> None:
        await app(scope, receive, send)

    run(asked)
    assert sent[0]["status"] == 499
