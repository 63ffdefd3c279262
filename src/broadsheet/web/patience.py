"""Work for readers who still wait: searches stand in one line, and one whose reader has gone is not begun.

A handler in a thread cannot be stopped from outside. So a search is told by a function whether its reader is still
there, asks it between its steps, and few searches run at once: with more than the processor can do each would only
take longer, and the abandoned ones would hold up the others.
"""

import os
import threading
from collections.abc import Callable, Coroutine
from typing import Any

import anyio
import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response

AT_ONCE = 2 * (os.cpu_count() or 2)  # half of a search is spent outside the interpreter's lock
_NOBODY = 499  # the status of an answer that nobody reads, as nginx logs it

Handler = Callable[[Request, Callable[[], bool]], Response]


def patient(handler: Handler, at_once: int = AT_ONCE) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    """An endpoint that runs the handler in a thread, `at_once` of them at most, while its reader waits.

    The handler receives the request and a function that tells whether its reader has gone.
    """
    line: list[anyio.CapacityLimiter] = []  # made in the event loop that it belongs to

    async def endpoint(request: Request) -> Response:
        gone = threading.Event()
        outcome: list[Response | Exception] = []
        if not line:
            line.append(anyio.CapacityLimiter(at_once))

        def work() -> Response:
            return Response(status_code=_NOBODY) if gone.is_set() else handler(request, gone.is_set)

        async with anyio.create_task_group() as group:
            group.start_soon(_watch, request, gone)
            try:
                outcome.append(await anyio.to_thread.run_sync(work, limiter=line[0]))
            except Exception as error:  # noqa: BLE001  a group would wrap it, and nobody would know it again
                outcome.append(error)
            group.cancel_scope.cancel()
        if isinstance(outcome[0], Exception):
            raise outcome[0]
        return outcome[0]

    return endpoint


async def _watch(request: Request, gone: threading.Event) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass  # the body of the request, which a search does not have
    gone.set()
