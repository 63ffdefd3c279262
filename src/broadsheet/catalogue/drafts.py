"""Papers being worked on, and what is done to them: the values that a `Resolution` keeps."""

from dataclasses import dataclass, field

from broadsheet.catalogue.identity import all_identifiers
from broadsheet.catalogue.merge import Statement, merge
from broadsheet.types import Identifier, Paper


@dataclass(slots=True, eq=False)
class Draft:
    """A paper being worked on. `stored_key`: what the catalogue calls it; `into`: the paper it was joined to.

    `before` are the statements that the catalogue holds of it, as they were.
    """

    number: int
    stored_key: str = ""
    key: str = ""
    title_key: str = ""
    statements: list[Statement] = field(default_factory=list)
    before: tuple[Statement, ...] = ()
    former_keys: set[str] = field(default_factory=set)
    touched: bool = False
    into: "Draft | None" = None
    _identifiers: frozenset[Identifier] | None = None

    @property
    def identifiers(self) -> frozenset[Identifier]:
        """All that its sources call it, whether it owns the name or not."""
        if self._identifiers is None:
            self._identifiers = frozenset().union(*(all_identifiers(one.record) for one in self.statements))
        return self._identifiers

    def change(self) -> None:
        """To be called after its statements changed."""
        self.touched, self._identifiers = True, None

    def paper(self) -> Paper:
        """As readers see it."""
        return merge(self.statements, number=self.number, key=self.key)

    @property
    def stored(self) -> bool:
        """Whether the catalogue has it already."""
        return bool(self.stored_key)

    @property
    def root(self) -> "Draft":
        """The paper that it is part of by now."""
        return self if self.into is None else self.into.root

    @property
    def has_arxiv(self) -> bool:
        """Whether arXiv's own id is among its identifiers."""
        return any(scheme == "arxiv" for scheme, _ in self.identifiers)


@dataclass(slots=True)
class Joined:
    """Two papers became one: what came from the merged one, so that it can be taken out again."""

    kept: Draft
    kept_key: str
    merged_number: int | None
    merged_key: str
    statements: list[int]
    former_keys: list[str]
    reason: str


@dataclass(slots=True)
class Reworded:
    """A source changed a field."""

    statement: int
    field: str
    old: str | None
    new: str | None
