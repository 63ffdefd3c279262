"""Following papers, and notices: what somebody should know of."""

from collections.abc import Sequence

from broadsheet import markup
from broadsheet.library.talking.speaking import Speaking
from broadsheet.permissions import may, require
from broadsheet.types import Actor, Notice, NoticeKind, Paper

_EXCERPT = 200  # characters of a comment


class Noticing(Speaking):
    """Notices are written with what happened, to those who may know of it and have not switched the kind off."""

    def follow_paper(self, actor: Actor, key: str, on: bool = True) -> None:
        """Follows a paper, or does so no longer: its new versions become notices. Raises NotFound."""
        self.catalogue.follow_paper(key, self._speaker(actor, "follow"), on=on, at=self._clock())

    def follows(self, actor: Actor, key: str) -> bool:
        """Whether somebody follows a paper. Raises NotFound."""
        return may(actor, "inbox") and self.catalogue.follows(key, actor.person)

    def followed(self, actor: Actor) -> list[Paper]:
        """The papers that somebody follows, the latest first."""
        require(actor, "read mine")
        return self.catalogue.papers(self.catalogue.followed(actor.person))

    def notices(
        self, actor: Actor, *, unread: bool = False, limit: int = 20, before: int | None = None
    ) -> list[Notice]:
        """Somebody's own notices, the newest first. `before` is the number of the last one before this stretch.

        The text is the beginning of the comment, where it is about one that can be read, as plain text.
        """
        require(actor, "inbox")
        rows = self.catalogue.notices(actor.person, unread=unread, limit=limit, before=before)
        papers = self._papers_of({row.paper for row in rows})
        people = self._people({row.by for row in rows})
        groups = self.catalogue.group_names({row.circle for row in rows})
        return [
            Notice(
                number=row.number,
                kind=NoticeKind(row.kind),
                paper=papers.get(row.paper),
                comment=row.comment,
                circle=groups.get(row.circle, ""),
                by=people.get(row.by),
                text=row.text or _excerpt(row.said or ""),
                at=row.at,
                read=row.read,
            )
            for row in rows
        ]

    def unread(self, actor: Actor) -> int:
        """How many notices somebody has not read; 0 for who may not read them."""
        return self.catalogue.unread(actor.person) if may(actor, "inbox") else 0

    def mark_read(self, actor: Actor, numbers: Sequence[int] | None = None) -> None:
        """Marks one's notices as read; None means all."""
        require(actor, "inbox")
        self.catalogue.mark_read(actor.person, numbers, at=self._clock())

    def tell_versions(self) -> int:
        """Tells followers of new versions of their papers, and says how many events were looked at. A job does this."""
        events = 0
        while more := self.catalogue.tell_versions(at=self._clock()):
            events += more
        return events


def _excerpt(text: str) -> str:
    told = " ".join(markup.plain(text).split())
    return told if len(told) <= _EXCERPT else f"{told[:_EXCERPT].rsplit(' ', 1)[0]} …"
