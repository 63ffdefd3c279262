"""Which words a set of titles is about, and which of them became commoner. Pure functions of titles.

Words and pairs of words are counted once a title. Growth is the signed log-likelihood ratio G2 of two counts (Dunning
1993), which asks for evidence: three titles of ten say less than thirty of a hundred.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from broadsheet import tex
from broadsheet.types import Grown

_WORD = re.compile(r"[^\W\d_][\w+-]*[^\W_]|[^\W\d_]", re.UNICODE)
_LEAST = 3  # newer titles that a word needs
_EVIDENCE = 3.84  # of G2: one chance in twenty
_STOP = frozenset(
    """a about above across after against all almost along also among an analysis and any application applications
approach approaches are as at based be been before being better between beyond both but by can case do does done during
each effect effects efficient either even evidence few for framework from further general given go good has have high
how i if improved improving in into is it its large learning less let like low made make making many may mean means
method methods model models more most much multi near need new no non not note novel of off on one only open or other
our out over own paper part performance per perspective problem problems real results review same self several should
show simple single small so some study such survey system systems task tasks than that the their them then there these
they this those three through to together too toward towards two under up upon use used using very via view was way we
well what when where whether which while who why will with within without work world would you your""".split()  # noqa: SIM905
)


def told(newer: Sequence[str], older: Sequence[str], *, known: str = "") -> tuple[list[Grown], list[str]]:
    """The words and pairs that newer titles have more often than older ones, the surest first; and those that most of
    all titles have.

    `known` is what all of them are about: its words are left out.
    """
    skip = _skipped(known)
    new, old = _counted(newer, skip), _counted(older, skip)
    return _risen(new, len(newer), old, len(older)), _commonest(new + old)


def telling(groups: Sequence[Sequence[str]], *, known: str = "", limit: int = 3) -> list[list[str]]:
    """For each group of titles, the words and pairs that it has more often than the others, the surest first.

    A group that nothing sets apart gets its commonest words, if any stand in two titles.
    """
    skip = _skipped(known)
    counts = [_counted(titles, skip) for titles in groups]
    whole = sum(counts, Counter[str]())
    size = sum(map(len, groups))
    found = []
    for titles, own in zip(groups, counts, strict=True):
        least = min(_LEAST, max(2, len(titles) // 4))
        scored = {
            words: g2
            for words, count in own.items()
            if count >= least and (g2 := _g2(count, len(titles), whole[words] - count, size - len(titles))) > _EVIDENCE
        } or {words: float(count) for words, count in own.items() if count > 1}
        ordered = sorted(scored, key=lambda one: (-round(scored[one], 6), -len(one), one))
        found.append(_distinct(ordered[: limit * 12], own)[:limit])
    return found


def _risen(new: Counter[str], news: int, old: Counter[str], olds: int, limit: int = 10) -> list[Grown]:
    if not news or not olds:
        return []
    scored = [
        (g2, words)
        for words, count in new.items()
        if count >= _LEAST and (g2 := _g2(count, news, old[words], olds)) > _EVIDENCE
    ]
    ordered = [words for _, words in sorted(scored, key=lambda one: (-round(one[0], 6), -len(one[1]), one[1]))]
    return [Grown(words, new[words], old[words]) for words in _distinct(ordered, new)][:limit]


def _commonest(counts: Counter[str], limit: int = 12) -> list[str]:
    ordered = sorted(
        (words for words, count in counts.items() if count >= _LEAST),
        key=lambda words: (-counts[words] * (2 if " " in words else 1), words),
    )
    return _distinct(ordered[: limit * 6], counts)[:limit]


def _skipped(known: str) -> frozenset[str]:
    return frozenset(_stem(word) for word in _words(known))


def _counted(titles: Sequence[str], skip: frozenset[str]) -> Counter[str]:
    return Counter(words for title in titles for words in set(_phrases(title, skip)))


def _phrases(title: str, skip: frozenset[str]) -> Iterator[str]:
    """The words of a title and the pairs of neighbours; none that says nothing or is known."""
    last = ""
    for word in _words(title):
        telling = word not in _STOP and len(word) > 2 and _stem(word) not in skip
        # "language model" says what neither word does, so a pair may have one plain word.
        if last and (telling or (len(word) > 3 and _stem(word) not in skip and last not in _STOP)):
            yield f"{last} {word}"
        if telling:
            yield word
        last = word if len(word) > 2 and (telling or word in _PLAIN) else ""


_PLAIN = frozenset({"learning", "large", "model", "models", "self", "multi", "open", "world", "small"})


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(tex.plain(text))]


def _stem(word: str) -> str:
    return word.removesuffix("s")


def _distinct(ordered: Sequence[str], counts: Counter[str]) -> list[str]:
    """Without words that stand in a chosen pair, and pairs of a chosen word, most of the time; and without plurals."""
    chosen: list[str] = []
    for words in ordered:
        parts = {_stem(part) for part in words.split()}
        if all(not parts & {_stem(part) for part in one.split()} for one in chosen):
            chosen.append(words)
        elif " " in words:
            held = [one for one in chosen if parts & {_stem(part) for part in one.split()}]
            # A pair that is most of what a chosen word was found in says it better.
            if len(held) == 1 and " " not in held[0] and counts[words] * 2 > counts[held[0]]:
                chosen[chosen.index(held[0])] = words
    return chosen


def _g2(new: int, news: int, old: int, olds: int) -> float:
    """The log-likelihood ratio of a count in two sets of titles, negative where it fell."""
    both = (new + old) / (news + olds)
    total = 0.0
    for seen, size in ((new, news), (old, olds)):
        for part, share in ((seen, both), (size - seen, 1 - both)):
            if part and share:
                total += part * math.log(part / (size * share))
    return 2 * total * (1 if new * olds >= old * news else -1)
