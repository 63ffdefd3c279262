"""Arrays of numbers in one file that never changes once it is written: what segments are made of.

The file begins with the length of a JSON header (8 bytes) and the header, which says where each array lies and what
else there is to know, and ends with the BLAKE2 hash of all before. It is mapped into memory: a page of it is read when
it is first needed, and may be dropped again.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from broadsheet.search.mapped import FILES

Array = npt.NDArray[Any]
_ALIGNED = 64
_KINDS = frozenset(
    kind for size in "1248" for kind in (f"<i{size}", f"<u{size}", f"<f{size}", f"|i{size}", f"|u{size}", f"|b{size}")
)
_CHUNK = 1 << 20


class Streamed(NamedTuple):
    """An array that is too large to be in memory at once: block after block, together of this kind and shape."""

    kind: str
    shape: tuple[int, ...]
    blocks: Iterable[Array]


def read(path: Path) -> tuple[dict[str, Any], dict[str, Array]]:
    """What the header says besides, and the arrays by name. Raises FileNotFoundError, OSError, ValueError, KeyError,
    TypeError: then it is not what `write` wrote.
    """
    content = FILES.mapped(path)
    length = int.from_bytes(content[:8].tobytes(), "little")
    header, at = json.loads(content[8 : 8 + length].tobytes()), _aligned(8 + length)
    parts: dict[str, Array] = {}
    for name, (kind, shape) in header.pop("parts").items():
        if kind not in _KINDS:
            raise ValueError(f"it holds numbers of the kind {kind!r}")
        size = np.dtype(kind).itemsize * int(np.prod(shape, dtype=np.int64))
        parts[name] = content[at : at + size].view(kind).reshape(shape)
        at = _aligned(at + size)
    if len(content) != at + _hash().digest_size:
        raise ValueError("its end is missing")
    return header, parts


def intact(path: Path) -> bool:
    """Reads all of a file: whether it is what was written. Raises OSError."""
    digest = _hash()
    left = path.stat().st_size - digest.digest_size
    with path.open("rb") as file:
        while chunk := file.read(min(_CHUNK, max(0, left))):
            digest.update(chunk)
            left -= len(chunk)
        return file.read() == digest.digest()


def write(path: Path, header: Mapping[str, Any], arrays: Mapping[str, Array | Streamed]) -> None:
    """Writes a file, one array after the other, and sees that its content is on the disk. Raises OSError."""
    shapes = {
        name: (array.kind if isinstance(array, Streamed) else array.dtype.str, array.shape)
        for name, array in arrays.items()
    }
    text = json.dumps({**header, "parts": shapes}).encode()
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
            for block in array.blocks if isinstance(array, Streamed) else (array,):
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


def _hash() -> "hashlib.blake2b":
    return hashlib.blake2b(digest_size=16)


def _aligned(place: int) -> int:
    return -(-place // _ALIGNED) * _ALIGNED
