"""Submissions: papers that people put into an edition, by any name; one that is not here yet is fetched."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from broadsheet import ids, markup
from broadsheet.catalogue.submissions import Words
from broadsheet.errors import NotFound, Refused, Unavailable
from broadsheet.library.talking.speaking import Speaking, reason, words
from broadsheet.permissions import require
from broadsheet.types import ANYONE, Actor, Identifier, Paper, Submission

PATIENCE = timedelta(days=7)  # that a paper is waited for: arXiv may hold one back for days after it has an id
_LONGEST = 500  # characters of a name


class Submitting(Speaking):
    """Submissions."""

    def submit(self, actor: Actor, named: str, *, comment: str = "", group: str = "") -> Submission:
        """Puts a paper into the open edition: by arXiv id, DOI, any other identifier, or an address with one of these.

        Submitted once more it gets a vote. A paper that is not here is fetched where `fetch` was given to `open`; while
        it cannot be had the submission waits. Raises Refused for what names no paper.
        """
        who = self._speaker(actor, "submit", group)
        said = words(comment)
        if said.text:
            require(actor, "comment")
        names = self._names(named)
        number, again = self.catalogue.submit(
            who,
            names,
            fetched=_fetchable(names),
            said=said,
            group=group,
            at=self._clock(),
            spend=self._spend(actor, "submit"),
        )
        row = self.catalogue.submission(number)
        if row.state == "waiting" and not again:
            self._ask_for(row, said, tell=False)
            row = self.catalogue.submission(number)
        return self._submissions([row], again=again)[0]

    def bring(self, actor: Actor, named: str) -> Paper | None:
        """Has a paper here, without putting it into an edition; fetched where it is not. None where it cannot be had.

        Counts as a submission does. Raises Refused for what names no paper, and Unavailable.
        """
        self._speaker(actor, "submit")
        names = self._names(named)
        if here := next((one.value for one in names if one.scheme == "key"), None):
            return self.catalogue.paper(here)
        asked = _fetchable(names)
        if asked is None or self._fetch is None:
            return None
        self.catalogue.spend(self._spend(actor, "submit"))
        return self.catalogue.paper(f"{asked.scheme}:{asked.value}") if self._fetch(self, asked) else None

    def submissions(
        self,
        *,
        actor: Actor = ANYONE,
        day: str | None = None,
        person: str = "",
        group: str = "",
        limit: int = 20,
        before: int | None = None,
    ) -> list[Submission]:
        """Submissions, the newest first: of an edition's day, or of a person.

        One's own are also those that wait or came to nothing. `before` is the number of the last one before this
        stretch. Raises NotFound.
        """
        mine = actor.person != 0 and person == actor.name
        who = self._reader(actor, group)
        rows = self.catalogue.submissions(
            who, group=group, day=day, person=person, mine=mine, limit=limit, before=before
        )
        return self._submissions(rows)

    def withdraw_submission(self, actor: Actor, number: int, why: str = "") -> None:
        """Takes a submission out of its edition: one's own, or as a moderator with a reason. Raises NotFound."""
        row = self.catalogue.submission(number)
        mine = actor.person != 0 and row.person == actor.person
        if row.circle and not self.catalogue.in_circle(actor.person, row.circle):
            raise NotFound(f"There is no submission {number}.")
        require(actor, "submit" if mine else "moderate", mine=mine)
        said = "" if mine else reason(why)
        self.catalogue.withdraw_submission(number, by=actor.person, mine=mine, reason=said, at=self._clock())

    def take_in_submissions(self) -> int:
        """Lists the submissions whose papers came, asks for the others, and gives up those that waited for a week.

        Returns how many were listed. A job does this.
        """
        listed = 0
        for row in self.catalogue.waiting_submissions():
            said = Words(row.comment, markup.mentions(row.comment))
            came = self.catalogue.arrived(row.number, said, at=self._clock(), tell=True)
            listed += came or self._ask_for(row, said, tell=True)
        return listed

    def _ask_for(self, row: Any, said: Words, *, tell: bool) -> bool:
        """Asks those who may have a paper that is waited for. Whether it came."""
        note = "It will be asked for soon."
        if self._fetch is not None:
            try:
                came = self._fetch(self, Identifier(row.scheme, row.value))
                note = f"{'arXiv' if row.scheme == 'arxiv' else 'Crossref'} does not know it, or not yet."
            except Unavailable as error:
                came, note = False, str(error)
            if came and self.catalogue.arrived(row.number, said, at=self._clock(), tell=tell):
                return True
        if self._clock() - datetime.fromisoformat(row.at) > PATIENCE:
            note = f"Given up after {PATIENCE.days} days. {note}"
            self.catalogue.give_up(row.number, note, at=self._clock())
        else:
            self.catalogue.tried(row.number, note)
        return False

    def _names(self, named: str) -> tuple[Identifier, ...]:
        """What a text names. Raises Refused."""
        text = named.strip()
        found = ids.identifiers(text) if len(text) <= _LONGEST else ()
        try:
            here = (Identifier("key", self.catalogue.paper(text).id),) if 0 < len(text) <= _LONGEST else ()
        except NotFound:
            here = ()
        if not found and not here:
            shown = f"“{text[:60]}…”" if len(text) > 60 else f"“{text}”"
            raise Refused(
                f"{shown if text else 'This'} names no paper. Give an arXiv id (2406.09519), a DOI (10.1000/x), or the"
                " address of its page at arXiv, Hugging Face or its publisher's doi.org."
            )
        month = next((ids.arxiv_month(value) for scheme, value in found if scheme == "arxiv"), "")
        if not here and month > self._clock().date().isoformat()[:7]:
            raise Refused(f"arXiv has no {found[0].value}: that would be a paper of {month}, which is yet to come.")
        return (*found, *here)

    def _submissions(self, rows: Sequence[Any], *, again: bool = False) -> list[Submission]:
        papers = self._papers_of({row.paper for row in rows})
        people = self._people({row.person for row in rows})
        groups = self.catalogue.group_names({row.circle for row in rows})
        return [
            Submission(
                number=row.number,
                paper=papers.get(row.paper),
                named=row.value if row.scheme in ("arxiv", "key") else f"{row.scheme}:{row.value}",
                by=people.get(row.person),
                day=row.day,
                at=row.at,
                state=row.state,
                note=row.note,
                again=again,
                circle=groups.get(row.circle, ""),
            )
            for row in rows
        ]


def _fetchable(names: Iterable[Identifier]) -> Identifier | None:
    """The name by which somebody can be asked for a paper: arXiv's, or a DOI; the ACL Anthology's ids are DOIs too."""
    known = {one.scheme: one for one in reversed(tuple(names))}
    if "acl" in known and "doi" not in known:
        return Identifier("doi", f"10.18653/v1/{known['acl'].value}")
    return known.get("arxiv") or known.get("doi")
