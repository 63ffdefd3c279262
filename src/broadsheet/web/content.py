"""What programs read in a paper's page: the element that Hugging Face's page of a paper has, with the same names in it.

They look for `div[data-target="PaperContent"]`, whose `data-props` is JSON. It says of the
paper what they use, and what people said of it, cut to what a page has room for.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from broadsheet import ids, tex
from broadsheet.library import Library
from broadsheet.types import ANYONE, Comment, Paper

SUMMARY, AUTHORS = 2_000, 40
COMMENTS, WORDS = 8, 400


def props(library: Library, paper: Paper) -> str:
    """The element's JSON."""
    told: dict[str, Any] = {
        "paper": {
            "id": paper.id,
            "title": _line(paper.title, SUMMARY),
            "summary": _line(paper.abstract or paper.summary or "", SUMMARY),
            "authors": [{"name": _line(one.name, 100), "hidden": False} for one in paper.authors[:AUTHORS]],
            "publishedAt": _instant(paper.submitted or paper.published or paper.day),
            "upvotes": paper.votes + paper.own_votes,
        },
        "comments": [],
    }
    if paper.own_comments:
        told["comments"] = [_comment(one) for one in _first(library.comments(paper.id, actor=ANYONE))]
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace").decode()


def _first(said: Iterable[Comment]) -> Iterator[Comment]:
    """The first comments that can be read, each followed by its answers."""
    left = COMMENTS
    todo = list(said)
    while todo and left:
        one = todo.pop(0)
        todo[:0] = one.replies
        if one.text:
            left -= 1
            yield one


def _comment(one: Comment) -> dict[str, Any]:
    return {
        "id": str(one.number),
        "author": {"name": one.by.name, "fullname": one.by.shown or one.by.name} if one.by else None,
        "createdAt": _instant(one.at),
        "type": "comment",
        "data": {"edited": bool(one.edits), "hidden": False, "latest": {"raw": one.text[:WORDS]}, "reactions": []},
    }


def _line(text: str, most: int) -> str:
    return tex.clean(" ".join(text.split()))[:most]


def _instant(text: str | None) -> str | None:
    if not text:
        return None
    return f"{text.removesuffix('Z')}.000Z" if "T" in text else f"{ids.first_day(text)}T00:00:00.000Z"
