"""Papers in Hugging Face's JSON: theirs field by field, and copies at the top where their own client looks for them.

Their client reads `title`, the counts and the code link at the top level of an item, where they themselves nest them:
what it shows of a list here is more than it shows of theirs. Two of its traps shape this module: `upvotes: 0` nested
alone becomes None, and a top-level `comments` overwrites the count of comments, so that name is never used.

A paper that nobody submitted has Broadsheet itself as its submitter. Names that are 24 hexadecimal digits
there are made from the paper's key, the same every time.
"""

import hashlib
from typing import Any
from urllib.parse import quote

from broadsheet import ids, markup, tex
from broadsheet.api.links import Linked, linked
from broadsheet.types import Author, Comment, Paper, Person, Role

SUBMITTER = "broadsheet"
Json = dict[str, Any]


def instant(text: str | None) -> str | None:
    """A day, even a partial one, or an instant as their client reads it: "2026-11-20T00:00:00.000Z"."""
    if not text:
        return None
    return f"{text.removesuffix('Z')}.000Z" if "T" in text else f"{ids.first_day(text)}T00:00:00.000Z"


def one_line(text: str | None) -> str:
    """A text without line breaks and without what no message may carry; its TeX stays."""
    return tex.clean(" ".join((text or "").split()))


def thumbnail(paper: Paper, base: str) -> str:
    """Where the paper's picture is."""
    return f"{base}papers/{quote(paper.id, safe='/')}.png"


def user(person: Person | None, base: str) -> Json:
    """Somebody with an account here; nobody in particular is Broadsheet itself."""
    name = person.name if person else SUBMITTER
    return {
        "_id": _hex("user", name),
        "avatarUrl": f"{base}static/broadsheet.svg",
        "fullname": one_line(person.shown or person.name) if person else "Broadsheet",
        "name": name,
        "user": name,
        "type": "user",
        "isPro": False,
        "isHf": False,
        "isHfAdmin": False,
        "isMod": person is not None and person.role >= Role.MODERATOR,
    }


def comment(said: Comment, base: str) -> Json:
    """A comment, with its text as it was typed and as HTML."""
    shown = not said.deleted and not said.hidden
    text = said.text if shown else ""
    return {
        "id": str(said.number),
        "author": user(said.by, base) if said.by else None,
        "createdAt": instant(said.at),
        "type": "comment",
        "parent": str(said.parent) if said.parent else None,
        "url": f"{base}papers/{said.paper.id}#c{said.number}" if said.paper else None,
        "data": {
            "edited": bool(said.edits),
            "hidden": not shown,
            "hiddenReason": said.reason or None,
            "latest": {"raw": text, "html": markup.html(text), "updatedAt": instant(said.edited or said.at)},
            "numEdits": said.edits,
            "reactions": [],
            "upvotes": said.votes,
            "isReport": False,
        },
    }


def item(paper: Paper, day: str | None, base: str, by: Person | None = None) -> Json:
    """A paper in a list; `day` is the day of the edition that it stands in, `by` who put it there."""
    title, summary = one_line(paper.title), one_line(paper.abstract or paper.summary)
    more = _more(paper, linked(paper))
    submitter = user(by, base)
    featured = instant(day or paper.day or paper.published)
    inner = {
        "id": paper.id,
        "authors": _authors(paper),
        "publishedAt": instant(paper.submitted or paper.published or paper.day),
        "submittedOnDailyAt": featured,
        "submittedOnDailyBy": submitter,
        "title": title,
        "summary": summary,
        "upvotes": paper.votes + paper.own_votes,
        "discussionId": _hex("discussion", paper.id),
        **more,
    }
    return {
        "paper": inner,
        "publishedAt": featured,
        "title": title,
        "summary": summary,
        "thumbnail": thumbnail(paper, base),
        "numComments": paper.comments + paper.own_comments,
        "submittedBy": submitter,
        "isAuthorParticipating": False,
        "id": paper.id,
        "upvotes": paper.votes + paper.own_votes,
        "discussionId": inner["discussionId"],
        **more,
    }


def info(paper: Paper, base: str) -> Json:
    """A paper by itself: the inner object, flat, with what it leads to at Hugging Face."""
    found = linked(paper)
    known = item(paper, None, base)["paper"]
    return {
        **known,
        "numComments": paper.comments + paper.own_comments,
        "thumbnail": thumbnail(paper, base),
        "linkedModels": repos(paper, found.models),
        "numTotalModels": len(found.models),
        "linkedDatasets": repos(paper, found.datasets),
        "numTotalDatasets": len(found.datasets),
        "linkedSpaces": repos(paper, found.spaces),
        "numTotalSpaces": len(found.spaces),
    }


def listed(paper: Paper, base: str) -> Json:
    """A paper in the list of all papers."""
    whole = item(paper, None, base)
    fields = ("id", "title", "thumbnail", "upvotes", "summary", "projectPage", "githubRepo", "numComments")
    return {
        **{name: whole[name] for name in fields if name in whole},
        "publishedAt": whole["paper"]["publishedAt"],
        "authors": whole["paper"]["authors"],
    }


def repos(paper: Paper, names: list[str]) -> list[Json]:
    """Repositories at Hugging Face by their names; how often they are liked is not known here."""
    tags = [f"arxiv:{paper.arxiv_id}"] if paper.arxiv_id else []
    return [{"id": name, "_id": _hex("repo", name), "private": False, "tags": tags} for name in names]


def highlighted(text: str, spans: list[tuple[int, int]]) -> list[Json]:
    """A text in pieces, those that were searched for apart from the others."""
    pieces, at = [], 0
    for start, end in spans:
        pieces += [{"type": "text", "text": text[at:start]}] if start > at else []
        pieces.append({"type": "highlight", "text": text[start:end]})
        at = end
    return pieces + ([{"type": "text", "text": text[at:]}] if at < len(text) or not pieces else [])


def _more(paper: Paper, found: Linked) -> Json:
    """What a paper may have besides, under Hugging Face's names; what it has not is not there."""
    more = {
        "ai_summary": one_line(paper.summary),
        "ai_summary_model": paper.summary_source if paper.summary else None,
        "ai_keywords": [one_line(word) for word in paper.keywords],
        "projectPage": found.project,
        "githubRepo": found.code,
        "githubStars": paper.stars if found.code else None,
        "source": "arxiv" if paper.arxiv_id else None,
        "doi": paper.doi,
        "categories": list(paper.categories),
        "venue": paper.venue,
        "citations": paper.citations,
        "withdrawn": paper.withdrawn,
    }
    return {name: value for name, value in more.items() if value or (value == 0 and value is not False)}


def _authors(paper: Paper) -> list[Json]:
    return [_author(paper.id, place, author) for place, author in enumerate(paper.authors)]


def _author(key: str, place: int, author: Author) -> Json:
    return {"_id": _hex("author", f"{place} {key}"), "name": one_line(author.name), "hidden": False}


def _hex(kind: str, name: str) -> str:
    return hashlib.sha256(f"{kind} {name}".encode("utf-8", "replace")).hexdigest()[:24]
