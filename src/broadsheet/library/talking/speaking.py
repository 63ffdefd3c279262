"""What all verbs of talk need: who speaks, what they say, and how people and papers are put beside it."""

from collections.abc import Collection, Iterable

from broadsheet import markup, tex
from broadsheet.catalogue.submissions import Words
from broadsheet.errors import Forbidden, Refused
from broadsheet.library.opened import Opened
from broadsheet.permissions import require
from broadsheet.types import Actor, Paper, Person

MOST_REASON = 1_000  # characters of why somebody flags or hides


class Speaking(Opened):
    """What is common to talk and moderation."""

    def mentioned(self, text: str) -> frozenset[str]:
        """The names in a text of people who are here: for a preview, as `Comment.mentions` is for a comment."""
        return self.catalogue.names_here(markup.mentions(text))

    def _speaker(self, actor: Actor, verb: str, group: str = "", *, mine: bool = True) -> int:
        """The number of the account that is about to act. Raises SignInNeeded, Forbidden."""
        require(actor, verb, mine=mine)
        if group:
            require(actor, "read group")
        if not actor.person:
            raise Forbidden("The command line has no account to do this with: sign in on the site.")
        return actor.person

    def _reader(self, actor: Actor, group: str) -> int:
        """The number of who reads; 0 is nobody in particular. Raises SignInNeeded for a group."""
        if group:
            require(actor, "read group")
        return actor.person

    def _people(self, numbers: Iterable[int | None]) -> dict[int, Person]:
        """People by number, without those who have left."""
        found = self.catalogue.persons([number for number in numbers if number])
        return {number: one for number, one in found.items() if one.left is None}

    def _papers_of(self, numbers: Collection[int | None]) -> dict[int, Paper]:
        """The papers that these numbers mean by now, by the numbers that they had."""
        now = self.catalogue.papers_now([number for number in numbers if number is not None])
        papers = {paper.number: paper for paper in self.catalogue.papers(sorted(set(now.values())))}
        return {number: papers[present] for number, present in now.items() if present in papers}


def comment_text(text: str) -> str:
    """A comment as it is kept: lines end in one way, and nothing in it that no page may carry. Raises Refused."""
    if len(text) > markup.MOST_TEXT:
        raise Refused(
            f"A comment has at most {markup.MOST_TEXT:,} characters, and this one has {len(text):,}."
            " Shorten it, or say it in two."
        )
    text = tex.clean(text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not any(letter.isprintable() and not letter.isspace() for letter in text):
        raise Refused("This comment is empty: write something.")
    return text


def words(text: str) -> Words:
    """What goes with a submission: a comment, or nothing. Raises Refused."""
    if not text.strip():
        return Words()
    said = comment_text(text)
    return Words(said, markup.mentions(said))


def reason(text: str) -> str:
    """Why somebody does something, in one line. Raises Refused."""
    if len(text) > MOST_REASON:
        raise Refused(f"A reason has at most {MOST_REASON:,} characters.")
    said = tex.clean(" ".join(text.split()))
    if not any(letter.isprintable() and not letter.isspace() for letter in said):
        raise Refused("Say why: a reason is missing.")
    return said
