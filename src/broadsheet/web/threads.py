"""Threads of comments: which of them stand on a page, how deep, and what a visitor may do with each.

A tree of comments is printed as a flat list in reading order, each as deep as it stands, so that a page of it begins
and ends anywhere. However long comments are, a page stays within its budget of bytes: each gets a beginning, and the
rest of those that have more come along while there is room. The others are read whole at their own address.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode, urlsplit

from markupsafe import Markup

from broadsheet import markup, said, tex
from broadsheet.errors import Forbidden, NotFound
from broadsheet.library import Library
from broadsheet.permissions import may, require
from broadsheet.types import Comment, Order, Person, Visitor
from broadsheet.web import votes
from broadsheet.web.cards import path
from broadsheet.web.contexts import Link, Tab
from broadsheet.web.contexts.talk import Said, SayForm, Thread
from broadsheet.web.forms import whole

PAGE = 15  # comments
DEEPEST = 5  # steps that a comment is set in; below, a link says what it answers
SHORT = 600  # bytes of a comment that any page has room for
OVERHEAD = 1_750  # bytes of a comment besides its words, with the form to answer it
READING = 700  # the same without the form
ROOM = 36_000  # bytes of a page that is all comments

_ORDERS = {Order.BEST: "Best", Order.NEWEST: "Newest", Order.OLDEST: "Oldest"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thread stands: its page (`here`, without a query), and the stretch that the address asks for.

    `at` is a comment that shall be on the page; `hides`: the visitor runs the group it stands in. `whole` says that the
    page is the thread's own, which turns its pages; others lead there by `all`.
    """

    here: str
    order: Order = Order.BEST
    page: int = 1
    at: int | None = None
    size: int = PAGE
    room: int = ROOM
    whole: bool = True
    all: str = ""
    hides: bool = False

    def address(self, page: int = 1, order: Order | None = None) -> str:
        """The address of a page of this thread, in this order or another."""
        order = order or self.order
        fields = {"order": order.value} if order is not Order.BEST else {}
        fields |= {"page": str(page)} if page > 1 else {}
        return f"{self.here}?{urlencode(fields)}" if fields else self.here


def asked(given: Mapping[str, str], place: Place) -> Place:
    """The place with what an address asks for: `order`, `page`, and `at`, a comment that shall be on the page.

    What cannot be used is left out.
    """
    try:
        order = Order(given.get("order", ""))
    except ValueError:
        order = place.order
    page = min(whole(given.get("page", "")) or 1, 100_000)
    return replace(place, order=order, page=page, at=whole(given.get("at", "")))


def thread(library: Library, visitor: Visitor, key: str | None, place: Place, *, group: str = "") -> Thread:
    """What was said of a paper; without a key, the discussion of a group. Raises NotFound."""
    if key is None:
        found = library.discussion(visitor.actor, group, order=place.order)
    else:
        found = library.comments(key, actor=visitor.actor, order=place.order, group=group)
    place = replace(place, hides=hides(library, visitor, group))
    lines = flat(found)
    count = sum(not line.comment.deleted for line in lines)
    where = urlencode({name: value for name, value in (("paper", key), ("group", group)) if value})
    made = shown(visitor, lines, place)
    made.heading = "Comments"
    made.count = f"{count:,}" if count else ""
    made.orders = [
        Tab(text, f"{place.address(order=one)}#talk", one is place.order) for one, text in _ORDERS.items()
    ] if len(lines) > 1 else []  # fmt: skip
    if place.all and len(made.said) < len(lines):
        made.all = Link(place.all, f"All {said.count(count, 'comment')}")
    made.form = form(visitor, f"/comments?{where}", place.address())
    if made.form is None:
        made.closed, made.sign_in = closed(visitor, place.here)
    return made


def shown(visitor: Visitor, lines: Sequence["Line"], place: Place) -> Thread:
    """A stretch of comments: the page that was asked for, or the one that has the comment `place.at`."""
    each = (OVERHEAD if may(visitor.actor, "comment") else READING) + SHORT
    size = max(1, min(place.size, place.room // each)) if place.whole else min(place.size, place.room // each)
    if size < 1:
        return Thread("", "", [])
    pages = max(1, -(-len(lines) // size))
    page = min(max(1, place.page), pages)
    if place.at is not None:
        page = next((n // size + 1 for n, line in enumerate(lines) if line.comment.number == place.at), page)
    first = (page - 1) * size
    stretch = lines[first : first + size]
    room = place.room - len(stretch) * each
    made = [
        _said(visitor, line, replace(place, page=page), above)
        for line, above in zip(stretch, _above(stretch), strict=True)
    ]
    for one, line in zip(made, stretch, strict=True):
        if one.cut and room > 0:
            one.html, one.cut = words(line.comment, SHORT + room)
            room -= max(0, len(one.html.encode()) - SHORT)
    talk = Thread("", "", made)
    if place.whole:
        talk.previous = Link(f"{place.address(page - 1)}#talk", "Before") if page > 1 else None
        talk.next = Link(f"{place.address(page + 1)}#talk", "More comments") if page < pages else None
    return talk


@dataclass(frozen=True, slots=True)
class Line:
    """A comment, how deep it stands, and which it answers."""

    comment: Comment
    depth: int
    parent: Comment | None


def flat(tree: Sequence[Comment]) -> list[Line]:
    """The comments of a tree in reading order; of any depth, which recursion is not."""
    lines: list[Line] = []
    waiting = [Line(comment, 0, None) for comment in reversed(tree)]
    while waiting:
        line = waiting.pop()
        lines.append(line)
        waiting += [Line(reply, line.depth + 1, line.comment) for reply in reversed(line.comment.replies)]
    return lines


def below(lines: Sequence[Line], number: int) -> list[Line]:
    """A comment and its answers, as lines of their own; none where it is not among them."""
    first = next((place for place, line in enumerate(lines) if line.comment.number == number), None)
    if first is None:
        return []
    depth = lines[first].depth
    last = next((place for place in range(first + 1, len(lines)) if lines[place].depth <= depth), len(lines))
    return [replace(line, depth=line.depth - depth) for line in lines[first:last]]


def _above(lines: Sequence[Line]) -> list[Comment | None]:
    return [lines[place - 1].comment if place else None for place in range(len(lines))]


def _said(visitor: Visitor, line: Line, place: Place, above: Comment | None) -> Said:
    made = comment(visitor, line.comment, SHORT, back=place.address(place.page), hides=place.hides)
    made.depth = min(line.depth, DEEPEST)
    if line.parent is not None and line.parent is not above:
        made.answers = Link(f"/comments/{line.parent.number}", f"answers {person(line.parent.by).text}")
    return made


def comment(
    visitor: Visitor, one: Comment, most: int, *, back: str = "", acts: bool = True, hides: bool = False
) -> Said:
    """A comment of at most `most` bytes of words; with `back`, it can be answered in place."""
    html, cut = words(one, most)
    number = one.number
    made = Said(number, person(one.by), said.moment(one.at), one.at, html, 0, gone=gone(one), mine=one.mine, cut=cut)
    if one.edits and not one.deleted:
        made.edited = Link(f"/comments/{number}/history", "edited" if one.edits == 1 else f"edited {one.edits:,} times")
    if acts and not one.deleted:
        made.acts = _acts(visitor, one, hides=hides)
        made.vote = None if one.hidden else votes.of_comment(visitor, one)
        if back and not one.hidden:
            made.reply = form(visitor, f"/comments/{number}", back, number=number)
    return made


def words(one: Comment, most: int) -> tuple[Markup, bool]:
    """What a comment says as HTML of at most `most` bytes, and whether that is not all of it.

    What is cut is cut in its source, so that the mark-up stays whole.
    """
    text = one.text
    html = markup.html(text[:most], people=one.mentions)
    whole = len(text) <= most
    while len(html.encode()) > most and text:
        whole, text = False, text[: min(len(text), most) * 2 // 3]
        html = markup.html(text.rsplit(maxsplit=1)[0] + " …" if " " in text else text, people=one.mentions)
        if len(text) < 80:
            break
    return Markup(html), not whole  # noqa: S704 - made by `markup`, which lets nothing through that it does not know


def person(one: Person | None) -> Link:
    """Somebody's name and page; one who has left has no page."""
    if one is None or one.left:
        return Link("", "somebody who has left")
    return Link(f"/people/{one.name}", one.shown or one.name)


def gone(one: Comment) -> str:
    """That a comment was deleted or hidden, in words."""
    if one.deleted:
        return f"Deleted {said.moment(one.deleted)}."
    if one.hidden:
        return f"Hidden by a moderator, {said.moment(one.hidden)}: {one.reason}"
    return ""


def hides(library: Library, visitor: Visitor, group: str) -> bool:
    """Whether somebody may hide what is said in a group because they run it."""
    try:
        return bool(group) and library.group(visitor.actor, group).role == "owner"
    except NotFound:  # a moderator, shown what a member flagged
        return False


def _acts(visitor: Visitor, one: Comment, *, hides: bool) -> list[Link]:
    at, acts = f"/comments/{one.number}", []
    if one.mine and not one.hidden and may(visitor.actor, "edit"):
        acts.append(Link(f"{at}/edit", "Edit"))
    if may(visitor.actor, "delete", mine=one.mine):
        acts.append(Link(f"{at}/delete", "Delete"))
    if not one.mine and not one.hidden and may(visitor.actor, "flag"):
        acts.append(Link(f"/flag/comment/{one.number}", "Flag"))
    if hides or may(visitor.actor, "moderate"):
        acts.append(Link(f"{at}/restore", "Restore") if one.hidden else Link(f"{at}/hide", "Hide"))
    return acts


def form(visitor: Visitor, action: str, back: str, *, number: int | None = None) -> SayForm | None:
    """A form for a comment, or for an answer to the comment `number`; None for who may not."""
    if not may(visitor.actor, "comment"):
        return None
    name = f"say-{number}" if number else "say"
    return SayForm(
        id=name,
        action=action,
        csrf=visitor.csrf,
        label="Your answer" if number else "Your comment",
        button="Reply" if number else "Comment",
        back=back,
        swap=f"#talk #{name}",
    )


def closed(visitor: Visitor, back: str) -> tuple[str, str]:
    """Why somebody cannot comment, and where to sign in if that helps."""
    try:
        require(visitor.actor, "comment")
    except Forbidden as error:
        return str(error), votes.sign_in(back) if visitor.actor.role is None else ""
    return "", ""


def home(one: Comment) -> Link:
    """Where the thread stands that a comment belongs to, and what it is about."""
    made = home_of(one.paper.id if one.paper else None, one.circle)
    return Link(made.href, tex.plain(one.paper.title)[:200]) if one.paper else made


def home_of(key: str | None, group: str) -> Link:
    """Where a thread stands: of a paper, of a paper in a group, or a group's own discussion."""
    if group:
        return Link(f"/groups/{quote(group, safe='')}{path(key) if key else '/discussion'}", "the discussion")
    return Link(path(key) if key else "/", "the paper")


def at(address: str, number: int) -> str:
    """An address of a thread's page at a comment of it."""
    parts = urlsplit(address)
    kept = [field for field in parts.query.split("&") if field and not field.startswith(("at=", "page="))]
    return f"{parts.path}?{'&'.join([*kept, f'at={number}'])}#c{number}"
