"""Understanding papers: results, names, keywords and gists against our own labels, with simple peers beside them.

    python benchmarks/reading.py --data ../shared/data
    python benchmarks/reading.py --data ../shared/data --speed 20000

The labels (`tests/golden/reading_labels.jsonl`) are of the 131 papers of the five saved pages, by title: facts, and
where in the abstract the sentences begin that a reader would take for its gist. Half "a" was tuned on, half "b" was
held out. All labels were written before any of the code; the last table is of papers drawn from the data instead,
whose results were labelled before the code had seen them.

Results and names: of those found, how many are right (precision), and of those labelled, how many are found
(coverage). A result is right if its value, range, unit and direction are. A keyword agrees with a label that has at
least half of its words in common with it. Peers: the first sentence as the gist; RAKE (Rose and others 2010), and
the one to three words with the greatest tf-idf, as keywords.
"""

import argparse
import json
import math
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import corpus
import root
from broadsheet import tex
from broadsheet.ids import title_key
from broadsheet.reading.acronyms import acronyms, method
from broadsheet.reading.english import FUNCTION
from broadsheet.reading.gist import gist
from broadsheet.reading.keywords import keywords, many
from broadsheet.reading.phrases import folded
from broadsheet.reading.results import claims
from broadsheet.reading.sentences import sentences
from broadsheet.search.encoder import StaticEncoder
from broadsheet.types import Result
from pages import read_pages

LABELS = root.ROOT / "tests" / "golden" / "reading_labels.jsonl"
BLIND = root.ROOT / "tests" / "golden" / "reading_blind.jsonl"
FREQUENCIES = 40_000  # papers that words are counted in
MOST = 8  # keywords
_WORD = re.compile(r"[\w+'-]+")

Rarity = Callable[[Sequence[str]], list[float]]


class Share:
    """How many were found and right, found and wrong, and missed."""

    def __init__(self) -> None:
        self.right = self.wrong = self.missed = 0

    def __str__(self) -> str:
        precision = self.right / max(1, self.right + self.wrong)
        coverage = self.right / max(1, self.right + self.missed)
        return f"precision {precision:.3f} ({self.right}/{self.right + self.wrong})  coverage {coverage:.3f}"


def same(found: Result, label: dict[str, Any]) -> bool:
    return (found.value, found.high, found.unit, found.change) == (
        label["value"], label.get("high"), label["unit"], label["change"],
    )  # fmt: skip


def judge_results(abstract: str, label: dict[str, Any], share: Share) -> int:
    """Counts a paper's results; says how many of the right ones measure what they should."""
    wanted, measured = list(label["results"]), 0
    for one in claims(abstract):
        match = next((known for known in wanted if same(one, known)), None)
        if match:
            wanted.remove(match)
            share.right += 1
            measured += one.measure.value in match["measure"]
        elif all(one.value != known["value"] for known in label.get("may", ())):
            share.wrong += 1
    share.missed += len(wanted)
    return measured


def judge_names(title: str, abstract: str, label: dict[str, Any], names: Share, pairs: Share) -> None:
    found, wanted = method(title, abstract), label["method"]
    if found and folded(found) == folded(wanted):
        names.right += 1
    else:
        names.wrong += bool(found)
        names.missed += bool(wanted)
    known = {_plain(short): _plain(long) for short, long in label["acronyms"]}
    shown = {_plain(one.short): _plain(one.long) for one in acronyms(title, abstract)}
    right = sum(known.get(short) == long for short, long in shown.items())
    pairs.right += right
    pairs.wrong += len(shown) - right
    pairs.missed += len(set(known) - set(shown))


def _plain(text: str) -> str:
    return text.lower().replace("-", " ").rstrip("s")


def agreement(found: Sequence[str], wanted: Sequence[str]) -> tuple[float, float]:
    """The shares of keywords that agree with a label, and of labels that a keyword agrees with."""
    one, other = ([frozenset(map(folded, _WORD.findall(text))) for text in texts] for texts in (found, wanted))
    hits = [any(2 * len(a & b) >= len(a | b) for b in other) for a in one]
    back = [any(2 * len(a & b) >= len(a | b) for a in one) for b in other]
    return sum(hits) / max(1, len(hits)), sum(back) / max(1, len(back))


def rake(title: str, abstract: str) -> list[str]:
    """RAKE: stretches between stop words and punctuation, by the sum of their words' degree over frequency."""
    phrases = []
    for part in re.split(r"[^\w\s'-]", f"{title}. {abstract}".lower()):
        run: list[str] = []
        for word in [*part.split(), ""]:
            if word and word not in FUNCTION:
                run.append(word)
            elif run:
                phrases.append(tuple(run))
                run = []
    frequency, degree = Counter[str](), Counter[str]()
    for phrase in phrases:
        for word in phrase:
            frequency[word] += 1
            degree[word] += len(phrase)
    scores = {phrase: sum(degree[word] / frequency[word] for word in phrase) for phrase in phrases}
    return [" ".join(phrase) for phrase in sorted(scores, key=lambda phrase: -scores[phrase])[:MOST]]


def tfidf(title: str, abstract: str, rarity: Rarity) -> list[str]:
    """The one to three words that come often here and seldom elsewhere."""
    words = [word.lower() for word in _WORD.findall(f"{title} {abstract}")]
    counts = Counter(
        tuple(words[at : at + length])
        for length in (1, 2, 3)
        for at in range(len(words) - length + 1)
        if not FUNCTION.intersection(words[at : at + length])
    )
    scores = {gram: count * sum(rarity(gram)) for gram, count in counts.items()}
    return [" ".join(gram) for gram in sorted(scores, key=lambda gram: -scores[gram])[:MOST]]


def rarities(data: Path) -> Rarity:
    """How rare words are in the data, as a catalogue would say it."""
    counts: Counter[str] = Counter()
    papers = 0
    for paper in corpus.papers(data, FREQUENCIES):
        papers += 1
        counts.update({word.lower() for word in _WORD.findall(f"{paper.title} {paper.abstract}")})
    return lambda words: [math.log1p(papers / (counts[word] + 0.5)) for word in words]


def labelled(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def pages(data: Path) -> dict[str, tuple[str, str]]:
    """The papers of the saved pages by folded title, as plain text."""
    found = (paper for page in read_pages(data.parent / "pages") for paper in page.papers)
    return {title_key(title): (tex.plain(title), tex.plain(abstract)) for title, abstract in found}


def judge_half(half: str, labels: list[dict[str, Any]], texts: dict[str, tuple[str, str]], rarity: Rarity) -> None:
    embed = StaticEncoder.load().encode
    results, names, pairs, measured = Share(), Share(), Share(), 0
    agreed: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    gists: defaultdict[str, list[bool]] = defaultdict(list)
    for label in labels:
        title, abstract = texts[title_key(label["title"])]
        measured += judge_results(abstract, label, results)
        judge_names(title, abstract, label, names, pairs)
        for name, found in (
            ("ours", keywords(title, abstract, embed, rarity)),
            ("RAKE", rake(title, abstract)),
            ("tf-idf", tfidf(title, abstract, rarity)),
        ):
            agreed[name].append(agreement(found, label["keywords"]))
        accepted = [abstract[start : start + 60] for start in label["gist"]]
        chosen = {"ours": gist(title, abstract, embed), "first sentence": sentences(abstract)[0].text}
        for name, text in chosen.items():
            gists[name].append(any(text.startswith(one) or f" {one}" in text for one in accepted))
    print(f"\nhalf {half}: {len(labels)} papers, {sum(len(label['results']) for label in labels)} results")
    print(f"  results       {results}  right measure {measured}/{results.right}")
    print(f"  method names  {names}")
    print(f"  short forms   {pairs}")
    for name, values in agreed.items():
        precision, coverage = np.mean(values, axis=0)
        print(f"  keywords      {name:15} agree {precision:.3f}  labels met {coverage:.3f}")
    for name, hits in gists.items():
        print(f"  gist          {name:15} accepted {np.mean(hits):.3f}")


def judge_blind(data: Path) -> None:
    labels = {label["arxiv"]: label for label in labelled(BLIND)}
    share, measured = Share(), 0
    for paper in corpus.papers(data):
        if paper.id in labels:
            measured += judge_results(tex.plain(paper.abstract), labels[paper.id], share)
    print(f"\ndrawn from the data: {len(labels)} papers with numbers\n  results       {share}")


def speed(data: Path, count: int) -> None:
    """Papers a second on one core, as processor time."""
    embed = StaticEncoder.load().encode
    rarity = rarities(data)
    texts = [(tex.plain(paper.title), tex.plain(paper.abstract)) for paper in corpus.papers(data, count)]
    print(f"\n{corpus.machine()}; {count:,} papers, one core, processor time")
    works: tuple[tuple[str, Callable[[], int]], ...] = (
        ("results", lambda: sum(len(claims(abstract)) for _, abstract in texts)),
        ("keywords", lambda: sum(len(many(part, embed, rarity)) for part in batches(texts))),
        ("gist", lambda: sum(bool(gist(title, abstract, embed)) for title, abstract in texts)),
        ("names", lambda: sum(len(acronyms(*text)) + bool(method(*text)) for text in texts)),
    )
    for name, work in works:
        began = time.process_time()
        work()
        took = time.process_time() - began
        whole = 351_172 / (count / took) / 60
        print(
            f"  {name:10} {count / took:8,.0f} a second; 351,172 in {whole:.1f} minutes, {whole / 2:.1f} on two cores"
        )


def batches(texts: Sequence[tuple[str, str]], size: int = 500) -> Iterator[Sequence[tuple[str, str]]]:
    for start in range(0, len(texts), size):
        yield texts[start : start + size]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=corpus.DEFAULT)
    parser.add_argument("--speed", type=int, default=0, metavar="PAPERS")
    asked = parser.parse_args()
    if asked.speed:
        speed(asked.data, asked.speed)
        return
    texts, rarity = pages(asked.data), rarities(asked.data)
    for half in "ab":
        judge_half(half, [label for label in labelled(LABELS) if label["half"] == half], texts, rarity)
    judge_blind(asked.data)


if __name__ == "__main__":
    main()
