"""Numbers with a unit, as abstracts write them: "12.5%", "1.25x to 4x", "between 3 and 5 times", "20-30 percent".

A number that is part of a name ("CIFAR-10", "GPT-4", "4-bit", "7B") is none.
"""

# ruff: noqa: RUF001 - the signs that authors really use

import re
from collections.abc import Iterator
from typing import NamedTuple

from broadsheet.types.reading import Bound

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_PERCENT = r"\s?%|[\s-]?per\s?cent\b|[\s-]percent\b"
_TIMES = r"[x×X](?![\w-])|\s?×|\s?times\b|(?:[\s-]|-\s)?folds?\b"
_NO_MEASURE = r"(?!data|time|end|key|check|view|set|training|grid|fixed|sample|cloud|reference)"
_POINTS = (
    r"\s?(?:percentage[- ]points?|absolute points?|%?\s?p\.?p\.?(?![\w@]|s\b)"
    rf"|(?:{_NO_MEASURE}[A-Za-z][\w@-]*\s)?points?\b|dB\b)"
)
_UNIT = rf"(?:{_PERCENT}(?:[\s-]points?\b)?)|{_TIMES}|{_POINTS}"
_QUANTITY = re.compile(
    rf"(?<![\w.$€£/^_=<@-])(?P<sign>[+\-−∼~≈>≥±]?)\s?(?P<low>{_NUMBER})(?P<first>{_PERCENT}|{_TIMES})?"
    rf"(?:(?P<to>\s?(?:-|–|—|−|~|∼)\s?|\s(?:to|and)\s)(?:up to\s)?(?P<high>{_NUMBER})(?=(?P<again>{_UNIT})))?"
    rf"(?P<unit>{_UNIT})?"
)
_DIGITS = re.compile(r"\d\d*")  # unlike one with "+", a pattern that begins with a set is looked for without trying it
_ADVERB = r"(?:about\s|up to\s|roughly\s|approximately\s|nearly\s|almost\s|at least\s|over\s|more than\s|around\s)?"
_FACTORS = re.compile(
    rf"factors?\s(?:of|between|from)\s{_ADVERB}(?P<low>{_NUMBER})(?:\s?[x×])?"
    rf"(?:\s?(?:-|–|to|and)\s?(?P<high>{_NUMBER})(?:\s?[x×])?)?(?![\w%]|\.\d)"
)


def _before(words: str) -> re.Pattern[str]:
    return re.compile(rf"{words}\s*$", re.IGNORECASE)


_BOUNDS: tuple[tuple[Bound, re.Pattern[str]], ...] = (
    ("up to", _before(r"(?:up to|as much as|as high as|at most|a maximum of|maximum)(?: an?| about)?")),
    ("over", _before(r"(?:over|more than|at least|above|exceeding|greater than|beyond)(?: an?)?")),
    ("about", _before(r"(?:about|around|approximately|roughly|nearly|almost|close to|approx\.)(?: an?)?")),
)
# One of these ends what stands before a number that is bounded: quick to look for, and most numbers have none.
_ENDS = (
    "up to", "much as", "high as", "most", "maximum of", "maximum", "over", "than", "least", "above", "exceeding",
    "beyond", "about", "around", "approximately", "roughly", "nearly", "close to", "approx.", " an", " a",
)  # fmt: skip
_SIGNS: dict[str, Bound] = {"~": "about", "∼": "about", "≈": "about", ">": "over", "≥": "over"}
_PART_OF_A_NAME = re.compile(r"[\w^°]|\.\d|/\d")  # what follows it: "7B", "3/4",
_HYPHENED = re.compile(r"-\w")  # and after a bare number "4-bit", "20-layer"


class Quantity(NamedTuple):
    """A number, where it stands in its sentence, and its unit ("%", "x", "points", "dB"; "" for a bare one).

    `high` is the second number of "3 to 5 times"; after "from" it is what came of the first, and may be less.
    """

    start: int
    end: int
    value: float
    high: float | None
    unit: str
    signed: bool = False


def quantities(sentence: str) -> list[Quantity]:
    """All quantities of a sentence in order, bare numbers among them."""
    found = list(_factors(sentence))
    taken = [(one.start, one.end) for one in found]
    at = 0
    for digits in _DIGITS.finditer(sentence):
        match = _match(sentence, digits.start(), at)
        if not match:
            continue
        at = match.end()
        if taken and any(start < at and match.start() < end for start, end in taken):
            continue
        if match["to"] and match["to"].strip() == "and" and not sentence[: match.start()].rstrip().endswith("between"):
            match = _QUANTITY.fullmatch(sentence, match.start(), match.start("to")) or match
            at = match.end()
        if one := _quantity(sentence, match):
            found.append(one)
    return sorted(found, key=lambda one: one.start)


def bound(sentence: str, one: Quantity) -> Bound:
    """How what stands before a quantity of a sentence bounds it: "up to 5%", "more than 3x", "~2 times"."""
    factor = _FACTORS.match(sentence, one.start)
    tail = sentence[: factor.start("low") if factor else one.start][-40:]
    if sign := _SIGNS.get(sentence[one.start]):
        return sign
    if not tail.rstrip().lower().endswith(_ENDS):
        return ""
    return next((name for name, pattern in _BOUNDS if pattern.search(tail)), "")


def _match(sentence: str, digit: int, at: int) -> re.Match[str] | None:
    """The quantity with a digit, in what follows the place `at`: a sign and a space at most stand before the digit."""
    for start in range(max(at, digit - 2), digit + 1):
        if match := _QUANTITY.match(sentence, start):
            return match
    return None


def _factors(sentence: str) -> Iterator[Quantity]:
    for match in _FACTORS.finditer(sentence):
        low, high = _number(match["low"]), _number(match["high"])
        if low is not None:
            yield Quantity(match.start(), match.end(), low, high, "x")


def _quantity(sentence: str, match: re.Match[str]) -> Quantity | None:
    unit = _unit(match["unit"] or match["again"] or match["first"] or "")
    named = _PART_OF_A_NAME.match(sentence, match.end()) or (not unit and _HYPHENED.match(sentence, match.end()))
    if named or match["sign"] in ("-", "−", "±"):
        return None
    low, high = _number(match["low"]), _number(match["high"])
    if low is None:
        return None
    start = match.start() if match["sign"] else match.start("low")
    one = Quantity(start, match.end(), low, high, unit, match["sign"] == "+")
    if high is not None and high <= low and not sentence[:start].rstrip().endswith("from"):
        return one._replace(high=None) if match["first"] else None
    return one


def _number(text: str | None) -> float | None:
    return float(text.replace(",", "")) if text else None


def _unit(text: str) -> str:
    text = text.strip().lower().lstrip("-").strip()
    if not text:
        return ""
    if "point" in text or text.replace(".", "").replace("%", "").strip() == "pp":
        return "points"
    if text.startswith(("%", "per")):
        return "%"
    return "dB" if text == "db" else "x"
