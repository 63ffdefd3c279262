"""One's own account, and people as everybody sees them."""

from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import ConfigDict, Field

from broadsheet.api.v1.asking import Asked, Precondition
from broadsheet.api.v1.operations import Operations
from broadsheet.api.v1.parameters import NAME, Cursor, Flag, Handle, Limit, Number, Sent, Text, Whole, Word
from broadsheet.errors import NotFound
from broadsheet.library import LIMITS
from broadsheet.types import (
    Allowance,
    Authorship,
    Mine,
    Notice,
    NoticeKind,
    Paper,
    Passkey,
    Person,
    Scope,
    Session,
    Token,
    Visitor,
)
from broadsheet.wire import Listed, NewToken, Unread

account = Operations("account", "One's own account, its tokens, sessions and notices; and people.")


@account.reads("/me", rule="account")
def me(asked: Asked) -> Mine:
    """One's account, with what only its owner sees."""
    return asked.library.me(asked.actor)


class Changes(Sent):
    """What is to change; what is left out, or null, stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"shown": "Ada L.", "notify": ["reply", "version"]}]})

    name: Word | None = None
    shown: Word | None = None
    about: Text | None = None
    show_votes: Flag | None = None
    notify: list[NoticeKind] | None = None


@account.changes("/me", rule="account")
def change_me(asked: Asked, body: Changes) -> Mine:
    """Change one's account."""
    asked.expects(asked.library.me(asked.actor))
    asked.library.change_me(
        asked.actor,
        name=body.name,
        shown=body.shown,
        about=body.about,
        show_votes=body.show_votes,
        notify=None if body.notify is None else frozenset(body.notify),
    )
    return asked.library.me(asked.actor)


@account.ends("/me", rule="account")
def leave(
    asked: Asked,
    confirm: Annotated[str, Query(description="The account's name, to show that it is meant.", max_length=NAME)] = "",
) -> None:
    """End one's account: personal data and votes go, comments stay under nobody's name.

    This cannot be undone. So it asks for the account's name in `confirm`.
    """
    name = asked.library.me(asked.actor).person.name
    if confirm != name:
        raise Precondition(f"To end the account for good, say its name: ?confirm={name}", missing=True)
    asked.library.leave(asked.actor)


@account.reads("/me/export", rule="account")
def export_me(asked: Asked) -> dict[str, Any]:
    """All that one gave to this place."""
    return asked.library.export_me(asked.actor)


@account.reads("/me/allowances/{kind}")
def allowance(asked: Asked, kind: Annotated[str, Path(description=f"One of {', '.join(LIMITS)}.")]) -> Allowance | None:
    """How often something may still be done; null where nothing limits it."""
    if kind not in LIMITS:
        raise NotFound(f"There is no limit of that name. There are: {', '.join(LIMITS)}.")
    return asked.library.allowance(asked.actor, kind)


@account.reads("/me/follows", rule="read mine")
def followed(asked: Asked) -> Listed[Paper]:
    """The papers that one follows, the latest first."""
    return Listed(asked.library.followed(asked.actor))


# Ways in.


@account.reads("/me/tokens", rule="account")
def tokens(asked: Asked) -> Listed[Token]:
    """One's tokens, the newest first."""
    return Listed(asked.library.tokens(asked.actor))


class Wanted(Sent):
    """What a token is called, what it is good for, and for how many days; null is until it is ended."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "a bot", "scopes": ["read", "vote"], "days": 90}]}
    )

    name: Word
    scopes: Annotated[list[Scope], Field(max_length=len(Scope))]
    days: Whole | None = None


@account.makes("/me/tokens", rule="account", secret=True)
def make_token(asked: Asked, body: Wanted) -> NewToken:
    """Make a personal access token. Its secret is shown this once."""
    return NewToken(*asked.library.make_token(asked.actor, body.name, frozenset(body.scopes), body.days))


@account.ends("/me/tokens/{number}", rule="account")
def end_token(asked: Asked, number: Number) -> None:
    """End one of one's tokens."""
    asked.library.end_token(asked.actor, number)


@account.reads("/me/sessions", rule="account")
def sessions(asked: Asked) -> Listed[Session]:
    """The browsers in which one is signed in, the last seen first."""
    return Listed(asked.library.sessions(asked.actor, _here(asked)))


@account.ends("/me/sessions/{number}", rule="account")
def end_session(asked: Asked, number: Number) -> None:
    """Sign one browser out."""
    asked.library.end_session(asked.actor, number)


@account.ends("/me/sessions", rule="account")
def end_other_sessions(asked: Asked) -> None:
    """Sign all browsers out but the one that asks; asked with a token, all."""
    asked.library.end_other_sessions(asked.actor, _here(asked))


def _here(asked: Asked) -> int:
    visitor = asked.request.scope.get("visitor")
    return visitor.session if isinstance(visitor, Visitor) else 0


@account.reads("/me/passkeys", rule="account")
def passkeys(asked: Asked) -> Listed[Passkey]:
    """One's passkeys; they are made in a browser."""
    return Listed(asked.library.passkeys(asked.actor))


@account.ends("/me/passkeys/{number}", rule="account")
def remove_passkey(asked: Asked, number: Number) -> None:
    """Remove one of one's passkeys."""
    asked.library.remove_passkey(asked.actor, number)


# Notices.


@account.reads("/me/notices", rule="inbox")
def notices(
    asked: Asked,
    unread: Annotated[bool, Query(description="Only those that are not read yet.")] = False,
    limit: Limit = 20,
    cursor: Cursor = "",
) -> Listed[Notice]:
    """One's notices, the newest first."""
    return asked.numbered(
        lambda limit, before: asked.library.notices(asked.actor, unread=unread, limit=limit, before=before),
        lambda one: one.number,
        limit,
        cursor,
    )


@account.reads("/me/unread")
def unread(asked: Asked) -> Unread:
    """How many notices one has not read."""
    return Unread(asked.library.unread(asked.actor))


class Read(Sent):
    """The numbers of the notices that were read; null is all."""

    numbers: Annotated[list[Whole], Field(max_length=1_000)] | None = None


@account.makes("/me/notices/read", rule="inbox", status=200)
def mark_read(asked: Asked, body: Read) -> Unread:
    """Mark notices as read."""
    asked.library.mark_read(asked.actor, body.numbers)
    return Unread(asked.library.unread(asked.actor))


# People.


@account.reads("/people/{name}")
def person(asked: Asked, name: Handle) -> Person:
    """Somebody who is here."""
    return asked.library.person(name)


@account.reads("/people/{name}/votes")
def voted(asked: Asked, name: Handle, limit: Limit = 20, cursor: Cursor = "") -> Listed[Paper]:
    """The papers that somebody voted for, if they show it."""
    return asked.counted(
        lambda limit, offset: asked.library.voted(name, actor=asked.actor, limit=limit, offset=offset), limit, cursor
    )


@account.reads("/people/{name}/claims")
def claims(asked: Asked, name: Handle) -> Listed[Authorship]:
    """The papers that somebody wrote, the latest claim first."""
    return Listed(asked.library.claims(name, actor=asked.actor))
