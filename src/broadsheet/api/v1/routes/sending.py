"""The outbox and all who are sent something, for who runs the place."""

from typing import Annotated

from fastapi import Query

from broadsheet.api.v1.asking import Asked
from broadsheet.api.v1.operations import Operations
from broadsheet.api.v1.parameters import Cursor, Limit, Number
from broadsheet.types import Outgoing, Sending, Subscriber, Subscription
from broadsheet.wire import Listed

sending = Operations("sending", "The outbox, and all who are sent something, for who runs the place.")


@sending.reads("/outbox", rule="outbox")
def outbox(
    asked: Asked,
    state: Annotated[Sending | None, Query(description="Only what is in this state.")] = None,
    doubtful: Annotated[bool, Query(description="Only what nobody knows whether it arrived.")] = False,
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Listed[Outgoing]:
    """What is or was in the outbox, the newest first, without its words."""
    return asked.numbered(
        lambda limit, before: asked.library.outbox(
            asked.actor, state=state, doubtful=doubtful, limit=limit, before=before
        ),
        lambda one: one.number,
        limit,
        cursor,
    )


@sending.reads("/outbox/counts", rule="outbox")
def outbox_counts(asked: Asked) -> dict[str, int]:
    """How many there are in each state."""
    return {state.value: count for state, count in asked.library.outbox_counts(asked.actor).items()}


@sending.reads("/outbox/{number}", rule="outbox")
def outgoing(asked: Asked, number: Number) -> Outgoing:
    """One thing in the outbox, without its words."""
    return asked.library.outgoing(asked.actor, number)


@sending.makes("/outbox/{number}/retry", rule="outbox", status=200)
def retry_outgoing(asked: Asked, number: Number) -> Outgoing:
    """Let something be tried again at once."""
    asked.library.retry_outgoing(asked.actor, number)
    return asked.library.outgoing(asked.actor, number)


@sending.makes("/outbox/{number}/drop", rule="outbox", status=200)
def drop_outgoing(asked: Asked, number: Number) -> Outgoing:
    """Let something not leave."""
    asked.library.drop_outgoing(asked.actor, number)
    return asked.library.outgoing(asked.actor, number)


@sending.reads("/subscribers", rule="outbox")
def subscribers(asked: Asked, limit: Limit = 100, cursor: Cursor = "") -> Listed[Subscriber]:
    """All who are sent something, with what they are sent."""
    return asked.counted(
        lambda limit, offset: asked.library.subscribers(asked.actor, limit=limit, offset=offset), limit, cursor
    )


@sending.reads("/subscribers/suppressed", rule="outbox")
def suppressed(asked: Asked, limit: Limit = 50, cursor: Cursor = "") -> Listed[Subscriber]:
    """Mailboxes to which nothing is sent any more, and why."""
    return asked.counted(
        lambda limit, offset: asked.library.suppressed(asked.actor, limit=limit, offset=offset), limit, cursor
    )


@sending.makes("/subscribers/{number}/unsuppress", rule="outbox", status=204)
def unsuppress(asked: Asked, number: Number) -> None:
    """Let letters be sent to a mailbox again."""
    asked.library.unsuppress(asked.actor, number)


@sending.ends("/subscribers/subscriptions/{number}", rule="outbox", status=200)
def end_for(asked: Asked, number: Number) -> Subscription:
    """End anybody's subscription."""
    return asked.library.end_for(asked.actor, number)
