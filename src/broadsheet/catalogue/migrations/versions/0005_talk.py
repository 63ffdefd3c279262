"""What people do: votes, comments, submissions, claims, moderation, groups. Counts found by day, papers by change."""

from alembic import op
from sqlalchemy import Column, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, Text, UniqueConstraint

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Adds the tables."""
    op.add_column("paper", Column("own_votes", Integer, nullable=False, server_default="0"))
    op.add_column("paper", Column("own_comments", Integer, nullable=False, server_default="0"))
    op.create_index("ix_signal_day_paper_kind_source_count", "signal", ["day", "paper", "kind", "source", "count"])
    op.create_table(
        "counting",
        Column("day", Text, nullable=False),
        Column("writes", Integer, nullable=False),
        PrimaryKeyConstraint("day", name="pk_counting"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_paper_changed_at_number", "paper", ["changed_at", "number"])
    _vote_and_comment_vote()
    _submission_and_flag()
    _act_and_member()
    _shelved_and_shelved()


def _vote_and_comment_vote() -> None:
    op.create_table(
        "vote",
        Column("paper", Integer, nullable=False),
        Column("circle", Integer, nullable=False),
        Column("person", Integer, nullable=False),
        Column("at", Text, nullable=False),
        PrimaryKeyConstraint("paper", "circle", "person", name="pk_vote"),
        ForeignKeyConstraint(["person"], ["person.number"], name="fk_vote_person"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_vote_person", "vote", ["person"])
    op.create_table(
        "comment",
        Column("number", Integer, nullable=False),
        Column("paper", Integer),
        Column("circle", Integer, nullable=False),
        Column("parent", Integer),
        Column("person", Integer, nullable=False),
        Column("at", Text, nullable=False),
        Column("text", Text, nullable=False),
        Column("edits", Integer, nullable=False),
        Column("edited", Text),
        Column("deleted", Text),
        Column("hidden", Text),
        Column("reason", Text, nullable=False),
        Column("votes", Integer, nullable=False),
        PrimaryKeyConstraint("number", name="pk_comment"),
        ForeignKeyConstraint(["parent"], ["comment.number"], name="fk_comment_parent"),
        ForeignKeyConstraint(["person"], ["person.number"], name="fk_comment_person"),
    )
    op.create_index("ix_comment_circle_at", "comment", ["circle", "at"])
    op.create_index("ix_comment_paper_circle", "comment", ["paper", "circle"])
    op.create_index("ix_comment_parent", "comment", ["parent"])
    op.create_index("ix_comment_person", "comment", ["person"])
    op.create_table(
        "comment_text",
        Column("comment", Integer, nullable=False),
        Column("edit", Integer, nullable=False),
        Column("text", Text, nullable=False),
        Column("at", Text, nullable=False),
        PrimaryKeyConstraint("comment", "edit", name="pk_comment_text"),
        ForeignKeyConstraint(["comment"], ["comment.number"], name="fk_comment_text_comment"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "comment_vote",
        Column("comment", Integer, nullable=False),
        Column("person", Integer, nullable=False),
        Column("at", Text, nullable=False),
        PrimaryKeyConstraint("comment", "person", name="pk_comment_vote"),
        ForeignKeyConstraint(["comment"], ["comment.number"], name="fk_comment_vote_comment"),
        ForeignKeyConstraint(["person"], ["person.number"], name="fk_comment_vote_person"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_comment_vote_person", "comment_vote", ["person"])


def _submission_and_flag() -> None:
    op.create_table(
        "submission",
        Column("number", Integer, nullable=False),
        Column("paper", Integer),
        Column("circle", Integer, nullable=False),
        Column("person", Integer, nullable=False),
        Column("scheme", Text, nullable=False),
        Column("value", Text, nullable=False),
        Column("day", Text, nullable=False),
        Column("at", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("note", Text, nullable=False),
        Column("comment", Text, nullable=False),
        Column("tries", Integer, nullable=False),
        PrimaryKeyConstraint("number", name="pk_submission"),
        ForeignKeyConstraint(["person"], ["person.number"], name="fk_submission_person"),
    )
    op.create_index("ix_submission_day_circle", "submission", ["day", "circle"])
    op.create_index("ix_submission_paper_circle", "submission", ["paper", "circle"])
    op.create_index("ix_submission_person", "submission", ["person"])
    op.create_index("ix_submission_state", "submission", ["state"])
    op.create_table(
        "authorship",
        Column("paper", Integer, nullable=False),
        Column("person", Integer, nullable=False),
        Column("author", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("how", Text, nullable=False),
        Column("at", Text, nullable=False),
        Column("decided", Text),
        Column("decider", Integer),
        PrimaryKeyConstraint("paper", "person", name="pk_authorship"),
        ForeignKeyConstraint(["person"], ["person.number"], name="fk_authorship_person"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_authorship_person", "authorship", ["person"])
    op.create_index("ix_authorship_state", "authorship", ["state"])
    op.create_table(
        "follow",
        Column("paper", Integer, nullable=False),
        Column("person", Integer, nullable=False),
        Column("at", Text, nullable=False),
        PrimaryKeyConstraint("paper", "person", name="pk_follow"),
        ForeignKeyConstraint(["person"], ["person.number"], name="fk_follow_person"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_follow_person", "follow", ["person"])
    op.create_table(
        "flag",
        Column("number", Integer, nullable=False),
        Column("kind", Text, nullable=False),
        Column("subject", Integer, nullable=False),
        Column("person", Integer, nullable=False),
        Column("reason", Text, nullable=False),
        Column("at", Text, nullable=False),
        Column("settled", Text),
        Column("outcome", Text, nullable=False),
        PrimaryKeyConstraint("number", name="pk_flag"),
        ForeignKeyConstraint(["person"], ["person.number"], name="fk_flag_person"),
        UniqueConstraint("kind", "subject", "person", name="uq_flag_kind_subject_person"),
    )
    op.create_index("ix_flag_settled", "flag", ["settled"])


def _act_and_member() -> None:
    op.create_table(
        "act",
        Column("number", Integer, nullable=False),
        Column("person", Integer),
        Column("verb", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("subject", Integer, nullable=False),
        Column("circle", Integer, nullable=False),
        Column("reason", Text, nullable=False),
        Column("at", Text, nullable=False),
        PrimaryKeyConstraint("number", name="pk_act"),
        ForeignKeyConstraint(["person"], ["person.number"], name="fk_act_person"),
    )
    op.create_table(
        "notice",
        Column("person", Integer, nullable=False),
        Column("number", Integer, nullable=False),
        Column("kind", Text, nullable=False),
        Column("paper", Integer),
        Column("comment", Integer),
        Column("circle", Integer, nullable=False),
        Column("by", Integer),
        Column("text", Text, nullable=False),
        Column("at", Text, nullable=False),
        Column("read", Text),
        PrimaryKeyConstraint("person", "number", name="pk_notice"),
        ForeignKeyConstraint(["person"], ["person.number"], name="fk_notice_person"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_notice_person_read", "notice", ["person", "read"])
    op.create_table(
        "mark",
        Column("name", Text, nullable=False),
        Column("position", Integer, nullable=False),
        PrimaryKeyConstraint("name", name="pk_mark"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "circle",
        Column("number", Integer, nullable=False),
        Column("name", Text, nullable=False),
        Column("shown", Text, nullable=False),
        Column("about", Text, nullable=False),
        Column("person", Integer, nullable=False),
        Column("made", Text, nullable=False),
        Column("dissolved", Text),
        Column("dissolver", Integer),
        PrimaryKeyConstraint("number", name="pk_circle"),
        ForeignKeyConstraint(["person"], ["person.number"], name="fk_circle_person"),
        UniqueConstraint("name", name="uq_circle_name"),
    )
    op.create_table(
        "member",
        Column("circle", Integer, nullable=False),
        Column("person", Integer, nullable=False),
        Column("role", Text, nullable=False),
        Column("since", Text, nullable=False),
        PrimaryKeyConstraint("circle", "person", name="pk_member"),
        ForeignKeyConstraint(["circle"], ["circle.number"], name="fk_member_circle"),
        ForeignKeyConstraint(["person"], ["person.number"], name="fk_member_person"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_member_person", "member", ["person"])


def _shelved_and_shelved() -> None:
    op.create_table(
        "shelved",
        Column("circle", Integer, nullable=False),
        Column("paper", Integer, nullable=False),
        Column("person", Integer, nullable=False),
        Column("note", Text, nullable=False),
        Column("at", Text, nullable=False),
        PrimaryKeyConstraint("circle", "paper", name="pk_shelved"),
        ForeignKeyConstraint(["circle"], ["circle.number"], name="fk_shelved_circle"),
        ForeignKeyConstraint(["person"], ["person.number"], name="fk_shelved_person"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_shelved_person", "shelved", ["person"])
