"""What the words around a number make of it. Each rule reads what stands right before or after, and may decline.

The rules are tried in this order: what follows ("12% fewer parameters", "a 12% drop in latency"), what leads to it
("reduces latency by 12%", "an accuracy of 93%"), and at last what it is a value of ("93% accuracy", "+1.2% mIoU").
"""

import re
from dataclasses import dataclass

from broadsheet.reading.results import words
from broadsheet.reading.results.phrases import phrase
from broadsheet.reading.results.quantities import Quantity
from broadsheet.reading.results.quick import alternatives
from broadsheet.types.reading import Change, Measure

NEAR = 170  # characters before and after a number that are looked at
CLOSE = 90  # characters before it that a noun and its "of" take at most, or what only weighs the number
WORD = 30  # characters before it that one word takes at most
NAMED = re.compile(rf"\b{words.NAMED}\b", re.IGNORECASE)

_WORD = r"[\w@+./'’&-]+"  # noqa: RUF001
_NO_STOP = (
    r"(?!(?:without|no|any|in|of|on|for|to|with|and|or|by|than|over|at|as|is|are|when|while|from|using|compared|the"
    r"|that)\b)"
)
_ADJECTIVES = (
    r"(?:(?:relative|absolute|average|overall|additional|further|significant|total|mean|median|more|even)\s+)*"
)
# What may stand between the words that tell of a number and the number itself.
_WEIGHING = (
    "up to", "over", "more than", "at least", "about", "around", "approximately", "roughly", "nearly", "almost",
    "as much as", "a average of", "an average of", "on average", "a", "an", "the", "only", "just", "merely", "another",
    "additional", "significant", "remarkable", "impressive", "substantial", "notable", "some", "further", "average",
    "relative", "absolute", "maximum", "maximal", "exceeding", "above", "below", "less than", "under", "within",
    "as high as", "as low as", "close to", "even", "between", "margin", "margins", "factor of", "factors of",
)  # fmt: skip
_BEFORE = re.compile(
    rf"(?:\b(?:{alternatives('|'.join(_WEIGHING))})\b[\s,]*|[(\s∼~])+$",  # noqa: RUF001
    re.IGNORECASE,
)
# One of these ends what holds anything of that: quick to look for, and most numbers have none.
_WEIGHED = (*_WEIGHING, ",", "(", "∼", "~")  # noqa: RUF001
_BRACKETED = re.compile(r"\([^()]*\)|\)")
_FLAGS = re.IGNORECASE
# Before a bare number that may be the value of something named: quick to see, and most numbers have none of it.
_BARE = re.compile(r"(?:\bof|\bis|\bwas|\bat|\bto|reach\w*|exceed\w*|being|values?|only|=|:)$")


@dataclass(frozen=True, slots=True)
class Claim:
    """What a rule made of a number. `end` is where the words that it used end, `good` that it is an improvement.

    `moved`: "from 3% to 5%". `bare`: it may be without a unit.
    """

    change: Change
    what: str = ""
    end: int = 0
    good: bool = False
    measure: Measure | None = None
    on: str = ""
    against: str = ""
    moved: bool = False
    bare: bool = False


def claim(sentence: str, one: Quantity) -> Claim | None:
    """What the words around a number make of it, if anything."""
    before = sentence[max(0, one.start - NEAR) : one.start]
    if not one.unit and one.value.is_integer() and not _may_be_bare(before):
        return None
    # Both "25.1% top-1 (7.8% top-5) error" and "1.93% (1.98+/-0.07) error" go on after the bracket.
    after = sentence[one.end : one.end + NEAR]
    plain_after = _BRACKETED.sub(lambda bracket: " " * len(bracket[0]), after) if ")" in after else after
    close = before[-CLOSE:].rstrip()
    opened = close.endswith("(")
    if close[-WORD:].lower().endswith(_WEIGHED):
        close = _BEFORE.sub("", before[-CLOSE:])
    core = before[:-CLOSE] + close
    return (
        _following(core, plain_after, one)
        or _leading(core, plain_after, one)
        or _reached(core, plain_after, one, opened=opened)
    )


def _may_be_bare(before: str) -> bool:
    last = before[-WORD:].rstrip()  # of that, only what follows the last space matters
    return bool(_BARE.search(last, last.rfind(" ") + 1))


# What follows the number.

_COMPARED = re.compile(
    rf"[\s-]*{_ADJECTIVES}(?:(?P<fast>{words.QUICKER})|(?P<slow>{words.SLOWER})|(?P<more>{words.MORE_THAN})"
    rf"|(?P<less>{words.LESS_THAN}))\b",
    _FLAGS,
)
_SPEEDUP = re.compile(rf"[\s-]*(?:{_NO_STOP}{_WORD}\s+){{0,4}}?(?P<noun>{words.SPEED_NOUN})\b", _FLAGS)
_CHANGED = re.compile(
    rf"[\s-]*(?P<words>(?:{_NO_STOP}{_WORD}\s+){{0,5}}?)(?:(?P<more>{words.MORE_NOUN})|(?P<less>{words.LESS_NOUN}))\b"
    rf"(?P<of>\s+(?:in|of|for)(?:\s+terms\s+of)?\s+)?",
    _FLAGS,
)
_TAKEN = re.compile(
    rf"\s+of\s+(?:the\s+|its\s+|all\s+)?(?P<what>(?:{_WORD}\s+){{1,8}}?)(?:is|are|was|were|can be|could be|being)\s+"
    r"(?:reduced|removed|pruned|saved|eliminated|skipped|dropped|compressed|cut)\b",
    _FLAGS,
)
_GOOD_NOUN = re.compile(r"improvements?|gains?|boosts?|enhancements?|margins?|advantages?|uplift|leads?", _FLAGS)
_OF_A_MODEL = re.compile(r"\b(?:models?|networks?|encoders?|architectures?|student)\b[^,;.]{0,40}$", _FLAGS)
_EFFORT = re.compile(r"^(?:relative|absolute|average|overall|performance)\s+", _FLAGS)


def _following(before: str, after: str, one: Quantity) -> Claim | None:  # noqa: PLR0911 - a case each
    if not one.unit:
        return _bare_comparison(before, after, one)
    if match := _COMPARED.match(after):
        return _compared(before, after, one, match)
    if match := _SPEEDUP.match(after):
        return Claim("more", _speed_of(after[: match.start("noun")]), one.end + match.end())
    if match := _CHANGED.match(after):
        what = phrase(after[match.end() :]) if match["of"] else ""
        what = what or _EFFORT.sub("", match["words"].strip())
        good = bool(match["more"] and _GOOD_NOUN.fullmatch(match["more"]))
        if not what:
            what = _nearest_measure(before)
        if match["more"] and words.SPEED.search(what.lower()):
            return Claim("more", what, one.end + match.end())
        return Claim("more" if match["more"] else "less", what, one.end + match.end(), good=good)
    if match := _TAKEN.match(after):
        what, _, on = match["what"].strip().partition(" of ")
        return Claim("less", what, one.end + match.end(), on=phrase(on))
    return None


def _compared(before: str, after: str, one: Quantity, match: re.Match[str]) -> Claim:
    rest = after[match.end() :]
    end = one.end + match.end()
    if match["fast"] or match["slow"]:
        what = phrase(rest)
        return Claim("more" if match["fast"] else "less", f"{what} speed".strip() if what else "speed", end)
    what = phrase(rest) or _nearest_measure(before)
    if match["more"] and match["more"].lower() in ("better", "improved"):
        return Claim("more", what, end, good=True)
    if not what and _OF_A_MODEL.search(before):
        what = "model size"
    measure = None if what else Measure.MORE if match["more"] else Measure.LESS
    return Claim("more" if match["more"] else "less", what, end, measure=measure)


def _bare_comparison(before: str, after: str, one: Quantity) -> Claim | None:
    """A bare number is a claim where a measure was just named: "a score of 63.1, which is only 5.8 lower than"."""
    match = _COMPARED.match(after)
    if not match or match["fast"] or match["slow"] or not re.match(r"\s+than\b", after[match.end() :]):
        return None
    what = _nearest_measure(before)
    if not what:
        return None
    return Claim("more" if match["more"] else "less", what, one.end + match.end(), bare=True)


def _speed_of(text: str) -> str:
    text = re.sub(r"^[\s-]*(?:(?:an?|the|relative|average|overall|end-to-end)\s+)*", "", text).strip()
    return f"{text} speed" if text else "speed"


def _nearest_measure(before: str) -> str:
    """The measure that was named last before a number, in the same clause."""
    clause = re.split(r"[;:]|, (?:while|and|whereas|but) ", before)[-1]
    found = list(NAMED.finditer(clause))
    return found[-1][0].strip() if found else ""


# What leads to the number.

_VERBS = re.compile(
    rf"\b(?:(?P<faster>{words.FASTER})|(?P<outdo>{words.OUTDO})|(?P<raise>{words.RAISE})|(?P<lower>{words.LOWER})"
    rf"|(?P<compress>{words.COMPRESS})|(?P<more>{words.MORE_NOUN})|(?P<less>{words.LESS_NOUN}))\b",
    _FLAGS,
)
_VERB_LAST = re.compile(rf"{_VERBS.pattern}$", _FLAGS)
_VERB = 30  # characters that a verb takes at most
_ENDS_OF_VERBS = ("up", "on", "over")  # that are several words; all others are one
_BY = re.compile(r"\bby$", _FLAGS)
_COMPARATIVE_BY = re.compile(
    rf"\b(?:(?P<fast>{words.QUICKER})|(?P<more>higher|better|larger)|(?P<less>lower|smaller))\s+by$", _FLAGS
)
_AND = re.compile(r"\b(?:and|while|but|,)\s+", _FLAGS)
_OF = re.compile(
    rf"\b(?:(?P<speed>{words.SPEED_NOUN})|(?P<named>{words.NAMED})|(?P<words>(?:{_NO_STOP}{_WORD}\s+){{0,3}})"
    rf"(?:(?P<more>{words.MORE_NOUN})|(?P<less>{words.LESS_NOUN})))"
    rf"(?:\s+(?:in|on|for|over)\s+(?P<in>(?:{_WORD}\s+){{0,5}}?{_WORD}))?\s+of$",
    _FLAGS,
)
_IS = re.compile(
    rf"\b(?P<named>{words.NAMED})\s*(?:of|is|was|at|to|reaches|reaching|reached|exceeds|exceeding|=|:|being|values? of"
    r"|(?:drops|falls|rises|grows|increases|improves|decreases) to)$",
    _FLAGS,
)
_SMALL = re.compile(
    r"(?:\bonly\s+(?:requir\w+|us(?:es|ing)|needs?|updat\w+|train\w+|tun\w+)"
    r"|\b(?:requir\w+|us(?:es|ing)|utili[sz]\w+|needs?|needing|updat\w+|tun\w+)\s+(?:only|merely|just))$",
    _FLAGS,
)
_COST_IS = re.compile(rf"\b(?P<what>(?:{_WORD}\s+){{1,4}}?)(?:is|are|was|were)$", _FLAGS)
_TO = re.compile(rf"\b(?:{words.COMPRESS})\s+(?P<what>(?:{_WORD}\s+){{1,5}})to$", _FLAGS)
_IN_TERMS = re.compile(r"\s*(?:relative\s+)?(?:in terms of|in|on the)\s+", _FLAGS)


def _leading(before: str, after: str, one: Quantity) -> Claim | None:  # noqa: PLR0911 - a case each
    before = before.rstrip()
    if not one.unit:
        return _named_value(before, one)
    last = before[-6:].lower()
    if last.endswith("by") and _BY.search(before, len(before) - len("by")):
        return _by(before, after)
    if last.endswith("from") and one.high is not None:
        return _moved(before[:-4])
    if last.endswith("to") and (match := _TO.search(before[-CLOSE:])):
        return Claim("", "size", measure=Measure.SIZE, on=phrase(match["what"]))
    if last.endswith("of") and (match := _OF.search(before[-CLOSE:])):
        return _of(match)
    if found := _small(before, after, one):
        return found
    near = len(before) - _VERB if last.endswith(_ENDS_OF_VERBS) else before.rfind(" ") + 1
    tail = list(_VERBS.finditer(before)) if _VERB_LAST.search(before, near) else []
    if tail and tail[-1].end() == len(before) and not tail[-1]["outdo"] and not tail[-1]["compress"]:
        verb = tail[-1]
        what = phrase(re.sub(r"^\s+(?:of|in)\s+", " ", after)) or _nearest_measure(before[: verb.start()])
        if verb["faster"]:
            return Claim("more", f"{what} speed".strip())
        if verb["raise"] or verb["lower"]:
            return Claim("more" if verb["raise"] else "less", what, one.end, good=bool(verb["raise"] and _known(what)))
    return _named_value(before, one)


def _by(before: str, after: str) -> Claim | None:  # noqa: PLR0911 - a case each
    """ "reduces the error by 12%", "outperforms others by 12% in accuracy"."""
    if match := _COMPARATIVE_BY.search(before):
        if match["fast"]:
            return Claim("more", "speed")
        return Claim("more" if match["more"] else "less", _nearest_measure(before))
    verbs = list(_VERBS.finditer(before))
    if not verbs:
        return None
    verb = verbs[-1]
    object_ = before[verb.end() : -2].strip()
    # "cuts peak memory by 70% and transient memory by 75%": the verb holds for both.
    later = _AND.split(object_)
    told = phrase(later[-1] if len(later) > 1 and len(verbs) == 1 else object_)
    aside = _aside(after)
    if verb["faster"]:
        return Claim("more", f"{told} speed".strip())
    if verb["outdo"]:
        return Claim("more", aside, good=True, against=told)
    if verb["compress"]:
        return Claim("less", "size", measure=Measure.SIZE, on=told)
    if verb["more"] or verb["less"]:
        what = phrase(re.sub(r"^\s*(?:in|of)\s+", "", object_)) or aside
        return Claim("more" if verb["more"] else "less", what, good=bool(verb["more"] and _known(what)))
    told = told or _subject(before[: verb.start()])
    what = told or aside or _nearest_measure(before)
    return _raised(verb[0], what, told, aside) if verb["raise"] else _lowered(what, told, aside)


def _subject(before: str) -> str:
    """What goes up or down by itself: "throughput increases by 80%"."""
    words_before = re.split(r"[,;:()]", before)[-1].split()[-3:]
    told = " ".join(words_before)
    return told if _measured(told) else ""


def _raised(verb: str, what: str, told: str, aside: str) -> Claim:
    if words.SPEED.search(told.lower()):
        return Claim("more", told)
    if aside and not _measured(told):
        return Claim("more", aside, good=True, against=told)
    better = verb.lower().startswith(("improv", "enhanc", "boost", "advanc", "lift"))
    return Claim("more", what, good=better or _known(told))


def _lowered(what: str, told: str, aside: str) -> Claim:
    if aside and not _measured(told):
        return Claim("less", aside, against=told)
    return Claim("less", what)


def _aside(after: str) -> str:
    """ "by 12% in accuracy": the measure that comes after the number."""
    match = _IN_TERMS.match(after)
    what = phrase(after[match.end() :]) if match else ""
    if what and _measured(what):
        return what
    named = re.match(rf"\s+(?P<named>{words.NAMED})\b", after, _FLAGS)
    return named["named"] if named else ""


def _known(what: str) -> bool:
    low = what.lower()
    good = any(table.search(low) for table in (words.ACCURACY, words.SCORE, words.GOOD))
    return good and not words.BAD.search(low)


def _measured(what: str) -> bool:
    low = what.lower()
    tables = (words.ACCURACY, words.SCORE, words.GOOD, words.BAD, words.SPEED, words.TIME, words.MEMORY, words.COMPUTE)
    return any(table.search(low) for table in (*tables, words.SIZE))


def _of(match: re.Match[str]) -> Claim:
    """ "a speed-up of 3x", "an accuracy of 93%", "an improvement in accuracy of 3%"."""
    if match["speed"]:
        return Claim("more", "speed")
    if match["named"]:
        return Claim("", match["named"])
    what = phrase(match["in"] or "") or phrase(match["words"] or "")
    if match["more"] and words.SPEED.search(what.lower()):
        return Claim("more", what)
    good = bool(match["more"] and (_GOOD_NOUN.fullmatch(match["more"]) or _known(what)))
    return Claim("more" if match["more"] else "less", what, good=good)


def _moved(before: str) -> Claim | None:
    """ "improves accuracy from 71% to 84%"."""
    what = _nearest_measure(before)
    return Claim("", what, moved=True) if what and _VERBS.search(before) else None


def _small(before: str, after: str, one: Quantity) -> Claim | None:
    """ "requires only 1.5% of the parameters", "latency is only 68% of"."""
    if one.unit != "%":
        return None
    last = before[-WORD:].lower()
    if any(word in last for word in ("only", "merely", "just")) and _SMALL.search(before):
        what = phrase(re.sub(r"^\s*of\s+", " ", after))
        low = what.lower()
        tables = ((words.MEMORY, Measure.MEMORY), (words.COMPUTE, Measure.COMPUTE), (words.SIZE, Measure.SIZE))
        measure = next((measure for table, measure in tables if table.search(low)), None)
        return Claim("", what, one.end, measure=measure) if measure else None
    match = _COST_IS.search(before[-CLOSE:]) if last.endswith(("is", "are", "was", "were")) else None
    if match and re.match(r"\s+(?:of|that of)\b", after):
        low = match["what"].lower()
        tables = ((words.MEMORY, Measure.MEMORY), (words.TIME, Measure.TIME), (words.SIZE, Measure.SIZE))
        measure = next((measure for table, measure in tables if table.search(low)), None)
        against = phrase(re.sub(r"^\s+(?:that\s+)?of\s+", "", after))
        return Claim("", phrase(match["what"]), measure=measure, against=against) if measure else None
    return None


def _named_value(before: str, one: Quantity) -> Claim | None:
    if one.unit not in ("", "%", "dB") or not _may_be_bare(before):
        return None
    match = _IS.search(before[-CLOSE:])
    return Claim("", match["named"], bare=not one.unit) if match else None


# What it is a value of.

_VALUE = re.compile(rf"[\s-]*(?P<named>{words.NAMED})\b(?!\s*(?:reduction|drop|loss|gap|of\s+\d))", _FLAGS)
_ATTAINED = re.compile(
    r"(?:\b(?:achiev|attain|reach|obtain|yield|deliver|hav|has|had|get|got|with|to|and|of|at|a|,|score|report|show|:|"
    r"produc|give|gave|exhibit|maintain|result|is|in|by|than)\w*|[(,:])\s*$",
    _FLAGS,
)


def _reached(before: str, after: str, one: Quantity, *, opened: bool) -> Claim | None:
    match = _VALUE.match(after)
    if one.signed:
        what = match["named"] if match else _nearest_measure(before)
        return Claim("more", what, one.end + (match.end() if match else 0), good=True, bare=False)
    if match and (one.unit in ("%", "dB") or (not one.unit and "." in f"{one.value:g}")):
        if before and not opened and not _ATTAINED.search(before.rstrip()):
            return None
        return Claim("", match["named"], one.end + match.end(), bare=not one.unit)
    return None
