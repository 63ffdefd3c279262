"""Votes, comments, submissions, notices and moderation, ready to print.

`_talk.html` has a macro for each of the parts: `ballot` and `vote` (VoteButton), `thread` (Thread), `say` (SayForm).
Groups print the same parts on pages of their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from broadsheet.web.contexts.frame import Frame, Link, Tab


@dataclass(slots=True)
class VoteButton:
    """A button that votes, or takes the vote back: `mine` says which. `votes` are those counted here.

    `name` and `value` are what it sends through the page's one form of votes (base.html has it), `id` is its place.
    Who has to sign in first gets a link (`sign_in`) in its place. `action` is where it is sent, if not to /vote.
    """

    id: str
    name: str
    value: str
    votes: int
    mine: bool
    sign_in: str = ""
    action: str = ""


@dataclass(slots=True)
class SayForm:
    """A form for a comment, an answer or an edit. `id` is its place on the page, which a preview replaces.

    `problem` says why it was not taken, and `text` is what was typed then. `preview` shows how `text` will look.
    `edit` is the number of the edit that this one follows, and `theirs` what the same comment says since somebody else
    changed it in the meantime. `swap`: the parts that an answer may replace, first fit.
    """

    id: str
    action: str
    csrf: str
    label: str
    button: str
    back: str
    text: str = ""
    edit: int | None = None
    preview: Markup | None = None
    problem: str = ""
    theirs: str = ""
    swap: str = ""


@dataclass(slots=True)
class Said:
    """A comment in a thread, `depth` steps below the top (those further down stand no deeper).

    `by` leads to whoever said it; without an address they have left. `gone` says in words that it was deleted or
    hidden; then `html` is empty, or for moderators and its author what it says. `answers` leads to what it answers.
    `cut`: it is longer than shown here. `acts` are what the visitor may do with it.
    """

    number: int
    by: Link
    when: str
    iso: str
    html: Markup
    depth: int
    gone: str = ""
    edited: Link | None = None
    answers: Link | None = None
    vote: VoteButton | None = None
    mine: bool = False
    cut: bool = False
    acts: Sequence[Link] = ()
    reply: SayForm | None = None


@dataclass(slots=True)
class Thread:
    """What people said of a paper, or in a group's discussion: a stretch of it, and the form to add to it.

    `orders` are the ways it can stand in; `pager` turns its pages where it is on a page of its own; `all` leads there
    from where only a stretch is shown. Without a `form`, `closed` says why, and `sign_in` leads to signing in.
    """

    heading: str
    count: str
    said: Sequence[Said]
    orders: Sequence[Tab] = ()
    form: SayForm | None = None
    closed: str = ""
    sign_in: str = ""
    all: Link | None = None
    previous: Link | None = None
    next: Link | None = None


@dataclass(slots=True)
class TalkPage:
    """talk.html: all that was said of a paper, or one comment with its answers. `about` leads to what it is about."""

    frame: Frame
    heading: str
    about: Link
    thread: Thread


@dataclass(slots=True)
class SayPage:
    """say.html: a comment before it is sent: previewed, refused, edited, or in answer to another (`quote`)."""

    frame: Frame
    heading: str
    about: Link
    form: SayForm
    quote: Said | None = None
    sign_in: str = ""


@dataclass(slots=True)
class Wording:
    """What a comment said once: since when, and how it looked."""

    label: str
    when: str
    iso: str
    html: Markup


@dataclass(slots=True)
class WordingsPage:
    """wordings.html: all that a comment said, the newest first."""

    frame: Frame
    heading: str
    about: Link
    wordings: Sequence[Wording]


@dataclass(slots=True)
class Field:
    """A field of a form: a line, several lines (`rows`), a choice, or something that is sent along unseen."""

    name: str
    label: str = ""
    value: str = ""
    help: str = ""
    rows: int = 0
    choices: Sequence[tuple[str, str]] = ()
    unseen: bool = False
    needed: bool = False


@dataclass(slots=True)
class AskPage:
    """ask.html: something that is done only when it is said again: deleting, flagging, hiding, banning, claiming.

    `said` is what it is done to. `done` says that it was done; then there is no form.
    """

    frame: Frame
    heading: str
    lead: str
    about: Link
    action: str
    button: str
    fields: Sequence[Field] = ()
    said: Said | None = None
    problem: str = ""
    done: str = ""


@dataclass(slots=True)
class SubmissionLine:
    """A submission in words. `state` is its state as a word, `note` what became of it."""

    id: str
    named: str
    paper: Link | None
    state: str
    note: str
    when: str
    iso: str


@dataclass(slots=True)
class SubmitPage:
    """submit.html: the form, and what the visitor has submitted, the newest first.

    `fresh` says what became of the one just sent, and `about` leads to its paper where that was here before.
    """

    frame: Frame
    named: str
    comment: str
    group: str
    problem: str = ""
    sign_in: str = ""
    lines: Sequence[SubmissionLine] = ()
    fresh: str = ""
    about: Link | None = None
    preview: Markup | None = None


@dataclass(slots=True)
class NoticeLine:
    """A notice: what happened, in words; where it leads; what was said; and whether it is new."""

    number: int
    what: str
    text: str
    about: Link | None
    when: str
    iso: str
    new: bool


@dataclass(slots=True)
class InboxPage:
    """inbox.html: notices, the newest first. `unread` is said in words; `older` leads on."""

    frame: Frame
    lines: Sequence[NoticeLine]
    unread: str
    tabs: Sequence[Tab] = ()
    older: Link | None = None


@dataclass(slots=True)
class FlagLine:
    """A flag: what it is about, who raised it and why, and what can be done."""

    number: int
    subject: Link
    kind: str
    by: Link
    reason: str
    when: str
    iso: str
    quote: Markup | None = None
    outcome: str = ""
    acts: Sequence[Link] = ()


@dataclass(slots=True)
class ClaimLine:
    """Somebody says to be the author of a paper, and the ground for it."""

    paper: Link
    by: Link
    author: str
    how: str
    when: str
    iso: str
    key: str
    name: str


@dataclass(slots=True)
class ModerationPage:
    """moderation.html: flags that wait, or those that were settled; for administrators also claims that wait."""

    frame: Frame
    flags: Sequence[FlagLine]
    tabs: Sequence[Tab]
    claims: Sequence[ClaimLine] = ()


@dataclass(slots=True)
class ActLine:
    """What a moderator did, in words, to what, and why."""

    by: Link
    verb: str
    subject: Link
    reason: str
    when: str
    iso: str


@dataclass(slots=True)
class LogPage:
    """log.html: every act of moderators, the newest first."""

    frame: Frame
    acts: Sequence[ActLine]
    older: Link | None = None


@dataclass(slots=True)
class VotePage:
    """vote.html: one button by itself, which takes the place of the one that was pressed."""

    frame: Frame
    vote: VoteButton


@dataclass(slots=True)
class Votes:
    """A paper's votes on its page: the button, and apart what was counted elsewhere; who voted here and shows it."""

    button: VoteButton
    elsewhere: Sequence[str] = ()
    voters: Sequence[Link] = ()
    follow: "FollowButton | None" = None
    claim: Link | None = None


@dataclass(slots=True)
class FollowButton:
    """A button that follows a paper, or no longer (`on` says how it is)."""

    key: str
    on: bool
