"""The full text of a paper, as far as it could be read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its depth (1 for sections) and its words, as plain text with formulas between dollars."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Caption:
    """The caption of a figure or a table: "Figure 1", and what it says, formulas between dollars."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class FullText:
    """A paper's text as Markdown, without its title and abstract; its headings and captions, in their order.

    `source` is the address it was read from, `read` the day.
    """

    markdown: str
    headings: tuple[Heading, ...] = ()
    captions: tuple[Caption, ...] = ()
    source: str = ""
    read: str = ""
