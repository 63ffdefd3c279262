"""Live sources: syncs, announcements, the editor's picks, events, signals, look-ups, jobs; deleted papers; categories.

The one step that takes time gives every paper its categories. It reads all statements in stretches, decodes nothing
but their categories, and asks no question per paper.
"""

import json

from alembic import op
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Double,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    Text,
    bindparam,
    column,
    false,
    select,
    table,
    update,
)

revision = "0003"
down_revision = "0002"

# Kinds of sources as they were believed when this step was written; it needs no more than those that there were then.
_PRECEDENCE = {
    "arxiv": 0,
    "arxiv-snapshot": 1,
    "records": 2,
    "daily-api": 3,
    "daily-lines": 3,
    "hf-daily": 3,
    "arxiv-hot": 3,
    "bibtex": 4,
    "daily-page": 5,
    "page": 5,
    "starter": 6,
}
_STRETCH = 5000


def upgrade() -> None:
    """Adds the tables and columns, and fills in the categories from what the sources already said."""
    op.add_column("paper", Column("categories", Text, nullable=False, server_default=""))
    op.add_column("paper", Column("deleted", Boolean, nullable=False, server_default=false()))
    op.add_column("statement", Column("deleted_at", Text))
    _syncs_and_announcements()
    _picks()
    _happenings()
    _jobs()
    _fill_categories()


def _syncs_and_announcements() -> None:
    op.create_table(
        "sync_run",
        Column("number", Integer, nullable=False),
        Column("source", Text, nullable=False),
        Column("scope", Text, nullable=False),
        Column("cursor", Text, nullable=False),
        Column("resumed", Boolean, nullable=False),
        *(Column(name, Integer, nullable=False) for name in ("read", "new", "changed", "unchanged", "merged")),
        Column("deleted", Integer, nullable=False),
        Column("started", Text, nullable=False),
        Column("last_at", Text, nullable=False),
        Column("finished", Text),
        Column("error", Text, nullable=False),
        PrimaryKeyConstraint("number", name="pk_sync_run"),
    )
    op.create_index("ix_sync_run_source_scope", "sync_run", ["source", "scope"])
    op.create_table(
        "announcement",
        Column("day", Text, nullable=False),
        Column("category", Text, nullable=False),
        Column("source", Integer, nullable=False),
        Column("expected", Integer),
        Column("at", Text, nullable=False),
        PrimaryKeyConstraint("day", "category", "source", name="pk_announcement"),
        ForeignKeyConstraint(["source"], ["source.number"], name="fk_announcement_source"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "announced_paper",
        Column("day", Text, nullable=False),
        Column("category", Text, nullable=False),
        Column("source", Integer, nullable=False),
        Column("arxiv", Text, nullable=False),
        Column("kind", Text, nullable=False),
        PrimaryKeyConstraint("day", "category", "source", "arxiv", name="pk_announced_paper"),
        ForeignKeyConstraint(
            ["day", "category", "source"],
            ["announcement.day", "announcement.category", "announcement.source"],
            name="fk_announced_paper_day_category_source",
        ),
        sqlite_with_rowid=False,
    )


def _picks() -> None:
    op.create_table(
        "edition_made",
        Column("day", Text, nullable=False),
        Column("model", Text, nullable=False),
        Column("sequence", Integer, nullable=False),
        Column("at", Text, nullable=False),
        PrimaryKeyConstraint("day", name="pk_edition_made"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "edition_pick",
        Column("day", Text, nullable=False),
        Column("paper", Integer, nullable=False),
        Column("position", Integer, nullable=False),
        Column("score", Double, nullable=False),
        Column("reason", Text, nullable=False),
        PrimaryKeyConstraint("day", "paper", name="pk_edition_pick"),
        ForeignKeyConstraint(["day"], ["edition_made.day"], name="fk_edition_pick_day"),
        ForeignKeyConstraint(["paper"], ["paper.number"], name="fk_edition_pick_paper"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_edition_pick_paper", "edition_pick", ["paper"])


def _happenings() -> None:
    op.create_table(
        "event",
        Column("number", Integer, nullable=False),
        Column("paper", Integer, nullable=False),
        Column("kind", Text, nullable=False),
        Column("at", Text, nullable=False),
        Column("version", Integer),
        Column("old", Text),
        Column("new", Text),
        PrimaryKeyConstraint("number", name="pk_event"),
    )
    op.create_index("ix_event_paper", "event", ["paper"])
    op.create_table(
        "signal",
        Column("paper", Integer, nullable=False),
        Column("kind", Text, nullable=False),
        Column("source", Integer, nullable=False),
        Column("day", Text, nullable=False),
        Column("count", Integer, nullable=False),
        PrimaryKeyConstraint("paper", "kind", "source", "day", name="pk_signal"),
        ForeignKeyConstraint(["source"], ["source.number"], name="fk_signal_source"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "lookup",
        Column("source", Integer, nullable=False),
        Column("paper", Integer, nullable=False),
        Column("at", Text, nullable=False),
        PrimaryKeyConstraint("source", "paper", name="pk_lookup"),
        ForeignKeyConstraint(["source"], ["source.number"], name="fk_lookup_source"),
        ForeignKeyConstraint(["paper"], ["paper.number"], name="fk_lookup_paper"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_lookup_paper", "lookup", ["paper"])
    op.create_index("ix_lookup_source_at", "lookup", ["source", "at"])


def _jobs() -> None:
    op.create_table(
        "job",
        Column("name", Text, nullable=False),
        Column("rule", Text, nullable=False),
        Column("enabled", Boolean, nullable=False),
        Column("help", Text, nullable=False),
        Column("next_run", Text),
        Column("last_run", Text),
        Column("last_seconds", Double),
        Column("state", Text, nullable=False),
        Column("result", Text, nullable=False),
        Column("failures", Integer, nullable=False),
        Column("worker", Text),
        Column("leased_until", Text),
        PrimaryKeyConstraint("name", name="pk_job"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "job_run",
        Column("number", Integer, nullable=False),
        Column("name", Text, nullable=False),
        Column("worker", Text, nullable=False),
        Column("started", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("result", Text, nullable=False),
        Column("seconds", Double),
        Column("ended", Text),
        PrimaryKeyConstraint("number", name="pk_job_run"),
    )
    op.create_index("ix_job_run_name", "job_run", ["name"])


def _fill_categories() -> None:
    paper = table("paper", column("number"), column("categories"))
    given = update(paper).where(paper.c.number == bindparam("b_number")).values(categories=bindparam("categories"))
    connection, last = op.get_bind(), 0
    # In stretches: a catalogue is larger than memory may be.
    numbers = select(paper.c.number).order_by(paper.c.number).limit(_STRETCH)
    while stretch := connection.execute(numbers.where(paper.c.number > last)).scalars().all():
        found = _categories(connection, stretch[0], stretch[-1])
        last = stretch[-1]
        if found:
            rows = [{"b_number": number, "categories": categories} for number, categories in found.items()]
            connection.execute(given, rows)


def _categories(connection: Connection, first: int, last: int) -> dict[int, str]:
    """The categories of the papers from `first` to `last`: those of the source that is believed most."""
    said = table("statement", *map(column, ("paper", "source", "source_key", "changed_at", "record")))
    source = table("source", column("number"), column("name"), column("kind"))
    # The newest words first, and the same order every time.
    query = (
        select(said.c.paper, source.c.kind, said.c.record)
        .join(source, source.c.number == said.c.source)
        .where(said.c.paper.between(first, last))
        .order_by(said.c.paper, said.c.changed_at.desc(), source.c.name, said.c.source_key)
    )
    best: dict[int, tuple[int, str]] = {}
    for number, kind, record in connection.execute(query):
        rank = _PRECEDENCE.get(kind, _PRECEDENCE["records"])
        if (number not in best or rank < best[number][0]) and (names := json.loads(record).get("categories")):
            best[number] = rank, " ".join(names)
    return {number: categories for number, (_, categories) in best.items()}
