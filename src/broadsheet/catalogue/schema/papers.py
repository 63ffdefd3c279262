"""Tables of papers: what sources say of them, the days they belong to, what happened and what was counted."""

from sqlalchemy import (
    Boolean,
    Column,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from broadsheet.catalogue.schema.base import metadata

# Who says something. `kind` is the name up to its first colon: "records" of "records:papers.jsonl".
source = Table(
    "source",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    UniqueConstraint("name"),
)

# `key` is the public name; `day` the day it belongs to, with `dated_by` saying which date that is
# ("announced", "scheduled" or "published"). `starter_only`: no source but the starter catalogue knows the paper.
# `categories` are its categories with a space between them. A deleted paper has no day, and is gone for the index.
# `votes` and `comments` are what sources say; `own_votes` and `own_comments` were given here, by everybody's members.
paper = Table(
    "paper",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("key", Text, nullable=False),
    Column("title_key", Text, nullable=False),
    Column("day", Text),
    Column("dated_by", Text),
    Column("votes", Integer, nullable=False),
    Column("comments", Integer, nullable=False),
    Column("starter_only", Boolean, nullable=False),
    Column("changed_at", Text, nullable=False),
    Column("categories", Text, nullable=False, server_default=""),
    Column("deleted", Boolean, nullable=False, server_default=false()),
    Column("own_votes", Integer, nullable=False, server_default="0"),
    Column("own_comments", Integer, nullable=False, server_default="0"),
    UniqueConstraint("key"),
    Index(None, "title_key"),
    Index(None, "day"),
    Index(None, "changed_at", "number"),
)

# What one source says of one paper, in its own words. `deleted_at`: since when it says so no longer.
statement = Table(
    "statement",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("paper", Integer, ForeignKey("paper.number"), nullable=False),
    Column("source", Integer, ForeignKey("source.number"), nullable=False),
    Column("source_key", Text, nullable=False),
    Column("first_seen", Text, nullable=False),
    Column("changed_at", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("deleted_at", Text),
    UniqueConstraint("source", "source_key"),
    Index(None, "paper"),
)

# Which paper an identifier means. The scheme "key" holds public names that a paper no longer has.
alias = Table(
    "alias",
    metadata,
    Column("scheme", Text, primary_key=True),
    Column("value", Text, primary_key=True),
    Column("paper", Integer, ForeignKey("paper.number"), nullable=False),
    Index(None, "paper"),
    sqlite_with_rowid=False,
)

# Identifiers that a paper's sources claim and that mean another paper: mostly wrong DOIs.
claim = Table(
    "claim",
    metadata,
    Column("scheme", Text, primary_key=True),
    Column("value", Text, primary_key=True),
    Column("paper", Integer, ForeignKey("paper.number"), primary_key=True),
    Index(None, "paper"),
    sqlite_with_rowid=False,
)

# A source changed its words. Belongs to the statement, so that it goes where the statement goes.
revision = Table(
    "revision",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("statement", Integer, ForeignKey("statement.number"), nullable=False),
    Column("field", Text, nullable=False),
    Column("old", Text),
    Column("new", Text),
    Column("at", Text, nullable=False),
    Index(None, "statement"),
)

# What the index follows. Only the last change of each paper is kept: a follower that comes late needs
# no more, and the log cannot outgrow the papers. AUTOINCREMENT, because a sequence must never come again.
change = Table(
    "change",
    metadata,
    Column("sequence", Integer, primary_key=True),
    Column("paper", Integer, nullable=False),
    Column("gone", Boolean, nullable=False),
    Column("at", Text, nullable=False),
    UniqueConstraint("paper"),
    sqlite_autoincrement=True,
)

# A source lists a paper in the edition of a day.
edition_entry = Table(
    "edition_entry",
    metadata,
    Column("day", Text, primary_key=True),
    Column("paper", Integer, ForeignKey("paper.number"), primary_key=True),
    Column("source", Integer, ForeignKey("source.number"), primary_key=True),
    Column("position", Integer),
    Index(None, "paper"),
    sqlite_with_rowid=False,
)

# Records that were joined for another reason than one arXiv id. `merged_paper` is the number the other
# paper had, if it had one; `statements` and `former_keys` (JSON lists) are what came from it.
merge_event = Table(
    "merge_event",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("kept_paper", Integer, nullable=False),
    Column("merged_paper", Integer),
    Column("kept_key", Text, nullable=False),
    Column("merged_key", Text, nullable=False),
    Column("statements", Text, nullable=False),
    Column("former_keys", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("undone", Text),
    Index(None, "kept_paper"),
    Index(None, "merged_paper"),
)

# Papers that a person split: never joined again but by a person. low < high.
keep_apart = Table(
    "keep_apart",
    metadata,
    Column("low", Integer, ForeignKey("paper.number"), primary_key=True),
    Column("high", Integer, ForeignKey("paper.number"), primary_key=True),
    Index(None, "high"),
    sqlite_with_rowid=False,
)

# A source's announcement of a day in one category, and the papers it names, by arXiv id. `kind` is how a paper stands
# there: "new", "cross", "replace" or "replace-cross". `expected` is what the source itself counts.
announcement = Table(
    "announcement",
    metadata,
    Column("day", Text, primary_key=True),
    Column("category", Text, primary_key=True),
    Column("source", Integer, ForeignKey("source.number"), primary_key=True),
    Column("expected", Integer),
    Column("at", Text, nullable=False),
    sqlite_with_rowid=False,
)
announced_paper = Table(
    "announced_paper",
    metadata,
    Column("day", Text, primary_key=True),
    Column("category", Text, primary_key=True),
    Column("source", Integer, primary_key=True),
    Column("arxiv", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    ForeignKeyConstraint(
        ["day", "category", "source"], ["announcement.day", "announcement.category", "announcement.source"]
    ),
    sqlite_with_rowid=False,
)

# The automatic editor's order of a day: when it was made, by which model, and up to which change it knew the papers.
edition_made = Table(
    "edition_made",
    metadata,
    Column("day", Text, primary_key=True),
    Column("model", Text, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("at", Text, nullable=False),
    sqlite_with_rowid=False,
)
edition_pick = Table(
    "edition_pick",
    metadata,
    Column("day", Text, ForeignKey("edition_made.day"), primary_key=True),
    Column("paper", Integer, ForeignKey("paper.number"), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("score", Double, nullable=False),
    Column("reason", Text, nullable=False),
    Index(None, "paper"),
    sqlite_with_rowid=False,
)

# What happened to a paper after it was first known. It keeps the number it happened to: who reads follows the merges.
event = Table(
    "event",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("paper", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("version", Integer),
    Column("old", Text),
    Column("new", Text),
    Index(None, "paper"),
)

# What was counted for a paper at a source on a day. It too keeps the number it was counted for. Trending reads it by
# day, from the index alone.
signal = Table(
    "signal",
    metadata,
    Column("paper", Integer, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("source", Integer, ForeignKey("source.number"), primary_key=True),
    Column("day", Text, primary_key=True),
    Column("count", Integer, nullable=False),
    Index(None, "day", "paper", "kind", "source", "count"),
    sqlite_with_rowid=False,
)

# How often counts of a day were written: who keeps what follows from them sees here whether it still holds.
counting = Table(
    "counting",
    metadata,
    Column("day", Text, primary_key=True),
    Column("writes", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# When a source was last asked about a paper.
lookup = Table(
    "lookup",
    metadata,
    Column("source", Integer, ForeignKey("source.number"), primary_key=True),
    Column("paper", Integer, ForeignKey("paper.number"), primary_key=True),
    Column("at", Text, nullable=False),
    Index(None, "paper"),
    Index(None, "source", "at"),
    sqlite_with_rowid=False,
)
