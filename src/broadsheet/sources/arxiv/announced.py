"""What listings and feeds have in common: asked category by category, they name papers and how each stands there."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from typing import Any, ClassVar, Protocol, TypeVar

from broadsheet import ids
from broadsheet.errors import BadRecord, BadSource, Refused
from broadsheet.sources.live import Batch, Request
from broadsheet.sources.text import short
from broadsheet.types import Announced, Announcement, Record

_RANK = (Announced.NEW, Announced.CROSS, Announced.REPLACE, Announced.REPLACE_CROSS)


class Named(Protocol):
    """An entry: which paper, and how it stands there."""

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> Announced: ...


class State(Protocol):
    """What is remembered of a category between two runs: a dataclass of what JSON can hold, with a beginning."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


N = TypeVar("N", bound=Named)
S = TypeVar("S", bound=State)


def each_category(
    cursor: str, request: Request, state: Callable[..., S], ask: Callable[[str, S], Iterable[Batch]]
) -> Iterator[Batch]:
    """The batches of all categories of a request, and a last one; the cursor holds the states of the categories.

    `ask` moves the state of its category on before each batch. A category that cannot be read does not hold up the
    others: its BadSource is raised at the end. A cursor that is none is the beginning. Raises Refused where no
    category is asked for.
    """
    if not request.categories:
        raise Refused("This source is asked category by category: say which ones, as in --categories cs.LG,cs.CL.")
    states = _read(cursor, state)
    categories = {wanted: ids.category(wanted) for wanted in request.categories}
    failed = [f"{short(wanted)} is no category of arXiv." for wanted, code in categories.items() if code is None]
    for category in dict.fromkeys(filter(None, categories.values())):
        try:
            for batch in ask(category, states.setdefault(category, state())):
                batch.cursor = _written(states)
                yield batch
        except BadSource as error:
            failed.append(str(error))
    if failed:
        raise BadSource(" ".join(failed))
    yield Batch((), _written(states), done=True)


def announcement(
    source: str, day: str, category: str, entries: Iterable[Named], *, expected: int | None
) -> Announcement:
    """What entries announce. A paper that stands there twice counts once, as the newer thing."""
    kinds: dict[str, Announced] = {}
    for entry in sorted(entries, key=lambda one: _RANK.index(one.kind)):
        kinds.setdefault(entry.id, entry.kind)
    return Announcement(day, category, source, tuple(kinds.items()), expected)


def records(entries: Iterable[N], make: Callable[[N, str], Record]) -> list[Record | BadRecord]:
    """The records of entries; `make` is given each and its key.

    A cross-list has a key of its own, because it may come days or years after what was said when the paper was new,
    which must stay. Replacements are left out: OAI-PMH brings what changed.
    """
    found: list[Record | BadRecord] = []
    for entry in entries:
        if entry.kind in {Announced.NEW, Announced.CROSS}:
            try:
                found.append(make(entry, entry.id if entry.kind is Announced.NEW else f"{entry.id}:cross"))
            except BadRecord as error:
                found.append(BadRecord(f"{entry.id}: {error.reason}"))
    return found


def _read(cursor: str, state: Callable[..., S]) -> dict[str, S]:
    try:
        return {category: state(**kept) for category, kept in json.loads(cursor or "{}").items()}
    except (ValueError, TypeError, AttributeError):
        return {}


def _written(states: dict[str, S]) -> str:
    return json.dumps({category: asdict(state) for category, state in sorted(states.items())})
