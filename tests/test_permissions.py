"""Who may do what, as a table written out by hand: every verb, by every role, to one's own and to others', by session
and by every token, banned and not. And the door asks for it: no verb lets a passer-by write.
"""

import inspect
import itertools
import types
import typing
from collections.abc import Callable, Iterator
from enum import EnumType
from pathlib import Path

import pytest

from broadsheet import library as door
from broadsheet.errors import Forbidden, NotFound, Refused, SignInNeeded
from broadsheet.library import Library
from broadsheet.permissions import RULES, may, require
from broadsheet.types import ANYONE, OWNER, Actor, Role, Scope

# Letters are who may: (R)eader, (E)ditor, (M)oderator, (A)dministrator. Then the scope that a token must have, and
# whether those who are banned still may.
TABLE = """
verb          | own  | others' | scope   | banned
vote          | REMA | ----    | vote    | no
follow        | REMA | ----    | vote    | no
comment       | REMA | ----    | comment | no
edit          | REMA | ----    | comment | no
delete        | REMA | ----    | comment | no
flag          | REMA | ----    | comment | no
submit        | REMA | ----    | submit  | no
link          | REMA | --MA    | submit  | no
claim         | REMA | ----    | submit  | no
read group    | REMA | ----    | read    | yes
found         | REMA | ----    | submit  | no
join          | REMA | ----    | submit  | no
shelve        | REMA | ----    | submit  | no
run group     | REMA | ----    | admin   | no
leave group   | REMA | ----    | submit  | yes
inbox         | REMA | ----    | read    | yes
account       | REMA | ----    | admin   | yes
read mine     | REMA | ----    | read    | yes
subscribe     | REMA | ----    | submit  | yes
stand         | REMA | ----    | submit  | no
channel       | REMA | ----    | admin   | no
moderate      | --MA | --MA    | admin   | no
read act      | REMA | ----    | read    | no
people        | ---A | ---A    | admin   | no
close group   | ---A | ---A    | admin   | no
invite        | ---A | ---A    | admin   | no
decide claim  | ---A | ---A    | admin   | no
merge         | -EMA | ----    | admin   | no
split         | -EMA | ----    | admin   | no
import        | ---A | ----    | admin   | no
index         | ---A | ----    | admin   | no
jobs          | ---A | ----    | admin   | no
outbox        | ---A | ----    | admin   | no
sync          | ---A | ----    | admin   | no
"""
ROWS = {
    row[0]: row[1:] for line in TABLE.strip().splitlines()[1:] if (row := [cell.strip() for cell in line.split("|")])
}
LETTERS = {Role.READER: "R", Role.EDITOR: "E", Role.MODERATOR: "M", Role.ADMINISTRATOR: "A"}
SCOPES: list[frozenset[Scope] | None] = [
    None,
    frozenset(),
    *(frozenset({scope}) for scope in Scope),
    frozenset(Scope),
]


def test_every_verb_stands_in_the_table() -> None:
    assert set(ROWS) == set(RULES)


@pytest.mark.parametrize("verb", ROWS)
def test_the_table_holds_for_every_role_right_and_ban(verb: str) -> None:
    own, others, scope, banned_may = ROWS[verb]
    for role, mine, scopes, banned in itertools.product(LETTERS, (True, False), SCOPES, ("", "spam")):
        actor = Actor("ada", role, 7, scopes, banned)
        allowed = (
            LETTERS[role] in own
            and (mine or LETTERS[role] in others)
            and (scopes is None or scope in {one.value for one in scopes})
            and (not banned or banned_may == "yes")
        )
        assert may(actor, verb, mine=mine) is allowed, (role, mine, scopes, banned)
        if not allowed:
            with pytest.raises(Forbidden) as caught:
                require(actor, verb, mine=mine)
            assert not isinstance(caught.value, SignInNeeded), "signing in would not help"


@pytest.mark.parametrize("verb", ROWS)
def test_a_passer_by_is_asked_to_sign_in_and_the_owner_may_do_all(verb: str) -> None:
    for scopes in SCOPES:
        with pytest.raises(SignInNeeded):
            require(Actor("anyone", scopes=scopes), verb)
    assert may(OWNER, verb)


def test_a_refusal_says_why() -> None:
    with pytest.raises(Forbidden, match="scope “vote”"):
        require(Actor("ada", Role.ADMINISTRATOR, 1, frozenset({Scope.ADMIN})), "vote")
    with pytest.raises(Forbidden, match=r"banned \(spam\)"):
        require(Actor("ada", Role.READER, 1, banned="spam"), "vote")


# The door: every verb of the library that says who acts.

VERBS = {
    name: method
    for name, method in inspect.getmembers(Library, inspect.isfunction)
    if not name.startswith("_") and "actor" in inspect.signature(method).parameters
}
# What everybody may read, and what tells and does nothing for who may not.
FOR_ALL = {
    "allowance",
    "comment_of",
    "comment_texts",
    "comments",
    "edition",
    "follows",
    "latest_comments",
    "read",
    "similar",
    "submissions",
    "unread",
    "votes",
}
FILLED: dict[object, object] = {str: "ada", int: 1, bool: True, float: 1.0, frozenset: frozenset(), type(None): None}


def filled(annotation: object) -> object:
    """Some value of a type: of a choice, the first."""
    origin, choices = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        return filled(choices[0])
    if origin is typing.Literal:
        return choices[0]
    if isinstance(annotation, EnumType):
        return next(iter(annotation))
    return link if origin is Callable else FILLED.get(origin or annotation, ())


def link(_: str) -> str:
    return "https://papers.example/link"


def call(library: Library, name: str, actor: Actor) -> None:
    """Calls a verb with what fits, and whatever its optional arguments are."""
    method: Callable[..., object] = getattr(library, name)
    hints = typing.get_type_hints(VERBS[name])
    wanted = {
        field: filled(hints[field])
        for field, parameter in inspect.signature(VERBS[name]).parameters.items()
        if field not in ("self", "actor", "plan") and parameter.default is inspect.Parameter.empty
    }
    method(actor=actor, **wanted)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    home: Path = tmp_path_factory.mktemp("door")
    with door.open(home, follow=False) as opened:
        opened.owner_actor()
        yield opened


@pytest.mark.parametrize("name", sorted(set(VERBS) - FOR_ALL))
def test_no_verb_of_the_door_is_for_passers_by(library: Library, name: str) -> None:
    with pytest.raises((Forbidden, NotFound)):
        call(library, name, ANYONE)


@pytest.mark.parametrize("name", sorted(set(VERBS) - FOR_ALL))
def test_no_verb_of_the_door_is_for_a_token_without_scopes(library: Library, name: str) -> None:
    with pytest.raises((Forbidden, NotFound)):
        call(library, name, Actor("owner", Role.ADMINISTRATOR, 1, frozenset()))


def test_only_the_command_line_acts_for_somebody_else(library: Library) -> None:
    assert library.acting_as(OWNER, "owner").person == 1
    for role in Role:
        with pytest.raises(Forbidden, match="command line"):
            library.acting_as(Actor("owner", role, 1), "owner")
    with pytest.raises(NotFound):
        library.acting_as(OWNER, "nobody")


def test_the_command_line_has_no_account(library: Library) -> None:
    for name in ("me", "export_me", "leave", "sessions", "tokens", "passkeys"):
        with pytest.raises(Refused, match="no account"):
            call(library, name, OWNER)
