"""All of one's standing queries."""

from starlette.requests import Request
from starlette.responses import Response

from broadsheet import said
from broadsheet.library import Library
from broadsheet.permissions import may
from broadsheet.types import Standing
from broadsheet.web.contexts import Link
from broadsheet.web.contexts.standing import StandingLine, StandingsPage
from broadsheet.web.press import Press
from broadsheet.web.standing.words import address, asked, frame, reader, state

_ASKED = 200  # characters of what is asked, in the list


def page(library: Library, press: Press, request: Request) -> Response:
    """The visitor's standing queries."""
    actor = reader(request)
    found = library.standing_queries(actor, ended=True)
    context = StandingsPage(
        frame(press, request, "Standing queries"),
        [_line(one) for one in found if not one.ended],
        [_line(one) for one in found if one.ended],
        may_stand=may(actor, "stand"),
    )
    return press.page(request, context)


def _line(one: Standing) -> StandingLine:
    said_of_it = " · ".join(part for part in asked(one) if part != one.name)
    hits = said.count(one.hits, "paper") if one.hits else "no paper yet"
    return StandingLine(one.number, Link(address(one.number), one.name), said_of_it[:_ASKED], hits, state(one))
