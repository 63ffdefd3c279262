"""What cites what, as sources say it."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from broadsheet.catalogue.schema.base import metadata

# A work that a paper cites (`cites` is 1), or that cites it (0), by a source, at its place in that source's list. Like
# a signal it keeps the number of the paper that was asked about, whatever that is joined to. `title` and `year` are
# empty where the source does not say them.
citation = Table(
    "citation",
    metadata,
    Column("paper", Integer, primary_key=True),
    Column("cites", Integer, primary_key=True),
    Column("source", Integer, ForeignKey("source.number"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("scheme", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("year", Text, nullable=False),
    Index(None, "scheme", "value"),
    sqlite_with_rowid=False,
)
