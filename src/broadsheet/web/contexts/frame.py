"""What every page has, and the pages about this place itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from broadsheet.types import Status, Visitor
from broadsheet.web.site import Site


@dataclass(slots=True)
class Link:
    """An address and the words for it."""

    href: str
    text: str


@dataclass(frozen=True, slots=True)
class FeedLink:
    """Where the list of a page is as a feed: its address before the ending, what it is called, and its query.

    `query` is the feed's whole query ("q=sheep&key=…"), escaped, or empty.
    """

    path: str
    title: str
    query: str = ""

    def at(self, ending: str) -> str:
        """The address of one form of it: "atom", "rss" or "json"."""
        return f"{self.path}.{ending}?{self.query}" if self.query else f"{self.path}.{ending}"


@dataclass(frozen=True, slots=True)
class Offer:
    """What a page offers to send by mail: the banner says "Get `text` `name` in your inbox".

    `what` is a word that `Library.wish` knows.
    """

    what: str
    text: str
    name: str = ""

    @property
    def href(self) -> str:
        """The form for it."""
        return "/subscribe?" + urlencode({"what": self.what})


@dataclass(slots=True)
class Frame:
    """What base.html prints around every page.

    `title` and `description` make sense when shared; `here` is the path with its query, for the theme form;
    `theme` is "light", "dark" or "" (the system's); `canonical` is the public address of this page, if known.
    `visitor` is who asks, `sign_in` where they may say who they are and come back from; `styles` and `scripts` are what
    this page loads besides those that all load. `feed` is where its list is as a feed. `offer` is what of it can be
    sent by mail; the `banner` says so, unless it was closed.
    """

    site: Site
    title: str
    description: str
    here: str
    theme: str
    style: str
    script: str
    icon: str
    visitor: Visitor
    sign_in: str = "/sign-in"
    styles: Sequence[str] = ()
    scripts: Sequence[str] = ()
    canonical: str = ""
    query: str = ""
    kind: str = "website"
    indexed: bool = True
    front: bool = False
    feed: FeedLink | None = None
    offer: Offer | None = None
    banner: bool = False


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
class Choice:
    """One of a few values of a form field."""

    value: str
    text: str
    chosen: bool = False


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
    """jobs.html: the schedule, for administrators."""

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
