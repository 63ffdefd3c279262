"""Joining and splitting papers by hand. What a join moved stands in its `merge_event`, so that a split can undo it."""

import json
from typing import Any

from sqlalchemy import Connection, delete, select, update

from broadsheet.catalogue import votes
from broadsheet.catalogue.drafts import Draft
from broadsheet.catalogue.identity import conflict
from broadsheet.catalogue.intake import load
from broadsheet.catalogue.log import as_merge, present
from broadsheet.catalogue.numbers import source_numbers
from broadsheet.catalogue.papers import number_of
from broadsheet.catalogue.resolve import Resolution
from broadsheet.catalogue.schema import keep_apart, merge_event, paper
from broadsheet.catalogue.writing import write
from broadsheet.errors import Conflict, NotFound
from broadsheet.types import Merge


def merge(tx: Connection, keep: str, other: str, *, reason: str, at: str) -> Merge:
    """Joins two papers, forgetting that they were to be kept apart. Raises NotFound, Conflict."""
    kept, merged = number_of(tx, keep), number_of(tx, other)
    if kept == merged:
        raise Conflict(f"{keep} and {other} are one paper already.")
    low, high = sorted((kept, merged))
    tx.execute(delete(keep_apart).where(keep_apart.c.low == low, keep_apart.c.high == high))
    resolution = load(tx, [kept, merged], at)
    drafts = {draft.number: draft for draft in resolution.drafts}
    if conflict(drafts[kept].identifiers, drafts[merged].identifiers):
        raise Conflict(f"{keep} and {other} have different identifiers of one kind: they are two papers.")
    resolution.absorb(drafts[kept], drafts[merged], reason)
    write(tx, resolution, source_numbers(tx), at)
    return as_merge(tx.execute(select(merge_event).order_by(merge_event.c.number.desc()).limit(1)).one())


def split(tx: Connection, number: int, *, at: str) -> None:
    """Takes out again what a join moved, under its former number, and keeps it apart. Raises NotFound, Conflict."""
    event = tx.execute(select(merge_event).where(merge_event.c.number == number)).first()
    if event is None:
        raise NotFound(f"There is no merge {number}.")
    if event.undone:
        raise Conflict(f"Merge {number} was undone already, at {event.undone}.")
    moved = set(json.loads(event.statements))
    home = present(tx, event.kept_paper)
    resolution = load(tx, [home], at)
    # Later splits may have taken some of them out, and sources may have changed their minds.
    whole = next((draft for draft in resolution.drafts if draft.number == home), None)
    held = {one.number for one in whole.statements} if whole else set()
    if whole is None or not moved & held or moved >= held:
        raise Conflict(f"Merge {number} cannot be undone: its two parts are no longer in one paper.")
    part = _take_out(tx, resolution, whole, event, moved)
    write(tx, resolution, source_numbers(tx), at)
    # Named by its number now, so that it shows where it came from as well.
    ended = {"undone": at, "merged_paper": part.number}
    tx.execute(update(merge_event).where(merge_event.c.number == number).values(**ended))
    _hand_over(tx, whole, part, before=number)
    votes.recount(tx, [whole.number, part.number], at)


def _hand_over(tx: Connection, whole: Draft, part: Draft, *, before: int) -> None:
    """Earlier joins among the statements of the part are now the part's own."""
    earlier = select(merge_event).where(merge_event.c.kept_paper == whole.number, merge_event.c.number < before)
    own = {one.number for one in part.statements}
    for event in tx.execute(earlier).all():
        if own.issuperset(json.loads(event.statements)):
            given = update(merge_event).where(merge_event.c.number == event.number)
            tx.execute(given.values(kept_paper=part.number))


def _take_out(tx: Connection, resolution: Resolution, whole: Draft, event: Any, moved: set[int]) -> Draft:
    former = event.merged_paper
    if former is not None and tx.execute(select(paper.c.number).where(paper.c.number == former)).first():
        former = None
    part = resolution.make(former)
    part.statements = [one for one in whole.statements if one.number in moved]
    whole.statements = [one for one in whole.statements if one.number not in moved]
    whole.change()
    part.change()
    names = {event.merged_key, *json.loads(event.former_keys)} & whole.former_keys
    whole.former_keys -= names
    part.former_keys = names
    part.key = event.merged_key if event.merged_key in names else ""
    resolution.unsettle(part.identifiers)
    # Who was to be kept apart from the whole is to be kept apart from both parts.
    others = {number for pair in resolution.apart if whole.number in pair for number in pair} - {whole.number}
    pairs = [(part.number, other) for other in {whole.number, *others}]
    resolution.apart |= {(min(pair), max(pair)) for pair in pairs}
    return part
