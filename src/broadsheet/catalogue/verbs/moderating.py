"""Verbs of flags, and of what moderators did. `by` is the number of an account; 0 is the command line."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from broadsheet.catalogue import acts, circles, comments, moderation, people, submissions, tallies, voices
from broadsheet.catalogue.codec import stamp
from broadsheet.catalogue.tallies import Spend
from broadsheet.catalogue.verbs.opened import Opened
from broadsheet.types import Person, Role


class Moderating(Opened):
    """What the catalogue knows of flags, and of what moderators did."""

    def flag(
        self, kind: str, target: int, who: int, *, reason: str, group: str, at: datetime, spend: Spend | None
    ) -> int:
        """Flags something, once a person, and says by which number. Raises NotFound, Forbidden, TooMany."""
        with self._store.write() as tx:
            tallies.spend(tx, spend)
            voices.speaking(tx, who, group)
            return moderation.add_flag(tx, kind, target, who=who, reason=reason, at=stamp(at))

    def flag_row(self, number: int) -> Any:
        """A flag. Raises NotFound."""
        with self._store.read() as connection:
            return moderation.flag_row(connection, number)

    def flags(self, *, settled: bool, limit: int) -> Sequence[Any]:
        """The flags that are open, the oldest first, or those that are settled, the latest first."""
        with self._store.read() as connection:
            return moderation.flags(connection, settled=settled, limit=limit)

    def is_flagged(self, kind: str, target: int) -> bool:
        """Whether anybody flagged something."""
        with self._store.read() as connection:
            return moderation.is_flagged(connection, kind, target)

    def settle(self, number: int, *, outcome: str, by: int, circle: int, reason: str, at: datetime) -> None:
        """Settles a flag and all of the same thing, and logs it. Raises NotFound, Conflict."""
        with self._store.write() as tx:
            moderation.settle(tx, number, outcome, by=by, circle=circle, reason=reason, at=stamp(at))

    def hide_comment(self, number: int, *, by: int, on: bool, reason: str, at: datetime) -> None:
        """Hides a comment or shows it again, settles what asked for it, and logs it. Raises NotFound, Conflict."""
        with self._store.write() as tx:
            row = comments.hide(tx, number, reason, by=by or None, on=on, at=stamp(at))
            if on:
                moderation.settle_all(tx, "comment", number, f"hidden: {reason}", stamp(at))
            verb = "hide comment" if on else "restore comment"
            acts.record(tx, by, verb, "comment", number, reason=reason, at=stamp(at), circle=row.circle)

    def withdraw_submission(self, number: int, *, by: int, mine: bool, reason: str, at: datetime) -> None:
        """Takes a submission out of its edition; one of somebody else's is logged. Raises NotFound."""
        with self._store.write() as tx:
            row = submissions.one(tx, number)
            note = "Taken back by who submitted it." if mine else f"Taken out by a moderator: {reason}"
            submissions.withdraw(tx, number, note, stamp(at))
            moderation.settle_all(tx, "submission", number, "taken out", stamp(at))
            if not mine:
                facts = {"reason": reason, "at": stamp(at), "circle": row.circle}
                acts.record(tx, by, "take out submission", "submission", number, **facts)

    def ban(self, name: str, *, by: int, role: Role, on: bool, reason: str, at: datetime) -> Person:
        """Lets somebody only read, or ends that, and logs it. Raises NotFound, Forbidden, Conflict."""
        with self._store.write() as tx:
            return moderation.ban(tx, name, reason, by=by, role=role, on=on, at=stamp(at))

    def acts(self, who: int, *, limit: int, before: int | None) -> Sequence[Any]:
        """What moderators and administrators did, the newest first."""
        with self._store.read() as connection:
            return moderation.acts_seen(connection, who, limit=limit, before=before)

    def runs_circle(self, who: int, circle: int) -> bool:
        """Whether somebody runs a group."""
        with self._store.read() as connection:
            return circles.owner_of(connection, circle) == who

    def in_circle(self, who: int, circle: int) -> bool:
        """Whether somebody is in a group that was not dissolved."""
        with self._store.read() as connection:
            return who in voices.members(connection, circle)

    def person_numbered(self, number: int) -> Person:
        """The account with a number that has not left. Raises NotFound."""
        with self._store.read() as connection:
            return people.numbered(connection, number)
