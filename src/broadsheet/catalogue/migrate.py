"""Brings a catalogue to the newest shape, in one transaction: killed anywhere, it is as it was before.

SQLite would end a transaction at each change of shape if the driver had its way, and a killed migration
would then leave half of it (Alembic's default on SQLite). Here the whole way from the old revision to the
newest is one `Store.write()`, with Alembic told to use that connection and to commit nothing.

A catalogue that is up to date is recognised without importing Alembic: the command line starts quickly.
"""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from broadsheet.catalogue.connection import Store
from broadsheet.catalogue.schema import HEAD, REVISIONS
from broadsheet.errors import Damaged, Refused


def migrate(store: Store) -> None:
    """Brings the catalogue to HEAD. Raises Refused (a newer Broadsheet wrote it), Damaged, Busy, StorageFull."""
    with store.read() as connection:
        found = _revision(connection, store.path)
    if found == HEAD:
        return
    with store.write() as connection:
        # Another process may have done it while this one waited for the lock.
        if _revision(connection, store.path) != HEAD:
            _upgrade(connection)
            if wrong := store.strays(connection):
                raise Damaged(f"{store.path} could not be brought up to date: {wrong[0]}")


def _revision(connection: Connection, path: Path) -> str | None:
    """The revision of the catalogue; None for an empty file."""
    tables = set(inspect(connection).get_table_names())
    if "alembic_version" not in tables:
        if tables:
            raise Damaged(f"{path} is a database, but no catalogue of Broadsheet. Choose another home folder.")
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if found is not None and found not in REVISIONS:
        raise Refused(
            f"{path} was written by a newer Broadsheet (revision {found}; this one knows {HEAD}). Upgrade Broadsheet."
        )
    return found


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - 0.2 s to import, needed once a release
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
