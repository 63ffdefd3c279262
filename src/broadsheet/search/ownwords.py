"""Whether a paper has the words of a query as they are written, or in the other number: an index of stems cannot say.

The index knows "transformer" and "transformed" as one stem. Here only *transformer* and *transformers* are the word;
words of a phrase, and the parts of "x-ray", stand side by side. Authors, days, exclusions and the like are left to the
index: this looks at papers that it found.
"""

import re
from collections.abc import Callable, Sequence

from broadsheet.search.compiling import is_stop_word
from broadsheet.search.query import All, Either, Node, Phrase, Word, parse
from broadsheet.search.text import compounds, folded, searchable, stems

Has = Callable[[str, str], bool]
"""Whether a paper has it, by its title and by all that it says in words."""

_APART = r"[\W_]+"
_SHORTEST = 3  # letters of a word with a plural: "is" is none of "i"
_SPELT_OUT = re.compile(r"[^\x00-\x7f]|[\\${+#]")  # what `searchable` may read as another text


def own_words(text: str) -> Has | None:
    """What tells whether a paper has the words of a query; None where the query has none to look for."""
    tree = parse(text).tree
    return _has(tree) if tree else None


def _has(node: Node) -> Has | None:
    match node:
        case All(nodes):
            checks = [check for check in map(_has, nodes) if check]
            return (lambda title, text: all(check(title, text) for check in checks)) if checks else None
        case Either(nodes):
            either = [check for check in map(_has, nodes) if check]
            # One side that only the index can judge, and nothing can be said of the whole.
            return (lambda title, text: any(has(title, text) for has in either)) if len(either) == len(nodes) else None
        case Word() if is_stop_word(node):
            return None
        case Word() | Phrase() if node.place in ("any", "title", "abstract"):
            written = _written(node)
            if written and node.place == "title":
                return lambda title, _text: written(title)
            return (lambda _title, text: written(text)) if written else None
    return None


def _written(node: Word | Phrase) -> Callable[[str], bool] | None:
    """Whether a text has a word or a phrase."""
    text = searchable(node.text)
    ways = [words for words in (folded(text), folded(compounds(text)) if isinstance(node, Word) else []) if words]
    if not ways:
        return None
    patterns = [re.compile(_side_by_side(words)) for words in ways]
    beginnings = [_beginning(words[0]) for words in ways]
    read_first = bool(_SPELT_OUT.search(node.text))

    def has(text: str) -> bool:
        low = text.lower()
        if not read_first and any(beginning in low for beginning in beginnings):
            return any(pattern.search(low) for pattern in patterns)
        if not read_first and not _SPELT_OUT.search(low):
            return False
        low = " ".join(folded(searchable(text)))
        return any(pattern.search(low) for pattern in patterns)

    return has


def _side_by_side(words: Sequence[str]) -> str:
    """A pattern for words beside each other, in any form. It begins with letters, which are found quickest."""
    beginning = re.escape(_beginning(words[0]))
    first = "|".join(re.escape(form.removeprefix(_beginning(words[0]))) for form in _longest_first(words[0]))
    others = ("|".join(map(re.escape, _longest_first(word))) for word in words[1:])
    parts = [f"{beginning}(?<![^\\W_]{beginning})(?:{first})", *(f"(?:{other})" for other in others)]
    return _APART.join(parts) + r"(?![^\W_])"


def _longest_first(word: str) -> list[str]:
    return sorted(forms(word), key=lambda form: (-len(form), form))


def _beginning(word: str) -> str:
    """What a word has in common with all of its forms, and with every word of the same stem that is spelt out."""
    every = [*forms(word), *stems(word)[:1]]
    same = next((place for place, letters in enumerate(zip(*every, strict=False)) if len(set(letters)) > 1), None)
    return min(every, key=len)[:same]


def forms(word: str) -> set[str]:
    """A word in lower case, and what may be its plural or its singular by the rules of English."""
    found = {word}
    if len(word) < _SHORTEST or not word.isalpha():
        return found
    if word.endswith(("s", "x", "z", "ch", "sh")):
        found.add(f"{word}es")
    elif word.endswith("y") and word[-2] not in "aeiou":
        found.add(f"{word[:-1]}ies")
    else:
        found.add(f"{word}s")
    if word.endswith("ies") and len(word) > _SHORTEST + 1:
        found.add(f"{word[:-3]}y")
    elif word.endswith(("ses", "xes", "zes", "ches", "shes")):
        found |= {word[:-1], word[:-2]}
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        found.add(word[:-1])
    return found
