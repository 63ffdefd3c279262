"""Who counts as a reader of a paper's page: somebody who asked for it, and not a program that fetches or foresees."""

import re

from starlette.requests import Request

# Programs that say what they are. Those that pretend to be a browser count once a day and address, as everybody.
_PROGRAM = re.compile(
    r"bot\b|bot[/;_-]|crawl|spider|slurp|scrap|archiv|preview|fetch|monitor|feed|headless|lighthouse|facebookexternalhit"
    r"|curl|wget|python|java/|perl|ruby|go-http|libwww|okhttp|axios|node|httpx|aiohttp|postman|zotero",
    re.IGNORECASE,
)


def is_reader(request: Request) -> bool:
    """Whether a request for a page is a reader's."""
    purpose = request.headers.get("sec-purpose", "") + request.headers.get("purpose", "")
    agent = request.headers.get("user-agent", "")
    return request.method == "GET" and "prefetch" not in purpose and bool(agent) and not _PROGRAM.search(agent)
