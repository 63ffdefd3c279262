"""Verbs of standing queries. `who` is the number of an account, which has its own only."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from broadsheet.catalogue import arrivals, papers, standing, subscribers, tallies
from broadsheet.catalogue.arrivals import Arrived
from broadsheet.catalogue.codec import stamp
from broadsheet.catalogue.standing import Catch
from broadsheet.catalogue.tallies import Spend
from broadsheet.catalogue.verbs.opened import Opened
from broadsheet.errors import NotFound
from broadsheet.types import Paper, Standing


class Standings(Opened):
    """What the catalogue knows of standing queries."""

    def add_standing(
        self,
        who: int,
        *,
        name: str,
        text: str,
        unlike_text: str,
        like: Sequence[str],
        unlike: Sequence[str],
        near: float,
        at: datetime,
        spend: Spend | None,
    ) -> Standing:
        """Makes a standing query; papers are named by their keys. Raises NotFound, Refused, TooMany."""
        with self._store.write() as tx:
            tallies.spend(tx, spend)
            number = standing.add(
                tx,
                subscribers.number_of(tx, person=who, at=stamp(at)),
                name=name,
                text=text,
                unlike_text=unlike_text,
                like=_numbers(tx, like),
                unlike=_numbers(tx, unlike),
                near=near,
                at=stamp(at),
            )
            return standing.one(tx, number)

    def revise_standing(self, who: int, number: int, *, spend: Spend | None, **asked: Any) -> Standing:
        """Changes what a standing query asks; `like` and `unlike` are keys. Raises NotFound, Refused, TooMany."""
        with self._store.write() as tx:
            _own(tx, who, number)
            tallies.spend(tx, spend)
            for papers_ in asked.keys() & {"like", "unlike"}:
                asked[papers_] = _numbers(tx, asked[papers_])
            standing.revise(tx, number, **asked)
            return standing.one(tx, number)

    def end_standing(self, who: int, number: int, *, at: datetime | None) -> Standing:
        """Ends a standing query; None lets it run again. Raises NotFound, Refused."""
        with self._store.write() as tx:
            _own(tx, who, number)
            standing.end(tx, number, None if at is None else stamp(at))
            return standing.one(tx, number)

    def standing(self, who: int, number: int) -> Standing:
        """A standing query of somebody's own. Raises NotFound."""
        with self._store.read() as connection:
            _own(connection, who, number)
            return standing.one(connection, number)

    def standings(self, who: int, *, ended_since: datetime | None = None) -> list[Standing]:
        """Somebody's standing queries, the newest first; also those that ended since an instant."""
        with self._store.read() as connection:
            owner = subscribers.known(connection, person=who)
            since = None if ended_since is None else stamp(ended_since)
            return [] if owner is None else standing.of(connection, owner, ended_since=since)

    def caught(self, who: int, number: int, *, limit: int, before: tuple[str, int] | None) -> list[tuple[Catch, Paper]]:
        """What a standing query caught, the latest first. Raises NotFound."""
        with self._store.read() as connection:
            _own(connection, who, number)
            found = standing.caught(connection, number, limit=limit, before=before)
            here = {one.number: one for one in papers.papers(connection, [one.paper for one in found])}
            return [(one, here[one.paper]) for one in found if one.paper in here and not here[one.paper].deleted]

    def numbers_of(self, keys: Iterable[str]) -> list[int]:
        """The numbers of papers. Raises NotFound."""
        with self._store.read() as connection:
            return _numbers(connection, keys)

    # At arrival.

    def has_arrivals(self) -> bool:
        """Whether papers came that the standing queries have not seen. Takes no time."""
        with self._store.read() as connection:
            return arrivals.came(connection)

    def arrivals(self, *, oldest: str, patience: datetime, limit: int) -> Arrived:
        """The next papers for the standing queries; see `arrivals.arrived`."""
        with self._store.read() as connection:
            return arrivals.arrived(connection, oldest=oldest, patience=stamp(patience), limit=limit)

    def catch(self, arrived: Arrived, catches: Iterable[Catch], *, at: datetime) -> int | None:
        """Writes down what was caught of them, all or nothing; None where somebody else was faster."""
        with self._store.write() as tx:
            return arrivals.catch(tx, arrived, catches, at=stamp(at))


def _own(connection: Connection, who: int, number: int) -> None:
    """Raises NotFound unless a standing query is somebody's own: the same for those that there are not."""
    owner = subscribers.known(connection, person=who) if who else None
    if owner is None or standing.one(connection, number).owner != owner:
        raise NotFound(f"There is no standing query {number}.")


def _numbers(connection: Connection, keys: Iterable[str]) -> list[int]:
    return [papers.number_of(connection, key) for key in keys]
