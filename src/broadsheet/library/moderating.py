"""Verbs of moderation: flags, hiding and restoring, bans, and the log of it all.

What stands in a group is the group's: its owner hides comments there. Moderators see of it what a member flagged.
"""

from collections.abc import Sequence
from typing import Any, Literal

from broadsheet import markup
from broadsheet.errors import NotFound, Refused
from broadsheet.library.talking.commenting import Commenting
from broadsheet.library.talking.speaking import reason as said_why
from broadsheet.permissions import require
from broadsheet.types import Act, Actor, Flag, Person, Role

_MOST_FLAGS = 500
_EXCERPT = 160  # characters of a comment


class Moderating(Commenting):
    """Moderation. Every act has a reason and stands in a log that all members read."""

    def flag(self, actor: Actor, kind: Literal["comment", "submission", "person"], target: int, reason: str) -> Flag:
        """Asks moderators to look at something, once. Raises NotFound, Refused for what is one's own.

        Flagging something in a group shows it to moderators.
        """
        who = self._speaker(actor, "flag")
        why = said_why(reason)
        group, owner = self._flagged(actor, kind, target)
        if owner == who:
            raise Refused("This is yours: nobody flags what is their own.")
        number = self.catalogue.flag(
            kind, target, who, reason=why, group=group, at=self._clock(), spend=self._spend(actor, "flag")
        )
        return self._flags([self.catalogue.flag_row(number)])[0]

    def flags(self, actor: Actor, *, settled: bool = False) -> list[Flag]:
        """What moderators should look at, the longest-waiting first; or what they settled, the latest first."""
        require(actor, "moderate")
        return self._flags(self.catalogue.flags(settled=settled, limit=_MOST_FLAGS))

    def settle(self, actor: Actor, number: int, *, outcome: str, reason: str) -> None:
        """Says what came of a flag, and of all others of the same thing. Raises NotFound, Conflict, Refused."""
        require(actor, "moderate")
        row = self.catalogue.flag_row(number)
        circle = 0
        if row.kind == "comment":
            circle = self.catalogue.comment_row(row.subject).circle
        elif row.kind == "submission":
            circle = self.catalogue.submission(row.subject).circle
        why = {"outcome": said_why(outcome), "reason": said_why(reason)}
        self.catalogue.settle(number, by=actor.person, circle=circle, at=self._clock(), **why)

    def hide_comment(self, actor: Actor, number: int, reason: str) -> None:
        """Hides what a comment says from all but its author and moderators, with a reason that all can read.

        Flags of it are settled. Raises NotFound, Conflict.
        """
        self._moderate(actor, number, reason, on=True)

    def restore_comment(self, actor: Actor, number: int, reason: str) -> None:
        """Shows a hidden comment again. Raises NotFound, Conflict."""
        self._moderate(actor, number, reason, on=False)

    def ban(self, actor: Actor, name: str, reason: str) -> Person:
        """Lets somebody only read from now on. Raises NotFound, Conflict, Forbidden for one's equals and oneself."""
        return self._ban(actor, name, reason, on=True)

    def unban(self, actor: Actor, name: str, reason: str) -> Person:
        """Lets somebody take part again. Raises NotFound, Conflict."""
        return self._ban(actor, name, reason, on=False)

    def acts(self, actor: Actor, *, limit: int = 50, before: int | None = None) -> list[Act]:
        """What moderators and administrators did, and why, the newest first; for everybody with an account.

        What was done in a group is told to its members alone, and no text of a comment to anybody.
        """
        require(actor, "read act")
        rows = self.catalogue.acts(actor.person, limit=limit, before=before)
        people = self._people({row.person for row in rows})
        subjects = self._subjects(rows)
        return [
            Act(row.number, people.get(row.person), row.verb, row.kind, row.subject, subject, row.reason, row.at)
            for row, subject in zip(rows, subjects, strict=True)
        ]

    def _moderate(self, actor: Actor, number: int, reason: str, *, on: bool) -> None:
        row = self._row(actor, number)
        runs = row.circle != 0 and self.catalogue.runs_circle(actor.person, row.circle)
        require(actor, "run group" if runs else "moderate")
        self.catalogue.hide_comment(number, by=actor.person, on=on, reason=said_why(reason), at=self._clock())

    def _ban(self, actor: Actor, name: str, reason: str, *, on: bool) -> Person:
        require(actor, "moderate")
        role = actor.role or Role.READER
        return self.catalogue.ban(name, by=actor.person, role=role, on=on, reason=said_why(reason), at=self._clock())

    def _flagged(self, actor: Actor, kind: str, target: int) -> tuple[str, int]:
        """The group in which something stands that is to be flagged, and whose it is. Raises NotFound, Refused."""
        if kind == "comment":
            row = self._row(actor, target)
            if row.deleted is not None or row.hidden is not None:
                raise Refused("This comment is not shown any more.")
            return self._group(row), row.person
        if kind == "submission":
            put = self.catalogue.submission(target)
            if put.circle and not self.catalogue.in_circle(actor.person, put.circle):
                raise NotFound(f"There is no submission {target}.")
            return self._group(put), put.person
        if kind == "person":
            return "", self.catalogue.person_numbered(target).number
        raise Refused("One can flag a comment, a submission or a person.")

    def _flags(self, rows: Sequence[Any]) -> list[Flag]:
        people = self._people({row.person for row in rows})
        subjects = self._subjects(rows, words=True)
        return [
            Flag(
                number=row.number,
                kind=row.kind,
                target=row.subject,
                by=people.get(row.person),
                reason=row.reason,
                at=row.at,
                subject=subject,
                settled=row.settled,
                outcome=row.outcome,
            )
            for row, subject in zip(rows, subjects, strict=True)
        ]

    def _subjects(self, rows: Sequence[Any], *, words: bool = False) -> list[str]:
        """What rows with a kind and a subject are about, in words."""
        told = {
            "comment": self._told_comment,
            "submission": self._told_submission,
            "person": self._told_person,
            "claim": self._told_claim,
        }
        found: dict[tuple[str, int], str] = {}
        for row in rows:
            if (row.kind, row.subject) not in found:
                tell = told.get(row.kind)
                found[row.kind, row.subject] = tell(row.subject, words=words) if tell else f"{row.kind} {row.subject}"
        return [found[row.kind, row.subject] for row in rows]

    def _told_comment(self, number: int, *, words: bool) -> str:
        try:
            row = self.catalogue.comment_row(number)
        except NotFound:
            return "a comment that is no more"
        paper = self._papers_of({row.paper}).get(row.paper)
        of = f"a comment of {self._called(row.person)}"
        where = "in a private group" if row.circle else f"on {paper.id}" if paper else "on a paper that is no more"
        text = " ".join(markup.plain(row.text).split()) if words else ""
        short = text if len(text) <= _EXCERPT else f"{text[:_EXCERPT]} …"
        return f"{of} {where}: {short}" if short else f"{of} {where}"

    def _told_submission(self, number: int, *, words: bool) -> str:  # noqa: ARG002 - as the others
        try:
            row = self.catalogue.submission(number)
        except NotFound:
            return "a submission that is no more"
        if row.circle:
            return f"a submission of {self._called(row.person)} in a private group"
        return f"the submission of {row.value} by {self._called(row.person)}"

    def _told_claim(self, paper: int, *, words: bool) -> str:  # noqa: ARG002 - as the others
        found = self._papers_of({paper}).get(paper)
        return f"a claim on {found.id}" if found else "a claim on a paper that is no more"

    def _told_person(self, number: int, *, words: bool) -> str:  # noqa: ARG002 - as the others
        return self._called(number)

    def _called(self, number: int) -> str:
        person = self._people([number]).get(number)
        return f"@{person.name}" if person else "somebody who has left"
