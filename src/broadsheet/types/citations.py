"""What cites what: as sources say it, and as a reader sees it."""

from dataclasses import dataclass, field

from broadsheet.types.papers import Identifier, Paper


@dataclass(frozen=True, slots=True)
class Work:
    """A work as a source names it that says what cites what; it may leave `title` and `year` empty."""

    identifier: Identifier
    title: str = ""
    year: str = ""


@dataclass(frozen=True, slots=True)
class Citing:
    """What a source says of which works a paper cites; or, where it does not `cite`, which works cite it.

    All that the source names, in its order; `subject` is an identifier of the paper. It takes the place of what the
    source said before.
    """

    subject: Identifier
    source: str
    cites: bool
    works: tuple[Work, ...]


@dataclass(slots=True)
class Citations:
    """The works on one side of a paper: those that are here, the newest first, and others, in a source's order.

    `total` is how many there are by the source that names most.
    """

    papers: list[Paper] = field(default_factory=list)
    works: list[Work] = field(default_factory=list)
    total: int = 0
