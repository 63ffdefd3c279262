"""The light or dark preference: a cookie, set by a form, so that it works without JavaScript.

The page's script does the same without a reload. The cookie holds nothing but the word, and the answer leads back
only to this site.
"""

from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet.web.forms import from_here
from broadsheet.web.press import local

YEAR = 365 * 24 * 3600  # seconds
LARGEST = 8_192  # bytes of a form


async def choose(request: Request) -> Response:
    """Sets the preference and leads back to the page it was set on."""
    if not from_here(request):
        raise HTTPException(403)
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            raise HTTPException(413)
    form = parse_qs(body.decode("ascii", "replace"))
    theme = form.get("to", [""])[0]
    response = RedirectResponse(local(form.get("back", ["/"])[0]), status_code=303)
    secure = request.url.scheme == "https"
    if theme in ("light", "dark"):
        response.set_cookie("theme", theme, max_age=YEAR, path="/", secure=secure, samesite="lax")
    else:
        response.delete_cookie("theme", path="/", secure=secure, samesite="lax")
    return response
