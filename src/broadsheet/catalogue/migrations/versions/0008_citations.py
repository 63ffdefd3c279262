"""What cites what, as sources say it."""

from alembic import op
from sqlalchemy import Column, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, Text

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Adds the table."""
    op.create_table(
        "citation",
        Column("paper", Integer, nullable=False),
        Column("cites", Integer, nullable=False),
        Column("source", Integer, nullable=False),
        Column("place", Integer, nullable=False),
        Column("scheme", Text, nullable=False),
        Column("value", Text, nullable=False),
        Column("title", Text, nullable=False),
        Column("year", Text, nullable=False),
        ForeignKeyConstraint(["source"], ["source.number"], name="fk_citation_source"),
        PrimaryKeyConstraint("paper", "cites", "source", "place", name="pk_citation"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_citation_scheme_value", "citation", ["scheme", "value"])
