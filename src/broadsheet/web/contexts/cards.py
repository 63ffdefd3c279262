"""A paper in a list."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from broadsheet.web.contexts.talk import VoteButton


@dataclass(frozen=True, slots=True)
class Category:
    """A category of a paper: its code, its English name, and the search for it."""

    code: str
    name: str
    href: str


@dataclass(slots=True)
class Card:
    """A paper in a list. `rest` goes on where `teaser` ends; without it, `more` says that there is more to read.

    `votes` and `comments` are those that its sources counted, in words; `vote` has those given here.
    """

    href: str
    title: Markup
    teaser: Markup
    rest: Markup
    more: bool
    ours: bool
    authors: str
    categories: Sequence[Category]
    date: str
    iso: str
    votes: str
    comments: str
    withdrawn: bool
    why: str = ""
    vote: VoteButton | None = None
