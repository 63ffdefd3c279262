"""People: accounts, sessions, passkeys, tokens, invitations, and how often somebody did something."""

from alembic import op
from sqlalchemy import Column, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, Text, UniqueConstraint

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Adds the tables."""
    _person_and_token()
    _ticket_and_tally()


def _person_and_token() -> None:
    op.create_table(
        "person",
        Column("number", Integer, nullable=False),
        Column("name", Text, nullable=False),
        Column("shown", Text, nullable=False),
        Column("email", Text),
        Column("role", Text, nullable=False),
        Column("about", Text, nullable=False),
        Column("orcid", Text),
        Column("password", Text),
        Column("preferences", Text, nullable=False),
        Column("joined", Text, nullable=False),
        Column("banned", Text),
        Column("ban_reason", Text, nullable=False),
        Column("left", Text),
        PrimaryKeyConstraint("number", name="pk_person"),
        UniqueConstraint("email", name="uq_person_email"),
        UniqueConstraint("name", name="uq_person_name"),
    )
    op.create_table(
        "session",
        Column("number", Integer, nullable=False),
        Column("person", Integer, nullable=False),
        Column("secret", Text, nullable=False),
        Column("created", Text, nullable=False),
        Column("seen", Text, nullable=False),
        Column("expires", Text, nullable=False),
        Column("agent", Text, nullable=False),
        Column("address", Text, nullable=False),
        PrimaryKeyConstraint("number", name="pk_session"),
        ForeignKeyConstraint(["person"], ["person.number"], name="fk_session_person"),
        UniqueConstraint("secret", name="uq_session_secret"),
    )
    op.create_index("ix_session_person", "session", ["person"])
    op.create_table(
        "passkey",
        Column("number", Integer, nullable=False),
        Column("person", Integer, nullable=False),
        Column("credential", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("uses", Integer, nullable=False),
        Column("name", Text, nullable=False),
        Column("created", Text, nullable=False),
        Column("seen", Text),
        PrimaryKeyConstraint("number", name="pk_passkey"),
        ForeignKeyConstraint(["person"], ["person.number"], name="fk_passkey_person"),
        UniqueConstraint("credential", name="uq_passkey_credential"),
    )
    op.create_index("ix_passkey_person", "passkey", ["person"])
    op.create_table(
        "token",
        Column("number", Integer, nullable=False),
        Column("person", Integer, nullable=False),
        Column("secret", Text, nullable=False),
        Column("start", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("scopes", Text, nullable=False),
        Column("created", Text, nullable=False),
        Column("expires", Text),
        Column("seen", Text),
        PrimaryKeyConstraint("number", name="pk_token"),
        ForeignKeyConstraint(["person"], ["person.number"], name="fk_token_person"),
        UniqueConstraint("secret", name="uq_token_secret"),
    )
    op.create_index("ix_token_person", "token", ["person"])


def _ticket_and_tally() -> None:
    op.create_table(
        "ticket",
        Column("secret", Text, nullable=False),
        Column("purpose", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("browser", Text, nullable=False),
        Column("detail", Text, nullable=False),
        Column("created", Text, nullable=False),
        Column("expires", Text, nullable=False),
        Column("used", Text),
        PrimaryKeyConstraint("secret", name="pk_ticket"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_ticket_expires", "ticket", ["expires"])
    op.create_table(
        "invitation",
        Column("number", Integer, nullable=False),
        Column("secret", Text, nullable=False),
        Column("circle", Integer),
        Column("role", Text, nullable=False),
        Column("person", Integer),
        Column("note", Text, nullable=False),
        Column("created", Text, nullable=False),
        Column("expires", Text, nullable=False),
        Column("uses", Integer, nullable=False),
        PrimaryKeyConstraint("number", name="pk_invitation"),
        ForeignKeyConstraint(["person"], ["person.number"], name="fk_invitation_person"),
        UniqueConstraint("secret", name="uq_invitation_secret"),
    )
    op.create_index("ix_invitation_circle", "invitation", ["circle"])
    op.create_table(
        "tally",
        Column("subject", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("began", Integer, nullable=False),
        Column("count", Integer, nullable=False),
        PrimaryKeyConstraint("subject", "kind", "began", name="pk_tally"),
        sqlite_with_rowid=False,
    )
