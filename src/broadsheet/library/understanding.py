"""Verbs of understanding a paper: gist, keywords, results, neighbours, and what a language model wrote.

Everything is worked out on the spot, in a few milliseconds, from the title and the abstract; only what a model wrote
is kept. Neighbours need the index.
"""

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, time
from hashlib import blake2b
from typing import Protocol

from broadsheet import tex
from broadsheet.errors import BroadsheetError, Unavailable
from broadsheet.library.searching import Searching
from broadsheet.reading.acronyms import acronyms, method
from broadsheet.reading.results import claims
from broadsheet.reading.sentences import language, sentences
from broadsheet.search.following import day
from broadsheet.types import Gist, Neighbour, Paper, Span, Understood, Written

LOOKED_AT = 24  # papers near in meaning, among which the older and the newer are
NEIGHBOURS = 4  # older, and as many newer
SHARED = 3  # phrases that are named
SHORT = 200  # characters; of a shorter abstract nothing is chosen
WAITING = 400  # papers of the newest days that are looked through for those without a summary
LETTERS = 0.6  # of the characters of prose
_WITHDRAWN = re.compile(
    r"\b(?:paper|article|submission|manuscript|work)\s+(?:has been|was|is)\s+withdrawn\b", re.IGNORECASE
)
log = logging.getLogger("broadsheet")


class Writer(Protocol):
    """A language model, as far as a library needs one."""

    @property
    def name(self) -> str:
        """What the model is called: shown beside what it wrote."""

    def summary(self, title: str, abstract: str) -> str:
        """A paper in one or two sentences. Raises Unavailable (it does not answer), BadSource (only this failed)."""


class Understanding(Searching):
    """What is understood of papers. Everybody may read."""

    def understand(self, key: str, *, near: bool = True) -> Understood:
        """What is understood of a paper; without `near`, all but its neighbours. Raises NotFound."""
        paper = self.catalogue.paper(key)
        title, abstract = tex.plain(paper.title), tex.plain(paper.abstract or "")
        found = Understood(paper.id)
        found.notes = list(_notes(paper, abstract))
        found.method = method(title, abstract)
        found.acronyms = tuple(acronyms(title, abstract))
        found.results = () if _gone(paper, abstract) else tuple(claims(abstract))
        found.keywords, found.gist = self._chosen(paper, title, abstract)
        if near:
            self._neighbours(paper, found)
        return found

    def _chosen(self, paper: Paper, title: str, abstract: str) -> tuple[tuple[str, ...], Gist | None]:
        """Keywords and gist. Without an encoder there are neither, but what a model wrote is there."""
        from broadsheet.reading.gist import gist  # noqa: PLC0415  numpy: when it is used
        from broadsheet.reading.keywords import keywords  # noqa: PLC0415

        written = self.catalogue.written(paper.number)
        known = Gist(written.text, written.model) if written and written.of == _fingerprint(paper) else None
        try:
            prose = abstract if _is_prose(abstract) and not _gone(paper, abstract) else ""
            phrases = tuple(keywords(title, prose, self._search.embed, self._search.rarity))
            text = "" if known or len(prose) < SHORT else gist(title, prose, self._search.embed)
        except BroadsheetError as error:
            log.warning("nothing was chosen from an abstract: %s", error)
            return (), known
        return phrases, known or (Gist(text) if text else None)

    def _neighbours(self, paper: Paper, found: Understood) -> None:
        """The nearest papers of earlier and of later days, and what each shares with this one."""
        hits = self._hits(self._search.like([paper.number], limit=LOOKED_AT))
        own = day(paper) or ""
        phrases = _phrases(paper)
        for hit in hits:
            other = day(hit.paper) or ""
            into = found.older if other < own or not own else found.newer
            if len(into) < NEIGHBOURS:
                into.append(Neighbour(hit.paper, hit.score, self._shared(paper, hit.paper, phrases)))

    def _shared(self, one: Paper, other: Paper, phrases: Sequence[str]) -> str:
        """What two papers share, in a line: phrases, the rarest first; authors; else a category."""
        theirs = frozenset(_phrases(other))
        both = [phrase for phrase in phrases if phrase in theirs]
        rare = dict(zip(both, self._search.rarity(both), strict=True))
        told = [", ".join(sorted(both, key=lambda phrase: -rare[phrase])[:SHARED])] if both else []
        names = {author.name for author in one.authors} & {author.name for author in other.authors}
        if names:
            told.append("by " + ", ".join(sorted(names)[:SHARED]) + (" and others" if len(names) > SHARED else ""))
        if not told:
            told = [code for code in one.categories if code in other.categories][:1]
        return "; ".join(told)

    # What a language model writes.

    def write_summaries(
        self, writer: Writer, *, budget: int, most: int = 20, stop: Callable[[], bool] = lambda: False
    ) -> tuple[int, int]:
        """Lets a model write summaries of the newest papers that have none: how many it wrote, how many failed.

        `budget` is how many it may be asked for in one day (UTC), failures among them. Raises Unavailable where the
        model does not answer.
        """
        now = self._clock()
        midnight = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
        left = min(most, budget - self.catalogue.asked_to_write(since=midnight))
        wrote = failed = 0
        for paper in self._unwritten(writer.name) if left > 0 else ():
            if wrote + failed >= left or stop():
                break
            text, error = "", ""
            try:
                text = writer.summary(tex.plain(paper.title), tex.plain(paper.abstract or ""))
            except Unavailable:
                self._keep(paper, "", writer.name, "It did not answer.", now)
                raise
            except BroadsheetError as problem:
                error = str(problem)
            self._keep(paper, text, writer.name, error, now)
            wrote, failed = wrote + bool(text), failed + (not text)
        return wrote, failed

    def _keep(self, paper: Paper, text: str, model: str, error: str, at: datetime) -> None:
        written = Written(paper.number, text, model, _fingerprint(paper), error)
        self.catalogue.write_down(written, at=at)

    def _unwritten(self, model: str) -> Iterator[Paper]:
        """Papers of the newest editions, in their order, about which this model was not asked as they are now."""
        latest = self.catalogue.latest_day(today=self._clock().date().isoformat())
        if not latest:
            return
        for entry in self.edition(Span.MONTH, latest[:7], limit=WAITING).entries:  # type: ignore[attr-defined]
            paper = entry.paper
            known = self.catalogue.written(paper.number, tried=True)
            asked = known and known.model == model and known.of == _fingerprint(paper)
            if paper.abstract and len(paper.abstract) >= SHORT and not paper.withdrawn and not asked:
                yield paper


def _notes(paper: Paper, abstract: str) -> Iterator[str]:
    """What could not be done, and why."""
    if not abstract:
        if not paper.summary:  # else there is a description to read
            yield "There is no abstract, so nothing was chosen from it."
        return
    if _gone(paper, abstract):
        yield "The paper was withdrawn: no gist and no results were taken from its abstract."
        return
    if not _is_prose(abstract):
        yield "The abstract is more signs and numbers than words: nothing was chosen from it."
        return
    spoken = language(abstract)
    if spoken not in ("English", ""):
        yield f"The abstract is in {spoken}: results are looked for in English alone, and keywords may be rough."
    if len(abstract) < SHORT:
        single = len(sentences(abstract)) == 1 and abstract.rstrip().endswith((".", "!", "?"))
        yield f"The abstract is {'a single sentence' if single else 'very short'}: it is its own gist."


def _gone(paper: Paper, abstract: str) -> bool:
    return paper.withdrawn or bool(_WITHDRAWN.search(abstract[:300]))


def _is_prose(abstract: str) -> bool:
    """Whether it is more words than signs and numbers."""
    letters = sum(map(str.isalpha, abstract))
    return letters >= LETTERS * len(abstract.replace(" ", ""))


def _phrases(paper: Paper) -> list[str]:
    """The terms in a paper that may be shared with another."""
    from broadsheet.reading.keywords import candidates  # noqa: PLC0415  numpy: when it is used
    from broadsheet.reading.phrases import known  # noqa: PLC0415

    found = candidates(tex.plain(paper.title), tex.plain(paper.abstract or ""))
    usual = known().usual
    return [
        one.text if one.text != one.text.title() else one.text.lower()
        for one in found
        if one.key in usual and " " in one.key
    ]


def _fingerprint(paper: Paper) -> str:
    """What a summary is of: another abstract needs another one."""
    return blake2b(f"{paper.title}\n{paper.abstract}".encode("utf-8", "replace"), digest_size=12).hexdigest()
