"""Verbs of standing queries: a search that is saved runs on every new paper, once, at its arrival.

What it means is what the search means where all words must match, and, from a threshold on, what is near in meaning;
what is disliked is taken away (`search.standing`). Whose it is, only they see.

It sees papers that came after it was made, and are of the last 30 days: whoever imports the past tells nobody. A paper
that came without an abstract waits a day for it. A new version or a cross-list of a paper is no new paper.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Self

from broadsheet.catalogue import standing as rows
from broadsheet.catalogue.arrivals import Arrived
from broadsheet.catalogue.codec import stamp
from broadsheet.catalogue.standing import Catch
from broadsheet.errors import Refused, Unfit
from broadsheet.library.opened import Opened
from broadsheet.permissions import require
from broadsheet.search.standing import WORDS_ALONE, Matcher, Split, Wish, asks, split
from broadsheet.types import Actor, Caught, CaughtUp, Hit, Preview, Standing

NEWS = timedelta(days=30)  # a paper of an earlier day is no news, whenever it comes
PATIENCE = timedelta(hours=24)  # that a paper waits for its abstract
UNDO = timedelta(days=30)  # that an end can be undone
LOOKED_AT = 600  # papers of a preview
SHOWN = 10
NEARNESS = (WORDS_ALONE, 0.6, 0.55, 0.5, 0.45, 0.4, 0.35)
"""Thresholds to choose among, the strictest first. Of 1,500 papers of a day those near to a query of two or three words
are, by the shipped encoder: at 0.55 one in 14 days, at 0.5 one in four days, at 0.4 between one and two a day."""
LEAST_NEAR = 0.2
NAME, TEXT, UNLIKE = 120, 2_000, 500  # characters
_BATCH = 1_000  # papers at once
_TRIES = 3


class StandingQueries(Opened):
    """Searches that stand. All that take a number raise NotFound for a query that is not one's own."""

    def read_wish(self, text: str) -> Split:
        """Takes "satellite forest monitoring, not agriculture" apart, as a proposal for who is asked to confirm it."""
        return split(text)

    def stand(
        self,
        actor: Actor,
        text: str,
        *,
        name: str = "",
        unlike_text: str = "",
        like: Sequence[str] = (),
        unlike: Sequence[str] = (),
        near: float = WORDS_ALONE,
    ) -> Standing:
        """Makes a standing query; see `types.Standing`. Papers are named by their keys.

        Raises Unfit, which says what is wrong with each field, NotFound (a paper), Refused (too many), TooMany.
        """
        require(actor, "stand")
        wish = _Asked(text, unlike_text, tuple(like), tuple(unlike), near).checked()
        return self.catalogue.add_standing(
            _account(actor),
            name=_name(name) or called(wish.text, len(wish.like)),
            text=wish.text,
            unlike_text=wish.unlike_text,
            like=wish.like,
            unlike=wish.unlike,
            near=wish.near,
            at=self._clock(),
            spend=self._spend(actor, "stand"),
        )

    def standing_queries(self, actor: Actor, *, ended: bool = False) -> list[Standing]:
        """Those of `actor`, the newest first; with `ended` those among them whose end can still be undone."""
        require(actor, "read mine")
        return self.catalogue.standings(actor.person, ended_since=self._clock() - UNDO if ended else None)

    def standing(self, actor: Actor, number: int) -> Standing:
        """One of one's own."""
        require(actor, "read mine")
        return self.catalogue.standing(actor.person, number)

    def change_standing(
        self,
        actor: Actor,
        number: int,
        *,
        name: str | None = None,
        text: str | None = None,
        unlike_text: str | None = None,
        like: Sequence[str] | None = None,
        unlike: Sequence[str] | None = None,
        near: float | None = None,
        paused: bool | None = None,
    ) -> Standing:
        """Changes what is said and leaves the rest. What was caught stays; papers of before are not looked at again.

        While it is paused it sees nothing, and it does not make up for that. Raises Unfit, NotFound, TooMany.
        """
        require(actor, "stand")
        now = self.catalogue.standing(_account(actor), number)
        wish = _Asked(
            now.text if text is None else text,
            now.unlike_text if unlike_text is None else unlike_text,
            now.like if like is None else tuple(like),
            now.unlike if unlike is None else tuple(unlike),
            now.near if near is None else near,
        ).checked()
        facts = {
            "text": wish.text,
            "unlike_text": wish.unlike_text,
            "like": wish.like,
            "unlike": wish.unlike,
            "near": wish.near,
        }
        if paused is not None:
            since = stamp(self._clock())
            facts |= {"paused": (now.paused or since) if paused else None}
        if name is not None:
            facts |= {"name": _name(name) or called(wish.text, len(wish.like))}
        spend = self._spend(actor, "stand")
        return self.catalogue.revise_standing(actor.person, number, spend=spend, **facts)

    def end_standing(self, actor: Actor, number: int, *, on: bool = True) -> Standing:
        """Ends a standing query. Unless `on`, undoes that, for 30 days; what came meanwhile is not made up for.

        Raises Refused.
        """
        require(actor, "stand")
        found = self.catalogue.standing(_account(actor), number)
        if not on and found.ended and found.ended < stamp(self._clock() - UNDO):
            raise Refused("This ended too long ago to be taken back. Make it again.")
        return self.catalogue.end_standing(actor.person, number, at=self._clock() if on else None)

    def dislike(self, actor: Actor, number: int, key: str, *, on: bool = True) -> Standing:
        """Adds a paper to those whose like is kept away, or takes it out. Raises NotFound, Refused."""
        found = self.standing(actor, number)
        paper = self.catalogue.paper(key).id
        others = tuple(one for one in found.unlike if one != paper)
        return self.change_standing(actor, number, unlike=(*others, paper) if on else others)

    def caught(
        self, actor: Actor, number: int, *, limit: int = 20, before: tuple[str, int] | None = None
    ) -> list[Caught]:
        """What a standing query caught, the latest first, without what is disliked by now.

        `before` is `at` and the paper's number of the last one that was seen.
        """
        require(actor, "read mine")
        found = self.catalogue.caught(actor.person, number, limit=limit, before=before)
        return [Caught(paper, one.standing, one.at, one.score, rows.unpacked(one.why)) for one, paper in found]

    def preview(
        self,
        actor: Actor,
        text: str,
        *,
        unlike_text: str = "",
        like: Sequence[str] = (),
        unlike: Sequence[str] = (),
        near: float = WORDS_ALONE,
    ) -> Preview:
        """What such a query would have caught in the last 30 days. Raises Unfit, NotFound."""
        require(actor, "read mine")
        asked = _Asked(text, unlike_text, tuple(like), tuple(unlike), near).checked()
        likes, dislikes = (tuple(self.catalogue.numbers_of(keys)) for keys in (asked.like, asked.unlike))
        until = self._clock().date()
        since = (until - NEWS).isoformat()
        widest = Wish(0, asked.text, asked.unlike_text, likes, dislikes, min(asked.near, NEARNESS[-1]))
        fits = self._search.matcher().past(widest, since, self.catalogue.papers, most=LOOKED_AT)
        counts = [(least, sum(fit.by_words or (fit.why.cosine or 0.0) >= least for fit in fits)) for least in NEARNESS]
        kept = [fit for fit in fits if fit.by_words or (fit.why.cosine or 0.0) >= asked.near]
        papers = {paper.number: paper for paper in self.catalogue.papers([fit.paper for fit in kept])}
        days = [papers[fit.paper].day or since for fit in kept if fit.paper in papers]
        hits = [Hit(papers[fit.paper], fit.score, fit.why) for fit in kept[:SHOWN] if fit.paper in papers]
        weeks = _weeks(days, date.fromisoformat(since), until)
        cut = len(fits) >= LOOKED_AT
        return Preview(since, until.isoformat(), len(days), weeks, counts, hits, cut)

    # At arrival.

    def is_standing_due(self) -> bool:
        """Whether papers came that the standing queries have not seen. Takes no time."""
        return self.catalogue.has_arrivals()

    def catch_up_standing(self, *, stop: Callable[[], bool] = lambda: False) -> CaughtUp:
        """Lets all standing queries see the papers that came since the last time.

        Each paper is looked at once, whatever happens: cut off anywhere, or done by two at once. Where `stop` says so
        it leaves off, and goes on from there the next time. Raises Damaged, BadSetting, Busy.
        """
        done = CaughtUp()
        with self._catching:
            tries = 0
            while not stop() and tries < _TRIES:
                now = self._clock()
                oldest = (now.date() - NEWS).isoformat()
                batch = self.catalogue.arrivals(oldest=oldest, patience=now - PATIENCE, limit=_BATCH)
                if not (batch.papers or batch.waiting or batch.waited or batch.begun != batch.until):
                    break
                try:
                    catches = list(_catches(self._matcher, batch, stamp(now), stop))
                except InterruptedError:
                    break
                hits = self.catalogue.catch(batch, catches, at=now)
                if hits is None:  # somebody else did it meanwhile
                    tries += 1
                    continue
                done.papers += len(batch.papers)
                done.hits += hits
                done.waiting += len(batch.waiting)
                if not batch.more:
                    break
        return done

    @cached_property
    def _matcher(self) -> Matcher:
        """One for all runs: it remembers what queries mean."""
        return self._search.matcher()

    @cached_property
    def _catching(self) -> threading.Lock:
        return threading.Lock()


def _catches(matcher: Matcher, batch: Arrived, at: str, stop: Callable[[], bool]) -> Iterator[Catch]:
    """What the queries catch of some papers, each of those only that came after it was made."""
    after = {one.number: one.after for one in batch.asked}
    wishes = [Wish(one.number, one.text, one.unlike_text, one.like, one.unlike, one.near) for one in batch.asked]
    for fit in matcher.match(wishes, batch.papers, stop=stop):
        if fit.paper > after[fit.wish]:
            yield Catch(fit.wish, fit.paper, at, fit.score, rows.packed(fit.why))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What somebody asks of a standing query. Papers are named by their keys."""

    text: str
    unlike_text: str
    like: tuple[str, ...]
    unlike: tuple[str, ...]
    near: float

    def checked(self) -> Self:
        """The same, tidied. Raises Unfit with all that is wrong."""
        text, unlike_text = " ".join(self.text.split()), " ".join(self.unlike_text.split())
        words = len(text) <= TEXT and asks(text)
        problems: dict[str, str] = {}
        if len(text) > TEXT:
            problems["text"] = f"This is too long: {TEXT:,} characters at most."
        elif not words and not self.like:
            problems["text"] = "Say what it is to look for, or name papers that it is to be like."
        if len(unlike_text) > UNLIKE:
            problems["unlike_text"] = f"This is too long: {UNLIKE:,} characters at most."
        if not LEAST_NEAR <= self.near <= WORDS_ALONE:
            problems["near"] = f"Say how near, from {LEAST_NEAR} to 1; 1 is words alone."
        elif self.near == WORDS_ALONE and self.like and not words:
            problems["near"] = "Say how near to the papers that it is to be like: there are no words to go by."
        if problems:
            raise Unfit(problems)
        return type(self)(text, unlike_text, _once(self.like), _once(self.unlike), self.near)


def called(text: str, like: int = 0) -> str:
    """What a standing query is called that nobody gave a name."""
    said = text or f"Like {like} paper{'s' if like > 1 else ''}"
    return said if len(said) <= NAME else said[: NAME - 1].rstrip() + "…"


def _name(name: str) -> str:
    name = " ".join(name.split())
    if len(name) > NAME:
        raise Unfit({"name": f"This is too long for a name: {NAME} characters at most."})
    return name


def _account(actor: Actor) -> int:
    if not actor.person:
        raise Refused("The command line has no account of its own. Say for whom: --as NAME.")
    return actor.person


def _once(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key.strip() for key in keys if key.strip()))


def _weeks(days: Sequence[str], since: date, until: date) -> list[tuple[str, int]]:
    """How many of these days are in each week, by its Monday."""
    count = Counter(_monday(date.fromisoformat(day[:10])) for day in days if len(day) >= 10)
    first = _monday(since)
    weeks = ((first + timedelta(weeks=n)) for n in range((_monday(until) - first).days // 7 + 1))
    return [(week.isoformat(), count[week]) for week in weeks]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
