"""Papers that people submit and that are not here: asked for by name, of arXiv or of Crossref, and taken in."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime

from broadsheet import ingest
from broadsheet.app.sources import opened
from broadsheet.config import Settings
from broadsheet.errors import Unavailable
from broadsheet.library import Fetch
from broadsheet.library.opened import Opened
from broadsheet.sources.live import Request
from broadsheet.types import Identifier, SyncReport

PATIENCE = 8.0  # seconds that somebody who submits waits for a source; it may have to let others ask first


def fetcher(settings: Settings, now: Callable[[], datetime], *, patience: float = PATIENCE) -> Fetch:
    """What asks for one paper. It raises Unavailable where no answer comes in so many seconds; what comes later is
    taken in all the same."""

    def ask(library: Opened, name: Identifier) -> bool:
        source = "arxiv-query" if name.scheme == "arxiv" else "crossref"
        report = SyncReport(source)
        with opened(settings, source) as live:
            ingest.ask(library.catalogue, live, Request(now(), papers=(name,)), report, now=now)
        if report.error:
            raise Unavailable(report.error, retry_after=report.retry_after)
        return bool(report.new + report.changed + report.unchanged)

    def fetch(library: Opened, name: Identifier) -> bool:
        answer: Future[bool] = Future()

        def run() -> None:
            try:
                answer.set_result(ask(library, name))
            except BaseException as error:  # noqa: BLE001 - raised where the answer is waited for
                answer.set_exception(error)

        # A daemon: a process that ends does not wait for a source.
        threading.Thread(target=run, name="submitted", daemon=True).start()
        try:
            return answer.result(patience)
        except TimeoutError:
            raise Unavailable("There was no answer yet; it will be asked for again.") from None

    return fetch
