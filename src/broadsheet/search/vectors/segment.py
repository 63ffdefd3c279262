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

The file begins with the length of a JSON header (8 bytes) and the header, which says where each of these arrays
lies, and ends with the BLAKE2 hash of all before. It is mapped into memory: a page is read when it is first needed,
and may be dropped again.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from broadsheet.errors import Damaged
from broadsheet.search.vectors.codes import Codes, Signs, Vectors

Numbers = npt.NDArray[np.uint32]
Days = npt.NDArray[np.int32]
Places = npt.NDArray[np.int64]

_ALIGNED = 64
_CHUNK = 1 << 20


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
        # A plain view of the file: numpy's memmap is slow to cut into pieces.
        content = np.asarray(np.memmap(path, np.uint8, "r"))
        header, at = _header(content)
        parts: dict[str, Any] = {}
        for name, (kind, shape) in header["parts"].items():
            size = np.dtype(kind).itemsize * int(np.prod(shape, dtype=np.int64))
            parts[name] = content[at : at + size].view(kind).reshape(shape)
            at = _aligned(at + size)
        segment = Segment(path.name, int(header["trained"]), tuple(header["categories"]), **parts)
    except FileNotFoundError:
        raise
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Damaged(f"A part of the vector index cannot be read: {error}.") from error
    problem = "its end is missing" if len(content) != at + _hash().digest_size else _misfit(segment)
    if problem:
        raise Damaged(f"The part {path.name} of the vector index is damaged: {problem}.")
    return segment


def intact(path: Path) -> bool:
    """Reads all of a segment: whether it is what was written. Raises OSError."""
    digest = _hash()
    left = path.stat().st_size - digest.digest_size
    with path.open("rb") as file:
        while chunk := file.read(min(_CHUNK, max(0, left))):
            digest.update(chunk)
            left -= len(chunk)
        return file.read() == digest.digest()


def write(
    path: Path, arrays: Mapping[str, npt.NDArray[Any]], codes: Iterable[Codes], *, trained: int, categories: list[str]
) -> None:
    """Writes a segment, its codes block by block, and sees that its content is on the disk. Raises OSError."""
    shapes = {name: (array.dtype.str, array.shape) for name, array in arrays.items()}
    shapes["codes"] = ("|i1", (len(arrays["numbers"]), arrays["centres"].shape[1]))
    text = json.dumps({"trained": trained, "categories": categories, "parts": shapes}).encode()
    digest = _hash()
    with path.open("wb") as file:

        def put(content: bytes | memoryview) -> None:
            file.write(content)
            digest.update(content)

        def fill() -> None:
            put(bytes(_aligned(file.tell()) - file.tell()))

        put(len(text).to_bytes(8, "little") + text)
        fill()
        for array in arrays.values():
            put(array.tobytes())
            fill()
        for block in codes:
            put(block.tobytes())
        fill()
        file.write(digest.digest())
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder durable, where the system can."""
    if os.name == "nt":  # Windows cannot sync a folder, and need not
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def membership(numbers: Numbers, categories: Iterable[Iterable[str]]) -> tuple[list[str], Numbers, Places]:
    """The papers of each category and of each archive ("cs" of "cs.LG"): `categories`, `members`, `ends`."""
    papers: dict[str, list[int]] = {}
    for number, codes in zip(numbers.tolist(), categories, strict=True):
        for name in {*codes, *(code.partition(".")[0] for code in codes)}:
            papers.setdefault(name, []).append(number)
    names = sorted(papers)
    members = np.array([number for name in names for number in papers[name]], dtype=np.uint32)
    return names, members, np.cumsum([len(papers[name]) for name in names], dtype=np.int64)


def _hash() -> "hashlib.blake2b":
    return hashlib.blake2b(digest_size=16)


def _aligned(place: int) -> int:
    return -(-place // _ALIGNED) * _ALIGNED


def _header(content: npt.NDArray[np.uint8]) -> tuple[dict[str, Any], int]:
    """The header, and where the first array begins."""
    length = int.from_bytes(content[:8].tobytes(), "little")
    return json.loads(content[8 : 8 + length].tobytes()), _aligned(8 + length)


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
