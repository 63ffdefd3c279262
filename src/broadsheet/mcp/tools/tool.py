"""What a tool is: a name, what it may be asked, what it answers, and who may use it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from broadsheet.library import Library
from broadsheet.mcp.answers import AUTHORS, Answer, Brief
from broadsheet.mcp.quoting import cut, line
from broadsheet.permissions import may
from broadsheet.types import Actor, FullText, Paper

MOST = 50  # papers of one answer
DEEPEST = 10_000  # results that can be paged through
ABSTRACT = 300  # characters of one in a list
WHY = 200  # characters of why a paper stands in it

Texts = Callable[[str], FullText | None]
"""Gives the full text of a paper; None where there is none. Raises Unavailable: ask again later."""


@dataclass(frozen=True, slots=True)
class Asking:
    """One call: of what, by whom, where people see it, and whether somebody still waits for the answer."""

    library: Library
    actor: Actor
    base: str
    texts: Texts
    stop: Callable[[], bool] = lambda: False

    def page(self, paper: Paper) -> str:
        """The address of a paper's page."""
        return f"{self.base}papers/{paper.id}"

    def brief(
        self, paper: Paper, position: int | None = None, why: str = "", *, abstract: bool = False, note: str = ""
    ) -> Brief:
        """A paper as a list shows it."""
        told = paper.abstract or paper.summary or ""
        return Brief(
            id=paper.id,
            title=line(paper.title),
            authors=[line(one.name) for one in paper.authors[:AUTHORS]],
            author_count=max(paper.author_count or 0, len(paper.authors)),
            url=self.page(paper),
            day=paper.day or paper.published,
            categories=list(paper.categories),
            votes=paper.votes + paper.own_votes,
            withdrawn=paper.withdrawn,
            abstract=(line(cut(told, ABSTRACT)) or None) if abstract else None,
            position=position,
            note=line(note) or None,
            why=cut(line(why), WHY) or None,
        )


class Arguments(BaseModel):
    """What a tool may be asked; anything else is refused, so that a misspelt name does not pass unseen."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


def _words(value: Any) -> Any:
    """A list of words, which some agents send as one text: with commas between them, or as JSON."""
    if not isinstance(value, str):
        return value
    try:
        listed = json.loads(value)
    except (ValueError, RecursionError):
        listed = None
    return listed if isinstance(listed, list) else [word.strip() for word in value.split(",") if word.strip()]


Key = Annotated[
    str,
    Field(
        min_length=1,
        max_length=300,
        description="The paper: an arXiv id (2406.09519), a DOI, or the “id” of a list.",
    ),
]
Word = Annotated[str, Field(max_length=200)]
Words = Annotated[list[Word], BeforeValidator(_words), Field(max_length=20)]
Keys = Annotated[list[Key], BeforeValidator(_words)]
Limit = Annotated[int, Field(ge=1, le=MOST, description="How many.")]
Offset = Annotated[int, Field(ge=0, le=DEEPEST, description="How many to pass over.")]
Day = Annotated[str | None, Field(max_length=40, description="A day, month or year: 2026-11-20, 2026-11, 2026.")]


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool. `verbs` are those of `permissions` of which somebody needs one to see it; none: everybody reads.

    `writes`: it changes something. `again`: asked twice it does no more than once. `takes`: it takes something away.
    """

    name: str
    title: str
    help: str
    arguments: type[Arguments]
    answer: type[Answer]
    run: Callable[[Asking, Any], Answer]
    verbs: tuple[str, ...] = ()
    writes: bool = False
    again: bool = True
    takes: bool = False

    def open_to(self, actor: Actor) -> bool:
        """Whether somebody may use it."""
        return not self.verbs or (actor.person != 0 and any(may(actor, verb) for verb in self.verbs))


def more(offset: int, shown: int, total: int) -> int | None:
    """The offset at which a list goes on."""
    after = offset + shown
    return after if shown and after < min(total, DEEPEST) else None
