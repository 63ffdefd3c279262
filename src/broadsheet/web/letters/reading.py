"""A letter in a file: headers, text, and its HTML in a frame in which nothing can run or be asked for.

The HTML of a letter has its styles in its elements, which the policy of our pages forbids. So it is a page of its own,
under a policy of its own: a sandbox without scripts, forms and an origin, into which nothing can be loaded. Only our
own page may frame it; its links open in the place of that.
"""

from starlette.requests import Request
from starlette.responses import Response

from broadsheet.errors import NotFound
from broadsheet.library import Library
from broadsheet.types import LetterFile
from broadsheet.web.contexts.letters import LetterPage
from broadsheet.web.headers import POLICY
from broadsheet.web.letters.outbox import ASSETS
from broadsheet.web.press import Press, visitor

SANDBOX = "allow-top-navigation-by-user-activation"
LETTER_POLICY = (
    f"sandbox {SANDBOX}; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)


def letter(library: Library, press: Press, request: Request) -> Response:
    """The page. Raises Forbidden, NotFound."""
    found = _found(library, request)
    frame = press.frame(
        request, f"{found.subject} · {press.site.title}", "A letter in a file.", assets=ASSETS, indexed=False
    )
    shown = f"/letters/{found.name}/html" if found.html else ""
    response = press.page(request, LetterPage(frame, found.subject, found.headers, found.text, shown))
    response.headers["Content-Security-Policy"] = f"{POLICY}; frame-src 'self'"
    return response


def html(library: Library, _press: Press, request: Request) -> Response:
    """The HTML part alone. Raises Forbidden, NotFound."""
    found = _found(library, request)
    if not found.html:
        raise NotFound("This letter is text alone.")
    shown = found.html.replace("<head>", '<head><base target="_top">', 1)
    headers = {
        "Content-Security-Policy": LETTER_POLICY,
        "X-Frame-Options": "SAMEORIGIN",
        "Cache-Control": "private, no-store",
    }
    return Response(shown, media_type="text/html", headers=headers)


def _found(library: Library, request: Request) -> LetterFile:
    return library.letter_file(visitor(request).actor, request.path_params["name"])
