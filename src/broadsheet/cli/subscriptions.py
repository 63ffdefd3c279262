"""Commands of who is sent what. Who sits at the machine may subscribe anybody, and answers for it."""

import dataclasses
import json
from typing import Any

import click

from broadsheet.cli.frame import JSON, Place, actor_of, command
from broadsheet.cli.remote import Remote
from broadsheet.errors import Refused
from broadsheet.ids import people
from broadsheet.library import Library
from broadsheet.types import OWNER, Access, Actor, Form, Rhythm, Subscriber, Subscription

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@click.group()
def subscriptions() -> None:
    """Who is sent what by mail, and when."""


@subscriptions.command("list")
@click.argument("query", required=False, default="")
@click.option("--limit", default=1000, show_default=True, type=click.IntRange(1, 1_000_000))
@click.option("--as", "name", metavar="NAME", default="", help="Only this account's; at a server, the token's.")
@JSON
@command(create=False, remote=True)
def list_(place: Place, query: str, limit: int, name: str, *, as_json: bool) -> None:
    """List subscriptions that go on; with QUERY those to addresses or of titles that hold it."""
    whose = [place.preferences(actor_of(place, name))] if name else place.subscribers(OWNER, limit=limit)
    found = [
        (whom, one)
        for whom in whose
        for one in whom.subscriptions
        if one.ended is None and query.lower() in f"{whom.email or ''} {one.title}".lower()
    ]
    if as_json:
        click.echo(json.dumps([_facts(whom, one) for whom, one in found], indent=2, ensure_ascii=False))
        return
    for whom, one in found:
        click.echo(f"{one.number:>6}  {_to(whom):32}  {one.title:32}  {_when(one):36}  {_state(whom, one)}".rstrip())
    click.echo(f"{len(found):,} subscriptions", err=True)


@subscriptions.command()
@click.argument("what")
@click.option("--email", metavar="ADDRESS", default="", help="To which address; it is not asked to confirm.")
@click.option("--as", "name", metavar="NAME", help="To whose account, at its address.")
@click.option("--rhythm", type=click.Choice([one.value for one in Rhythm]), help="How often (default: each edition).")
@click.option("--day", type=click.Choice(DAYS), help="On which day, if weekly (default: monday).")
@click.option("--at", metavar="HH:MM", help="At what local time (default: 07:30).")
@click.option("--zone", metavar="NAME", help="Of which time zone, like Europe/Berlin (default: UTC).")
@click.option("--most", type=int, help="How many papers at most (default: 10).")
@click.option("--form", type=click.Choice([one.value for one in Form]), help="HTML with plain text beside it, or text.")
@JSON
@command(remote=True)
def add(place: Place, what: str, email: str, name: str | None, day: str | None, *, as_json: bool, **plan: Any) -> None:
    """Send something to an address, or to an account.

    WHAT is trending, edition, mine, group:NAME, category:cs.CL, keyword:"sparse attention", author:"Ada Lovelace" or
    search:QUERY. Where one person has the place to themselves it goes to them, into files until an ADDRESS is said;
    any other ADDRESS is somebody else's. With --as as well, all that is sent to them goes to ADDRESS from now on. Told
    of a server, it goes to the account whose token it is.
    """
    said = {field: given for field, given in plan.items() if given is not None}
    if day:
        said["weekday"] = DAYS.index(day)
    made = (
        _added_there(place, what, email, name, said)
        if isinstance(place, Remote)
        else _added_here(place, what, email, name, said)
    )
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(made), indent=2, ensure_ascii=False))
        return
    click.echo(f"Subscription {made.number}: {made.title}, {_when(made)}. Next: {made.next}.")


def _added_here(library: Library, what: str, email: str, name: str | None, plan: dict[str, Any]) -> Subscription:
    wanted, value, title = library.wish(what)
    single = library.rules.access is Access.SINGLE
    actor = library.acting_as(OWNER, name) if name else library.owner_actor() if single else None
    if actor is not None and (name or not _is_anothers(library, actor, email)):
        return library.subscribe_me(actor, wanted, value, title=title, email=email if single else "", **plan)
    if email:
        return library.subscribe_address(OWNER, email, wanted, value, title=title, **plan)
    raise Refused("Say to whom: --email ADDRESS, or --as NAME.")


def _is_anothers(library: Library, owner: Actor, email: str) -> bool:
    """Whether an address is another than the one that the owner's letters go to."""
    own = library.preferences(owner).email
    return bool(email and own and people.email(email) != own)


def _added_there(place: Remote, what: str, email: str, name: str | None, plan: dict[str, Any]) -> Subscription:
    if name:
        place.acting_as(OWNER, name)
    return place.subscribe(what, email=email, **plan)


@subscriptions.command()
@click.argument("number", type=int)
@click.option("--as", "name", metavar="NAME", default="", help="One of this account's; at a server, the token's.")
@command(create=False, remote=True)
def end(place: Place, number: int, name: str) -> None:
    """End a subscription; its subscriber can undo that for a month."""
    if name:
        place.end_subscription(actor_of(place, name), number)
        click.echo(f"Ended: subscription {number}. Nothing more of it is sent.")
        return
    ended = place.end_for(OWNER, number)
    click.echo(f"Ended: {ended.title}. Nothing more of it is sent.")


def _facts(whom: Subscriber, one: Subscription) -> dict[str, Any]:
    return {"to": whom.email, "account": whom.person is not None, **dataclasses.asdict(one)}


def _to(whom: Subscriber) -> str:
    return whom.email or "files on this machine"


def _when(one: Subscription) -> str:
    if one.rhythm is Rhythm.ONCE:
        return "as they come"
    often = f"every {DAYS[one.weekday].capitalize()}" if one.rhythm is Rhythm.WEEKLY else one.rhythm.value
    return f"{often}, {one.at} {one.zone}"


def _state(whom: Subscriber, one: Subscription) -> str:
    if whom.suppressed:
        return "nothing is sent there"
    if one.confirmed is None:
        return "not confirmed"
    if one.paused is not None:
        return f"paused until {one.paused}" if one.paused else "paused"
    return ""
