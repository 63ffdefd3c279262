"""Tables of people: who they are, how they come in, and how often they may act.

No secret is kept: of session keys, tokens and links there is only a hash (BLAKE2b-256, in hex). They hold 256 bits of
chance, so that a fast hash is enough; passwords have argon2id.
"""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from broadsheet.catalogue.schema.base import metadata

# `name` is the handle in addresses and mentions, in small letters; `shown` what pages print. A person who has left
# keeps the number, so that threads stay whole: the name is "gone-" and the number then, everything else is empty.
# `preferences` is JSON; `password` an argon2id hash.
person = Table(
    "person",
    metadata,
    Column("number", Integer, primary_key=True),
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
    UniqueConstraint("name"),
    UniqueConstraint("email"),
)

# A browser that is signed in.
session = Table(
    "session",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("person", Integer, ForeignKey("person.number"), nullable=False),
    Column("secret", Text, nullable=False),
    Column("created", Text, nullable=False),
    Column("seen", Text, nullable=False),
    Column("expires", Text, nullable=False),
    Column("agent", Text, nullable=False),
    Column("address", Text, nullable=False),
    UniqueConstraint("secret"),
    Index(None, "person"),
)

# A passkey: `credential` and `key` in base64url, `uses` the authenticator's own counter.
passkey = Table(
    "passkey",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("person", Integer, ForeignKey("person.number"), nullable=False),
    Column("credential", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("uses", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("created", Text, nullable=False),
    Column("seen", Text),
    UniqueConstraint("credential"),
    Index(None, "person"),
)

# A personal access token. `scopes` are words with a space between them; `start` are its first letters, to tell it by.
token = Table(
    "token",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("person", Integer, ForeignKey("person.number"), nullable=False),
    Column("secret", Text, nullable=False),
    Column("start", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("created", Text, nullable=False),
    Column("expires", Text),
    Column("seen", Text),
    UniqueConstraint("secret"),
    Index(None, "person"),
)

# Something that is good for one use and a short time: a link in a mail, or a challenge to a passkey. `purpose` says for
# what, `subject` for whom (an address, a person's number, or nobody), `browser` is the hash of the cookie of who asked.
# `detail` is JSON.
ticket = Table(
    "ticket",
    metadata,
    Column("secret", Text, primary_key=True),
    Column("purpose", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("browser", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("created", Text, nullable=False),
    Column("expires", Text, nullable=False),
    Column("used", Text),
    Index(None, "expires"),
    sqlite_with_rowid=False,
)

# An invitation to this place, or, with a `circle`, to a group. `uses` are those that are left. Who invites at the
# command line is no `person`.
invitation = Table(
    "invitation",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("secret", Text, nullable=False),
    Column("circle", Integer),
    Column("role", Text, nullable=False),
    Column("person", Integer, ForeignKey("person.number")),
    Column("note", Text, nullable=False),
    Column("created", Text, nullable=False),
    Column("expires", Text, nullable=False),
    Column("uses", Integer, nullable=False),
    UniqueConstraint("secret"),
    Index(None, "circle"),
)

# How often somebody (a person's number, an address on the network, an e-mail address) did something in a window of
# time. `began` is the window's first second.
tally = Table(
    "tally",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("began", Integer, primary_key=True),
    Column("count", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# What a program was answered to a write that it named by a key: the same key again gets the same answer, and nothing is
# done twice. `asked` is the fingerprint of what was sent; without a `status` the first is still being done.
answered = Table(
    "answered",
    metadata,
    Column("person", Integer, ForeignKey("person.number"), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("asked", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("status", Integer),
    Column("answer", Text, nullable=False),
    Index(None, "at"),
    sqlite_with_rowid=False,
)
