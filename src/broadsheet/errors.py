"""Every error Broadsheet raises on purpose; each face translates them into its own words.

    BroadsheetError
    ├── NotFound               there is no such paper, edition or record
    ├── Refused                the input cannot be used as it is; the message says what to do
    │   ├── BadRecord          one record of a source: has a place (path, line) and a reason
    │   ├── BadSource          a whole file or feed: unreadable, truncated, of an unknown kind
    │   ├── BadSetting         a setting's value, or its file
    │   ├── Unfit              fields of a form cannot be used; says which, and what is wrong with each
    │   ├── PrivateAddress     a web address that leads inside this network, and was not asked
    │   └── Returned           a mailbox does not take a letter, and never will
    ├── Forbidden              the actor may not do this
    │   └── SignInNeeded       nobody may do this without an account
    ├── TooMany                too often in a stretch of time; says when it may go on
    ├── Conflict               the catalogue says otherwise (two papers that must stay apart, say)
    │   └── Overtaken          somebody else changed the same words meanwhile; holds both, so that nothing is lost
    ├── Unavailable            a source on the network does not answer, or not now; what came before is kept
    │   └── Unreachable        who should carry something cannot be reached at all: nothing was tried
    ├── Busy                   another process holds the catalogue; try again
    ├── StorageFull            no space left; nothing of the last batch was written
    └── Damaged                files on disk are not what they should be; `broadsheet doctor` tells more

Messages are sentences for a person: what happened, and what to do. No HTTP in here.
"""

from collections.abc import Mapping


class BroadsheetError(Exception):
    """The root: `except BroadsheetError` catches all that Broadsheet raises on purpose."""


class NotFound(BroadsheetError):
    """There is no such paper, edition or record."""


class Refused(BroadsheetError):
    """The input cannot be used as it is."""


class BadRecord(Refused):
    """One record of a source cannot be used; the rest of the source can."""

    def __init__(self, reason: str, *, path: str = "", line: int | None = None) -> None:
        super().__init__(reason)
        self.reason, self.path, self.line = reason, path, line

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line is not None else self.path
        return f"{place}: {self.reason}" if place else self.reason


class BadSource(Refused):
    """A whole file or feed cannot be read, or not to its end."""


class BadSetting(Refused):
    """A setting has a value that cannot be used."""


class Unfit(Refused):
    """Some of several things that were said cannot be used. `problems` are sentences, by the names of the fields."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = dict(problems)


class PrivateAddress(Refused):
    """A web address leads to this machine or a private network, and the source is not allowed to ask there."""


class Returned(Refused):
    """A mailbox does not take a letter, and never will. `status` says why, as in RFC 3463 ("5.1.1"), or is empty."""

    def __init__(self, message: str, *, status: str = "") -> None:
        super().__init__(message)
        self.status = status


class Forbidden(BroadsheetError):
    """The actor may not do this."""


class SignInNeeded(Forbidden):
    """Nobody may do this without an account: signing in helps."""


class TooMany(BroadsheetError):
    """This was done too often in a stretch of time. `retry_after` is in how many seconds it may be done again."""

    def __init__(self, message: str, *, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Conflict(BroadsheetError):
    """The catalogue holds facts that forbid this."""


class Overtaken(Conflict):
    """Somebody changed the same words meanwhile, and was faster: nothing was written.

    `present` is what they say now, after `edits` changes, and `yours` what was not written.
    """

    def __init__(self, message: str, *, present: str, edits: int, yours: str) -> None:
        super().__init__(message)
        self.present, self.edits, self.yours = present, edits, yours


class Unavailable(BroadsheetError):
    """A source on the network does not answer, or asks us to come later; trying again later may help.

    `retry_after` is how many seconds it asked us to wait, where it did.
    """

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unreachable(Unavailable):
    """Who should carry something cannot be reached at all, or lets nobody in: whatever else there is must wait too."""


class Busy(BroadsheetError):
    """Another process holds what is needed; trying again later helps."""


class StorageFull(BroadsheetError):
    """The disk is full; what was being written was rolled back."""


class Damaged(BroadsheetError):
    """Files on disk are not what they should be."""
