"""Tables of delivery: who is sent what, standing queries, what was decided, and the outbox.

What is decided, what is thereby sent for the first time, and the words that leave are one transaction: however often
it is done again, `digest.key` and `outbox.key` come once.
"""

from sqlalchemy import Column, Double, ForeignKey, Index, Integer, LargeBinary, Table, Text, UniqueConstraint

from broadsheet.catalogue.schema.base import metadata

# A key of this place, made at its first use: what links in letters, feeds of one person and webhooks are signed with.
secret = Table(
    "secret",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("made", Text, nullable=False),
    sqlite_with_rowid=False,
)

# Who is sent something: an address, an account, or both. `bounces` is a score, raised at most once a day (`bounced`).
subscriber = Table(
    "subscriber",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("email", Text),
    Column("person", Integer, ForeignKey("person.number")),
    Column("made", Text, nullable=False),
    Column("suppressed", Text),
    Column("reason", Text, nullable=False),
    Column("bounces", Integer, nullable=False),
    Column("bounced", Text),
    UniqueConstraint("email"),
    UniqueConstraint("person"),
)

# Something that a subscriber is sent, by mail or to a channel. `value` is a group's number or a standing query's.
# `next` is when it is due (UTC); `last` the key of the last edition that was decided for it. `paused` is until an
# instant, or empty for good; a day in rows of before is its beginning in UTC.
subscription = Table(
    "subscription",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("subscriber", Integer, ForeignKey("subscriber.number"), nullable=False),
    Column("channel", Integer, ForeignKey("channel.number")),
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
    Index(None, "subscriber"),
    Index(None, "channel"),
    Index(None, "next"),
)

# What was decided to be sent, once. `papers` is a list of numbers, as JSON.
digest = Table(
    "digest",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("key", Text, nullable=False),
    Column("subscription", Integer, ForeignKey("subscription.number"), nullable=False),
    Column("at", Text, nullable=False),
    Column("papers", Text, nullable=False),
    Column("outgoing", Integer),
    UniqueConstraint("key"),
    Index(None, "subscription"),
)

# Each paper is sent to somebody once.
delivered = Table(
    "delivered",
    metadata,
    Column("subscriber", Integer, ForeignKey("subscriber.number"), primary_key=True),
    Column("paper", Integer, primary_key=True),
    Column("digest", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# A search that runs on every new paper. `asked` is what is asked, as JSON.
standing = Table(
    "standing",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("subscriber", Integer, ForeignKey("subscriber.number"), nullable=False),
    Column("name", Text, nullable=False),
    Column("asked", Text, nullable=False),
    Column("made", Text, nullable=False),
    Column("ended", Text),
    Index(None, "subscriber"),
)

# A paper that it found. `why` is JSON.
caught = Table(
    "caught",
    metadata,
    Column("standing", Integer, ForeignKey("standing.number"), primary_key=True),
    Column("paper", Integer, primary_key=True),
    Column("at", Text, nullable=False),
    Column("score", Double, nullable=False),
    Column("why", Text, nullable=False),
    Index(None, "standing", "at"),
    sqlite_with_rowid=False,
)

# A paper that came without an abstract: standing queries wait for it, from `since` on, for a while.
unread = Table(
    "unread",
    metadata,
    Column("paper", Integer, primary_key=True),
    Column("since", Text, nullable=False),
    sqlite_with_rowid=False,
)

# A chat or webhook of a person. `address` holds secrets and is never shown or logged; `secret` signs what is sent. Both
# are empty once it has `ended`. `failing` is since when nothing came through, `failures` how often.
channel = Table(
    "channel",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("person", Integer, ForeignKey("person.number"), nullable=False),
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
    Index(None, "person"),
)

# What leaves. `words` is what is sent (subject, text, HTML, headers), as JSON in zstd; empty some days after it left.
# `message` is what the world knows it by (in its Message-ID and the address bounces go to), the same at every attempt.
# A worker that claimed a row has it until `leased_until`, and
# only while `attempts` is what it was then.
outbox = Table(
    "outbox",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("key", Text, nullable=False),
    Column("way", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("subscriber", Integer, ForeignKey("subscriber.number")),
    Column("subscription", Integer, ForeignKey("subscription.number")),
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
    UniqueConstraint("key"),
    UniqueConstraint("message"),
    Index(None, "state", "next"),
    Index(None, "subscriber"),
    Index(None, "subscription"),
)
