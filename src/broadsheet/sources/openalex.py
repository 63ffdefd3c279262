"""OpenAlex: venues, citation counts, what is cited, affiliations and retractions of papers that are here already.

    {address}/works?filter=doi:10.48550/arxiv.2601.00001|10.1000/x&per_page=100&api_key=...

It knows no arXiv ids: a preprint is asked for by the DOI arXiv gave it, at most 50 in one question. A free key pays
for 10,000 questions a day and none is answered without one; the budget is new at midnight UTC, until when nothing is
asked again. Works are joined by DOI only, never by an address among their locations: these have been other papers'.
A retraction is the publisher's statement, not the authors' withdrawal: it becomes a keyword.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial

from broadsheet import ids
from broadsheet.errors import BadRecord, BadSetting, Unavailable
from broadsheet.fetching import Answer, Client
from broadsheet.sources import cited, references
from broadsheet.sources.asking import asked
from broadsheet.sources.door import Door, own_key
from broadsheet.sources.live import Batch, Request
from broadsheet.sources.lookup import entries, json_object, portions, record_of, unknown, within, words
from broadsheet.sources.markup import plain
from broadsheet.types import Author, Citing, Identifier, Record

NAME = "openalex"
ADDRESS = "https://api.openalex.org"
RETRACTED = "retracted"
"""The keyword of papers that their publisher took back."""

_MOST = 50  # values of one filter (openalex-docs); a DOI may have two works, a page holds 100
_ARXIV_DOI = "10.48550/arxiv."
_SEPARATORS = frozenset(",|")  # of filters and of their values: no DOI with one of them can be asked for
_ALL_AUTHORS = 100  # as many authors a list shows; where there are as many there may be more
_FIELDS = (
    "id,doi,ids,title,publication_date,type,authorships,abstract_inverted_index,cited_by_count,is_retracted,"
    "primary_location,referenced_works"
)


class OpenAlex:
    """OpenAlex as a source of look-ups: `Request.papers`, those with an arXiv id or a DOI."""

    name = NAME

    def __init__(self, client: Client, *, key: str, address: str = ADDRESS, most: int = _MOST) -> None:
        """`key` is the operator's own; it goes to `address` only."""
        self._client, self._key, self._address, self._most = client, key, f"{address.rstrip('/')}/works", most

    def batches(self, cursor: str, request: Request) -> Iterator[Batch]:
        """One batch a question. Nothing to go on from: papers without an answer are asked for again.

        Raises BadSetting without a key, Unavailable when the day's budget is spent.
        """
        del cursor
        if not self._key:
            raise BadSetting("OpenAlex answers nobody without a key: set one (they are free), or switch it off.")
        wanted = [name for name in request.papers if _doi(name)]
        questions = list(portions(wanted, self._most))
        for number, names in enumerate(questions, start=1):
            works, budget = self._ask(names, request.now)
            results = _results(names, works, Door(NAME, request.now))
            last = number == len(questions)
            note = unknown(len(names) - len(results), len(names))
            yield Batch(results, "", done=last, note=note, asked=names, citations=list(_citations(names, works)))
            if not last and budget <= 0:
                raise _spent(request.now)
        if not questions:
            yield Batch((), "", done=True)

    def _ask(self, names: list[Identifier], now: datetime) -> tuple[list[Mapping[str, object]], float]:
        """The works of some papers, and what is left of the day's budget."""

        def read(answer: Answer) -> tuple[list[Mapping[str, object]], float]:
            budget = _budget(answer)
            if answer.status == 401:
                raise BadSetting("OpenAlex does not take the key it was given: look it up in your account there.")
            if answer.status in {403, 429}:
                raise _spent(now) if budget <= 0 else Unavailable("OpenAlex asks for a pause.", retry_after=60.0)
            return entries(json_object(answer).get("results")), budget

        parameters: dict[str, str | int] = {
            "filter": "doi:" + "|".join(_doi(name) for name in names),
            "per_page": 100,
            "select": _FIELDS,
            "api_key": self._key,
        }
        return asked(self._client, self._address, parameters, read, accept_status={401, 403, 429})


def _doi(name: Identifier) -> str:
    """The DOI to ask for a paper by; "" if there is none that can be asked for."""
    doi = {"arxiv": f"{_ARXIV_DOI}{name.value}", "doi": name.value}.get(name.scheme, "")
    return doi.lower() if _SEPARATORS.isdisjoint(doi) else ""


def _budget(answer: Answer) -> float:
    try:
        return float(answer.headers.get("x-ratelimit-remaining", "inf"))
    except ValueError:
        return float("inf")


def _spent(now: datetime) -> Unavailable:
    midnight = (now.astimezone(UTC) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return Unavailable(
        "OpenAlex's budget for today is spent; there is a new one at midnight UTC.",
        retry_after=(midnight - now).total_seconds(),
    )


def _citations(names: list[Identifier], works: list[Mapping[str, object]]) -> Iterator[Citing]:
    """What each paper cites: works by OpenAlex's own names alone. What cites it would be a question for each paper."""
    by_doi = _by_doi(works)
    for name in names:
        listed = by_doi.get(_doi(name), {}).get("referenced_works")
        if isinstance(listed, list) and listed:
            named = (cited.work([words(one)]) for one in listed[: cited.MOST])
            yield Citing(name, NAME, cites=True, works=tuple(one for one in named if one is not None))


def _by_doi(works: list[Mapping[str, object]]) -> dict[str, Mapping[str, object]]:
    """Works by their DOI; of two with one, the one that is cited more."""
    return {ids.doi(words(work.get("doi"))) or "": work for work in sorted(works, key=_cited)}


def _results(names: list[Identifier], works: list[Mapping[str, object]], door: Door) -> list[Record | BadRecord]:
    """A record for each paper that was asked for."""
    by_doi = _by_doi(works)
    found = ((name, by_doi.get(_doi(name))) for name in names)
    return [record_of(name, partial(_record, name, work, door)) for name, work in found if work]


def _cited(work: Mapping[str, object]) -> int:
    count = work.get("cited_by_count")
    return count if isinstance(count, int) else 0


def _record(name: Identifier, work: Mapping[str, object], door: Door) -> Record:
    title = work.get("title")
    source = within(work, "primary_location", "source")
    published_there = source.get("type") != "repository"
    return door.record(
        key=own_key((name,), ""),
        title=plain(title) if isinstance(title, str) else title,
        abstract=_abstract(work.get("abstract_inverted_index")),
        authors=_authors(work.get("authorships")),
        published=references.known_day(door, work.get("publication_date")),
        identifiers=[name, *_identifiers(work)],
        venue=references.venue(words(source.get("display_name"))) if published_there else None,
        citations=work.get("cited_by_count"),
        keywords=(RETRACTED,) if work.get("is_retracted") is True else (),
    )


def _identifiers(work: Mapping[str, object]) -> Iterator[Identifier]:
    yield from ids.identifiers(words(work.get("id")))
    yield from ids.identifiers(words(work.get("doi")))
    yield from ids.identifiers(words(within(work, "ids").get("pmid")))
    yield from ids.identifiers(words(within(work, "ids").get("pmcid")))


def _authors(authorships: object) -> list[Author]:
    """The authors with their institutions; none where the list may be cut."""
    found = entries(authorships)
    if len(found) >= _ALL_AUTHORS:
        return []
    authors = []
    for entry in found:
        places = filter(None, (words(place.get("display_name")) for place in entries(entry.get("institutions"))))
        orcid = words(within(entry, "author").get("orcid")).rpartition("/")[2]
        authors.append(
            Author(words(within(entry, "author").get("display_name")), "; ".join(places) or None, orcid or None)
        )
    return authors


def _abstract(inverted: object) -> str | None:
    """The abstract, from the places each of its words stands at."""
    if not isinstance(inverted, Mapping):
        return None
    placed = [
        (place, word)
        for word, places in inverted.items()
        if isinstance(places, list)
        for place in places
        if isinstance(place, int)
    ]
    return " ".join(word for _, word in sorted(placed)) or None
