"""Where an OAI-PMH harvest stands, as text: enough to go on after a kill, and to begin the next run.

Pure: it takes what a page said and decides what to ask next. Two things can go wrong between pages. A token dies
(arXiv's do at midnight UTC): the harvest then goes back to the newest datestamp seen, where the server lists records
by datestamp as arXiv does, else to where the run began. And a record that is edited while we page moves to the end of
arXiv's list, which shifts the pages: the next run begins a day before this one did.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from types import MappingProxyType
from typing import Self

from broadsheet.errors import Unavailable

MOST_RESTARTS = 10  # without getting any further


@dataclass(slots=True)
class Cursor:
    """`next`: set -> the day its next run begins at. `todo`: the sets of the run under way, the current one first.

    The rest is of the current set: the days asked for, the token to go on with, the newest datestamp `seen`, the
    server's day when it was begun, whether datestamps came in `order` so far, how often it went back without getting
    further, and how often an empty page said that this is the end.
    """

    next: dict[str, str] = field(default_factory=dict)
    todo: list[str] = field(default_factory=list)
    start: str | None = None
    until: str | None = None
    token: str | None = None
    seen: str | None = None
    began: str | None = None
    order: bool = True
    restarts: int = 0
    doubts: int = 0

    @classmethod
    def of(cls, text: str) -> Self:
        """What `text` wrote; the beginning where it is something else, which costs time and loses nothing."""
        try:
            values = json.loads(text)
        except (ValueError, RecursionError):
            return cls()
        return cls(**values) if _sound(values) else cls()

    def text(self) -> str:
        """As JSON, without what is as at the beginning."""
        usual = asdict(type(self)())
        return json.dumps({name: value for name, value in asdict(self).items() if value != usual[name]})

    def begin(self, sets: list[str], since: str | None, until: str | None, today: str) -> None:
        """A new run over these sets, each from where its last run left it, and never before `since`."""
        self.todo = list(sets)
        self.until = until if until is not None and until < today else None  # arXiv refuses days that are to come
        self._open(since)

    def parameters(self, prefix: str) -> dict[str, str]:
        """What to ask next. A token stands for all the rest, and must come alone."""
        asked = {"verb": "ListRecords"}
        if self.token is not None:
            return asked | {"resumptionToken": self.token}
        rest = {"metadataPrefix": prefix, "from": self.start, "until": self.until, "set": self.todo[0]}
        return asked | {name: value for name, value in rest.items() if value}

    def took(self, datestamps: list[str], token: str | None, day: str, *, since: str | None) -> None:
        """A page came, with the datestamps of its records and the token of the next one, on the server's `day`."""
        self.began = self.began or day
        for stamp in datestamps:
            if self.seen is None or stamp > self.seen:
                self.seen, self.restarts, self.doubts = stamp, 0, 0
            elif stamp < self.seen:
                self.order = False
        self.token = token
        if token is None:
            self.finish(day, since=since)

    def finish(self, day: str, *, since: str | None) -> None:
        """The current set is done: its next run begins a day before this one did."""
        done = self.todo.pop(0)
        overlap = (date.fromisoformat(self.began or day) - timedelta(days=1)).isoformat()
        self.next[done] = max(self.next.get(done, ""), min(overlap, self.until or overlap))
        self._open(since)

    def restart(self, *, by_datestamp: bool) -> str | None:
        """Drops the token; the day from which it goes on (None: from the first record).

        `by_datestamp`: this server lists records by datestamp. Raises Unavailable where this leads nowhere.
        """
        self.restarts += 1
        if self.restarts > MOST_RESTARTS:
            raise Unavailable(
                f"The server refused its own resumption tokens {MOST_RESTARTS} times in one place; try again later."
            )
        self.token = None
        if by_datestamp and self.order and self.seen is not None:
            self.start = self.seen
        return self.start

    def _open(self, since: str | None) -> None:
        """Makes ready for the first of `todo`, if there is one left."""
        self.token = self.seen = self.began = self.start = None
        self.order, self.restarts, self.doubts = True, 0, 0
        if self.todo:
            self.start = max(filter(None, (self.next.get(self.todo[0]), since)), default=None)
        else:
            self.until = None


def _sound(values: object) -> bool:
    """Whether these are the fields of a cursor, as `text` writes them."""
    return isinstance(values, dict) and all(name in _CHECKS and _CHECKS[name](one) for name, one in values.items())


def _is_day(value: object) -> bool:
    try:
        return isinstance(value, str) and len(value) == len("2026-11-20") and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and value >= 0


_CHECKS: Mapping[str, Callable[[object], bool]] = MappingProxyType(
    {
        "next": lambda one: isinstance(one, dict) and all(map(_is_day, one.values())),
        "todo": lambda one: isinstance(one, list) and all(map(_is_text, one)),
        "start": _is_day,
        "until": _is_day,
        "token": _is_text,
        "seen": _is_text,  # the server's word, whatever it is
        "began": _is_day,
        "order": lambda one: isinstance(one, bool),
        "restarts": _is_count,
        "doubts": _is_count,
    }
)
