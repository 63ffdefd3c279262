"""A segment: some vectors in a folder of files that never change once they are written.

    segment.json    what follows, and the BLAKE2 hash of each file
    numbers.npy     uint32 (n)          the papers' numbers, each at most once
    codes.npy       int8 (n, d)         see `codes`
    scales.npy      float32 (n)
    signs.npy       uint64 (d/64, n)
    days.npy        int32 (n)           the papers' days
    starts.npy      int64 (lists + 1)   rows starts[l] to starts[l + 1] are list l
    centres.npy     float32 (lists, d)  none for a small segment, which is one list
    gone.npy        uint32 (m)          numbers whose papers earlier segments hold, and nobody should find
    members.npy     uint32              the numbers of each category and archive, one after the other
    ends.npy        int64 (categories)  where each category's numbers end in `members`

The files are mapped into memory: a page of them is read when it is first needed, and may be dropped again.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
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

CARD = "segment.json"
_PARTS = ("numbers", "codes", "scales", "signs", "days", "starts", "centres", "gone", "members", "ends")
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


def read(folder: Path) -> Segment:
    """Opens a segment. Raises FileNotFoundError where it is gone, Damaged where it is not whole."""
    try:
        card = json.loads((folder / CARD).read_bytes())
        parts: dict[str, Any] = {part: _map(folder / f"{part}.npy") for part in _PARTS}
        segment = Segment(folder.name, int(card["trained"]), tuple(card["categories"]), **parts)
    except FileNotFoundError:
        raise
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Damaged(f"A part of the vector index cannot be read: {error}.") from error
    if problem := _shapes(segment):
        raise Damaged(f"A part of the vector index is damaged: {problem}.")
    return segment


def check(folder: Path) -> str:
    """Reads all files of a segment: what is wrong with them, or nothing. Raises OSError, ValueError, KeyError."""
    for name, digest in json.loads((folder / CARD).read_bytes())["files"].items():
        with (folder / name).open("rb") as file:
            if hashlib.file_digest(file, _hash).hexdigest() != digest:
                return f"{folder.name}/{name} is not what was written"
    return ""


def write(
    folder: Path, arrays: Mapping[str, npt.NDArray[Any]], codes: Iterable[Codes], *, trained: int, categories: list[str]
) -> None:
    """Writes a segment, its codes block by block, and sees that it is on the disk. Raises OSError."""
    folder.mkdir(parents=True)
    rows, dimensions = len(arrays["numbers"]), arrays["centres"].shape[1]
    files = {f"{part}.npy": _save(folder / f"{part}.npy", array.dtype, array.shape, [array])
             for part, array in arrays.items()}  # fmt: skip
    files["codes.npy"] = _save(folder / "codes.npy", np.dtype(np.int8), (rows, dimensions), codes)
    card = {"trained": trained, "categories": categories, "files": files}
    with (folder / CARD).open("w", encoding="utf-8") as file:
        json.dump(card, file)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(folder)


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
        for code in {name for code in codes for name in (code, code.partition(".")[0])}:
            papers.setdefault(code, []).append(number)
    names = sorted(papers)
    members = np.array([number for name in names for number in papers[name]], dtype=np.uint32)
    return names, members, np.cumsum([len(papers[name]) for name in names], dtype=np.int64)


def _hash() -> Any:
    return hashlib.blake2b(digest_size=16)


def _save(path: Path, dtype: np.dtype[Any], shape: tuple[int, ...], blocks: Iterable[npt.NDArray[Any]]) -> str:
    """Writes one array, and gives the hash of its file."""
    digest = _hash()
    with path.open("w+b") as file:
        header = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(file, header)
        file.seek(0)
        digest.update(file.read())
        for block in blocks:
            # An empty array has no memory to look at.
            content = np.ascontiguousarray(block).data if block.size else b""
            file.write(content)
            digest.update(content)
        file.flush()
        os.fsync(file.fileno())
    return str(digest.hexdigest())


def _map(path: Path) -> npt.NDArray[Any]:
    """An array in a file; an empty one cannot be mapped. A plain view: numpy's memmap is slow to cut into pieces."""
    array = np.load(path, allow_pickle=False) if path.stat().st_size <= _CHUNK else np.load(path, mmap_mode="r")
    return np.asarray(array)


def _shapes(segment: Segment) -> str:
    """What does not fit together, if anything."""
    rows, lists = len(segment), len(segment.starts) - 1
    dimensions = segment.codes.shape[-1]
    expected: Iterator[tuple[str, tuple[int, ...]]] = iter(
        [
            ("codes", (rows, dimensions)),
            ("scales", (rows,)),
            ("signs", (-(-dimensions // 64), rows)),
            ("days", (rows,)),
            ("centres", (lists if lists > 1 else len(segment.centres), dimensions)),
            ("ends", (len(segment.categories),)),
        ]
    )
    for part, shape in expected:
        if getattr(segment, part).shape != shape:
            return f"{part} of {segment.name} has the wrong size"
    if lists < 1 or segment.starts[0] != 0 or segment.starts[-1] != rows or (np.diff(segment.starts) < 0).any():
        return f"the lists of {segment.name} do not cover its rows"
    return ""
