"""Whatever is put, joined and split, in any order: the catalogue agrees with itself after every step."""

import contextlib

from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.catalogue import Catalogue
from broadsheet.errors import Conflict, NotFound
from broadsheet.types import Deletion, Paper, Pick, Record
from tests.catalogue.conftest import QUICK, Fresh
from tests.catalogue.test_papers import LATER, RECORDS
from tests.conftest import NOW

Step = list[Record | Deletion] | tuple[int, int] | int
DELETIONS = RECORDS.map(lambda one: Deletion(one.source, one.source_key))
STEPS = st.lists(
    st.lists(RECORDS | DELETIONS, max_size=4) | st.tuples(st.integers(0, 9), st.integers(0, 9)) | st.integers(1, 3),
    max_size=8,
)


@settings(max_examples=30, phases=QUICK)
@given(STEPS)
def test_the_catalogue_agrees_with_itself_after_every_step(fresh: Fresh, steps: list[Step]) -> None:
    """A list is put (and put again, which changes nothing), a pair is joined, a number is split.

    The editor orders every day that needs it after each step, and a source is asked about every paper.
    """
    catalogue = fresh()
    for step in steps:
        with contextlib.suppress(Conflict, NotFound):
            take(catalogue, step)
        assert [finding for finding in catalogue.verify(full=True) if finding.level != "ok"] == []
        changes = catalogue.changes(0, 1000)
        alive = catalogue.papers([change.number for change in changes if not change.gone])
        assert len(alive) == catalogue.count() == len([change for change in changes if not change.gone])
        assert not any(paper.deleted for paper in alive)
        gone = catalogue.papers([change.number for change in changes if change.gone])
        assert all(paper.deleted for paper in gone)
        assert [catalogue.paper(paper.id) for paper in [*alive, *gone]] == [*alive, *gone]
        follow(catalogue)


def follow(catalogue: Catalogue) -> None:
    """What comes after papers: orders, look-ups, events. None of it is ever of a paper that is not there."""
    for day in catalogue.days_to_pick("m", limit=99):
        order = [one.number for one in catalogue.candidates(day, day)]
        catalogue.put_picks(day, [Pick(number, n, 0.5) for n, number in enumerate(order, 1)], model="m", at=NOW)
    assert catalogue.days_to_pick("m", limit=1) == []
    due = catalogue.due("openalex", limit=99, now=NOW, older_than_days=0)
    catalogue.looked_up("openalex", due, at=NOW)
    for event in catalogue.events_after(0, 999):
        assert event in catalogue.events(event.paper)


def take(catalogue: Catalogue, step: Step) -> None:
    """One step, with what must follow from it alone."""
    if isinstance(step, list):
        catalogue.put(step, at=NOW)
        happened = catalogue.events_after(0, 999)
        assert {outcome.state for outcome in catalogue.put(step, at=LATER)} <= {"unchanged"}
        assert catalogue.events_after(0, 999) == happened
    elif isinstance(step, int):
        before = len(every(catalogue))
        catalogue.split(step, at=NOW)
        assert len(every(catalogue)) == before + 1
    elif papers := every(catalogue):
        one, other = (papers[place % len(papers)] for place in step)
        catalogue.merge(one.id, other.id, reason="by hand", at=NOW)
        assert catalogue.paper(other.id).number == catalogue.paper(one.id).number == one.number


def every(catalogue: Catalogue) -> list[Paper]:
    """All papers, deleted ones too."""
    return catalogue.papers([change.number for change in catalogue.changes(0, 1000)])
