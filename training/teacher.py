"""A larger model to learn from: its vectors of words and of titles, made once and kept in a folder.

The teacher is any sentence-transformers model; the shipped encoder learned from all-MiniLM-L6-v2 (Apache-2.0;
Wang and others 2020, Reimers and Gurevych 2019). It reads some hundred titles a second, so what it said is kept
in files of `AT_ONCE` texts: a run that was stopped goes on where it was.
"""

import hashlib
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float16]

AT_ONCE = 4_096
TOGETHER = 32  # in one step of the teacher: 256 lie outside the cache, and took twice as long
MISSING = """\
The teacher {name!r} is not at hand ({error}).
Learning goes on without it, from titles and abstracts alone: the encoder will be weaker (see training/README.md).
To have it: pip install 'broadsheet[train]', and name a model of the Hugging Face hub or a folder that holds one.
"""


class Teacher:
    """A model, and the folder that keeps its vectors."""

    def __init__(self, name: str, model: Any, folder: Path) -> None:
        self.model, self.folder = model, folder
        probe = np.round(model.encode(["attention, qubits, proteins"], normalize_embeddings=True), 2) + 0.0
        self.mark = hashlib.sha256(name.encode() + probe.tobytes()).hexdigest()[:8]

    @classmethod
    def load(cls, name: str, folder: Path) -> "Teacher | None":
        """The model of this name or folder. Where there is none, says so and gives None."""
        try:
            from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - learning goes on without it

            return cls(name, SentenceTransformer(name, device="cpu"), folder)
        except (ImportError, OSError, ValueError) as error:
            print(MISSING.format(name=name, error=str(error).strip().partition("\n")[0]), flush=True)
            return None

    def vectors(self, texts: Sequence[str], what: str) -> Vectors:
        """The teacher's vectors, of unit length, one row a text."""
        self.folder.mkdir(parents=True, exist_ok=True)
        started = time.monotonic()
        parts = []
        for start in range(0, len(texts), AT_ONCE):
            some = list(texts[start : start + AT_ONCE])
            digest = hashlib.sha256("\0".join(some).encode()).hexdigest()[:16]
            path = self.folder / f"{self.mark}-{digest}.npy"
            if not path.exists():
                vectors = self.model.encode(
                    some, normalize_embeddings=True, show_progress_bar=False, batch_size=TOGETHER
                )
                half = path.with_suffix(".part")
                with half.open("wb") as file:
                    np.save(file, np.asarray(vectors, dtype=np.float16))
                half.rename(path)
                done = start + len(some)
                print(f"teacher: {done} of {len(texts)} {what}, {time.monotonic() - started:.0f} s", flush=True)
            parts.append(np.load(path))
        return np.concatenate(parts)
