"""Our own API, /api/v1: everything that the door can do, for programs.

    routes       the operations, by subject
    operations   what an operation is
    asking       one request: who asks, where a list goes on, how the answer is made
    parameters   what many operations are asked with
    choosing, cursors   which fields; where a list goes on
    receiving    bodies, before anything looks at them
    repeating    writes that are sent twice and done once
    described    the OpenAPI description            page   the same, to be read
    making       the application

FastAPI takes long to load and to build, so that nothing here is imported before somebody asks this API something
(`mounted`).
"""

import threading
from typing import TYPE_CHECKING

import anyio.to_thread
from starlette.types import ASGIApp, Receive, Scope, Send

if TYPE_CHECKING:
    from broadsheet.api.manners import Patient
    from broadsheet.api.markdown import Texts
    from broadsheet.library import Library


class Mounted:
    """The API, built when it is first asked. Safe to share among threads."""

    def __init__(self, library: "Library", patient: "Patient", texts: "Texts") -> None:
        self._library, self._patient, self._texts = library, patient, texts
        self._building = threading.Lock()
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        if self._app is None:
            await anyio.to_thread.run_sync(self.built)
        await self.built()(scope, receive, send)

    def built(self) -> ASGIApp:
        """The application."""
        with self._building:
            if self._app is None:
                from broadsheet.api.v1.asking import Parts  # noqa: PLC0415 - takes most of a second
                from broadsheet.api.v1.making import create  # noqa: PLC0415

                self._app = create(Parts(self._library, self._patient, self._texts))
            return self._app
