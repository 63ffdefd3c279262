"""Verbs of submissions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from broadsheet.catalogue import people, submissions, tallies, voices
from broadsheet.catalogue.codec import stamp
from broadsheet.catalogue.log import present
from broadsheet.catalogue.submissions import Words
from broadsheet.catalogue.tallies import Spend
from broadsheet.catalogue.verbs.opened import Opened
from broadsheet.types import Identifier


class Submitting(Opened):
    """Submissions, as rows of their table."""

    def submit(
        self,
        who: int,
        named: Sequence[Identifier],
        *,
        fetched: Identifier | None,
        said: Words,
        group: str,
        at: datetime,
        spend: Spend | None,
    ) -> tuple[int, bool]:
        """Submits a paper: the number of the submission, and whether it was there before.

        `fetched` is the name by which the paper can be fetched where it is not here. Raises Refused, NotFound,
        Forbidden, TooMany.
        """
        with self._store.write() as tx:
            tallies.spend(tx, spend)
            circle = voices.speaking(tx, who, group)
            return submissions.submit(tx, named, fetched=fetched, who=who, circle=circle, said=said, at=stamp(at))

    def submission(self, number: int) -> Any:
        """A submission. Raises NotFound."""
        with self._store.read() as connection:
            return submissions.one(connection, number)

    def submissions(
        self, who: int, *, group: str, day: str | None, person: str, mine: bool, limit: int, before: int | None
    ) -> Sequence[Any]:
        """Submissions, the newest first; with `mine` also a person's that wait or failed. Raises NotFound."""
        with self._store.read() as connection:
            circle = voices.place(connection, who, group)
            by = people.named(connection, person).number if person else None
            return submissions.listed(connection, circle, day=day, person=by, mine=mine, limit=limit, before=before)

    def papers_now(self, numbers: Sequence[int]) -> dict[int, int]:
        """The numbers that papers have by now, by those that they had."""
        with self._store.read() as connection:
            return {number: present(connection, number) for number in set(numbers)}

    def waiting_submissions(self) -> Sequence[Any]:
        """The submissions that wait for their papers, the oldest first."""
        with self._store.read() as connection:
            return submissions.waiting(connection)

    def arrived(self, number: int, said: Words, *, at: datetime, tell: bool) -> bool:
        """Lists a submission that waits, if its paper is here by now. False where it is not."""
        with self._store.write() as tx:
            return submissions.arrived(tx, number, said, stamp(at), tell=tell)

    def tried(self, number: int, note: str) -> None:
        """Notes why the paper of a submission could not be had."""
        with self._store.write() as tx:
            submissions.tried(tx, number, note)

    def give_up(self, number: int, note: str, *, at: datetime) -> None:
        """Waits no longer for the paper of a submission, and tells who submitted it."""
        with self._store.write() as tx:
            submissions.give_up(tx, number, note, stamp(at))
