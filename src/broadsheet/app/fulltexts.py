"""Full texts, asked of arXiv: one at a time, behind the gate of all that is asked there, and with little patience.

Who asks waits some seconds at most. What comes later is kept by then for who asks again.
"""

import threading
from concurrent.futures import Future
from urllib.parse import quote

from broadsheet.app.sources import agent
from broadsheet.config import Settings
from broadsheet.errors import Unavailable
from broadsheet.fetching import Client, Gate
from broadsheet.library import Library
from broadsheet.types import FullText

PATIENCE = 8.0  # seconds that somebody waits
AT_ONCE = 8  # texts that are waited for; more must come later
LARGEST = 16 << 20  # bytes of a page
TIMEOUT = 10.0  # seconds for each step of an exchange
_NONE = (404, 410)


class Reader:
    """Fetches full texts for a library: many may ask for one and the same at once."""

    def __init__(self, library: Library, client: Client, *, address: str, patience: float = PATIENCE) -> None:
        """`address` is the server's, below which the page of an arXiv id is at /html/."""
        self._library, self._client, self._address, self._patience = library, client, address, patience
        self._guard = threading.Lock()
        self._asked: dict[str, Future[FullText | None]] = {}

    def __call__(self, key: str) -> FullText | None:
        """The full text of a paper; None where there is none. Raises NotFound, and Unavailable: ask again later."""
        with self._guard:
            answer = self._asked.get(key)
            if answer is None:
                if len(self._asked) >= AT_ONCE:
                    raise Unavailable("Too many full texts are being fetched; ask again in a minute.", retry_after=60)
                answer = self._asked[key] = Future()
                # A daemon: a process that ends does not wait for arXiv.
                threading.Thread(target=self._read, args=(key, answer), name="full-text", daemon=True).start()
        try:
            return answer.result(self._patience)
        except TimeoutError:
            raise Unavailable("The full text is being fetched; ask again in a minute.", retry_after=60) from None

    def _read(self, key: str, answer: "Future[FullText | None]") -> None:
        try:
            answer.set_result(self._library.full_text(key, fetch=self._page))
        except BaseException as error:  # noqa: BLE001 - raised where the answer is waited for
            answer.set_exception(error)
        finally:
            with self._guard:
                self._asked.pop(key, None)

    def _page(self, arxiv: str) -> tuple[str, bytes] | None:
        address = f"{self._address}/html/{quote(arxiv)}"
        found = self._client.get(address, max_bytes=LARGEST, accept_status=_NONE)
        return None if found.status in _NONE else (found.url, found.body)


def reader(library: Library, settings: Settings) -> Reader:
    """What fetches full texts, as settings say."""
    client = Client(
        agent=agent(settings),
        gate=Gate(settings.home / "gates", settings.number("arxiv_pause")),
        allow_private="arxiv-html" in settings.words("private_sources"),
        tries=2,
        timeout=TIMEOUT,
    )
    return Reader(library, client, address=settings.text("arxiv_html_address").rstrip("/"))
