"""A reader who has gone is not searched for: neither in the line nor in the middle of it."""

import threading
from collections.abc import Callable

import anyio
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Message

from broadsheet.errors import NotFound
from broadsheet.web.patience import patient
from tests.loops import run


class Reader:
    """A connection on which nothing comes after the request until its reader leaves."""

    def __init__(self) -> None:
        self.left = anyio.Event()
        self._asked = False

    async def receive(self) -> Message:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.left.wait()
        return {"type": "http.disconnect"}

    def request(self) -> Request:
        return Request({"type": "http", "method": "GET", "path": "/search", "headers": []}, self.receive)


def test_a_reader_who_waits_is_answered() -> None:
    def handler(_request: Request, stop: Callable[[], bool]) -> Response:
        return PlainTextResponse("gone" if stop() else "here")

    async def ask() -> Response:
        return await patient(handler)(Reader().request())

    assert run(ask).body == b"here"


def test_an_error_stays_itself() -> None:
    def handler(_request: Request, _stop: Callable[[], bool]) -> Response:
        raise NotFound("no sheep")

    async def ask() -> Response:
        return await patient(handler)(Reader().request())

    with pytest.raises(NotFound, match="no sheep"):
        run(ask)


def test_who_leaves_the_line_is_not_searched_for_and_a_running_search_hears_of_it() -> None:
    begun: list[str] = []
    heard = threading.Event()

    async def ask() -> None:
        first, second = Reader(), Reader()
        running = anyio.Event()

        def handler(request: Request, stop: Callable[[], bool]) -> Response:
            begun.append("first" if request.receive == first.receive else "second")
            anyio.from_thread.run_sync(running.set)
            while not stop():
                threading.Event().wait(0.001)
            heard.set()
            return Response()

        endpoint = patient(handler, at_once=1)
        async with anyio.create_task_group() as group:
            group.start_soon(endpoint, first.request())
            await running.wait()
            group.start_soon(endpoint, second.request())
            second.left.set()
            await anyio.wait_all_tasks_blocked()
            first.left.set()

    run(ask)
    assert begun == ["first"]
    assert heard.is_set()
