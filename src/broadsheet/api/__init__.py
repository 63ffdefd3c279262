"""What machines ask for: the APIs that others' programs already speak, answered from the same door as the pages.

    huggingface    /api/daily_papers  /api/papers  /api/papers/search  /api/papers/{id}  /api/arxiv/{id}/repos
    writing        what programs write, and whose token it is
    bodies         what is sent, read strictly, and by whom
    bulk           /bulk: the whole catalogue as files
    hub            /papers, /papers/date/…: the list as a page, for programs that read Hugging Face's
    shapes, links  papers in Hugging Face's JSON, and what a paper leads to
    markdown       /papers/{id}.md
    thumbnails     a picture for each item
    arxiv          /api/query: arXiv's query API
    atom           papers as arXiv's Atom
    oai            /oai: an OAI-PMH provider of the whole catalogue
    asked          fields of an address, read strictly
    answers        JSON, errors, the next page
    v1, problems   /api/v1: our own, everything that the door can do, and its errors
    manners        who may ask from where, and how often

`create` makes the whole as one application, `asks_here` says which requests are for it; the pages answer the others.
"""

import logging
import re
from collections.abc import Callable, Sequence
from functools import partial

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from broadsheet.api import arxiv, bodies, bulk, hub, huggingface, markdown, oai, problems, thumbnails, v1, writing
from broadsheet.api.answers import error, status_of
from broadsheet.api.manners import Manners, Patient, Quotas
from broadsheet.errors import BroadsheetError, TooMany
from broadsheet.library import Library

__all__ = ["Manners", "Patient", "Quotas", "asks_here", "create", "refusing"]

log = logging.getLogger("broadsheet.api")
_LISTS = re.compile(r"/papers/(?:date|week|month)/[^/]+")


def create(
    library: Library,
    *,
    patient: Patient,
    quotas: Quotas | None = None,
    name: str = "Broadsheet",
    contact: str = "",
    texts: markdown.Texts | None = None,
) -> ASGIApp:
    """The machines' addresses over a library. Handlers are plain functions and run in threads.

    `name` and `contact` (an e-mail address) are what harvesters are told of this place. `texts`
    gives full texts and may fetch them; without it those are shown that are here.
    """

    def route(path: str, handler: Callable[[Library, Request], Response]) -> Route:
        return Route(path, partial(handler, library), methods=["GET"])

    def write(path: str, handler: bodies.Writing, kind: str = "", methods: Sequence[str] = ("POST",)) -> Route:
        return Route(path, bodies.writing(handler, library, kind), methods=methods)

    ours: BaseRoute = Mount(problems.PREFIX, v1.Mounted(library, patient, texts or library.full_text))
    app = Starlette(
        routes=[
            ours,
            route("/api/daily_papers", huggingface.daily),
            Route("/api/papers/search", patient(partial(huggingface.search, library)), methods=["GET"]),
            write("/api/papers/index", writing.index),
            write("/api/papers/submit", writing.submit, "submit"),
            write("/api/papers/{id:path}/upvote", writing.upvote, "vote", ("POST", "DELETE")),
            write("/api/papers/{id:path}/comment", writing.comment, "comment"),
            write("/api/papers/{id:path}/comment/{number:int}/hide", writing.hide),
            write("/api/papers/{id:path}/links", writing.links, "submit"),
            route("/api/papers/{id:path}/comments", writing.comments),
            route("/api/papers", huggingface.papers),
            route("/api/papers/{id:path}", huggingface.paper),
            route("/api/arxiv/{id:path}/repos", huggingface.repos),
            route("/api/whoami-v2", writing.whoami),
            route("/api/thumbnails/{id:path}", thumbnails.picture),
            Route("/api/query", arxiv.endpoint(library, patient), methods=["GET", "POST"]),
            route("/bulk/{name}", bulk.file),
            route("/papers", hub.page),
            *(route(f"/papers/{span}/{{key}}", partial(hub.page, name=span)) for span in huggingface.SPANS),
            Route("/oai", oai.endpoint(library, name=name, contact=contact), methods=["GET", "POST"]),
            Route("/papers/{id:path}.md", partial(markdown.page, library, texts), methods=["GET"]),
            Route("/papers/{id:path}", partial(markdown.page, library, texts), methods=["GET"]),
        ],
        exception_handlers={
            404: _missing,
            405: _method,
            ClientDisconnect: _gone,
            BroadsheetError: _problem,
            Exception: _problem,
        },
    )
    app.router.redirect_slashes = False
    return Manners(app, quotas or Quotas(), _saying)


def asks_here(scope: Scope) -> bool:
    """Whether a request is for this face: everything below /api and /bulk, /oai, and papers as Markdown."""
    if scope["type"] != "http":
        return False
    path = scope["path"]
    if path in {"/api", "/oai", "/bulk"} or path.startswith(("/api/", "/bulk/")):
        return True
    if path == "/papers" or _LISTS.fullmatch(path):
        return True
    return path.startswith("/papers/") and (path.endswith(".md") or _wants_markdown(scope))


def _wants_markdown(scope: Scope) -> bool:
    """Whether Markdown is accepted before HTML, as programs that read for a language model ask."""
    accepted = b",".join(value for name, value in scope["headers"] if name == b"accept").lower()
    kinds = [kind.partition(b";")[0].strip() for kind in accepted.split(b",")]
    if b"text/markdown" not in kinds:
        return False
    return b"text/html" not in kinds or kinds.index(b"text/markdown") < kinds.index(b"text/html")


def _missing(request: Request, _problem: Exception) -> Response:
    if problems.asks_here(request.url.path):  # with a line break in its name, which no route takes
        return problems.problem(request, 404, "There is nothing at this address. What there is: /api/v1/docs.")
    return error(404, "NotFound", "There is nothing at this address. What there is: docs/compatibility.md.")


def _method(request: Request, problem: Exception) -> Response:
    response = _said(request, 405, "MethodNotAllowed", f"This address does not take {request.method}.")
    if isinstance(problem, HTTPException) and (allowed := (problem.headers or {}).get("Allow")):
        response.headers["Allow"] = ", ".join(sorted(allowed.split(", ")))
    return response


def _gone(_request: Request, _problem: Exception) -> Response:
    return Response(status_code=499)  # nobody reads it; as nginx logs a body that ends early


def _said(request: Request, status: int, code: str, message: str) -> Response:
    """What was wrong, in the shape that the clients of an address read."""
    if request.url.path == "/api/query":
        return arxiv.problem(status, message)
    if request.url.path == "/oai":
        return oai.problem(status, message, str(request.url.replace(query="", fragment="")))
    return error(status, code, message)


def _problem(request: Request, problem: Exception) -> Response:
    status, code, message = status_of(problem)
    if status == 500:
        log.error("%s: %r", request.url.path, problem)
    if problems.asks_here(request.url.path):
        return problems.of_error(request, problem)
    response = _said(request, status, code, message)
    if status == 503:
        response.headers["Retry-After"] = "5"
    if isinstance(problem, TooMany):
        response.headers["Retry-After"] = str(max(1, round(problem.retry_after)))
    return response


def refusing(problem: BroadsheetError) -> ASGIApp:
    """The answer to a request that the entrance does not let in."""
    return Manners(_saying(problem), Quotas(0, 0, 0), _saying)  # for what every answer carries; nothing is counted


def _saying(problem: BroadsheetError) -> ASGIApp:
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await _problem(Request(scope), problem)(scope, receive, send)

    return answer
