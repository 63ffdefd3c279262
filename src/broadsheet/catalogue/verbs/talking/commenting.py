"""Verbs of comments."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from broadsheet.catalogue import comments, papers, people, tallies, voices
from broadsheet.catalogue.codec import stamp
from broadsheet.catalogue.tallies import Spend
from broadsheet.catalogue.verbs.opened import Opened


class Commenting(Opened):
    """Comments, as rows of their table: the library makes of them what each reader may see."""

    def add_comment(
        self,
        who: int,
        key: str | None,
        text: str,
        *,
        mentions: Iterable[str],
        parent: int | None,
        group: str,
        at: datetime,
        spend: Spend | None,
    ) -> int:
        """Says something of a paper, or without a key in a group's own discussion. Returns its number.

        Raises NotFound, Refused, Forbidden, TooMany.
        """
        with self._store.write() as tx:
            tallies.spend(tx, spend)
            circle = voices.speaking(tx, who, group)
            paper = papers.number_of(tx, key) if key is not None else None
            return comments.add(
                tx,
                paper=paper,
                circle=circle,
                parent=parent,
                who=who,
                text=text,
                mentions=mentions,
                at=stamp(at),
            )

    def edit_comment(
        self,
        who: int,
        number: int,
        text: str,
        *,
        mentions: Iterable[str],
        seen: int,
        group: str,
        at: datetime,
        spend: Spend | None,
    ) -> None:
        """Changes what a comment says. Raises Overtaken, Conflict, NotFound, TooMany."""
        with self._store.write() as tx:
            tallies.spend(tx, spend)
            voices.speaking(tx, who, group)
            comments.edit(tx, number, text, seen=seen, mentions=mentions, at=stamp(at))

    def delete_comment(self, number: int, *, at: datetime) -> None:
        """Deletes what a comment says and said. Raises NotFound."""
        with self._store.write() as tx:
            comments.remove(tx, number, stamp(at))

    def vote_comment(self, who: int, number: int, *, up: bool, group: str, at: datetime, spend: Spend | None) -> int:
        """Votes for a comment, and says how many votes it has. Raises NotFound, Refused, Forbidden, TooMany."""
        with self._store.write() as tx:
            tallies.spend(tx, spend)
            voices.speaking(tx, who, group)
            return comments.cast(tx, number, who, up=up, at=stamp(at))

    def comment_row(self, number: int) -> Any:
        """A comment. Raises NotFound."""
        with self._store.read() as connection:
            return comments.row(connection, number)

    def thread(self, key: str | None, who: int, *, group: str) -> tuple[Sequence[Any], list[tuple[int, int, str]]]:
        """What was said of a paper, or in a group's own discussion, and the votes: comment, person, when."""
        with self._store.read() as connection:
            circle = voices.place(connection, who, group)
            paper = papers.number_of(connection, key) if key is not None else None
            rows = comments.thread(connection, paper, circle)
            return rows, comments.ballots(connection, [row.number for row in rows])

    def latest_comments(
        self, *, limit: int, before: int | None, person: str = ""
    ) -> tuple[Sequence[Any], list[tuple[int, int, str]]]:
        """The newest comments on papers for everybody, of one person if named, and the votes. Raises NotFound."""
        with self._store.read() as connection:
            number = people.named(connection, person).number if person else None
            rows = comments.latest(connection, 0, limit=limit, before=before, person=number)
            return rows, comments.ballots(connection, [row.number for row in rows])

    def ballots(self, numbers: Sequence[int]) -> list[tuple[int, int, str]]:
        """The votes for comments: comment, person, when."""
        with self._store.read() as connection:
            return comments.ballots(connection, numbers)

    def comment_texts(self, number: int) -> Sequence[Any]:
        """What a comment said before each of its edits."""
        with self._store.read() as connection:
            return comments.texts(connection, number)

    def group_names(self, numbers: Collection[int]) -> dict[int, str]:
        """What groups are called in addresses, by number."""
        with self._store.read() as connection:
            return voices.group_names(connection, numbers)
