"""Personal access tokens. Of a token's secret there is only a hash."""

from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select, update

from broadsheet.catalogue import people
from broadsheet.catalogue.numbers import next_number
from broadsheet.catalogue.schema import person, token
from broadsheet.catalogue.sessions import Known
from broadsheet.errors import NotFound, Refused
from broadsheet.types import Scope, Token

MOST = 100  # of one person

# On the way of every request with a token: written down once.
_FIND = (
    select(person, token.c.number.label("token"), token.c.seen, token.c.scopes)
    .join(token, token.c.person == person.c.number)
    .where(token.c.secret == bindparam("secret_hash"), person.c.left.is_(None))
    .where(or_(token.c.expires.is_(None), token.c.expires > bindparam("now")))
)


def add(
    tx: Connection,
    who: int,
    secret: str,
    start: str,
    *,
    name: str,
    scopes: frozenset[Scope],
    at: str,
    expires: str | None,
) -> Token:
    """Makes a token. `secret` is the hash, `start` its first letters. Raises Refused for one too many."""
    if tx.execute(_of(select(func.count()), who)).scalar_one() >= MOST:
        raise Refused(f"You have {MOST} tokens already. End some first.")
    number = next_number(tx, token.c.number)
    facts = {"name": name, "start": start, "created": at, "expires": expires}
    tx.execute(insert(token).values(number=number, person=who, secret=secret, scopes=_words(scopes), **facts))
    return _read(tx.execute(select(token).where(token.c.number == number)).mappings().one())


def find(connection: Connection, secret: str, *, at: str) -> Known | None:
    """The token with this secret (a hash), if it has not expired."""
    row = connection.execute(_FIND, {"secret_hash": secret, "now": at}).mappings().first()
    return Known(people.read(row), row["token"], row["seen"] or "", row["scopes"]) if row is not None else None


def scopes(words: str) -> frozenset[Scope]:
    """The scopes of a row."""
    return frozenset(map(Scope, words.split()))


def touch(tx: Connection, number: int, at: str) -> None:
    """Notes that a token was used."""
    tx.execute(update(token).where(token.c.number == number).values(seen=at))


def listed(connection: Connection, who: int) -> list[Token]:
    """Somebody's tokens, the newest first; those that have expired among them."""
    query = _of(select(token), who).order_by(token.c.number.desc())
    return [_read(row) for row in connection.execute(query).mappings()]


def end(tx: Connection, who: int, number: int) -> None:
    """Ends one of somebody's tokens. Raises NotFound, for somebody else's too."""
    if not tx.execute(_of(delete(token), who).where(token.c.number == number)).rowcount:
        raise NotFound("There is no such token; it has ended already.")


def _read(row: Any) -> Token:
    names = "number", "name", "start", "created", "expires", "seen"
    return Token(**{name: row[name] for name in names}, scopes=scopes(row["scopes"]))


def _words(given: frozenset[Scope]) -> str:
    return " ".join(sorted(given))


def _of(query: Any, who: int) -> Any:
    return query.where(token.c.person == who)
