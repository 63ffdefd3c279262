"""Whatever is put, joined and split, in any order: the catalogue agrees with itself after every step."""

import contextlib

from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.catalogue import Catalogue
from broadsheet.errors import Conflict, NotFound
from broadsheet.types import Record
from tests.catalogue.conftest import QUICK, Fresh
from tests.catalogue.test_papers import LATER, RECORDS
from tests.conftest import NOW

Step = list[Record] | tuple[int, int] | int
STEPS = st.lists(
    st.lists(RECORDS, max_size=4) | st.tuples(st.integers(0, 9), st.integers(0, 9)) | st.integers(1, 3), max_size=8
)


@settings(max_examples=30, deadline=None, phases=QUICK)
@given(STEPS)
def test_the_catalogue_agrees_with_itself_after_every_step(fresh: Fresh, steps: list[Step]) -> None:
    """A list of records is put (and put again, which changes nothing), a pair is joined, a number is split."""
    catalogue = fresh()
    for step in steps:
        with contextlib.suppress(Conflict, NotFound):
            take(catalogue, step)
        assert [finding for finding in catalogue.verify(full=True) if finding.level != "ok"] == []
        changes = catalogue.changes(0, 1000)
        alive = catalogue.papers([change.number for change in changes if not change.gone])
        assert len(alive) == catalogue.count() == len([change for change in changes if not change.gone])
        assert catalogue.papers([change.number for change in changes if change.gone]) == []
        assert [catalogue.paper(paper.id) for paper in alive] == alive


def take(catalogue: Catalogue, step: Step) -> None:
    """One step, with what must follow from it alone."""
    if isinstance(step, list):
        catalogue.put(step, at=NOW)
        assert {outcome.state for outcome in catalogue.put(step, at=LATER)} <= {"unchanged"}
    elif isinstance(step, int):
        before = catalogue.count()
        catalogue.split(step, at=NOW)
        assert catalogue.count() == before + 1
    elif papers := catalogue.papers([change.number for change in catalogue.changes(0, 1000)]):
        one, other = (papers[place % len(papers)] for place in step)
        catalogue.merge(one.id, other.id, reason="by hand", at=NOW)
        assert catalogue.paper(other.id).number == catalogue.paper(one.id).number == one.number
