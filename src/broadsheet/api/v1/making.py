"""Our own API as an application: its operations, what it says when something is wrong, and its description."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp

from broadsheet.api.answers import answer
from broadsheet.api.problems import of_error, problem
from broadsheet.api.v1 import described, page
from broadsheet.api.v1.asking import Parts, Precondition
from broadsheet.api.v1.receiving import Receiving
from broadsheet.api.v1.repeating import Repeating
from broadsheet.api.v1.routes import SUBJECTS, operations
from broadsheet.errors import BroadsheetError

log = logging.getLogger("broadsheet.api")


def make(parts: Parts | None) -> FastAPI:
    """The API over a library, without what is in front of it (`create`). Without parts it can only be described."""
    app = FastAPI(
        title="Broadsheet",
        version=described.VERSION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        openapi_tags=[{"name": one.tag, "description": one.about} for one in SUBJECTS],
    )
    for kind, handler in _SAID:
        app.add_exception_handler(kind, handler)
    app.router.redirect_slashes = False
    app.state.parts = parts
    if parts:
        app.state.waiting = parts.patient(lambda request, stop: request.state.work(stop))
    app.state.rules = {one.name: one.rule for one in operations()}
    for one in operations():
        summary, description = one.words
        app.add_api_route(
            one.path,
            one.endpoint(),
            methods=[one.method],
            status_code=one.status,
            response_model=None if one.status == 204 else one.kind,
            tags=[one.tag],
            summary=summary,
            description=description,
            operation_id=one.name,
            responses=described.responses(one),
            openapi_extra=described.told(one),
        )
    described.finish(app)
    app.router.routes.insert(0, Route("/openapi.json", partial(_openapi, app), methods=["GET"]))
    app.router.routes.insert(0, Route("/docs", partial(page.page, app), methods=["GET"]))
    app.router.routes.insert(0, Route("/docs.css", page.style, methods=["GET"]))
    return app


def description() -> dict[str, Any]:
    """The OpenAPI description."""
    return make(None).openapi()


def create(parts: Parts) -> ASGIApp:
    """The whole: bodies are read first, then it is seen whether a write is a repetition."""
    return Receiving(Repeating(make(parts), parts.library))


def _openapi(app: FastAPI, _request: Request) -> Response:
    return answer(app.openapi(), headers={"Cache-Control": "no-cache"})


def _invalid(request: Request, error: Exception) -> Response:
    """What fields of a request are wrong, each in a sentence."""
    found: list[dict[str, Any]] = list(error.errors()) if isinstance(error, RequestValidationError) else []
    errors = [{"where": ".".join(str(step) for step in one["loc"])[:200], "detail": one["msg"]} for one in found[:20]]
    first = f"{errors[0]['where']}: {errors[0]['detail']}" if errors else "This cannot be read."
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    return problem(request, 400, f"{first.rstrip('.')}{more}.", errors=errors)


def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = {"Allow": _allowed(request)} if status == 405 else getattr(error, "headers", None)
    said = {
        404: "There is nothing at this address. What there is: /api/v1/docs.",
        405: f"This address does not take {request.method}.",
        400: "The body cannot be read.",
    }
    return problem(request, status, said.get(status, str(getattr(error, "detail", error))), headers)


def _allowed(request: Request) -> str:
    """The methods of an address; each route of ours has one, and the framework names the first route's alone."""
    routes = [one for one in request.app.routes if isinstance(one, Route) and _matches(one, request)]
    methods = {method for one in routes if one.path == routes[0].path for method in one.methods or ()}
    return ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))


def _matches(route: Route, request: Request) -> bool:
    return route.matches(request.scope)[0] is not Match.NONE


def _precondition(request: Request, error: Exception) -> Response:
    missing = isinstance(error, Precondition) and error.missing
    return problem(request, 428 if missing else 412, str(error))


def _broken(request: Request, error: Exception) -> Response:
    log.error("%s: %r", request.url.path, error)
    return of_error(request, error)


_SAID: tuple[tuple[type[Exception], Callable[[Request, Exception], Response]], ...] = (
    (RequestValidationError, _invalid),
    (HTTPException, _http),
    (Precondition, _precondition),
    (BroadsheetError, of_error),
    (Exception, _broken),
)
