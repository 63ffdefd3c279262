"""The client's verbs of "groups", named as the operations of the API are."""

from dataclasses import replace
from typing import Any

from broadsheet.client.calls import Call, get, given, verb, write
from broadsheet.types import Circle, Comment, Invited, Members, Order, Shelved, Span
from broadsheet.wire import GroupStretch, Link, Listed, ShelfStretch


class Groups:
    """Private reading groups: members, shelf, edition, discussion."""

    @verb
    def circles(self) -> Call[Listed[Circle]]:
        """The groups that one is in."""
        return get("/groups", Listed[Circle])

    @verb
    def found(self, shown: str, *, about: str = "") -> Call[Circle]:
        """Found a group."""
        return write("POST", "/groups", Circle, body={"shown": shown, "about": about})

    @verb
    def dissolved(self) -> Call[Listed[Circle]]:
        """The groups that one ran and that can still be opened again."""
        return get("/dissolved-groups", Listed[Circle])

    @verb
    def invited(self, secret: str) -> Call[Invited]:
        """What a link to a group leads to."""
        return get("/group-links/{secret}", Invited, {"secret": secret})

    @verb
    def join(self, secret: str) -> Call[Circle]:
        """Go into a group by a link."""
        return write("POST", "/group-links/{secret}", Circle, {"secret": secret})

    @verb
    def group(self, group: str) -> Call[Circle]:
        """A group."""
        return get("/groups/{group}", Circle, {"group": group})

    @verb
    def change_group(self, group: str, shown: str, *, about: str = "", if_match: str = "") -> Call[Circle]:
        """Rename a group, and say what it is about; its address stays."""
        return replace(
            write("PATCH", "/groups/{group}", Circle, {"group": group}, body=given(shown=shown, about=about)),
            if_match=if_match,
        )

    @verb
    def dissolve(self, group: str) -> Call[None]:
        """Close a group for all; what it holds is kept for 30 days."""
        return write("DELETE", "/groups/{group}", None, {"group": group})

    @verb
    def restore_group(self, group: str) -> Call[Circle]:
        """Open a dissolved group again."""
        return write("POST", "/groups/{group}/restore", Circle, {"group": group})

    @verb
    def export_group(self, group: str) -> Call[dict[str, Any]]:
        """All that a group holds."""
        return get("/groups/{group}/export", dict[str, Any], {"group": group})

    @verb
    def members(self, group: str) -> Call[Members]:
        """Who is in a group; its owner also gets the links that are still good."""
        return get("/groups/{group}/members", Members, {"group": group})

    @verb
    def leave_group(self, group: str) -> Call[None]:
        """Leave a group."""
        return write("DELETE", "/groups/{group}/members/me", None, {"group": group})

    @verb
    def remove_member(self, group: str, person: str) -> Call[None]:
        """Take somebody out of a group, and withdraw its links."""
        return write("DELETE", "/groups/{group}/members/{person}", None, {"group": group, "person": person})

    @verb
    def hand_on(self, group: str, to: str) -> Call[Members]:
        """Make another member the owner."""
        return write("PUT", "/groups/{group}/owner", Members, {"group": group}, body={"to": to})

    @verb
    def invite_to(self, group: str, *, days: int = 14, uses: int = 20) -> Call[Link]:
        """Make a link to a group. Its secret is shown this once."""
        return write("POST", "/groups/{group}/links", Link, {"group": group}, body={"days": days, "uses": uses})

    @verb
    def withdraw_link(self, group: str, number: int) -> Call[None]:
        """End a link to a group."""
        return write("DELETE", "/groups/{group}/links/{number}", None, {"group": group, "number": number})

    @verb
    def shelf(self, group: str, *, limit: int = 50, cursor: str = "") -> Call[ShelfStretch]:
        """A group's shelf, the latest first."""
        return get("/groups/{group}/shelf", ShelfStretch, {"group": group}, limit=limit, cursor=cursor)

    @verb
    def shelved(self, group: str, paper: str) -> Call[Shelved]:
        """What a group's shelf says of a paper."""
        return get("/groups/{group}/shelf/{paper}", Shelved, {"group": group, "paper": paper})

    @verb
    def shelve(self, group: str, paper: str, *, note: str = "") -> Call[Shelved]:
        """Put a paper on a group's shelf, or change its note."""
        return write(
            "PUT", "/groups/{group}/shelf/{paper}", Shelved, {"group": group, "paper": paper}, body={"note": note}
        )

    @verb
    def unshelve(self, group: str, paper: str) -> Call[None]:
        """Take a paper down from a group's shelf."""
        return write("DELETE", "/groups/{group}/shelf/{paper}", None, {"group": group, "paper": paper})

    @verb
    def group_edition(
        self, group: str, span: Span, key: str, *, limit: int = 20, cursor: str = ""
    ) -> Call[GroupStretch]:
        """A group's own edition."""
        return get(
            "/groups/{group}/editions/{span}/{key}",
            GroupStretch,
            {"group": group, "span": span, "key": key},
            limit=limit,
            cursor=cursor,
        )

    @verb
    def discussion(self, group: str, *, order: Order = Order.BEST) -> Call[Listed[Comment]]:
        """What was said in a group's own discussion, that is about no paper."""
        return get("/groups/{group}/discussion", Listed[Comment], {"group": group}, order=order)

    @verb
    def discuss(self, group: str, text: str, *, parent: int | None = None) -> Call[Comment]:
        """Say something in a group's own discussion."""
        return write(
            "POST", "/groups/{group}/discussion", Comment, {"group": group}, body={"text": text, "parent": parent}
        )
