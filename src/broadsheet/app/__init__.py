"""The one place of composition: settings become values, values become parts, parts are joined here.

sources    the sources on the network that settings make
posting    who carries mail, how fast, and where what comes back is read
people     who may come, how often they may do things, and who carries their letters
submitted  papers that people submit, asked for by name
fulltexts  full texts, asked of arXiv
work       the jobs of this installation
serving    uvicorn, in one process or in several
"""

import contextlib
import logging
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from starlette.types import ASGIApp, Receive, Scope, Send

from broadsheet import api, feeds, ids, ingest, library, mcp, web
from broadsheet.api import bounces
from broadsheet.app import people, serving
from broadsheet.app.fulltexts import reader
from broadsheet.app.submitted import fetcher
from broadsheet.app.work import Work
from broadsheet.config import Settings
from broadsheet.entrance import Entrance
from broadsheet.errors import BroadsheetError, SignInNeeded
from broadsheet.jobs import POLL, Presence, Worker
from broadsheet.library import Library, Rules
from broadsheet.types import ANYONE, Access, Actor, ImportReport
from broadsheet.web.patience import patient

log = logging.getLogger("broadsheet")
SPREAD = 120.0  # seconds; runs come up to so much later than their rules say, so that not all ask arXiv at once
PATIENCE = 5.0  # seconds that a task has to stop when its process ends
POSTING_PATIENCE = 20.0  # the same of letters in hand: a mail server that thinks is waited for
POSTING_POLL = 1.0  # seconds between two looks into the outbox
FOLLOW_EVERY = 2.0  # seconds; an import by another process is visible to search after at most this


def now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)


def open_library(settings: Settings, *, create: bool = True) -> Library:
    """The library of a home folder, its index as it stands. Raises NotFound, Busy, Damaged, BadSetting."""
    return library.open(
        settings.home,
        create=create,
        follow=False,
        clock=now,
        encoder=settings.text("encoder"),
        rules=Rules(
            categories=tuple(filter(None, map(ids.category, settings.words("categories")))),
            access=people.access(settings),
            passwords=settings.flag("passwords"),
            limits=people.limits(settings),
            title=settings.text("title"),
            claim_domains=tuple(domain.lower() for domain in settings.words("claim_domains")),
            bulk=_bulk_folder(settings),
            channel_hosts=tuple(host.lower() for host in settings.words("channel_hosts")),
        ),
        post=people.post(settings, now),
        fetch=fetcher(settings, now),
    )


def _bulk_folder(settings: Settings) -> Path | None:
    """Where files of the whole catalogue are; None where they are off."""
    if not settings.flag("bulk"):
        return None
    return settings.home / (Path(settings.text("bulk_folder")).expanduser() if settings.text("bulk_folder") else "bulk")


def serve_agent(lib: Library, settings: Settings, token: str = "") -> None:
    """Speaks the Model Context Protocol over standard input and output, until the input ends.

    Who holds the token acts; without one it is the owner where there is one person, else a passer-by. Raises
    SignInNeeded for a token of nobody.
    """

    def who() -> Actor:
        if not token:
            return lib.owner_actor() if lib.rules.access is Access.SINGLE else ANYONE
        found = lib.token_actor(token)
        if found is None:
            raise SignInNeeded("This token is not valid: it was ended, has expired, or is misspelt. Make a new one.")
        return found

    who()
    with following(lib):
        base, title = f"{people.address(settings)}/", settings.text("title")
        mcp.serve_here(lib, who, base=base, texts=reader(lib, settings), title=title)


def import_file(
    lib: Library, path: Path, *, name: str | None = None, progress: ingest.Progress | None = None
) -> ImportReport:
    """Imports one file into the library's catalogue; see `ingest.import_file`."""
    return ingest.import_file(lib.catalogue, path, now=now, name=name, progress=progress)


def import_starter(lib: Library) -> ImportReport:
    """Imports the starter catalogue; see `ingest.import_starter`."""
    return ingest.import_starter(lib.catalogue, now=now)


def create(lib: Library, settings: Settings) -> ASGIApp:
    """The whole site over a library."""
    site = web.Site(
        title=settings.text("title"),
        tagline=settings.text("tagline"),
        address=settings.text("address"),
        page_size=settings.number("page_size"),
        mail=bool(settings.text("mail_server")),
        security=settings.text("security_contact"),
    )
    contact = settings.text("contact")
    quotas, texts = _quotas(settings.number("api_requests")), reader(lib, settings)
    machines = api.create(
        lib,
        patient=patient,
        quotas=quotas,
        texts=texts,
        name=site.title,
        contact="" if "://" in contact else contact,
    )
    pages = web.create(lib, site)
    lists = feeds.create(
        lib,
        feeds.Site(site.title, site.address.rstrip("/"), settings.text("websub_hub")),
        patient=patient,
        pages=pages,
        clock=now,
    )
    agents = mcp.create(lib, title=site.title, address=site.address, texts=texts)
    faces = Faces(
        pages,
        machines,
        web.refusing(lib, site),
        Face(feeds.asks_here, lists, feeds.refusing),
        Face(mcp.asks_here, api.Manners(agents, quotas, mcp.refusing), _refusing_agents),
        *_bounces(lib, settings, quotas),
    )
    search = lib.rules.limits["search"]
    return Entrance(
        faces,
        lib,
        faces.refusing,
        access=lib.rules.access,
        address=settings.text("address"),
        proxies=settings.words("proxies"),
        searches=(search.times, search.windows[0][0]),
    )


def _quotas(requests: int) -> api.Quotas:
    """How often one client may ask: a search counts as five of other requests."""
    few = -(-requests // 5)
    return api.Quotas(requests, few, few)


def _bounces(lib: Library, settings: Settings, quotas: api.Quotas) -> list["Face"]:
    """The address where a mail server hands over what came back, where a secret is set for it."""
    secret = settings.text("bounce_secret")
    if not secret:
        return []
    return [
        Face(
            bounces.asks_here, api.Manners(bounces.create(lib.take_bounce, secret), quotas, api.refusing), api.refusing
        )
    ]


def _refusing_agents(problem: BroadsheetError) -> ASGIApp:
    return api.Manners(mcp.refusing(problem), api.Quotas(0, 0, 0), mcp.refusing)


class Face(NamedTuple):
    """One face: which requests are for it, what answers them, and what says that one is not let in."""

    asks_here: Callable[[Scope], bool]
    answer: ASGIApp
    refusing: Callable[[BroadsheetError], ASGIApp]


class Faces:
    """All faces as one application: the pages answer what is for none of the others, which are asked in their order."""

    def __init__(
        self, pages: ASGIApp, machines: ASGIApp, page: Callable[[BroadsheetError], ASGIApp], *others: Face
    ) -> None:
        self._pages, self._page = pages, page
        self._others = (*others, Face(api.asks_here, machines, api.refusing))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request by the face that it is for."""
        _escape(scope)
        face = self._face(scope)
        await (face.answer if face else self._pages)(scope, receive, send)

    def refusing(self, scope: Scope, problem: BroadsheetError) -> ASGIApp:
        """What the entrance says to a request that it does not let in, in the words of the face that it was for."""
        _escape(scope)
        face = self._face(scope)
        return face.refusing(problem) if face else self._page(problem)

    def _face(self, scope: Scope) -> Face | None:
        return next((one for one in self._others if one.asks_here(scope)), None)


def _escape(scope: Scope) -> None:
    """A careless client did not escape what it asks for; what is no UTF-8 either would break the reading of it."""
    if scope["type"] == "http" and not scope["query_string"].isascii():
        scope["query_string"] = quote(scope["query_string"], safe="%&=+/:;,?@!$'()*[]~").encode()


def work(lib: Library, settings: Settings) -> Work:
    """The jobs of this installation."""
    return Work(lib, settings, now)


@contextmanager
def employed(
    lib: Library,
    settings: Settings,
    *,
    progress: Callable[[str, str], None] = lambda _name, _text: None,
    apart: bool = False,
) -> Iterator[Worker]:
    """A worker that is alive while the block runs, and does what it is told to there; see `Worker` for `apart`."""
    presence = Presence(settings.home / "workers")
    with presence.shown() as name:
        yield Worker(
            lib.catalogue,
            work(lib, settings).tasks(),
            name=name,
            presence=presence,
            clock=now,
            spread=lambda: random.uniform(0.0, SPREAD),  # noqa: S311 - nobody gains by guessing it
            progress=progress,
            apart=apart,
        )


@contextmanager
def working(
    lib: Library, settings: Settings, *, progress: Callable[[str, str], None] = lambda _name, _text: None
) -> Iterator[None]:
    """Does the jobs of the schedule while the block runs: in a thread, and in another those that wait for no other."""
    with (
        _at_work(lib, settings, progress, PATIENCE),
        _at_work(lib, settings, progress, POSTING_PATIENCE, apart=True, poll=POSTING_POLL),
    ):
        yield


@contextmanager
def _at_work(
    lib: Library,
    settings: Settings,
    progress: Callable[[str, str], None],
    patience: float,
    *,
    apart: bool = False,
    poll: float = POLL,
) -> Iterator[None]:
    with employed(lib, settings, progress=progress, apart=apart) as worker:
        name = "worker, apart" if apart else "worker"
        thread = threading.Thread(target=partial(worker.run, poll=poll), name=name, daemon=True)
        thread.start()
        try:
            yield
        finally:
            worker.stop()
            thread.join(patience)
            if thread.is_alive():  # in the middle of a request, say; the process ends before the answer comes
                with contextlib.suppress(BroadsheetError):
                    worker.abandon()


def work_until_interrupted(lib: Library, settings: Settings) -> None:
    """Does the jobs of the schedule until Ctrl-C (KeyboardInterrupt)."""
    with working(lib, settings):
        threading.Event().wait()


@contextmanager
def following(lib: Library, every: float = FOLLOW_EVERY) -> Iterator[None]:
    """Keeps the index following the catalogue, in a thread, while the block runs."""
    stop = threading.Event()
    thread = threading.Thread(target=_follow, args=(lib, stop, every), name="index-follower", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _follow(lib: Library, stop: threading.Event, every: float) -> None:
    complaint = ""
    while not stop.is_set():
        try:
            lib.follow(lambda _done, _total: _leave_if(stop))
            complaint = ""
        except InterruptedError:
            return
        except BroadsheetError as error:
            # Said once, not every two seconds: a full disk stays full for a while.
            if str(error) != complaint:
                complaint = str(error)
                log.warning("the index cannot follow the catalogue: %s", error)
        stop.wait(every)


def _leave_if(stop: threading.Event) -> None:
    if stop.is_set():
        raise InterruptedError


def serve(settings: Settings, *, starter: bool, announce: Callable[[str], None]) -> None:
    """Serves the site until it is interrupted; an empty catalogue gets the starter catalogue first.

    `announce` is called with the site's address once it answers.
    """
    host, port, processes = settings.text("host"), settings.number("port"), settings.number("processes")
    with open_library(settings) as lib:
        if starter and not lib.catalogue.count():
            import_starter(lib)
        with following(lib), working(lib, settings) if settings.flag("worker") else contextlib.nullcontext():
            if processes > 1:
                serving.serve_together(partial(_site, settings), host, port, processes, announce)
            else:
                serving.serve(_warmed(lib, settings), host, port, announce)


def _site(settings: Settings) -> ASGIApp:
    """The whole site in a process that does nothing else, for as long as it lives."""
    return _warmed(open_library(settings), settings)


def _warmed(lib: Library, settings: Settings) -> ASGIApp:
    """The whole site; the first reader should not wait for the encoder."""
    threading.Thread(target=lib.warm, name="warming", daemon=True).start()
    return create(lib, settings)
