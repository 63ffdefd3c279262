"""Pages of trending, what rises and what fell, downloads."""

from starlette.routing import BaseRoute

from broadsheet.library import Library
from broadsheet.web.press import Press


def routes(library: Library, press: Press) -> list[BaseRoute]:  # noqa: ARG001
    """Where these pages are."""
    return []
