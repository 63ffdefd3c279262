"""A name in its parts: given, particle, family and suffix, as reference managers sort by them.

The last word is the family name, with the particles before it ("van der"), unless a comma says otherwise or the last
words are initials ("Lovelace A. K."). Of family names of several words only the last is found: no rule tells
"García Márquez" from "King Lovelace". A group of people has one name, which is never turned around.
"""

# ruff: noqa: SIM905 - tables of words read best as words
import re
from dataclasses import dataclass

from broadsheet import tex

_PARTICLES = frozenset(
    "af al av bin ibn d' da dal dalla das de degli dei del della den der des di do dos du el la las le les lo los "
    "op 't ten ter van vom von zu zum zur y e".split()
)
_SUFFIX = re.compile(r"(?:jr|sr|2nd|3rd|ii|iii|iv)\.?", re.IGNORECASE)
_GROUPS = re.compile(
    r"\b(?:alliance|collaborations?|committee|community|consortium|foundation|group|initiative|institute|labs|"
    r"network|organi[sz]ation|project|research|team|university|working group)\b|^the\b|\d",
    re.IGNORECASE,
)
_INITIALS = re.compile(r"(?:[^\W\d_]\.-?)+")


@dataclass(frozen=True, slots=True)
class Name:
    """The parts of a name as plain text. A group, or what cannot be taken apart, is all `whole` and nothing else."""

    given: str = ""
    particle: str = ""
    family: str = ""
    suffix: str = ""
    whole: str = ""


def split(name: str) -> Name:
    """The parts of a name as a source gives it: "Ada Lovelace", "Lovelace, Ada", "W. Rodrigues, Jr.", TeX or not."""
    text = " ".join(tex.plain(name).replace("\u00a0", " ").split())
    before, *after = [part.strip() for part in text.split(",")]
    suffix = next((part for part in after if _SUFFIX.fullmatch(part)), "")
    after = [part for part in after if part and part != suffix]
    if after:
        if len(after) > 1 or not before:
            return Name(whole=text)
        words = before.split()
        at = _particles(words, 0)
        return Name(after[0], " ".join(words[:at]), " ".join(words[at:]), suffix)
    words = before.split()
    if not suffix and len(words) > 2 and _SUFFIX.fullmatch(words[-1]):
        suffix = words.pop()
    if _GROUPS.search(before) or not words:
        return Name(whole=text)
    return _of(words, suffix)


def _of(words: list[str], suffix: str) -> Name:
    end = len(words)
    while end > 1 and _INITIALS.fullmatch(words[end - 1]):
        end -= 1
    if end < len(words) and not any(_INITIALS.fullmatch(word) for word in words[:end]):
        return Name(" ".join(words[end:]), "", " ".join(words[:end]), suffix)  # "Lovelace A. K."
    start = next((at for at in range(1, len(words)) if _particles(words, at) > at), len(words) - 1)
    if _particles(words, 0):
        start = 0
    at = _particles(words, start)
    return Name(" ".join(words[:start]), " ".join(words[start:at]), " ".join(words[at:]), suffix)


def _particles(words: list[str], at: int) -> int:
    """Where the particles that begin at this word end; the last word is none."""
    while at < len(words) - 1 and words[at] in _PARTICLES:
        at += 1
    return at


def inverted(name: Name) -> str:
    """The name as catalogues write it: "van Beethoven, Ludwig", "Rodrigues, W., Jr."; a group as it is."""
    family = " ".join(filter(None, (name.particle, name.family)))
    return name.whole or ", ".join(filter(None, (family, name.given, name.suffix)))


def spoken(name: Name) -> str:
    """The name as people say it: "Ludwig van Beethoven", "W. Rodrigues Jr."."""
    return name.whole or " ".join(filter(None, (name.given, name.particle, name.family, name.suffix)))


def initials(name: Name) -> str:
    """The initials of the given names: "Jean-Luc A." -> "J.-L. A."."""
    words = name.given.replace(".", ". ").split()
    return " ".join("-".join(f"{part[0].upper()}." for part in word.rstrip(".").split("-") if part) for word in words)
