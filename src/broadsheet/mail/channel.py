"""A digest as the message that a chat or a webhook gets: in the words of a letter, without its looks."""

from broadsheet.hooks import Item, Message, written
from broadsheet.mail import words
from broadsheet.mail.words import Links, Place
from broadsheet.types import Digest, Outgoing, Way

_GIST = 300  # characters


def render(digest: Digest, place: Place, links: Links) -> Outgoing:
    """The message of a digest; the same digest is always the same message. Its subscription has a channel."""
    one = digest.subscription
    title = f"{words.line(place.title, words.NAME)}: {words.heading(digest)}"
    items = words.items(digest, place, gist=_GIST)
    message = Message(
        type="digest",
        title=title,
        papers=tuple(
            Item(
                id=entry.paper.id,
                title=("WITHDRAWN: " if item.withdrawn else "") + item.title,
                authors=item.authors,
                url=item.href,
                why=item.why,
                gist=item.gist,
                categories=entry.paper.categories,
            )
            for entry, item in zip(digest.entries, items, strict=True)
        ),
        note="" if digest.entries else words.nothing(digest),
        more=digest.more,
        link=links.there or place.address,
        first=digest.first,
        last=digest.last,
    )
    return Outgoing(
        key=digest.key,
        way=Way.CHANNEL,
        purpose="digest",
        to=str(one.channel),
        subject=title,
        text=written(message),
        subscriber=one.subscriber,
        subscription=one.number,
    )
