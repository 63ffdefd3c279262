"""What suits one reader; letters in files, and what is in the outbox."""

from collections.abc import Sequence
from dataclasses import dataclass

from broadsheet.web.contexts.cards import Card
from broadsheet.web.contexts.frame import Frame, Pager


@dataclass(slots=True)
class ForMeCard:
    """A paper, and why it is there: "like “A Survey of Teapots”, which you voted for"."""

    card: Card
    why: str


@dataclass(slots=True)
class ForMePage:
    """forme.html: new papers that suit who asks. `by` says by what; `nothing`: they have chosen nothing yet."""

    frame: Frame
    by: str
    nothing: bool
    entries: Sequence[ForMeCard]
    pager: Pager


@dataclass(slots=True)
class Count:
    """How many things of the outbox are in a state, and whether the list below shows these."""

    state: str
    text: str
    count: str
    chosen: bool


@dataclass(slots=True)
class OutboxRow:
    """One thing in the outbox, without its words: what it is, to whom, how it stands and what the other side said."""

    number: int
    what: str
    to: str
    state: str
    when: str
    said: str
    failing: bool
    retry: bool
    drop: bool


@dataclass(slots=True)
class FileRow:
    """A letter in a file."""

    href: str
    subject: str
    to: str
    at: str


@dataclass(slots=True)
class LettersPage:
    """letters.html: how the outbox stands, and the letters that were written to files. `note` is what was just done."""

    frame: Frame
    counts: Sequence[Count]
    rows: Sequence[OutboxRow]
    more: str
    files: Sequence[FileRow]
    total: str
    pager: Pager
    mail: bool
    own: bool
    note: str = ""


@dataclass(slots=True)
class LetterPage:
    """letter.html: a letter in a file: its headers, its text, and where its HTML is shown; "" where it has none."""

    frame: Frame
    subject: str
    headers: Sequence[tuple[str, str]]
    text: str
    html: str
