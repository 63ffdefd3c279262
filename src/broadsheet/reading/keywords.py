"""The phrases that say what a paper is about.

Candidates are what is left between small words, verbs and punctuation (Rose and others, Automatic keyword extraction
from individual documents, 2010, known as RAKE): of a stretch the terms that are known to be terms (`phrases.known`),
and the whole of it where it is short. They are ranked by

    0.4 closeness + 0.2 rarity + 0.4 standing

where closeness is the cosine of the phrase's vector with the abstract's (Grootendorst's KeyBERT, 2020), rarity how few
papers of the catalogue have its words, and standing where and how often it is said: in the title, early, often, and
whether it is a term. Then they are chosen one by one, each for its rank less its likeness to those chosen before
(maximal marginal relevance: Carbonell and Goldstein 1998).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from broadsheet.reading import MOST
from broadsheet.reading.acronyms import acronyms
from broadsheet.reading.english import FUNCTION, HOLLOW
from broadsheet.reading.phrases import LONGEST, MARK_UP, Terms, folded, hollow_first, hollow_last, is_name, known, runs
from broadsheet.reading.sentences import COMMON, language

Vectors = npt.NDArray[np.float32]
Embed = Callable[[Sequence[str]], Vectors]
Rarity = Callable[[Sequence[str]], Sequence[float]]

FEWEST, USUAL = 6, 8  # phrases of a paper; fewer only where there are no more
RANKED = 26  # candidates of a paper that are looked at by meaning
CLOSENESS, RARITY, STANDING = 0.4, 0.2, 0.4
LIKENESS = 0.4  # what likeness to a chosen phrase costs
RAREST = 9.0  # an inverse document frequency from which on a word is no rarer: one paper in 8,000
_FOREIGN = frozenset().union(*(words for name, words in COMMON.items() if name != "English"))


@dataclass(slots=True)
class Candidate:
    """A phrase, in the spelling in which it came first, and how it stands in its text (about 0 to 1)."""

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
    terms = known()
    found: dict[str, Candidate] = {}
    counts: dict[str, int] = {}
    small = FUNCTION if language(abstract) in ("English", "") else FUNCTION | _FOREIGN
    length = max(1, len(abstract))
    for text, is_title in ((title, True), (abstract[:MOST], False)):
        for words, at in runs(MARK_UP.sub(" ", text), small, terms.verbs):
            for key, spelt in _phrases(words, terms):
                counts[key] = counts.get(key, 0) + 1
                if key not in found:
                    early = 1.0 if is_title else 0.6 * (1 - at / length)
                    found[key] = Candidate(" ".join(spelt), key, tuple(dict.fromkeys(map(str.lower, spelt))), early)
                elif not is_title and found[key].standing == 1.0 and counts[key] == 2:
                    found[key].text = " ".join(spelt)  # a sentence's spelling, not a title's
    # A short form stands for its long form, unless the title has it.
    titled = set(map(folded, title.replace(":", " ").split()))
    short = {folded(pair.short) for pair in acronyms(title, abstract)} - titled
    kept = []
    for key, candidate in found.items():
        once = candidate.standing < 1.0 and counts[key] == 1
        if key in short or (once and " " not in key and not is_name(candidate.text)):
            continue
        candidate.standing = _standing(candidate, counts[key], terms)
        kept.append(candidate)
    return kept


def _standing(candidate: Candidate, count: int, terms: Terms) -> float:
    usual = terms.usual.get(candidate.key)
    words = candidate.key.count(" ") + 1
    often = min(count, 4) / 4
    # A term of two or three words says more than one word; a phrase that is no term must be said twice, or be a name.
    term = (0.3 + 0.6 * (words > 1) + 0.15 * (words > 2)) if usual is not None else 0.35 * is_name(candidate.text)
    return 0.35 * candidate.standing + 0.25 * often + 0.4 * term


def _phrases(words: list[str], terms: Terms) -> Iterator[tuple[str, list[str]]]:
    """The candidates of a stretch: the longest known terms in it, and the whole of it without hollow ends."""
    start, end = 0, len(words)
    while (
        start < end
        and hollow_first(words[start])
        and " ".join(map(folded, words[start : start + 3])) not in terms.usual
    ):
        start += 1
    while end > start and hollow_last(words[end - 1]):
        end -= 1
    core = words[start:end]
    keys = list(map(folded, core))
    inside = False
    first = 0
    while first < len(keys):
        for length in range(min(LONGEST, len(keys) - first), 0, -1):
            key = " ".join(keys[first : first + length])
            if key in terms.usual and (length > 1 or first + 1 == len(keys)):
                yield key, core[first : first + length]
                inside = inside or length > 1 or length == len(core)
                first += max(1, length - 1)  # "sparse attention heads" is "sparse attention" and "attention heads"
                break
        else:
            first += 1
    whole = " ".join(keys)
    if whole in terms.usual or not core or len(core) > LONGEST - 1 or (inside and len(core) > 2):
        return
    if len(core) == 1 and (
        len(core[0]) < 3 or core[0].lower() in HOLLOW or not (is_name(core[0]) or core[0][0].isupper())
    ):
        return
    yield whole, core


def _telling(found: list[Candidate], rare: dict[str, float]) -> list[Candidate]:
    """The candidates that stand and are rare enough to be looked at by meaning."""
    return sorted(found, key=lambda one: -(one.standing + 0.4 * _rarity(one, rare)))[:RANKED]


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
        if score[best] < 0 or (len(chosen) >= FEWEST and score[best] < 0.4 * rank[chosen[0]]):
            break
        chosen.append(best)
        likeness = np.maximum(likeness, own @ own[best])
        for place, words in enumerate(sets):
            if words <= sets[best] or words >= sets[best]:  # "sparse attention" beside "attention"
                likeness[place] = 5.0
    return [_shown(found[place].text) for place in chosen]


def _shown(text: str) -> str:
    """A phrase as it is shown: without a title's capitals; names and short forms as they are."""
    if not any(map(str.isupper, text)):
        return text
    return " ".join(word if is_name(word) or any(map(str.isdigit, word)) else word.lower() for word in text.split(" "))
