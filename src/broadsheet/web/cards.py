"""Papers as list entries, within a budget of bytes.

A page stays below 60 kB whatever its papers hold, and an abstract full of formulas makes ten times its length in
MathML. So every card has its title, facts and the beginning of its abstract; the abstracts themselves come along, in
order, while there is room. The others lead to the paper's page, which has all of its own.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from urllib.parse import quote, urlencode

from markupsafe import Markup

from broadsheet import said, tex
from broadsheet.ids.categories import NAMES
from broadsheet.types import Paper
from broadsheet.web.contexts import Card, Category
from broadsheet.web.contexts.talk import VoteButton
from broadsheet.web.marks import marker

TEASER = 300  # characters
LEAD = 450  # those of the first paper of an edition
CARD = 350  # bytes of a card's own mark-up with its date and counts, at most
VOTE = 125  # those of a vote button besides the paper's key, which it has twice
WHY = 70  # those of a "why" besides its words
CATEGORY = 30  # those of a category besides its code, name and address
LARGEST = 6_000  # bytes of one title or teaser; beyond it formulas are shown as text
LONGEST = 24_000  # characters of an abstract that are looked at for a list
MOST_CATEGORIES = 4


def path(key: str) -> str:
    """The address of a paper's page."""
    return "/papers/" + quote(key, safe="/:@!$&'()*,;=-._~")


def searching(**query: str) -> str:
    """The address of a search."""
    return "/search?" + urlencode(query)


@lru_cache(maxsize=1_000)  # there are 180, and each card has some
def category(code: str) -> Category:
    """A category with its name and its page."""
    return Category(code, NAMES.get(code, code), f"/categories/{quote(code, safe='')}")


def author(name: str) -> str:
    """The address of an author's page."""
    return f"/authors/{quote(tex.plain(name), safe='')}"


def topic(words: str) -> str:
    """The address of a keyword's page."""
    return f"/topics/{quote(tex.plain(words), safe='')}"


def authors(paper: Paper) -> str:
    """ "8 authors", where at least their number is known."""
    number = paper.author_count or len(paper.authors)
    return said.count(number, "author") if number else ""


@dataclass(slots=True)
class Entry:
    """A paper of a list, the stems of the words to mark in it, and why it stands there."""

    paper: Paper
    terms: Sequence[str] = ()
    why: str = ""


def cards(
    entries: Iterable[Entry], room: int, *, lead: bool = False, votes: Mapping[str, VoteButton] | None = None
) -> list[Card]:
    """The cards of a list that may take `room` bytes. The first of an edition begins longer.

    `votes` are the papers' vote buttons (`votes.buttons`); a page without them shows none.
    """
    made = [_card(entry, LEAD if lead and number == 0 else TEASER, votes or {}) for number, entry in enumerate(entries)]
    taken = sum(frame(card) for card, _ in made)
    if taken > room:  # a hundred papers on a page, say: one votes on their own pages
        for card, _ in made:
            card.vote = None
        taken = sum(frame(card) for card, _ in made)
    room -= taken
    for card, _ in made:
        if (size := _bytes(card.teaser)) <= room:
            room -= size
        else:
            card.teaser, card.more = Markup(), True
    for card, rest in made:
        text = rest() if card.teaser and room > 0 else Markup()
        if text and (size := _bytes(text)) <= room:
            room -= size
            card.rest, card.more = text, False
    return [card for card, _ in made]


def frame(card: Card) -> int:
    """The bytes that a card takes in any case."""
    categories = sum(CATEGORY + _bytes(entry.code + entry.name + entry.href) for entry in card.categories)
    why = WHY + _bytes(escape(card.why)) if card.why else 0
    vote = VOTE + 2 * _bytes(escape(card.vote.value)) + _bytes(card.vote.action) if card.vote else 0
    return CARD + 2 * _bytes(card.href) + _bytes(card.title) + categories + why + vote


def _card(entry: Entry, length: int, votes: Mapping[str, VoteButton]) -> tuple[Card, Callable[[], Markup]]:
    paper = entry.paper
    text = paper.abstract or paper.summary or ""
    head, tail = tex.cut(text[:LONGEST], length)
    whole = len(text) <= LONGEST
    mark = marker(entry.terms)

    def rest() -> Markup:
        return mark(tex.html(tail)) if tail and whole else Markup()

    card = Card(
        href=path(paper.id),
        title=mark(_linkable(within(paper.title, LARGEST), paper.title)),
        teaser=mark(within(head + ("" if not tail or head[-1:] in ".!?" else " …"), LARGEST)),
        rest=Markup(),
        more=bool(tail),
        ours=paper.abstract is None and bool(text),
        authors=authors(paper),
        categories=[category(code) for code in paper.categories[:MOST_CATEGORIES]],
        date=said.day(paper.published or paper.announced or ""),
        iso=paper.published or paper.announced or "",
        votes=f"{said.count(paper.votes, 'vote')} elsewhere" if paper.votes else "",
        comments=said.count(paper.comments + paper.own_comments, "comment")
        if paper.comments or paper.own_comments
        else "",
        withdrawn=paper.withdrawn,
        why=entry.why,
        vote=votes.get(paper.id),
    )
    return card, rest


def _linkable(title: Markup, source: str) -> Markup:
    """A title that may stand in a link: a formula that scrolls can be focused, and a link may hold nothing such."""
    return Markup(escape(tex.plain(source))) if "tabindex" in title else title  # noqa: S704 - escaped


def within(text: str, most: int, *, links: bool = False) -> Markup:
    """The text as HTML of at most so many bytes: with MathML, else plain, else cut."""
    made = tex.html(text, links=links) if len(text) <= most else ""
    if made and len(made.encode()) <= most:
        return Markup(made)  # noqa: S704 - tex.html escapes all it does not know
    plain, cut = tex.plain(text), ""
    while _bytes(escape(plain)) > most:
        plain, cut = plain[: len(plain) * 4 // 5].rstrip(), " …"
    return Markup(escape(plain) + cut)  # noqa: S704 - escaped


def _bytes(text: str) -> int:
    return len(text.encode())
