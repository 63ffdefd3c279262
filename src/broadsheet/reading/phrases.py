"""Words of a text that may make a term, and the terms that are known: `terms.txt.gz`, made by `training/terms.py`."""

# ruff: noqa: SIM905 - lists of words

import gzip
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from broadsheet.reading.english import FUNCTION, HOLLOW, VERBS

TOKEN = re.compile(r"https?://\S+|[\w.-]+@[\w.-]+|[^\W_][\w+#'’/-]*(?<![-/'’])(?:\.\d+)?|[^\w\s]")  # noqa: RUF001
WORD = re.compile(r"[^\W\d_]")
MARK_UP = re.compile(r"\\[A-Za-z]+|[*_`^{}$\\]+")
LONGEST = 4  # words of a term
_POSSESSIVE = re.compile(r"['’]s?$")  # noqa: RUF001
_ADVERB_LIKE = frozenset(("family", "anomaly", "assembly", "supply", "monopoly", "early", "daily", "poly", "only"))
_ADJECTIVE_LIKE = frozenset(
    ("adjective", "objective", "archive", "perspective", "table", "cable", "drive", "five", "narrative")
)
# Words that end no term, among the hollow ones; the others ("state space models") may.
_WEAK_ENDS = HOLLOW - frozenset(
    """model models data dataset datasets analysis attention function functions learning space spaces structure
    structures system systems theory framework network networks method methods problem problems process
    processes feature features code codes complexity design efficiency quality science scale set sets
    strategy target technology test testing benchmark benchmarks evaluation reasoning rate rates size value
    values sample samples""".split()
)


@dataclass(frozen=True, slots=True)
class Terms:
    """The phrases of the field, folded, with how usual each is (0 to 1); and words that are verbs."""

    usual: dict[str, float]
    verbs: frozenset[str]


@cache
def known() -> Terms:
    """The terms that ship with Broadsheet."""
    lines = gzip.decompress((Path(__file__).parent / "terms.txt.gz").read_bytes()).decode().splitlines()
    papers, verbs = int(lines[0]), lines[1].split()
    pairs = (line.split("\t") for line in lines[2:])
    return Terms({key: math.log(int(number)) / math.log(papers) for key, number in pairs}, VERBS | frozenset(verbs))


def runs(text: str, small: frozenset[str], verbs: frozenset[str]) -> Iterator[tuple[list[str], int]]:
    """The stretches of words between small words, verbs and punctuation, and where each begins."""
    run: list[str] = []
    start = 0
    for match in TOKEN.finditer(text):
        word = match[0]
        low = word.lower()
        ends = not word[0].isalnum() or low in small or (low in verbs and not is_name(word)) or not WORD.search(word)
        if ends or "://" in word:
            if run:
                yield run, start
            run = []
            continue
        if not run:
            start = match.start()
        run.append(_POSSESSIVE.sub("", word))
    if run:
        yield run, start


def is_name(word: str) -> bool:
    """Whether a word is written as a name: "WORD", "GaLore"."""
    return sum(map(str.isupper, word)) > 1


def folded(word: str) -> str:
    """A word in lower case and the singular, as far as an ending tells."""
    low = word.lower()
    if len(low) > 4 and low.endswith("s") and not low.endswith(("ss", "us", "is", "ous", "ics")):
        return low[:-3] + "y" if low.endswith("ies") else low[:-1]
    return low


def hollow_first(word: str) -> bool:
    """Whether no term begins so."""
    low = word.lower()
    return low in HOLLOW or low in FUNCTION or _is_adverb(low)


def hollow_last(word: str) -> bool:
    """Whether no term ends so."""
    low = word.lower()
    adjective = low.endswith(("ive", "able", "ible", "ful", "ous", "ical", "-based", "-aware", "-driven", "-guided"))
    return low in _WEAK_ENDS or low in FUNCTION or _is_adverb(low) or (adjective and low not in _ADJECTIVE_LIKE)


def _is_adverb(low: str) -> bool:
    return low.endswith("ly") and len(low) > 4 and low not in _ADVERB_LIKE
