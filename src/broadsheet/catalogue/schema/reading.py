"""What language models wrote about papers."""

from sqlalchemy import Column, Index, Integer, Table, Text

from broadsheet.catalogue.schema.base import metadata

# One row each time a model was asked, so that what a day may cost can be counted; `text` is empty where it failed, and
# `error` says how. `of` is the fingerprint of the title and abstract that it was asked about.
written = Table(
    "written",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("paper", Integer, nullable=False),
    Column("at", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("of", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("error", Text, nullable=False),
)
Index("ix_written_paper", written.c.paper)
Index("ix_written_at", written.c.at)
