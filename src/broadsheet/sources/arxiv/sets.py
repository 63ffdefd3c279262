"""Which sets of arXiv's OAI-PMH server hold a category: "cs.LG" -> "cs:cs:LG", "hep-th" -> "physics:hep-th".

Several categories are harvested
set after set: a paper in two of them comes twice, but papers have 2.0 categories on average, so that costs less than
the smallest set that has all of them (one group, or everything) unless most of it was asked for, and needs no filter.
"""

from collections.abc import Iterable

from broadsheet import ids
from broadsheet.ids.categories import ALIASES
from broadsheet.ids.sets import set_of

EVERYTHING = ""


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
        chosen.append(set_of(category))
    return chosen
