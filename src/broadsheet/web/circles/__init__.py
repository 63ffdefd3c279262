"""Pages of groups. Who is not in a group finds nothing at its addresses, and the same nothing where there is no group.

head       what all pages of a group have in common
mine       /groups: one's own, founding one, opening one again
edition    /groups/{name}: its edition of a day, a week, a month
shelf      its shelf
talk       its discussion, and a paper as the group sees it
members    who is in it, links, leaving, handing on
joining    /groups/join/{secret}: where a link leads
rules      its name, what it is about, its end
figures    /groups/all: for administrators
"""

from collections.abc import Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from broadsheet.library import Library
from broadsheet.types import Span
from broadsheet.web.circles import edition, figures, joining, members, mine, rules, shelf, talk
from broadsheet.web.editions import PATHS
from broadsheet.web.forms import Handler, posted
from broadsheet.web.press import Press

Shown = Callable[[Library, Press, Request], Response]


def routes(library: Library, press: Press) -> list[BaseRoute]:
    """Where these pages are."""

    def page(path: str, handler: Shown, name: str) -> Route:
        return Route(path, partial(handler, library, press), name=name, methods=["GET"])

    def form(path: str, handler: Handler, name: str, kind: str = "") -> Route:
        return Route(path, posted(handler, library, press, kind=kind), name=name, methods=["POST"])

    one = "/groups/{name}"
    return [
        page("/groups", mine.groups, "groups"),
        form("/groups", mine.found, "found-group", "found"),
        form("/groups/restore", mine.restore, "restore-group"),
        page("/groups/all", figures.figures, "all-groups"),
        form("/groups/all", figures.close, "close-group"),
        page("/groups/join/{secret}", joining.invited, "invited"),
        form("/groups/join/{secret}", joining.join, "join-group"),
        page(one, partial(edition.edition, Span.DAY), "group"),
        *(
            page(f"{one}/{path}{key}", partial(edition.edition, span), f"group-{path}{key and '-edition'}")
            for span, path in PATHS.items()
            for key in ("", "/{key}")
        ),
        form(f"{one}/submissions", edition.submit, "submit-to-group", "submit"),
        page(f"{one}/shelf", shelf.shelf, "group-shelf"),
        form(f"{one}/shelf", shelf.shelve, "shelve"),
        page(f"{one}/discussion", talk.discussion, "group-discussion"),
        page(f"{one}/papers/{{id:path}}", talk.paper, "group-paper"),
        page(f"{one}/members", members.members, "group-members"),
        form(f"{one}/links", members.invite, "group-link", "invite"),
        form(f"{one}/links/withdraw", members.withdraw, "withdraw-group-link"),
        *(
            one_way
            for act in members.ACTS
            for path in (f"{one}/members/{{person}}/{act.path}" if act.person else f"{one}/{act.path}",)
            for one_way in (
                page(path, partial(members.ask, act), f"ask-{act.path}"),
                form(path, partial(members.do, act), act.path),
            )
        ),
        page(f"{one}/rules", rules.rules, "group-rules"),
        form(f"{one}/rules", rules.change, "change-group"),
        page(f"{one}/export", rules.export, "export-group"),
    ]
