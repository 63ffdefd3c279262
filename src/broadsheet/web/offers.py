"""What a page offers to send: the banner on it, and the link at its foot. Each page offers what it shows.

Who closes the banner, or subscribes, does not see it again for a year: a cookie holds one word.
"""

from starlette.requests import Request
from starlette.responses import Response

from broadsheet.web.contexts import Offer

COOKIE, CLOSED = "banner", "closed"
YEAR = 365 * 24 * 3600  # seconds
SHOWN, LONGEST = 60, 300  # characters of a name in the banner, and of a search in an address


TRENDING = Offer("trending", "trending papers")
EDITION = Offer("edition", "each day’s papers")  # noqa: RUF001
MINE = Offer("mine", "papers for you")


def category(code: str) -> Offer:
    """New papers of a category."""
    return Offer(f"category:{code}", "new papers in", code)


def keyword(name: str) -> Offer:
    """New papers on a keyword."""
    return Offer(f"keyword:{name}", "new papers on", _cut(name))


def keywords(names: list[str]) -> Offer:
    """New papers on any of a paper's keywords, or what trends where it has none."""
    few = [name for name in names if ";" not in name][:3]
    if len(few) < 2:
        return keyword(few[0]) if few else TRENDING
    return Offer(f"keywords:{'; '.join(few)}", "new papers on", _cut(f"{', '.join(few[:-1])} or {few[-1]}"))


def author(name: str) -> Offer:
    """New papers by somebody."""
    return Offer(f"author:{name}", "new papers by", _cut(name))


def group(name: str) -> Offer:
    """A group's edition."""
    return Offer(f"group:{name}", "this group’s papers")  # noqa: RUF001


def search(query: str) -> Offer:
    """What a search finds from now on; a search that is too long for an address is none."""
    if not query or len(query) > LONGEST:
        return TRENDING
    return Offer(f"search:{query}", "new results for", f"“{_cut(query)}”")


def is_closed(request: Request) -> bool:
    """Whether who asks closed the banner."""
    return request.cookies.get(COOKIE, "") == CLOSED


def close(request: Request, response: Response) -> None:
    """Lets the banner be gone for a year."""
    secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, CLOSED, max_age=YEAR, path="/", secure=secure, samesite="lax", httponly=True)


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…"
