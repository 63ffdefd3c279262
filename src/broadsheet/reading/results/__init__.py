"""What an abstract claims, as data: "cuts memory by 46% on MobileNetV2", "a 1.45x speed-up over GPTQ".

    claims      the results of an abstract: begin here
    rules       what the words around a number make of it
    around      what a result was measured on, and what it is compared with
    quantities  numbers with their units
    measuring   what is measured, and the numbers a search finds it by
    words       the tables of words, and `quick`, which makes patterns of them

Precision comes before coverage: a number counts only where a rule says what it is, and only in sentences that speak
of the paper's own work. What comes before the first of them is what others did.
"""

# ruff: noqa: RUF001 - the sign for times

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from broadsheet.reading.results import around, rules
from broadsheet.reading.results.measuring import measure_of, sought
from broadsheet.reading.results.quantities import Quantity, bound, quantities
from broadsheet.reading.results.quick import words
from broadsheet.reading.results.rules import Claim
from broadsheet.reading.sentences import sentences
from broadsheet.types.reading import Measure, Result

__all__ = ["MOST", "claims", "sought", "sought_in"]

MOST = 24  # results of one paper: a longer list is a table written as text

# What a claim cannot be without: a number with a unit, a decimal, or "factor of". Quick to look for, digit by digit.
_WITH_UNIT = re.compile(
    r"\d\s?(?:\\?%|[xX](?![\w-])|×|-?\s?[Ff]olds?\b|times\b|-?\s?per\s?cent|(?:[\w@-]+\s)?points?\b|d[bB]\b|p\.?p\b)|\d\.\d"
)
_SPELT = ("factor", "times")
_FOREIGN_DIGIT = re.compile("[\u0660-\U0010ffff](?<=\\d)")
_OWN = re.compile(
    words(
        r"we\b|our\b|ours\b|us\b|in this\b|propose[sd]?\b|present(?:s|ed)? (?:an?|the)\b|introduc(?:e[sd]?|ing)\b"
        r"|novel\b|this (?:paper|work|study|article|thesis|survey|report|letter|research|dissertation)\b|here,? "
    ),
    re.IGNORECASE,
)
_RESULTS_FIRST = re.compile(
    r"(?:extensive |empirical |numerical )?(?:experiment|result|evaluation|simulation)s?\b", re.IGNORECASE
)
_OTHERS = re.compile(
    rf"{words('recent|existing|prior|previous|current|earlier|traditional|conventional|related')}(?:ly)?\s"
    r"(?:[\w-]+\s){0,3}(?:works?|methods?|approaches|studies|models?|techniques|research|systems)\s"
    r"(?:ha[sv]e|show|achieve|report|demonstrate|reach|suggest|can|typically|often|only)",
    re.IGNORECASE,
)
_TIGHT = re.compile(
    r"\s*(?:\([^()]{0,40}\)\s*)?(?:,|/|;|and|or|,\s*and|&)\s*(?:\(?\s*(?:up to|over|about|an?)\s*)?", re.IGNORECASE
)
_PREPOSITION = re.compile(r"\s+(on|for|in|after|with|at)\b", re.IGNORECASE)
_LATER = re.compile(
    r"\s(?P<first>on|for|in|after|with|at)\s[^,;.]{1,60}?,?\sand\s(?:up to|over|about|an?|by|of|\s)*$", re.IGNORECASE
)
_ONES_OWN = re.compile(words(r"we\b|our\b|ours\b|proposed\b|this\b"), re.IGNORECASE)


def claims(abstract: str) -> list[Result]:
    """The results that a plain abstract claims, in order. Never raises."""
    first = _first(abstract)
    if first < 0:
        return []  # three abstracts of four: nothing else of them is looked at
    found: dict[Result, None] = {}
    for sentence in _own(abstract, first):
        for result in _of_sentence(sentence):
            found.setdefault(result)
            if len(found) >= MOST:
                return list(found)
    return list(found)


def sought_in(abstract: str) -> set[tuple[Measure, float]]:
    """All that `sought` says of an abstract's results, without reading what they are on and compared with."""
    first = _first(abstract)
    if first < 0:
        return set()
    found = [
        _bare(quantity[place], claim, measure)
        for sentence in _own(abstract, first)
        for quantity in (quantities(sentence),)
        for place, claim, measure in _measured(sentence, quantity)
    ]
    results = found if len(found) <= MOST else claims(abstract)  # only the first of a long list count
    return {pair for result in results for pair in sought(result)}


def _first(text: str) -> int:
    """Where the first of what a claim cannot be without stands in a text with numbers; -1 where there is none."""
    first, numbered = len(text), False
    for place in _digits(text):
        numbered = True
        if place < first and _WITH_UNIT.match(text, place):
            first = place
    if numbered:
        for word in _SPELT:
            place = text.find(word, 0, first)
            first = place if place >= 0 else first
    return first if first < len(text) else -1


def _digits(text: str) -> Iterator[int]:
    """Where digits stand, by digit: half of all abstracts hold none, and ten searches for a sign see that quickly."""
    for digit in "0123456789":
        place = text.find(digit)
        while place >= 0:
            yield place
            place = text.find(digit, place + 1)
    if not text.isascii():
        yield from (match.start() for match in _FOREIGN_DIGIT.finditer(text))


def _own(abstract: str, first: int) -> Iterator[str]:
    """The sentences with numbers that speak of the paper's own work. Nothing before `first` may be a claim."""
    own = None if _RESULTS_FIRST.match(abstract) else _OWN.search(abstract)
    begins = own.start() if own else 0
    for sentence in sentences(abstract, max(first, begins)):
        text = sentence.text
        if sentence.start + len(text) <= begins or _first(text) < 0:
            continue
        if _ONES_OWN.search(text) or not _OTHERS.search(text):
            yield text


def _of_sentence(sentence: str) -> Iterator[Result]:
    found = quantities(sentence)
    for place, claim, measure in _measured(sentence, found):
        one = found[place]
        until = found[place + 1].start if place + 1 < len(found) else len(sentence)
        on, against = around.of(sentence, one, max(claim.end, one.end), until)
        what, _, rest = claim.what.partition(" of ")
        what, on = (what, on or rest) if around.fits(rest) else (claim.what, on)
        yield replace(
            _bare(one, claim, measure),
            what=" ".join(what.split()),
            on=on or claim.on,
            against=claim.against or against,
            bound=bound(sentence, one),
            sentence=sentence,
        )


def _measured(sentence: str, found: Sequence[Quantity]) -> Iterator[tuple[int, Claim, Measure]]:
    """Which of a sentence's quantities are results, and of what."""
    made = [rules.claim(sentence, one) for one in found]
    if any(made):
        _share(sentence, found, made)
    for place, (one, claim) in enumerate(zip(found, made, strict=True)):
        if claim is None:
            continue
        measure = claim.measure or (Measure.GAIN if claim.good else measure_of(claim.what, claim.change))
        if measure is not None and _likely(one, claim, measure):
            yield place, claim, measure


def _bare(one: Quantity, claim: Claim, measure: Measure) -> Result:
    """A result without the words around it."""
    moved = claim.moved and one.high is not None
    return Result(
        value=one.high if moved and one.high is not None else one.value,
        unit=one.unit,
        measure=measure,
        change=claim.change,
        high=None if claim.moved else one.high,
        before=one.value if moved else None,
    )


def _share(sentence: str, found: Sequence[Quantity], made: list[Claim | None]) -> None:
    """Gives "9.8% and 7.7%" the same meaning, whichever of them the words stand beside."""
    onwards = zip(range(1, len(found)), range(len(found) - 1), strict=True)
    for place, other in (*((n, n + 1) for n in reversed(range(len(found) - 1))), *onwards):
        known, own = made[other], made[place]
        if known is None or found[place].unit != found[other].unit:
            continue
        if own is not None and (own.what or not known.what or own.change != known.change):
            continue
        first, second = sorted((found[place], found[other]), key=lambda one: one.start)
        between = sentence[first.end : second.start]
        if _TIGHT.fullmatch(between) or (place > other and _alike(between, sentence[second.end :])):
            made[place] = replace(known, end=0)


def _alike(between: str, after: str) -> bool:
    """Whether two numbers say the same of two things: "5x faster for this and 2x for that"."""
    match = _LATER.search(between)
    following = _PREPOSITION.match(after)
    return bool(match and following and match["first"].lower() == following[1].lower())


def _likely(one: Quantity, claim: Claim, measure: Measure) -> bool:
    """Whether a number can be a value of what it is said to measure."""
    top = one.high if one.high is not None else one.value
    if top <= 0:
        return False
    if claim.change == "less" and one.unit == "%" and top > 100:
        return False
    if measure in (Measure.ACCURACY, Measure.ERROR):
        return one.unit in ("%", "") and top <= 100
    if not claim.change:
        return one.unit not in ("x", "points")
    if one.unit == "x" and measure is not Measure.SPEEDUP:
        return top >= 1
    return bool(one.unit) or claim.bare
