"""What a claim measures, and the numbers by which a search finds it."""

from collections.abc import Iterator

from broadsheet.reading.results import words
from broadsheet.types.reading import Change, Measure, Result

_SAVINGS = (
    (words.MEMORY, Measure.MEMORY),
    (words.COMPUTE, Measure.COMPUTE),
    (words.SIZE, Measure.SIZE),
    (words.TIME, Measure.TIME),
)
_FULL = 100.0  # per cent


def measure_of(text: str, change: Change) -> Measure | None:
    """What is measured, by the words around a value; None for a value reached of nothing that is known."""
    text = text.lower()
    if change == "more":
        return _more(text)
    if change == "less":
        return _less(text)
    if words.RATE_OF_ERROR.search(text):
        return Measure.ERROR
    if words.ACCURACY.search(text):
        return Measure.ACCURACY
    return Measure.SCORE if words.SCORE.search(text) or words.BAD.search(text) else None


def _more(text: str) -> Measure:
    if words.SPEED.search(text):
        return Measure.SPEEDUP
    if words.BAD.search(text) and not words.GOOD.search(text):
        return Measure.MORE
    known = any(table.search(text) for table in (words.ACCURACY, words.SCORE, words.GOOD))
    return Measure.GAIN if known or not text.strip() else Measure.MORE


def _less(text: str) -> Measure:
    if words.BAD.search(text):
        return Measure.GAIN if words.RATE_OF_ERROR.search(text) else Measure.LESS
    return next((measure for table, measure in _SAVINGS if table.search(text)), Measure.LESS)


def sought(result: Result) -> Iterator[tuple[Measure, float]]:
    """The numbers under which a result is found: what it measures, and MORE or LESS for any change.

    Speed-ups are in times (30% faster is 1.3), changes in per cent (3 times less is 66.7, twice as much is 100),
    accuracies and errors in per cent, scores as they are written. Both ends of a range count.
    """
    for value in filter(None, (result.value, result.high)):
        if result.measure is Measure.SPEEDUP:
            yield Measure.SPEEDUP, value if result.unit == "x" else 1 + value / _FULL
            continue
        number = value
        if result.unit == "x" and result.change:
            number = _FULL * (value - 1) if result.change == "more" else _FULL * (1 - 1 / max(value, 1.0))
        elif not result.unit and result.measure in (Measure.ACCURACY, Measure.ERROR) and value <= 1:
            number = _FULL * value
        yield result.measure, number
        if result.change:
            general = Measure.MORE if result.change == "more" else Measure.LESS
            if general is not result.measure:
                yield general, number
