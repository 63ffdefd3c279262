"""tantivy's failures as our errors. A damaged file can make Rust panic, and pyo3's panic is no `Exception`."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from broadsheet.errors import BroadsheetError, Busy, Damaged, StorageFull

_MINE = (BroadsheetError, KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError)
_FULL = ("No space left", f"os error {errno.ENOSPC}", f"os error {errno.EDQUOT}")


@contextmanager
def engine_errors() -> Iterator[None]:
    """Around calls of tantivy and nothing else: raises Busy, StorageFull or Damaged for whatever they raise."""
    try:
        yield
    except _MINE:
        raise
    except BaseException as error:
        said = str(error)
        if "LockBusy" in said:
            raise Busy("Another process is writing the search index; it will be up to date soon.") from error
        if any(words in said for words in _FULL) or getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull("There is no space left for the search index. Free some and try again.") from error
        raise Damaged(
            f"The search index cannot be used: {said.splitlines()[0] if said else type(error).__name__}"
        ) from error


@contextmanager
def kept_small() -> Iterator[None]:
    """Bounds how much of the index is in memory after the block; see `mapped`."""
    try:
        yield
    finally:
        from broadsheet.search import mapped  # noqa: PLC0415  numpy: when used

        mapped.FILES.keep_below(mapped.MOST)
