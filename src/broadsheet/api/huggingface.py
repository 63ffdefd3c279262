"""Hugging Face's papers API, answered so that its unmodified client and command line work here.

    /api/daily_papers        editions: a day, a week, a month, or the newest papers of all
    /api/papers/search       the search, past theirs: pages, filters, an order by date
    /api/papers/{id}         one paper        /api/papers   all of them, by a cursor
    /api/arxiv/{id}/repos    what a paper leads to at Hugging Face

Where theirs is weak ours goes further, in the same shape: `sort=trending` keeps to the days that are asked for; days on
which nothing is announced and days to come are answered with the newest edition before (the header `X-Edition` names
it), because half of the world's bots ask for tomorrow.
"""

from collections.abc import Callable
from datetime import date
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from broadsheet import announcing, ids
from broadsheet.api import asked, shapes
from broadsheet.api.answers import answer, error, next_page
from broadsheet.api.links import linked
from broadsheet.errors import NotFound, Refused
from broadsheet.library import Library, marks
from broadsheet.types import Edition, Entry, Mode, Sort, Span

MOST_DAILY, MOST_FOUND = 100, 120  # items of one page, as theirs
LONGEST_QUERY = 3_000  # characters
DEEPEST = 10_000  # results that can be paged through
MOST_SUBMITTED = 1_000  # papers of one submitter
RECENT_DAYS = 14  # of editions that are listed one after the other where no day is asked for
SPANS = {"date": Span.DAY, "week": Span.WEEK, "month": Span.MONTH}
_EXAMPLES = {"date": "2026-11-20", "week": "2026-W47", "month": "2026-11"}
_FARTHEST = 10**9 - 1


def daily(library: Library, request: Request) -> Response:
    """The papers of an edition, or of the newest ones one after the other."""
    query = request.query_params
    limit = asked.whole(query, "limit", 50, 1, MOST_DAILY)
    page = asked.whole(query, "p", 0, 0, _FARTHEST)
    sort = asked.one_of(query, "sort", ("publishedAt", "trending"), "publishedAt")
    name = next((name for name in SPANS if query.get(name, "").strip()), None)
    named = ""
    submitter = query.get("submitter", "").strip()
    if submitter not in ("", shapes.SUBMITTER):
        found = _submitted(library, submitter, (name, query[name].strip()) if name else None)
        if sort == "trending":
            found.sort(key=lambda one: -(one.paper.votes + one.paper.own_votes))
        entries, more = found[page * limit :], len(found) > (page + 1) * limit
    elif name:
        edition = edition_of(library, name, query[name].strip(), limit, page * limit, trending=sort == "trending")
        entries, more, named = edition.entries, edition.total > (page + 1) * limit, edition.key
    else:
        # One more than asked tells whether there is another page.
        one_more, offset = limit + 1, page * limit
        if sort == "trending":
            entries = library.trending_first(limit=one_more, offset=offset)
        else:
            entries = library.recent(RECENT_DAYS, limit=one_more, offset=offset)
        more = len(entries) > limit
    base = str(request.base_url)
    headers = ({"X-Edition": named} if named else {}) | (next_page(request, p=page + 1) if more else {})
    return answer([shapes.item(entry.paper, entry.day, base, entry.by) for entry in entries[:limit]], headers=headers)


def _submitted(library: Library, person: str, span: tuple[str, str] | None) -> list[Entry]:
    """What somebody here submitted, the newest first; within a day, a week or a month if named. Raises Refused."""
    first, last = "", "~"
    if span:
        edition = edition_of(library, *span, 0, 0)
        first, last = edition.first, edition.last
    try:
        found = library.submissions(person=person, limit=MOST_SUBMITTED)
    except NotFound:
        return []
    return [
        Entry(one.paper, place, "submitted", day=one.day, by=one.by)
        for place, one in enumerate(found, start=1)
        if one.paper is not None and first <= one.day <= last
    ]


def edition_of(library: Library, name: str, key: str, limit: int, offset: int, *, trending: bool = False) -> Edition:
    """The edition with this key, or the newest one before, where there cannot be one. Raises Refused."""
    span = SPANS[name]
    read = partial(library.edition, span, limit=limit, offset=offset, trending=trending)
    if name == "date" and len(day := ids.iso_date(key) or "") == len("2026-11-20"):
        key = day  # with a time, too: some bots send one
    try:
        edition = read(key)
    except NotFound:
        raise Refused(f"“{name}” looks like {_EXAMPLES[name]}, not “{key[:40]}”.") from None
    if edition.total:
        return edition
    latest = read(None)
    if latest.first <= edition.first:
        return latest
    if span is Span.DAY and edition.previous and announcing.silence(date.fromisoformat(edition.first)):
        return read(edition.previous)
    return edition


def search(library: Library, request: Request, stop: Callable[[], bool]) -> Response:
    """Papers that match `q`, best first; with `since`, `until`, `category`, `author`, `code`, `sort`, `mode`."""
    query = request.query_params
    limit = asked.whole(query, "limit", 20, 1, MOST_FOUND)
    page = asked.whole(query, "p", 0, 0, _FARTHEST)
    offset = asked.whole(query, "offset", page * limit, 0, _FARTHEST * MOST_FOUND)
    sort = asked.one_of(query, "sort", ("relevance", "date", "publishedAt"), "relevance")
    mode = asked.one_of(query, "mode", tuple(Mode), Mode.HYBRID.value)
    since, until = (_date(query.get(name, ""), name) for name in ("since", "until"))
    text = query.get("q", "")
    if len(text) > LONGEST_QUERY:
        raise Refused(f"“q” is at most {LONGEST_QUERY:,} characters long.")
    if offset >= DEEPEST:
        return answer([])
    found = library.search(
        text,
        limit=limit,
        offset=offset,
        sort=Sort.RELEVANCE if sort == "relevance" else Sort.DATE,
        since=since,
        until=until,
        categories=asked.words(query, "category"),
        authors=asked.words(query, "author"),
        has_code=asked.flag(query, "code"),
        mode=Mode(mode),
        stop=stop,
    )
    base = str(request.base_url)
    items = []
    for hit in found.hits:
        one = shapes.item(hit.paper, None, base)
        for field, of in (("highlightedTitle", "title"), ("highlightedSummary", "summary")):
            one[field] = shapes.highlighted(one[of], marks(one[of], found.terms))
        items.append(one | {"upvoted": False})
    headers = {"X-Total-Count": str(found.total)}
    if items and min(found.total + found.near, DEEPEST) > offset + limit:
        paging = {"offset": offset + limit} if "offset" in query else {"p": page + 1}
        headers |= next_page(request, **paging)
    return answer(items, headers=headers)


def _date(text: str, name: str) -> str | None:
    if not text.strip():
        return None
    if not (day := ids.iso_date(text)):
        raise Refused(f"“{name}” is a date like 2026-11-20, 2026-11 or 2026, not “{text[:40]}”.")
    return day


def paper(library: Library, request: Request) -> Response:
    """One paper, in any spelling of any of its identifiers."""
    try:
        found = library.paper(request.path_params["id"].strip("/ "))
    except NotFound:
        return missing()
    return answer(shapes.info(found, str(request.base_url)))


def papers(library: Library, request: Request) -> Response:
    """All papers, the newest first. The cursor of the next page is in the `Link` header."""
    limit = asked.whole(request.query_params, "limit", 50, 1, MOST_DAILY)
    found, after = library.listing(request.query_params.get("cursor", "").strip(), limit=limit)
    base = str(request.base_url)
    headers = next_page(request, cursor=after) if after else {}
    return answer([shapes.listed(one, base) for one in found], headers=headers)


def repos(library: Library, request: Request) -> Response:
    """What a paper leads to at Hugging Face. A paper that is not here leads nowhere."""
    key = request.path_params["id"].strip("/ ")
    try:
        one = library.paper(key)
    except NotFound:
        if not ids.arxiv(key):
            return missing()
        return answer({"models": [], "datasets": [], "spaces": []})
    found = linked(one)
    return answer({kind: shapes.repos(one, getattr(found, kind)) for kind in ("models", "datasets", "spaces")})


def missing() -> Response:
    """A paper that is not here, in their words: their client shows them."""
    return error(404, "PaperNotFound", "Paper not found")
