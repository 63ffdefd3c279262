"""Authors' names as index terms, so that "Ada Lovelace", "Lovelace, Ada" and "A. Lovelace" meet.

A name gives its words ("ada", "king", "lovelace") and pairs of the family name with each other word and with its
initial. A pair is written in the order of the alphabet: which part is the family name differs among cultures and
sources. An initial that a source gave alone is marked with a dot, so that a query for the whole name finds it too:

    Ada King Lovelace -> ada, king, lovelace, "ada lovelace", "king lovelace", "a lovelace", "k lovelace"
    A. Lovelace       -> a, lovelace, "a lovelace", "a. lovelace"
    query Ada Lovelace -> "ada lovelace" or "a. lovelace";  query A. Lovelace -> "a lovelace"
"""

import re
from functools import lru_cache

from broadsheet.ids import title_key

_BETWEEN = re.compile(r"[\s.,]+")
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "2nd", "3rd"})
_key = lru_cache(maxsize=100_000)(title_key)  # the words of names come again and again
MOST_WORDS = 12  # of one name; more is a list that somebody wrote into one field


@lru_cache(maxsize=200_000)  # authors write more than one paper
def terms(name: str) -> frozenset[str]:
    """All terms of a name as a source gives it."""
    family, others = _parts(name)
    found = {family} if family else set()
    for other in others:
        key = _key(other)
        found |= {key, _pair(family, key), _pair(family, key[0])}
        if "-" in other:  # "Jean-Luc" has two initials
            found.update(_pair(family, part[0]) for part in map(_key, other.split("-")) if part)
        if len(key) == 1:
            found.add(_pair(family, key + "."))
    if len(others) > 1:
        found.add("".join([*map(_key, others), family]))  # a collaboration, or a query in one word
    return frozenset(found)


@lru_cache(maxsize=20_000)  # the authors of most papers are among the facets of many searches
def wanted(name: str) -> tuple[tuple[str, ...], ...]:
    """What a paper's terms must hold to match a name in a query: of each inner tuple at least one."""
    family, others = _parts(name)
    keys = list(map(_key, others))
    if not keys:
        return ((family,),) if family else ()
    return tuple(
        (_pair(family, key),) if len(key) == 1 else (_pair(family, key), _pair(family, key[0] + ".")) for key in keys
    )


def _parts(name: str) -> tuple[str, list[str]]:
    """The folded family name and the other words: the family name is last, or before a comma, and no initial."""
    family, comma, given = name.partition(",")
    if comma and not all(_key(word) in _SUFFIXES for word in given.split()):
        name = f"{given} {family}"
    words = [(word, key) for word in _BETWEEN.split(name) if (key := _key(word))][:MOST_WORDS]
    words = [(word, key) for word, key in words if key not in _SUFFIXES] or words
    if not words:
        return "", []
    at = len(words) - 1
    while at and len(words[at][1]) == 1:
        at -= 1
    if len(words[at][1]) == 1:
        at = len(words) - 1  # nothing but initials
    return words.pop(at)[1], [word for word, _ in words]


def _pair(one: str, other: str) -> str:
    return f"{one} {other}" if one <= other else f"{other} {one}"
