"""Pages of trending, what rose and what fell, downloads.

asking      what an address asks for
trending    /trending
moved       /trending/rising
formula     /trending/formula
downloads   /trending.csv, /trending.parquet, /papers/…/signals.csv
"""

from functools import partial

from starlette.routing import BaseRoute, Route

from broadsheet.library import Library
from broadsheet.web.press import Press
from broadsheet.web.rising.downloads import Downloads
from broadsheet.web.rising.formula import formula
from broadsheet.web.rising.moved import moved
from broadsheet.web.rising.trending import trending


def routes(library: Library, press: Press) -> list[BaseRoute]:
    """Where these pages are."""
    pages = {"/trending": trending, "/trending/rising": moved, "/trending/formula": formula}
    downloads = Downloads(library, press)
    return [
        *(Route(path, partial(page, library, press), methods=["GET"]) for path, page in pages.items()),
        Route("/trending.csv", downloads.csv, methods=["GET"]),
        Route("/trending.parquet", downloads.parquet, methods=["GET"]),
        Route("/papers/{id:path}/signals.csv", downloads.of_paper, methods=["GET"]),
    ]
