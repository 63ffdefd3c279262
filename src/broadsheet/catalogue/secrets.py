"""Keys of this place, made at their first use: what links in letters and the names of letters are signed with.

Who reads the catalogue can sign; a copy of it signs what the place itself would. Nothing else is derived from them.
"""

import secrets

from sqlalchemy import Connection, bindparam, insert, select

from broadsheet.catalogue.schema import secret

_NAMED = select(secret.c.value).where(secret.c.name == bindparam("name"))


def known(connection: Connection, name: str) -> str | None:
    """The key of this name, if it was ever needed."""
    return connection.execute(_NAMED, {"name": name}).scalar()


def of(tx: Connection, name: str, at: str = "") -> str:
    """The key of this name: 256 bits in 43 letters, the same for ever. Made now if it is needed for the first time."""
    value = known(tx, name)
    if value is None:
        value = secrets.token_urlsafe(32)
        tx.execute(insert(secret).values(name=name, value=value, made=at))
    return value
