"""Pages of keywords, authors, categories, trends, the map."""

from starlette.routing import BaseRoute

from broadsheet.library import Library
from broadsheet.web.press import Press


def routes(library: Library, press: Press) -> list[BaseRoute]:  # noqa: ARG001
    """Where these pages are."""
    return []
