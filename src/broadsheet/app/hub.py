"""Telling a hub which feeds have something new, so that it hands them on at once (WebSub).

What was told is remembered in a file of the home folder. Without the file nothing is known to be new: the hub is told
from the next change on. A hub that does not answer is told again at the next run.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from broadsheet.app.sources import agent
from broadsheet.config import Settings
from broadsheet.errors import BroadsheetError, Unavailable
from broadsheet.feeds import News
from broadsheet.fetching import Client, Gate

FILE = "websub.json"
_PAUSE = 0.2  # seconds between two addresses that the hub is told of
_PATIENCE = 10.0  # seconds for each step of an exchange


@contextmanager
def client(settings: Settings, *, sleep: Callable[[float], None]) -> Iterator[Client]:
    """What asks the hub; at an address inside this network only where settings allow that."""
    with Client(
        agent=agent(settings),
        gate=Gate(settings.home / "gates", _PAUSE, sleep=sleep),
        allow_private="websub" in settings.words("private_sources"),
        timeout=_PATIENCE,
        tries=2,
        sleep=sleep,
    ) as made:
        yield made


def tell(hub: str, news: list[News], home: Path, client: Client, *, stop: Callable[[], bool]) -> int:
    """Tells a hub of the feeds that are not as they were, and says of how many.

    Raises Unavailable where it did not take them all; the others are told at the next run.
    """
    known, failed = _read(home / FILE), ""
    told = 0
    now = {} if known is None else dict(known)
    for address, mark in news:
        if stop():
            break
        if known is None or address not in known:
            now[address] = mark
        elif known[address] != mark:
            try:
                client.post(hub, data={"hub.mode": "publish", "hub.url": address}, max_bytes=10_000)
            except Unavailable as error:
                failed = str(error)
                break
            except BroadsheetError as error:  # it does not want this one
                failed = failed or str(error)
                continue
            now[address] = mark
            told += 1
    wanted = {address for address, _ in news}
    _write(home / FILE, {address: mark for address, mark in now.items() if address in wanted})
    if failed:
        raise Unavailable(f"{told:,} feeds told, then: {failed}")
    return told


def _read(path: Path) -> dict[str, str] | None:
    """What was told; None where nothing is known of it."""
    try:
        found = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else None


def _write(path: Path, marks: dict[str, str]) -> None:
    made = path.with_suffix(f".{os.getpid()}")
    made.write_text(json.dumps(marks, indent=0, sort_keys=True), "utf-8")
    made.replace(path)
