"""What happens to a paper, what is said of it, and what is said of all papers, as feeds."""

from collections.abc import Sequence

from broadsheet import tex
from broadsheet.feeds.asking import Asked
from broadsheet.feeds.items import of_comment, of_event, of_paper, path
from broadsheet.feeds.shapes import Feed, Site
from broadsheet.library import Library
from broadsheet.types import Comment, Order, Paper

_TITLE = 1_000  # characters that are looked at


def changes(library: Library, site: Site, asked: Asked) -> Feed:
    """New versions, withdrawals, venues, code: the newest first, and at the end the paper itself. Raises NotFound."""
    paper = library.paper(asked.part("id").strip("/ "))
    events = library.events(paper.id)
    stretch = events[asked.offset : asked.offset + asked.limit]
    items = [of_event(library, event, paper, asked.now) for event in stretch]
    if asked.offset <= len(events) < asked.offset + asked.limit:
        items.append(of_paper(library, paper, asked.now))
    here = path(paper.id)
    return Feed(
        library.feed_name("feed", f"changes/{paper.number}"),
        here,
        here,
        f"What happens to “{_title(paper)}”",
        subtitle=f"Versions, withdrawal, publication and code, as {site.title} learns of them.",
        items=items,
        fields=asked.at(asked.usual, asked.page),
        turns=asked.turns(here, asked.usual, len(events) + 1),
        since=asked.today,
    )


def comments(library: Library, site: Site, asked: Asked) -> Feed:
    """What is said of a paper, the newest first. Raises NotFound."""
    paper = library.paper(asked.part("id").strip("/ "))
    talk = readable_of(library.comments(paper.id, order=Order.NEWEST))
    here = path(paper.id, "comments")
    of = of_paper(library, paper, asked.now)
    return Feed(
        library.feed_name("feed", f"comments/{paper.number}"),
        here,
        here,
        f"Comments on “{_title(paper)}”",
        subtitle=f"What people say of it at {site.title}.",
        items=[
            of_comment(library, one, asked.now, about=False) for one in talk[asked.offset : asked.offset + asked.limit]
        ],
        fields=asked.at(asked.usual, asked.page),
        turns=asked.turns(here, asked.usual, len(talk)),
        since=of.published,
    )


def latest(library: Library, site: Site, asked: Asked) -> Feed:
    """The newest comments on papers that everybody may read."""
    found = library.latest_comments(asked.limit, asked.before)
    shown = [one for one in found if _readable(one)]
    fields = {**asked.usual, **({"before": str(asked.before)} if asked.before else {})}
    return Feed(
        library.feed_name("feed", "/comments"),
        "/comments",
        "/",
        f"{site.title}: comments",
        subtitle="What people say of papers, the newest first.",
        items=[of_comment(library, one, asked.now, about=True) for one in shown],
        fields=fields,
        turns=asked.onwards("/comments", asked.usual, found[-1].number if len(found) == asked.limit else None),
        since=asked.today,
    )


def readable_of(comments: Sequence[Comment]) -> list[Comment]:
    """Comments and the answers below them, those that can be read, the newest first."""
    found, waiting = [], list(comments)
    while waiting:
        one = waiting.pop()
        waiting += one.replies
        found += [one] if _readable(one) else []
    return sorted(found, key=lambda one: -one.number)


def _readable(one: Comment) -> bool:
    return not one.deleted and not one.hidden and bool(one.text.strip())


def _title(paper: Paper) -> str:
    return tex.plain(paper.title[:_TITLE])
