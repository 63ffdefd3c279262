"""Groups: for those who are in them. Whoever is not in one does not find it."""

from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import ConfigDict

from broadsheet.api.v1.asking import Asked, there, widened
from broadsheet.api.v1.operations import Operations
from broadsheet.api.v1.parameters import NAME, Cursor, Group, Limit, Number, PaperId, Sent, Text, Whole, Word
from broadsheet.types import Circle, Comment, Invited, Members, Order, Shelved, Span
from broadsheet.wire import GroupStretch, Link, Listed, ShelfStretch

groups = Operations("groups", "Private reading groups: members, shelf, edition, discussion.")

Secret = Annotated[str, Path(description="The secret of a link to a group.", max_length=NAME)]
Member = Annotated[str, Path(description="The name of a member.", max_length=NAME)]


@groups.reads("/groups", rule="read group")
def circles(asked: Asked) -> Listed[Circle]:
    """The groups that one is in."""
    return Listed(asked.library.circles(asked.actor))


class Founding(Sent):
    """What a group is called, and what it is about."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"shown": "Kite readers", "about": "Kites, on Fridays."}]}
    )

    shown: Word
    about: Text = ""


@groups.makes("/groups", rule="found", counted="found")
def found(asked: Asked, body: Founding) -> Circle:
    """Found a group."""
    made = asked.library.found(asked.actor, body.shown, body.about)
    asked.location = f"/groups/{made.name}"
    return made


@groups.reads("/dissolved-groups", rule="read group")
def dissolved(asked: Asked) -> Listed[Circle]:
    """The groups that one ran and that can still be opened again."""
    return Listed(asked.library.dissolved(asked.actor))


@groups.reads("/group-links/{secret}")
def invited(asked: Asked, secret: Secret) -> Invited:
    """What a link to a group leads to."""
    return asked.library.invited(asked.actor, secret)


@groups.makes("/group-links/{secret}", rule="join", status=200)
def join(asked: Asked, secret: Secret) -> Circle:
    """Go into a group by a link."""
    return asked.library.join(asked.actor, secret)


@groups.reads("/groups/{group}", rule="read group")
def group(asked: Asked, group: Group) -> Circle:
    """A group."""
    return asked.library.group(asked.actor, group)


@groups.changes("/groups/{group}", rule="run group")
def change_group(asked: Asked, group: Group, body: Founding) -> Circle:
    """Rename a group, and say what it is about; its address stays."""
    asked.expects(asked.library.group(asked.actor, group))
    return asked.library.change_group(asked.actor, group, body.shown, body.about)


@groups.ends("/groups/{group}", rule="run group")
def dissolve(asked: Asked, group: Group) -> None:
    """Close a group for all; what it holds is kept for 30 days."""
    asked.library.dissolve(asked.actor, group)


@groups.makes("/groups/{group}/restore", rule="run group", status=200)
def restore_group(asked: Asked, group: Group) -> Circle:
    """Open a dissolved group again."""
    return asked.library.restore_group(asked.actor, group)


@groups.reads("/groups/{group}/export", rule="run group")
def export_group(asked: Asked, group: Group) -> dict[str, Any]:
    """All that a group holds."""
    return asked.library.export_group(asked.actor, group)


# Members.


@groups.reads("/groups/{group}/members", rule="read group")
def members(asked: Asked, group: Group) -> Members:
    """Who is in a group; its owner also gets the links that are still good."""
    return asked.library.members(asked.actor, group)


@groups.ends("/groups/{group}/members/me", rule="leave group")
def leave_group(asked: Asked, group: Group) -> None:
    """Leave a group."""
    asked.library.leave_group(asked.actor, group)


@groups.ends("/groups/{group}/members/{person}", rule="run group")
def remove_member(asked: Asked, group: Group, person: Member) -> None:
    """Take somebody out of a group, and withdraw its links."""
    asked.library.remove_member(asked.actor, group, person)


class Heir(Sent):
    """The name of a member."""

    to: Word


@groups.puts("/groups/{group}/owner", rule="run group")
def hand_on(asked: Asked, group: Group, body: Heir) -> Members:
    """Make another member the owner."""
    asked.library.hand_on(asked.actor, group, body.to)
    return asked.library.members(asked.actor, group)


class Inviting(Sent):
    """For how many days a link is good, and how many people it lets in."""

    days: Whole = 14
    uses: Whole = 20


@groups.makes("/groups/{group}/links", rule="run group", counted="invite", secret=True)
def invite_to(asked: Asked, group: Group, body: Inviting) -> Link:
    """Make a link to a group. Its secret is shown this once."""
    return Link(asked.library.invite_to(asked.actor, group, days=body.days, uses=body.uses))


@groups.ends("/groups/{group}/links/{number}", rule="run group")
def withdraw_link(asked: Asked, group: Group, number: Number) -> None:
    """End a link to a group."""
    asked.library.withdraw_link(asked.actor, group, number)


# Shelf.


@groups.reads("/groups/{group}/shelf", rule="read group")
def shelf(asked: Asked, group: Group, limit: Limit = 50, cursor: Cursor = "") -> ShelfStretch:
    """A group's shelf, the latest first."""
    offset = asked.offset(cursor)
    stretch = asked.library.shelf(asked.actor, group, limit=limit, offset=offset)
    return widened(ShelfStretch, stretch, cursor=asked.after(offset, limit, stretch.total))


@groups.reads("/groups/{group}/shelf/{paper:path}", rule="read group")
def shelved(asked: Asked, group: Group, paper: PaperId) -> Shelved:
    """What a group's shelf says of a paper."""
    return _shelved(asked, group, paper)


class Note(Sent):
    """What to say of a paper."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"note": "For the second week."}]})

    note: Text = ""


@groups.puts("/groups/{group}/shelf/{paper:path}", rule="shelve")
def shelve(asked: Asked, group: Group, paper: PaperId, body: Note) -> Shelved:
    """Put a paper on a group's shelf, or change its note."""
    asked.library.shelve(asked.actor, group, paper, body.note)
    return _shelved(asked, group, paper)


@groups.ends("/groups/{group}/shelf/{paper:path}", rule="shelve")
def unshelve(asked: Asked, group: Group, paper: PaperId) -> None:
    """Take a paper down from a group's shelf."""
    asked.library.shelve(asked.actor, group, paper, on=False)


def _shelved(asked: Asked, group: str, paper: str) -> Shelved:
    return there(asked.library.shelved(asked.actor, group, paper), "This paper is not on the group's shelf.")


# Edition and discussion.


@groups.reads("/groups/{group}/editions/{span}/{key}", rule="read group")
def group_edition(
    asked: Asked,
    *,
    group: Group,
    span: Span,
    key: Annotated[str, Path(description="“latest”, “2026-11-20”, “2026-W47”, “2026-11”.", max_length=NAME)],
    limit: Limit = 20,
    cursor: Cursor = "",
) -> GroupStretch:
    """A group's own edition."""
    offset, named = asked.offset(cursor), None if key == "latest" else key
    found = asked.library.group_edition(asked.actor, group, span, named, limit=limit, offset=offset)
    return widened(GroupStretch, found, cursor=asked.after(offset, limit, found.total))


@groups.reads("/groups/{group}/discussion", rule="read group")
def discussion(
    asked: Asked,
    group: Group,
    order: Annotated[Order, Query(description="The best first, the newest, or the oldest.")] = Order.BEST,
) -> Listed[Comment]:
    """What was said in a group's own discussion, that is about no paper."""
    return Listed(asked.library.discussion(asked.actor, group, order=order))


class Remark(Sent):
    """A comment in Markdown; `parent` is the number of the one that it answers."""

    text: Text
    parent: Whole | None = None


@groups.makes("/groups/{group}/discussion", rule="comment", counted="comment")
def discuss(asked: Asked, group: Group, body: Remark) -> Comment:
    """Say something in a group's own discussion."""
    said = asked.library.comment(asked.actor, None, body.text, parent=body.parent, group=group)
    asked.location = f"/comments/{said.number}"
    return said
