"""The client's verbs of "delivery", named as the operations of the API are."""

from collections.abc import Sequence
from dataclasses import replace

from broadsheet.client.calls import Call, get, given, verb, write
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


class Delivery:
    """What one is sent: subscriptions, standing queries, channels."""

    @verb
    def for_me(self, *, limit: int = 20, cursor: str = "") -> Call[Listed[Hit]]:
        """The papers of two weeks that suit one best, each with the reason."""
        return get("/me/papers", Listed[Hit], limit=limit, cursor=cursor)

    @verb
    def my_subscriptions(self) -> Call[Listed[Subscription]]:
        """All that one is sent, or that waits to be confirmed."""
        return get("/subscriptions", Listed[Subscription])

    @verb
    def preferences(self) -> Call[Subscriber]:
        """What one is sent; with what ended within a month, so that it can be undone."""
        return get("/subscriptions/all", Subscriber)

    @verb
    def subscribe_me(
        self,
        *,
        rhythm: Rhythm | None = None,
        weekday: int | None = None,
        at: str | None = None,
        zone: str | None = None,
        most: int | None = None,
        form: Form | None = None,
        what: str = "",
        standing: int | None = None,
        channel: int | None = None,
        email: str = "",
    ) -> Call[Subscription]:
        """Be sent something, or change how one is sent it already."""
        return write(
            "POST",
            "/subscriptions",
            Subscription,
            body={
                "rhythm": rhythm,
                "weekday": weekday,
                "at": at,
                "zone": zone,
                "most": most,
                "form": form,
                "what": what,
                "standing": standing,
                "channel": channel,
                "email": email,
            },
        )

    @verb
    def change_subscription(
        self,
        number: int,
        *,
        rhythm: Rhythm | None = None,
        weekday: int | None = None,
        at: str | None = None,
        zone: str | None = None,
        most: int | None = None,
        form: Form | None = None,
    ) -> Call[Subscription]:
        """Change how something is sent."""
        return write(
            "PATCH",
            "/subscriptions/{number}",
            Subscription,
            {"number": number},
            body=given(rhythm=rhythm, weekday=weekday, at=at, zone=zone, most=most, form=form),
        )

    @verb
    def pause(self, number: int, *, until: str | None = "") -> Call[Subscriber]:
        """Pause a subscription, or let it go on."""
        return write("PUT", "/subscriptions/{number}/pause", Subscriber, {"number": number}, body={"until": until})

    @verb
    def end_subscription(self, number: int) -> Call[None]:
        """Be sent something no longer."""
        return write("DELETE", "/subscriptions/{number}", None, {"number": number})

    @verb
    def take_up(self, number: int) -> Call[Subscription]:
        """Undo the end of a subscription, for a month."""
        return write("POST", "/subscriptions/{number}/restore", Subscription, {"number": number})

    @verb
    def new_feed_keys(self) -> Call[None]:
        """End all keys of one's own feeds: each gets a new address."""
        return write("POST", "/me/feeds/new-keys", None)

    @verb
    def trial_digest(self, what: str, *, rhythm: Rhythm = Rhythm.EDITION, most: int = 10) -> Call[Digest | None]:
        """What one would be sent who subscribed to something; null is nothing. Nothing is written down."""
        return write("POST", "/digests/preview", Digest | None, body={"what": what, "rhythm": rhythm, "most": most})

    @verb
    def letter_files(self, *, limit: int = 20, cursor: str = "") -> Call[Listed[LetterFile]]:
        """Letters that were written to files, the newest first, without their words."""
        return get("/letters", Listed[LetterFile], limit=limit, cursor=cursor)

    @verb
    def letter_file(self, file: str) -> Call[LetterFile]:
        """One of them, with its words."""
        return get("/letters/{file}", LetterFile, {"file": file})

    @verb
    def standing_queries(self, *, ended: bool = False) -> Call[Listed[Standing]]:
        """One's standing queries, the newest first."""
        return get("/standing", Listed[Standing], ended=ended)

    @verb
    def stand(
        self,
        *,
        text: str = "",
        name: str = "",
        unlike_text: str = "",
        like: Sequence[str] = (),
        unlike: Sequence[str] = (),
        near: float = 1.0,
    ) -> Call[Standing]:
        """Let a search run on every new paper."""
        return write(
            "POST",
            "/standing",
            Standing,
            body={"text": text, "name": name, "unlike_text": unlike_text, "like": like, "unlike": unlike, "near": near},
        )

    @verb
    def preview(
        self,
        *,
        text: str = "",
        name: str = "",
        unlike_text: str = "",
        like: Sequence[str] = (),
        unlike: Sequence[str] = (),
        near: float = 1.0,
    ) -> Call[Preview]:
        """What such a query would have caught in the last 30 days."""
        return write(
            "POST",
            "/standing/preview",
            Preview,
            body={"text": text, "name": name, "unlike_text": unlike_text, "like": like, "unlike": unlike, "near": near},
        )

    @verb
    def standing(self, number: int) -> Call[Standing]:
        """One of one's standing queries."""
        return get("/standing/{number}", Standing, {"number": number})

    @verb
    def change_standing(
        self,
        number: int,
        *,
        text: str | None = None,
        name: str | None = None,
        unlike_text: str | None = None,
        like: Sequence[str] | None = None,
        unlike: Sequence[str] | None = None,
        near: float | None = None,
        paused: bool | None = None,
        if_match: str = "",
    ) -> Call[Standing]:
        """Change a standing query. What it caught stays; papers of before are not looked at again."""
        return replace(
            write(
                "PATCH",
                "/standing/{number}",
                Standing,
                {"number": number},
                body=given(
                    text=text, name=name, unlike_text=unlike_text, like=like, unlike=unlike, near=near, paused=paused
                ),
            ),
            if_match=if_match,
        )

    @verb
    def end_standing(self, number: int) -> Call[Standing]:
        """End a standing query."""
        return write("DELETE", "/standing/{number}", Standing, {"number": number})

    @verb
    def restore_standing(self, number: int) -> Call[Standing]:
        """Undo the end of a standing query, for 30 days."""
        return write("POST", "/standing/{number}/restore", Standing, {"number": number})

    @verb
    def caught(self, number: int, *, limit: int = 20, cursor: str = "") -> Call[Listed[Caught]]:
        """What a standing query caught, the latest first."""
        return get("/standing/{number}/caught", Listed[Caught], {"number": number}, limit=limit, cursor=cursor)

    @verb
    def dislike(self, number: int, paper: str) -> Call[Standing]:
        """Keep papers like this one away from a standing query."""
        return write("PUT", "/standing/{number}/unlike/{paper}", Standing, {"number": number, "paper": paper})

    @verb
    def undislike(self, number: int, paper: str) -> Call[Standing]:
        """Keep papers like this one away no longer."""
        return write("DELETE", "/standing/{number}/unlike/{paper}", Standing, {"number": number, "paper": paper})

    @verb
    def channels(self) -> Call[Listed[Channel]]:
        """One's channels, the newest first."""
        return get("/channels", Listed[Channel])

    @verb
    def add_channel(self, kind: str, address: str, *, name: str = "") -> Call[NewChannel]:
        """Add a channel. The key that signs a webhook's messages is shown this once."""
        return write("POST", "/channels", NewChannel, body={"kind": kind, "address": address, "name": name})

    @verb
    def channel(self, number: int) -> Call[Channel]:
        """One of one's channels."""
        return get("/channels/{number}", Channel, {"number": number})

    @verb
    def channel_history(self, number: int) -> Call[Listed[Outgoing]]:
        """What was sent to a channel lately, or waits, without its words."""
        return get("/channels/{number}/history", Listed[Outgoing], {"number": number})

    @verb
    def try_channel(self, number: int) -> Call[None]:
        """Send a few words to a channel."""
        return write("POST", "/channels/{number}/try", None, {"number": number})

    @verb
    def remove_channel(self, number: int) -> Call[None]:
        """Remove a channel, and end what goes there."""
        return write("DELETE", "/channels/{number}", None, {"number": number})
