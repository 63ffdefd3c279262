"""Delivery: subscriptions, standing queries, digests and the outbox; answers to writes that programs name by a key."""

from alembic import op
from sqlalchemy import (
    Column,
    Double,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
)

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Adds the tables."""
    _subscribers_and_channels()
    _subscriptions_and_digests()
    _standing_queries()
    _outbox_and_answers()


def _subscribers_and_channels() -> None:
    op.create_table(
        "secret",
        Column("name", Text, nullable=False),
        Column("value", Text, nullable=False),
        Column("made", Text, nullable=False),
        PrimaryKeyConstraint("name", name="pk_secret"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "subscriber",
        Column("number", Integer, nullable=False),
        Column("email", Text),
        Column("person", Integer),
        Column("made", Text, nullable=False),
        Column("suppressed", Text),
        Column("reason", Text, nullable=False),
        Column("bounces", Integer, nullable=False),
        Column("bounced", Text),
        ForeignKeyConstraint(["person"], ["person.number"], name="fk_subscriber_person"),
        PrimaryKeyConstraint("number", name="pk_subscriber"),
        UniqueConstraint("email", name="uq_subscriber_email"),
        UniqueConstraint("person", name="uq_subscriber_person"),
    )
    op.create_table(
        "channel",
        Column("number", Integer, nullable=False),
        Column("person", Integer, nullable=False),
        Column("kind", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("address", Text, nullable=False),
        Column("secret", Text, nullable=False),
        Column("made", Text, nullable=False),
        Column("failures", Integer, nullable=False),
        Column("failing", Text),
        Column("off", Text),
        Column("reason", Text, nullable=False),
        Column("ended", Text),
        ForeignKeyConstraint(["person"], ["person.number"], name="fk_channel_person"),
        PrimaryKeyConstraint("number", name="pk_channel"),
    )
    op.create_index("ix_channel_person", "channel", ["person"])


def _subscriptions_and_digests() -> None:
    op.create_table(
        "subscription",
        Column("number", Integer, nullable=False),
        Column("subscriber", Integer, nullable=False),
        Column("channel", Integer),
        Column("wanted", Text, nullable=False),
        Column("value", Integer),
        Column("rhythm", Text, nullable=False),
        Column("weekday", Integer, nullable=False),
        Column("at", Text, nullable=False),
        Column("zone", Text, nullable=False),
        Column("most", Integer, nullable=False),
        Column("form", Text, nullable=False),
        Column("made", Text, nullable=False),
        Column("confirmed", Text),
        Column("paused", Text),
        Column("ended", Text),
        Column("next", Text),
        Column("last", Text, nullable=False),
        ForeignKeyConstraint(["channel"], ["channel.number"], name="fk_subscription_channel"),
        ForeignKeyConstraint(["subscriber"], ["subscriber.number"], name="fk_subscription_subscriber"),
        PrimaryKeyConstraint("number", name="pk_subscription"),
    )
    op.create_index("ix_subscription_channel", "subscription", ["channel"])
    op.create_index("ix_subscription_next", "subscription", ["next"])
    op.create_index("ix_subscription_subscriber", "subscription", ["subscriber"])
    op.create_table(
        "digest",
        Column("number", Integer, nullable=False),
        Column("key", Text, nullable=False),
        Column("subscription", Integer, nullable=False),
        Column("at", Text, nullable=False),
        Column("papers", Text, nullable=False),
        Column("outgoing", Integer),
        ForeignKeyConstraint(["subscription"], ["subscription.number"], name="fk_digest_subscription"),
        PrimaryKeyConstraint("number", name="pk_digest"),
        UniqueConstraint("key", name="uq_digest_key"),
    )
    op.create_index("ix_digest_subscription", "digest", ["subscription"])
    op.create_table(
        "delivered",
        Column("subscriber", Integer, nullable=False),
        Column("paper", Integer, nullable=False),
        Column("digest", Integer, nullable=False),
        ForeignKeyConstraint(["subscriber"], ["subscriber.number"], name="fk_delivered_subscriber"),
        PrimaryKeyConstraint("subscriber", "paper", name="pk_delivered"),
        sqlite_with_rowid=False,
    )


def _standing_queries() -> None:
    op.create_table(
        "standing",
        Column("number", Integer, nullable=False),
        Column("subscriber", Integer, nullable=False),
        Column("name", Text, nullable=False),
        Column("asked", Text, nullable=False),
        Column("made", Text, nullable=False),
        Column("ended", Text),
        ForeignKeyConstraint(["subscriber"], ["subscriber.number"], name="fk_standing_subscriber"),
        PrimaryKeyConstraint("number", name="pk_standing"),
    )
    op.create_index("ix_standing_subscriber", "standing", ["subscriber"])
    op.create_table(
        "caught",
        Column("standing", Integer, nullable=False),
        Column("paper", Integer, nullable=False),
        Column("at", Text, nullable=False),
        Column("score", Double, nullable=False),
        Column("why", Text, nullable=False),
        ForeignKeyConstraint(["standing"], ["standing.number"], name="fk_caught_standing"),
        PrimaryKeyConstraint("standing", "paper", name="pk_caught"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_caught_standing_at", "caught", ["standing", "at"])
    op.create_table(
        "unread",
        Column("paper", Integer, nullable=False),
        Column("since", Text, nullable=False),
        PrimaryKeyConstraint("paper", name="pk_unread"),
        sqlite_with_rowid=False,
    )


def _outbox_and_answers() -> None:
    op.create_table(
        "outbox",
        Column("number", Integer, nullable=False),
        Column("key", Text, nullable=False),
        Column("way", Text, nullable=False),
        Column("purpose", Text, nullable=False),
        Column("target", Text, nullable=False),
        Column("subscriber", Integer),
        Column("subscription", Integer),
        Column("words", LargeBinary, nullable=False),
        Column("message", Text, nullable=False),
        Column("made", Text, nullable=False),
        Column("stale", Text),
        Column("state", Text, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("next", Text, nullable=False),
        Column("worker", Text, nullable=False),
        Column("leased_until", Text),
        Column("said", Text, nullable=False),
        Column("ended", Text),
        ForeignKeyConstraint(["subscriber"], ["subscriber.number"], name="fk_outbox_subscriber"),
        ForeignKeyConstraint(["subscription"], ["subscription.number"], name="fk_outbox_subscription"),
        PrimaryKeyConstraint("number", name="pk_outbox"),
        UniqueConstraint("key", name="uq_outbox_key"),
        UniqueConstraint("message", name="uq_outbox_message"),
    )
    op.create_index("ix_outbox_state_next", "outbox", ["state", "next"])
    op.create_index("ix_outbox_subscriber", "outbox", ["subscriber"])
    op.create_index("ix_outbox_subscription", "outbox", ["subscription"])
    op.create_table(
        "answered",
        Column("person", Integer, nullable=False),
        Column("key", Text, nullable=False),
        Column("asked", Text, nullable=False),
        Column("at", Text, nullable=False),
        Column("status", Integer),
        Column("answer", Text, nullable=False),
        ForeignKeyConstraint(["person"], ["person.number"], name="fk_answered_person"),
        PrimaryKeyConstraint("person", "key", name="pk_answered"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_answered_at", "answered", ["at"])
