"""The client's verbs of "keeping", named as the operations of the API are."""

from typing import Literal

from broadsheet.client.calls import Call, get, verb, write
from broadsheet.types import (
    Act,
    Authorship,
    CircleFigures,
    Comment,
    Finding,
    Flag,
    Invitation,
    Job,
    Merge,
    Person,
    Role,
    Status,
)
from broadsheet.wire import Answered, Listed, NewInvitation


class Keeping:
    """Moderation and administration."""

    @verb
    def flag(self, kind: Literal["comment", "submission", "person"], target: int, reason: str) -> Call[Flag]:
        """Ask moderators to look at something."""
        return write("POST", "/flags", Flag, body={"kind": kind, "target": target, "reason": reason})

    @verb
    def flags(self, *, settled: bool = False) -> Call[Listed[Flag]]:
        """What moderators should look at, the longest-waiting first; or what they settled, the latest first."""
        return get("/flags", Listed[Flag], settled=settled)

    @verb
    def settle(self, number: int, outcome: str, reason: str) -> Call[None]:
        """Say what came of a flag, and of all others of the same thing."""
        return write(
            "POST", "/flags/{number}/settle", None, {"number": number}, body={"outcome": outcome, "reason": reason}
        )

    @verb
    def hide_comment(self, number: int, reason: str) -> Call[Comment]:
        """Hide what a comment says, with a reason that all can read."""
        return write("POST", "/comments/{number}/hide", Comment, {"number": number}, body={"reason": reason})

    @verb
    def restore_comment(self, number: int, reason: str) -> Call[Comment]:
        """Show a hidden comment again."""
        return write("POST", "/comments/{number}/restore", Comment, {"number": number}, body={"reason": reason})

    @verb
    def ban(self, name: str, reason: str) -> Call[Person]:
        """Let somebody only read from now on."""
        return write("POST", "/people/{name}/ban", Person, {"name": name}, body={"reason": reason})

    @verb
    def unban(self, name: str, reason: str) -> Call[Person]:
        """Let somebody take part again."""
        return write("POST", "/people/{name}/unban", Person, {"name": name}, body={"reason": reason})

    @verb
    def acts(self, *, limit: int = 50, cursor: str = "") -> Call[Listed[Act]]:
        """What moderators and administrators did, and why, the newest first."""
        return get("/log", Listed[Act], limit=limit, cursor=cursor)

    @verb
    def people(self, *, query: str = "", limit: int = 50, cursor: str = "") -> Call[Listed[Person]]:
        """Accounts by name."""
        return get("/people", Listed[Person], query=query, limit=limit, cursor=cursor)

    @verb
    def set_role(self, name: str, role: Role, *, reason: str = "") -> Call[Person]:
        """Give somebody a role."""
        return write("PUT", "/people/{name}/role", Person, {"name": name}, body={"role": role, "reason": reason})

    @verb
    def set_orcid(self, name: str, orcid: str) -> Call[Person]:
        """Say which ORCID iD somebody has."""
        return write("PUT", "/people/{name}/orcid", Person, {"name": name}, body={"orcid": orcid})

    @verb
    def invite(self, *, role: Role = Role.READER, note: str = "", days: int = 14, uses: int = 1) -> Call[NewInvitation]:
        """Make an invitation. Its secret is shown this once."""
        return write(
            "POST", "/invitations", NewInvitation, body={"role": role, "note": note, "days": days, "uses": uses}
        )

    @verb
    def invitations(self) -> Call[Listed[Invitation]]:
        """The invitations that are still good, the newest first."""
        return get("/invitations", Listed[Invitation])

    @verb
    def withdraw_invitation(self, number: int) -> Call[None]:
        """Withdraw an invitation."""
        return write("DELETE", "/invitations/{number}", None, {"number": number})

    @verb
    def asked_claims(self) -> Call[Listed[Authorship]]:
        """The claims that an administrator must decide, the longest-waiting first."""
        return get("/claims", Listed[Authorship])

    @verb
    def decide_claim(self, paper: str, name: str, yes: bool, *, reason: str = "") -> Call[None]:
        """Confirm somebody's claim, or refuse it with a reason."""
        return write("POST", "/claims", None, body={"paper": paper, "name": name, "yes": yes, "reason": reason})

    @verb
    def group_figures(self) -> Call[Listed[CircleFigures]]:
        """Which groups there are, whose, how large; no name, no word."""
        return get("/group-figures", Listed[CircleFigures])

    @verb
    def close_group(self, number: int, reason: str, *, on: bool = True) -> Call[None]:
        """Close a group from outside, or open it again."""
        return write(
            "POST", "/group-figures/{number}/close", None, {"number": number}, body={"on": on, "reason": reason}
        )

    @verb
    def merge(self, keep: str, other: str, *, reason: str = "by hand") -> Call[Merge]:
        """Join two records of one paper under the first."""
        return write("POST", "/merges", Merge, body={"keep": keep, "other": other, "reason": reason})

    @verb
    def split(self, number: int) -> Call[None]:
        """Undo a merge, and keep the two apart from now on."""
        return write("DELETE", "/merges/{number}", None, {"number": number})

    @verb
    def status(self) -> Call[Status]:
        """The figures of this installation."""
        return get("/status", Status)

    @verb
    def doctor(self) -> Call[Listed[Finding]]:
        """What is wrong with this installation, and how to mend it. It reads all files, which takes a while."""
        return get("/findings", Listed[Finding])

    @verb
    def rebuild_index(self) -> Call[Answered]:
        """Build the index anew beside the present one, which answers until then."""
        return write("POST", "/index/rebuild", Answered)

    @verb
    def verify_index(self) -> Call[Listed[Finding]]:
        """Reads the whole index and compares it with the catalogue."""
        return get("/index/findings", Listed[Finding])

    @verb
    def jobs(self) -> Call[Listed[Job]]:
        """The schedule: what runs by itself, and how it went last."""
        return get("/jobs", Listed[Job])
