"""Verbs of what suits one person: new papers by what they voted for, follow and keep (`ranking.personal`)."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from broadsheet import tex
from broadsheet.catalogue.choices import Chosen
from broadsheet.errors import BroadsheetError
from broadsheet.library.rising import Rising
from broadsheet.permissions import require
from broadsheet.types import Actor, Hit, Paper, Why

RECENT = 14  # days whose papers are looked at
MOST_CHOSEN, MOST_CANDIDATES = 200, 5_000
SAMPLE = 500  # papers from the whole index, for what is usual
DEEPEST = 200
TITLE = 90  # characters of a title in a reason
_HOW = {"voted": "which you voted for", "follows": "which you follow", "keeps": "which you keep on a shelf"}


class Personal(Rising):
    """What suits somebody. Nobody else sees it."""

    def for_me(self, actor: Actor, *, limit: int = 20, offset: int = 0) -> list[Hit]:
        """The papers of two weeks that suit somebody best, each with the reason, 200 at most.

        None of them did they choose before. While they have chosen nothing, or the index knows nothing of what they
        chose, it is what trends. Raises SignInNeeded.
        """
        require(actor, "read mine")
        chosen = self._chosen_by(actor)
        stretch = slice(offset, min(offset + limit, DEEPEST))
        found = self._suiting(chosen) if chosen else []
        if found:
            return self._with_papers(found[stretch], chosen)
        entries = self.trending_first(limit=max(0, stretch.stop - offset), offset=offset)
        return [Hit(entry.paper, 0.0, Why(said="from the newest editions")) for entry in entries]

    def choices(self, actor: Actor) -> int:
        """How many papers somebody chose by which `for_me` knows what suits them, 200 at most."""
        require(actor, "read mine")
        return len(self._chosen_by(actor))

    def _chosen_by(self, actor: Actor) -> list[Chosen]:
        return self.catalogue.chosen_by(actor.person, limit=MOST_CHOSEN) if actor.person else []

    def _suiting(self, chosen: Sequence[Chosen]) -> list["_Suiting"]:
        """What suits who chose these, the best first. Nothing while the index has no vectors."""
        today = self._clock().date()
        latest = self.catalogue.latest_day(today=today.isoformat())
        if not latest:
            return []
        first = date.fromisoformat(latest) - timedelta(days=RECENT - 1)
        places = self.catalogue.candidates(first.isoformat(), latest, categories=self.rules.categories)
        places.sort(key=lambda one: (one.day, one.key), reverse=True)
        known = {one.paper for one in chosen}
        new = [one for one in places if one.number not in known][:MOST_CANDIDATES]
        try:
            return self._ordered(chosen, [one.number for one in new], [_days(one.day, latest) for one in new])
        except BroadsheetError:  # no encoder, or vectors that are just being made: then it is what trends
            return []

    def _ordered(self, chosen: Sequence[Chosen], new: Sequence[int], ages: Sequence[float]) -> list["_Suiting"]:
        import numpy as np  # noqa: PLC0415  when it is used

        from broadsheet.ranking.personal import personal_order, suited  # noqa: PLC0415

        meaning, now = self._search.meaning, self._clock().astimezone(UTC)
        every = meaning.numbers()
        mine, theirs = (np.array(numbers, dtype=np.uint32) for numbers in ([one.paper for one in chosen], new))
        liked, candidates = meaning.vectors_of(mine), meaning.vectors_of(theirs)
        others = meaning.vectors_of(every[:: max(1, len(every) // SAMPLE)])
        there, here = liked.any(axis=1), candidates.any(axis=1)
        if not (there.any() and here.any()):
            return []
        chosen_ages = np.array([_since(one.at, now) for one in chosen])[there]
        candidates, ages_here, numbers = candidates[here], np.array(ages)[here], theirs[here]
        found = suited(liked[there], chosen_ages, others, candidates)
        order, worth = personal_order(found.scores, ages_here, candidates, first=DEEPEST)
        rows = np.flatnonzero(there)
        return [
            _Suiting(int(numbers[row]), float(worth[row]), int(rows[found.nearest[row]]), float(found.cosines[row]))
            for row in order[:DEEPEST]
        ]

    def _with_papers(self, found: Sequence["_Suiting"], chosen: Sequence[Chosen]) -> list[Hit]:
        like = [chosen[one.like] for one in found]
        papers = self._by_number([*(one.number for one in found), *(one.paper for one in like)])
        return [
            Hit(papers[one.number], one.worth, _why(one, other, papers.get(other.paper)))
            for one, other in zip(found, like, strict=True)
            if one.number in papers
        ]


class _Suiting(NamedTuple):
    """A paper that suits somebody: its number, what it is worth, and the chosen one that it is nearest to, by place."""

    number: int
    worth: float
    like: int
    cosine: float


def _why(one: _Suiting, other: Chosen, paper: Paper | None) -> Why:
    title = f"“{_short(tex.plain(paper.title))}”, " if paper else "a paper "
    said = f"like {title}{_HOW[other.how]}"
    return Why({"suits": round(one.worth, 3)}, (), round(one.cosine, 3), said)


def _short(title: str) -> str:
    return title if len(title) <= TITLE else f"{title[: TITLE - 1].rstrip()}…"


def _days(first: str, last: str) -> float:
    return float((date.fromisoformat(last) - date.fromisoformat(first)).days)


def _since(at: str, now: datetime) -> float:
    """How many days ago something was written down."""
    return (now - datetime.fromisoformat(at).astimezone(UTC)) / timedelta(days=1)
