"""Comments: said, changed, deleted, voted for, and read as threads."""

from collections.abc import Sequence
from typing import Any

from broadsheet import markup
from broadsheet.errors import NotFound, Refused
from broadsheet.library.talking.speaking import Speaking, comment_text
from broadsheet.ranking.threads import Remark, best, threaded
from broadsheet.types import ANYONE, Actor, Comment, Order, Role, Text

Ballots = Sequence[tuple[int, int, str]]


class Commenting(Speaking):
    """Comments are Markdown as it was typed; `markup` makes HTML and plain text of them."""

    def comments(self, key: str, *, actor: Actor = ANYONE, order: Order = Order.BEST, group: str = "") -> list[Comment]:
        """What was said of a paper, with the answers below each. Raises NotFound.

        A deleted comment keeps its place where something answers it. How "best" is reckoned: `ranking.threads`.
        """
        rows, ballots = self.catalogue.thread(key, self._reader(actor, group), group=group)
        return self._tree(rows, ballots, actor, order)

    def discussion(self, actor: Actor, group: str, *, order: Order = Order.BEST) -> list[Comment]:
        """What was said in a group's own discussion, that is about no paper."""
        rows, ballots = self.catalogue.thread(None, self._reader(actor, group), group=group)
        return self._tree(rows, ballots, actor, order) if group else []

    def latest_comments(
        self, limit: int = 20, before: int | None = None, *, person: str = "", actor: Actor = ANYONE
    ) -> list[Comment]:
        """The newest comments on papers that everybody may read, of one person if named; for feeds and profiles.

        `before` is the number of the last one of the stretch before. Raises NotFound.
        """
        rows, ballots = self.catalogue.latest_comments(limit=limit, before=before, person=person)
        return self._seen(rows, ballots, actor)

    def comment(
        self, actor: Actor, key: str | None, text: str, *, parent: int | None = None, group: str = ""
    ) -> Comment:
        """Says something of a paper, in answer to the comment `parent` if named; in a group, also of no paper.

        Whom it answers, whom it mentions, who wrote the paper and who is in the group learn of it. Raises Refused.
        """
        who = self._speaker(actor, "comment", group)
        said = comment_text(text)
        if key is None and not group:
            raise Refused("A comment is about a paper, or stands in a group's discussion.")
        number = self.catalogue.add_comment(
            who,
            key,
            said,
            mentions=markup.mentions(said),
            parent=parent,
            group=group,
            at=self._clock(),
            spend=self._spend(actor, "comment"),
        )
        return self.comment_of(actor, number)

    def comment_of(self, actor: Actor, number: int) -> Comment:
        """One comment, without its answers. Raises NotFound, also where it stands in somebody else's group.

        What a member of a group flagged is shown to moderators.
        """
        row = self._row(actor, number)
        return self._seen([row], self.catalogue.ballots([number]), actor)[0]

    def edit_comment(self, actor: Actor, number: int, text: str, *, edit: int) -> Comment:
        """Changes one's own comment; `edit` is how often it had been changed when it was read.

        Raises Overtaken, with both texts, where it was changed meanwhile; Conflict where it was deleted.
        """
        row = self._row(actor, number)
        group = self._group(row)
        who = self._speaker(actor, "edit", group, mine=row.person == actor.person)
        said = comment_text(text)
        self.catalogue.edit_comment(
            who,
            number,
            said,
            mentions=markup.mentions(said),
            seen=edit,
            group=group,
            at=self._clock(),
            spend=self._spend(actor, "comment"),
        )
        return self.comment_of(actor, number)

    def comment_texts(self, actor: Actor, number: int) -> list[Text]:
        """What a comment said before each of its edits, the oldest first: for who may read what it says now."""
        row = self._row(actor, number)
        if not _may_read(row, actor):
            return []
        return [Text(one.edit, one.text, one.at) for one in self.catalogue.comment_texts(number)]

    def delete_comment(self, actor: Actor, number: int) -> None:
        """Deletes what one's own comment says and ever said. Its place stays where something answers it."""
        row = self._row(actor, number)
        self._speaker(actor, "delete", self._group(row), mine=row.person == actor.person)
        self.catalogue.delete_comment(number, at=self._clock())

    def vote_comment(self, actor: Actor, number: int, up: bool = True) -> int:
        """Votes for somebody else's comment, or takes the vote back, and says how many votes it has."""
        row = self._row(actor, number)
        group = self._group(row)
        who = self._speaker(actor, "vote", group)
        now, spend = self._clock(), self._spend(actor, "vote")
        return self.catalogue.vote_comment(who, number, up=up, group=group, at=now, spend=spend)

    def _row(self, actor: Actor, number: int) -> Any:
        """The row of a comment that somebody may know of. Raises NotFound."""
        row = self.catalogue.comment_row(number)
        if row.circle and not self.catalogue.in_circle(actor.person, row.circle):
            flagged = actor.role is not None and actor.role >= Role.MODERATOR
            if not flagged or not self.catalogue.is_flagged("comment", number):
                raise NotFound(f"There is no comment {number}.")
        return row

    def _group(self, row: Any) -> str:
        return self.catalogue.group_names([row.circle]).get(row.circle, "") if row.circle else ""

    def _tree(self, rows: Sequence[Any], ballots: Ballots, actor: Actor, order: Order) -> list[Comment]:
        remarks = [Remark(row.number, row.person, row.at) for row in rows]
        return threaded(self._seen(rows, ballots, actor), order, best(remarks, ballots))

    def _seen(self, rows: Sequence[Any], ballots: Ballots, actor: Actor) -> list[Comment]:
        """Comments as somebody may see them."""
        papers = self._papers_of({row.paper for row in rows})
        people = self._people({row.person for row in rows})
        groups = self.catalogue.group_names({row.circle for row in rows})
        voted = {comment for comment, person, _ in ballots if person == actor.person}
        texts = {row.number: row.text if _may_read(row, actor) else "" for row in rows}
        names = {number: markup.mentions(text) for number, text in texts.items()}
        here = self.catalogue.names_here({name for each in names.values() for name in each})
        return [
            Comment(
                number=row.number,
                paper=papers.get(row.paper),
                circle=groups.get(row.circle, ""),
                parent=row.parent,
                by=people.get(row.person),
                at=row.at,
                text=texts[row.number],
                edits=row.edits,
                edited=row.edited,
                deleted=row.deleted,
                hidden=row.hidden,
                reason=row.reason,
                votes=row.votes,
                voted=row.number in voted,
                mine=actor.person != 0 and row.person == actor.person,
                mentions=here.intersection(names[row.number]),
            )
            for row in rows
        ]


def _may_read(row: Any, actor: Actor) -> bool:
    """Whether somebody may read what a comment says that they may know of."""
    if row.hidden is None:
        return True
    moderates = actor.role is not None and actor.role >= Role.MODERATOR
    return moderates or (actor.person != 0 and row.person == actor.person)
