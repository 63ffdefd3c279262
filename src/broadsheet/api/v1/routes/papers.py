"""Papers: by any of their names, all of them, what is understood of one, and what happened to it."""

import json
import re
from typing import Annotated, Literal

from fastapi import Query
from pydantic import ConfigDict, Field

from broadsheet import citing
from broadsheet.api.v1.asking import Asked, there
from broadsheet.api.v1.operations import Operations
from broadsheet.api.v1.parameters import NAME, Categories, Cursor, Keys, Limit, PaperId, Sent, Word
from broadsheet.errors import Refused
from broadsheet.types import Citations, Counted, Event, FullText, Harvested, Hit, Paper, Provenance, Understood
from broadsheet.wire import Listed, Quoted

papers = Operations("papers", "Papers, by any of their identifiers.")

_DAY, _INSTANT = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII), re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
FORMS = ("bibtex", "ris", "csl", "markdown", *citing.STYLES)
Form = Annotated[str, Query(description=f"One of {', '.join(FORMS)}.", max_length=NAME, examples=["bibtex"])]


@papers.reads("/papers")
def listing(asked: Asked, limit: Limit = 20, cursor: Cursor = "") -> Listed[Paper]:
    """All papers, the newest day first."""
    found, after = asked.library.listing(asked.mark(cursor), limit=limit)
    return Listed(found, asked.cursor(after) if after else None)


@papers.reads("/named")
def papers_named(asked: Asked, paper: Keys) -> Listed[Paper | None]:
    """Papers by their identifiers, in that order; null where there is none."""
    return Listed(asked.library.papers(paper), total=len(paper))


@papers.reads("/changes")
def changes(
    asked: Asked,
    *,
    since: Annotated[str, Query(description="The first instant or day.", max_length=40, examples=["2026-11-01"])] = "",
    until: Annotated[str, Query(description="The last instant or day.", max_length=40)] = "",
    category: Categories = (),
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Listed[Harvested]:
    """Papers in the order in which they changed here; deleted and merged ones too.

    Who wants to stay up to date asks later again, `since` the instant at which the last one changed.
    """
    first = _instant(since or asked.library.earliest_change() or "2000-01-01", "since", "T00:00:00Z")
    last = _instant(until or "9999-12-31", "until", "T23:59:59Z")
    found = asked.library.harvest(first, last, categories=category, place=asked.mark(cursor), limit=limit)
    total = asked.library.harvested(first, last, categories=category)
    return Listed(found, asked.cursor(found[-1].place) if len(found) == limit else None, total)


@papers.reads("/near")
def near(
    asked: Asked,
    like: Keys,
    unlike: Keys = (),
    limit: Limit = 10,
) -> Listed[Hit]:
    """Papers near in meaning to some and unlike others, the nearest first."""
    return Listed(asked.library.near(like, unlike, limit=limit))


@papers.reads("/papers/{paper:path}/similar")
def similar(asked: Asked, paper: PaperId, limit: Limit = 10) -> Listed[Hit]:
    """The papers nearest in meaning to a paper, the nearest first."""
    return Listed(asked.library.similar(paper, limit))


@papers.reads("/papers/{paper:path}/understood")
def understood(
    asked: Asked,
    paper: PaperId,
    near: Annotated[bool, Query(description="With its neighbours.")] = True,
) -> Understood:
    """What is understood of a paper: gist, method, keywords, results, neighbours."""
    return asked.library.understand(paper, near=near)


@papers.reads("/papers/{paper:path}/reference")
def reference(asked: Asked, paper: PaperId, form: Form = "bibtex") -> Quoted:
    """A paper as reference managers and reference lists want it."""
    found = asked.library.paper(paper)
    address = f"{str(asked.request.base_url).removesuffix('api/v1/').rstrip('/')}/papers/{found.id}"
    if form not in FORMS:
        raise Refused(f"“form” is one of {', '.join(FORMS)}.")
    if form == "csl":
        return Quoted(form, json.dumps([citing.csl(found, address=address)], ensure_ascii=False))
    files = {"bibtex": citing.bibtex, "ris": citing.ris, "markdown": citing.markdown}
    if form in files:
        return Quoted(form, files[form](found, address=address))
    return Quoted(form, citing.citation(found, form, address=address))


@papers.reads("/papers/{paper:path}/cites")
def cites(asked: Asked, paper: PaperId, limit: Limit = 50) -> Citations:
    """What a paper cites: the works that are here, the newest first, and as many that are not."""
    return asked.library.citations(paper, cites=True, limit=limit)


@papers.reads("/papers/{paper:path}/cited-by")
def cited_by(asked: Asked, paper: PaperId, limit: Limit = 50) -> Citations:
    """What cites a paper."""
    return asked.library.citations(paper, cites=False, limit=limit)


@papers.reads("/papers/{paper:path}/history")
def history(asked: Asked, paper: PaperId) -> Provenance:
    """Where each fact of a paper came from, when it changed, and what was merged."""
    return asked.library.provenance(paper)


@papers.reads("/papers/{paper:path}/events")
def events(asked: Asked, paper: PaperId) -> Listed[Event]:
    """What happened to a paper since it was first known, the newest first."""
    return Listed(asked.library.events(paper))


@papers.reads("/papers/{paper:path}/signals")
def signals(
    asked: Asked,
    paper: PaperId,
    of: Annotated[
        Literal["days", "all"], Query(description="Counts as they stood each day, or each that was made.")
    ] = "days",
) -> Listed[Counted]:
    """What was counted for a paper: votes, comments, stars, citations."""
    if of == "days":
        return Listed(asked.library.signals(paper))
    rows = asked.library.signal_history(paper)
    return Listed([Counted(row.day, row.kind, row.source, row.total) for row in rows])


@papers.reads("/papers/{paper:path}/text")
def text(asked: Asked, paper: PaperId) -> FullText:
    """The full text of a paper as Markdown, with its headings and captions."""
    found = asked.library.paper(paper)
    return there(asked.parts.texts(found.id), f"There is no full text of {found.id} as HTML.")


@papers.reads("/papers/{paper:path}")
def paper(asked: Asked, paper: PaperId) -> Paper:
    """A paper, by any spelling of any of its identifiers."""
    return asked.library.paper(paper)


class Named(Sent):
    """A paper by any of its names."""

    paper: Word


@papers.makes("/papers", rule="submit", counted="submit", status=200)
def bring(asked: Asked, body: Named) -> Paper:
    """Have a paper here, without putting it into an edition; it is fetched where it is not."""
    found = asked.library.bring(asked.actor, body.paper)
    return there(found, f"Nobody who was asked knows {body.paper[:60]}, or not yet.")


class Linking(Sent):
    """Where a paper's code ("code") or project ("project") is; null takes away what was set here."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"links": {"code": "https://code.example/kites"}}]})

    links: dict[Word, Annotated[str, Field(max_length=2_000)] | None]


@papers.puts("/papers/{paper:path}/links", rule="link")
def link(asked: Asked, paper: PaperId, body: Linking) -> Paper:
    """Set where a paper's code or project is: for its authors, who submitted it, and moderators."""
    return asked.library.link(asked.actor, paper, body.links)


def _instant(text: str, name: str, rest: str) -> str:
    """A day or an instant as an instant. Raises Refused."""
    said = text.strip()
    if _DAY.fullmatch(said):
        said += rest
    if not _INSTANT.fullmatch(said):
        raise Refused(f"“{name}” is a day or an instant, like 2026-11-20 or 2026-11-20T12:00:00Z, not “{text[:40]}”.")
    return said
