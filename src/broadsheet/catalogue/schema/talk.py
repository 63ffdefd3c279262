"""Tables of what people do: votes, comments, submissions, claims, groups, moderation, notices.

`circle` is the group in which something was said or done; 0 is everybody. Whoever reads one of these tables says which
circle: there is no reading of all of them but by moderators and for an export of one's own.

`paper` is the number that a paper had when something was done to it, as in `event` and `signal`: papers that were
joined are read together (`log.family`), and go apart again when the join is undone.
"""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from broadsheet.catalogue.schema.base import metadata

vote = Table(
    "vote",
    metadata,
    Column("paper", Integer, primary_key=True),
    Column("circle", Integer, primary_key=True),
    Column("person", Integer, ForeignKey("person.number"), primary_key=True),
    Column("at", Text, nullable=False),
    Index(None, "person"),
    sqlite_with_rowid=False,
)

# `paper` is empty in the discussion of a group itself. `text` is Markdown, as typed; `edits` counts its changes, whose
# older texts are in `comment_text`. A deleted comment has no text. `hidden`: when a moderator hid it, `reason`: why.
comment = Table(
    "comment",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("paper", Integer),
    Column("circle", Integer, nullable=False),
    Column("parent", Integer, ForeignKey("comment.number")),
    Column("person", Integer, ForeignKey("person.number"), nullable=False),
    Column("at", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("edits", Integer, nullable=False),
    Column("edited", Text),
    Column("deleted", Text),
    Column("hidden", Text),
    Column("reason", Text, nullable=False),
    Column("votes", Integer, nullable=False),
    Index(None, "paper", "circle"),
    Index(None, "circle", "at"),
    Index(None, "person"),
    Index(None, "parent"),
)

# What a comment said before its edit of this number.
comment_text = Table(
    "comment_text",
    metadata,
    Column("comment", Integer, ForeignKey("comment.number"), primary_key=True),
    Column("edit", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    Column("at", Text, nullable=False),
    sqlite_with_rowid=False,
)

comment_vote = Table(
    "comment_vote",
    metadata,
    Column("comment", Integer, ForeignKey("comment.number"), primary_key=True),
    Column("person", Integer, ForeignKey("person.number"), primary_key=True),
    Column("at", Text, nullable=False),
    Index(None, "person"),
    sqlite_with_rowid=False,
)

# A paper that somebody put into the edition of `day`. One that is not here yet has no paper and waits: `state` is
# "listed", "waiting" or "failed", `note` says why. `comment` is what its submitter said of it, while it waits.
submission = Table(
    "submission",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("paper", Integer),
    Column("circle", Integer, nullable=False),
    Column("person", Integer, ForeignKey("person.number"), nullable=False),
    Column("scheme", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("comment", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Index(None, "paper", "circle"),
    Index(None, "day", "circle"),
    Index(None, "person"),
    Index(None, "state"),
)

# Somebody says to be an author of a paper. `state` is "asked", "confirmed" or "refused"; `how` says on what ground.
authorship = Table(
    "authorship",
    metadata,
    Column("paper", Integer, primary_key=True),
    Column("person", Integer, ForeignKey("person.number"), primary_key=True),
    Column("author", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("how", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("decided", Text),
    Column("decider", Integer),
    Index(None, "person"),
    Index(None, "state"),
    sqlite_with_rowid=False,
)

# Somebody follows a paper.
follow = Table(
    "follow",
    metadata,
    Column("paper", Integer, primary_key=True),
    Column("person", Integer, ForeignKey("person.number"), primary_key=True),
    Column("at", Text, nullable=False),
    Index(None, "person"),
    sqlite_with_rowid=False,
)

# Somebody asks moderators to look at something: `kind` is "comment", "submission" or "person", `subject` its number.
flag = Table(
    "flag",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject", Integer, nullable=False),
    Column("person", Integer, ForeignKey("person.number"), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("settled", Text),
    Column("outcome", Text, nullable=False),
    UniqueConstraint("kind", "subject", "person"),
    Index(None, "settled"),
)

# What moderators and administrators did; who acts at the command line is no `person`. Rows are only added.
act = Table(
    "act",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("person", Integer, ForeignKey("person.number")),
    Column("verb", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Integer, nullable=False),
    Column("circle", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Text, nullable=False),
)

# Something that a person should know of; `by` is who did it. Each person's are numbered by themselves: a number says
# nothing of what others are told.
notice = Table(
    "notice",
    metadata,
    Column("person", Integer, ForeignKey("person.number"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("paper", Integer),
    Column("comment", Integer),
    Column("circle", Integer, nullable=False),
    Column("by", Integer),
    Column("text", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("read", Text),
    Index(None, "person", "read"),
    sqlite_with_rowid=False,
)

# How far somebody who follows a log has come: the number of the last thing that was looked at.
mark = Table(
    "mark",
    metadata,
    Column("name", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# A group. `name` stands in addresses and is never used twice; `person` founded it. One that was dissolved (by
# `dissolver`) keeps its row, and what it holds for a while, so that this can be undone.
circle = Table(
    "circle",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("shown", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("person", Integer, ForeignKey("person.number"), nullable=False),
    Column("made", Text, nullable=False),
    Column("dissolved", Text),
    Column("dissolver", Integer),
    UniqueConstraint("name"),
)

# `role` is "member" or "owner".
member = Table(
    "member",
    metadata,
    Column("circle", Integer, ForeignKey("circle.number"), primary_key=True),
    Column("person", Integer, ForeignKey("person.number"), primary_key=True),
    Column("role", Text, nullable=False),
    Column("since", Text, nullable=False),
    Index(None, "person"),
    sqlite_with_rowid=False,
)

# A group's shelf.
shelved = Table(
    "shelved",
    metadata,
    Column("circle", Integer, ForeignKey("circle.number"), primary_key=True),
    Column("paper", Integer, primary_key=True),
    Column("person", Integer, ForeignKey("person.number"), nullable=False),
    Column("note", Text, nullable=False),
    Column("at", Text, nullable=False),
    Index(None, "person"),
    sqlite_with_rowid=False,
)
