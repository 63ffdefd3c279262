"""Verbs of writes that programs name by a key: sent twice, done once, answered the same for a day."""

from datetime import timedelta
from typing import NamedTuple

from broadsheet.errors import Forbidden, Refused, SignInNeeded
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
        """Takes a key for what is sent with it; if it is taken, what that stands for.

        Raises SignInNeeded, Forbidden for a token that is good for nothing, and Refused for the command line.
        """
        _writer(actor)
        if not actor.person:
            raise Refused("Only what is sent by an account can have a key.")
        now = self._clock()
        kept = self.catalogue.begin_answer(actor.person, key, asked, at=now, since=now - KEPT)
        return Before(kept.asked, kept.status, kept.text) if kept else None

    def keep_answer(self, actor: Actor, key: str, status: int, text: str) -> None:
        """Keeps what was answered."""
        _writer(actor)
        self.catalogue.keep_answer(actor.person, key, status=status, text=text)

    def forget_answer(self, actor: Actor, key: str) -> None:
        """Frees a key under which nothing was done."""
        _writer(actor)
        self.catalogue.forget_answer(actor.person, key)

    def forget_answers(self) -> None:
        """Forgets the answers that are older than a day: a job's work."""
        self.catalogue.forget_answers(before=self._clock() - KEPT)


def _writer(actor: Actor) -> None:
    """Raises Forbidden for who can write nothing at all; what it is that is written asks for itself."""
    if actor.role is None:
        raise SignInNeeded("Sign in to write.")
    if actor.scopes is not None and not actor.scopes:
        raise Forbidden("This token may not write: it has no scope.")
