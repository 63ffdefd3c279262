"""Truth, and the only SQL: papers, where each fact came from, and the log of changes that the index follows.

`Catalogue` is the room's one door, put together from the groups of `verbs`:

    Papers     taken in and read, joined and split; what happened to them; what was counted
    Days       who belongs to one, what was announced, the automatic editor's order
    Running    imports, syncs and jobs
    Accounts   people and the ways in
    Answering  what was answered to writes that have a key
    Talking    votes, comments, submissions, claims, notices
    Moderating flags, and what moderators did
    Grouping   groups, members, shelves
    Rising     counts by day
    Writing    what language models wrote about papers
    Posting    keys of the place, the outbox, sending, bounces
    Digesting  what is due, and what was decided to be sent
    Standings  searches that run on every new paper
    Subscribing who is sent what
    Opened     the file itself

Each verb is one transaction, or one snapshot.
"""

from broadsheet.catalogue.imports import ImportRun
from broadsheet.catalogue.intake import Outcome
from broadsheet.catalogue.log import Change
from broadsheet.catalogue.verbs.accounts import Accounts
from broadsheet.catalogue.verbs.answering import Answering
from broadsheet.catalogue.verbs.bulk import Bulk
from broadsheet.catalogue.verbs.channels import Channels
from broadsheet.catalogue.verbs.citations import Citations
from broadsheet.catalogue.verbs.days import Days
from broadsheet.catalogue.verbs.digesting import Digesting
from broadsheet.catalogue.verbs.grouping import Grouping
from broadsheet.catalogue.verbs.moderating import Moderating
from broadsheet.catalogue.verbs.papers import Papers
from broadsheet.catalogue.verbs.posting import Posting
from broadsheet.catalogue.verbs.rising import Rising
from broadsheet.catalogue.verbs.running import Running
from broadsheet.catalogue.verbs.standing import Standings
from broadsheet.catalogue.verbs.subscribing import Subscribing
from broadsheet.catalogue.verbs.talking import Talking
from broadsheet.catalogue.verbs.writing import Writing

__all__ = ["Catalogue", "Change", "ImportRun", "Outcome"]


class Catalogue(
    Papers,
    Days,
    Running,
    Accounts,
    Answering,
    Talking,
    Moderating,
    Grouping,
    Rising,
    Writing,
    Posting,
    Digesting,
    Standings,
    Subscribing,
    Channels,
    Citations,
    Bulk,
):
    """A catalogue on disk. Safe to share among threads; several processes may have it open.

    Reading never waits for writing. Whatever is written is there in full after the method returns, or not at
    all if it raises. Any method may raise Damaged; those that write may raise Busy and StorageFull.
    """
