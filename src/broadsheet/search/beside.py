"""A second process for work that needs no more than text: on two cores an index is built in half the time.

It reads messages from its standard input and answers each on its standard output, every message after its length in
8 bytes; first of all it says who it is. Nothing but text and numbers crosses. It ends with its input.
"""

import logging
import struct
import subprocess
import sys
from collections.abc import Callable
from typing import IO

MANY = 20_000  # changes: from here on a second process is worth its start
PENDING = 4  # batches that wait for what it makes
log = logging.getLogger("broadsheet")
_LENGTH = struct.Struct("<Q")


class Beside:
    """A process that runs one of our modules (`serve`). `process` is None where it does not start or broke off."""

    def __init__(self, module: str, greeting: str) -> None:
        self.process = _started(module, greeting)

    def ask(self, message: bytes) -> bytes | None:
        """What it answers; None if it cannot: then the work is to be done here."""
        process = self.process
        if process and process.stdin and process.stdout:
            try:
                _send(process.stdin, message)
                return _receive(process.stdout)
            except (OSError, ValueError) as error:
                log.warning("a process that helps with the index broke off, so its work is done here: %s", error)
                self.close()
        return None

    def close(self) -> None:
        """Ends the process."""
        process, self.process = self.process, None
        if process:
            process.kill()
            process.communicate()


def serve(greeting: str, answer: Callable[[bytes], bytes]) -> None:
    """What the second process does, until its input ends."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    _send(sink, greeting.encode())
    while True:
        try:
            message = _receive(source)
        except (ValueError, KeyboardInterrupt):
            return
        _send(sink, answer(message))


def _started(module: str, greeting: str) -> subprocess.Popen[bytes] | None:
    """The other process; None if it does not start or says that it is another."""
    if not sys.executable:
        return None
    try:
        process = subprocess.Popen(  # noqa: S603  our own module
            [sys.executable, "-m", module], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    except OSError:
        return None
    try:
        if process.stdout and _receive(process.stdout).decode() == greeting:
            return process
    except (OSError, ValueError):
        pass
    process.kill()
    process.communicate()
    return None


def _send(pipe: IO[bytes], message: bytes) -> None:
    left = memoryview(_LENGTH.pack(len(message)) + message)
    while left:  # with PYTHONUNBUFFERED a process that was stopped and goes on writes less than it was given
        left = left[pipe.write(left) :]
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
