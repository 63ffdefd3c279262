"""Topics and trends."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from broadsheet.web.contexts.cards import Card
from broadsheet.web.contexts.frame import Frame, Link


@dataclass(slots=True)
class Counted:
    """Something that leads somewhere, and how many papers it has, or what else is said of it."""

    href: str
    text: str
    count: str
    title: str = ""


@dataclass(slots=True)
class Beside:
    """A list of what is near a topic."""

    name: str
    values: Sequence[Counted]


@dataclass(slots=True)
class TopicPage:
    """topic.html: a keyword, an author or a category. `years` are the chart's numbers, for a table."""

    frame: Frame
    kicker: str
    heading: str
    count: str
    chart: Markup
    years: Sequence[tuple[str, str]]
    last: str
    grown: Sequence[Counted]
    grown_note: str
    near: Sequence[Beside]
    cards: Sequence[Card]
    all: Link
    trend: str


@dataclass(slots=True)
class Heading:
    """A part of a list of categories: the archive, and its categories with what they hold."""

    name: str
    values: Sequence[Counted]


@dataclass(slots=True)
class CategoriesPage:
    """categories.html: all categories that have papers here."""

    frame: Frame
    groups: Sequence[Heading]


@dataclass(slots=True)
class TrendLine:
    """A query of a trend: where its papers are, how many there are, and how it was read."""

    number: int
    query: str
    href: str
    count: str
    notes: Sequence[str]


@dataclass(slots=True)
class TrendsPage:
    """trends.html: the form, the chart, and its numbers by year. `files` leads to all numbers."""

    frame: Frame
    queries: Sequence[str]
    lines: Sequence[TrendLine]
    chart: Markup
    years: Sequence[tuple[str, Sequence[str]]]
    files: Sequence[Link]
    note: str
    problem: str
    examples: Sequence[Link]
