"""The noun phrase at the beginning of a text, as far as it can be told without parsing: up to the next small word."""

# ruff: noqa: RUF001, SIM905 - dashes; lists of words

import re

LONGEST = 7  # words
_STOP = frozenset(
    """while with and or at when by under without using compared over than in on for to from which that across
    during after as but achieving relative versus vs vs. against is are was were whilst where through via
    even only respectively it they we our this these those its has have had can could may making leading
    demonstrating showing within per between among upon into due because since if thus thereby hence such
    e.g. i.e. respect respectively. whereas although though both also not yet still so along compared.
    comparing against""".split()
)
_ARTICLES = frozenset("the a an its our their this these any all of overall average".split())
_WORD = re.compile(r"[^\s,;:()]+")
_END = re.compile(r"[,;:()]|\.(?:\s|$)|\s[–—-]\s")


def phrase(text: str, *, most: int = LONGEST) -> str:
    """The words up to the next preposition, conjunction, common verb or punctuation; "of" is passed over."""
    end = _END.search(text)
    words = _WORD.findall(text[: end.start()] if end else text)
    while words and words[0].lower() in _ARTICLES:
        words.pop(0)
    kept: list[str] = []
    for word in words:
        if word.lower() in _STOP or len(kept) == most:
            break
        kept.append(word)
    while kept and kept[-1].lower() in ("of", "the", "a", "an", "respectively"):
        kept.pop()
    return " ".join(kept).strip(" .*_`'\"")
