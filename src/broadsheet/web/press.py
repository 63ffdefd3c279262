"""Templates and assets into responses: with validators, so that what a browser has need not travel again."""

from collections.abc import Sequence
from dataclasses import fields
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from urllib.parse import quote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from broadsheet import said, tex
from broadsheet.types import ANYONE, Visitor
from broadsheet.web import offers
from broadsheet.web.contexts import Frame
from broadsheet.web.site import Site

BUDGET = 60_000  # bytes of a page with its style sheet and script
RESERVE = 1_500  # of them for what is not reckoned
FRAME = 5_200  # of them for the page around a list: head, banner, masthead, notes, pager, footer
LONGEST = 4_000  # characters of an address that the theme's form leads back to
LONGEST_BACK = 400  # of one that signing in leads back to

_HERE = Path(__file__).parent
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_THEMES = ("light", "dark")
_EVERYWHERE = ("broadsheet.css", "broadsheet.js")  # what every page loads; a page may name more


def visitor(request: Request) -> Visitor:
    """Who asks, as the entrance found them; a passer-by where there is no entrance."""
    found = request.scope.get("visitor")
    return found if isinstance(found, Visitor) else Visitor(ANYONE)


class Context(Protocol):
    """Any context of `contexts`: its name less "Page" is the template's."""

    frame: Frame


class _Asset(NamedTuple):
    """A static file: its content, media type, and the hash that its address carries."""

    content: bytes
    kind: str
    hash: str


class Press:
    """Prints contexts through their templates, and serves the assets they link to."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._assets = {
            path.name: _Asset(content := path.read_bytes(), _TYPES[path.suffix], _hash(content))
            for path in sorted((_HERE / "static").iterdir())
        }
        self._templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,  # else each page looks whether any of its files has changed
        )
        self._templates.globals["said"] = said

    @property
    def room(self) -> int:
        """Bytes a list may take on a page."""
        return BUDGET - FRAME - sum(len(self._assets[name].content) for name in _EVERYWHERE)

    def weight(self, *names: str) -> int:
        """Bytes of style sheets and scripts that not every page loads: those that do have less room for their lists."""
        return sum(len(self._assets[name].content) for name in names)

    def frame(
        self, request: Request, title: str, description: str, *, assets: Sequence[str] = (), **more: Any
    ) -> Frame:
        """What surrounds a page; `assets` are style sheets and scripts of its own, `more` fields of the frame."""
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        here = here if len(here) <= LONGEST else "/"
        theme = request.cookies.get("theme", "")
        more.setdefault("offer", offers.TRENDING if more.get("indexed", True) else None)
        return Frame(
            site=self.site,
            title=title,
            description=description,
            here=here,
            theme=theme if theme in _THEMES else "",
            style=self._address("broadsheet.css"),
            script=self._address("broadsheet.js"),
            icon=self._address("broadsheet.svg"),
            visitor=visitor(request),
            sign_in=_sign_in(here),
            styles=[self._address(name) for name in assets if name.endswith(".css")],
            scripts=[self._address(name) for name in assets if name.endswith(".js")],
            banner=not offers.is_closed(request),
            **more,
        )

    def left(self, context: Context) -> int:
        """Bytes of the budget that a page leaves, with what it loads, as far as it is made."""
        loaded = (*_EVERYWHERE, *(path.rpartition("/")[2].partition("?")[0] for path in _own(context.frame)))
        return BUDGET - RESERVE - len(self._printed(context)) - sum(len(self._assets[name].content) for name in loaded)

    def public(self, path: str) -> str:
        """The public address of a path, if the owner has set one."""
        return self.site.address.rstrip("/") + path if self.site.address else ""

    def page(self, request: Request, context: Context, status: int = 200) -> Response:
        """A context printed through its template; 304 without a body where the browser has it already."""
        response = Response(self._printed(context), status, media_type="text/html")
        response.headers["Vary"] = "Cookie"
        if _personal(visitor(request)):
            response.headers["Cache-Control"] = "private, no-store"
            return response
        response.headers["Cache-Control"] = "no-cache"
        return unless_known(request, response) if status == 200 else response

    def _printed(self, context: Context) -> bytes:
        name = type(context).__name__.removesuffix("Page").lower()
        values = {field.name: getattr(context, field.name) for field in fields(context)}  # type: ignore[arg-type]
        # What a reader typed into the address is shown too, and may hold anything.
        return tex.clean(self._templates.get_template(f"{name}.html").render(values)).encode()

    def static(self, request: Request) -> Response:
        """An asset; one asked for by the hash of its content may be kept for ever."""
        name = request.path_params["name"]
        if name not in self._assets:
            raise HTTPException(404)
        asset = self._assets[name]
        response = Response(asset.content, media_type=asset.kind)
        kept = request.query_params.get("v") == asset.hash
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if kept else "no-cache"
        return unless_known(request, response)

    def _address(self, name: str) -> str:
        return f"/static/{name}?v={self._assets[name].hash}"


def _personal(who: Visitor) -> bool:
    """Whether a page is for one person: it names them, or has a form that is good for their browser only."""
    return who.actor.role is not None or who.keep


def _sign_in(here: str) -> str:
    back = quote(here, safe="/:")
    return f"/sign-in?back={back}" if len(back) <= LONGEST_BACK and not here.startswith("/sign-in") else "/sign-in"


def _own(frame: Frame) -> list[str]:
    return [*frame.styles, *frame.scripts]


def unless_known(request: Request, response: Response) -> Response:
    """The response, or 304 without a body where the client has it already."""
    tag = f'W/"{_hash(bytes(response.body))}"'  # weak: the same page may travel compressed or not
    response.headers["ETag"] = tag
    known = [entry.strip() for entry in request.headers.get("if-none-match", "").split(",")]
    if tag not in known and "*" not in known:
        return response
    kept = {name: response.headers[name] for name in ("ETag", "Cache-Control", "Vary") if name in response.headers}
    return Response(status_code=304, headers=kept)


def _hash(content: bytes) -> str:
    return blake2b(content, digest_size=9).hexdigest()


def local(address: str) -> str:
    """An address on this site, or the front page: never a way to another site."""
    parts = urlsplit(address) if address.isprintable() and "\\" not in address else None
    safe = parts and not parts.scheme and not parts.netloc and address.startswith("/") and not address.startswith("//")
    return address if safe else "/"
