"""Authors written as one string, as arXiv and BibTeX do: "A. Lovelace (1), G. Hopper and B. Babbage, Jr."."""

import re

from broadsheet.types import Author

_PARENTHESES = re.compile(r"\([^()]*\)")
_BETWEEN = re.compile(r"\s*[,;]\s*(?:(?:and|&)\s+)?|\s+(?:and|&)\s+")
_SUFFIX = re.compile(r"(?:Jr|Sr|II|III|IV)\.?", re.IGNORECASE)
_NESTED = 5  # how deep affiliations are nested at most; deeper ones stay as they are


def from_string(text: str) -> list[Author]:
    """The authors of a string. Affiliations in parentheses are left out: which is whose is not always told."""
    text = " ".join(text.split())
    for _ in range(_NESTED):
        text, found = _PARENTHESES.subn(" ", text)
        if not found:
            break
    names: list[str] = []
    for part in _BETWEEN.split(text):
        if names and _SUFFIX.fullmatch(part):
            names[-1] += f" {part}"
        elif part.lower() not in {"", "and", "&"}:
            names.append(part)
    return [Author(name) for name in names]
