"""The map."""

from collections.abc import Sequence
from dataclasses import dataclass

from broadsheet.web.contexts.frame import Frame, Link, Pager, Tab


@dataclass(slots=True)
class MapRegion:
    """A cluster: its name, colour (1 to 6) and middle, and the papers of it that are listed.

    `all` leads to the list of all its papers, where only some are here.
    """

    number: int
    name: str
    colour: int
    count: str
    x: int
    y: int
    papers: Sequence[Link]
    all: Link | None


@dataclass(slots=True)
class MapPage:
    """map.html: points for map.js, and the same papers as a list. `points` is where they come from, "" for none."""

    frame: Frame
    heading: str
    count: str
    tabs: Sequence[Tab]
    query: str
    year: str
    notes: Sequence[str]
    points: str
    list: Link
    regions: Sequence[MapRegion]
    back: Link | None
    pager: Pager
