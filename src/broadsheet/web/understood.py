"""What is understood of a paper, in the words of its page."""

from broadsheet import said, tex
from broadsheet.types import Measure, Neighbour, Result, Understood
from broadsheet.web import cards
from broadsheet.web.contexts import Link, NearRow, Reading, ResultRow

GIST = 700  # characters; a model is asked for less
RESULTS, ACRONYMS, NEAR = 10, 10, 4
SENTENCE, PHRASE, TITLE = 500, 80, 160  # characters
_LOOKED_AT = 2_000  # characters of a title
_UNITS = {"%": "%", "points": " points", "x": "×", "dB": " dB", "": ""}  # noqa: RUF001  the sign for times


def shown(found: Understood) -> Reading:
    """The parts of a paper's page that come from its own words."""
    by = found.gist.by if found.gist else ""
    return Reading(
        gist=_cut(found.gist.text, GIST) if found.gist else "",
        gist_note=f"Written by {by[:80]} from the abstract." if by else "Chosen from the abstract.",
        method=_cut(found.method, PHRASE),
        acronyms=[(one.short[:20], _cut(one.long, PHRASE)) for one in found.acronyms[:ACRONYMS]],
        keywords=[Link(cards.topic(word), word) for word in found.keywords if len(word) < PHRASE],
        results=[_result(one) for one in found.results[:RESULTS]],
        older=[_near(one) for one in found.older[:NEAR]],
        newer=[_near(one) for one in found.newer[:NEAR]],
        notes=found.notes,
    )


def _result(one: Result) -> ResultRow:
    return ResultRow(
        value=_value(one),
        what=_cut(one.what, PHRASE) or _WHAT.get(one.measure, one.measure.value),
        on=_cut(one.on, PHRASE),
        against=_cut(one.against, PHRASE),
        sentence=_cut(one.sentence, SENTENCE),
        href=cards.searching(q=f"result:{one.measure.value}"),
    )


_WHAT = {Measure.MORE: "more", Measure.LESS: "less", Measure.GAIN: "better", Measure.SPEEDUP: "speed"}


def _value(one: Result) -> str:
    """A result's value: "up to 70.2% less", "1.45×", "71.2% → 84.5%"."""  # noqa: RUF002
    unit = _UNITS.get(one.unit, f" {one.unit}")
    low, high = f"{one.value:,.10g}", None if one.high is None else f"{one.high:,.10g}"
    text = f"{low}–{high}{unit}" if high else f"{low}{unit}"  # noqa: RUF001
    if one.before is not None:
        text = f"{one.before:,.10g}{unit} → {text}"
    times = one.unit == "x" and one.measure is Measure.SPEEDUP
    change = "" if times else {"more": " more", "less": " less", "": ""}[one.change]
    return f"{one.bound} {text}{change}".strip()


def _near(one: Neighbour) -> NearRow:
    title = _cut(tex.plain(one.paper.title[:_LOOKED_AT]), TITLE)
    when = one.paper.published or one.paper.day or ""
    return NearRow(Link(cards.path(one.paper.id), title), _cut(one.shared, TITLE), said.day(when) if when else "")


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0].rstrip(",;") + " …"
