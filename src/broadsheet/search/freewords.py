"""The free words of a query, those outside groups, phrases, fields and exclusions: which of them rank, and how much.

Function words count only among themselves. A word that no paper has gives way to the likeliest one that papers
have. A word written twice weighs twice. Of very many words the most telling are kept, so that the work is bounded.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tantivy import Searcher

from broadsheet.search import spelling
from broadsheet.search.compiling import Compiler, is_stop_word
from broadsheet.search.query import Word
from broadsheet.search.text import STOP_WORDS, bare, compounds, folded, searchable, stems

MOST_STEMS = 48  # on judged paragraphs 32 were worse, and all of them no better
MOST_POSTINGS = 6_000_000  # read by one ranking: about 50 ms
COMPOUND = 0.5  # the weight of "pre", "trained" and "pretrained" each, where "pre-trained" is one word of the query
MOST_CORRECTIONS = 4
MOST_NAMED = 5  # unknown words in a note


@dataclass(slots=True)
class FreeWords:
    """`groups` holds for each word its stems and, for "pre-trained", the stems of "pretrained"; a paper has the
    word if it has all of the former or all of the latter. `weights` holds the stems to rank by, `typed` the word
    that each stem came from.
    """

    groups: list[tuple[list[str], list[str]]] = field(default_factory=list)
    weights: dict[str, float] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    hopeless: bool = False


def read(words: Sequence[Word], compiler: Compiler, searcher: Searcher, *, alone: bool) -> FreeWords:
    """Reads the words; `alone` says that nothing else in the query is searched for in texts.

    The answer is `hopeless` if no paper has any of the words.
    """
    telling = [word for word in words if not is_stop_word(word)]
    free, unknown, corrections = FreeWords(), [], 0
    counts: defaultdict[str, float] = defaultdict(float)
    for word in telling or (words if alone else ()):
        text = searchable(word.text)
        found, joined = stems(text), stems(compounds(text))
        if not any(map(compiler.frequency, found + joined)):
            corrections += 1
            better = spelling.suggestion(folded(text)[0], searcher) if len(found) == 1 else None
            if not better or corrections > MOST_CORRECTIONS:
                unknown.append(bare(word.text))
                continue
            free.notes.append(f"No paper has “{bare(word.text)}”; “{better}” was searched for instead.")
            found = stems(better)
        if telling:
            found = [stem for stem in found if stem not in STOP_WORDS] or found
        joined = [stem for stem in joined if compiler.frequency(stem)]
        free.groups.append((found, joined))
        free.typed.update(dict.fromkeys(found + joined, bare(word.text)))
        for stem in found + joined:
            counts[stem] += COMPOUND if joined else 1.0
    if unknown:
        named = ", ".join(f"“{word}”" for word in unknown[:MOST_NAMED])
        more = f" and {len(unknown) - MOST_NAMED} other words" if len(unknown) > MOST_NAMED else ""
        free.notes.append(f"No paper has {named}{more}" + (": ignored." if free.groups else "."))
        free.hopeless = not free.groups
    free.weights = _most_telling(counts, compiler, searcher.num_docs)
    if len(free.weights) < len(counts):
        free.notes.append(f"The query is long: its {len(free.weights)} most telling words were used.")
        free.groups = [group for group in free.groups if not free.weights.keys().isdisjoint(group[0])]
    return free


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
