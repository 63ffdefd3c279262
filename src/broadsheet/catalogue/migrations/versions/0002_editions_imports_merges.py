"""Editions, imports that can be resumed, and merges that can be undone."""

import json

from alembic import op
from sqlalchemy import Column, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, Text, column, select, table

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Adds the tables, and fills the editions from what the sources already said."""
    op.create_table(
        "edition_entry",
        Column("day", Text, nullable=False),
        Column("paper", Integer, nullable=False),
        Column("source", Integer, nullable=False),
        Column("position", Integer),
        PrimaryKeyConstraint("day", "paper", "source", name="pk_edition_entry"),
        ForeignKeyConstraint(["paper"], ["paper.number"], name="fk_edition_entry_paper"),
        ForeignKeyConstraint(["source"], ["source.number"], name="fk_edition_entry_source"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_edition_entry_paper", "edition_entry", ["paper"])
    op.create_table(
        "import_run",
        Column("number", Integer, nullable=False),
        Column("fingerprint", Text, nullable=False),
        Column("path", Text, nullable=False),
        Column("source", Text, nullable=False),
        Column("position", Integer, nullable=False),
        Column("new", Integer, nullable=False),
        Column("changed", Integer, nullable=False),
        Column("unchanged", Integer, nullable=False),
        Column("merged", Integer, nullable=False),
        Column("started", Text, nullable=False),
        Column("last_at", Text, nullable=False),
        Column("finished", Text),
        Column("error", Text, nullable=False),
        PrimaryKeyConstraint("number", name="pk_import_run"),
    )
    op.create_index("ix_import_run_fingerprint", "import_run", ["fingerprint"])
    op.create_table(
        "merge_event",
        Column("number", Integer, nullable=False),
        Column("kept_paper", Integer, nullable=False),
        Column("merged_paper", Integer),
        Column("kept_key", Text, nullable=False),
        Column("merged_key", Text, nullable=False),
        Column("statements", Text, nullable=False),
        Column("former_keys", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("at", Text, nullable=False),
        Column("undone", Text),
        PrimaryKeyConstraint("number", name="pk_merge_event"),
    )
    op.create_index("ix_merge_event_kept_paper", "merge_event", ["kept_paper"])
    op.create_index("ix_merge_event_merged_paper", "merge_event", ["merged_paper"])
    op.create_table(
        "keep_apart",
        Column("low", Integer, nullable=False),
        Column("high", Integer, nullable=False),
        PrimaryKeyConstraint("low", "high", name="pk_keep_apart"),
        ForeignKeyConstraint(["low"], ["paper.number"], name="fk_keep_apart_low"),
        ForeignKeyConstraint(["high"], ["paper.number"], name="fk_keep_apart_high"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_keep_apart_high", "keep_apart", ["high"])
    _fill_editions()


def _fill_editions() -> None:
    statement = table("statement", column("number"), column("paper"), column("source"), column("record"))
    entry = table("edition_entry", column("day"), column("paper"), column("source"), column("position"))
    connection, last = op.get_bind(), 0
    # In stretches: a catalogue is larger than memory may be.
    while rows := connection.execute(
        select(statement).where(statement.c.number > last).order_by(statement.c.number).limit(2000)
    ).all():
        last = rows[-1].number
        for row in rows:
            said = json.loads(row.record)
            where = {"day": said.get("edition"), "paper": row.paper, "source": row.source}
            if where["day"] and not connection.execute(select(entry).filter_by(**where)).first():
                connection.execute(entry.insert().values(**where, position=said.get("position")))
