"""arXiv's query API at the address where programs look for it: /api/query, by GET or as a form.

    search_query   its language (`search.arxivquery`)      id_list   ids, with versions or without, between commas
    start, max_results (10)                                sortBy    relevance, lastUpdatedDate, submittedDate
                                                           sortOrder descending, ascending

The number of results is exact; the first 30,000 of them can be paged through, 2,000 at a time, as at arXiv. What is
wrong with a question is said in a feed of one entry, with the status 400. There is no pause to keep between requests.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from broadsheet import ids
from broadsheet.api import atom
from broadsheet.api.manners import Patient
from broadsheet.errors import Refused
from broadsheet.library import Library
from broadsheet.types import Identifier, Paper

MOST, DEEPEST = 2_000, 30_000
LONGEST_BODY = 200_000  # bytes of a form
MOST_IDS = 2_000
_SORTS: dict[str, Literal["submitted", "updated"] | None] = {
    "relevance": None,
    "submittedDate": "submitted",
    "lastUpdatedDate": "updated",
}
_FIELDS = ("search_query", "id_list", "start", "max_results", "sortBy", "sortOrder")


def endpoint(library: Library, patient: Patient) -> Callable[[Request], Awaitable[Response]]:
    """The address's endpoint. A form's body is read here, where waiting for it costs nobody a thread."""
    waiting = patient(lambda request, stop: query(library, request, stop))

    async def answering(request: Request) -> Response:
        request.state.form = await _form(request) if request.method == "POST" else {}
        return await waiting(request)

    return answering


async def _form(request: Request) -> dict[str, str]:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LONGEST_BODY:
            raise Refused(f"The form is longer than {LONGEST_BODY:,} bytes. Ask in several requests.")
    # arXiv reads a body as a form whatever its type is said to be.
    try:
        return dict(parse_qsl(body.decode("utf-8", "replace"), max_num_fields=100))
    except ValueError:
        raise Refused("The body of the request is not a form.") from None


def query(library: Library, request: Request, stop: Callable[[], bool] = lambda: False) -> Response:
    """A feed of the papers that are asked for."""
    given = {**request.query_params, **request.state.form}
    text, listed = given.get("search_query", "").strip(), given.get("id_list", "").strip()
    start = _whole(given, "start", 0)
    size = _whole(given, "max_results", 10)
    by = _choice(given, "sortBy", tuple(_SORTS))
    order = _choice(given, "sortOrder", ("descending", "ascending"))
    if size > MOST:
        raise Refused(f"max_results is at most {MOST:,}: ask for the next with start.")
    if start >= DEEPEST:
        raise Refused(f"start is less than {DEEPEST:,}: narrow the query, by submittedDate say, for what comes after.")
    names = _ids(listed)
    size = min(size, DEEPEST - start)
    papers: list[tuple[Paper, int]]
    if text:
        identifiers = [Identifier("arxiv", name) for name, _ in names]
        if listed and not identifiers:
            total, papers = 0, []
        else:
            page = library.arxiv_search(
                text,
                identifiers,
                limit=size,
                offset=start,
                by=_SORTS[by],
                ascending=order == "ascending",
                stop=stop,
            )
            versions = dict(names)
            total = page.total
            papers = [(hit.paper, versions.get(hit.paper.arxiv_id or "", 0)) for hit in page.hits]
    else:
        found = [
            (paper, version)
            for paper, (_, version) in zip(library.papers([name for name, _ in names]), names, strict=True)
            if paper is not None
        ]
        if _SORTS[by]:
            when = atom.published if by == "submittedDate" else atom.updated
            found.sort(key=lambda one: when(one[0]), reverse=order == "descending")
        total, papers = len(found), found[start : start + size]
    asked = f"search_query={text}&id_list={listed}&start={start}&max_results={size}"
    feed = atom.Feed(asked, _now(), str(request.base_url), total, start, size)
    return Response(atom.feed(feed, papers), media_type=atom.MEDIA)


def problem(status: int, message: str) -> Response:
    """What was wrong, as a feed."""
    feed = atom.Feed("", _now(), "https://arxiv.org/", 1, 0, 1)
    return Response(atom.error(feed, message, "bad_request" if status == 400 else "failure"), status, None, atom.MEDIA)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _whole(given: Mapping[str, str], name: str, default: int) -> int:
    text = given.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise Refused(f"{name} must be a whole number that is not negative, not “{text[:40]}”.")
    return int(text)


def _choice(given: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    text = given.get(name, "").strip()
    if text and text not in choices:
        raise Refused(f"{name} must be {', '.join(choices[:-1])} or {choices[-1]}, not “{text[:40]}”.")
    return text or choices[0]


def _ids(text: str) -> list[tuple[str, int]]:
    """The ids of a list and their versions, each once. Raises Refused for one that is none."""
    words = [word for word in text.replace(",", " ").split() if word]
    if len(words) > MOST_IDS:
        raise Refused(f"id_list has more than {MOST_IDS:,} ids. Ask in several requests.")
    found: dict[str, int] = {}
    for word in words:
        if not (read := ids.arxiv(word)):
            raise Refused(f"incorrect id format for {word[:60]}")
        found.setdefault(read[0], read[1])
    return list(found.items())
