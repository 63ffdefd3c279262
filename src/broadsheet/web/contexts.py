"""What each template receives: one documented dataclass, ready to print.

Text fields are plain text and are escaped by the template; only a field of type `Markup` is HTML, and it comes
from `tex.html`, which knows what may pass.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from broadsheet.types import Fact, Merge, Revision, Status
from broadsheet.web.site import Site


@dataclass(slots=True)
class Link:
    """An address and the words for it."""

    href: str
    text: str


@dataclass(slots=True)
class Frame:
    """What base.html prints around every page.

    `title` and `description` make sense when shared; `here` is the path with its query, for the theme form;
    `theme` is "light", "dark" or "" (the system's); `canonical` is the public address of this page, if known.
    """

    site: Site
    title: str
    description: str
    here: str
    theme: str
    style: str
    script: str
    icon: str
    canonical: str = ""
    query: str = ""
    kind: str = "website"
    indexed: bool = True
    front: bool = False


@dataclass(slots=True)
class Category:
    """A category of a paper: its code, its English name, and the search for it."""

    code: str
    name: str
    href: str


@dataclass(slots=True)
class Card:
    """A paper in a list. `rest` goes on where `teaser` ends; without it, `more` says that there is more to read."""

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


@dataclass(slots=True)
class Pager:
    """Where one is in a list of several pages."""

    page: int
    pages: int
    previous: str = ""
    next: str = ""


@dataclass(slots=True)
class Tab:
    """Day, week or month: where it leads and whether it is the one shown."""

    text: str
    href: str
    current: bool


@dataclass(slots=True)
class AccountLine:
    """One category of a day: papers announced in it, and how many of them are here."""

    code: str
    name: str
    announced: int
    held: int


@dataclass(slots=True)
class AccountTable:
    """What a day announced and what is here. `whole`: nothing is missing; `missing` leads to papers that are."""

    summary: str
    whole: bool
    lines: Sequence[AccountLine]
    missing: Sequence[Link]
    more: str
    checked: str


@dataclass(slots=True)
class EditionPage:
    """edition.html: the front page, a day, a week or a month.

    `instead` names the edition whose papers are shown because this one has none.
    """

    frame: Frame
    heading: str
    subheading: str
    count: str
    note: str
    cards: Sequence[Card]
    tabs: Sequence[Tab]
    previous: Link | None
    next: Link | None
    pager: Pager
    empty_catalogue: bool = False
    account: AccountTable | None = None
    instead: Link | None = None


@dataclass(slots=True)
class Choice:
    """One of a few values of a form field."""

    value: str
    text: str
    chosen: bool = False


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
    """search.html: the form, what was found, and advice where nothing was."""

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
    suggestions: Sequence[Category]
    elsewhere: Sequence[Link]
    pager: Pager
    facets: Sequence[Facets] = ()


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
    sources: Sequence[str]
    facts: Sequence[Fact]
    revisions: Sequence[Revision]
    merges: Sequence[Merge]
    cut: bool
    near: Sequence[Link] = ()
    deleted: bool = False
    counts: str = ""
    venue: str = ""
    history: Sequence[Happened] = ()
    meta: Sequence[tuple[str, str]] = field(default_factory=tuple)


@dataclass(slots=True)
class AboutPage:
    """about.html: what this is, with the installation's figures."""

    frame: Frame
    status: Status
    size: str
    latest: Link | None
    last_import: str


@dataclass(slots=True)
class JobRow:
    """A job in words: what it does, when it runs, how it went and when it comes next."""

    name: str
    help: str
    rule: str
    state: str
    failing: bool
    result: str
    last: str
    seconds: str
    next: str


@dataclass(slots=True)
class JobsPage:
    """jobs.html: the schedule, for the owner."""

    frame: Frame
    rows: Sequence[JobRow]


@dataclass(slots=True)
class ProblemPage:
    """problem.html: what went wrong, and where to go from here."""

    frame: Frame
    code: int
    heading: str
    message: str
    ways: Sequence[Link]
