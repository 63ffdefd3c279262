"""What an address asks of a feed. What cannot be used is passed over: a reader of feeds shows nobody a complaint."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from starlette.datastructures import QueryParams
from starlette.requests import Request

from broadsheet import ids
from broadsheet.feeds.shapes import Turn
from broadsheet.library import Library
from broadsheet.types import ANYONE, Actor, Visitor

ENTRIES, MOST = 50, 200
DEEPEST = 1_000  # results of a search that can be paged through, as on pages
_PAGES = 100_000
_CATEGORIES, _AUTHORS = 20, 5
_KEY = 600  # characters


@dataclass(frozen=True, slots=True)
class Asked:
    """A question for a feed: what the address says after the question mark and in its path, who asks, and when."""

    now: datetime
    query: QueryParams = field(default_factory=QueryParams)
    parts: Mapping[str, Any] = field(default_factory=dict)
    visitor: Actor = ANYONE

    @classmethod
    def of(cls, request: Request, now: datetime) -> Self:
        """What a request asks."""
        found = request.scope.get("visitor")
        return cls(
            now, request.query_params, request.path_params, found.actor if isinstance(found, Visitor) else ANYONE
        )

    @property
    def today(self) -> str:
        """The beginning of the day: an empty list is no news, but was looked at today."""
        return f"{self.now.date().isoformat()}T00:00:00Z"

    def given(self, name: str) -> str:
        """A field of the address, in one line."""
        return " ".join(self.query.get(name, "").split())

    def part(self, name: str) -> str:
        """A part of the path; "" for one that is not there."""
        return str(self.parts.get(name, ""))

    @property
    def limit(self) -> int:
        """How many entries are wanted."""
        return min(max(self._number("limit", ENTRIES), 1), MOST)

    @property
    def page(self) -> int:
        """Which page of them, from 1."""
        return min(max(self._number("page", 1), 1), _PAGES)

    @property
    def offset(self) -> int:
        """How many entries come before this page."""
        return (self.page - 1) * self.limit

    @property
    def before(self) -> int | None:
        """The number of the last one of the stretch before, in lists that go on by number."""
        return self._number("before", 0) or None

    @property
    def before_caught(self) -> tuple[str, int] | None:
        """The same in what a standing query caught, which goes on by an instant and a number."""
        at, _, number = self.given("before").partition("~")
        moment = ids.instant(at) if number.isascii() and number.isdigit() and len(number) < 17 else None
        return (at, int(number)) if moment else None

    @property
    def usual(self) -> dict[str, str]:
        """The fields that all pages of this feed have in common."""
        return {"limit": str(self.limit)} if self.limit != ENTRIES else {}

    def actor(self, library: Library, kind: str, value: str = "") -> tuple[Actor, dict[str, str]]:
        """Who asks for a feed that is not everybody's, and the fields that its address goes on with.

        By the key in the address; without one, whoever is signed in. Raises Forbidden.
        """
        if key := self.query.get("key", ""):
            return library.feed_actor(key[:_KEY], kind, value), {"key": key}
        return self.visitor, {}

    def turns(self, path: str, fields: Mapping[str, str], total: int) -> list[Turn]:
        """The documents of a list of which a page is one."""
        pages = max(1, -(-total // self.limit))
        if pages == 1 and self.page == 1:
            return []
        return [
            Turn("first", path, self.at(fields, 1)),
            *([Turn("previous", path, self.at(fields, min(self.page - 1, pages)))] if self.page > 1 else []),
            *([Turn("next", path, self.at(fields, self.page + 1))] if self.page < pages else []),
            Turn("last", path, self.at(fields, pages)),
        ]

    def at(self, fields: Mapping[str, str], page: int) -> dict[str, str]:
        """The fields of a page's address."""
        return {**fields, **({"page": str(page)} if page > 1 else {})}

    def onwards(self, path: str, fields: Mapping[str, str], last: int | str | None) -> list[Turn]:
        """The documents of a list that goes on after the one with the number `last`; None: it ends here."""
        first = [Turn("first", path, fields)] if self.before or self.before_caught else []
        return [*first, *([Turn("next", path, {**fields, "before": str(last)})] if last else [])]

    def categories(self) -> tuple[str, ...]:
        """The categories that are named."""
        words = " ".join(self.query.getlist("category")).replace(",", " ").split()
        return tuple(dict.fromkeys(filter(None, map(ids.category, words[:_CATEGORIES]))))

    def authors(self) -> tuple[str, ...]:
        """The authors who are named."""
        names = ";".join(self.query.getlist("author")).split(";")
        return tuple(name.strip()[:100] for name in names if name.strip())[:_AUTHORS]

    def words(self, name: str, known: Sequence[str]) -> tuple[str, ...]:
        """Those of some known words that a field names, in their order."""
        found = {word.strip().lower() for one in self.query.getlist(name) for word in one.split(",")}
        return tuple(word for word in known if word in found)

    def date(self, name: str) -> str | None:
        """A date, whole or partial."""
        text = self.given(name)[:40]
        return ids.iso_date(text) if text else None

    def _number(self, name: str, otherwise: int) -> int:
        text = self.query.get(name, "").strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) < 17 else otherwise
