"""The free words of a query, those outside groups, phrases, fields and exclusions: which of them rank, and how much.

Function words count only among themselves. A word that no paper has gives way to the likeliest one that papers
have. A word written twice weighs twice. Of very many words the most telling are kept, so that the work is bounded.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from broadsheet.search.compiling import Compiler, is_stop_word
from broadsheet.search.query import Word, brief
from broadsheet.search.spelling import LEAST_PAPERS, Vocabulary
from broadsheet.search.text import STOP_WORDS, bare, compounds, folded, searchable, stems

MOST_STEMS = 48  # on judged paragraphs 32 were worse, and all of them no better
MOST_POSTINGS = 6_000_000  # read by one ranking: about 50 ms
COMPOUND = 0.5  # the weight of "pre", "trained" and "pretrained" each, where "pre-trained" is one word of the query
MOST_CORRECTIONS = 4
RARE = 50  # papers that have a word which may yet be misspelt,
COMMONER = 100  # if this many times as many titles have one that is nearly the same
SHORT = 8  # words of a query in which rare ones are doubted; sentences and titles hold rare words by nature
MOST_NAMED = 5  # unknown words in a note


@dataclass(slots=True)
class FreeWords:
    """`groups` holds for each word its stems and, for "pre-trained", the stems of "pretrained"; a paper has the
    word if it has all of the former or all of the latter. `weights` holds the stems to rank by, `typed` the word
    that each stem came from, `read` the words themselves, with a likelier one where one was misspelt.
    """

    groups: list[tuple[list[str], list[str]]] = field(default_factory=list)
    weights: dict[str, float] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    hopeless: bool = False


def read(words: Sequence[Word], compiler: Compiler, vocabulary: Vocabulary, in_all: int, *, alone: bool) -> FreeWords:
    """Reads the words; `alone` says that nothing else in the query is searched for in texts. `in_all` counts papers.

    The answer is `hopeless` if no paper has any of the words.
    """
    telling = [word for word in words if not is_stop_word(word)]
    free, corrections = FreeWords(), 0
    corrected: dict[str, str] = {}
    unknown: list[str] = []
    counts: defaultdict[str, float] = defaultdict(float)
    for word in telling or (words if alone else ()):
        text, shown = searchable(word.text), bare(word.text)
        found = stems(text)
        joined = [stem for stem in stems(compounds(text)) if compiler.frequency(stem)]
        papers = max(map(compiler.frequency, found + joined), default=0)
        better = None
        if len(found) == 1 and _doubtful(papers, len(words)) and corrections < MOST_CORRECTIONS:
            corrections += 1
            better = vocabulary.suggestion(folded(text)[0], max(COMMONER * papers, LEAST_PAPERS))
        if not papers and not better:
            unknown.append(shown)
            continue
        if telling:
            found = [stem for stem in found if stem not in STOP_WORDS] or found
        weights = dict.fromkeys(found + joined, COMPOUND if joined else 1.0)
        if better:
            instead, fewer = ("too", "Few papers have") if papers else ("instead", "No paper has")
            free.notes.append(f"{fewer} “{brief(shown)}”; “{better}” was searched for {instead}.")
            corrected[word.text] = f"{shown} {better}" if papers else better
            right = stems(better)
            found, joined = (found, right) if papers else (right, [])
            weights = dict.fromkeys(found, COMPOUND if papers else 1.0) | dict.fromkeys(right, 1.0)
        free.groups.append((found, joined))
        free.typed.update(dict.fromkeys(found + joined, shown))
        for stem, weight in weights.items():
            counts[stem] += weight
    free.read = [corrected.get(word.text, word.text) for word in words]
    if unknown:
        named = ", ".join(f"“{brief(word)}”" for word in unknown[:MOST_NAMED])
        more = f" and {len(unknown) - MOST_NAMED} other words" if len(unknown) > MOST_NAMED else ""
        free.notes.append(f"No paper has {named}{more}" + (": ignored." if free.groups else "."))
        free.hopeless = not free.groups
    free.weights = _most_telling(counts, compiler, in_all)
    if len(free.weights) < len(counts):
        free.notes.append(f"The query is long: its {len(free.weights)} most telling words were used.")
        free.groups = [group for group in free.groups if not free.weights.keys().isdisjoint([*group[0], *group[1]])]
    return free


def as_typed(words: Sequence[Word], *, alone: bool) -> FreeWords:
    """The words as they are, whatever papers have: for a question that waits for papers. Nothing is corrected."""
    telling = [word for word in words if not is_stop_word(word)]
    free = FreeWords(read=[word.text for word in words])
    asked = telling or (words if alone else ())
    for word in asked:
        text = searchable(word.text)
        found, joined = stems(text), stems(compounds(text))
        if telling:
            found = [stem for stem in found if stem not in STOP_WORDS] or found
        if found:
            free.groups.append((found, joined))
            free.weights |= dict.fromkeys(found + joined, 1.0)
            free.typed.update(dict.fromkeys(found + joined, bare(word.text)))
    free.hopeless = bool(asked) and not free.groups
    return free


def _doubtful(papers: int, words: int) -> bool:
    """Whether a word may be misspelt: papers are, too, so a few have most misspelt words."""
    return not papers or (papers <= RARE and words <= SHORT)


def _most_telling(counts: Mapping[str, float], compiler: Compiler, papers: int) -> dict[str, float]:
    """The stems whose count times inverse document frequency is greatest, with their counts, within the bounds."""
    frequency = {stem: compiler.frequency(stem) for stem in counts}
    rarity = {stem: math.log(1 + (papers - n + 0.5) / (n + 0.5)) for stem, n in frequency.items()}
    kept: dict[str, float] = {}
    postings = 0
    for stem in sorted(counts, key=lambda stem: -counts[stem] * rarity[stem])[:MOST_STEMS]:
        postings += frequency[stem]
        if kept and postings > MOST_POSTINGS:
            break
        kept[stem] = counts[stem]
    return kept
