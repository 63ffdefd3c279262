"""The automatic editor's order of each day: decided by `ranking.editor`, kept in the catalogue.

A day is ordered again when its papers change or a new editor comes, the newest days first. The authors' record is
what this catalogue's own editions listed before that day, never after it: an order can be made again at any time.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from broadsheet import ids
from broadsheet.catalogue import Catalogue
from broadsheet.permissions import require
from broadsheet.ranking.editor import Editor, arrange
from broadsheet.types import OWNER, Actor, Paper, Pick

PicksProgress = Callable[[int, int], None]
AT_ONCE = 200  # days whose turn is looked up in one go


def pick_editions(
    catalogue: Catalogue,
    *,
    now: Callable[[], datetime],
    categories: Sequence[str] = (),
    progress: PicksProgress | None = None,
    stop: Callable[[], bool] = lambda: False,
    actor: Actor = OWNER,
) -> int:
    """Orders every day that needs it, and says how many that were. `stop` is asked between days.

    `categories` are those of the editions; none means all papers. `progress` gets the days done and found so far.
    Raises Forbidden, Busy, StorageFull, and Damaged where the editor's own file is not what it should be.
    """
    require(actor, "jobs")
    editor, done = Editor.load(), 0
    # Another choice of categories is another page, and is ordered anew.
    model = f"{editor.name}:{','.join(sorted(categories))}" if categories else editor.name
    record = TrackRecord(catalogue.listed_authors())
    while days := catalogue.days_to_pick(model, limit=AT_ONCE):
        for number, day in enumerate(days, start=1):
            if stop():
                return done
            sequence = catalogue.last_change()
            numbers = [one.number for one in catalogue.candidates(day, day, categories=categories)]
            picks = order(editor, catalogue.papers(numbers), record, day)
            catalogue.put_picks(day, picks, model=model, at=now(), sequence=sequence)
            done += 1
            if progress is not None:
                progress(done, done + len(days) - number)
    return done


def order(editor: Editor, papers: Sequence[Paper], record: "TrackRecord", day: str) -> list[Pick]:
    """The papers of one day in the editor's order."""
    if not papers:
        return []
    appraisal = editor.appraise(papers, record=record.before(day, papers))
    return [
        Pick(papers[index].number, place, float(appraisal.scores[index]), appraisal.reasons[index])
        for place, index in enumerate(arrange(appraisal.scores, appraisal.vectors), start=1)
    ]


class TrackRecord:
    """How often editions listed an author, as of any day. Made of (day, names of the authors) of each listing."""

    def __init__(self, listings: Iterable[tuple[str, Sequence[str]]]) -> None:
        self._days: dict[str, list[str]] = {}
        for day, names in sorted(listings):
            for key in {ids.author_key(name) for name in names}:
                self._days.setdefault(key, []).append(day)

    def before(self, day: str, papers: Iterable[Paper]) -> Mapping[str, float]:
        """The counts of these papers' authors, of the days before this one."""
        keys = {ids.author_key(author.name) for paper in papers for author in paper.authors}
        return {key: float(bisect_left(self._days[key], day)) for key in keys if key in self._days}
