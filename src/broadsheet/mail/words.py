"""What is said of a digest and of its papers. All of it is plain text of one line: no header or tag can come of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from broadsheet import said, tex
from broadsheet.types import Digest, Entry, Paper, Rhythm, Subscription, Wanted

TITLE, NAME, GIST = 300, 60, 420  # characters, at most
AUTHORS = 5  # that are named
SHOWN_CATEGORIES = 3
_WHY = {
    "trending": "Trending",
    "listed": "On a daily list",
    "submitted": "Submitted by a reader",
    "for me": "Like papers that you chose",
}
_RHYTHMS = {
    Rhythm.ONCE: "as they come",
    Rhythm.EDITION: "with each edition",
    Rhythm.WEEKDAYS: "on weekdays",
    Rhythm.WEEKLY: "once a week",
}


@dataclass(frozen=True, slots=True)
class Place:
    """What letters are from: the site's name, and its address ("https://papers.example.org", no slash at the end)."""

    title: str
    address: str


@dataclass(frozen=True, slots=True)
class Links:
    """Where a letter leads, besides its papers; whole addresses. An empty one is left out.

    `unsubscribe` ends the subscription at once (by POST; it is the one of RFC 8058), `preferences` is the page where
    its reader changes it, and `there` the page of what is sent.
    """

    unsubscribe: str = ""
    preferences: str = ""
    there: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A paper in words. `gist` is a few sentences of its abstract, or empty; `why` says why it is in the letter."""

    title: str
    href: str
    authors: str
    gist: str
    why: str
    facts: tuple[str, ...]
    withdrawn: bool


def line(text: str, most: int) -> str:
    """A text of others as one line without TeX, not longer than that."""
    plain = " ".join(tex.clean(tex.plain(text)).split())
    return plain if len(plain) <= most else plain[: most - 1].rstrip() + "…"


def heading(digest: Digest) -> str:
    """What a letter is: it stands above its papers, and with the place's name before it is the subject."""
    one = digest.subscription
    until = digest.last
    if one.wanted is Wanted.EDITION:
        return f"the week to {said.day(until)}" if one.rhythm is Rhythm.WEEKLY else said.weekday(until)
    return f"{name(one)}, {said.day(until)}"


def headline(digest: Digest) -> str:
    """The same with a capital letter, unless its first word is written as no plain word is ("cs.LG")."""
    words = heading(digest)
    plain = words.split(maxsplit=1)[0].rstrip(",")
    return words[:1].upper() + words[1:] if plain.isalpha() and plain.islower() else words


def name(one: Subscription) -> str:
    """What a subscription is of, in words."""
    if one.wanted is Wanted.EDITION:
        return "the daily edition"
    if one.wanted is Wanted.TRENDING:
        return "trending papers"
    if one.wanted is Wanted.MINE:
        return "papers for you"
    return line(one.title, NAME) or ("a group's edition" if one.wanted is Wanted.GROUP else "a search")


def because(one: Subscription, place: Place) -> str:
    """Why somebody gets a letter, in a sentence."""
    return f"You get this because you asked {line(place.title, NAME)} for {name(one)}, {_RHYTHMS[one.rhythm]}."


def preheader(digest: Digest) -> str:
    """What mail programs show beside the subject: the first titles."""
    titles = [line(entry.paper.title, 90) for entry in digest.entries[:3]]
    return " · ".join(titles) or nothing(digest)


def nothing(digest: Digest) -> str:
    """What a letter without papers says. Only weekly ones are sent."""
    return f"Nothing new came for {name(digest.subscription)} since {said.day(digest.first)}."


def more(digest: Digest) -> str:
    """What had no room, in words; empty if there was room for all."""
    if not digest.more:
        return ""
    return f"{digest.more:,} more {'paper is' if digest.more == 1 else 'papers are'} not in this letter."


def items(digest: Digest, place: Place, *, gist: int = GIST) -> Iterator[Item]:
    """The papers in words, with gists of at most so many characters."""
    for entry in digest.entries:
        yield _item(entry, digest.gists.get(entry.paper.id, ""), place, gist)


def _item(entry: Entry, gist: str, place: Place, most: int) -> Item:
    paper = entry.paper
    return Item(
        title=line(paper.title, TITLE) or paper.id,
        href=f"{place.address}/papers/{quote(paper.id, safe='/:@;=-._~')}",
        authors=_authors(paper),
        gist=_gist(paper, gist, most),
        why=_why(entry),
        facts=tuple(_facts(paper)),
        withdrawn=paper.withdrawn,
    )


def _authors(paper: Paper) -> str:
    names = [line(author.name, NAME) for author in paper.authors[:AUTHORS]]
    count = max(paper.author_count or 0, len(paper.authors))
    if not names:
        return said.count(count, "author") if count else ""
    left = count - len(names)
    return ", ".join(names) + (f" and {said.count(left, 'other')}" if left else "")


def _gist(paper: Paper, gist: str, most: int) -> str:
    """The gist, or where there is none the beginning of what there is to read, to the end of a sentence."""
    if not most:
        return ""
    if gist and len(gist) <= most:
        return line(gist, most)
    text = gist or paper.abstract or paper.summary or ""
    head, tail = tex.cut(text[: 10 * GIST], most * 3 // 4)
    words = line(head, most)
    return words + " …" if tail and words[-1:] not in ".!?…" else words


def _why(entry: Entry) -> str:
    if entry.reason == "submitted" and entry.by is not None:
        return f"Submitted by {line(entry.by.shown or entry.by.name, NAME)}"
    if entry.why:
        why = line(entry.why, 3 * NAME)
        return why[:1].upper() + why[1:]
    return _WHY.get(entry.reason, "")


def _facts(paper: Paper) -> Iterator[str]:
    if votes := paper.votes + paper.own_votes:
        yield said.count(votes, "vote")
    if comments := paper.comments + paper.own_comments:
        yield said.count(comments, "comment")
    if paper.categories:
        yield ", ".join(line(code, NAME) for code in paper.categories[:SHOWN_CATEGORIES])
