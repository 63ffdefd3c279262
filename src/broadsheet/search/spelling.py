"""Misspelt words: the likeliest word of the index in place of one that it does not have."""

from functools import lru_cache

from tantivy import Searcher

SHORTEST = 4  # letters: shorter words have too many neighbours
MOST_CANDIDATES = 3_000  # the commonest words with the same beginning
BEGINNINGS = 64  # of which the words are remembered, half a megabyte each at most
LEAST_PAPERS = 3  # whose titles have a word, for it to be suggested: titles have typing errors too


class Vocabulary:
    """The words of titles in one commit of the index. Safe to share among threads."""

    def __init__(self, searcher: Searcher) -> None:
        # To gather the words with one beginning takes milliseconds, and there are few beginnings.
        self._beginning = lru_cache(BEGINNINGS)(
            lambda letters: searcher.terms_with_prefix("words", letters, limit=MOST_CANDIDATES)
        )

    def suggestion(self, word: str, least: int = LEAST_PAPERS) -> str | None:
        """The commonest of the nearest words that at least so many titles have, one or two slips away; or None.

        `word` is folded (`text.folded`). The first letter is taken to be right, as it nearly always is. Takes
        milliseconds, so it is for words that few papers have.
        """
        if len(word) < SHORTEST or not word.isalpha():
            return None
        slips = 1 if len(word) < 2 * SHORTEST else 2
        best: tuple[int, int, str] | None = None
        for beginning in (word[:1], word[:2]):  # the commonest words first, then rarer ones
            for candidate, papers in self._beginning(beginning):
                if papers < least or abs(len(candidate) - len(word)) > slips or candidate == word:
                    continue
                apart = distance(word, candidate, slips)
                if apart <= slips and (best is None or (apart, -papers) < best[:2]):
                    best = (apart, -papers, candidate)
            if best:
                return best[2]
        return None


def distance(one: str, other: str, most: int) -> int:
    """How many letters were left out, added, changed or swapped with the next; `most` + 1 if more than that."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        older, before, row = before, row, [i]
        for j, second in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != second))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == second:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
