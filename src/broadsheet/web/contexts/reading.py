"""What is understood of a paper, as its page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass

from broadsheet.web.contexts.frame import Link


@dataclass(slots=True)
class ResultRow:
    """A result in words: "up to 70.2% less", "activation memory", "BERT", "", and the sentence it came from."""

    value: str
    what: str
    on: str
    against: str
    sentence: str
    href: str


@dataclass(slots=True)
class NearRow:
    """A paper near in meaning, and what it shares with this one."""

    link: Link
    shared: str
    when: str


@dataclass(slots=True)
class CitedRow:
    """A work that a paper cites, or that cites it."""

    link: Link
    when: str


@dataclass(slots=True)
class CitedSide:
    """What a paper cites, or what cites it: papers that are here, works that are not, and how many more there are."""

    label: str
    here: Sequence[CitedRow]
    elsewhere: Sequence[CitedRow]
    more: str


@dataclass(slots=True)
class Reading:
    """The parts of a paper's page that come from its own words; each may be empty. `notes` say what could not be done.

    `gist_note` says where the gist comes from. Acronyms are pairs of short and long form.
    """

    gist: str
    gist_note: str
    method: str
    acronyms: Sequence[tuple[str, str]]
    keywords: Sequence[Link]
    results: Sequence[ResultRow]
    older: Sequence[NearRow]
    newer: Sequence[NearRow]
    notes: Sequence[str]
