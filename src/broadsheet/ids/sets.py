"""Sets of arXiv's OAI-PMH interface: "cs.LG" is in "cs:cs:LG", "hep-th" in "physics:hep-th".

Sets are written group:archive or group:archive:CATEGORY, and hold cross-lists too. A group is a set of its own, with
all of its archives.
"""

from broadsheet.ids.categories import ALIASES, ARCHIVES, category

_OWN_GROUP = frozenset({"cs", "econ", "eess", "math", "q-bio", "q-fin", "stat"})  # all others are physics
PHYSICS = "physics"


def group_of(archive: str) -> str:
    """The group of an archive; old archives are in that of their successor (alg-geom became math.AG)."""
    successor = ALIASES.get(archive, archive).partition(".")[0]
    return successor if successor in _OWN_GROUP or successor not in ARCHIVES else PHYSICS


def set_of(code: str) -> str:
    """The set of a category or an archive."""
    archive, _, part = code.partition(".")
    group = group_of(archive)
    return f"{group}:{archive}:{part}" if part else f"{group}:{archive}"


def codes_of(name: str) -> tuple[str, ...] | None:
    """The categories and archives that a set holds; an archive stands for all that is in it. None for no set."""
    group, _, rest = name.partition(":")
    if not rest:
        archives = tuple(one for one in ARCHIVES if group_of(one) == group)
        return archives or None
    code = rest.replace(":", ".", 1)
    return (code,) if category(code) == code and set_of(code) == name else None
