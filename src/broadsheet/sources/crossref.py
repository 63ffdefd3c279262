"""Crossref: what publishers deposited about papers with a DOI: venue, date, abstract, citations, retractions.

    {address}/works?filter=doi:10.1000/x,doi:10.1000/y&rows=100&mailto=...

arXiv's own DOIs are DataCite's, and Crossref does not know them. A work says which preprint it has, or of which
publication it is one: both are names of the same paper. An abstract is JATS. A publisher's retraction becomes a
keyword: it is not the authors' withdrawal, and the preprint on arXiv stands as it did.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from urllib.parse import quote

from broadsheet import ids
from broadsheet.errors import BadRecord, BadSource
from broadsheet.fetching import Answer, Client
from broadsheet.sources import csl, references
from broadsheet.sources.asking import asked
from broadsheet.sources.door import Door, own_key
from broadsheet.sources.live import Batch, Request
from broadsheet.sources.lookup import entries, json_object, portions, record_of, unknown, within, words
from broadsheet.sources.markup import plain
from broadsheet.sources.openalex import RETRACTED
from broadsheet.types import Identifier, Record

NAME = "crossref"
ADDRESS = "https://api.crossref.org"

_MOST = 50  # DOIs of one question: an address of some 2,000 characters, which every proxy lets through
_SAME_PAPER = ("is-preprint-of", "has-preprint", "is-version-of", "has-version")
_TAKEN_BACK = frozenset({"retraction", "withdrawal", "removal"})


class Crossref:
    """Crossref as a source of look-ups: `Request.papers`, those with a DOI."""

    name = NAME

    def __init__(self, client: Client, *, mailto: str = "", address: str = ADDRESS, most: int = _MOST) -> None:
        """`mailto` is the operator's: who gives one is answered sooner, and warned before being shut out."""
        self._client, self._address, self._most = client, f"{address.rstrip('/')}/works", most
        self._contact: dict[str, str | int] = {"mailto": mailto} if mailto else {}

    def batches(self, cursor: str, request: Request) -> Iterator[Batch]:
        """One batch a question. Nothing to go on from: papers without an answer are asked for again."""
        del cursor
        questions = list(portions((name for name in request.papers if name.scheme == "doi"), self._most))
        for number, names in enumerate(questions, start=1):
            works = self._ask(names)
            results = _results(names, works, Door(NAME, request.now))
            note = unknown(len(names) - len(results), len(names))
            yield Batch(results, "", done=number == len(questions), note=note, asked=names)
        if not questions:
            yield Batch((), "", done=True)

    def _ask(self, names: list[Identifier]) -> list[Mapping[str, object]]:
        def read(answer: Answer) -> list[Mapping[str, object]] | None:
            if answer.status == 400:
                return None
            if (message := within(json_object(answer), "message")) and isinstance(message.get("items"), list):
                return entries(message["items"])
            raise BadSource("Crossref's answer holds no list of works.")

        together = [name.value for name in names if "," not in name.value]
        apart = [name.value for name in names if "," in name.value]  # it separates filters
        works: list[Mapping[str, object]] = []
        if together:
            parameters = {"filter": ",".join(f"doi:{doi}" for doi in together), "rows": 2 * self._most, **self._contact}
            found = asked(self._client, self._address, parameters, read, accept_status={400})
            if found is None:  # one of them is none to Crossref, and it does not say which
                apart += together
            works += found or ()
        return works + [work for doi in apart if (work := self._one(doi))]

    def _one(self, doi: str) -> Mapping[str, object] | None:
        def read(answer: Answer) -> Mapping[str, object] | None:
            return within(json_object(answer), "message") if answer.status == 200 else None

        address = f"{self._address}/{quote(doi, safe='')}"
        return asked(self._client, address, self._contact, read, accept_status={400, 404})


def _results(names: list[Identifier], works: list[Mapping[str, object]], door: Door) -> list[Record | BadRecord]:
    by_doi = {ids.doi(words(work.get("DOI"))): work for work in works}
    found = ((name, by_doi.get(name.value)) for name in names)
    return [record_of(name, partial(_record, name, work, door)) for name, work in found if work]


def _record(name: Identifier, work: Mapping[str, object], door: Door) -> Record:
    title, subtitle, abstract = words(work.get("title")), words(work.get("subtitle")), work.get("abstract")
    where = words(work.get("container-title")) or words(within(work, "event").get("name"))
    published = references.known_day(door, csl.date_of(work.get("issued")))
    volume, number, pages = (words(work.get(field)) for field in ("volume", "issue", "page"))
    year = (published or "")[:4]
    return door.record(
        key=own_key((name,), ""),
        title=plain(f"{title}: {subtitle}" if title and subtitle and subtitle not in title else title),
        abstract=plain(abstract) if isinstance(abstract, str) else None,
        authors=csl.people(work.get("author")),
        published=published,
        identifiers=[name, *_identifiers(work)],
        venue=references.venue(where),
        journal_ref=references.place(where, volume=volume, number=number, pages=pages, year=year),
        citations=work.get("is-referenced-by-count"),
        keywords=(RETRACTED,) if _is_retracted(work) else (),
    )


def _identifiers(work: Mapping[str, object]) -> Iterator[Identifier]:
    yield from ids.identifiers(words(work.get("DOI")))
    for relation in _SAME_PAPER:
        for other in entries(within(work, "relation").get(relation)):
            if words(other.get("id-type")) in {"doi", "arxiv"}:
                yield from ids.identifiers(words(other.get("id")))


def _is_retracted(work: Mapping[str, object]) -> bool:
    """Whether a notice took it back: the work's own record lists what updates it."""
    return any(words(update.get("type")) in _TAKEN_BACK for update in entries(work.get("updated-by")))
