"""The client's verbs of "account", named as the operations of the API are."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from broadsheet.client.calls import Call, get, given, verb, write
from broadsheet.types import (
    Allowance,
    Authorship,
    Mine,
    Notice,
    NoticeKind,
    Paper,
    Passkey,
    Person,
    Scope,
    Session,
    Token,
)
from broadsheet.wire import Listed, NewToken, Unread


class Account:
    """One's own account, its tokens, sessions and notices; and people."""

    @verb
    def me(self) -> Call[Mine]:
        """One's account, with what only its owner sees."""
        return get("/me", Mine)

    @verb
    def change_me(
        self,
        *,
        name: str | None = None,
        shown: str | None = None,
        about: str | None = None,
        show_votes: bool | None = None,
        notify: Sequence[NoticeKind] | None = None,
        if_match: str = "",
    ) -> Call[Mine]:
        """Change one's account."""
        return replace(
            write(
                "PATCH",
                "/me",
                Mine,
                body=given(name=name, shown=shown, about=about, show_votes=show_votes, notify=notify),
            ),
            if_match=if_match,
        )

    @verb
    def leave(self, *, confirm: str = "") -> Call[None]:
        """End one's account: personal data and votes go, comments stay under nobody's name."""
        return write("DELETE", "/me", None, confirm=confirm)

    @verb
    def export_me(self) -> Call[dict[str, Any]]:
        """All that one gave to this place."""
        return get("/me/export", dict[str, Any])

    @verb
    def allowance(self, kind: str) -> Call[Allowance | None]:
        """How often something may still be done; null where nothing limits it."""
        return get("/me/allowances/{kind}", Allowance | None, {"kind": kind})

    @verb
    def followed(self) -> Call[Listed[Paper]]:
        """The papers that one follows, the latest first."""
        return get("/me/follows", Listed[Paper])

    @verb
    def tokens(self) -> Call[Listed[Token]]:
        """One's tokens, the newest first."""
        return get("/me/tokens", Listed[Token])

    @verb
    def make_token(self, name: str, scopes: Sequence[Scope], *, days: int | None = None) -> Call[NewToken]:
        """Make a personal access token. Its secret is shown this once."""
        return write("POST", "/me/tokens", NewToken, body={"name": name, "scopes": scopes, "days": days})

    @verb
    def end_token(self, number: int) -> Call[None]:
        """End one of one's tokens."""
        return write("DELETE", "/me/tokens/{number}", None, {"number": number})

    @verb
    def sessions(self) -> Call[Listed[Session]]:
        """The browsers in which one is signed in, the last seen first."""
        return get("/me/sessions", Listed[Session])

    @verb
    def end_session(self, number: int) -> Call[None]:
        """Sign one browser out."""
        return write("DELETE", "/me/sessions/{number}", None, {"number": number})

    @verb
    def end_other_sessions(self) -> Call[None]:
        """Sign all browsers out but the one that asks; asked with a token, all."""
        return write("DELETE", "/me/sessions", None)

    @verb
    def passkeys(self) -> Call[Listed[Passkey]]:
        """One's passkeys; they are made in a browser."""
        return get("/me/passkeys", Listed[Passkey])

    @verb
    def remove_passkey(self, number: int) -> Call[None]:
        """Remove one of one's passkeys."""
        return write("DELETE", "/me/passkeys/{number}", None, {"number": number})

    @verb
    def notices(self, *, unread: bool = False, limit: int = 20, cursor: str = "") -> Call[Listed[Notice]]:
        """One's notices, the newest first."""
        return get("/me/notices", Listed[Notice], unread=unread, limit=limit, cursor=cursor)

    @verb
    def unread(self) -> Call[Unread]:
        """How many notices one has not read."""
        return get("/me/unread", Unread)

    @verb
    def mark_read(self, *, numbers: Sequence[int] | None = None) -> Call[Unread]:
        """Mark notices as read."""
        return write("POST", "/me/notices/read", Unread, body={"numbers": numbers})

    @verb
    def person(self, name: str) -> Call[Person]:
        """Somebody who is here."""
        return get("/people/{name}", Person, {"name": name})

    @verb
    def voted(self, name: str, *, limit: int = 20, cursor: str = "") -> Call[Listed[Paper]]:
        """The papers that somebody voted for, if they show it."""
        return get("/people/{name}/votes", Listed[Paper], {"name": name}, limit=limit, cursor=cursor)

    @verb
    def claims(self, name: str) -> Call[Listed[Authorship]]:
        """The papers that somebody wrote, the latest claim first."""
        return get("/people/{name}/claims", Listed[Authorship], {"name": name})
