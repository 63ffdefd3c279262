"""The nouns of Broadsheet: slotted dataclasses without behaviour, shared by every floor.

    papers     what sources say, and what the catalogue makes of it
    finding    search: how papers are asked for, and what an answer holds
    editions   days and their papers in order, and the account of what was announced
    running    imports, syncs, jobs, figures, and who acts

All of them are named here: the modules are for reading.
"""

from broadsheet.types.editions import Account, Announced, Announcement, Candidate, Edition, Entry, Pick, Span
from broadsheet.types.finding import Facets, Hit, Mode, Page, Sort, Why
from broadsheet.types.papers import (
    Author,
    Counted,
    Deletion,
    Event,
    EventKind,
    Fact,
    Identifier,
    Merge,
    Paper,
    Provenance,
    Record,
    Revision,
    Signal,
    Version,
)
from broadsheet.types.running import (
    ANYONE,
    OWNER,
    Actor,
    Finding,
    ImportReport,
    Job,
    JobRun,
    JobState,
    Refusal,
    Status,
    Sync,
    SyncReport,
)

__all__ = [
    "ANYONE",
    "OWNER",
    "Account",
    "Actor",
    "Announced",
    "Announcement",
    "Author",
    "Candidate",
    "Counted",
    "Deletion",
    "Edition",
    "Entry",
    "Event",
    "EventKind",
    "Facets",
    "Fact",
    "Finding",
    "Hit",
    "Identifier",
    "ImportReport",
    "Job",
    "JobRun",
    "JobState",
    "Merge",
    "Mode",
    "Page",
    "Paper",
    "Pick",
    "Provenance",
    "Record",
    "Refusal",
    "Revision",
    "Signal",
    "Sort",
    "Span",
    "Status",
    "Sync",
    "SyncReport",
    "Version",
    "Why",
]
