"""Works as indexes name them that say what cites what."""

from collections.abc import Iterable

from broadsheet import ids
from broadsheet.sources.text import line
from broadsheet.types import Work

MOST = 200
"""Works of one list that are taken in: a reader looks at fewer, and a survey cites thousands."""

# Of several names of a work the one that papers here most likely have.
_BEST = ("arxiv", "doi", "acl", "openreview", "pmcid", "pmid", "s2", "openalex")
_LONGEST = 300  # characters of a title
_YEARS = range(1000, 3000)


def work(names: Iterable[str], title: object = None, year: object = None) -> Work | None:
    """A work by the best of its names, each spelt as anybody does; None where none of them is one that we know."""
    found = [name for text in names for name in ids.identifiers(text) if name.scheme in _BEST]
    if not found:
        return None
    best = min(found, key=lambda name: _BEST.index(name.scheme))
    words = line(title) if isinstance(title, str) else ""
    words = words if len(words) <= _LONGEST else words[: _LONGEST - 1].rstrip() + "\u2026"
    known = isinstance(year, int) and not isinstance(year, bool) and year in _YEARS
    return Work(best, words, str(year) if known else "")
