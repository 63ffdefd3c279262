"""Verbs of claims."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from broadsheet.catalogue import authorships, papers, people, tallies, voices
from broadsheet.catalogue.codec import stamp
from broadsheet.catalogue.tallies import Spend
from broadsheet.catalogue.verbs.opened import Opened


class Claiming(Opened):
    """Claims, as rows of their table."""

    def email(self, who: int) -> str:
        """The e-mail address of an account; "" without one."""
        with self._store.read() as connection:
            return authorships.email(connection, who)

    def claim_paper(self, key: str, who: int, *, author: str, how: str, at: datetime, spend: Spend | None) -> None:
        """Claims a paper; `how` is the ground that confirms it. Raises NotFound, Conflict, Forbidden, TooMany."""
        with self._store.write() as tx:
            tallies.spend(tx, spend)
            voices.speaking(tx, who)
            authorships.claim(tx, papers.number_of(tx, key), who, author=author, how=how, at=stamp(at))

    def withdraw_claim(self, key: str, who: int) -> None:
        """Takes a claim back. Raises NotFound."""
        with self._store.write() as tx:
            authorships.withdraw(tx, papers.number_of(tx, key), who)

    def decide_claim(self, key: str, name: str, *, yes: bool, reason: str, by: int, at: datetime) -> None:
        """Confirms or refuses a claim, logs it and tells who claimed. Raises NotFound."""
        with self._store.write() as tx:
            who = people.named(tx, name).number
            authorships.decide(tx, papers.number_of(tx, key), who, yes=yes, reason=reason, by=by, at=stamp(at))

    def claims_of(self, name: str) -> Sequence[Any]:
        """What somebody claims, the latest first. Raises NotFound."""
        with self._store.read() as connection:
            return authorships.of_person(connection, people.named(connection, name).number)

    def claims_on(self, key: str) -> Sequence[Any]:
        """Who claims a paper. Raises NotFound."""
        with self._store.read() as connection:
            return authorships.of_paper(connection, papers.number_of(connection, key))

    def asked_claims(self) -> Sequence[Any]:
        """The claims that somebody must decide."""
        with self._store.read() as connection:
            return authorships.asked(connection)
