"""Trends: the share of the papers that match each of several queries, month by month; drawn, and as CSV and JSON."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from broadsheet import said
from broadsheet.errors import Refused
from broadsheet.library import Library
from broadsheet.types import Trends
from broadsheet.web import cards
from broadsheet.web.contexts import Link, TrendLine, TrendsPage
from broadsheet.web.press import Press
from broadsheet.web.topics import charts

MOST = 6
_BESIDE = 1  # months on each side that a drawn value is the mean of
_LEAST = 200  # papers in those months together: fewer say nothing of a share
_EXAMPLES = (
    ("generative adversarial network", "diffusion model"),
    ('"recurrent neural network"', '"vision transformer"', '"state space model"'),
    ('"large language model"', "agent", '"retrieval augmented generation"'),
)
_NOTE = (
    "The line is the mean of three months, where those have at least 200 papers in all; the files hold every month. "
    "A word counts as it is written, in the singular and the plural: transformer counts transformers, not transforms. "
    "A share tells of the papers in this catalogue: where it holds more of one field from some year on, that shows."
)


def page(library: Library, press: Press, request: Request, _stop: Callable[[], bool]) -> Response:
    """The form, and the chart of what it asks for."""
    queries = _asked(request)
    problem = ""
    try:
        found = library.trends(queries) if queries else Trends([], [], [])
    except Refused as error:
        found, problem = Trends([], [], []), str(error)
    return press.page(request, _context(press, request, queries, found, problem))


def numbers(kind: str, library: Library, request: Request, _stop: Callable[[], bool]) -> Response:
    """All months as "csv" or "json". Raises Refused."""
    found = library.trends(_asked(request))
    text, media = (_csv(found), "text/csv") if kind == "csv" else (_json(found), "application/json")
    headers = {"Content-Disposition": f'attachment; filename="trends.{kind}"', "Cache-Control": "no-cache"}
    return Response(text.encode("utf-8", "replace"), headers=headers, media_type=media)


def _asked(request: Request) -> list[str]:
    queries = (" ".join(query.split()) for query in request.query_params.getlist("q"))
    return list(dict.fromkeys(query for query in queries if query))


def _context(press: Press, request: Request, queries: Sequence[str], found: Trends, problem: str) -> TrendsPage:
    title = f"Trends: {', '.join(queries)}"[:150] if queries else "Trends"
    frame = press.frame(
        request,
        f"{title} · {press.site.title}",
        "The share of the papers that match each query, month by month, in the whole catalogue.",
        assets=("topics.css",),
        indexed=not queries,
    )
    asked = urlencode([("q", query) for query in queries])
    shown = [charts.Line(one.query, _smooth(one.counts, found.totals)) for one in found.series]
    months, values = _from_first(found.months, shown)
    return TrendsPage(
        frame,
        queries=[*queries, *[""] * MOST][: max(MOST, len(queries))],
        lines=[
            TrendLine(
                number,
                one.query,
                cards.searching(q=one.query, sort="date"),
                said.count(sum(one.counts), "paper"),
                one.notes,
            )
            for number, one in enumerate(found.series, 1)
        ],
        chart=charts.lines(months, values, f"Share of papers by month: {', '.join(queries)}"),
        years=_years(found),
        files=[Link(f"/trends.{kind}?{asked}", kind.upper()) for kind in ("csv", "json")],
        note=_NOTE,
        problem=problem,
        examples=[
            Link("/trends?" + urlencode([("q", one) for one in example]), ", ".join(one.strip('"') for one in example))
            for example in _EXAMPLES
        ],
    )


def _smooth(counts: Sequence[int], totals: Sequence[int]) -> list[float | None]:
    """The share over each month and its neighbours; None where they have too few papers."""
    out: list[float | None] = []
    for place in range(len(totals)):
        near = slice(max(0, place - _BESIDE), place + _BESIDE + 1)
        whole = sum(totals[near])
        out.append(sum(counts[near]) / whole if whole >= _LEAST else None)
    return out


def _from_first(months: Sequence[str], shown: Sequence[charts.Line]) -> tuple[Sequence[str], list[charts.Line]]:
    """The stretch from two years before any query has papers: what is empty before that says nothing."""
    firsts = [next((place for place, value in enumerate(line.values) if value), len(months)) for line in shown]
    first = max(0, min(firsts, default=0) - 24)
    known = [next((place for place, value in enumerate(line.values) if value is not None), 0) for line in shown]
    first = max(first, min(known, default=0))
    return months[first:], [charts.Line(line.name, line.values[first:]) for line in shown]


def _years(found: Trends) -> list[tuple[str, list[str]]]:
    """The shares by year, the newest first, for who reads numbers."""
    rows: dict[str, list[int]] = {}
    for place, month in enumerate(found.months):
        row = rows.setdefault(month[:4], [0] * (len(found.series) + 1))
        row[0] += found.totals[place]
        for number, one in enumerate(found.series, 1):
            row[number] += one.counts[place]
    return [
        (year, [f"{100 * count / row[0]:.2f}% ({count:,})" if row[0] else "" for count in row[1:]])
        for year, row in reversed(rows.items())
        if any(row[1:])
    ]


def _csv(found: Trends) -> str:
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(["month", "papers", *(_cell(one.query) for one in found.series)])
    for place, month in enumerate(found.months):
        table.writerow([month, found.totals[place], *(one.counts[place] for one in found.series)])
    return out.getvalue()


def _cell(text: str) -> str:
    """What a spreadsheet takes as text: what begins like a formula gets an apostrophe before it."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text


def _json(found: Trends) -> str:
    series = [{"query": one.query, "counts": list(one.counts), "notes": list(one.notes)} for one in found.series]
    return json.dumps(
        {"months": list(found.months), "papers": list(found.totals), "series": series}, ensure_ascii=False
    )
