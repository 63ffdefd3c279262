"""A second process that makes vectors while this one writes words: on two cores an index is built in half the time.

    python -m broadsheet.search.encoding

It reads batches of titles and texts from its standard input and writes their vectors to its standard output, each
after its length in 8 bytes; first of all it writes the fingerprint of its encoder, which is the shipped one. Nothing
but text and numbers crosses. It ends with its input. If it cannot be started, or breaks, the work is done here.
"""

import json
import logging
import struct
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import IO

import numpy as np

from broadsheet.search.encoder import Encoder, StaticEncoder, Vectors, paper_vectors

log = logging.getLogger("broadsheet")
_LENGTH = struct.Struct("<Q")


class Encoding:
    """Makes papers' vectors, in another process where that is possible. Close it when done."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.process = _started(encoder)
        # The one thread that waits for the other process.
        self._waiting = ThreadPoolExecutor(1, "encoding")

    def vectors(self, titles: Sequence[str], texts: Sequence[str]) -> Future[Vectors]:
        """The vectors of papers, in time; see `encoder.paper_vectors`."""
        return self._waiting.submit(self._made, titles, texts)

    def close(self) -> None:
        """Ends the other process."""
        self._waiting.shutdown(cancel_futures=True)
        if self.process:
            self.process.kill()
            self.process.communicate()

    def _made(self, titles: Sequence[str], texts: Sequence[str]) -> Vectors:
        process = self.process
        if process and process.stdin and process.stdout:
            try:
                _send(process.stdin, json.dumps([titles, texts]).encode())
                answer = _receive(process.stdout)
                return np.frombuffer(answer, dtype=np.float32).reshape(len(titles), self._encoder.dimensions)
            except (OSError, ValueError) as error:
                log.warning("the encoding process broke off, so vectors are made here: %s", error)
                self.process = None
                process.kill()
                process.communicate()
        return paper_vectors(self._encoder, titles, texts)


def _started(encoder: Encoder) -> subprocess.Popen[bytes] | None:
    """The other process; None if it does not start or has another encoder."""
    if not isinstance(encoder, StaticEncoder) or not sys.executable:
        return None
    try:
        process = subprocess.Popen(  # noqa: S603  our own module
            [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    except OSError:
        return None
    try:
        if process.stdout and _receive(process.stdout).decode() == encoder.fingerprint:
            return process
    except (OSError, ValueError):
        pass
    process.kill()
    process.communicate()
    return None


def _send(pipe: IO[bytes], message: bytes) -> None:
    pipe.write(_LENGTH.pack(len(message)) + message)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> bytes:
    """The next message. Raises ValueError at the end."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise ValueError("it ended")
    (size,) = _LENGTH.unpack(head)
    message = pipe.read(size)
    if len(message) < size:
        raise ValueError("it ended in the middle of an answer")
    return message


def main() -> None:
    """What the second process does."""
    encoder = StaticEncoder.load()
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    _send(sink, encoder.fingerprint.encode())
    while True:
        try:
            titles, texts = json.loads(_receive(source))
        except (ValueError, KeyboardInterrupt):
            return
        _send(sink, paper_vectors(encoder, titles, texts).tobytes())


if __name__ == "__main__":
    main()
