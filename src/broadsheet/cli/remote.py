"""A place on the network in the place of the library: the verbs that commands use, asked of its API.

Each has the name, the arguments and the answer of the door's own, so that a command does not know which of the two it
speaks to. Who acts is whose token it is; whom a command names in `actor` is of no matter here.
"""

from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar

from broadsheet.cli.remotedelivery import STRETCH, RemoteDelivery, first
from broadsheet.client import Client
from broadsheet.client.calls import Call
from broadsheet.errors import Forbidden, Refused
from broadsheet.types import (
    Actor,
    Circle,
    Comment,
    Edition,
    Facets,
    Finding,
    Hit,
    Invitation,
    Job,
    Merge,
    Mine,
    Mode,
    Notice,
    Order,
    Page,
    Paper,
    Person,
    Provenance,
    Role,
    Scope,
    Shelf,
    Sort,
    Span,
    Status,
    Submission,
    Token,
    Trending,
    Vote,
    Weight,
    Window,
)

ACTOR = Actor("remote")
T = TypeVar("T")


class Remote(RemoteDelivery):
    """A place at another address."""

    def __init__(self, address: str, token: str) -> None:
        self._client = Client(address, token=token)
        self.address = address

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def ask(self, call: Call[T]) -> T:
        """The answer to any call."""
        return self._client.run(call)

    # The index there follows by itself.

    def behind(self) -> int:
        """Nothing that one could do from here."""
        return 0

    def follow(self, _progress: object = None) -> bool:
        """Nothing that one could do from here."""
        return True

    # Finding and reading.

    def search(self, text: str, *, limit: int = 20, sort: Sort = Sort.RELEVANCE, mode: Mode = Mode.HYBRID) -> Page:
        """Papers that match a query."""
        stretches = self._client.stretches(
            self._client.search, text, sort=sort, mode=mode, explain=True, limit=min(limit, STRETCH)
        )
        return _gathered(stretches, lambda page: page.hits, limit)

    def facets(self, text: str, **_sort: Sort) -> Facets:
        """How all papers of a search divide."""
        return self._client.facets(text)

    def near(self, more: Sequence[str], less: Sequence[str] = (), *, limit: int = 10) -> list[Hit]:
        """Papers like some and unlike others."""
        _at_most(limit)
        return self._client.near(more, unlike=less, limit=limit).items

    def paper(self, key: str) -> Paper:
        """One paper."""
        return self._client.paper(key)

    def provenance(self, key: str) -> Provenance:
        """Where each fact of a paper came from."""
        return self._client.history(key)

    def edition(self, span: Span, key: str | None = None, *, limit: int = 20) -> Edition:
        """A stretch of an edition."""
        key = key or self._client.latest_edition(span, limit=1).key  # by which it goes on
        stretches = self._client.stretches(self._client.edition, span, key, limit=min(limit, STRETCH))
        return _gathered(stretches, lambda edition: edition.entries, limit)

    def trending(
        self, *, window: Window = Window.WEEK, signals: Sequence[str] = (), categories: Sequence[str] = (),
        limit: int = 20,
    ) -> Trending:  # fmt: skip
        """What trends."""
        stretches = self._client.stretches(
            self._client.trending, window=window, signal=signals, category=categories, limit=min(limit, STRETCH)
        )
        return _gathered(stretches, lambda trending: trending.entries, limit)

    def weights(self) -> tuple[Weight, ...]:
        """The table of the formula."""
        return tuple(self._client.formula().items)

    # Keeping.

    def status(self) -> Status:
        """The figures of the place."""
        return self._client.status()

    def jobs(self) -> list[Job]:
        """The schedule."""
        return self._client.jobs().items

    def rebuild_index(self, _progress: object = None) -> None:
        """Has the index built anew; the place there does not say when it is done."""
        self._client.rebuild_index()

    def verify_index(self) -> list[Finding]:
        """Compares the index with the catalogue."""
        return self._client.verify_index().items

    def doctor(self) -> list[Finding]:
        """What is wrong with the place."""
        return self._client.doctor().items

    def merge(self, keep: str, other: str, *, reason: str = "by hand") -> Merge:
        """Joins two records of one paper."""
        return self._client.merge(keep, other, reason=reason)

    def split(self, number: int) -> None:
        """Undoes a merge."""
        self._client.split(number)

    # People.

    def acting_as(self, _actor: Actor, name: str) -> Actor:
        """The account whose token it is, if that is meant. Raises Forbidden for any other."""
        mine = self._client.me().person.name
        if name != mine:
            raise Forbidden(f"This token is of {mine}: with it nobody can act for {name}.")
        return ACTOR

    def me(self, _actor: Actor) -> Mine:
        """The account."""
        return self._client.me()

    def people(self, _actor: Actor, query: str = "", *, limit: int = 50) -> list[Person]:
        """Accounts by name."""
        return first(self._client.every(self._client.people, query=query, limit=STRETCH), limit)

    def set_role(self, _actor: Actor, name: str, role: Role, reason: str) -> None:
        """Gives somebody a role."""
        self._client.set_role(name, role, reason=reason)

    def ban(self, _actor: Actor, name: str, reason: str) -> Person:
        """Lets somebody only read."""
        return self._client.ban(name, reason)

    def unban(self, _actor: Actor, name: str, reason: str) -> Person:
        """Lets somebody take part again."""
        return self._client.unban(name, reason)

    def invite(self, _actor: Actor, *, role: Role, note: str, days: int, uses: int) -> tuple[Invitation, str]:
        """Makes an invitation."""
        made = self._client.invite(role=role, note=note, days=days, uses=uses)
        return made.invitation, _shown(made.secret)

    def make_token(self, _actor: Actor, name: str, scopes: frozenset[Scope], days: int | None) -> tuple[Token, str]:
        """Makes a token."""
        made = self._client.make_token(name, sorted(scopes), days=days)
        return made.token, _shown(made.secret)

    def export_me(self, _actor: Actor) -> dict[str, Any]:
        """All that one gave to the place."""
        return self._client.export_me()

    def leave(self, _actor: Actor) -> None:
        """Ends the account."""
        self._client.leave(confirm=self._client.me().person.name)

    # Talk.

    def vote(self, _actor: Actor, key: str, *, up: bool = True, group: str = "") -> Vote:
        """Votes for a paper, or takes the vote back."""
        return self._client.vote(key, group=group) if up else self._client.unvote(key, group=group)

    def comments(self, key: str, *, actor: Actor, order: Order = Order.BEST, group: str = "") -> list[Comment]:  # noqa: ARG002 - it is whose token it is
        """What was said of a paper."""
        return self._client.comments(key, order=order, group=group).items

    def discussion(self, _actor: Actor, group: str, *, order: Order = Order.BEST) -> list[Comment]:
        """What was said in a group's own discussion."""
        return self._client.discussion(group, order=order).items

    def comment(
        self, _actor: Actor, key: str | None, text: str, *, parent: int | None = None, group: str = ""
    ) -> Comment:
        """Says something."""
        if key is None:
            return self._client.discuss(group, text, parent=parent)
        return self._client.comment(key, text, parent=parent, group=group)

    def comment_of(self, _actor: Actor, number: int) -> Comment:
        """One comment."""
        return self._client.comment_of(number)

    def edit_comment(self, _actor: Actor, number: int, text: str, *, edit: int) -> Comment:
        """Changes one's own comment."""
        return self._client.edit_comment(number, text, edit=edit)

    def delete_comment(self, _actor: Actor, number: int) -> None:
        """Deletes one's own comment."""
        self._client.delete_comment(number)

    def submit(self, _actor: Actor, named: str, *, comment: str = "", group: str = "") -> Submission:
        """Puts a paper into the open edition."""
        return self._client.submit(named, comment=comment, group=group)

    def follow_paper(self, _actor: Actor, key: str, on: bool = True) -> None:
        """Follows a paper, or no longer."""
        (self._client.follow_paper if on else self._client.unfollow_paper)(key)

    def followed(self, _actor: Actor) -> list[Paper]:
        """The papers that one follows."""
        return self._client.followed().items

    def notices(self, _actor: Actor, *, unread: bool = False, limit: int = 20) -> list[Notice]:
        """One's notices."""
        return first(self._client.every(self._client.notices, unread=unread, limit=min(limit, STRETCH)), limit)

    def mark_read(self, _actor: Actor, numbers: Sequence[int] | None = None) -> None:
        """Marks notices as read."""
        self._client.mark_read(numbers=numbers)

    # Groups.

    def circles(self, _actor: Actor) -> list[Circle]:
        """The groups that one is in."""
        return self._client.circles().items

    def found(self, _actor: Actor, shown: str, about: str = "") -> Circle:
        """Founds a group."""
        return self._client.found(shown, about=about)

    def join(self, _actor: Actor, secret: str) -> Circle:
        """Goes into a group by a link."""
        return self._client.join(secret)

    def invite_to(self, _actor: Actor, name: str, *, days: int = 14, uses: int = 20) -> str:
        """Makes a link to a group."""
        return _shown(self._client.invite_to(name, days=days, uses=uses).secret)

    def leave_group(self, _actor: Actor, name: str) -> None:
        """Leaves a group."""
        self._client.leave_group(name)

    def shelf(self, _actor: Actor, name: str, *, limit: int = 50) -> Shelf:
        """A group's shelf."""
        stretches = self._client.stretches(self._client.shelf, name, limit=min(limit, STRETCH))
        return _gathered(stretches, lambda shelf: shelf.entries, limit)

    def shelve(self, _actor: Actor, name: str, key: str, note: str = "", *, on: bool = True) -> None:
        """Puts a paper on a group's shelf, or takes it down."""
        if on:
            self._client.shelve(name, key, note=note)
        else:
            self._client.unshelve(name, key)


def _gathered(stretches: Iterator[T], items: Callable[[T], list[Any]], limit: int) -> T:
    """The first stretch of a list, longer by what the next ones hold until there are so many items."""
    first = next(stretches)
    found = items(first)
    while len(found) < limit and (more := next(stretches, None)):
        found += items(more)
    del found[limit:]
    return first


def _at_most(limit: int) -> None:
    if limit > STRETCH:
        raise Refused(f"From a server one can have {STRETCH} of these at most: --limit {STRETCH}.")


def _shown(secret: str | None) -> str:
    """What is shown once. An answer that came a second time does not hold it."""
    if secret is None:
        raise Refused("It was made, but its secret did not arrive. End it, and make another.")
    return secret
