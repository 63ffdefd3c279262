"""The map: a page with the papers as a list, the points for its script, and their titles a few at a time."""

import json
import re
import struct
import sys
from array import array
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from broadsheet import said, tex
from broadsheet.errors import NotFound, Refused
from broadsheet.library import Library
from broadsheet.types import Atlas, Paper, Region, Span
from broadsheet.web import cards, editions
from broadsheet.web.contexts import Link, MapPage, MapRegion, Tab
from broadsheet.web.press import Press, unless_known

ASSETS = ("map.css", "map.js")
MAGIC = b"BMAP"
COLOURS = 6
MOST_TITLES = 64  # that are asked for at once
_LISTED = 330  # papers of a page, about: the budget of bytes cuts it shorter
_PAGE = 80  # papers of a page of one region
_ROOM = 6_500  # bytes of the page around the lists
_SECTION, _ROW = 240, 40  # bytes around a region and a paper
_YEAR = re.compile(r"\d{4}", re.ASCII)
_SHAPES = {
    Span.DAY: re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII),
    Span.WEEK: re.compile(r"\d{4}-W\d{2}", re.ASCII),
    Span.MONTH: re.compile(r"\d{4}-\d{2}", re.ASCII),
}
_NONE_YET = (
    "The map is not drawn yet. A job does it within the hour after papers came; broadsheet jobs run map does it now."
)


@dataclass(slots=True)
class Asked:
    """Which papers the address asks for: an edition (of no key: the latest), or those of a query or a year."""

    span: Span | None
    key: str | None
    query: str = ""
    year: str = ""
    notes: Sequence[str] = ()

    def fields(self) -> dict[str, str]:
        """The same as fields of an address."""
        if self.span:
            return {"edition": self.key or self.span.value}
        return {name: value for name, value in (("q", self.query), ("year", self.year)) if value}


def page(library: Library, press: Press, request: Request, _stop: Callable[[], bool]) -> Response:
    """The map and its list. Raises NotFound for an edition that is none."""
    asked = _asked(request)
    try:
        found = _found(library, asked)
    except Refused as error:
        found, asked.notes = Atlas(0), [*asked.notes, str(error)]
    return press.page(request, _context(library, press, request, asked, found))


def points(library: Library, request: Request, _stop: Callable[[], bool]) -> Response:
    """The points: `BMAP`, how many, then numbers (32 bits), x, y (16) and regions (8), each whole; low byte first."""
    found = _found(library, _asked(request))
    parts = [_little(part) for part in (found.numbers, found.x, found.y, found.region)]
    body = MAGIC + struct.pack("<I", len(found.numbers)) + b"".join(parts)
    response = Response(body, media_type="application/octet-stream", headers={"Cache-Control": "no-cache"})
    return unless_known(request, response)


def titles(library: Library, request: Request, _stop: Callable[[], bool]) -> Response:
    """Titles and addresses of the papers with these numbers; what is no number of a paper is left out."""
    asked = [part for part in request.query_params.get("of", "").split(",") if part.isascii() and part.isdigit()]
    if len(asked) > MOST_TITLES:
        raise Refused(f"At most {MOST_TITLES} titles can be asked for at once; these are {len(asked):,}.")
    numbers = [int(part) for part in asked if len(part) < 10]
    found = {paper.number: [_title(paper), cards.path(paper.id)] for paper in library.numbered(numbers)}
    response = Response(json.dumps(found, ensure_ascii=False).encode("utf-8", "replace"), media_type="application/json")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _asked(request: Request) -> Asked:
    given = request.query_params
    query, year, edition = (" ".join(given.get(name, "").split()) for name in ("q", "year", "edition"))
    notes = []
    if year and not _YEAR.fullmatch(year):
        notes.append("A year has four digits, such as 2025: this one was left out.")
        year = ""
    if query or year:
        return Asked(None, None, query, year, notes)
    if edition in {"", *Span}:
        return Asked(Span(edition or Span.MONTH), None, notes=notes)
    span = next((span for span, shape in _SHAPES.items() if shape.fullmatch(edition)), None)
    if span is None:
        raise NotFound("There is no such edition: day, week and month are the latest, 2026-11-20 is a day.")
    return Asked(span, edition, notes=notes)


def _found(library: Library, asked: Asked) -> Atlas:
    if asked.span:
        return library.atlas(asked.span, asked.key)
    return library.atlas_of(asked.query, since=asked.year or None, until=asked.year or None)


def _little(part: "array[int]") -> bytes:
    if sys.byteorder == "big":
        part = array(part.typecode, part)
        part.byteswap()
    return part.tobytes()


def _context(library: Library, press: Press, request: Request, asked: Asked, found: Atlas) -> MapPage:
    heading = _heading(asked, found)
    chosen = _chosen(request, found)
    page, lists, pages = 1, [], 1
    if chosen is not None:
        every = found.of(chosen)
        pages = max(1, -(-len(every) // _PAGE))
        page = min(editions.asked_page(request), pages)
        lists = [(chosen, every[(page - 1) * _PAGE : page * _PAGE])]
    else:
        each = max(6, _LISTED // max(1, len(found.regions)))
        lists = [(number, found.of(number)[:each]) for number in range(len(found.regions))]
    frame = press.frame(
        request,
        f"Map: {heading} · {press.site.title}"[:200],
        "Papers as points: those that mean nearly the same stand near each other.",
        assets=ASSETS,
        indexed=False,
    )
    address = "?" + urlencode(asked.fields())
    room = press.room - press.weight(*ASSETS) - _ROOM - 6 * len(address)
    return MapPage(
        frame,
        heading=heading,
        count=said.count(found.total, "paper"),
        tabs=[
            Tab(span.value.capitalize(), f"/map?edition={span.value}", asked.span is span and not asked.key)
            for span in Span
        ],
        query=asked.query,
        year=asked.year,
        notes=[*asked.notes, *_notes(found, asked)],
        points=f"/map.bin{address}" if found.numbers else "",
        list=_list(asked, found),
        regions=_regions(library, found, asked, lists, room),
        back=Link(f"/map{address}", "All clusters") if chosen is not None else None,
        pager=editions.pager("/map", {**asked.fields(), "region": str((chosen or 0) + 1)}, page, pages),
    )


def _notes(found: Atlas, asked: Asked) -> list[str]:
    if not found.drawn and found.total:
        return [_NONE_YET]
    if len(found.numbers) < found.total:
        return [f"{said.count(found.total - len(found.numbers), 'paper')} of them have no place on the map yet."]
    return [] if found.total or asked.notes else ["No papers here: choose another day, or other words."]


def _regions(
    library: Library, found: Atlas, asked: Asked, lists: Sequence[tuple[int, list[int]]], room: int
) -> list[MapRegion]:
    """The regions with as many papers as there is room for, shared evenly among them."""
    papers = {paper.number: paper for paper in library.numbered([one for _, own in lists for one in own])}
    links = {number: Link(cards.path(paper.id), _title(paper)) for number, paper in papers.items()}
    room -= _SECTION * len(lists)
    shown: dict[int, list[Link]] = {region: [] for region, _ in lists}
    for place in range(max((len(own) for _, own in lists), default=0)):
        for region, own in lists:
            if place < len(own) and own[place] in links:
                link = links[own[place]]
                room -= _ROW + len(escape(link.href + link.text).encode())
                if room < 0:
                    break
                shown[region].append(link)
    colours, names = _colours(found.regions), _names(found.regions)
    rows = []
    for region, links_of in shown.items():
        one = found.regions[region]
        whole = Link(
            "/map?" + urlencode({**asked.fields(), "region": str(region + 1)}), f"All {one.count:,} of this cluster"
        )
        rows.append(
            MapRegion(
                region,
                names[region],
                colours[region],
                said.count(one.count, "paper"),
                one.x,
                one.y,
                links_of,
                whole if len(lists) > 1 and len(links_of) < one.count else None,
            )
        )
    return rows


def _names(regions: Sequence[Region]) -> list[str]:
    """What the regions are called, each in its own way."""
    names: list[str] = []
    called = Counter[str]()
    for one in regions:
        name = ", ".join(one.words) or "Of many kinds"
        called[name] += 1
        names.append(name if called[name] == 1 else f"{name} ({called[name]})")
    return names


def _colours(regions: Sequence[Region]) -> list[int]:
    """A colour for each region: the one whose nearest bearer so far is farthest away."""
    chosen: list[int] = []
    for one in regions:
        near = {
            colour: min(
                (
                    (one.x - other.x) ** 2 + (one.y - other.y) ** 2
                    for other, own in zip(regions, chosen, strict=False)
                    if own == colour
                ),
                default=float("inf"),
            )
            for colour in range(1, COLOURS + 1)
        }
        chosen.append(max(near, key=lambda colour: (near[colour], -colour)))
    return chosen


def _chosen(request: Request, found: Atlas) -> int | None:
    """The one region whose papers are asked for, counted from 1 in addresses."""
    asked = request.query_params.get("region", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 4):
        return None
    return int(asked) - 1 if 1 <= int(asked) <= len(found.regions) else None


def _heading(asked: Asked, found: Atlas) -> str:
    if asked.span:
        return said.span(asked.span, found.key, found.first, found.last)[0]
    return ", ".join(filter(None, (asked.query, asked.year)))


def _list(asked: Asked, found: Atlas) -> Link:
    if asked.span:
        return Link(editions.address(asked.span, found.key), "The edition, with abstracts")
    years = {"since": asked.year, "until": asked.year} if asked.year else {}
    return Link(cards.searching(q=asked.query, **years), "The same papers as a search")


def _title(paper: Paper) -> str:
    return tex.clean(tex.plain(paper.title)) or paper.id
