"""A picture for every paper, which programs that show lists expect: the one that stands at its page's address."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet.api.huggingface import missing
from broadsheet.errors import NotFound
from broadsheet.library import Library

_ENDINGS = (".svg", ".png")


def picture(library: Library, request: Request) -> Response:
    """Leads to the picture of a paper."""
    key = request.path_params["id"].strip("/ ")
    for ending in _ENDINGS:
        key = key.removesuffix(ending)
    try:
        found = library.paper(key)
    except NotFound:
        return missing()
    return RedirectResponse(f"/papers/{quote(found.id, safe='/:')}.png", 301)
