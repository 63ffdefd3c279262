"""Taking records in: loads what a batch may touch, lets `resolve` decide, and has `writing` write it.

All in the transaction it is given. A batch of some thousand records takes a few dozen statements: rows are
asked for by lists of keys.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, select

from broadsheet import ids
from broadsheet.catalogue.codec import decode, encode
from broadsheet.catalogue.drafts import Draft
from broadsheet.catalogue.identity import all_identifiers, may_match_by_title
from broadsheet.catalogue.numbers import next_number, source_numbers
from broadsheet.catalogue.papers import chunked, statements_of
from broadsheet.catalogue.resolve import Resolution, State
from broadsheet.catalogue.schema import alias, change, claim, keep_apart, paper, statement
from broadsheet.catalogue.writing import write
from broadsheet.types import Deletion, Identifier, Record

Said = tuple[Record | Deletion, str | None]
"""A record and its text; a deletion has none."""


class Outcome(NamedTuple):
    """What became of one record: `state` is "new", "changed", "unchanged" or "deleted"; `merged`: papers were joined.

    `number` is its paper's, 0 where a source deletes what it never sent.
    """

    state: State
    number: int
    merged: bool


def encoded(records: Iterable[Record | Deletion]) -> list[Said]:
    """Records and their texts: the work that needs no lock."""
    return [(one, encode(one) if isinstance(one, Record) else None) for one in records]


def take_in(tx: Connection, batch: Sequence[Said], at: str) -> list[Outcome]:
    """Puts a batch into the catalogue, and says of each record in order what became of it.

    Where a source says something twice in a batch, only its last word counts, and the others are "unchanged":
    the same file read again then changes nothing.
    """
    sources = source_numbers(tx, {record.source for record, _ in batch})
    last = {(record.source, record.source_key): (record, text) for record, text in batch}
    stored = _stored(tx, last, sources)
    news = {pair: said for pair, said in last.items() if _is_news(stored.get(pair), said[1])}
    outcomes = {pair: Outcome("unchanged", 0, merged=False) for pair in last}
    outcomes |= {pair: Outcome("unchanged", row.paper, merged=False) for pair, row in stored.items()}
    if news:
        known = {pair: stored[pair] for pair in news if pair in stored}
        resolution = _resolution(tx, [one for one, _ in news.values() if isinstance(one, Record)], known, at)
        taken = {pair: resolution.take(*said) for pair, said in news.items()}
        write(tx, resolution, sources, at)
        outcomes |= {pair: Outcome(state, draft.root.number, merged) for pair, (draft, state, merged) in taken.items()}
    told: list[Outcome] = []
    for record, _ in reversed(batch):
        pair = (record.source, record.source_key)
        told.append(outcomes[pair])
        outcomes[pair] = Outcome("unchanged", outcomes[pair].number, merged=False)
    return told[::-1]


def _is_news(stored: Any, text: str | None) -> bool:
    """Whether a source says something that it does not say already; no text means that it deletes what it said."""
    if stored is None:
        return text is not None
    if text is None:
        return stored.deleted_at is None
    return stored.deleted_at is not None or stored.record != text


def load(tx: Connection, numbers: Iterable[int], at: str) -> Resolution:
    """A resolution over the papers with these numbers, and over those that own what they claim."""
    drafts: dict[int, Draft] = {}
    aliases: dict[Identifier, int] = {}
    _fetch(tx, numbers, drafts, aliases)
    claimed = {one for draft in drafts.values() for one in draft.identifiers} - aliases.keys()
    _fetch(tx, (row.paper for row in _by_identifier(tx, alias, claimed)), drafts, aliases)
    return Resolution(
        drafts,
        aliases,
        {(row.low, row.high) for row in tx.execute(select(keep_apart))},
        next_paper=next_number(tx, change.c.paper),
        next_statement=next_number(tx, statement.c.number),
        at=at,
    )


def _fetch(tx: Connection, numbers: Iterable[int], drafts: dict[int, Draft], aliases: dict[Identifier, int]) -> None:
    wanted = sorted(set(numbers) - drafts.keys())
    columns = select(paper.c.number, paper.c.key, paper.c.title_key)
    for row in chunked(tx, columns, paper.c.number, wanted):
        drafts[row.number] = Draft(row.number, row.key, row.key, row.title_key)
    for number, said in statements_of(tx, wanted):
        drafts[number].statements.append(said)
    for row in chunked(tx, select(alias), alias.c.paper, wanted):
        aliases[Identifier(row.scheme, row.value)] = row.paper


def _stored(tx: Connection, pairs: Iterable[tuple[str, str]], sources: dict[str, int]) -> dict[tuple[str, str], Any]:
    """Paper and text of what these sources said before under these keys, and since when they do not."""
    keys: dict[str, list[str]] = {}
    for name, key in pairs:
        keys.setdefault(name, []).append(key)
    found: dict[tuple[str, str], Any] = {}
    for name, wanted in keys.items():
        query = select(statement.c.source_key, statement.c.paper, statement.c.record, statement.c.deleted_at)
        for row in chunked(tx, query.where(statement.c.source == sources[name]), statement.c.source_key, wanted):
            found[name, row.source_key] = row
    return found


def _resolution(tx: Connection, records: Sequence[Record], old: dict[tuple[str, str], Any], at: str) -> Resolution:
    """Everything that these records may touch: their own papers, and those of the same names or titles."""
    numbers = {row.paper for row in old.values()}
    keys = {key for record in records for key in all_identifiers(record)}  # and those given up
    keys |= {key for pair, row in old.items() for key in all_identifiers(decode(*pair, row.record))}
    for table in (alias, claim):
        numbers.update(row.paper for row in _by_identifier(tx, table, keys))
    titles = {key for record in records if may_match_by_title(key := ids.title_key(record.title))}
    numbers.update(row.number for row in chunked(tx, select(paper.c.number), paper.c.title_key, sorted(titles)))
    return load(tx, numbers, at)


def _by_identifier(tx: Connection, table: Table, keys: Iterable[Identifier]) -> Iterator[Any]:
    schemes: dict[str, list[str]] = {}
    for scheme, value in sorted(keys):
        schemes.setdefault(scheme, []).append(value)
    for scheme, values in schemes.items():
        yield from chunked(tx, select(table.c.paper).where(table.c.scheme == scheme), table.c.value, values)
