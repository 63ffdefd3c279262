"""Commands about the outbox: what leaves, how it stands, and where nothing is sent any more.

Of the words of a letter nothing is shown: it may be of a private group.
"""

import dataclasses
import json

import click

from broadsheet.cli.frame import JSON, Place, command
from broadsheet.types import OWNER, Outgoing, Sending

STATES = [state.value for state in Sending]
_LIMIT = click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 100_000))


@click.group()
def outbox() -> None:
    """What leaves by mail and to channels, and how it stands."""


@outbox.command("list")
@click.option("--state", type=click.Choice(STATES), help="Only what stands so.")
@click.option(
    "--doubtful", is_flag=True, help="Only what may have arrived, and waits for you to say what becomes of it."
)
@click.option("--before", type=click.IntRange(1), help="Only what has a smaller number.")
@_LIMIT
@JSON
@command(create=False, remote=True)
def list_(place: Place, state: str | None, limit: int, before: int | None, *, doubtful: bool, as_json: bool) -> None:
    """List what is or was in the outbox, the newest first, without its words."""
    chosen = Sending(state) if state else None
    found = place.outbox(OWNER, state=chosen, doubtful=doubtful, limit=limit, before=before)
    if as_json:
        click.echo(json.dumps([_facts(one) for one in found], indent=2))
        return
    for one in found:
        when = one.ended or one.next
        line = f"{one.number:8}  {one.state.value:8}  {when:20}  {one.purpose:10}  {one.to}"
        click.echo(f"{line}  {one.said}".rstrip())
    counts = {kind: count for kind, count in place.outbox_counts(OWNER).items() if count}
    click.echo(", ".join(f"{count:,} {kind.value}" for kind, count in counts.items()) or "It is empty.", err=True)


@outbox.command()
@click.argument("number", type=click.IntRange(1))
@command(create=False, remote=True)
def retry(place: Place, number: int) -> None:
    """Try something (again) at once, also what has failed, was dropped, or is doubtful."""
    place.retry_outgoing(OWNER, number)
    click.echo(f"Number {number} is tried again.")


@outbox.command()
@click.argument("number", type=click.IntRange(1))
@command(create=False, remote=True)
def drop(place: Place, number: int) -> None:
    """Let something not leave, or a doubtful one not a second time."""
    place.drop_outgoing(OWNER, number)
    click.echo(f"Number {number} was dropped.")


@outbox.command()
@_LIMIT
@JSON
@command(create=False, remote=True)
def suppressed(place: Place, limit: int, *, as_json: bool) -> None:
    """List mailboxes to which nothing is sent any more, and why."""
    found = place.suppressed(OWNER, limit=limit)
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(one) for one in found], indent=2))
        return
    for one in found:
        click.echo(f"{one.number:8}  {one.suppressed}  {one.email or ''}  {one.reason}".rstrip())
    click.echo(f"{len(found):,} mailboxes", err=True)


@outbox.command()
@click.argument("number", type=click.IntRange(1))
@command(create=False, remote=True)
def allow(place: Place, number: int) -> None:
    """Let letters be sent to a mailbox again; NUMBER is as `suppressed` lists it."""
    place.unsuppress(OWNER, number)
    click.echo(f"Letters may be sent to number {number} again.")


def _facts(one: Outgoing) -> dict[str, object]:
    facts = dataclasses.asdict(one)
    return {name: facts[name] for name in facts if name not in {"subject", "text", "html", "headers"}}
