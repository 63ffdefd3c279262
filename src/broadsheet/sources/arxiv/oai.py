"""arXiv through OAI-PMH, and any other server that speaks it: every record, then every night what changed.

A page is a batch; memory holds one page. What the server answers decides the next step:

    a page and a token          the next page
    a page without a token      the set is done; the next set, or the end of the run
    noRecordsMatch              an empty set, done; nothing new is normal
    badResumptionToken          back to the newest datestamp seen (arXiv), or to where the run began (others)
    an empty last page          asked again, because busy servers give such ones too early; then from the newest
                                datestamp seen; then believed
    half a document, HTML...    asked again by the client; then the run ends and the next one goes on from here

The set of a category holds its cross-lists (`sets`). The next run begins a day before this one did, because
datestamps are days, and because a record that changes while we page shifts the pages behind it.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from broadsheet import ids
from broadsheet.errors import BadRecord, BadSource
from broadsheet.fetching import Answer, Client
from broadsheet.sources.arxiv.oaicursor import Cursor
from broadsheet.sources.arxiv.oaiformats import key_of, record_of
from broadsheet.sources.arxiv.oaipage import Entry, Page, read_earliest, read_page
from broadsheet.sources.arxiv.sets import sets_of
from broadsheet.sources.door import Door
from broadsheet.sources.live import Batch, Request
from broadsheet.sources.text import short
from broadsheet.types import Deletion, Record

DEFAULT_ADDRESS = "https://oaipmh.arxiv.org/oai"
NAMES: Mapping[str, str] = MappingProxyType({"arXiv": "arxiv", "arXivRaw": "arxiv-raw"})
_BY_DATESTAMP = ("oaipmh.arxiv.org", "export.arxiv.org")  # servers known to list records in that order
_MOST_EMPTY = 20  # pages in a row that have nothing but a token


class Oai:
    """One format of one OAI-PMH server."""

    def __init__(
        self,
        client: Client,
        *,
        address: str = DEFAULT_ADDRESS,
        prefix: str = "arXiv",
        name: str = "",
        sets: Sequence[str] = (),
        by_datestamp: bool | None = None,
    ) -> None:
        """`prefix` is the format: "arXiv", "arXivRaw" or "oai_dc". `name` is the source's ("" follows the format).

        `sets` are harvested instead of those of the categories that a request names. `by_datestamp` says that the
        server lists records in the order of their datestamps (None: arXiv's own does, no other is trusted to).
        """
        self._client, self._address, self._prefix, self._sets = client, address, prefix, list(sets)
        host = _host(address)
        self.name = name or NAMES.get(prefix) or f"oai:{host}"
        self._by_datestamp = host in _BY_DATESTAMP if by_datestamp is None else by_datestamp
        self._what = f"The answer of {host}"

    def batches(self, cursor: str, request: Request) -> Iterator[Batch]:
        """What changed between `request.since` and `request.until`, in its categories, from a cursor on.

        A run that was cut off goes on with the sets it had. Raises Unavailable and BadSource.
        """
        state, today = Cursor.of(cursor), request.now.date().isoformat()
        if not state.todo:
            since, until = (day and ids.first_day(day) for day in (request.since, request.until))
            state.begin(self._sets or sets_of(request.categories), since, until, today)
        state.restarts = 0
        empty = 0
        while state.todo:
            if _is_over(state, today):
                state.finish(today, since=request.since)
                yield Batch((), state.text(), done=not state.todo)
                continue
            page = self._page(state.parameters(self._prefix))
            page.day = min(page.day or today, today)  # a server's clock may be years ahead
            empty = 0 if page.entries or not page.token else empty + 1
            if empty > _MOST_EMPTY:
                raise BadSource(f"{self._what} was empty {_MOST_EMPTY} times in a row, and promised more each time.")
            yield self._step(state, page, request)

    def _step(self, state: Cursor, page: Page, request: Request) -> Batch:
        """Moves the state on by a page, and gives what was in it."""
        asked_by_token, note = state.token is not None, ""
        alone = len(state.todo) == 1 and state.next.keys() <= set(state.todo)  # else the total is not the whole run's
        results: list[Record | Deletion | BadRecord] = []
        if page.error:
            note = self._mend(state, page, request)
        elif asked_by_token and page.token == state.token:
            note = self._back(state, "the server gave the same token again")
        elif asked_by_token and not page.entries and page.token is None and state.doubts < 2:
            state.doubts += 1
            if state.doubts == 2 and self._by_datestamp:
                note = self._back(state, "the list ended with an empty page")
        else:
            door = Door(self.name, request.now)
            results = [self._result(entry, door) for entry in page.entries]
            stamps = [entry.datestamp for entry in page.entries if len(entry.datestamp) == len("2026-11-20")]
            state.took(stamps, page.token, page.day, since=request.since)
        return Batch(results, state.text(), done=not state.todo, total=page.total if alone else None, note=note)

    def _mend(self, state: Cursor, page: Page, request: Request) -> str:
        """What to do about an error; the sentence that tells of it, if it is worth one."""
        asked_by_token = state.token is not None
        if asked_by_token and page.error in {"badResumptionToken", "noRecordsMatch"}:
            return self._back(state, "the server no longer knew its resumption token")
        if page.error == "noRecordsMatch":
            state.finish(page.day, since=request.since)
            return ""
        if page.error == "badArgument" and not asked_by_token and state.start and state.start < self._earliest():
            state.start = None
            return f"The server's first day is {self._earliest()}: everything from there on is asked for."
        raise BadSource(f"{self._what} is the error {short(page.error)}: {short(page.words)}.")

    def _back(self, state: Cursor, why: str) -> str:
        place = state.restart(by_datestamp=self._by_datestamp)
        return f"Went on from {place or 'the beginning'}, because {why}."

    def _result(self, entry: Entry, door: Door) -> Record | Deletion | BadRecord:
        try:
            return Deletion(self.name, key_of(entry)) if entry.deleted else record_of(entry, door)
        except BadRecord as error:
            error.path = error.path or entry.identifier
            return error

    def _page(self, parameters: dict[str, str]) -> Page:
        pages: list[Page] = []

        def check(answer: Answer) -> None:
            pages.append(read_page(answer.body, self._what))

        self._client.get(self._address, parameters, check=check)
        return pages[-1]

    def _earliest(self) -> str:
        answer = self._client.get(self._address, {"verb": "Identify"})
        return read_earliest(answer.body, self._what)


def _is_over(state: Cursor, today: str) -> bool:
    """Whether the days asked for lie ahead, or end before they begin: servers call that a bad argument."""
    return state.token is None and state.start is not None and state.start > (state.until or today)


def _host(address: str) -> str:
    """The host in an address, as far as there is one: the client refuses what is no address when it is asked."""
    return address.partition("://")[2].partition("/")[0].rpartition("@")[2].partition(":")[0].lower()
