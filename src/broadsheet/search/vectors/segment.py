"""A segment: some vectors in a file that never changes once it is written.

    numbers    uint32 (n)          the papers' numbers, each at most once
    scales     float32 (n)         see `codes`
    signs      uint64 (d/64, n)    see `codes`
    days       int32 (n)           the papers' days
    starts     int64 (lists + 1)   rows starts[l] to starts[l + 1] are list l
    centres    float32 (lists, d)  none for a small segment, which is one list
    gone       uint32 (m)          numbers whose papers earlier segments hold, and nobody should find
    members    uint32              the numbers of each category and archive, one after the other
    ends       int64 (categories)  where each category's numbers end in `members`
    codes      int8 (n, d)         see `codes`

How they lie in the file is told in `search.arrays`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from broadsheet.errors import Damaged
from broadsheet.search import arrays
from broadsheet.search.vectors.codes import Codes, Signs, Vectors

Numbers = npt.NDArray[np.uint32]
Days = npt.NDArray[np.int32]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """A segment that was opened. `trained` is how many vectors the index had when the centres were trained."""

    name: str
    trained: int
    categories: tuple[str, ...]
    numbers: Numbers
    codes: Codes
    scales: Vectors
    signs: Signs
    days: Days
    starts: Places
    centres: Vectors
    gone: Numbers
    members: Numbers
    ends: Places

    def __len__(self) -> int:
        return len(self.numbers)

    def of_category(self, place: int) -> Numbers:
        """The numbers of the category at this place of `categories`."""
        first = int(self.ends[place - 1]) if place else 0
        return self.members[first : int(self.ends[place])]


def read(path: Path) -> Segment:
    """Opens a segment. Raises FileNotFoundError where it is gone, Damaged where it is not whole."""
    try:
        header, parts = arrays.read(path)
        segment = Segment(path.name, int(header["trained"]), tuple(header["categories"]), **parts)
    except FileNotFoundError:
        raise
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Damaged(f"A part of the vector index cannot be read: {error}.") from error
    if problem := _misfit(segment):
        raise Damaged(f"The part {path.name} of the vector index is damaged: {problem}.")
    return segment


def write(
    path: Path, parts: Mapping[str, arrays.Array], codes: Iterable[Codes], *, trained: int, categories: list[str]
) -> None:
    """Writes a segment, its codes block by block, and sees that its content is on the disk. Raises OSError."""
    streamed = arrays.Streamed("|i1", (len(parts["numbers"]), parts["centres"].shape[1]), codes)
    arrays.write(path, {"trained": trained, "categories": categories}, {**parts, "codes": streamed})


def membership(numbers: Numbers, categories: Iterable[Iterable[str]]) -> tuple[list[str], Numbers, Places]:
    """The papers of each category and of each archive ("cs" of "cs.LG"): `categories`, `members`, `ends`."""
    papers: dict[str, list[int]] = {}
    for number, codes in zip(numbers.tolist(), categories, strict=True):
        for name in {*codes, *(code.partition(".")[0] for code in codes)}:
            papers.setdefault(name, []).append(number)
    names = sorted(papers)
    members = np.array([number for name in names for number in papers[name]], dtype=np.uint32)
    return names, members, np.cumsum([len(papers[name]) for name in names], dtype=np.int64)


def _misfit(segment: Segment) -> str:
    """What does not fit together, if anything."""
    rows, lists = len(segment), len(segment.starts) - 1
    dimensions = segment.codes.shape[-1]
    expected: dict[str, tuple[int, ...]] = {
        "codes": (rows, dimensions),
        "scales": (rows,),
        "signs": (-(-dimensions // 64), rows),
        "days": (rows,),
        "centres": (lists if lists > 1 else len(segment.centres), dimensions),
        "ends": (len(segment.categories),),
    }
    for part, shape in expected.items():
        if getattr(segment, part).shape != shape:
            return f"its {part} have the wrong size"
    if lists < 1 or segment.starts[0] != 0 or segment.starts[-1] != rows or (np.diff(segment.starts) < 0).any():
        return "its lists do not cover its rows"
    return ""
