"""Groups: their editions, shelves, discussions and members, ready to print."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from broadsheet.web.contexts.cards import Card
from broadsheet.web.contexts.frame import Frame, Link, Pager, Tab
from broadsheet.web.contexts.talk import Thread, VoteButton


@dataclass(slots=True)
class GroupHead:
    """What stands above every page of a group: what it is called, its address, and its pages."""

    shown: str
    href: str
    members: str
    tabs: Sequence[Tab]


@dataclass(slots=True)
class GroupLine:
    """A group that the visitor is in: how large it is, and what they are in it."""

    link: Link
    about: str
    members: str
    role: str


@dataclass(slots=True)
class EndedLine:
    """A group that was dissolved and can be opened again, until a day."""

    shown: str
    name: str
    until: str


@dataclass(slots=True)
class GroupsPage:
    """groups.html: the visitor's groups, the form that founds one, and those that can be opened again.

    `problem` says why a group was not founded; `shown` and `about` are what was typed then.
    """

    frame: Frame
    groups: Sequence[GroupLine]
    ended: Sequence[EndedLine]
    may_found: bool
    all: Link | None = None
    problem: str = ""
    shown: str = ""
    about: str = ""


@dataclass(slots=True)
class GroupCard:
    """A card of a group's edition. `talk` leads to the paper as the group sees it, `ours`: the group submitted it.

    `place` says where the paper stands in the common edition.
    """

    card: Card
    talk: Link
    place: str
    ours: bool


@dataclass(slots=True)
class GroupPage:
    """group.html: a group's edition of a day, a week or a month; `common` leads to everybody's.

    `problem` says why a submission was not taken; `paper` and `comment` are what was typed then.
    """

    frame: Frame
    head: GroupHead
    about: Sequence[str]
    heading: str
    subheading: str
    count: str
    note: str
    cards: Sequence[GroupCard]
    tabs: Sequence[Tab]
    common: Link
    previous: Link | None
    next: Link | None
    pager: Pager
    may_submit: bool
    problem: str = ""
    paper: str = ""
    comment: str = ""


@dataclass(slots=True)
class ShelfLine:
    """A paper on a shelf: who put it there, when, and what they say of it."""

    key: str
    href: str
    title: Markup
    authors: str
    by: Link
    when: str
    iso: str
    note: Sequence[str]
    vote: VoteButton | None


@dataclass(slots=True)
class GroupShelfPage:
    """groupshelf.html: a group's shelf, and the form that puts a paper on it."""

    frame: Frame
    head: GroupHead
    count: str
    lines: Sequence[ShelfLine]
    pager: Pager
    may_shelve: bool
    problem: str = ""
    paper: str = ""
    note: str = ""


@dataclass(slots=True)
class GroupPaperPage:
    """grouppaper.html: a paper in a group: the group's votes beside the common ones, its shelf, its thread."""

    frame: Frame
    head: GroupHead
    key: str
    href: str
    title: Markup
    authors: str
    abstract: Markup
    vote: VoteButton
    common: str
    shelved: ShelfLine | None
    may_shelve: bool
    thread: Thread


@dataclass(slots=True)
class GroupTalkPage:
    """grouptalk.html: the discussion of a group itself."""

    frame: Frame
    head: GroupHead
    thread: Thread


@dataclass(slots=True)
class MemberLine:
    """Somebody in a group; `acts` are what the owner may do."""

    person: Link
    handle: str
    role: str
    since: str
    iso: str
    acts: Sequence[Link]


@dataclass(slots=True)
class LinkLine:
    """A link that lets people in: by whom, until when, for how many."""

    number: int
    by: str
    until: str
    uses: str


@dataclass(slots=True)
class GroupMembersPage:
    """groupmembers.html: who is in a group. The owner sees the links and makes new ones; `fresh` is shown once."""

    frame: Frame
    head: GroupHead
    action: str
    members: Sequence[MemberLine]
    links: Sequence[LinkLine]
    owner: bool
    leave: Link | None
    fresh: str = ""
    until: str = ""
    problem: str = ""


@dataclass(slots=True)
class GroupRulesPage:
    """grouprules.html: what the owner may change: the name, what it is about; and its end."""

    frame: Frame
    head: GroupHead
    action: str
    shown: str
    about: str
    problem: str = ""
    saved: bool = False


@dataclass(slots=True)
class JoinPage:
    """join.html: what a link leads to. Who is in already goes straight on (`inside`)."""

    frame: Frame
    shown: str
    members: str
    by: Link
    until: str
    action: str
    inside: Link | None


@dataclass(slots=True)
class FigureLine:
    """What administrators see of a group."""

    number: int
    owner: Link
    made: str
    members: str
    ended: str


@dataclass(slots=True)
class GroupFiguresPage:
    """groupfigures.html: for administrators, that groups are there, and a button that closes one."""

    frame: Frame
    lines: Sequence[FigureLine]
