"""Verbs of groups, members, shelves. `who` is the number of an account, `name` that of a group.

All that is about a group by its name goes through its gate (`circles.inside`) in the same transaction, and raises
NotFound for who is not in it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from broadsheet.catalogue import circlelinks, circlepapers, circles, papers, people, tallies
from broadsheet.catalogue.circlepapers import OnShelf
from broadsheet.catalogue.circles import Standing
from broadsheet.catalogue.codec import stamp
from broadsheet.catalogue.tallies import Spend
from broadsheet.catalogue.verbs.opened import Opened
from broadsheet.types import Candidate, Circle, Person


class Grouping(Opened):
    """What the catalogue knows of groups, members, shelves."""

    def persons(self, numbers: Iterable[int]) -> dict[int, Person]:
        """Accounts by number, those that have left among them."""
        with self._store.read() as connection:
            return people.by_numbers(connection, numbers)

    # The group itself.

    def circle_number(self, who: int, name: str) -> int:
        """The number of a group that somebody is in."""
        with self._store.read() as connection:
            return circles.number_inside(connection, who, name)

    def circle(self, who: int, name: str) -> Circle:
        """A group that somebody is in."""
        with self._store.read() as connection:
            return circles.one(connection, circles.number_inside(connection, who, name), who)

    def circles(self, who: int) -> list[Circle]:
        """The groups that somebody is in, by what they are called."""
        with self._store.read() as connection:
            return circles.mine(connection, who)

    def dissolved_circles(self, who: int, *, since: datetime) -> list[Circle]:
        """The groups that somebody ran and that ended from within since an instant, the latest first."""
        with self._store.read() as connection:
            return circles.dissolved(connection, who, stamp(since))

    def found_circle(
        self, who: int, names: Iterable[str], *, shown: str, about: str, at: datetime, spend: Spend | None
    ) -> Circle:
        """Makes a group under the first of these names that is free. Raises Refused, TooMany."""
        with self._store.write() as tx:
            tallies.spend(tx, spend)
            number = circles.found(tx, who, names, shown=shown, about=about, at=stamp(at))
            return circles.one(tx, number, who)

    def change_circle(self, who: int, name: str, *, shown: str, about: str) -> Circle:
        """Renames a group, and says anew what it is about. Raises Forbidden."""
        with self._store.write() as tx:
            number = circles.running(tx, who, name)
            circles.change(tx, number, shown, about)
            return circles.one(tx, number, who)

    def dissolve_circle(self, who: int, name: str, *, at: datetime) -> None:
        """Closes a group. Raises Forbidden."""
        with self._store.write() as tx:
            circles.dissolve(tx, circles.running(tx, who, name), who, stamp(at))

    def restore_circle(self, who: int, name: str, *, since: datetime) -> Circle:
        """Opens a group again that `dissolved_circles` names. Raises NotFound."""
        with self._store.write() as tx:
            number = circles.restorable(tx, who, name, stamp(since))
            circles.restore(tx, number)
            return circles.one(tx, number, who)

    # Members.

    def members(self, who: int, name: str, *, at: datetime) -> tuple[Circle, list[Standing], list[Any]]:
        """A group, who is in it, and for who runs it the links that are still good."""
        with self._store.read() as connection:
            found = circles.inside(connection, who, name)
            links = circlelinks.links(connection, found.number, stamp(at)) if found.owner else []
            return circles.one(connection, found.number, who), circles.standing(connection, found.number), links

    def leave_circle(self, who: int, name: str, *, at: datetime) -> None:
        """Somebody goes. Raises Conflict for an owner who leaves others behind."""
        with self._store.write() as tx:
            circles.leave(tx, circles.number_inside(tx, who, name), who, stamp(at))

    def remove_member(self, who: int, name: str, other: int) -> None:
        """Takes another member out, and withdraws the links. Raises Forbidden, NotFound."""
        with self._store.write() as tx:
            circles.remove(tx, circles.running(tx, who, name), other)

    def hand_circle_on(self, who: int, name: str, other: int) -> None:
        """Makes another member the owner. Raises Forbidden, NotFound, Refused."""
        with self._store.write() as tx:
            circles.hand_on(tx, circles.running(tx, who, name), other)

    # Links.

    def invite_to_circle(
        self, who: int, name: str, *, secret: str, at: datetime, days: int, uses: int, spend: Spend | None
    ) -> None:
        """Makes a link; `secret` is its hash. Raises Forbidden, Refused, TooMany."""
        expires = stamp(at + timedelta(days=days))
        with self._store.write() as tx:
            tallies.spend(tx, spend)
            number = circles.running(tx, who, name)
            circlelinks.invite(tx, number, who, secret, at=stamp(at), expires=expires, uses=uses)

    def withdraw_circle_link(self, who: int, name: str, link: int) -> None:
        """Ends a link. Raises Forbidden, NotFound."""
        with self._store.write() as tx:
            circlelinks.withdraw(tx, circles.running(tx, who, name), link)

    def circle_behind(self, who: int, secret: str, *, at: datetime) -> tuple[Circle, bool, int, str]:
        """The group that a link leads to, whether somebody is in it, who made the link, and until when it is good.

        Raises NotFound.
        """
        with self._store.read() as connection:
            row = circlelinks.behind(connection, secret, stamp(at))
            group = circles.one(connection, row.circle, who)
            is_in = any(one.person == who for one in circles.standing(connection, row.circle))
            return group, is_in, int(row.person), str(row.expires)

    def join_circle(self, who: int, secret: str, *, at: datetime) -> tuple[Circle, bool]:
        """Lets somebody in: the group, and whether they are new there. Raises NotFound, Refused."""
        with self._store.write() as tx:
            number, new = circlelinks.join(tx, who, secret, stamp(at))
            return circles.one(tx, number, who), new

    # Papers.

    def shelf(self, who: int, name: str) -> tuple[Circle, list[OnShelf]]:
        """A group and its shelf, the latest first."""
        with self._store.read() as connection:
            number = circles.number_inside(connection, who, name)
            return circles.one(connection, number, who), circlepapers.shelf(connection, number)

    def shelve(self, who: int, name: str, key: str, *, note: str, on: bool, at: datetime) -> None:
        """Puts a paper on a shelf, or takes it down. Raises NotFound, Refused."""
        with self._store.write() as tx:
            number = circles.number_inside(tx, who, name)
            paper = papers.number_of(tx, key)
            if on:
                circlepapers.shelve(tx, number, paper, who=who, note=note, at=stamp(at))
            else:
                circlepapers.unshelve(tx, number, paper)

    def circle_votes(self, who: int, name: str, numbers: Sequence[int]) -> dict[int, set[int]]:
        """Who voted in a group for each of these papers, where anybody did."""
        with self._store.read() as connection:
            return circlepapers.votes(connection, circles.number_inside(connection, who, name), numbers)

    def circle_submissions(self, who: int, name: str, first: str, last: str) -> list[Candidate]:
        """The papers that a group put into its editions of these days, the first submission first."""
        with self._store.read() as connection:
            return circlepapers.submitted(connection, circles.number_inside(connection, who, name), first, last)

    def circle_export(self, who: int, name: str) -> dict[str, Any]:
        """All that a group holds. Raises Forbidden."""
        with self._store.read() as connection:
            return circlepapers.export(connection, circles.running(connection, who, name))

    # From outside: that a group is there, and its end.

    def circle_figures(self) -> list[tuple[int, int | None, str, int, str | None]]:
        """Number, owner, founding, size and end of every group that still holds something, the latest first."""
        with self._store.read() as connection:
            return circles.figures(connection)

    def close_circle(self, who: int, number: int, *, on: bool, reason: str, at: datetime) -> None:
        """Ends a group from outside, or opens it again, and writes that down. Raises NotFound, Conflict."""
        with self._store.write() as tx:
            circles.close(tx, who, number, on=on, reason=reason, at=stamp(at))

    def forget_circles(self, *, before: datetime) -> int:
        """Forgets what the groups held that were dissolved before an instant, and says how many they were."""
        with self._store.write() as tx:
            numbers = circlepapers.ended(tx, stamp(before))
            circlepapers.forget(tx, numbers)
            return len(numbers)
