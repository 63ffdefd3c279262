"""A paper's page."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from broadsheet.types import Fact, Merge, Revision
from broadsheet.web.contexts.cards import Category
from broadsheet.web.contexts.citing import Cite
from broadsheet.web.contexts.frame import Frame, Link
from broadsheet.web.contexts.reading import CitedSide, Reading
from broadsheet.web.contexts.rising import Lines
from broadsheet.web.contexts.talk import Thread, Votes


@dataclass(slots=True)
class Dated:
    """A date of a paper: which, in words, and in ISO form."""

    label: str
    text: str
    iso: str


@dataclass(slots=True)
class Happened:
    """An event of a paper in words; `old` and `new` are what it said before and since, where that is worth showing."""

    text: str
    old: str
    new: str
    when: str
    iso: str


@dataclass(slots=True)
class PaperPage:
    """paper.html: all that is known of one paper."""

    frame: Frame
    key: str
    title: Markup
    authors: Sequence[Link]
    more_authors: str
    more_label: str
    author_note: str
    abstract: Markup
    abstract_note: str
    summary: Markup
    summary_note: str
    categories: Sequence[Category]
    dates: Sequence[Dated]
    links: Sequence[Link]
    found: Sequence[Link]
    comment: Markup
    journal_ref: Markup
    licence: Link | None
    versions: str
    withdrawn: bool
    identifiers: Sequence[str]
    keywords: Sequence[Link]
    cite: Cite
    outline: Sequence[tuple[int, Markup]]
    captions: Sequence[tuple[str, Markup]]
    sources: Sequence[str]
    facts: Sequence[Fact]
    revisions: Sequence[Revision]
    merges: Sequence[Merge]
    cut: bool
    reading: Reading | None = None
    cited: Sequence[CitedSide] = ()
    votes: Votes | None = None
    lines: Lines | None = None
    talk: Thread | None = None
    deleted: bool = False
    counts: str = ""
    venue: str = ""
    history: Sequence[Happened] = ()
    meta: Sequence[tuple[str, str]] = field(default_factory=tuple)
    content: str = ""
