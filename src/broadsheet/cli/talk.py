"""Commands of what people do with papers: votes, comments, submissions, follows, notices, and what suits oneself.

At a folder, `--as` says whose account it is, unless the place is for one person. At a server it is the token's.
"""

import json
import sys
from collections.abc import Iterator, Sequence

import click

from broadsheet.cli import printing
from broadsheet.cli.frame import ACT_AS, JSON, Place, actor_of, command
from broadsheet.errors import NotFound
from broadsheet.types import Actor, Comment, Notice, Order, Submission
from broadsheet.wire import plain

GROUP = click.option("--group", default="", metavar="NAME", help="In this group; else for everybody.")


@click.command()
@click.argument("keys", metavar="ID...", nargs=-1, required=True)
@click.option("--off", is_flag=True, help="Take the vote back.")
@GROUP
@ACT_AS
@command(create=False, remote=True)
def vote(place: Place, keys: tuple[str, ...], group: str, name: str, *, off: bool) -> None:
    """Vote for papers."""
    actor = actor_of(place, name)
    for key in keys:
        stands = place.vote(actor, key, up=not off, group=group)
        click.echo(f"{stands.paper:18} {stands.votes:,} {'vote' if stands.votes == 1 else 'votes'}")


@click.command()
@click.argument("key", metavar="ID")
@click.option("--order", default="best", show_default=True, type=click.Choice([order.value for order in Order]))
@GROUP
@ACT_AS
@JSON
@command(create=False, remote=True)
def comments(place: Place, key: str, *, order: str, group: str, name: str, as_json: bool) -> None:
    """Print what was said of a paper."""
    actor = actor_of(place, name) if name or group else Actor("anyone")
    found = place.comments(key, actor=actor, order=Order(order), group=group)
    show(found, as_json=as_json)


def show(found: Sequence[Comment], *, as_json: bool) -> None:
    """Prints threads."""
    if as_json:
        click.echo(json.dumps(plain(found), indent=2, ensure_ascii=False))
        return
    for one in found:
        click.echo("\n".join(_thread(one, 0)))


def _thread(one: Comment, depth: int) -> Iterator[str]:
    """A comment with its answers, each a step further to the right."""
    edge = "  " * depth
    by = f"@{one.by.name}" if one.by else "somebody who has left"
    votes = f", {one.votes:,} votes" if one.votes else ""
    yield f"{edge}{one.number}  {by}  {one.at[:16].replace('T', ' ')}{votes}"
    said = "(deleted)" if one.deleted else f"(hidden: {one.reason})" if one.hidden and not one.text else one.text
    yield from (f"{edge}    {line}" for line in said.splitlines())
    for reply in one.replies:
        yield from _thread(reply, depth + 1)


@click.command()
@click.argument("key", metavar="ID")
@click.argument("text", required=False, default="")
@click.option("--parent", type=int, help="The number of the comment that this one answers.")
@GROUP
@ACT_AS
@command(create=False, remote=True)
def comment(place: Place, key: str, text: str, *, parent: int | None, group: str, name: str) -> None:
    """Say something of a paper, in Markdown; without TEXT it is read from standard input."""
    said = place.comment(actor_of(place, name), key, text or read_text(), parent=parent, group=group)
    click.echo(f"It is comment {said.number}.")


def read_text() -> str:
    """What was typed or piped."""
    return sys.stdin.read()


@click.command()
@click.argument("number", type=int)
@click.argument("text", required=False, default="")
@click.option("--delete", is_flag=True, help="Delete it instead.")
@ACT_AS
@command(create=False, remote=True)
def edit(place: Place, number: int, text: str, name: str, *, delete: bool) -> None:
    """Change one's own comment NUMBER; without TEXT the new one is read from standard input."""
    actor = actor_of(place, name)
    if delete:
        place.delete_comment(actor, number)
        click.echo(f"Comment {number} is deleted.")
        return
    now = place.comment_of(actor, number)
    changed = place.edit_comment(actor, number, text or read_text(), edit=now.edits)
    click.echo(f"Comment {number} was changed {changed.edits:,} times.")


@click.command()
@click.argument("named", metavar="ID")
@click.option("--comment", "text", default="", help="What opens its discussion.")
@GROUP
@ACT_AS
@command(create=False, remote=True)
def submit(place: Place, named: str, text: str, group: str, name: str) -> None:
    """Put a paper into the open edition, by any of its identifiers or addresses."""
    click.echo(_became(place.submit(actor_of(place, name), named, comment=text, group=group)))


def _became(done: Submission) -> str:
    if done.paper is None:
        return f"{done.named} is waited for: {done.note}"
    again = " It was there already: your submission is a vote." if done.again else ""
    return f"{printing.title(done.paper)} [{done.paper.id}] is in the edition of {done.day}.{again}"


@click.command()
@click.argument("keys", metavar="[ID]...", nargs=-1)
@click.option("--off", is_flag=True, help="Follow them no longer.")
@ACT_AS
@command(create=False, remote=True)
def follow(place: Place, keys: tuple[str, ...], name: str, *, off: bool) -> None:
    """Follow papers, whose new versions become notices; without ID print those that one follows."""
    actor = actor_of(place, name)
    for key in keys:
        place.follow_paper(actor, key, not off)
    if not keys:
        for paper in place.followed(actor):
            click.echo(printing.summary(paper))


@click.command()
@click.option("--all", "everything", is_flag=True, help="Those that were read, too.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000))
@click.option("--read", is_flag=True, help="Mark all as read.")
@ACT_AS
@command(create=False, remote=True)
def inbox(place: Place, limit: int, name: str, *, everything: bool, read: bool) -> None:
    """Print one's notices, the newest first."""
    actor = actor_of(place, name)
    for notice in place.notices(actor, unread=not everything, limit=limit):
        click.echo(_line(notice))
    if read:
        place.mark_read(actor)


def _line(notice: Notice) -> str:
    by = f"@{notice.by.name}" if notice.by else ""
    about = notice.paper.id if notice.paper else notice.circle
    parts = (notice.at[:16].replace("T", " "), f"{notice.kind.value:10}", by, about, notice.text)
    return "  ".join(part for part in parts if part)


@click.command("for-me")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 200))
@ACT_AS
@JSON
@command(create=False, remote=True)
def for_me(place: Place, limit: int, name: str, *, as_json: bool) -> None:
    """Print the papers of two weeks that suit one best, by what one voted for, keeps and follows."""
    hits = place.for_me(actor_of(place, name), limit=limit)
    if as_json:
        click.echo(json.dumps([printing.found(hit, explain=True) for hit in hits], indent=2))
        return
    if not hits:
        raise NotFound("Nothing is known yet of what suits you: vote for papers, or follow some.")
    for hit in hits:
        printing.line(hit, explain=False)
