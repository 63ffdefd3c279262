"""What a result was measured on, and what it is compared with: in the words of its sentence."""

import re

from broadsheet.reading.results.phrases import phrase
from broadsheet.reading.results.quantities import Quantity

NEAR = 140  # characters
_SURE = r"compar(?:ed|ing) (?:to|with|against)|in comparison (?:to|with)|relative to|versus|vs\.?"
_AGAINST = re.compile(rf"\b(?:{_SURE}|with respect to|against|over|than)\s+(?P<what>.*)", re.IGNORECASE | re.DOTALL)
_SURELY = re.compile(rf"\b(?:{_SURE})\s+(?P<what>.*)", re.IGNORECASE | re.DOTALL)
_AT_FIRST = re.compile(r"(?:^|[,;]\s)\s*compar(?:ed|ing) (?:to|with)\s+(?P<what>[^,;]+),", re.IGNORECASE)
_ON = re.compile(r"\b(?:on|for|across|in|when)\s+")
_ON_AT_FIRST = re.compile(r"(?:^|[,;:]\s|\b(?:example|instance),\s)(?:on|for|in)\s+(?P<what>[^,;]+),", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"(?P<what>[A-Z][\w.-]*(?:\s[A-Z0-9][\w.-]*){0,3})\s*\([^()]*$")
_DATA = re.compile(
    r"\b(?:data ?sets?|benchmarks?|tasks?|corpus|corpora|(?:test|validation) sets?|suites?|evals?|models?|images?)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"[A-Z0-9][\w./-]*[A-Z0-9]|\b[A-Z][a-z]+")
_NO_PLACE = re.compile(r"(?:average|terms|particular|addition|total|practice|\d+(?:\.\d+)?[%x])", re.IGNORECASE)
_CLAUSE = re.compile(
    r";|\.\s|,\s+(?:while|whereas|and|but|which|with|making|demonstrating|achieving)\b|\bwhile\b|\bwhereas\b"
)
_GOES_ON = re.compile(r"(?:[\w-]+\s){0,4}(?:and|,)\s*$")


def of(sentence: str, one: Quantity, end: int, until: int) -> tuple[str, str]:
    """What a result is on and against, each "" where the sentence does not say.

    `end` is where its words end, `until` where the next number begins.
    """
    after = sentence[end : end + NEAR]
    clause = _CLAUSE.split(after)[0]
    near = clause[: max(0, until - end)]
    before = sentence[max(0, one.start - NEAR) : one.start]
    against = _of(_AGAINST, clause if _GOES_ON.match(near.strip() + " ") else near)
    against = against or _of(_SURELY, sentence[end:]) or _of(_AT_FIRST, sentence[: one.start])
    return _after(near) or _in_brackets(before) or _at_first(before), against


def fits(found: str) -> bool:
    """Whether a phrase may be a data set, a task or a model."""
    return bool(found) and not _NO_PLACE.match(found) and bool(_NAME.search(found) or _DATA.search(found))


def _of(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    found = phrase(match["what"]) if match else ""
    return "" if found[:1].isdigit() else found


def _after(text: str) -> str:
    for match in _ON.finditer(text):
        found = phrase(text[match.end() :])
        # "on" leads to what it was measured on, whatever that is called; the others often lead elsewhere.
        if fits(found) or (match[0].strip() == "on" and found and not _NO_PLACE.match(found)):
            return found
    return ""


def _in_brackets(before: str) -> str:
    """ "on PASCAL VOC (+3.6%, +1.5%)"."""
    match = _IN_BRACKETS.search(before)
    return match["what"] if match else ""


def _at_first(before: str) -> str:
    found = [phrase(match["what"]) for match in _ON_AT_FIRST.finditer(before)]
    fitting = [one for one in found if fits(one)]
    return fitting[-1] if fitting else ""
