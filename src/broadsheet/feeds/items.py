"""Papers, comments and what happens to papers, as entries of feeds.

An entry's dates are the thing's own, whatever list it stands in: a paper is published on the day it belongs to, in an
edition on the edition's, and updated when its newest version came. Votes come and go, and are no news.
"""

from datetime import datetime
from urllib.parse import quote

from broadsheet import ids, markup, said, tex
from broadsheet.feeds.shapes import AUTHORS, TEXT, Item, Way
from broadsheet.ids.categories import NAMES
from broadsheet.library import Library
from broadsheet.types import Comment, Event, Paper, Person

NEVER = "1970-01-01T00:00:00Z"  # of what has no date at all: feeds need one
_CATEGORIES = 20
_PLAIN = "/:@!$&'()*,;=-._~"
_OLD_AND_NEW = frozenset({"title", "categories", "venue", "doi"})  # whose words are short
_NEW = frozenset({"code"})
_GONE = "somebody who has left"


def path(key: str, *below: str) -> str:
    """The address of a paper's page, or of one below it."""
    return "/".join(("/papers", quote(key, safe=_PLAIN), *below))


def of_paper(library: Library, paper: Paper, now: datetime, *, note: str = "", day: str = "") -> Item:
    """A paper. `note` is why it is in the list, `day` that of the edition which has it, if it is one's."""
    first = max(paper.day or paper.published or "", day) or paper.submitted or _came(library, paper)
    published = instant(first, now)
    made = [one.created for one in paper.versions if one.created]
    updated = instant(max([*made, paper.updated or ""]), now)
    named = [author.name for author in paper.authors if author.name.strip()]
    total = max(paper.author_count or 0, len(named))
    comments = paper.comments + paper.own_comments
    own = (
        "Withdrawn by its authors" if paper.withdrawn else "",
        ", ".join(paper.categories[:_CATEGORIES]),
        said.count(paper.own_votes, "vote") if paper.own_votes else "",
        f"{said.count(paper.votes, 'vote')} elsewhere" if paper.votes else "",
        said.count(comments, "comment") if comments else "",
    )
    return Item(
        library.feed_name("paper", paper.number),
        paper.title,
        path(paper.id),
        published,
        max(published, updated),
        authors=tuple(named[:AUTHORS]),
        others=total - len(named[:AUTHORS]),
        text=" ".join((paper.abstract or paper.summary or "")[:TEXT].split()),
        note=note,
        facts=tuple(filter(None, own)),
        tags=tuple((code, NAMES.get(code, "")) for code in paper.categories[:_CATEGORIES]),
        ways=tuple(_ways(paper)),
        talk=path(paper.id, "comments"),
    )


def of_comment(library: Library, comment: Comment, now: datetime, *, about: bool) -> Item:
    """A comment; `about` names its paper in the title, for lists of more than one paper's comments."""
    who = name(comment.by)
    paper = comment.paper
    title = f"{who} on “{tex.plain(paper.title[:TEXT])}”" if about and paper else who
    at = instant(comment.at, now)
    return Item(
        library.feed_name("comment", comment.number),
        title,
        f"/comments/{comment.number}",
        at,
        max(at, instant(comment.edited, now)),
        authors=(who,),
        text=markup.plain(comment.text[:TEXT]),
        facts=(said.count(comment.votes, "vote"),) if comment.votes else (),
    )


def of_event(library: Library, event: Event, paper: Paper, now: datetime) -> Item:
    """Something that happened to a paper."""
    short = event.kind in _OLD_AND_NEW
    old = tex.plain((event.old or "")[:TEXT]) if short else ""
    new = tex.plain((event.new or "")[:TEXT]) if short or event.kind in _NEW else ""
    at = instant(event.at, now)
    return Item(
        library.feed_name("event", event.number),
        f"{said.happened(event)}: {tex.plain(paper.title[:TEXT])}",
        path(paper.id),
        at,
        at,
        note=said.happened(event),
        facts=tuple(filter(None, (f"Before: {old}" if old else "", f"Now: {new}" if new else ""))),
        ways=tuple(_ways(paper)),
    )


def name(person: Person | None) -> str:
    """What somebody is called."""
    return _GONE if person is None or person.left else person.shown or person.name


def instant(text: str | None, now: datetime) -> str:
    """A date of a source as an instant, to the second. What is yet to come, as a source may say, is now's day."""
    made = ids.instant(text) if text and "T" in text else f"{ids.first_day(text)}T00:00:00Z" if text else None
    return min(made or NEVER, f"{now.date().isoformat()}T23:59:59Z") if made else NEVER


def _came(library: Library, paper: Paper) -> str:
    """When a paper came here: the date of one that no source dates."""
    return min((fact.since for fact in library.provenance(paper.id).facts), default="")


def _ways(paper: Paper) -> list[Way]:
    """Where a paper is elsewhere, the most telling first."""
    ways = []
    if arxiv := paper.arxiv_id:
        ways.append(Way(f"https://arxiv.org/abs/{quote(arxiv)}", "arXiv"))
        ways.append(Way(f"https://arxiv.org/pdf/{quote(arxiv)}", "PDF", "application/pdf"))
    if doi := paper.doi:
        ways.append(Way(f"https://doi.org/{quote(doi, safe='/:;()._-')}", "DOI"))
    return ways
