"""Requests that people make often, ready to be chosen in an agent: each becomes a message that names the tools."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import mcp_types as protocol

from broadsheet.errors import Refused

_LONGEST = 1_000  # characters of an argument


@dataclass(frozen=True, slots=True)
class Argument:
    """What a prompt is filled with."""

    name: str
    help: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt: `words` makes the message of its arguments."""

    name: str
    title: str
    help: str
    arguments: tuple[Argument, ...]
    words: Callable[[Mapping[str, str]], str]

    def described(self) -> protocol.Prompt:
        """The prompt as a list of prompts shows it."""
        return protocol.Prompt(
            name=self.name,
            title=self.title,
            description=self.help,
            arguments=[
                protocol.PromptArgument(name=one.name, description=one.help, required=one.required)
                for one in self.arguments
            ],
        )

    def message(self, given: Mapping[str, str] | None) -> str:
        """The message. Raises Refused where an argument is missing, unknown or too long."""
        given = given or {}
        known = {one.name for one in self.arguments}
        if unknown := next((name for name in given if name not in known), None):
            raise Refused(f"“{self.name}” takes {' and '.join(sorted(known))}, not “{unknown[:40]}”.")
        for one in self.arguments:
            if one.required and not given.get(one.name, "").strip():
                raise Refused(f"“{self.name}” needs “{one.name}”: {one.help}")
            if len(given.get(one.name, "")) > _LONGEST:
                raise Refused(f"“{one.name}” has at most {_LONGEST:,} characters.")
        return self.words({one.name: " ".join(given.get(one.name, "").split()) for one in self.arguments})


def _briefing(given: Mapping[str, str]) -> str:
    day = f"the edition of {given['day']}" if given["day"] else "the latest edition"
    return (
        f"Brief me on {day}. I am interested in: {given['interest']}.\n\n"
        "List it with list_edition, page on while papers may matter to me, and look at the promising ones with"
        " read_paper. Give me at most seven, the most useful first: title with its link, two sentences on what is new,"
        " and why it concerns me. Say how many papers you looked at, and name what you left out on purpose."
    )


def _explaining(given: Mapping[str, str]) -> str:
    reader = given["reader"] or "a researcher from a neighbouring field"
    return (
        f"Explain the paper {given['paper']} to {reader}.\n\n"
        "Read it with read_paper, and with read_full_text where the abstract does not suffice. Say what it claims, on"
        " what evidence, what it builds on (its earlier neighbours), and what would show it to be wrong. Quote numbers"
        " only as they stand there, and give the link."
    )


def _surveying(given: Mapping[str, str]) -> str:
    return (
        f"Survey what there is here on: {given['topic']}.\n\n"
        "Search with search_papers in several wordings, follow find_similar from the best, and compare_papers for the"
        " central ones. Group the papers by approach, the earliest of each first; name agreements and contradictions,"
        " and what nobody seems to have tried. Give the link of every paper that you name, and name none that you did"
        " not find here."
    )


PROMPTS = {
    one.name: one
    for one in (
        Prompt(
            "brief_me",
            "Brief me on an edition",
            "The few papers of a day that matter for an interest.",
            (
                Argument("interest", "What you work on, in plain words."),
                Argument("day", "A day like 2026-11-20; the latest if left out.", required=False),
            ),
            _briefing,
        ),
        Prompt(
            "explain_to",
            "Explain a paper",
            "A paper explained to a certain reader.",
            (
                Argument("paper", "An arXiv id, DOI or other name of a paper."),
                Argument("reader", "Who it is explained to.", required=False),
            ),
            _explaining,
        ),
        Prompt(
            "survey",
            "Survey a topic",
            "What the catalogue has on a topic, in groups.",
            (Argument("topic", "The topic, in plain words."),),
            _surveying,
        ),
    )
}
