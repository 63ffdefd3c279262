"""The client's verbs of "sending", named as the operations of the API are."""

from broadsheet.client.calls import Call, get, verb, write
from broadsheet.types import Outgoing, Sending, Subscriber, Subscription
from broadsheet.wire import Listed


class Posting:
    """The outbox, and all who are sent something, for who runs the place."""

    @verb
    def outbox(
        self, *, state: Sending | None = None, doubtful: bool = False, limit: int = 50, cursor: str = ""
    ) -> Call[Listed[Outgoing]]:
        """What is or was in the outbox, the newest first, without its words."""
        return get("/outbox", Listed[Outgoing], state=state, doubtful=doubtful, limit=limit, cursor=cursor)

    @verb
    def outbox_counts(self) -> Call[dict[str, int]]:
        """How many there are in each state."""
        return get("/outbox/counts", dict[str, int])

    @verb
    def outgoing(self, number: int) -> Call[Outgoing]:
        """One thing in the outbox, without its words."""
        return get("/outbox/{number}", Outgoing, {"number": number})

    @verb
    def retry_outgoing(self, number: int) -> Call[Outgoing]:
        """Let something be tried again at once."""
        return write("POST", "/outbox/{number}/retry", Outgoing, {"number": number})

    @verb
    def drop_outgoing(self, number: int) -> Call[Outgoing]:
        """Let something not leave."""
        return write("POST", "/outbox/{number}/drop", Outgoing, {"number": number})

    @verb
    def subscribers(self, *, limit: int = 100, cursor: str = "") -> Call[Listed[Subscriber]]:
        """All who are sent something, with what they are sent."""
        return get("/subscribers", Listed[Subscriber], limit=limit, cursor=cursor)

    @verb
    def suppressed(self, *, limit: int = 50, cursor: str = "") -> Call[Listed[Subscriber]]:
        """Mailboxes to which nothing is sent any more, and why."""
        return get("/subscribers/suppressed", Listed[Subscriber], limit=limit, cursor=cursor)

    @verb
    def unsuppress(self, number: int) -> Call[None]:
        """Let letters be sent to a mailbox again."""
        return write("POST", "/subscribers/{number}/unsuppress", None, {"number": number})

    @verb
    def end_for(self, number: int) -> Call[Subscription]:
        """End anybody's subscription."""
        return write("DELETE", "/subscribers/subscriptions/{number}", Subscription, {"number": number})
