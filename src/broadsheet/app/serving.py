"""Answering at the network: with uvicorn, in this process or in several.

One process makes use of one core, however many threads it has: they share the interpreter's lock. Several answer at one
socket, each with the library open for itself; this one then answers nothing, and is left to the index and the jobs.
Uvicorn starts them, and starts another where one ends.
"""

import contextlib
import logging
import multiprocessing
import os
import signal
import socket
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.supervisors import Multiprocess

Announce = Callable[[str], None]
SLOW_START = 120.0  # seconds that the first of several may take until it answers and the address is told
HUNG = 30  # seconds without a sign of life, after which another process takes the place of one


def log_to_terminal() -> None:
    """What a process of ours has to say goes to standard error."""
    logging.basicConfig(level=logging.WARNING, format="broadsheet: %(message)s")


def serve(app: ASGIApp, host: str, port: int, announce: Announce) -> None:
    """Answers in this process until it is interrupted. `announce` is told the site's address once it answers."""
    # Ctrl-C is how a server is meant to end; uvicorn has closed everything when it passes it on.
    with contextlib.suppress(KeyboardInterrupt):
        _Server(_config(app, host, port), announce).run()


def serve_together(site: Callable[[], ASGIApp], host: str, port: int, processes: int, announce: Announce) -> None:
    """Answers in several processes, each of which calls `site`, until this one is interrupted or ends."""
    config = _config(partial(_made, site), host, port, factory=True, workers=processes, timeout_worker_healthcheck=HUNG)
    listening = config.bind_socket()
    with listening:
        _Together(config, listening, announce).run()


def _config(app: Any, host: str, port: int, **more: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        log_level="warning",
        server_header=False,
        proxy_headers=False,  # the entrance looks who may speak for others
        # Pages stop within seconds of Ctrl-C, even while a browser keeps its connection open.
        timeout_graceful_shutdown=3,
        **more,
    )


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


class _Server(uvicorn.Server):
    """Uvicorn that says where it listens as soon as it does: port 0 is known only then."""

    def __init__(self, config: uvicorn.Config, announce: Announce) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup(sockets)  # type: ignore[arg-type]
        if self.started:
            self._announce(_address(self.servers[0].sockets[0]))


class _Together(Multiprocess):
    """Uvicorn's supervisor, which says where the others listen as soon as one of them does."""

    def __init__(self, config: uvicorn.Config, listening: socket.socket, announce: Announce) -> None:
        super().__init__(config, [listening])
        self._announce = announce

    def init_processes(self) -> None:
        super().init_processes()
        if self.processes[0].wait_until_ready(SLOW_START, self.should_exit):
            self._announce(_address(self.sockets[0]))


def _made(site: Callable[[], ASGIApp]) -> ASGIApp:
    """The site in a process that was started to answer, which does not outlive the first."""
    log_to_terminal()
    threading.Thread(target=_end_with_the_first, name="first", daemon=True).start()
    return site()


def _end_with_the_first() -> None:
    first = multiprocessing.parent_process()
    if first:
        first.join()
        os.kill(os.getpid(), signal.SIGTERM)
