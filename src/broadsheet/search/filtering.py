"""Filters that come beside the text of a query, as nodes of its tree."""

from collections.abc import Sequence
from dataclasses import dataclass

from broadsheet import ids
from broadsheet.search.query import All, Author, Category, Days, Either, Has, Node, brief


@dataclass(frozen=True, slots=True)
class Filters:
    """What every paper of an answer must fit, before anything is ranked.

    `since` and `until` are days, partial ones too ("2024-05"); of `categories` one must fit, of `authors` all;
    with `has_code` a paper must link to a code host.
    """

    since: str | None = None
    until: str | None = None
    categories: Sequence[str] = ()
    authors: Sequence[str] = ()
    has_code: bool = False

    def nodes(self, notes: list[str]) -> list[Node]:
        """The filters as nodes; `notes` collects sentences on those that say nothing."""
        found: list[Node] = []
        for name, text in (("since", self.since), ("until", self.until)):
            if text and text.strip():
                date = ids.iso_date(text)
                if date:
                    found.append(Days(ids.first_day(date), None) if name == "since" else Days(None, ids.last_day(date)))
                else:
                    notes.append(f"“{brief(text)}” is not a date, so “{name}” was ignored.")
        codes = [Category(code) for category in self.categories if (code := category.strip())]
        if codes:
            found.append(Either(tuple(codes)) if len(codes) > 1 else codes[0])
        found += [Author(name) for author in self.authors if any(map(str.isalnum, name := author.strip()))]
        return [*found, Has("code")] if self.has_code else found


def joined(tree: Node | None, filters: Sequence[Node]) -> Node | None:
    """A tree with filters: papers must match all of it."""
    nodes = [*(tree.nodes if isinstance(tree, All) else [tree] if tree else []), *filters]
    return All(tuple(nodes)) if len(nodes) > 1 else nodes[0] if nodes else None
