"""The part of a place on the network that is about what people are sent; see `remote`."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from broadsheet.client import Client
from broadsheet.library import Split, split
from broadsheet.types import (
    Actor,
    Caught,
    Hit,
    Outgoing,
    Preview,
    Sending,
    Standing,
    Subscriber,
    Subscription,
)

STRETCH = 100  # items that the API gives at a time
Item = TypeVar("Item")


class RemoteDelivery:
    """Standing queries, subscriptions and the outbox of a place at another address."""

    _client: Client

    def for_me(self, _actor: Actor, *, limit: int = 20) -> list[Hit]:
        """The papers that suit one best."""
        return first(self._client.every(self._client.for_me, limit=min(limit, STRETCH)), limit)

    # Standing queries.

    def read_wish(self, text: str) -> Split:
        """What somebody typed, taken apart."""
        return split(text)

    def standing_queries(self, _actor: Actor, *, ended: bool = False) -> list[Standing]:
        """One's standing queries, the newest first."""
        return self._client.standing_queries(ended=ended).items

    def standing(self, _actor: Actor, number: int) -> Standing:
        """One of one's standing queries."""
        return self._client.standing(number)

    def stand(
        self, _actor: Actor, text: str, *, name: str = "", unlike_text: str = "", like: Sequence[str] = (),
        unlike: Sequence[str] = (), near: float = 1.0,
    ) -> Standing:  # fmt: skip
        """Lets a search run on every new paper."""
        return self._client.stand(text=text, name=name, unlike_text=unlike_text, like=like, unlike=unlike, near=near)

    def preview(
        self, _actor: Actor, text: str, *, unlike_text: str = "", like: Sequence[str] = (), unlike: Sequence[str] = (),
        near: float = 1.0,
    ) -> Preview:  # fmt: skip
        """What such a query would have caught lately."""
        return self._client.preview(text=text, unlike_text=unlike_text, like=like, unlike=unlike, near=near)

    def end_standing(self, _actor: Actor, number: int, *, on: bool = True) -> Standing:
        """Ends a standing query, or lets it run again."""
        return self._client.end_standing(number) if on else self._client.restore_standing(number)

    def caught(self, _actor: Actor, number: int, *, limit: int = 20) -> list[Caught]:
        """What a standing query caught, the latest first."""
        return first(self._client.every(self._client.caught, number, limit=min(limit, STRETCH)), limit)

    # Subscriptions.

    def subscribers(self, _actor: Actor, *, limit: int = 100) -> list[Subscriber]:
        """All who are sent something."""
        return first(self._client.every(self._client.subscribers, limit=min(limit, STRETCH)), limit)

    def preferences(self, _actor: Actor) -> Subscriber:
        """What one is sent."""
        return self._client.preferences()

    def subscribe(self, what: str, **plan: Any) -> Subscription:
        """Lets the account whose token it is be sent something."""
        return self._client.subscribe_me(what=what, **plan)

    def end_for(self, _actor: Actor, number: int) -> Subscription:
        """Ends anybody's subscription."""
        return self._client.end_for(number)

    def end_subscription(self, _actor: Actor, number: int) -> None:
        """Ends a subscription of one's own."""
        self._client.end_subscription(number)

    # The outbox.

    def outbox(
        self,
        _actor: Actor,
        *,
        state: Sending | None = None,
        doubtful: bool = False,
        limit: int = 50,
        before: int | None = None,
    ) -> list[Outgoing]:
        """What is or was in the outbox, the newest first."""
        every = self._client.every(self._client.outbox, state=state, doubtful=doubtful, limit=STRETCH)
        return first((one for one in every if before is None or one.number < before), limit)

    def outbox_counts(self, _actor: Actor) -> dict[Sending, int]:
        """How many there are in each state."""
        return {Sending(state): count for state, count in self._client.outbox_counts().items()}

    def retry_outgoing(self, _actor: Actor, number: int) -> None:
        """Lets something be tried again."""
        self._client.retry_outgoing(number)

    def drop_outgoing(self, _actor: Actor, number: int) -> None:
        """Lets something not leave."""
        self._client.drop_outgoing(number)

    def suppressed(self, _actor: Actor, *, limit: int = 50) -> list[Subscriber]:
        """Mailboxes to which nothing is sent any more."""
        return first(self._client.every(self._client.suppressed, limit=min(limit, STRETCH)), limit)

    def unsuppress(self, _actor: Actor, number: int) -> None:
        """Lets letters be sent to a mailbox again."""
        self._client.unsuppress(number)


def first(items: Iterable[Item], limit: int) -> list[Item]:
    """At most so many of them; no more are asked for."""
    return [item for item, _ in zip(items, range(limit), strict=False)]
