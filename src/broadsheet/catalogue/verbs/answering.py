"""Verbs of what programs were answered to writes that have a key."""

from datetime import datetime

from broadsheet.catalogue import answers
from broadsheet.catalogue.answers import Kept
from broadsheet.catalogue.codec import stamp
from broadsheet.catalogue.verbs.opened import Opened


class Answering(Opened):
    """Answers to writes."""

    def begin_answer(self, person: int, key: str, asked: str, *, at: datetime, since: datetime) -> Kept | None:
        """Takes somebody's key; what it stands for if it is taken since `since`. Older answers are forgotten."""
        with self._store.write() as tx:
            answers.sweep(tx, stamp(since))
            return answers.begin(tx, person, key, asked, at=stamp(at))

    def keep_answer(self, person: int, key: str, *, status: int, text: str) -> None:
        """Writes down what was answered."""
        with self._store.write() as tx:
            answers.keep(tx, person, key, status=status, text=text)

    def forget_answer(self, person: int, key: str) -> None:
        """Frees a key under which nothing was done."""
        with self._store.write() as tx:
            answers.forget(tx, person, key)

    def forget_answers(self, *, before: datetime) -> None:
        """Forgets old answers."""
        with self._store.write() as tx:
            answers.sweep(tx, stamp(before))
