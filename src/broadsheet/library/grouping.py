"""Verbs of groups: who is in one, its shelf, its edition and its discussion.

A group is private. Who is not in it does not find it, whatever their role: `circle` is the gate that everything of a
group passes, and it gives one answer for groups that there are not and groups that one is not in. Administrators see
that a group is there, whose it is and how large, and can close it; moderators see of it only what a member flags.
"""

import secrets
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from broadsheet import credentials
from broadsheet.catalogue.circlepapers import OnShelf
from broadsheet.errors import Refused
from broadsheet.ids.people import shown_name
from broadsheet.library.opened import Opened
from broadsheet.permissions import require
from broadsheet.ranking import circles_order, edition_note, editions_order, span_bounds, span_key
from broadsheet.types import (
    Actor,
    Circle,
    CircleFigures,
    GroupEdition,
    GroupEntry,
    Invitation,
    Invited,
    Member,
    Members,
    Shelf,
    Shelved,
    Span,
)

SHOWN, ABOUT, NOTE = 60, 2_000, 1_000  # characters
KEPT_DAYS = 30  # that a dissolved group can be opened again
MOST_DAYS, MOST_USES = 90, 500  # of a link
_LETTERS = "bcdfghjkmnpqrstvwxz23456789"  # none that looks like another, no vowels that make words
_CHANCE = 6


class Grouping(Opened):
    """Groups. All that take a group's name raise NotFound for a group that who asks is not in."""

    def circle(self, actor: Actor, name: str) -> int:
        """The number of the group that `actor` means, where they are in it; 0 for "", which is everybody.

        Raises NotFound, in the same words and after the same work, for a group that there is not and for one that they
        are not in; SignInNeeded for a passer-by, whatever the name.
        """
        if not name:
            return 0
        require(actor, "read group")
        return self.catalogue.circle_number(actor.person, name)

    # The group itself.

    def found(self, actor: Actor, shown: str, about: str = "") -> Circle:
        """Makes a group that is called `shown`; who makes it owns it. Raises Refused, TooMany.

        Its name for addresses is made of that and some letters drawn by chance: nobody learns which groups there are
        by trying names.
        """
        require(actor, "found")
        shown, about = _line(shown), _text(about, ABOUT, "What a group is about")
        return self.catalogue.found_circle(
            actor.person,
            _names(shown),
            shown=shown,
            about=about,
            at=self._clock(),
            spend=self._spend(actor, "found"),
        )

    def circles(self, actor: Actor) -> list[Circle]:
        """The groups that `actor` is in, by what they are called."""
        require(actor, "read group")
        return self.catalogue.circles(actor.person)

    def group(self, actor: Actor, name: str) -> Circle:
        """A group that `actor` is in."""
        require(actor, "read group")
        return self.catalogue.circle(actor.person, name)

    def change_group(self, actor: Actor, name: str, shown: str, about: str) -> Circle:
        """Renames a group and says what it is about; its address stays. Raises Forbidden, Refused."""
        self._run(actor, name)
        return self.catalogue.change_circle(
            actor.person, name, shown=_line(shown), about=_text(about, ABOUT, "What a group is about")
        )

    def dissolve(self, actor: Actor, name: str) -> None:
        """Closes a group for all. What it holds is kept for 30 days, and then forgotten. Raises Forbidden."""
        self._run(actor, name)
        self.catalogue.dissolve_circle(actor.person, name, at=self._clock())

    def dissolved(self, actor: Actor) -> list[Circle]:
        """The groups that `actor` ran and that can still be opened again, the latest first; `kept` says until when."""
        require(actor, "read group")
        found = self.catalogue.dissolved_circles(actor.person, since=self._clock() - timedelta(days=KEPT_DAYS))
        for one in found:
            one.kept = (date.fromisoformat((one.dissolved or "")[:10]) + timedelta(days=KEPT_DAYS)).isoformat()
        return found

    def restore_group(self, actor: Actor, name: str) -> Circle:
        """Opens a group again that `dissolved` lists, with all that it held but its links. Raises NotFound."""
        require(actor, "run group")
        since = self._clock() - timedelta(days=KEPT_DAYS)
        return self.catalogue.restore_circle(actor.person, name, since=since)

    def export_group(self, actor: Actor, name: str) -> dict[str, Any]:
        """All that a group holds, as values for JSON. Raises Forbidden."""
        self._run(actor, name)
        return self.catalogue.circle_export(actor.person, name)

    # Members.

    def members(self, actor: Actor, name: str) -> Members:
        """Who is in a group: the owner, then the longest-standing. The owner also gets the links that are good."""
        require(actor, "read group")
        group, standing, links = self.catalogue.members(actor.person, name, at=self._clock())
        people = self.catalogue.persons([one.person for one in standing] + [link.person for link in links])
        found = [Member(people[one.person], one.role, one.since) for one in standing]
        return Members(
            group,
            sorted(found, key=lambda one: one.role != "owner"),
            [
                Invitation(
                    link.number, "member", link.note, people[link.person].name, link.created, link.expires, link.uses
                )
                for link in links
            ],
        )

    def leave_group(self, actor: Actor, name: str) -> None:
        """`actor` goes; the last one's group is dissolved. Raises Conflict for an owner who leaves others behind."""
        require(actor, "leave group")
        self.catalogue.leave_circle(actor.person, name, at=self._clock())

    def remove_member(self, actor: Actor, name: str, person: str) -> None:
        """Takes somebody out of a group, and withdraws its links, for they may know one. Raises Forbidden, Refused."""
        self._run(actor, name)
        other = self._member(actor, name, person)
        if other == actor.person:
            raise Refused("You cannot remove yourself. Hand the group on and leave it, or dissolve it.")
        self.catalogue.remove_member(actor.person, name, other)

    def hand_on(self, actor: Actor, name: str, to: str) -> None:
        """Makes another member the owner. Raises Forbidden, Refused."""
        self._run(actor, name)
        self.catalogue.hand_circle_on(actor.person, name, self._member(actor, name, to))

    # Links.

    def invite_to(self, actor: Actor, name: str, *, days: int = 14, uses: int = 20) -> str:
        """Makes a link to a group, good for so many days and people: its secret, which is shown this once.

        Raises Forbidden, Refused, TooMany.
        """
        self._run(actor, name)
        if not 1 <= days <= MOST_DAYS or not 1 <= uses <= MOST_USES:
            raise Refused(f"A link is good for 1 to {MOST_DAYS} days and 1 to {MOST_USES} people.")
        secret = credentials.new_secret()
        self.catalogue.invite_to_circle(
            actor.person,
            name,
            secret=credentials.hashed(secret),
            at=self._clock(),
            days=days,
            uses=uses,
            spend=self._spend(actor, "invite"),
        )
        return secret

    def withdraw_link(self, actor: Actor, name: str, number: int) -> None:
        """Ends a link to a group. Raises Forbidden."""
        self._run(actor, name)
        self.catalogue.withdraw_circle_link(actor.person, name, number)

    def invited(self, actor: Actor, secret: str) -> Invited:
        """What a link leads to. Raises NotFound for one that is used up, withdrawn, too old, or never was."""
        require(actor, "read group")
        group, is_in, by, expires = self.catalogue.circle_behind(
            actor.person, credentials.hashed(secret), at=self._clock()
        )
        people = self.catalogue.persons([by])
        return Invited(group.shown, group.name if is_in else "", group.members, people.get(by), expires)

    def join(self, actor: Actor, secret: str) -> Circle:
        """Goes into a group by a link; who is in already uses nothing up. Raises NotFound, Refused."""
        require(actor, "join")
        group, _new = self.catalogue.join_circle(actor.person, credentials.hashed(secret), at=self._clock())
        return group

    # Papers.

    def shelf(self, actor: Actor, name: str, *, limit: int = 50, offset: int = 0) -> Shelf:
        """A stretch of a group's shelf, the latest first."""
        require(actor, "read group")
        group, rows = self.catalogue.shelf(actor.person, name)
        return Shelf(group, self._shelved(rows[offset : offset + limit]), len(rows), offset, limit)

    def shelved(self, actor: Actor, name: str, key: str) -> Shelved | None:
        """What a group's shelf says of a paper; None where it does not stand there."""
        require(actor, "read group")
        _, rows = self.catalogue.shelf(actor.person, name)
        number = self.catalogue.paper(key).number
        return next(iter(self._shelved([row for row in rows if row.paper == number])), None)

    def shelve(self, actor: Actor, name: str, key: str, note: str = "", *, on: bool = True) -> None:
        """Puts a paper on a group's shelf with a note, or changes the note; takes it down unless `on`.

        Raises NotFound, Refused.
        """
        require(actor, "shelve")
        note = _text(note, NOTE, "A note")
        self.catalogue.shelve(actor.person, name, key, note=note, on=on, at=self._clock())

    def group_edition(
        self, actor: Actor, name: str, span: Span, key: str | None = None, *, limit: int = 20, offset: int = 0
    ) -> GroupEdition:
        """A stretch of a group's own edition; without a key, the latest. Raises NotFound."""
        require(actor, "read group")
        group = self.catalogue.circle(actor.person, name)
        now = self._clock()
        today = now.date()
        latest_day = self.catalogue.latest_day(today=today.isoformat())
        latest = span_key(span, date.fromisoformat(latest_day) if latest_day else today)
        key = key or latest
        first, last = (day.isoformat() for day in span_bounds(span, key))
        common = editions_order(self.catalogue.candidates(first, last, categories=self.rules.categories))
        ours = self.catalogue.circle_submissions(actor.person, name, first, last)
        votes = self.catalogue.circle_votes(actor.person, name, [one.number for one in (*common, *ours)])
        order = circles_order(common, ours, {number: len(people) for number, people in votes.items()})
        places = {one.number: place for place, one in enumerate(common, start=1)}
        put = {one.number for one in ours}
        entries = self._entries(order, limit, offset)
        before, after = self.catalogue.neighbour_days(first, last)
        return GroupEdition(
            group,
            span,
            key,
            first,
            last,
            [
                GroupEntry(
                    entry.paper,
                    entry.position,
                    len(votes.get(entry.paper.number, ())),
                    actor.person in votes.get(entry.paper.number, ()),
                    places.get(entry.paper.number),
                    entry.paper.number in put,
                )
                for entry in entries
            ],
            len(order),
            offset,
            limit,
            before and span_key(span, date.fromisoformat(before)),
            after and span_key(span, date.fromisoformat(after)),
            edition_note(span, *span_bounds(span, key), entries, now, empty=not order),
            key == latest,
        )

    # From outside.

    def group_figures(self, actor: Actor) -> list[CircleFigures]:
        """For administrators: which groups there are, whose, how large; no name, no word. Raises Forbidden."""
        require(actor, "close group")
        rows = self.catalogue.circle_figures()
        people = self.catalogue.persons([row[1] for row in rows if row[1] is not None])
        return [
            CircleFigures(number, people.get(owner) if owner else None, made, size, end)
            for number, owner, made, size, end in rows
        ]

    def close_group(self, actor: Actor, number: int, reason: str, *, on: bool = True) -> None:
        """Closes a group from outside, or opens it again. Raises Forbidden, NotFound, Conflict.

        What it holds is kept for 30 days. Who ran a group cannot open it again that was closed from outside.
        """
        require(actor, "close group")
        self.catalogue.close_circle(
            actor.person, number, on=on, reason=_text(reason, NOTE, "A reason"), at=self._clock()
        )

    def forget_groups(self) -> int:
        """Forgets the groups whose 30 days are over, and says how many they were. For the schedule."""
        return self.catalogue.forget_circles(before=self._clock() - timedelta(days=KEPT_DAYS))

    def _run(self, actor: Actor, name: str) -> None:
        """Passes who runs a group. The catalogue asks again, in the transaction."""
        require(actor, "read group")
        require(actor, "run group", mine=self.catalogue.circle(actor.person, name).role == "owner")

    def _member(self, actor: Actor, name: str, person: str) -> int:
        """The number of the member of this name; 0 where there is none, which nobody has."""
        everybody = self.members(actor, name).people
        return next((one.person.number for one in everybody if one.person.name == person.casefold()), 0)

    def _shelved(self, rows: Sequence[OnShelf]) -> list[Shelved]:
        """Rows of a shelf with their papers, as far as these are still there."""
        papers = {paper.number: paper for paper in self.catalogue.papers([row.paper for row in rows])}
        people = self.catalogue.persons([row.person for row in rows])
        return [
            Shelved(papers[row.paper], people.get(row.person), row.note, row.at) for row in rows if row.paper in papers
        ]


def _names(shown: str) -> Iterator[str]:
    """Names for addresses: the plain letters of what a group is called, and some drawn by chance."""
    plain = unicodedata.normalize("NFKD", shown).encode("ascii", "ignore").decode().lower()
    words = "-".join("".join(letter if letter.isalnum() else " " for letter in plain).split())[:30].strip("-")
    while True:
        yield f"{words or 'group'}-{''.join(secrets.choice(_LETTERS) for _ in range(_CHANCE))}"


def _line(text: str) -> str:
    """What a group is called: one line, without letters that cannot be seen. Raises Refused."""
    line = shown_name(text)
    if not line:
        raise Refused("A group needs a name.")
    if len(line) > SHOWN:
        raise Refused(f"This name is too long: {len(line):,} characters, where {SHOWN} fit.")
    return line


def _text(text: str, most: int, what: str) -> str:
    """Some lines, without letters that cannot be seen. Raises Refused."""
    lines = "\n".join(shown_name(line) for line in text.splitlines()).strip()
    if len(lines) > most:
        raise Refused(f"{what} is said in {most:,} characters at most; this has {len(lines):,}.")
    return lines
