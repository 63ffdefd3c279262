"""Feeds of people: what somebody submits, and what belongs to one person or one group alone.

Those are opened by the key in their address, or by being signed in. They raise what the door raises: who may not read a
group is told the same whether there is one or not.
"""

from broadsheet import said
from broadsheet.errors import NotFound
from broadsheet.feeds.asking import Asked
from broadsheet.feeds.editions import PATHS
from broadsheet.feeds.finding import said_why
from broadsheet.feeds.items import instant, name, of_comment, of_paper
from broadsheet.feeds.papers import readable_of
from broadsheet.feeds.shapes import Feed, Site, distinct
from broadsheet.library import Library
from broadsheet.types import GroupEntry, Order, Span


def submissions(library: Library, site: Site, asked: Asked) -> Feed:
    """What somebody submits, the newest first. Raises NotFound."""
    person = library.person(asked.part("name")[:100])
    if person.left:
        raise NotFound("There is nobody of this name here.")
    found = library.submissions(person=person.name, limit=asked.limit, before=asked.before)
    here, who = f"/people/{person.name}", name(person)
    fields = {**asked.usual, **({"before": str(asked.before)} if asked.before else {})}
    return Feed(
        library.feed_name("feed", f"person/{person.number}"),
        here,
        here,
        f"{site.title}: what {who} submits",
        subtitle=f"Papers that {who} put into the editions.",
        items=distinct(
            [
                of_paper(library, one.paper, asked.now, note=f"Submitted by {who}, {said.day(one.day)}.")
                for one in found
                if one.paper
            ]
        ),
        fields=fields,
        turns=asked.onwards(here, asked.usual, found[-1].number if len(found) == asked.limit else None),
        since=instant(person.joined, asked.now),
    )


def group(span: Span, library: Library, site: Site, asked: Asked) -> Feed:
    """A group's own edition; without a key in the path, the newest."""
    named = asked.part("name")
    actor, key = asked.actor(library, "group", named)
    below = asked.part("key")
    found = library.group_edition(actor, named, span, below or None, limit=asked.limit, offset=asked.offset)
    heading, days = said.span(span, found.key, found.first, found.last)
    here = f"/groups/{found.circle.name}"
    short = here if span is Span.DAY and not below else f"{here}/{PATHS[span]}"
    path = f"{short}/{found.key}" if below else short
    fields = {**asked.usual, **key}
    what = heading if below else f"the {span.value}'s edition"
    return Feed(
        library.feed_name("feed", f"group/{found.circle.number}/{path.removeprefix(here)}"),
        path,
        path,
        f"{found.circle.shown} at {site.title}: {what}",
        subtitle=" ".join(filter(None, (heading, days, found.note))),
        items=[of_paper(library, one.paper, asked.now, note=_why(one)) for one in found.entries],
        fields=asked.at(fields, asked.page),
        turns=asked.turns(path, fields, found.total),
        since=f"{found.first}T00:00:00Z",
        private=True,
    )


def _why(entry: GroupEntry) -> str:
    parts = [
        "Submitted in the group" if entry.submitted else "",
        f"{said.count(entry.votes, 'vote')} in the group" if entry.votes else "",
        f"no. {entry.common:,} in the common edition" if entry.common else "",
    ]
    text = "; ".join(filter(None, parts))
    return f"{text[0].upper()}{text[1:]}." if text else ""


def shelf(library: Library, site: Site, asked: Asked) -> Feed:
    """A group's shelf, the latest first."""
    named = asked.part("name")
    actor, key = asked.actor(library, "group", named)
    found = library.shelf(actor, named, limit=asked.limit, offset=asked.offset)
    path, fields = f"/groups/{found.circle.name}/shelf", {**asked.usual, **key}
    return Feed(
        library.feed_name("feed", f"group/{found.circle.number}/shelf"),
        path,
        path,
        f"{found.circle.shown} at {site.title}: shelf",
        subtitle="Papers that the group keeps.",
        items=[
            of_paper(library, one.paper, asked.now, note=f"Kept by {name(one.by)}. {one.note}".strip())
            for one in found.entries
        ],
        fields=asked.at(fields, asked.page),
        turns=asked.turns(path, fields, found.total),
        since=instant(found.circle.made, asked.now),
        private=True,
    )


def discussion(library: Library, site: Site, asked: Asked) -> Feed:
    """What is said in a group's own discussion, the newest first."""
    named = asked.part("name")
    actor, key = asked.actor(library, "group", named)
    circle = library.group(actor, named)
    talk = readable_of(library.discussion(actor, named, order=Order.NEWEST))
    path, fields = f"/groups/{circle.name}/discussion", {**asked.usual, **key}
    return Feed(
        library.feed_name("feed", f"group/{circle.number}/discussion"),
        path,
        path,
        f"{circle.shown} at {site.title}: discussion",
        subtitle="What the group says.",
        items=[
            of_comment(library, one, asked.now, about=False) for one in talk[asked.offset : asked.offset + asked.limit]
        ],
        fields=asked.at(fields, asked.page),
        turns=asked.turns(path, fields, len(talk)),
        since=instant(circle.made, asked.now),
        private=True,
    )


def standing(library: Library, site: Site, asked: Asked) -> Feed:
    """What a standing query caught, the latest first."""
    number = asked.part("number")
    actor, key = asked.actor(library, "standing", number)
    query = library.standing(actor, int(number))
    found = library.caught(actor, query.number, limit=asked.limit, before=asked.before_caught)
    path, fields = f"/standing/{query.number}", {**asked.usual, **key}
    last = f"{found[-1].at}~{found[-1].paper.number}" if len(found) == asked.limit else None
    return Feed(
        library.feed_name("feed", f"standing/{query.number}"),
        path,
        path,
        f"{site.title}: {query.name}",
        instant(query.made, asked.now),
        subtitle="What this standing query finds among new papers.",
        items=[of_paper(library, one.paper, asked.now, note=said_why(one.why), day=one.at[:10]) for one in found],
        fields={**fields, **({"before": asked.given("before")} if asked.before_caught else {})},
        turns=asked.onwards(path, fields, last),
        private=True,
    )


def mine(library: Library, site: Site, asked: Asked) -> Feed:
    """New papers that suit somebody."""
    actor, key = asked.actor(library, "mine")
    found = library.for_me(actor, limit=asked.limit, offset=asked.offset)
    fields = {**asked.usual, **key}
    more = asked.offset + asked.limit + (len(found) == asked.limit)
    return Feed(
        library.feed_name("feed", f"mine/{actor.person}"),
        "/for-me",
        "/for-me",
        f"{site.title}: for you",
        asked.today,
        subtitle="New papers by what you voted for, follow and keep.",
        items=distinct([of_paper(library, one.paper, asked.now, note=said_why(one.why)) for one in found]),
        fields=asked.at(fields, asked.page),
        turns=[turn for turn in asked.turns("/for-me", fields, more) if turn.rel != "last"],
        private=True,
    )
