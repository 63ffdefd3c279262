"""Delivery: what people asked to be sent, what was decided to send them, and how the sending stands."""

from dataclasses import dataclass, field
from enum import StrEnum

from broadsheet.types.editions import Entry
from broadsheet.types.finding import Hit, Why
from broadsheet.types.papers import Paper


class Wanted(StrEnum):
    """What can be sent. A category, a keyword, an author and a search are all standing queries.

    `GROUP` is a group's edition, `MINE` what suits somebody by what they voted for and keep.
    """

    EDITION = "edition"
    TRENDING = "trending"
    GROUP = "group"
    MINE = "mine"
    QUERY = "query"


class Rhythm(StrEnum):
    """How often something is sent: as it comes, with each edition, on weekdays, or once a week."""

    ONCE = "at once"
    EDITION = "each edition"
    WEEKDAYS = "weekdays"
    WEEKLY = "weekly"


class Form(StrEnum):
    """What a letter is made of: text alone, or text and HTML."""

    HTML = "html"
    TEXT = "text"


@dataclass(slots=True)
class Subscription:
    """Something that an address, or a channel, is sent.

    `value` is a group's name, or the number of a standing query; `title` says in words what it is ("cs.CL", "results
    for “sparse attention”"). `at` is the local time "07:30" in the time zone `zone`; `weekday` counts from Monday, 0,
    and is meant where the rhythm is weekly. `most` papers are sent at a time. Nothing is sent before it is
    `confirmed`, while it is `paused` (until a day where its reader lives; "" for good), or once it has `ended`. `next`
    is when it is due, in UTC; `last` is the last day, or the instant, that was decided about. `channel` is the number
    of a channel; None is mail.
    """

    number: int
    subscriber: int
    wanted: Wanted
    value: str
    title: str
    rhythm: Rhythm
    weekday: int
    at: str
    zone: str
    most: int
    form: Form
    made: str
    channel: int | None = None
    confirmed: str | None = None
    paused: str | None = None
    ended: str | None = None
    next: str | None = None
    last: str = ""


@dataclass(slots=True)
class Subscriber:
    """Who is sent something: an address on its own, or an account, which may have none.

    `suppressed`: since when nothing is sent there, because its server refuses it for ever, or its reader complained;
    `reason` says which.
    """

    number: int
    email: str | None
    person: int | None
    made: str
    suppressed: str | None = None
    reason: str = ""
    subscriptions: list[Subscription] = field(default_factory=list)


@dataclass(slots=True)
class Digest:
    """What was decided to be sent to one subscription at one time. `key` never comes twice.

    `first` and `last` are the days it covers. `entries` are the papers, in their order, none of which this subscriber
    was sent before; `more` counts those that had no room. A weekly one may have no papers: it says so. `gists` are by
    the papers' keys.
    """

    key: str
    subscription: Subscription
    first: str
    last: str
    entries: list[Entry]
    more: int = 0
    gists: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Standing:
    """A search that runs on every new paper, once, at its arrival.

    `text` is in the language of the search. `like` and `unlike` are keys of papers; what `unlike_text` means is kept
    away too. A paper whose words do not match is a hit where it is at least `near` to the meaning (a cosine, from 0 to
    1; 1 is words alone). `owner` is the subscriber's number. While it is `paused` (since then) it sees nothing.
    """

    number: int
    owner: int
    name: str
    text: str
    unlike_text: str = ""
    like: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    near: float = 1.0
    made: str = ""
    paused: str | None = None
    ended: str | None = None
    hits: int = 0


@dataclass(slots=True)
class Caught:
    """A paper that a standing query found when it arrived, and why."""

    paper: Paper
    standing: int
    at: str
    score: float
    why: Why | None = None


@dataclass(slots=True)
class Preview:
    """What a standing query would have caught in the last weeks, had it run then.

    `weeks` are the Mondays and how many papers of each week, the oldest first; the first and the last may be parts.
    `by_near` says how many it would be with other thresholds, the strictest first. `hits` are the best. There may be
    more than were looked at where it was `cut`.
    """

    since: str
    until: str
    total: int
    weeks: list[tuple[str, int]]
    by_near: list[tuple[float, int]]
    hits: list[Hit]
    cut: bool = False


@dataclass(slots=True)
class CaughtUp:
    """What came of running the standing queries: papers looked at, hits, and papers that wait for their abstract."""

    papers: int = 0
    hits: int = 0
    waiting: int = 0


@dataclass(slots=True)
class Channel:
    """Where a person lets things be sent that is no mailbox: a chat, or a webhook of theirs.

    `kind` is "webhook" or the name of a chat service. `shown` is its address without what is secret in it. `failures`
    counts those in a row; it is `off` since then, and `reason` says why.
    """

    number: int
    person: int
    kind: str
    name: str
    shown: str
    made: str
    failures: int = 0
    off: str | None = None
    reason: str = ""


class Way(StrEnum):
    """By what something leaves."""

    MAIL = "mail"
    CHANNEL = "channel"


class Sending(StrEnum):
    """How the sending of one thing stands.

    It waits; a worker has claimed it; its words are on their way and nobody knows yet whether they came; it was sent;
    it failed for good; its reader wanted it no more, or it was out of date, before it left.
    """

    WAITING = "waiting"
    CLAIMED = "claimed"
    DATA = "data"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


@dataclass(slots=True)
class Outgoing:
    """One thing to be sent, as the outbox holds it: written once, sent with the same words however often it is tried.

    `key` is what makes it one and the same. `to` is an address, or the number of a channel. `html` is empty where the
    reader wants text; `text` is JSON for a channel. `headers` are those beside the usual ones. It is `dropped` if it
    has not left at `stale`. `next` is when it is tried (again); `attempts` counts. `said` is what the other side said
    last. Times are in UTC.
    """

    key: str
    way: Way
    purpose: str
    to: str
    subject: str
    text: str
    html: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    message: str = ""
    number: int = 0
    subscriber: int | None = None
    subscription: int | None = None
    made: str = ""
    stale: str | None = None
    state: Sending = Sending.WAITING
    attempts: int = 0
    next: str = ""
    said: str = ""
    ended: str | None = None


@dataclass(frozen=True, slots=True)
class Carried:
    """What came of carrying something to the other side.

    `said` is its answer. `left` is False where the words were not to leave any more. `sure` is False where they left,
    and no answer came: nobody knows whether they arrived.
    """

    said: str = ""
    left: bool = True
    sure: bool = True


@dataclass(slots=True)
class OwnFeed:
    """A feed that somebody follows here. `kind` is what it is of, `value` which, `key` what opens it (`feed_key`).

    Kinds are "group" (by its name), "standing" (by its number), "mine", and "paper" (by its key), which needs no key.
    """

    kind: str
    value: str
    title: str
    key: str = ""


@dataclass(slots=True)
class LetterFile:
    """A letter that was written to a file, because no mail server is set.

    `headers` are all of them, in their order, as they would be sent. `html` is empty where there is no such part, and
    both parts are where only the list is shown.
    """

    name: str
    to: str
    subject: str
    at: str
    text: str = ""
    html: str = ""
    headers: tuple[tuple[str, str], ...] = ()
