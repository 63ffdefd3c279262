"""Commands of standing queries: searches that look at every new paper once."""

import dataclasses
import json
from typing import Any

import click

from broadsheet import said
from broadsheet.cli.frame import ACT_AS, JSON, Place, actor_of, command
from broadsheet.library import Library
from broadsheet.types import Caught, Preview, Standing


@click.group()
def standing() -> None:
    """Searches that look at every new paper once, when it comes."""


@standing.command("list")
@click.option("--ended", is_flag=True, help="Also those that ended within a month.")
@ACT_AS
@JSON
@command(create=False, remote=True)
def list_(place: Place, name: str, *, ended: bool, as_json: bool) -> None:
    """List standing queries, the newest first."""
    found = place.standing_queries(actor_of(place, name), ended=ended)
    if as_json:
        _print([dataclasses.asdict(one) for one in found])
        return
    for one in found:
        click.echo(f"{one.number:>6}  {said.count(one.hits, 'hit'):>12}  {one.name}{_state(one)}")
    click.echo(f"{len(found):,} standing queries", err=True)


# A word such as -survey is an exclusion, not an option of ours.
@standing.command(context_settings={"ignore_unknown_options": True})
@click.argument("query", nargs=-1)
@click.option("--name", "called", default="", help="What it is called (default: what it looks for).")
@click.option("--not", "unlike_text", metavar="WORDS", help="What it is not to be about.")
@click.option("--like", multiple=True, metavar="ID", help="A paper that it is to be like; can be given again.")
@click.option("--unlike", multiple=True, metavar="ID", help="A paper whose like it keeps away; can be given again.")
@click.option(
    "--near", default=1.0, show_default=True, help="How near in meaning is enough without the words; 1 is words alone."
)
@click.option("--dry-run", is_flag=True, help="Make nothing: say what it would have caught in the last 30 days.")
@ACT_AS
@JSON
@command(create=False, remote=True)
def add(
    place: Place,
    query: tuple[str, ...],
    called: str,
    unlike_text: str | None,
    name: str,
    *,
    dry_run: bool,
    as_json: bool,
    **asked: Any,
) -> None:
    """Make a standing query, in the language of the search.

    "satellite forest monitoring, not agriculture" is taken apart unless --not says what it is not to be about.
    """
    actor, text = actor_of(place, name), " ".join(query)
    wish = place.read_wish(text) if unlike_text is None else None
    text, away = (wish.text, wish.unlike_text) if wish else (text, unlike_text or "")
    if dry_run:
        _preview(place.preview(actor, text, unlike_text=away, **asked), as_json=as_json)
        return
    made = place.stand(actor, text, name=called, unlike_text=away, **asked)
    if as_json:
        _print(dataclasses.asdict(made))
        return
    click.echo(f"Standing query {made.number}: {made.name}" + (f", not {away}" if away else "") + ".")


@standing.command()
@click.argument("number", type=int)
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 10_000))
@ACT_AS
@JSON
@command(create=False, remote=True)
def show(place: Place, number: int, limit: int, name: str, *, as_json: bool) -> None:
    """Show what a standing query asks, and what it caught, the latest first."""
    actor = actor_of(place, name)
    one, found = place.standing(actor, number), place.caught(actor, number, limit=limit)
    if as_json:
        _print(dataclasses.asdict(one) | {"caught": [_facts(each) for each in found]})
        return
    click.echo(f"{one.name}{_state(one)}")
    for line in (one.text, one.unlike_text and f"not: {one.unlike_text}", one.near < 1 and f"near: {one.near}"):
        if line and line != one.name:
            click.echo(f"  {line}")
    for each in found:
        why = f" ({each.why.said})" if each.why and each.why.said else ""
        click.echo(f"{each.at[:10]}  {each.paper.id}  {each.paper.title}{why}")
    click.echo(said.count(one.hits, "hit"), err=True)


@standing.command()
@click.argument("number", type=int)
@click.option("--undo", is_flag=True, help="Let it run again, within a month.")
@ACT_AS
@command(create=False, remote=True)
def end(place: Place, number: int, name: str, *, undo: bool) -> None:
    """End a standing query; what it caught stays, and the end can be undone for a month."""
    ended = place.end_standing(actor_of(place, name), number, on=not undo)
    click.echo(f"{'Runs again' if undo else 'Ended'}: {ended.name}.")


@standing.command()
@JSON
@command(create=False)
def run(library: Library, *, as_json: bool) -> None:
    """Let all standing queries see the papers that came since the last time."""
    done = library.catch_up_standing()
    if as_json:
        _print(dataclasses.asdict(done))
        return
    click.echo(f"{said.count(done.papers, 'paper')} looked at, {said.count(done.hits, 'hit')}.")


def _preview(found: Preview, *, as_json: bool) -> None:
    if as_json:
        facts = dataclasses.asdict(found) | {"hits": [hit.paper.id for hit in found.hits]}
        _print(facts)
        return
    for monday, count in found.weeks:
        click.echo(f"week of {monday}  {count:>5,}")
    for near, count in found.by_near:
        click.echo(f"near {near:<4}  {count:>10,}")
    click.echo(f"{'More than ' if found.cut else ''}{said.count(found.total, 'paper')} since {found.since}.")


def _facts(one: Caught) -> dict[str, Any]:
    why = dataclasses.asdict(one.why) if one.why else None
    return {"paper": one.paper.id, "title": one.paper.title, "at": one.at, "score": one.score, "why": why}


def _state(one: Standing) -> str:
    return f"  (ended {one.ended[:10]})" if one.ended else f"  (paused since {one.paused[:10]})" if one.paused else ""


def _print(facts: Any) -> None:
    click.echo(json.dumps(facts, indent=2, ensure_ascii=False))
