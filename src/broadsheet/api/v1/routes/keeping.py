"""Moderation and administration: flags, bans, people, invitations, merged records, jobs, the index."""

import logging
import threading
from typing import Annotated, Literal

from fastapi import Query
from pydantic import ConfigDict

from broadsheet.api.v1.asking import Asked
from broadsheet.api.v1.operations import Operations
from broadsheet.api.v1.parameters import NAME, Cursor, Flag, Handle, Limit, Number, Sent, Text, Whole, Word
from broadsheet.errors import BroadsheetError
from broadsheet.library import Library
from broadsheet.types import (
    Act,
    Actor,
    Authorship,
    CircleFigures,
    Comment,
    Finding,
    Invitation,
    Job,
    Merge,
    Person,
    Role,
    Status,
)
from broadsheet.types import Flag as Flagged
from broadsheet.wire import Answered, Listed, NewInvitation

log = logging.getLogger("broadsheet.api")
keeping = Operations("keeping", "Moderation and administration.")

RoleName = Literal["reader", "editor", "moderator", "administrator"]


class Reasoned(Sent):
    """A reason that others can read."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "Off topic."}]})

    reason: Text


# Moderation.


class Flagging(Sent):
    """What to look at, and why."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"kind": "comment", "target": 7, "reason": "It advertises."}]}
    )

    kind: Literal["comment", "submission", "person"]
    target: Whole
    reason: Text


@keeping.makes("/flags", rule="flag", counted="flag")
def flag(asked: Asked, body: Flagging) -> Flagged:
    """Ask moderators to look at something."""
    return asked.library.flag(asked.actor, body.kind, body.target, body.reason)


@keeping.reads("/flags", rule="moderate")
def flags(
    asked: Asked, settled: Annotated[bool, Query(description="Those that were settled instead.")] = False
) -> Listed[Flagged]:
    """What moderators should look at, the longest-waiting first; or what they settled, the latest first."""
    return Listed(asked.library.flags(asked.actor, settled=settled))


class Outcome(Sent):
    """What came of a flag, and why."""

    outcome: Word
    reason: Text


@keeping.makes("/flags/{number}/settle", rule="moderate", status=204)
def settle(asked: Asked, number: Number, body: Outcome) -> None:
    """Say what came of a flag, and of all others of the same thing."""
    asked.library.settle(asked.actor, number, outcome=body.outcome, reason=body.reason)


@keeping.makes("/comments/{number}/hide", rule="moderate", status=200)
def hide_comment(asked: Asked, number: Number, body: Reasoned) -> Comment:
    """Hide what a comment says, with a reason that all can read."""
    asked.library.hide_comment(asked.actor, number, body.reason)
    return asked.library.comment_of(asked.actor, number)


@keeping.makes("/comments/{number}/restore", rule="moderate", status=200)
def restore_comment(asked: Asked, number: Number, body: Reasoned) -> Comment:
    """Show a hidden comment again."""
    asked.library.restore_comment(asked.actor, number, body.reason)
    return asked.library.comment_of(asked.actor, number)


@keeping.makes("/people/{name}/ban", rule="moderate", status=200)
def ban(asked: Asked, name: Handle, body: Reasoned) -> Person:
    """Let somebody only read from now on."""
    return asked.library.ban(asked.actor, name, body.reason)


@keeping.makes("/people/{name}/unban", rule="moderate", status=200)
def unban(asked: Asked, name: Handle, body: Reasoned) -> Person:
    """Let somebody take part again."""
    return asked.library.unban(asked.actor, name, body.reason)


@keeping.reads("/log", rule="read act")
def acts(asked: Asked, limit: Limit = 50, cursor: Cursor = "") -> Listed[Act]:
    """What moderators and administrators did, and why, the newest first."""
    return asked.numbered(
        lambda limit, before: asked.library.acts(asked.actor, limit=limit, before=before),
        lambda one: one.number,
        limit,
        cursor,
    )


# People.


@keeping.reads("/people", rule="people")
def people(
    asked: Asked,
    query: Annotated[str, Query(description="What their names or e-mail address hold.", max_length=NAME)] = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Listed[Person]:
    """Accounts by name."""
    return asked.counted(
        lambda limit, offset: asked.library.people(asked.actor, query, limit=limit, offset=offset), limit, cursor
    )


class NewRole(Sent):
    """A role, and why somebody gets it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"role": "moderator", "reason": "She offered."}]})

    role: RoleName
    reason: Text = ""


@keeping.puts("/people/{name}/role", rule="people")
def set_role(asked: Asked, name: Handle, body: NewRole) -> Person:
    """Give somebody a role."""
    asked.library.set_role(asked.actor, name, Role[body.role.upper()], body.reason)
    return asked.library.person(name)


class Orcid(Sent):
    """An ORCID iD; empty is none."""

    orcid: Word


@keeping.puts("/people/{name}/orcid", rule="people")
def set_orcid(asked: Asked, name: Handle, body: Orcid) -> Person:
    """Say which ORCID iD somebody has."""
    asked.library.set_orcid(asked.actor, name, body.orcid)
    return asked.library.person(name)


class InvitingHere(Sent):
    """In which role people come, whom it is for, for how many days it is good, and how many it lets in."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"note": "The new students", "uses": 5}]})

    role: RoleName = "reader"
    note: Word = ""
    days: Whole = 14
    uses: Whole = 1


@keeping.makes("/invitations", rule="invite", counted="invite", secret=True)
def invite(asked: Asked, body: InvitingHere) -> NewInvitation:
    """Make an invitation. Its secret is shown this once."""
    role = Role[body.role.upper()]
    return NewInvitation(*asked.library.invite(asked.actor, role=role, note=body.note, days=body.days, uses=body.uses))


@keeping.reads("/invitations", rule="invite")
def invitations(asked: Asked) -> Listed[Invitation]:
    """The invitations that are still good, the newest first."""
    return Listed(asked.library.invitations(asked.actor))


@keeping.ends("/invitations/{number}", rule="invite")
def withdraw_invitation(asked: Asked, number: Number) -> None:
    """Withdraw an invitation."""
    asked.library.withdraw_invitation(asked.actor, number)


@keeping.reads("/claims", rule="decide claim")
def asked_claims(asked: Asked) -> Listed[Authorship]:
    """The claims that an administrator must decide, the longest-waiting first."""
    return Listed(asked.library.asked_claims(asked.actor))


class Decision(Sent):
    """Whose claim to which paper, whether it is right, and why not."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"paper": "2611.00001", "name": "ada", "yes": True}]})

    paper: Word
    name: Word
    yes: Flag
    reason: Text = ""


@keeping.makes("/claims", rule="decide claim", status=204)
def decide_claim(asked: Asked, body: Decision) -> None:
    """Confirm somebody's claim, or refuse it with a reason."""
    asked.library.decide_claim(asked.actor, body.paper, body.name, yes=body.yes, reason=body.reason)


@keeping.reads("/group-figures", rule="close group")
def group_figures(asked: Asked) -> Listed[CircleFigures]:
    """Which groups there are, whose, how large; no name, no word."""
    return Listed(asked.library.group_figures(asked.actor))


class Closing(Sent):
    """Whether a group is to be closed or opened again, and why."""

    on: Flag = True
    reason: Text


@keeping.makes("/group-figures/{number}/close", rule="close group", status=204)
def close_group(asked: Asked, number: Number, body: Closing) -> None:
    """Close a group from outside, or open it again."""
    asked.library.close_group(asked.actor, number, body.reason, on=body.on)


# Records, jobs, the index.


class Merging(Sent):
    """Two records of one paper, and why they are one."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"keep": "2611.00001", "other": "doi:10.1000/fold.7"}]})

    keep: Word
    other: Word
    reason: Word = "by hand"


@keeping.makes("/merges", rule="merge")
def merge(asked: Asked, body: Merging) -> Merge:
    """Join two records of one paper under the first."""
    return asked.library.merge(body.keep, body.other, reason=body.reason, actor=asked.actor)


@keeping.ends("/merges/{number}", rule="split")
def split(asked: Asked, number: Number) -> None:
    """Undo a merge, and keep the two apart from now on."""
    asked.library.split(number, actor=asked.actor)


@keeping.reads("/status", rule="index")
def status(asked: Asked) -> Status:
    """The figures of this installation."""
    return asked.library.status()


@keeping.reads("/findings", rule="index")
def doctor(asked: Asked) -> Listed[Finding]:
    """What is wrong with this installation, and how to mend it. It reads all files, which takes a while."""
    return Listed(list(asked.library.doctor()))


@keeping.makes("/index/rebuild", rule="index", status=202)
def rebuild_index(asked: Asked) -> Answered:
    """Build the index anew beside the present one, which answers until then."""
    threading.Thread(target=_rebuild, args=(asked.library, asked.actor), name="rebuilding", daemon=True).start()
    return Answered("The index is being built anew. The present one answers until then.")


def _rebuild(library: Library, actor: Actor) -> None:
    """Builds the index where nobody waits for it."""
    try:
        library.rebuild_index(actor=actor)
    except BroadsheetError as error:
        log.warning("the index was not built anew: %s", error)


@keeping.reads("/index/findings", rule="index")
def verify_index(asked: Asked) -> Listed[Finding]:
    """Reads the whole index and compares it with the catalogue."""
    return Listed(asked.library.verify_index())


@keeping.reads("/jobs", rule="jobs")
def jobs(asked: Asked) -> Listed[Job]:
    """The schedule: what runs by itself, and how it went last."""
    return Listed(asked.library.jobs())
