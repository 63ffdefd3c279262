"""Letters about papers: a digest becomes a subject, a plain text and an HTML part, or a message for a channel.

    words    what is said of a digest and of its papers: dates, authors, why a paper is there
    page     the HTML part, with its styles in its elements
    letter   the whole: subject, both parts, and the headers that lists have
    channel  the same for a chat or a webhook

Knows nothing of servers or addresses of readers: to whom it goes, the library knows that writes it down.
"""

from broadsheet.mail import channel, letter
from broadsheet.mail.words import Links, Place
from broadsheet.types import Digest, Outgoing

__all__ = ["Links", "Place", "render"]


def render(digest: Digest, place: Place, links: Links) -> Outgoing:
    """What a digest's subscription is sent: a letter, or a message where it goes to a channel.

    The same digest is always the same. `to` is empty in a letter: the library fills it in.
    """
    made = letter.render if digest.subscription.channel is None else channel.render
    return made(digest, place, links)
