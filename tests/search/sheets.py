"""Papers as the postings see them, and what must be found in them: the model that the postings are held against."""

import itertools
import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import strategies as st

from broadsheet.search import postings
from broadsheet.search.counting import Counting, author_key
from broadsheet.search.generations import Generations
from broadsheet.search.postings import (
    Asked,
    Facts,
    Group,
    Mask,
    PostingsWriter,
    Snapshot,
    bitmaps,
    dividing,
    opened,
    reading,
    writing,
)

WORDS = ("ram", "wool", "hay", "bell", "pen", "goat")
LABELS = ("category:cs.LG", "category:cs.CL", "category:math.CO", "has:code")
NAMES = ("Ada Lovelace", "Emmy Noether", "ada lovelace", "")
GROUPS: list[list[Group]] = [
    [(("ram",), ())],
    [(("ram",), ()), (("wool",), ())],
    [(("hay", "hay", "bell"), ()), (("pen",), ())],
    [(("ram", "wool"), ("goat",))],
    [(("hay",), ()), (("bell", "pen"), ("goat", "wool")), (("ram",), ("goat",))],
    [(("nowhere",), ("goat",)), (("wool",), ())],
    [(("nowhere",), ()), (("wool",), ())],
]


class Sheet(NamedTuple):
    """A paper, as far as the postings go: title and text are words that are their own stems."""

    title: tuple[str, ...]
    text: tuple[str, ...] = ()
    day: int = -1
    labels: Collection[str] = ()
    authors: Collection[str] = ()

    def words(self, field: str) -> tuple[str, ...]:
        return self.title if field == "title" else (*self.title, *self.title, *self.text)


Held = Mapping[int, Sheet]
SHEETS = st.builds(
    Sheet,
    st.lists(st.sampled_from(WORDS), max_size=3).map(tuple),
    st.lists(st.sampled_from(WORDS), max_size=5).map(tuple),
    st.sampled_from([-1, 20240229, 20261121, 20261122]),
    st.sets(st.sampled_from(LABELS)).map(sorted),
    st.lists(st.sampled_from(NAMES), max_size=3),
)


def generation(folder: Path) -> Path:
    """An empty generation of an index."""
    return Generations(folder, 1).begin()


def put(writer: PostingsWriter, sheets: Sequence[tuple[int, Sheet]]) -> None:
    texts = (([" ".join(one.title)], [" ".join(one.title)] * 2 + [" ".join(one.text)]) for _, one in sheets)
    counts = Counting().counted(texts)
    facts = [Facts(one.day, one.labels, one.authors) for _, one in sheets]
    writer.put([number for number, _ in sheets], counts, facts)


def written(path: Path, *commits: Held, sequence: int = 1) -> Snapshot:
    """Postings with these commits."""
    writer = PostingsWriter(path)
    for held in commits:
        put(writer, list(held.items()))
        writer.commit(sequence)
    return opened(path)


@contextmanager
def constants(small: int, waiting: int, block: int, short: int, *maps: int) -> Iterator[None]:
    """Other bounds than those that a large index has, so that a small one reaches them.

    `maps` are those of bitmaps: how common a stem must be, and how many are kept.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writing, "SMALL", small)
        patch.setattr(writing, "MOST_WAITING", waiting)
        patch.setattr(writing, "_BLOCK", block)
        patch.setattr(dividing, "_BLOCK", block)
        patch.setattr(dividing, "_MANY", 1 + block % 5)
        patch.setattr(reading, "_SHORT", short)
        patch.setattr(reading, "_SOME", 2)
        for name, value in zip(("COMMON", "MOST"), maps, strict=False):
            patch.setattr(bitmaps, name, value)
        yield


# --- what is asked, answered from the papers themselves ------------------------------------------------------


def has(one: Sheet, group: Group, field: str) -> bool:
    words, (stems, compounds) = one.words(field), group
    return all(stem in words for stem in stems) or any(stem in words for stem in compounds)


def scored(held: Held, asked: Asked, weights: Mapping[str, float], field: str) -> dict[int, list[float]]:
    """What words add to papers' scores, by the formula in `postings.reading`."""
    mean = sum(len(one.words(field)) for one in held.values()) / len(held) if held else 1.0
    most = 15 if field == "title" else 255
    found: dict[int, list[float]] = {number: [] for number in held}
    for word, weight in weights.items():
        have = asked.frequency(word, field)
        rarity = math.log(1 + (max(0, len(held) - have) + 0.5) / (have + 0.5))
        for number, one in held.items():
            words = one.words(field)
            times = min(words.count(word), most)
            norm = 1.2 * (0.25 + 0.75 * len(words) / (mean or 1.0))
            found[number].append(weight * rarity * 2.2 * times / (times + norm))
    return found


def numbers_of(mask: Mask) -> set[int]:
    return set(np.flatnonzero(mask).tolist())


def assert_finds(snapshot: Snapshot, held: Held, allowed: Collection[int] | None) -> None:
    """Every set of papers is what it should be."""
    asked = Asked(snapshot, None if allowed is None else snapshot.these(sorted(allowed)))
    there = {number: one for number, one in held.items() if allowed is None or number in allowed}
    for field in ("text", "title"):
        for word in (*WORDS, "nowhere"):
            assert asked.frequency(word, field) >= sum(word in one.words(field) for one in held.values())
        for groups in GROUPS:
            having = [number for number, one in there.items() if all(has(one, group, field) for group in groups)]
            assert sorted(asked.all_words(groups, field).tolist()) == sorted(having), "each of them once"
        numbers = [9, 99, 3, 1, 0, 3, *held]
        times = [[held[n].words(field).count(word) if n in held else 0 for word in WORDS] for n in numbers]
        assert asked.times(numbers, WORDS, field).tolist() == times
    assert asked.frequency("nowhere") == 0
    often = {number: {word for word in WORDS[:4] if word in one.words("text")} for number, one in there.items()}
    assert numbers_of(asked.any_word(WORDS[:4])) == {number for number, own in often.items() if own}
    for least in (1, 2, 3):
        right = {number for number, own in often.items() if len(own) >= least}
        assert numbers_of(asked.some_words(WORDS[:4], least)) == right
        for groups in GROUPS:
            known = {n for n, one in held.items() if sum(has(one, group, "text") for group in groups) >= least}
            assert asked.holding([12, 5, *held], groups, least) == known, "of any papers, allowed or not"


def assert_tells(snapshot: Snapshot, held: Held) -> None:
    """Every mask is what it should be."""
    assert snapshot.count == len(held)
    assert numbers_of(snapshot.there) == held.keys()
    for labels in ((), LABELS[:1], LABELS[2:], ("category:cs",)):
        right = {number for number, one in held.items() if not set(labels).isdisjoint(one.labels)}
        assert numbers_of(snapshot.labelled(labels)) == right
    for code, labels in (("cs.lg", LABELS[:1]), ("CS", LABELS[:2]), ("math", LABELS[2:3]), ("c", ()), ("code", ())):
        assert numbers_of(snapshot.in_category(code)) == numbers_of(snapshot.labelled(labels))
    for first, last in ((None, None), (20261121, None), (None, 20261121), (20240301, 20261121), (20261122, 20240229)):
        right = {n for n, one in held.items() if (first or 0) <= one.day <= (last or 99999999)}
        assert numbers_of(snapshot.dated(first, last)) == right
    order = sorted(held, key=lambda number: (held[number].day, number))
    for most in (0, 1, 3, 99):
        assert snapshot.in_order_of_days(snapshot.there, most, oldest=True) == order[:most]
        assert snapshot.in_order_of_days(snapshot.there, most) == order[::-1][:most]
    odd = [number for number in order if number % 2]
    assert snapshot.in_order_of_days(snapshot.these([*odd, -1, 2**40]), 2, oldest=True) == odd[:2]


def assert_divides(snapshot: Snapshot, held: Held, allowed: Collection[int]) -> None:
    """Every count of a set of papers is what it should be."""
    for numbers in ([*held], [number for number in held if number in allowed], []):
        mask, papers = snapshot.these(numbers), [held[number] for number in numbers]
        years = Counter(one.day // 10_000 for one in papers if one.day >= 0)
        assert dividing.years(snapshot, mask) == years
        assert dividing.labels(snapshot, mask) == Counter(label for one in papers for label in set(one.labels))
        named = Counter(name for one in papers for name in set(one.authors))
        found = dividing.authors(snapshot, mask, 99)
        assert {one.key: one.papers for one in found} == {author_key(name): own for name, own in named.items()}
        for one in found:
            assert one.number in numbers
            assert one.key in map(author_key, held[one.number].authors)
        most = [one.papers for one in dividing.authors(snapshot, mask, 2)]
        assert most == sorted(named.values(), reverse=True)[:2]


def assert_ranks(snapshot: Snapshot, held: Held, allowed: Collection[int] | None) -> None:
    """Every score and every list of the best is what it should be."""
    asked = Asked(snapshot, None if allowed is None else snapshot.these(sorted(allowed)))
    for weights in ({"ram": 1.0}, {"wool": 2.0, "ram": 0.5, "nowhere": 1.0}, dict.fromkeys(WORDS, 1.0)):
        for field in ("text", "title"):
            right = np.array(list(scored(held, asked, weights, field).values())).reshape(len(held), len(weights))
            np.testing.assert_allclose(asked.contributions(list(held), weights, field), right, rtol=1e-4, atol=1e-6)
        assert not asked.contributions([50_000, 2**20], weights, "text").any()
        scores = {number: sum(own) for number, own in scored(held, asked, weights, "text").items()}
        there = {number: one for number, one in held.items() if allowed is None or number in allowed}
        some = {number: scores[number] for number in there if scores[number]}
        for most in (1, 3, 99):
            assert_best(asked.best(weights, most), some, most)
        for groups, field in itertools.product(GROUPS, ("text", "title")):
            having = {n: scores[n] for n, one in there.items() if all(has(one, group, field) for group in groups)}
            for most in (1, 3, 99):
                numbers, own, count = asked.best_with_all(groups, weights, most, field)
                assert_best((numbers, own), having, most)
                assert count == len(having)


def assert_best(found: tuple[postings.Numbers, postings.Scores], right: Mapping[int, float], most: int) -> None:
    numbers, scores = found[0].tolist(), found[1].tolist()
    np.testing.assert_allclose(scores, sorted(right.values(), reverse=True)[:most], rtol=1e-4)
    np.testing.assert_allclose(scores, [right[number] for number in numbers], rtol=1e-4)
    assert len(set(numbers)) == len(numbers)
    assert list(zip(scores, numbers, strict=True)) == sorted(zip(scores, numbers, strict=True), key=_order)


def _order(one: tuple[float, int]) -> tuple[float, int]:
    return -one[0], one[1]


def assert_answers(snapshot: Snapshot, held: Held, allowed: Collection[int] | None = None) -> None:
    assert_tells(snapshot, held)
    assert_finds(snapshot, held, allowed)
    assert_divides(snapshot, held, allowed or ())
    assert_ranks(snapshot, held, allowed)


def files(path: Path) -> list[str]:
    return sorted(file.name for file in (path / "postings").glob("p-*"))


def sheets(numbers: Sequence[int], seed: int = 0) -> dict[int, Sheet]:
    """Papers made up of the words by chance."""
    random = np.random.default_rng(seed)

    def words(most: int) -> tuple[str, ...]:
        return tuple(random.choice(WORDS, random.integers(0, most)).tolist())

    return {n: Sheet(words(4), words(30), 20261101 + n % 20, LABELS[: n % 5], NAMES[n % 4 :]) for n in numbers}
