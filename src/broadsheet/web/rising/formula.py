"""The formula of trending, printed from the table that it is reckoned with."""

from starlette.requests import Request
from starlette.responses import Response

from broadsheet.library import Library
from broadsheet.web.contexts import FormulaPage
from broadsheet.web.press import Press
from broadsheet.web.rising.trending import ASSETS


def formula(library: Library, press: Press, request: Request) -> Response:
    """The page."""
    frame = press.frame(
        request,
        f"How trending is made · {press.site.title}",
        "The formula of trending, with the weight and the half-life of every signal.",
        assets=ASSETS,
        canonical=press.public("/trending/formula"),
    )
    return press.page(request, FormulaPage(frame, library.weights()))
