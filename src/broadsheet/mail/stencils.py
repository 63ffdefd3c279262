"""Rendering letters: each by itself, or once for all readers who get the same papers.

Of two letters with the same papers nothing differs but the links that are their readers' own. So a letter is kept for a
while, and the next reader's links are put in the place of those of the first. What is put there are signed tokens: no
text of a paper holds one by accident, and each stands in a letter as it is (letters, digits, "-", "_" and ".").
"""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import replace

from broadsheet.mail import channel, letter
from broadsheet.mail.words import Links, Place
from broadsheet.types import Digest, Outgoing

KEPT = 100  # letters that differ in more than links, of a run


def render(digest: Digest, place: Place, links: Links) -> Outgoing:
    """What a digest's subscription is sent: a letter, or a message where it goes to a channel.

    The same digest is always the same. `to` is empty in a letter: the library fills it in.
    """
    made = letter.render if digest.subscription.channel is None else channel.render
    return made(digest, place, links)


class Stencils:
    """Renders the digests of one run, in which a paper's number means the same words throughout."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._cut: OrderedDict[Hashable, tuple[Links, Outgoing]] = OrderedDict()

    def render(self, digest: Digest, links: Links) -> Outgoing:
        """The same as `render`, and faster where somebody was sent the same papers before."""
        kind = _kind(digest, links)
        if digest.subscription.channel is not None or kind is None:
            return render(digest, self._place, links)
        if kind not in self._cut:
            self._cut[kind] = links, render(digest, self._place, links)
            if len(self._cut) > KEPT:
                self._cut.popitem(last=False)
        theirs, made = self._cut[kind]
        self._cut.move_to_end(kind)
        return _for(digest, made, _tokens(theirs), _tokens(links))


def _for(digest: Digest, made: Outgoing, theirs: tuple[str, str], own: tuple[str, str]) -> Outgoing:
    """A letter that was rendered for one reader, for another."""

    def turned(text: str) -> str:
        for before, after in zip(theirs, own, strict=True):
            text = text.replace(before, after)
        return text

    return replace(
        made,
        key=digest.key,
        subscriber=digest.subscription.subscriber,
        subscription=digest.subscription.number,
        text=turned(made.text),
        html=turned(made.html),
        headers={name: turned(value) for name, value in made.headers.items()},
    )


def _tokens(links: Links) -> tuple[str, str]:
    """What a reader's links end in."""
    return links.unsubscribe.rpartition("/")[2], links.preferences.rpartition("/")[2]


def _kind(digest: Digest, links: Links) -> Hashable:
    """All by which letters differ, but for their readers; None where a reader has no links."""
    if not all(_tokens(links)):
        return None
    one = digest.subscription
    papers = tuple(
        (entry.paper.number, entry.position, entry.reason, entry.why, entry.day, entry.by and entry.by.name)
        for entry in digest.entries
    )
    asked = one.wanted, one.value, one.title, one.rhythm, one.form
    return asked, digest.first, digest.last, digest.more, links.there, papers
