"""The API of this installation, asked in this process: no server, no port, no token."""

import asyncio
from typing import TypeVar

import httpx2
from starlette.types import ASGIApp, Receive, Scope, Send

from broadsheet import api
from broadsheet.app import people
from broadsheet.app.fulltexts import reader
from broadsheet.client import AsyncClient
from broadsheet.client.calls import Call
from broadsheet.config import Settings
from broadsheet.library import Library
from broadsheet.types import Actor, Visitor
from broadsheet.web.patience import patient

T = TypeVar("T")
UNCOUNTED = api.Quotas(0, 0, 0)  # who sits at the machine may ask as often as they like


def ask(lib: Library, settings: Settings, actor: Actor, call: Call[T]) -> T:
    """What the API answers `actor`. Raises BroadsheetError."""
    machines = api.create(lib, patient=patient, quotas=UNCOUNTED, texts=reader(lib, settings))
    transport = httpx2.ASGITransport(_met(machines, actor), raise_app_exceptions=False)

    async def run() -> T:
        async with AsyncClient(people.address(settings), transport=transport) as client:
            return await client.arun(call)

    return asyncio.run(run())


def _met(app: ASGIApp, actor: Actor) -> ASGIApp:
    """The application as this actor meets it; elsewhere the entrance finds out who asks."""

    async def met(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "visitor": Visitor(actor)}, receive, send)

    return met
