"""The tables of the catalogue, as the newest migration leaves them.

    base       what all of them share, and the numbers of the migrations
    papers     what sources say, and what is worked out from it; days, events, counts
    running    imports, syncs, jobs
    reading    what language models wrote
    people     accounts, how they come in, and how often they may act
    delivery   subscriptions, standing queries, what was decided, and the outbox
    talk       votes, comments, submissions, groups, moderation

A paper is what its sources say of it. Each source's words stand once, in `statement`, as JSON; what SQL
must order or filter by is worked out from them and kept in `paper`, `alias` and `edition_entry`, in the
same transaction. Those three can be made anew from the statements at any time (`verify` compares them).

Numbers are given out by us, under the write lock, and never twice: the index remembers papers by number.
Times are ISO 8601 in UTC ("2026-11-20T12:00:00Z"), days are ISO dates, booleans are booleans: all of it
means the same in SQLite and PostgreSQL. A change here needs a migration beside it; a test compares the two.
"""

from broadsheet.catalogue.schema.base import HEAD, REVISIONS, metadata
from broadsheet.catalogue.schema.citations import citation
from broadsheet.catalogue.schema.delivery import (
    caught,
    channel,
    delivered,
    digest,
    outbox,
    secret,
    standing,
    subscriber,
    subscription,
    unread,
)
from broadsheet.catalogue.schema.papers import (
    alias,
    announced_paper,
    announcement,
    change,
    claim,
    counting,
    edition_entry,
    edition_made,
    edition_pick,
    event,
    keep_apart,
    lookup,
    merge_event,
    paper,
    revision,
    signal,
    source,
    statement,
)
from broadsheet.catalogue.schema.people import answered, invitation, passkey, person, session, tally, ticket, token
from broadsheet.catalogue.schema.reading import written
from broadsheet.catalogue.schema.running import import_run, job, job_run, sync_run
from broadsheet.catalogue.schema.talk import (
    act,
    authorship,
    circle,
    comment,
    comment_text,
    comment_vote,
    flag,
    follow,
    mark,
    member,
    notice,
    shelved,
    submission,
    vote,
)

__all__ = [
    "HEAD",
    "REVISIONS",
    "act",
    "alias",
    "announced_paper",
    "announcement",
    "answered",
    "authorship",
    "caught",
    "change",
    "channel",
    "circle",
    "citation",
    "claim",
    "comment",
    "comment_text",
    "comment_vote",
    "counting",
    "delivered",
    "digest",
    "edition_entry",
    "edition_made",
    "edition_pick",
    "event",
    "flag",
    "follow",
    "import_run",
    "invitation",
    "job",
    "job_run",
    "keep_apart",
    "lookup",
    "mark",
    "member",
    "merge_event",
    "metadata",
    "notice",
    "outbox",
    "paper",
    "passkey",
    "person",
    "revision",
    "secret",
    "session",
    "shelved",
    "signal",
    "source",
    "standing",
    "statement",
    "submission",
    "subscriber",
    "subscription",
    "sync_run",
    "tally",
    "ticket",
    "token",
    "unread",
    "vote",
    "written",
]
