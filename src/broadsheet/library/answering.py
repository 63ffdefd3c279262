"""Verbs of writes that programs name by a key: sent twice, done once, answered the same for a day."""

from datetime import timedelta
from typing import NamedTuple

from broadsheet.errors import Refused
from broadsheet.library.opened import Opened
from broadsheet.types import Actor

KEPT = timedelta(hours=24)


class Before(NamedTuple):
    """What a key stands for: the fingerprint of what was sent with it, and the answer (no status: still being done)."""

    asked: str
    status: int | None
    text: str


class Answering(Opened):
    """Answers to writes. A key is its sender's own: two people may use the same."""

    def begin_answer(self, actor: Actor, key: str, asked: str) -> Before | None:
        """Takes a key for what is sent with it; if it is taken, what that stands for. Raises Refused for no account."""
        if not actor.person:
            raise Refused("Only what is sent by an account can have a key.")
        now = self._clock()
        kept = self.catalogue.begin_answer(actor.person, key, asked, at=now, since=now - KEPT)
        return Before(kept.asked, kept.status, kept.text) if kept else None

    def keep_answer(self, actor: Actor, key: str, status: int, text: str) -> None:
        """Keeps what was answered."""
        self.catalogue.keep_answer(actor.person, key, status=status, text=text)

    def forget_answer(self, actor: Actor, key: str) -> None:
        """Frees a key under which nothing was done."""
        self.catalogue.forget_answer(actor.person, key)

    def forget_answers(self) -> None:
        """Forgets the answers that are older than a day: a job's work."""
        self.catalogue.forget_answers(before=self._clock() - KEPT)
