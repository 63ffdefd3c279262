"""Makes `src/broadsheet/reading/terms.txt.gz`: the phrases of the field, and the words that are verbs.

    python training/terms.py --data ../shared/data

From every sixth of the papers, titles and abstracts: which words stand between small words, and after them. It holds
single words and terms of up to four, and counts: facts about the language, and nobody's sentences.

- A word is taken for a verb if a determiner follows it more often than one time in ten ("decomposes the ..."): nouns
  are followed by one hardly ever. Forms in -ing are nouns as often, and need two times in ten.
- A phrase is kept if eight papers have it, if its words stand side by side in a good part of the papers that have both
  (pointwise mutual information of -0.9 or more at each of its joints), and if it is not for the most part a piece of
  one longer phrase.
"""

import argparse
import gzip
import math
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))
import corpus
from broadsheet import tex
from broadsheet.reading.english import FUNCTION, HOLLOW, VERBS
from broadsheet.reading.phrases import MARK_UP, TOKEN, WORD, folded, hollow_first, hollow_last

STEP, FEWEST, TOGETHER, PIECE = 6, 8, -0.9, 0.8
USUAL = 300  # papers that have a phrase whose first word is hollow: "large language model"
DETERMINERS = frozenset(["the", "a", "an", "this", "these", "those", "its", "our", "their", "his"])
VERB, VERB_ING, SEEN = 0.10, 0.20, 25
LONGEST = 4
PRUNED_EVERY = 20_000  # papers
TARGET = Path(__file__).parent.parent / "src" / "broadsheet" / "reading" / "terms.txt.gz"


def runs(text: str) -> Iterator[tuple[list[str], str]]:
    """The stretches between small words and punctuation, and the word that follows each."""
    run: list[str] = []
    for match in TOKEN.finditer(MARK_UP.sub(" ", text)):
        word = match[0]
        low = word.lower()
        if not word[0].isalnum() or low in FUNCTION or not WORD.search(word) or "://" in word or len(word) > 30:
            if run:
                yield run, low
            run = []
        else:
            run.append(word)
    if run:
        yield run, ""


def count(data: Path) -> tuple[int, Counter[str], Counter[str], Counter[str]]:
    """Papers, how often each word comes, how often a determiner follows it, and how many papers have each phrase."""
    papers, words, followed, grams = 0, Counter[str](), Counter[str](), Counter[str]()
    for number, paper in enumerate(corpus.papers(data)):
        if number % STEP:
            continue
        papers += 1
        seen = set()
        for run, after in runs(tex.plain(f"{paper.title}. {paper.abstract}")):
            words.update(map(str.lower, run))
            followed[run[-1].lower()] += after in DETERMINERS
            keys = list(map(folded, run))
            seen.update(
                " ".join(keys[first : first + length]) for first in range(len(keys)) for length in range(1, LONGEST + 1)
                if first + length <= len(keys)
            )  # fmt: skip
        grams.update(seen)
        if papers % PRUNED_EVERY == 0:
            for key in [key for key, value in grams.items() if value <= 2 and " " in key]:
                del grams[key]
    return papers, words, followed, grams


def verbs(words: Counter[str], followed: Counter[str]) -> list[str]:
    shares = {word: followed[word] / number for word, number in words.items() if number >= SEEN}
    found = [word for word, share in shares.items() if share > (VERB_ING if word.endswith("ing") else VERB)]
    return sorted(word for word in found if word not in VERBS and word not in HOLLOW and re.fullmatch("[a-z-]+", word))


def phrases(papers: int, grams: Counter[str], not_in: frozenset[str]) -> Iterator[tuple[str, int]]:
    pieces: Counter[str] = Counter()
    for key, number in grams.items():
        words = key.split()
        for piece in {" ".join(words[:-1]), " ".join(words[1:])} if len(words) > 2 else ():
            pieces[piece] = max(pieces[piece], number)
    for key, number in sorted(grams.items()):
        words = key.split()
        first = hollow_first(words[0]) and not (len(words) > 2 and number >= USUAL)
        if number < FEWEST or first or hollow_last(words[-1]) or not not_in.isdisjoint(words):
            continue
        if len(words) == 1:
            if words[0] not in HOLLOW and len(words[0]) > 2 and number < papers / 40:
                yield key, number
        elif pieces[key] < PIECE * number and all(
            math.log(number * papers / (grams[" ".join(words[:at])] * grams[" ".join(words[at:])])) >= TOGETHER
            for at in range(1, len(words))
            if grams[" ".join(words[:at])] and grams[" ".join(words[at:])]
        ):
            yield key, number


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=corpus.DEFAULT)
    papers, words, followed, grams = count(parser.parse_args().data)
    actions = verbs(words, followed)
    terms = list(phrases(papers, grams, frozenset(actions) | VERBS))
    text = "\n".join([str(papers), " ".join(actions), *(f"{key}\t{number}" for key, number in terms)]) + "\n"
    TARGET.write_bytes(gzip.compress(text.encode(), mtime=0))
    print(f"{papers:,} papers, {len(actions):,} verbs, {len(terms):,} terms, {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
