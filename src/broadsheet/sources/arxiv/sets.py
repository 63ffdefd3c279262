"""Which sets of arXiv's OAI-PMH server hold a category: "cs.LG" -> "cs:cs:LG", "hep-th" -> "physics:hep-th".

Sets are written group:archive or group:archive:CATEGORY, and hold cross-lists too. Several categories are harvested
set after set: a paper in two of them comes twice, but papers have 2.0 categories on average, so that costs less than
the smallest set that has all of them (one group, or everything) unless most of it was asked for, and needs no filter.
"""

from collections.abc import Iterable

from broadsheet import ids
from broadsheet.ids.categories import ALIASES, ARCHIVES

EVERYTHING = ""
_OWN_GROUP = frozenset({"cs", "econ", "eess", "math", "q-bio", "q-fin", "stat"})  # all others are physics


def sets_of(categories: Iterable[str]) -> list[str]:
    """The sets that together hold all papers of these categories, each paper as seldom as can be.

    No categories at all are everything. An archive ("math") is one set; its categories need none of their own then,
    and of two names of one category (cs.NA and math.NA) one will do.
    """
    wanted = dict.fromkeys(filter(None, map(ids.category, categories)))
    if not wanted:
        return [EVERYTHING]
    chosen = []
    for category in wanted:
        archive, _, part = category.partition(".")
        if part and (archive in wanted or ALIASES.get(category) in wanted):
            continue
        chosen.append(_set(archive, part))
    return chosen


def _set(archive: str, part: str) -> str:
    successor = ALIASES.get(archive, archive).partition(".")[0]  # old archives: alg-geom became math.AG
    group = successor if successor in _OWN_GROUP or successor not in ARCHIVES else "physics"
    return f"{group}:{archive}:{part}" if part else f"{group}:{archive}"
