"""What comes back: a bounce counts against its reader's mailbox, a complaint ends what they are sent."""

from broadsheet.catalogue.bouncing import Failure
from broadsheet.library.opened import Opened
from broadsheet.mailing import bounces
from broadsheet.mailing.bounces import Came, Report
from broadsheet.types import Outgoing


class Bounces(Opened):
    """Taking in what mail servers and readers send back."""

    def take_bounce(self, raw: bytes) -> str:
        """Takes in a message from the mailbox of bounces, whatever it is. What came of it, in a sentence without names.

        Only what holds the unguessable name of a letter of ours has an effect, and only on whom that letter went to.
        """
        report = bounces.read(raw)
        letter = next(filter(None, map(self.catalogue.letter_named, report.names)), None)
        return self._taken(letter, report) if letter else "It is of no letter that was sent from here."

    def _taken(self, letter: Outgoing, report: Report) -> str:
        now, which = self._clock(), f"number {letter.number}"
        if report.came is Came.COMPLAINT:
            self.catalogue.complained(letter, at=now)
            return f"The reader of {which} reported it as spam: nothing is sent there any more."
        if report.came is Came.UNSUBSCRIBE:
            self.catalogue.unsubscribed_by_letter(letter, at=now)
            return f"The reader of {which} unsubscribed by a letter."
        if report.came is not Came.BOUNCE:
            return f"A {report.came} about {which}: nothing to do."
        ended = self.catalogue.bounced(letter, Failure(report.status, report.said), at=now)
        return f"{which.capitalize()} came back" + (": nothing is sent there any more." if ended else ".")
