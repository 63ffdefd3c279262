"""Pages of keywords, authors, categories, trends, and the map.

pages      /topics/…  /authors/…  /categories  /categories/…
trends     /trends, and its numbers as CSV and JSON
charts     bars and lines as SVG
mapping    /map, its points and its titles
"""

from functools import partial

from starlette.routing import BaseRoute, Route

from broadsheet.library import Library
from broadsheet.types import TopicKind
from broadsheet.web.patience import patient
from broadsheet.web.press import Press
from broadsheet.web.topics import mapping, pages, trends


def routes(library: Library, press: Press) -> list[BaseRoute]:
    """Where these pages are."""
    paths = {TopicKind.KEYWORD: "topics", TopicKind.AUTHOR: "authors", TopicKind.CATEGORY: "categories"}
    found: list[BaseRoute] = [
        Route(f"/{path}/{{name:path}}", patient(partial(pages.topic, kind, library, press)), methods=["GET"])
        for kind, path in paths.items()
    ]
    return [
        *found,
        Route("/categories", patient(partial(pages.categories, library, press)), methods=["GET"]),
        Route("/trends", patient(partial(trends.page, library, press)), methods=["GET"]),
        Route("/map", patient(partial(mapping.page, library, press)), methods=["GET"]),
        Route("/map.bin", patient(partial(mapping.points, library)), methods=["GET"]),
        Route("/map.json", patient(partial(mapping.titles, library)), methods=["GET"]),
        *(
            Route(f"/trends.{kind}", patient(partial(trends.numbers, kind, library)), methods=["GET"])
            for kind in ("csv", "json")
        ),
    ]
