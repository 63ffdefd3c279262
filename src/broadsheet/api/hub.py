"""Hugging Face's list pages, for programs that read those: the same addresses, the same element, our papers.

    /papers  /papers/date/2026-11-20  /papers/week/2026-W47  /papers/month/2026-11

Many programs know the list only as a page. They look for `div[data-target="DailyPapers"]`, whose `data-props` is JSON
(https://github.com/DIYgod/RSSHub, route huggingface/daily-papers), or for `article h3 a`. Both are here. For people
the same edition is at an address of its own, to which this page leads; it holds every abstract, and so is larger.
"""

import json
from collections.abc import Sequence
from html import escape
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet import tex
from broadsheet.api import shapes
from broadsheet.api.huggingface import SPANS, edition_of
from broadsheet.library import Library
from broadsheet.types import Edition

MOST = 100  # papers
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Daily Papers: {heading}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<link rel="canonical" href="{canonical}">
</head>
<body>
<main>
<h1>Daily Papers: {heading}</h1>
<p>This list is for programs. <a href="{canonical}">The edition</a> is for people.</p>
{articles}
<div class="SVELTE_HYDRATER contents" data-target="DailyPapers" data-props="{props}"></div>
</main>
</body>
</html>
"""


def page(library: Library, request: Request, name: str = "") -> Response:
    """The list of an edition: the newest, or the one that the address or its query names. Raises Refused.

    `name` is what the address names: a date, a week or a month.
    """
    query = request.query_params
    if text := query.get("q", "").strip():
        return RedirectResponse("/search?" + urlencode({"q": text}), 302)
    name = name or next((one for one in SPANS if query.get(one, "").strip()), "date")
    key = request.path_params.get("key") or query.get(name, "").strip()
    edition = edition_of(library, name, key, MOST, 0) if key else library.edition(SPANS[name], limit=MOST)
    base = str(request.base_url)
    items = [shapes.item(entry.paper, entry.day, base, entry.by) for entry in edition.entries]
    props = json.dumps(_props(edition, items), ensure_ascii=False, separators=(",", ":"))
    links = (f'<a href="/papers/{escape(one["id"])}">{escape(one["title"])}</a>' for one in items)
    content = _PAGE.format(
        heading=escape(edition.key),
        canonical=escape(f"{base}{name}/{edition.key}"),
        articles="\n".join(f"<article><h3>{link}</h3></article>" for link in links),
        props=escape(props),
    )
    return Response(tex.clean(content).encode("utf-8", "replace"), media_type="text/html")


def _props(edition: Edition, items: Sequence[shapes.Json]) -> shapes.Json:
    return {
        "periodType": edition.span.value,
        "dateString": edition.key,
        "dailyPapers": items,
        "prevDate": edition.previous,
        "nextDate": edition.next,
        "numPapers": edition.total,
    }
