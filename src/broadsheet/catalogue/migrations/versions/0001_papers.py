"""Papers, what their sources say of them, and the log of changes."""

from alembic import op
from sqlalchemy import Boolean, Column, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, Text, UniqueConstraint

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Makes the first tables of an empty catalogue."""
    _papers()
    _identifiers()
    _history()


def _papers() -> None:
    op.create_table(
        "source",
        Column("number", Integer, nullable=False),
        Column("name", Text, nullable=False),
        Column("kind", Text, nullable=False),
        PrimaryKeyConstraint("number", name="pk_source"),
        UniqueConstraint("name", name="uq_source_name"),
    )
    op.create_table(
        "paper",
        Column("number", Integer, nullable=False),
        Column("key", Text, nullable=False),
        Column("title_key", Text, nullable=False),
        Column("day", Text),
        Column("dated_by", Text),
        Column("votes", Integer, nullable=False),
        Column("comments", Integer, nullable=False),
        Column("starter_only", Boolean, nullable=False),
        Column("changed_at", Text, nullable=False),
        PrimaryKeyConstraint("number", name="pk_paper"),
        UniqueConstraint("key", name="uq_paper_key"),
    )
    op.create_index("ix_paper_title_key", "paper", ["title_key"])
    op.create_index("ix_paper_day", "paper", ["day"])
    op.create_table(
        "statement",
        Column("number", Integer, nullable=False),
        Column("paper", Integer, nullable=False),
        Column("source", Integer, nullable=False),
        Column("source_key", Text, nullable=False),
        Column("first_seen", Text, nullable=False),
        Column("changed_at", Text, nullable=False),
        Column("record", Text, nullable=False),
        PrimaryKeyConstraint("number", name="pk_statement"),
        ForeignKeyConstraint(["paper"], ["paper.number"], name="fk_statement_paper"),
        ForeignKeyConstraint(["source"], ["source.number"], name="fk_statement_source"),
        UniqueConstraint("source", "source_key", name="uq_statement_source_source_key"),
    )
    op.create_index("ix_statement_paper", "statement", ["paper"])


def _identifiers() -> None:
    op.create_table(
        "alias",
        Column("scheme", Text, nullable=False),
        Column("value", Text, nullable=False),
        Column("paper", Integer, nullable=False),
        PrimaryKeyConstraint("scheme", "value", name="pk_alias"),
        ForeignKeyConstraint(["paper"], ["paper.number"], name="fk_alias_paper"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_alias_paper", "alias", ["paper"])
    op.create_table(
        "claim",
        Column("scheme", Text, nullable=False),
        Column("value", Text, nullable=False),
        Column("paper", Integer, nullable=False),
        PrimaryKeyConstraint("scheme", "value", "paper", name="pk_claim"),
        ForeignKeyConstraint(["paper"], ["paper.number"], name="fk_claim_paper"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_claim_paper", "claim", ["paper"])


def _history() -> None:
    op.create_table(
        "revision",
        Column("number", Integer, nullable=False),
        Column("statement", Integer, nullable=False),
        Column("field", Text, nullable=False),
        Column("old", Text),
        Column("new", Text),
        Column("at", Text, nullable=False),
        PrimaryKeyConstraint("number", name="pk_revision"),
        ForeignKeyConstraint(["statement"], ["statement.number"], name="fk_revision_statement"),
    )
    op.create_index("ix_revision_statement", "revision", ["statement"])
    op.create_table(
        "change",
        Column("sequence", Integer, nullable=False),
        Column("paper", Integer, nullable=False),
        Column("gone", Boolean, nullable=False),
        Column("at", Text, nullable=False),
        PrimaryKeyConstraint("sequence", name="pk_change"),
        UniqueConstraint("paper", name="uq_change_paper"),
        sqlite_autoincrement=True,
    )
