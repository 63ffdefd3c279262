"""Vectors made in a second process (`beside`), while this one writes words.

    python -m broadsheet.search.encoding

The process has the shipped encoder and says its fingerprint. If it cannot be started, or breaks, vectors are made here.
"""

import json
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np

from broadsheet.search.beside import Beside, serve
from broadsheet.search.encoder import Encoder, StaticEncoder, Vectors, paper_vectors


class Encoding:
    """Makes papers' vectors, in another process where that is possible. Close it when done."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        module = "broadsheet.search.encoding"
        self.beside = Beside(module, encoder.fingerprint) if isinstance(encoder, StaticEncoder) else None
        # The one thread that waits for the other process.
        self._waiting = ThreadPoolExecutor(1, "encoding")

    def vectors(self, titles: Sequence[str], texts: Sequence[str]) -> Future[Vectors]:
        """The vectors of papers, in time; see `encoder.paper_vectors`."""
        return self._waiting.submit(self._made, titles, texts)

    def close(self) -> None:
        """Ends the other process."""
        self._waiting.shutdown(cancel_futures=True)
        if self.beside:
            self.beside.close()

    def _made(self, titles: Sequence[str], texts: Sequence[str]) -> Vectors:
        answer = self.beside.ask(json.dumps([titles, texts]).encode()) if self.beside else None
        if answer is None:
            return paper_vectors(self._encoder, titles, texts)
        return np.frombuffer(answer, dtype=np.float32).reshape(len(titles), self._encoder.dimensions)


def main() -> None:
    """What the second process does."""
    encoder = StaticEncoder.load()
    serve(encoder.fingerprint, lambda message: paper_vectors(encoder, *json.loads(message)).tobytes())


if __name__ == "__main__":
    main()
