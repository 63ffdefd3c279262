"""The phrases that say what a paper is about.

Candidates are what is left between small words, verbs of telling and punctuation (Rose and others, Automatic keyword
extraction from individual documents, 2010, known as RAKE), cut to four words and without hollow ones at their ends.
They are ranked by

    0.5 closeness + 0.2 rarity + 0.3 standing

where closeness is the cosine of the phrase's vector with the abstract's (Grootendorst's KeyBERT, 2020), rarity how few
papers of the catalogue have its words, and standing where and how often it is said: in the title, early, often. Then
they are chosen one by one, each for its rank less its likeness to those chosen before (maximal marginal relevance:
Carbonell and Goldstein 1998).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from broadsheet.reading import MOST
from broadsheet.reading.english import FUNCTION, HOLLOW, VERBS
from broadsheet.reading.sentences import COMMON, language

Vectors = npt.NDArray[np.float32]
Embed = Callable[[Sequence[str]], Vectors]
Rarity = Callable[[Sequence[str]], Sequence[float]]

FEWEST, USUAL = 6, 8  # phrases of a paper; fewer only where there are no more
LONGEST = 4  # words of a phrase
RANKED = 26  # candidates of a paper that are looked at by meaning
CLOSENESS, RARITY, STANDING = 0.5, 0.2, 0.3
LIKENESS = 0.45  # what likeness to a chosen phrase costs
RAREST = 9.0  # an inverse document frequency from which on a word is no rarer: one paper in 8,000

_TOKEN = re.compile(r"https?://\S+|[\w.-]+@[\w.-]+|[^\W_][\w+#'’/-]*(?<![-/'’])(?:\.\d+)?|[^\w\s]")  # noqa: RUF001
_WORD = re.compile(r"[^\W\d_]")
_MARK_UP = re.compile(r"\\[A-Za-z]+|[*_`^{}$\\]+")
_POSSESSIVE = re.compile(r"['’]s?$")  # noqa: RUF001
_FOREIGN = frozenset().union(*(words for name, words in COMMON.items() if name != "English"))


@dataclass(slots=True)
class Candidate:
    """A phrase, in the spelling in which it came first, and how it stands in its text (0 to 1)."""

    text: str
    key: str
    words: tuple[str, ...]
    standing: float


def keywords(title: str, abstract: str, embed: Embed, rarity: Rarity, *, most: int = USUAL) -> list[str]:
    """The best phrases of a plain title and abstract, the best first. Never raises by itself.

    `embed` gives texts' vectors of unit length, one a row; `rarity` the inverse document frequency of single words
    (natural logarithm).
    """
    return many([(title, abstract)], embed, rarity, most=most)[0]


def many(papers: Sequence[tuple[str, str]], embed: Embed, rarity: Rarity, *, most: int = USUAL) -> list[list[str]]:
    """What `keywords` finds for each of several papers: quicker than one by one, since their phrases overlap."""
    found = [candidates(title, abstract) for title, abstract in papers]
    words = list(dict.fromkeys(word for one in found for candidate in one for word in candidate.words))
    rare = dict(zip(words, (min(value, RAREST) / RAREST for value in rarity(words)), strict=True)) if words else {}
    kept = [_telling(one, rare) for one in found]
    phrases = list(dict.fromkeys(candidate.key for one in kept for candidate in one))
    if not phrases:
        return [[] for _ in papers]
    vectors = embed([*phrases, *(f"{title}\n{abstract[:MOST]}" for title, abstract in papers)])
    rows = {phrase: row for row, phrase in enumerate(phrases)}
    chosen = []
    for number, one in enumerate(kept):
        own = vectors[[rows[candidate.key] for candidate in one]]
        chosen.append(_chosen(one, own, vectors[len(phrases) + number], rare, most))
    return chosen


def candidates(title: str, abstract: str) -> list[Candidate]:
    """The phrases of a title and abstract that may be keywords, in the order in which they come."""
    found: dict[str, Candidate] = {}
    counts: dict[str, int] = {}
    small = FUNCTION if language(abstract) in ("English", "") else FUNCTION | _FOREIGN
    length = max(1, len(abstract))
    for text, is_title in ((title, True), (abstract[:MOST], False)):
        for words, at in _runs(_MARK_UP.sub(" ", text), small):
            for spelt in _phrases(words):
                key = " ".join(map(_folded, spelt))
                counts[key] = counts.get(key, 0) + 1
                if key not in found:
                    early = 1.0 if is_title else 0.6 * (1 - at / length)
                    found[key] = Candidate(" ".join(spelt), key, tuple(dict.fromkeys(map(str.lower, spelt))), early)
                elif found[key].text.istitle() and not " ".join(spelt).istitle():
                    found[key].text = " ".join(spelt)  # a sentence's spelling, not a title's
    for key, candidate in found.items():
        often = min(counts[key], 4) / 4
        several = min(len(candidate.words), 3) / 3
        candidate.standing = 0.45 * candidate.standing + 0.3 * often + 0.25 * several
    return list(found.values())


def _runs(text: str, small: frozenset[str]) -> Iterator[tuple[list[str], int]]:
    """The stretches of words between small words, verbs and punctuation, and where each begins."""
    run: list[str] = []
    start = 0
    for match in _TOKEN.finditer(text):
        word = match[0]
        low = word.lower()
        if not word[0].isalnum() or low in small or (low in VERBS and not _named(word)) or not _WORD.search(word) or "://" in word:
            if run:
                yield run, start
            run = []
            continue
        if not run:
            start = match.start()
        run.append(_POSSESSIVE.sub("", word))
    if run:
        yield run, start


def _named(word: str) -> bool:
    """Whether a word is written as a name: "WORD", "GaLore"."""
    return sum(map(str.isupper, word)) > 1


def _phrases(words: list[str]) -> Iterator[list[str]]:
    """The phrases of a run: the whole of it without hollow ends, and of a long one its last words."""
    start, end = 0, len(words)
    while start < end and _hollow_first(words[start]):
        start += 1
    while end > start and _hollow_last(words[end - 1]):
        end -= 1
    core = words[start:end]
    if not core:
        return
    if len(core) > LONGEST:
        yield core[-3:]
        yield core[:2]
        return
    if len(core) == 1 and (len(core[0]) < 3 or core[0].lower() in HOLLOW):
        return
    yield core
    if len(core) > 2:
        yield core[-2:]


def _hollow_first(word: str) -> bool:
    low = word.lower()
    return low in HOLLOW or (low.endswith("ly") and len(low) > 4 and low not in ("family", "anomaly", "assembly"))


def _hollow_last(word: str) -> bool:
    low = word.lower()
    return (
        low in _WEAK_ENDS
        or (low.endswith("ly") and len(low) > 4 and low not in ("family", "anomaly", "assembly"))
        or (low.endswith(("ive", "able", "ible", "ful", "ous", "ical")) and low not in ("adjective", "objective"))
        or (low.endswith("-based") or low.endswith("-aware") or low.endswith("-driven"))
    )


# Words that end no phrase, among the hollow ones; the others ("state space models") may.
_WEAK_ENDS = HOLLOW - frozenset(
    """model models data dataset datasets analysis attention function functions learning space spaces structure structures
    system systems theory framework network networks method methods problem problems process processes feature features
    code codes complexity design efficiency quality science scale set sets strategy target technology test testing
    benchmark benchmarks evaluation reasoning rate rates size value values""".split()
)


def _folded(word: str) -> str:
    """A word in lower case and the singular, as far as an ending tells."""
    low = word.lower()
    if len(low) > 4 and low.endswith("s") and not low.endswith(("ss", "us", "is", "ous", "ics")):
        return low[:-3] + "y" if low.endswith("ies") else low[:-1]
    return low


def _telling(found: list[Candidate], rare: dict[str, float]) -> list[Candidate]:
    """The candidates that stand and are rare enough to be looked at by meaning."""
    ranked = sorted(found, key=lambda one: -(one.standing + 0.5 * _rarity(one, rare)))
    return ranked[:RANKED]


def _rarity(one: Candidate, rare: dict[str, float]) -> float:
    values = [rare[word] for word in one.words]
    return 0.5 * (max(values) + sum(values) / len(values))


def _chosen(found: list[Candidate], own: Vectors, whole: Vectors, rare: dict[str, float], most: int) -> list[str]:
    """The phrases by rank, each less like those before it."""
    if not found:
        return []
    standing = np.array([one.standing for one in found], dtype=np.float32)
    rarity = np.array([_rarity(one, rare) for one in found], dtype=np.float32)
    rank = CLOSENESS * (own @ whole) + RARITY * rarity + STANDING * standing
    likeness = np.zeros(len(found), dtype=np.float32)
    sets = [frozenset(one.key.split()) for one in found]
    chosen: list[int] = []
    while len(chosen) < min(most, len(found)):
        score = rank - LIKENESS * likeness
        score[chosen] = -np.inf
        best = int(np.argmax(score))
        if score[best] == -np.inf or (len(chosen) >= FEWEST and score[best] < 0.5 * rank[chosen[0]]):
            break
        chosen.append(best)
        likeness = np.maximum(likeness, own @ own[best])
        for place, words in enumerate(sets):
            if words <= sets[best] or words >= sets[best]:  # "sparse attention" beside "attention"
                likeness[place] = 2.0
    return [_shown(found[place]) for place in chosen]


def _shown(one: Candidate) -> str:
    """A phrase as it is shown: without a sentence's capital, names and short forms as they are."""
    words = one.text.split()
    plain = [word if sum(map(str.isupper, word)) > 1 or not word[1:].islower() else word.lower() for word in words]
    # Proper names keep their capital: those that never stand without one in a phrase of the sentence's middle.
    return " ".join(plain) if one.text.istitle() or words[0].istitle() else one.text
