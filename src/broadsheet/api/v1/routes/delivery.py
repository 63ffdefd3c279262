"""What one is sent: subscriptions, standing queries, channels, what suits oneself."""

import re
from typing import Annotated

from fastapi import Path, Query
from pydantic import ConfigDict, Field, StrictInt

from broadsheet.api.v1.asking import Asked
from broadsheet.api.v1.operations import Operations
from broadsheet.api.v1.parameters import Cursor, Flag, Limit, Number, PaperId, Sent, Text, Whole, Word
from broadsheet.errors import Refused
from broadsheet.types import (
    Caught,
    Channel,
    Digest,
    Form,
    Hit,
    LetterFile,
    Outgoing,
    Preview,
    Rhythm,
    Standing,
    Subscriber,
    Subscription,
)
from broadsheet.wire import Listed, NewChannel

delivery = Operations("delivery", "What one is sent: subscriptions, standing queries, channels.")

Keys = Annotated[list[Word], Field(max_length=100)]
Near = Annotated[float, Field(ge=0, le=1)]
_CAUGHT = re.compile(r"([^|]{1,40})\|(\d{1,15})", re.ASCII)  # where a list of what was caught goes on


@delivery.reads("/me/papers", rule="read mine")
def for_me(asked: Asked, limit: Limit = 20, cursor: Cursor = "") -> Listed[Hit]:
    """The papers of two weeks that suit one best, each with the reason."""
    return asked.counted(
        lambda limit, offset: asked.library.for_me(asked.actor, limit=limit, offset=offset), limit, cursor
    )


# Subscriptions.


class Plan(Sent):
    """When, how much and in what form; what is left out, or null, stays, or is as usual."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"rhythm": "weekdays", "at": "07:30", "zone": "UTC"}]})

    rhythm: Rhythm | None = None
    weekday: Annotated[StrictInt, Field(ge=0, le=6)] | None = None
    at: Word | None = None
    zone: Word | None = None
    most: Whole | None = None
    form: Form | None = None

    def said(self) -> dict[str, str | int]:
        """What was said."""
        facts = {name: getattr(self, name) for name in Plan.model_fields}
        return {name: one for name, one in facts.items() if one is not None}


class Subscribing(Plan):
    """What is wanted, where it goes (mail, or a channel of one's own), and when.

    `what` is "trending", "edition", "mine", "group:NAME", "category:cs.CL", "keyword:sparse attention",
    "keywords:attention; sheep", "author:Ada Lovelace" or "search:QUERY". Instead of it `standing` may be the number of
    a standing query.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [{"what": "category:cs.CL", "rhythm": "weekly"}]})

    what: Annotated[str, Field(max_length=3_000)] = ""
    standing: Whole | None = None
    channel: Whole | None = None
    email: Word = ""


@delivery.reads("/subscriptions", rule="read mine")
def my_subscriptions(asked: Asked) -> Listed[Subscription]:
    """All that one is sent, or that waits to be confirmed."""
    return Listed(asked.library.my_subscriptions(asked.actor))


@delivery.reads("/subscriptions/all", rule="read mine")
def preferences(asked: Asked) -> Subscriber:
    """What one is sent; with what ended within a month, so that it can be undone."""
    return asked.library.preferences(asked.actor)


@delivery.makes("/subscriptions", rule="subscribe", counted="subscribe")
def subscribe_me(asked: Asked, body: Subscribing) -> Subscription:
    """Be sent something, or change how one is sent it already."""
    if body.standing is not None:
        query = asked.library.standing(asked.actor, body.standing)
        wanted, value, title = asked.library.wish(f"search:{query.text}")[0], "", query.name
    else:
        wanted, value, title = asked.library.wish(body.what)
    return asked.library.subscribe_me(
        asked.actor,
        wanted,
        value,
        title=title,
        standing=body.standing,
        channel=body.channel,
        email=body.email,
        **body.said(),  # its names are those of the plan
    )


@delivery.changes("/subscriptions/{number}", rule="subscribe", guarded=False)
def change_subscription(asked: Asked, number: Number, body: Plan) -> Subscription:
    """Change how something is sent."""
    return asked.library.change_subscription(asked.actor, number, **body.said())


class Pausing(Sent):
    """Until which day; empty is until further notice, null lets it go on."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"until": "2026-12-31"}]})

    until: Word | None = ""


@delivery.puts("/subscriptions/{number}/pause", rule="subscribe")
def pause(asked: Asked, number: Number, body: Pausing) -> Subscriber:
    """Pause a subscription, or let it go on."""
    asked.library.pause(asked.actor, number, body.until)
    return asked.library.preferences(asked.actor)


@delivery.ends("/subscriptions/{number}", rule="subscribe")
def end_subscription(asked: Asked, number: Number) -> None:
    """Be sent something no longer."""
    asked.library.end_subscription(asked.actor, number)


@delivery.makes("/subscriptions/{number}/restore", rule="subscribe", status=200)
def take_up(asked: Asked, number: Number) -> Subscription:
    """Undo the end of a subscription, for a month."""
    return asked.library.take_up(asked.actor, number)


@delivery.makes("/me/feeds/new-keys", rule="account", status=204)
def new_feed_keys(asked: Asked) -> None:
    """End all keys of one's own feeds: each gets a new address."""
    asked.library.new_feed_keys(asked.actor)


class Trying(Sent):
    """What one would be sent: as in `Subscribing`."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"what": "category:cs.CL"}]})

    what: Annotated[str, Field(max_length=3_000)]
    rhythm: Rhythm = Rhythm.EDITION
    most: Annotated[StrictInt, Field(ge=1, le=50)] = 10


@delivery.makes("/digests/preview", rule="read mine", status=200)
def trial_digest(asked: Asked, body: Trying) -> Digest | None:
    """What one would be sent who subscribed to something; null is nothing. Nothing is written down."""
    wanted, value, title = asked.library.wish(body.what)
    return asked.library.trial_digest(asked.actor, wanted, value, title=title, rhythm=body.rhythm, most=body.most)


@delivery.reads("/letters", rule="outbox")
def letter_files(asked: Asked, limit: Limit = 20, cursor: Cursor = "") -> Listed[LetterFile]:
    """Letters that were written to files, the newest first, without their words."""
    offset = asked.offset(cursor)
    found, total = asked.library.letter_files(asked.actor, limit=limit, offset=offset)
    return Listed(found, asked.after(offset, limit, total), total)


@delivery.reads("/letters/{file}", rule="outbox")
def letter_file(asked: Asked, file: Annotated[str, Path(max_length=300)]) -> LetterFile:
    """One of them, with its words."""
    return asked.library.letter_file(asked.actor, file)


# Standing queries.


class Asking(Sent):
    """A search that runs on every new paper.

    What `unlike_text` means, and papers like `unlike`, are kept away. A paper whose words do not match is found where
    it is at least `near` to the meaning (from 0 to 1; 1 is words alone).
    """

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "sparse attention", "near": 0.6}]})

    text: Text = ""
    name: Word = ""
    unlike_text: Text = ""
    like: Keys = Field(default_factory=list)
    unlike: Keys = Field(default_factory=list)
    near: Near = 1.0


class Changing(Sent):
    """What is to change; what is left out, or null, stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"near": 0.7}, {"paused": True}]})

    text: Text | None = None
    name: Word | None = None
    unlike_text: Text | None = None
    like: Keys | None = None
    unlike: Keys | None = None
    near: Near | None = None
    paused: Flag | None = None


@delivery.reads("/standing", rule="read mine")
def standing_queries(
    asked: Asked, ended: Annotated[bool, Query(description="Those whose end can still be undone, too.")] = False
) -> Listed[Standing]:
    """One's standing queries, the newest first."""
    return Listed(asked.library.standing_queries(asked.actor, ended=ended))


@delivery.makes("/standing", rule="stand", counted="stand")
def stand(asked: Asked, body: Asking) -> Standing:
    """Let a search run on every new paper."""
    made = asked.library.stand(
        asked.actor,
        body.text,
        name=body.name,
        unlike_text=body.unlike_text,
        like=body.like,
        unlike=body.unlike,
        near=body.near,
    )
    asked.location = f"/standing/{made.number}"
    return made


@delivery.makes("/standing/preview", rule="stand", status=200)
def preview(asked: Asked, body: Asking) -> Preview:
    """What such a query would have caught in the last 30 days."""
    return asked.library.preview(
        asked.actor, body.text, unlike_text=body.unlike_text, like=body.like, unlike=body.unlike, near=body.near
    )


@delivery.reads("/standing/{number}", rule="read mine")
def standing(asked: Asked, number: Number) -> Standing:
    """One of one's standing queries."""
    return asked.library.standing(asked.actor, number)


@delivery.changes("/standing/{number}", rule="stand", counted="stand")
def change_standing(asked: Asked, number: Number, body: Changing) -> Standing:
    """Change a standing query. What it caught stays; papers of before are not looked at again."""
    asked.expects(asked.library.standing(asked.actor, number))
    return asked.library.change_standing(
        asked.actor,
        number,
        name=body.name,
        text=body.text,
        unlike_text=body.unlike_text,
        like=body.like,
        unlike=body.unlike,
        near=body.near,
        paused=body.paused,
    )


@delivery.ends("/standing/{number}", rule="stand", status=200)
def end_standing(asked: Asked, number: Number) -> Standing:
    """End a standing query."""
    return asked.library.end_standing(asked.actor, number)


@delivery.makes("/standing/{number}/restore", rule="stand", status=200)
def restore_standing(asked: Asked, number: Number) -> Standing:
    """Undo the end of a standing query, for 30 days."""
    return asked.library.end_standing(asked.actor, number, on=False)


@delivery.reads("/standing/{number}/caught", rule="read mine")
def caught(asked: Asked, number: Number, limit: Limit = 20, cursor: Cursor = "") -> Listed[Caught]:
    """What a standing query caught, the latest first."""
    found = asked.library.caught(asked.actor, number, limit=limit + 1, before=_before(asked.mark(cursor)))
    last = found[:limit][-1] if found else None
    more = asked.cursor(f"{last.at}|{last.paper.number}") if last and len(found) > limit else None
    return Listed(found[:limit], more)


def _before(mark: str) -> tuple[str, int] | None:
    """When the last paper before a stretch was caught, and its number; None at the beginning. Raises Refused."""
    if not mark:
        return None
    if not (known := _CAUGHT.fullmatch(mark)):
        raise Refused("This cursor is of another list.")
    return known[1], int(known[2])


@delivery.puts("/standing/{number}/unlike/{paper:path}", rule="stand")
def dislike(asked: Asked, number: Number, paper: PaperId) -> Standing:
    """Keep papers like this one away from a standing query."""
    return asked.library.dislike(asked.actor, number, paper)


@delivery.ends("/standing/{number}/unlike/{paper:path}", rule="stand", status=200)
def undislike(asked: Asked, number: Number, paper: PaperId) -> Standing:
    """Keep papers like this one away no longer."""
    return asked.library.dislike(asked.actor, number, paper, on=False)


# Channels.


class Reaching(Sent):
    """A chat, or a webhook of one's own: its kind, its address, and what to call it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"kind": "webhook", "address": "https://hooks.example/papers", "name": "Lab"}]}
    )

    kind: Word
    address: Annotated[str, Field(max_length=4_000)]
    name: Word = ""


@delivery.reads("/channels", rule="read mine")
def channels(asked: Asked) -> Listed[Channel]:
    """One's channels, the newest first."""
    return Listed(asked.library.channels(asked.actor))


@delivery.makes("/channels", rule="channel", counted="channel", secret=True)
def add_channel(asked: Asked, body: Reaching) -> NewChannel:
    """Add a channel. The key that signs a webhook's messages is shown this once."""
    return NewChannel(*asked.library.add_channel(asked.actor, body.kind, body.address, body.name))


@delivery.reads("/channels/{number}", rule="read mine")
def channel(asked: Asked, number: Number) -> Channel:
    """One of one's channels."""
    return asked.library.channel(asked.actor, number)


@delivery.reads("/channels/{number}/history", rule="read mine")
def channel_history(asked: Asked, number: Number) -> Listed[Outgoing]:
    """What was sent to a channel lately, or waits, without its words."""
    return Listed(asked.library.channel_history(asked.actor, number))


@delivery.makes("/channels/{number}/try", rule="channel", counted="channel", status=204)
def try_channel(asked: Asked, number: Number) -> None:
    """Send a few words to a channel."""
    asked.library.try_channel(asked.actor, number)


@delivery.ends("/channels/{number}", rule="account")
def remove_channel(asked: Asked, number: Number) -> None:
    """Remove a channel, and end what goes there."""
    asked.library.remove_channel(asked.actor, number)
