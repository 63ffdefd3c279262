"""Tables of running: files that were read, runs of live sources, and the schedule."""

from sqlalchemy import Boolean, Column, Double, Index, Integer, Table, Text

from broadsheet.catalogue.schema.base import metadata

# One reading of one file. `position` is committed with each batch: where a killed import goes on.
import_run = Table(
    "import_run",
    metadata,
    Column("number", Integer, primary_key=True),
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
    Index(None, "fingerprint"),
)

# One run of a live source. `cursor` is committed with each batch; the newest finished run of a source and scope says
# where the next one begins.
sync_run = Table(
    "sync_run",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("source", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("cursor", Text, nullable=False),
    Column("resumed", Boolean, nullable=False),
    Column("read", Integer, nullable=False),
    Column("new", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("merged", Integer, nullable=False),
    Column("deleted", Integer, nullable=False),
    Column("started", Text, nullable=False),
    Column("last_at", Text, nullable=False),
    Column("finished", Text),
    Column("error", Text, nullable=False),
    Index(None, "source", "scope"),
)

# The schedule. A job belongs to `worker` until `leased_until`; `failures` are those in a row.
job = Table(
    "job",
    metadata,
    Column("name", Text, primary_key=True),
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
    sqlite_with_rowid=False,
)
job_run = Table(
    "job_run",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("worker", Text, nullable=False),
    Column("started", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("result", Text, nullable=False),
    Column("seconds", Double),
    Column("ended", Text),
    Index(None, "name"),
)
