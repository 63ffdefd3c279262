"""Commands about people: who is here, what they may do, who may come, and what somebody gave to the place.

Who sits at the machine may do all of it, and the log of moderators says that it was the owner.
"""

import dataclasses
import json

import click

from broadsheet.app.people import address
from broadsheet.cli.frame import JSON, Place, command, complaining, opened, settings_of
from broadsheet.cli.remote import Remote
from broadsheet.types import OWNER, Access, Person, Role, Scope

ROLES = [role.name.lower() for role in Role]
REASON = click.option("--reason", default="", help="Why, for the log that members can read.")


@click.group()
def people() -> None:
    """Accounts: who is here, what they may do, and who may come."""


@people.command("list")
@click.argument("query", required=False, default="")
@click.option("--limit", default=1000, show_default=True, type=click.IntRange(1, 1_000_000))
@JSON
@command(create=False, remote=True)
def list_(library: Place, query: str, limit: int, *, as_json: bool) -> None:
    """List accounts; with QUERY those whose names or e-mail address hold it."""
    found = library.people(OWNER, query, limit=limit)
    if as_json:
        click.echo(json.dumps([_facts(person) for person in found], indent=2))
        return
    for person in found:
        state = "  banned" if person.banned else ""
        click.echo(f"{person.name:30}  {_role(person):13}  {person.joined[:10]}{state}  {person.shown}".rstrip())
    click.echo(f"{len(found):,} accounts", err=True)


@people.command()
@click.argument("name")
@JSON
@command(create=False, remote=True)
def show(library: Place, name: str, *, as_json: bool) -> None:
    """Show one account."""
    mine = library.me(library.acting_as(OWNER, name))
    if as_json:
        click.echo(json.dumps(_facts(mine.person) | {"email": mine.email}, indent=2))
        return
    person = mine.person
    lines = {
        "Name": person.name,
        "Shown as": person.shown,
        "E-mail": mine.email or "",
        "Role": _role(person),
        "ORCID": person.orcid or "",
        "Joined": person.joined,
        "Banned": f"{person.banned}: {person.ban_reason}" if person.banned else "",
        "About": person.about,
    }
    for field, value in lines.items():
        if value:
            click.echo(f"{field:10} {value}")


@people.command()
@click.argument("name")
@click.argument("role", type=click.Choice(ROLES))
@REASON
@command(create=False, remote=True)
def role(library: Place, name: str, role: str, reason: str) -> None:
    """Give somebody a role."""
    library.set_role(OWNER, name, Role[role.upper()], reason)
    click.echo(f"{name} is {'an' if role[0] in 'ae' else 'a'} {role} now.")


@people.command()
@click.argument("name")
@click.option("--reason", required=True, help="Why, for the log that members can read, and for who is banned.")
@command(create=False, remote=True)
def ban(library: Place, name: str, reason: str) -> None:
    """Let somebody only read from now on."""
    library.ban(OWNER, name, reason)
    click.echo(f"{name} may only read now.")


@people.command()
@click.argument("name")
@click.option("--reason", required=True, help="Why, for the log that members can read, and for them.")
@command(create=False, remote=True)
def unban(library: Place, name: str, reason: str) -> None:
    """Let somebody take part again."""
    library.unban(OWNER, name, reason)
    click.echo(f"{name} may write again.")


@people.command()
@click.option("--role", default="reader", show_default=True, type=click.Choice(ROLES), help="What they are to be.")
@click.option("--note", default="", help="Whom it is for, to tell it by in the list.")
@click.option("--days", default=14, show_default=True, type=int, help="How long it is good.")
@click.option("--uses", default=1, show_default=True, type=int, help="How many it lets in.")
@click.pass_context
def invite(context: click.Context, role: str, note: str, days: int, uses: int) -> None:
    """Make an invitation, and print its link. It is shown this once."""
    with complaining(), opened(context, remote=True) as place:
        made, secret = place.invite(OWNER, role=Role[role.upper()], note=note, days=days, uses=uses)
        single = not isinstance(place, Remote) and place.rules.access is Access.SINGLE
        site = place.address if isinstance(place, Remote) else address(settings_of(context))
    click.echo(f"{site}/sign-in/invited/{secret}")
    click.echo(f"It is invitation {made.number}, for {uses:,} as {role}, until {made.expires}.", err=True)
    if single:
        click.echo("This place is for one person; to let others in, set `access` to invite or open.", err=True)


@people.command()
@click.argument("name")
@click.option("--name", "called", default="made at the command line", show_default=True, help="To tell it by.")
@click.option(
    "--scope", "scopes", multiple=True, type=click.Choice([scope.value for scope in Scope]), default=["read"],
    show_default=True, help="What it may be used for; may be given again.",
)  # fmt: skip
@click.option("--days", default=90, show_default=True, type=int, help="How long it is good; 0 is until it is ended.")
@command(create=False, remote=True)
def token(library: Place, name: str, called: str, scopes: tuple[str, ...], days: int) -> None:
    """Make a personal access token for somebody, and print it. It is shown this once."""
    wanted = frozenset(map(Scope, scopes))
    made, secret = library.make_token(library.acting_as(OWNER, name), called, wanted, days or None)
    click.echo(secret)
    click.echo(f"It is token {made.number}, good for {', '.join(scopes)} until {made.expires or 'ended'}.", err=True)


@people.command()
@click.argument("name")
@command(create=False, remote=True)
def export(library: Place, name: str) -> None:
    """Print all that somebody gave to this place, as JSON."""
    click.echo(json.dumps(library.export_me(library.acting_as(OWNER, name)), indent=2, ensure_ascii=False))


@people.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@command(create=False, remote=True)
def leave(library: Place, name: str, *, yes: bool) -> None:
    """Delete somebody's account: personal data goes, comments stay under nobody's name."""
    actor = library.acting_as(OWNER, name)
    if not yes:
        click.confirm(f"Delete the account {actor.name}? This cannot be undone.", abort=True)
    library.leave(actor)
    click.echo(f"The account {actor.name} is gone.")


def _role(person: Person) -> str:
    return person.role.name.lower()


def _facts(person: Person) -> dict[str, object]:
    return dataclasses.asdict(person) | {"role": _role(person)}
