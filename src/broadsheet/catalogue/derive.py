"""What SQL must know of a paper, worked out from its statements. Pure; `writing` stores it, `verify` compares it."""

from collections.abc import Sequence
from typing import NamedTuple

from broadsheet import ids
from broadsheet.catalogue.merge import Statement, day_of, deleted, in_order, starter_only


class Columns(NamedTuple):
    """The columns of `paper` that follow from its statements."""

    title_key: str
    day: str | None
    dated_by: str | None
    votes: int
    comments: int
    starter_only: bool
    categories: str
    deleted: bool


def columns(statements: Sequence[Statement]) -> Columns:
    """The columns of the paper that these statements, at least one, describe. A deleted paper belongs to no day."""
    records = [one.record for one in in_order(statements)]
    gone = deleted(statements)
    day, dated_by = (None, None) if gone else day_of(records)
    return Columns(
        title_key=ids.title_key(next((record.title for record in records if record.title), "")),
        day=day,
        dated_by=dated_by,
        votes=max(record.votes or 0 for record in records),
        comments=max(record.comments or 0 for record in records),
        starter_only=starter_only(records),
        categories=" ".join(next((record.categories for record in records if record.categories), ())),
        deleted=gone,
    )


def listings(statements: Sequence[Statement]) -> dict[tuple[str, str], int | None]:
    """Day and source of each edition the paper is listed in, with its first position there."""
    found: dict[tuple[str, str], int | None] = {}
    for record in () if deleted(statements) else (one.record for one in statements if one.deleted_at is None):
        if record.edition:
            place = record.edition, record.source
            found[place] = min(filter(None, (found.get(place), record.position)), default=None)
    return found
