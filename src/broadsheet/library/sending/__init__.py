"""Verbs of what leaves: sending what is due, and looking after the outbox.

    pace      how fast, how many at a time, when again
    running   one run of the sending
    bounces   what comes back

Of the words of a letter nothing is shown here, not even to administrators: it may be of a private group.
"""

import os
import secrets
import socket
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from broadsheet.library.sending.bounces import Bounces
from broadsheet.library.sending.pace import Pace, Throttle
from broadsheet.library.sending.running import Carrier, Means, Posted, Run
from broadsheet.permissions import require
from broadsheet.types import Actor, Outgoing, Sending, Subscriber, Way

__all__ = ["Carrier", "Pace", "Posted", "Posting", "Throttle"]

WORDS_KEPT, ROWS_KEPT = timedelta(days=7), timedelta(days=90)  # after something ended


class Posting(Bounces):
    """What leaves, and how it stands."""

    def is_due(self) -> bool:
        """Whether there is anything to send just now."""
        return self.catalogue.is_due(at=self._clock())

    def send_due(
        self,
        carriers: Mapping[Way, Carrier],
        *,
        stop: Callable[[], bool] = lambda: False,
        pace: Pace | None = None,
        throttle: Throttle | None = None,
    ) -> Posted:
        """Sends all that is due, each way by its carrier, at the same time; what is not due now is left.

        Several processes may do so at once. When `stop` says so, what is in hand is finished and the rest left. A
        `throttle` must be the same for all runs of a process.
        """
        worker = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
        booked = throttle or Throttle()
        means = [
            Means(self.catalogue, self._clock, f"{worker}-{way}", pace or Pace(), booked, stop) for way in carriers
        ]
        posted = Posted()
        with ThreadPoolExecutor(len(carriers) or 1, "sending") as pool:
            runs = [Run(way, carrier, how) for (way, carrier), how in zip(carriers.items(), means, strict=True)]
            for came in pool.map(lambda run: run(), runs):
                posted.add(came)
        return posted

    def sweep_outbox(self) -> None:
        """Forgets the words of what left a week ago, and all of what left three months ago."""
        now = self._clock()
        self.catalogue.sweep_outbox(words_before=now - WORDS_KEPT, rows_before=now - ROWS_KEPT)

    # What administrators look after.

    def outbox(
        self,
        actor: Actor,
        *,
        state: Sending | None = None,
        doubtful: bool = False,
        limit: int = 50,
        before: int | None = None,
    ) -> list[Outgoing]:
        """What is or was in the outbox, the newest first, without its words; `before` is a number to go on from.

        `doubtful` are those of which it is not known whether they arrived, where such are left to an operator.
        """
        require(actor, "outbox")
        return self.catalogue.outbox(states=[state] if state else [], doubtful=doubtful, limit=limit, before=before)

    def outgoing(self, actor: Actor, number: int) -> Outgoing:
        """One thing in the outbox, without its words. Raises NotFound."""
        require(actor, "outbox")
        return self.catalogue.outgoing(number)

    def outbox_counts(self, actor: Actor) -> Mapping[Sending, int]:
        """How many there are in each state."""
        require(actor, "outbox")
        return self.catalogue.outbox_counts()

    def retry_outgoing(self, actor: Actor, number: int) -> None:
        """Lets something be tried (again) at once, stale or not. Raises NotFound, and Conflict where it was sent."""
        require(actor, "outbox")
        self.catalogue.retry_outgoing(number, at=self._clock())

    def drop_outgoing(self, actor: Actor, number: int) -> None:
        """Lets something not leave. Raises NotFound, and Conflict where it was sent or is just being sent."""
        require(actor, "outbox")
        self.catalogue.drop_outgoing(number, at=self._clock(), said=f"Dropped by {actor.name}.")

    def suppressed(self, actor: Actor, *, limit: int = 50, offset: int = 0) -> list[Subscriber]:
        """Mailboxes to which nothing is sent any more, and why, the latest first."""
        require(actor, "outbox")
        return self.catalogue.suppressed(limit=limit, offset=offset)

    def unsuppress(self, actor: Actor, number: int) -> None:
        """Lets letters be sent to a subscriber again. Raises NotFound."""
        require(actor, "outbox")
        self.catalogue.unsuppress(number)
