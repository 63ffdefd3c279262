"""Who may do what: one table, and one function that every verb of the door asks first.

A row says which role a verb needs, which scope a token needs for it, and who may do it to what is somebody else's.
What belongs to a private group is not a matter of roles: who is not in it does not find it (`Library.circle`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from broadsheet.errors import Forbidden, SignInNeeded
from broadsheet.types import Actor, Role, Scope


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may use a verb: at least this role, with a token of this scope.

    `others` is the role that may use it on what is somebody else's; None: nobody. `says` is the verb in a sentence
    ("You may not …"). `banned`: those who are banned may still do it.
    """

    role: Role
    scope: Scope
    says: str
    others: Role | None = None
    banned: bool = False


_READER, _EDITOR, _MODERATOR, _ADMINISTRATOR = Role

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        # What everybody with an account does.
        "vote": Rule(_READER, Scope.VOTE, "vote"),
        "follow": Rule(_READER, Scope.VOTE, "follow papers"),
        "comment": Rule(_READER, Scope.COMMENT, "comment"),
        "edit": Rule(_READER, Scope.COMMENT, "change this comment"),
        "delete": Rule(_READER, Scope.COMMENT, "delete this comment"),
        "flag": Rule(_READER, Scope.COMMENT, "flag this"),
        "submit": Rule(_READER, Scope.SUBMIT, "submit papers"),
        "link": Rule(_READER, Scope.SUBMIT, "change the links of this paper", _MODERATOR),
        "claim": Rule(_READER, Scope.SUBMIT, "claim papers"),
        # Groups: what members do, and what their owners do (`mine` says whether who asks owns the group). No role reads
        # a group without being in it.
        "read group": Rule(_READER, Scope.READ, "read groups", banned=True),
        "found": Rule(_READER, Scope.SUBMIT, "found a group"),
        "join": Rule(_READER, Scope.SUBMIT, "join a group"),
        "shelve": Rule(_READER, Scope.SUBMIT, "change this shelf"),
        "run group": Rule(_READER, Scope.ADMIN, "run this group"),
        "leave group": Rule(_READER, Scope.SUBMIT, "leave this group", banned=True),
        # One's own account; never somebody else's.
        "inbox": Rule(_READER, Scope.READ, "read these notices", banned=True),
        "account": Rule(_READER, Scope.ADMIN, "look after this account", banned=True),
        "read mine": Rule(_READER, Scope.READ, "read what belongs to this account", banned=True),
        "subscribe": Rule(_READER, Scope.SUBMIT, "change what is sent to you", banned=True),
        "stand": Rule(_READER, Scope.SUBMIT, "change standing queries"),
        "channel": Rule(_READER, Scope.ADMIN, "change channels"),
        # Moderation.
        "moderate": Rule(_MODERATOR, Scope.ADMIN, "moderate", _MODERATOR),
        "read act": Rule(_READER, Scope.READ, "read the moderation log"),
        # Administration.
        "people": Rule(_ADMINISTRATOR, Scope.ADMIN, "manage accounts", _ADMINISTRATOR),
        "close group": Rule(_ADMINISTRATOR, Scope.ADMIN, "look after groups", _ADMINISTRATOR),
        "invite": Rule(_ADMINISTRATOR, Scope.ADMIN, "invite people", _ADMINISTRATOR),
        "decide claim": Rule(_ADMINISTRATOR, Scope.ADMIN, "decide about claims", _ADMINISTRATOR),
        "merge": Rule(_EDITOR, Scope.ADMIN, "merge records"),
        "split": Rule(_EDITOR, Scope.ADMIN, "split records"),
        "import": Rule(_ADMINISTRATOR, Scope.ADMIN, "import papers"),
        "index": Rule(_ADMINISTRATOR, Scope.ADMIN, "look after the index"),
        "jobs": Rule(_ADMINISTRATOR, Scope.ADMIN, "look after jobs"),
        "outbox": Rule(_ADMINISTRATOR, Scope.ADMIN, "look after what is sent"),
        "sync": Rule(_ADMINISTRATOR, Scope.ADMIN, "run sources"),
    }
)


def require(actor: Actor, verb: str, *, mine: bool = True) -> None:
    """Raises Forbidden unless `actor` may use the verb; `mine` says whether what it is used on belongs to them.

    Raises SignInNeeded where an account would help.
    """
    rule = RULES[verb]
    if actor.role is None:
        raise SignInNeeded(f"Sign in to {rule.says}.")
    if actor.scopes is not None and rule.scope not in actor.scopes:
        raise Forbidden(f"This token may not {rule.says}: it would need the scope “{rule.scope}”.")
    if actor.banned and not rule.banned:
        raise Forbidden(f"You may not {rule.says}: this account was banned ({actor.banned}).")
    if actor.role < rule.role or (not mine and (rule.others is None or actor.role < rule.others)):
        raise Forbidden(f"You may not {rule.says}.")


def may(actor: Actor, verb: str, *, mine: bool = True) -> bool:
    """Whether `require` lets it pass: for faces, that show only what can be done."""
    try:
        require(actor, verb, mine=mine)
    except Forbidden:
        return False
    return True
