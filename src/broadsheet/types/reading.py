"""What is understood of a paper from its own words: gist, names, keywords, results, neighbours.

Everything here is chosen from the title and the abstract, unless a language model wrote it: then `Gist.by` names it.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from broadsheet.types.papers import Paper

Bound = Literal["", "up to", "over", "about"]
Change = Literal["", "more", "less"]


class Measure(StrEnum):
    """What a result is a value of. These are the words that `result:` in a search knows.

    `SPEEDUP` is in times as fast. `ACCURACY`, `ERROR` and `SCORE` are values reached, as they are written.
    `GAIN` is how much better something became, in per cent or points. `MEMORY`, `COMPUTE`, `SIZE` and `TIME` are
    savings, in per cent less. `MORE` and `LESS` are changes of anything, in per cent.
    """

    SPEEDUP = "speedup"
    ACCURACY = "accuracy"
    ERROR = "error"
    SCORE = "score"
    GAIN = "gain"
    MEMORY = "memory"
    COMPUTE = "compute"
    SIZE = "size"
    TIME = "time"
    MORE = "more"
    LESS = "less"


@dataclass(frozen=True, slots=True)
class Result:
    """One claim with a number in it.

    `value` is as it is written, in `unit` ("%", "points", "x" for times, a measure such as "BLEU", or "" for a bare
    number); `high` ends a range. `change` says whether it is so much more or less than before, or ("") a value
    reached; `before` is what it was, where that is said. `what` is what was measured, `on` a data set or a model,
    `against` what it is compared with, all in the words of the abstract, "" where it does not say. `sentence` is
    the sentence that the claim stands in.
    """

    value: float
    unit: str
    measure: Measure
    change: Change = ""
    what: str = ""
    on: str = ""
    against: str = ""
    bound: Bound = ""
    high: float | None = None
    before: float | None = None
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Acronym:
    """A short form and what it stands for: "WINA", "Weight Informed Neuron Activation"."""

    short: str
    long: str


@dataclass(frozen=True, slots=True)
class Gist:
    """A paper in one or two sentences: chosen from its abstract, or (`by`) written by a language model."""

    text: str
    by: str = ""


@dataclass(slots=True)
class Neighbour:
    """A paper near in meaning, and in a line what the two share; `cosine` is how near it is, from -1 to 1."""

    paper: Paper
    cosine: float
    shared: str = ""


@dataclass(slots=True)
class Understood:
    """What is understood of a paper. `method` is the name its authors gave to what they made, "" if none.

    `keywords` are the best first. `older` and `newer` are its neighbours, the nearest first. `notes` are sentences
    for the reader on what could not be done, and why.
    """

    key: str
    gist: Gist | None = None
    method: str = ""
    acronyms: tuple[Acronym, ...] = ()
    keywords: tuple[str, ...] = ()
    results: tuple[Result, ...] = ()
    older: list[Neighbour] = field(default_factory=list)
    newer: list[Neighbour] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Written:
    """What a language model wrote about a paper (by number): "" where it failed, and `error` says how.

    `of` is the fingerprint of the title and abstract that it was asked about.
    """

    paper: int
    text: str
    model: str
    of: str
    error: str = ""
