"""Search and its results."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from broadsheet.web.contexts.cards import Card
from broadsheet.web.contexts.frame import Choice, Frame, Link, Pager


@dataclass(slots=True)
class Facet:
    """A value that narrows a search: the search it leads to, and how many papers that has. `title` explains it."""

    href: str
    text: str
    title: str
    count: str


@dataclass(slots=True)
class Facets:
    """What a search can be narrowed by; `more` values are not shown."""

    name: str
    values: Sequence[Facet]
    more: int = 0


@dataclass(slots=True)
class SearchPage:
    """search.html: the form, what was found, and advice where nothing was. `save` makes it a standing query.

    `suggestions` are the options of the field for a category, printed before: they are always the same.
    """

    frame: Frame
    query: str
    since: str
    until: str
    category: str
    author: str
    code: bool
    modes: Sequence[Choice]
    sorts: Sequence[Choice]
    filtered: bool
    asked: bool
    count: str
    took: str
    notes: Sequence[str]
    advice: Sequence[str]
    cards: Sequence[Card]
    suggestions: Markup
    elsewhere: Sequence[Link]
    pager: Pager
    facets: Sequence[Facets] = ()
    save: str = ""
