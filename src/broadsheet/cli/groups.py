"""Commands of groups: which one is in, their shelves, their discussions, and links that let people in."""

import json

import click

from broadsheet.cli import printing
from broadsheet.cli.frame import ACT_AS, JSON, Place, actor_of, command
from broadsheet.cli.talk import read_text, show
from broadsheet.types import Order
from broadsheet.wire import plain


@click.group()
def groups() -> None:
    """Private reading groups: shelf, discussion, members."""


@groups.command("list")
@ACT_AS
@JSON
@command(create=False, remote=True)
def list_(place: Place, name: str, *, as_json: bool) -> None:
    """List the groups that one is in."""
    found = place.circles(actor_of(place, name))
    if as_json:
        click.echo(json.dumps(plain(found), indent=2, ensure_ascii=False))
        return
    for one in found:
        click.echo(f"{one.name:40}  {one.role:6}  {one.members:>3,} members  {one.shown}")


@groups.command("found")
@click.argument("shown", metavar="NAME")
@click.option("--about", default="", help="What it is about.")
@ACT_AS
@command(create=False, remote=True)
def found_(place: Place, shown: str, about: str, name: str) -> None:
    """Found a group that is called NAME."""
    click.echo(f"It is {place.found(actor_of(place, name), shown, about).name}.")


@groups.command()
@click.argument("group")
@click.option("--days", default=14, show_default=True, type=int, help="How long it is good.")
@click.option("--uses", default=20, show_default=True, type=int, help="How many it lets in.")
@ACT_AS
@command(create=False, remote=True)
def link(place: Place, group: str, days: int, uses: int, name: str) -> None:
    """Make a link to a group, and print its secret. It is shown this once."""
    click.echo(place.invite_to(actor_of(place, name), group, days=days, uses=uses))


@groups.command()
@click.argument("secret")
@ACT_AS
@command(create=False, remote=True)
def join(place: Place, secret: str, name: str) -> None:
    """Go into a group by the secret of its link."""
    joined = place.join(actor_of(place, name), secret.rpartition("/")[2])
    click.echo(f"You are in {joined.shown} ({joined.name}).")


@groups.command()
@click.argument("group")
@ACT_AS
@command(create=False, remote=True)
def leave(place: Place, group: str, name: str) -> None:
    """Leave a group."""
    place.leave_group(actor_of(place, name), group)
    click.echo(f"You have left {group}.")


@groups.command()
@click.argument("group")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000))
@ACT_AS
@JSON
@command(create=False, remote=True)
def shelf(place: Place, group: str, limit: int, name: str, *, as_json: bool) -> None:
    """Print a group's shelf, the latest first."""
    found = place.shelf(actor_of(place, name), group, limit=limit)
    if as_json:
        click.echo(json.dumps(plain(found.entries), indent=2, ensure_ascii=False))
        return
    for one in found.entries:
        click.echo(printing.summary(one.paper))
        by = f"@{one.by.name}" if one.by else "somebody who has left"
        click.echo(f"{'':31}{by}{f': {one.note}' if one.note else ''}")


@groups.command()
@click.argument("group")
@click.argument("key", metavar="ID")
@click.option("--note", default="", help="What to say of it.")
@click.option("--off", is_flag=True, help="Take it down.")
@ACT_AS
@command(create=False, remote=True)
def shelve(place: Place, group: str, key: str, note: str, name: str, *, off: bool) -> None:
    """Put a paper on a group's shelf, or change its note."""
    place.shelve(actor_of(place, name), group, key, note, on=not off)
    click.echo(f"{place.paper(key).id} {'was taken down' if off else 'is on the shelf'}.")


@groups.command()
@click.argument("group")
@click.argument("text", required=False, default="")
@click.option("--say", is_flag=True, help="Say something: TEXT, or what standard input holds.")
@click.option("--parent", type=int, help="The number of the comment that this one answers.")
@ACT_AS
@JSON
@command(create=False, remote=True)
def discussion(place: Place, group: str, text: str, parent: int | None, name: str, *, say: bool, as_json: bool) -> None:
    """Print a group's own discussion, or say something there."""
    actor = actor_of(place, name)
    if say or text:
        said = place.comment(actor, None, text or read_text(), parent=parent, group=group)
        click.echo(f"It is comment {said.number}.")
        return
    show(place.discussion(actor, group, order=Order.BEST), as_json=as_json)
