"""arXiv's query API: a search, or papers by their ids. For look-ups; it is no fit way to fill a catalogue.

    {address}/api/query?search_query=(...) AND (cat:cs.LG) AND submittedDate:[202611200000 TO 202611202359]
    {address}/api/query?id_list=2611.00017,math/0611800&max_results=100

A search is read in the order of submission, oldest first, so that what comes in while it is read is added at the end
and no page shifts. arXiv gives at most 30,000 results of one question: well before that the window of submission is
moved up to the last one seen. Known faults: pages that are empty in the middle (asked for again), 429 at any time
(the client waits), and one bad id that fails the whole list (it is named, so the others are asked for without it).
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from lxml import etree

from broadsheet import ids
from broadsheet.errors import BadRecord, BadSource, Refused
from broadsheet.fetching import Answer, Client
from broadsheet.sources.asking import asked
from broadsheet.sources.door import Door, dois, text
from broadsheet.sources.live import Batch, Request
from broadsheet.sources.text import short
from broadsheet.sources.xmltext import parse_xml
from broadsheet.types import Author, Identifier, Record, Version

NAME = "arxiv-query"
ADDRESS = "https://export.arxiv.org"
_IDS, _RESULTS = 100, 200  # a request
_FURTHEST = 20_000  # results after which the window moves
_AFFILIATION = 2_000  # the most characters
_NAMES = {
    "atom": "http://www.w3.org/2005/Atom",
    "arxiv": "http://arxiv.org/schemas/atom",
    "search": "http://a9.com/-/spec/opensearch/1.1/",
}


@dataclass(slots=True)
class _Place:
    """Where a search is: results to skip, and the minute of submission from which its window begins ("" for all)."""

    skip: int = 0
    window: str = ""


@dataclass(frozen=True, slots=True)
class _Page:
    """One answer: how many results there are in all, those it holds, the last one's instant; or what is wrong."""

    total: int = 0
    results: tuple[Record | BadRecord, ...] = ()
    last: str = ""
    error: str = ""


class Query:
    """The query API as a live source: `request.papers` by their arXiv ids, else the search that a request makes."""

    name = NAME

    def __init__(
        self, client: Client, *, address: str = ADDRESS, results: int = _RESULTS, furthest: int = _FURTHEST
    ) -> None:
        """`results` are asked for at a time (arXiv: at most 2,000); after `furthest` of them the window moves."""
        self._client, self._address = client, f"{address.rstrip('/')}/api/query"
        self._results, self._furthest = results, furthest

    def batches(self, cursor: str, request: Request) -> Iterator[Batch]:
        """A batch for every hundred papers, or every page of a search.

        Raises Refused where a request asks for nothing, and BadSource with arXiv's words where it does not
        understand the search.
        """
        if request.papers:
            yield from self._papers(request)
        else:
            yield from self._search(cursor, request)

    def _papers(self, request: Request) -> Iterator[Batch]:
        names = list(dict.fromkeys(value for scheme, value in request.papers if scheme == "arxiv"))
        if not names:
            raise Refused("arXiv finds papers by arXiv ids, and none was given.")
        for at in range(0, len(names), _IDS):
            wanted = names[at : at + _IDS]
            results = self._named(wanted, request)
            known = {one.source_key for one in results if isinstance(one, Record)}
            absent = [name for name in wanted if name not in known]
            shown = ", ".join(absent[:5]) + (", …" if len(absent) > 5 else "")
            note = f"{len(absent)} of {len(wanted)} ids gave no paper: {shown}." if absent else ""
            yield Batch(results, "", done=at + _IDS >= len(names), total=len(names), note=note)

    def _named(self, wanted: Sequence[str], request: Request) -> list[Record | BadRecord]:
        if not wanted:
            return []
        page = self._page({"id_list": ",".join(wanted), "max_results": len(wanted)}, request)
        if not page.error:
            return list(page.results)
        refused = max((name for name in wanted if name in page.error), key=len, default=None)
        if refused is None:
            raise BadSource(f"arXiv refuses to look up {len(wanted)} papers: {page.error}.")
        rest = self._named([name for name in wanted if name != refused], request)
        return [*rest, BadRecord(f"{refused}: arXiv refuses to look it up ({page.error})")]

    def _search(self, cursor: str, request: Request) -> Iterator[Batch]:
        place, done = _read(cursor), False
        while not done:
            parameters: dict[str, str | int] = {
                "search_query": _question(request, place.window),
                "start": place.skip,
                "max_results": self._results,
                "sortBy": "submittedDate",
                "sortOrder": "ascending",
            }
            page = self._page(parameters, request, place.skip)
            if page.error:
                raise BadSource(f"arXiv does not understand the search: {page.error}.")
            place.skip += len(page.results)
            done = place.skip >= page.total or not page.results
            if not done and place.skip >= self._furthest and (minute := _minute(page.last)) > place.window:
                place = _Place(0, minute)
            yield Batch(page.results, "" if done else json.dumps(asdict(place)), done=done, total=_all(place, page))

    def _page(self, parameters: dict[str, str | int], request: Request, skip: int = 0) -> _Page:
        def read(answer: Answer) -> _Page:
            page = _answer(answer, Door(NAME, request.now))
            if skip < page.total and not page.results:
                raise BadSource(f"arXiv's query API promises {page.total:,} results and gives none after {skip:,}.")
            return page

        return asked(self._client, self._address, parameters, read, accept_status={400})


def _all(place: _Place, page: _Page) -> int | None:
    return None if place.window else page.total  # of a window, the total is not that of the run


def _question(request: Request, window: str) -> str:
    """The search of a request in arXiv's language. A window ("202611201759") replaces its beginning."""
    parts = [f"({request.query})"] if request.query.strip() else []
    if request.categories:
        parts.append("(" + " OR ".join(f"cat:{category}" for category in request.categories) + ")")
    if window or request.since or request.until:
        since = window or f"{(request.since or '1991-01-01').replace('-', '')}0000"
        until = f"{(request.until or '2999-12-31').replace('-', '')}2359"
        parts.append(f"submittedDate:[{since} TO {until}]")
    if not parts:
        raise Refused("Say what to search for: a query, categories, a first or a last day, or ids of papers.")
    return " AND ".join(parts)


def _minute(instant: str) -> str:
    return "".join(filter(str.isdigit, instant))[: len("202611201759")]


def _answer(answer: Answer, door: Door) -> _Page:
    """Raises BadSource where it is no answer of this API."""
    what = "The answer of arXiv's query API"
    root = parse_xml(answer.body, what)
    if etree.QName(root).localname != "feed":
        raise BadSource(f"{what} is XML of another kind ({short(etree.QName(root).localname)}); a feed was expected.")
    entries = root.findall("atom:entry", _NAMES)
    if len(entries) == 1 and "/api/errors" in _of(entries[0], "atom:id"):
        return _Page(error=_of(entries[0], "atom:summary") or "it gives no reason")
    if answer.status == 400:
        return _Page(error=_of(root, "atom:title") or "it gives no reason")
    total = _of(root, "search:totalResults")
    if not total.isdecimal():
        raise BadSource(f"{what} does not say how many results there are.")
    last = _of(entries[-1], "atom:published") if entries else ""
    return _Page(int(total), tuple(_result(entry, door) for entry in entries), last)


def _result(entry: etree._Element, door: Door) -> Record | BadRecord:
    named = _of(entry, "atom:id")
    try:
        return _record(entry, named, door)
    except BadRecord as error:
        return BadRecord(f"{short(named)}: {error.reason}")


def _record(entry: etree._Element, named: str, door: Door) -> Record:
    found = ids.arxiv(named)
    if found is None:
        raise BadRecord("its id is no arXiv id")
    paper, version = found
    published, updated = _of(entry, "atom:published"), _of(entry, "atom:updated")
    primary = [one.get("term", "") for one in entry.iterfind("arxiv:primary_category", _NAMES)]
    return door.record(
        key=paper,
        title=_of(entry, "atom:title"),
        abstract=_of(entry, "atom:summary"),
        authors=[_author(one) for one in entry.iterfind("atom:author", _NAMES)],
        categories=[*primary, *(one.get("term", "") for one in entry.iterfind("atom:category", _NAMES))],
        published=published,
        updated=updated,
        submitted=published,
        identifiers=(Identifier("arxiv", paper), *dois(_of(entry, "arxiv:doi") or None)),
        comment=_of(entry, "arxiv:comment"),
        journal_ref=_of(entry, "arxiv:journal_ref"),
        versions=_versions(version, published, updated, door),
    )


def _versions(version: int, published: str, updated: str, door: Door) -> list[Version]:
    """The first version and the one shown, which is all that this API tells."""
    first = [door.version(1, published)]
    return first if version <= 1 else [*first, door.version(version, updated)]


def _author(element: etree._Element) -> Author:
    affiliations = [one.text or "" for one in element.iterfind("arxiv:affiliation", _NAMES)]
    return Author(_of(element, "atom:name"), text("; ".join(filter(None, affiliations)), "affiliation", _AFFILIATION))


def _of(element: etree._Element, path: str) -> str:
    return element.findtext(path, "", _NAMES).strip()


def _read(cursor: str) -> _Place:
    """The place that a cursor stands for; a cursor that is none is the beginning."""
    try:
        kept = json.loads(cursor or "{}")
        return _Place(int(kept["skip"]), str(kept["window"]))
    except (ValueError, TypeError, KeyError):
        return _Place()
