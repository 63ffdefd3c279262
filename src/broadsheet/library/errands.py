"""What nobody waits for: letters, and notes of when somebody was last seen. One thread does it, in order.

Whoever asks for a letter must get the answer as fast where one is sent as where none is: a mail server's seconds would
tell who has an account. And a page that is only read must not wait for the write lock.
"""

import contextlib
import logging
import queue
import threading
from collections.abc import Callable

from broadsheet.errors import BroadsheetError

log = logging.getLogger("broadsheet.errands")
MOST = 1_000  # that wait; more are dropped, and said to be
PATIENCE = 10.0  # seconds that those which wait may still take when the place closes

Errand = Callable[[], object]


class Errands:
    """Errands, each done once, in their order. The thread begins with the first of them."""

    def __init__(self) -> None:
        self._waiting: queue.Queue[tuple[str, Errand] | None] = queue.Queue(MOST)
        self._thread: threading.Thread | None = None
        self._begin = threading.Lock()
        self._once: set[str] = set()

    def add(self, what: str, errand: Errand) -> None:
        """Lets an errand be done soon. `what` names it in the log, should it fail; it holds no secret."""
        with self._begin:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="errands", daemon=True)
                self._thread.start()
        try:
            self._waiting.put_nowait((what, errand))
        except queue.Full:
            self._once.discard(what)
            log.warning("%s: too much to do, left out", what)

    def add_once(self, what: str, errand: Errand) -> None:
        """As `add`, unless one of this name waits already."""
        with self._begin:
            if what in self._once:
                return
            self._once.add(what)
        self.add(what, errand)

    def wait(self) -> None:
        """Returns when all that were added before are done."""
        self._waiting.join()

    def close(self) -> None:
        """Does what waits, as far as patience goes."""
        with self._begin:
            thread, self._thread = self._thread, None
        if thread is not None:
            with contextlib.suppress(queue.Full):  # the thread ends with its process then
                self._waiting.put(None, timeout=PATIENCE)
                thread.join(PATIENCE)

    def _work(self) -> None:
        while True:
            found = self._waiting.get()
            try:
                if found is None:
                    return
                self._once.discard(found[0])
                _do(*found)
            finally:
                self._waiting.task_done()


def _do(what: str, errand: Errand) -> None:
    try:
        errand()
    except BroadsheetError as error:
        log.warning("%s: %s", what, error)
    except Exception as error:  # noqa: BLE001 - the next errand is somebody else's; a traceback could hold a secret
        log.error("%s: %s", what, type(error).__name__)  # noqa: TRY400
