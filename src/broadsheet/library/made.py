"""What was made already, as long as it is what would be made again."""

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class Made(Generic[Answer]):
    """The latest answers by what makes them. One is made at a time, and nobody makes the same twice."""

    def __init__(self, most: int) -> None:
        """`most` answers are kept: who asks knows what each takes."""
        self._kept: dict[Hashable, Answer] = {}
        self._most = most
        self._lock = threading.Lock()

    def of(self, state: Hashable, make: Callable[[], Answer]) -> Answer:
        """The answer of this state, made if it is not here."""
        with self._lock:
            found = self._kept.pop(state) if state in self._kept else make()
            self._kept[state] = found
            while len(self._kept) > self._most:
                del self._kept[next(iter(self._kept))]
        return found
