"""The map: papers as points in the plane, and the regions they fall in."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Region:
    """A cluster of points: the words that tell its titles from the others', how many it has, and its middle."""

    words: Sequence[str]
    count: int
    x: int
    y: int


@dataclass(slots=True)
class Atlas:
    """Papers by number in their order (of an edition, or the newest first), where they stand, and in which region.

    The four arrays run side by side: numbers are 32 bits, places from 0 to 65,535 on both axes (16 bits, y downwards),
    regions 8 bits, the largest region being 0. `total` counts the papers asked for; those of them that have no place
    are not in the arrays. `first` and `last` are the days of an edition. `drawn` says that there is a map at all.
    """

    total: int
    numbers: "array[int]" = field(default_factory=lambda: array("I"))
    x: "array[int]" = field(default_factory=lambda: array("H"))
    y: "array[int]" = field(default_factory=lambda: array("H"))
    region: "array[int]" = field(default_factory=lambda: array("B"))
    regions: Sequence[Region] = ()
    key: str = ""
    first: str = ""
    last: str = ""
    drawn: bool = True

    def of(self, region: int) -> list[int]:
        """The papers of a region, by number, in their order."""
        return [number for number, own in zip(self.numbers, self.region, strict=True) if own == region]
