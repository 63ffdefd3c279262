"""What language models wrote about papers."""

from alembic import op
from sqlalchemy import Column, Integer, PrimaryKeyConstraint, Text

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Adds the table."""
    op.create_table(
        "written",
        Column("number", Integer, nullable=False),
        Column("paper", Integer, nullable=False),
        Column("at", Text, nullable=False),
        Column("model", Text, nullable=False),
        Column("of", Text, nullable=False),
        Column("text", Text, nullable=False),
        Column("error", Text, nullable=False),
        PrimaryKeyConstraint("number", name="pk_written"),
    )
    op.create_index("ix_written_at", "written", ["at"])
    op.create_index("ix_written_paper", "written", ["paper"])
