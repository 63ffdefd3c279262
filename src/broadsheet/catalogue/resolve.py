"""Records -> papers: which paper each record of a batch belongs to, and which papers are one. Pure.

A `Resolution` works on drafts: what the catalogue holds of the papers that a batch may touch (`intake` loads
them), and papers that the batch makes. It takes one record after the other, so that records of one batch
recognise each other as well, and remembers what it did for `intake` to write:

1. a record that its source has sent before stays with its paper, unless its new words speak of another;
2. else it goes to the paper with its arXiv, ACL or OpenReview id, unless the two contradict each other;
3. else it makes a paper; and in every case
4. papers that its other identifiers name are joined to its own, and then the one paper with the same title
   and the same evidence, if there is exactly one. These joins are logged and can be undone.

Papers that contradict each other (`identity.conflict`), or that a person has split, are never joined.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Literal

from broadsheet import ids
from broadsheet.catalogue.codec import words
from broadsheet.catalogue.drafts import Draft, Joined, Reworded
from broadsheet.catalogue.identity import (
    FORMER,
    UNIQUE,
    all_identifiers,
    clues,
    conflict,
    different_works,
    made_key,
    may_match_by_title,
    public_key,
    rank,
    same_work,
    spelt,
    still_same,
)
from broadsheet.catalogue.merge import Statement
from broadsheet.types import Deletion, Identifier, Record

_DELETED = "deleted"  # the field of a revision that tells of it

State = Literal["new", "changed", "unchanged", "deleted"]


class Resolution:
    """One batch, from what is known to what is to be written."""

    def __init__(
        self,
        drafts: Mapping[int, Draft],
        aliases: Mapping[Identifier, int],
        apart: set[tuple[int, int]],
        *,
        next_paper: int,
        next_statement: int,
        at: str,
    ) -> None:
        """`aliases` are those the drafts have, `apart` the pairs of numbers that must stay two."""
        self.drafts = list(drafts.values())
        for draft in self.drafts:
            draft.before = tuple(draft.statements)
        self.aliases, self.apart, self._at = aliases, apart, at
        self.owners: dict[Identifier, Draft] = {}
        for one, number in aliases.items():
            if one.scheme == FORMER:
                drafts[number].former_keys.add(one.value)
            else:
                self.owners[one] = drafts[number]
        self._next_paper, self._next_statement = next_paper, next_statement
        self._by_statement = {
            (one.record.source, one.record.source_key): (draft, one)
            for draft in self.drafts
            for one in draft.statements
        }
        self._homes = {one.number: draft.number for draft in self.drafts for one in draft.statements}
        self._by_title: dict[str, list[Draft]] = {}
        for draft in self.drafts:
            self._index_title(draft, draft.title_key)
        self._claimants: dict[Identifier, list[Draft]] = {}
        for draft in self.drafts:
            for key in draft.identifiers:
                if self.owners.get(key) is not draft:
                    self._claimants.setdefault(key, []).append(draft)
        self._unsettled: set[Identifier] = set()
        self.added: list[tuple[Draft, Statement]] = []
        self.reworded: dict[int, Statement] = {}
        self.revisions: list[Reworded] = []
        self.joined: list[Joined] = []

    def take(self, record: Record | Deletion, text: str | None) -> tuple[Draft, State, bool]:
        """Finds or makes the record's paper. Returns it, what became of the record, and whether papers joined.

        What is deleted must be there.
        """
        if isinstance(record, Deletion):
            draft, statement = self._by_statement[record.source, record.source_key]
            return self._delete(draft.root, statement), "deleted", False
        return self._take(record, text or "")

    def _take(self, record: Record, text: str) -> tuple[Draft, State, bool]:
        state: State = "changed"
        before = len(self.joined)
        known = self._by_statement.get((record.source, record.source_key))
        keys = all_identifiers(record)
        if known:
            draft = self._reword(*known, record, text)
        else:
            found = self._named(keys)
            draft, state = (found, "changed") if found else (self.make(), "new")
            statement = Statement(self._next_statement, record, self._at, self._at, text)
            self._next_statement += 1
            self._by_statement[record.source, record.source_key] = draft, statement
            self.added.append((draft, statement))
            draft.statements.append(statement)
            draft.change()
        self._unsettled |= keys
        self._join_named(draft, keys, record.source)
        self._join_titled(draft, ids.title_key(record.title))
        self._claim(draft, keys)
        merged = len(self.joined) > before
        return draft, "changed" if merged else state, merged

    def make(self, number: int | None = None) -> Draft:
        """A new paper without statements."""
        if number is None:
            number, self._next_paper = self._next_paper, self._next_paper + 1
        draft = Draft(number, touched=True)
        self.drafts.append(draft)
        return draft

    def may_join(self, one: Draft, other: Draft) -> bool:
        """Whether nothing forbids that these two are one paper."""
        if one is other or not one.statements or not other.statements:
            return False
        pair = (min(one.number, other.number), max(one.number, other.number))
        return pair not in self.apart and not conflict(one.identifiers, other.identifiers)

    def join(self, one: Draft, other: Draft, reason: str) -> None:
        """Makes two papers one: the side with an arXiv id is the one that is kept, else the older one."""
        kept, merged = sorted((one, other), key=lambda draft: (not draft.has_arxiv, not draft.stored, draft.number))
        self.absorb(kept, merged, reason)

    def absorb(self, kept: Draft, merged: Draft, reason: str) -> None:
        """Makes `merged` a part of `kept`, and remembers what came from it."""
        # A number that readers know goes on, whichever side it was on.
        into, gone = (merged, kept) if merged.stored and not kept.stored else (kept, merged)
        self.joined.append(
            Joined(
                kept=into,
                kept_key=kept.key or _likely_key(kept),
                merged_number=merged.number if merged.stored and kept.stored else None,
                merged_key=merged.key or _likely_key(merged),
                statements=[one.number for one in merged.statements],
                former_keys=sorted(merged.former_keys),
                reason=reason,
            )
        )
        into.statements = into.statements + gone.statements
        into.former_keys |= gone.former_keys | ({gone.key} if gone.key else set())
        into.change()
        gone.into, gone.statements = into, []
        third = {number for pair in self.apart if gone.number in pair for number in pair} - {gone.number, into.number}
        self.apart |= {(min(into.number, number), max(into.number, number)) for number in third}

    def settle(self, taken: Callable[[str], bool]) -> None:
        """Decides who owns each identifier in question, and what each paper is called.

        An owner that still claims its identifier keeps it; else the oldest paper that claims it gets it.
        `taken` tells whether the catalogue has given out a made key.
        """
        for identifier in self._unsettled:
            owner = self.owners.get(identifier)
            if owner is None or identifier not in owner.root.identifiers:
                heirs = [draft for draft in self.live() if identifier in draft.identifiers]
                if heirs:
                    self.owners[identifier] = min(heirs, key=lambda draft: draft.number)
                    self.owners[identifier].touched = True
                else:
                    self.owners.pop(identifier, None)
        given: set[str] = set()
        for draft in self.live():
            if draft.touched:
                self._name(draft, lambda key: key in given or taken(key))
                given.add(draft.key)

    def live(self) -> Iterator[Draft]:
        """The papers that there are at the end."""
        return (draft for draft in self.drafts if draft.into is None and draft.statements)

    def gone(self) -> list[int]:
        """The stored papers that are no more: joined to others, or nobody speaks of them any longer."""
        return [draft.number for draft in self.drafts if draft.stored and not draft.statements]

    def moved(self) -> Iterator[tuple[Statement, Draft]]:
        """The stored statements that belong to another paper now."""
        for draft in self.live():
            if draft.touched:
                for one in draft.statements:
                    if self._homes.get(one.number, draft.number) != draft.number:
                        yield one, draft

    def news(self) -> Iterator[tuple[Draft, Statement, Statement | None]]:
        """What sources said that they had not said before, in which paper it is, and what they said instead."""
        before = {one.number: one for draft in self.drafts for one in draft.before}
        new = {one.number for _, one in self.added} | self.reworded.keys()
        for draft in self.live():
            if draft.touched:
                for one in draft.statements:
                    if one.number in new and one.deleted_at is None:
                        yield draft, one, before.get(one.number)

    def owned(self, draft: Draft) -> set[Identifier]:
        """The identifiers that mean this paper. Right after `settle`."""
        return {one for one in draft.identifiers if (owner := self.owners.get(one)) and owner.root is draft}

    def unsettle(self, identifiers: Iterable[Identifier]) -> None:
        """Says that the owner of these must be looked at again."""
        self._unsettled.update(identifiers)

    def _reword(self, draft: Draft, statement: Statement, record: Record, text: str) -> Draft:
        """Puts the new words in the place of the old ones, in another paper if they speak of another."""
        draft, same = draft.root, still_same(statement.record, record)
        old, new = words(statement.record), words(record)
        if statement.deleted_at is not None:
            old = {**old, _DELETED: "yes"}
        self.revisions += [
            Reworded(statement.number, name, old.get(name), new.get(name))
            for name in dict.fromkeys([*old, *new])
            if old.get(name) != new.get(name)
        ]
        self._unsettled |= all_identifiers(statement.record)
        spoken = replace(statement, record=record, text=text, changed_at=self._at, deleted_at=None)
        self._put_in(draft, statement, spoken)
        if same:
            return draft
        draft.statements.remove(spoken)
        other = self._named(all_identifiers(record)) or self.make()
        other.statements.append(spoken)
        other.change()
        self._by_statement[record.source, record.source_key] = other, spoken
        return other

    def _delete(self, draft: Draft, statement: Statement) -> Draft:
        """Notes that a source says something no longer. Its words are kept."""
        self.revisions.append(Reworded(statement.number, _DELETED, None, "yes"))
        self._put_in(draft, statement, replace(statement, deleted_at=self._at))
        return draft

    def _put_in(self, draft: Draft, old: Statement, new: Statement) -> None:
        """Replaces a statement; the old one stays as it was, in `Draft.before`."""
        draft.statements = [new if one.number == old.number else one for one in draft.statements]
        self._by_statement[new.record.source, new.record.source_key] = draft, new
        self.reworded[new.number] = new
        draft.change()

    def _named(self, keys: frozenset[Identifier]) -> Draft | None:
        """The paper that a unique identifier among these names, if it does not contradict the others."""
        for key in sorted(keys, key=lambda key: rank(key.scheme)):
            if key.scheme in UNIQUE and (owner := self.owners.get(key)):
                claimed = owner.root.identifiers  # without the key, where a record of this batch took it back
                if key in claimed and not conflict(keys, claimed):
                    return owner.root
        return None

    def _join_named(self, draft: Draft, keys: frozenset[Identifier], source: str) -> None:
        for key in sorted(keys, key=lambda key: (rank(key.scheme), key)):
            namesakes = [*self._claimants.get(key, ()), *filter(None, [self.owners.get(key)])]
            for each in namesakes:
                # Looked up each time: the last join may have swallowed either.
                one, other = draft.root, each.root
                named = key in other.identifiers and not self._mistaken(key, one, other)
                if named and self.may_join(one, other):
                    self.join(one, other, f"{source} calls it {spelt(*key)}")

    def _mistaken(self, key: Identifier, one: Draft, other: Draft) -> bool:
        """Whether a shared identifier is the slip of an author."""
        return key.scheme not in UNIQUE and different_works(clues(one.paper()), clues(other.paper()))

    def _claim(self, draft: Draft, keys: Iterable[Identifier]) -> None:
        """Gives the draft those of a record's identifiers that nobody has, and remembers that it claims the others."""
        for key in keys:
            if self.owners.setdefault(key, draft).root is not draft.root:
                self._claimants.setdefault(key, []).append(draft)

    def _join_titled(self, draft: Draft, title: str) -> None:
        draft = draft.root
        others = dict.fromkeys(other.root for other in self._by_title.get(title, ()))
        if others:
            mine = clues(draft.paper())
            reasons = {
                other: reason
                for other in others
                if self.may_join(draft, other) and (reason := same_work(mine, clues(other.paper())))
            }
            if len(reasons) == 1:
                ((other, reason),) = reasons.items()
                self.join(draft, other, reason)
        self._index_title(draft, title)

    def _index_title(self, draft: Draft, title: str) -> None:
        if may_match_by_title(title):
            self._by_title.setdefault(title, []).append(draft)

    def _name(self, draft: Draft, taken: Callable[[str], bool]) -> None:
        present = draft.key
        draft.key = public_key(present, self.owned(draft))
        if not draft.key:
            draft.key = present if present.startswith("bs:") else _free(made_key(draft.paper()), taken)
        if present:
            draft.former_keys.add(present)
        # A key that is somebody's identifier needs no second entry.
        draft.former_keys = {key for key in draft.former_keys - {draft.key} if not self._reachable(key)}

    def _reachable(self, key: str) -> bool:
        scheme, colon, value = key.partition(":")
        return (Identifier(scheme, value) if colon else Identifier("arxiv", key)) in self.owners


def _likely_key(draft: Draft) -> str:
    return public_key("", draft.identifiers) or made_key(draft.paper())


def _free(key: str, taken: Callable[[str], bool]) -> str:
    numbered = key
    for n in range(2, 10_000):
        if not taken(numbered):
            break
        numbered = f"{key}-{n}"
    return numbered
