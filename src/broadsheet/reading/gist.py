"""The one or two sentences of an abstract that carry the paper.

Each sentence is scored by three things: how central it is (the cosine of its vector with that of title and abstract),
where it stands, and the cues with which authors mark what they say: "we propose" against "however" and "code is
available". The best is the gist; a sentence of results joins it where there is room.
"""

import re
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from broadsheet.reading.sentences import Sentence, sentences

Embed = Callable[[Sequence[str]], npt.NDArray[np.float32]]

LONGEST = 420  # characters of both sentences together
LONGEST_FIRST = 600  # characters of a single one
SHORTEST = 35  # characters; less is a heading or a fragment
MOST = 60  # sentences that are looked at
CENTRALITY, PLACE = 1.0, 0.25

_I = re.IGNORECASE
_MAKES = re.compile(
    r"\b(?:we|this (?:paper|work|article|study|thesis|survey|review|report|letter"
    r"|research))(?:\s+(?:here|then|therefore|thus|also"
    r"|first|further|instead|systematically|empirically))?\s+(?:\w+ly\s+)?(?:propose|introduce"
    r"|present|develop|design|describe"
    r"|study|investigate|explore|analy[sz]e|show|prove|establish|provide|address|examine|consider"
    r"|formulate|devise|extend"
    r"|revisit|unify|identify|find|argue|demonstrate|discover|reveal|derive|construct|build|release"
    r"|report|offer|focus|give"
    r"|aim|apply|use|review|survey)s?\b",
    _I,
)
_NEW = re.compile(r"\b(?:propose|introduce|present|develop|devise|design|term|dub|call)(?:s|d|ed|ing|bed|bing)?\b", _I)
_PAPER = re.compile(
    r"\b(?:in this (?:paper|work|study|article|thesis|survey|letter|report)|this (?:paper|work|study"
    r"|thesis|survey|article|review)|here,? we|our (?:study|work|goal|approach|method|contribution"
    r"|framework|key|main))\b",
    _I,
)
_FINDS = re.compile(
    r"\b(?:results?|experiments?|evaluations?|outperform\w*|achiev\w+|improv\w+|state-of-the-art"
    r"|demonstrat\w+|surpass\w*|reduc\w+)\b",
    _I,
)
_BACKGROUND = re.compile(
    r"^(?:however|although|while|despite|recent(?:ly)?|existing|previous|prior|traditional"
    r"|conventional|currently|current|most"
    r"|many|in recent|over the past|with the|unfortunately|yet|but|nevertheless|typically"
    r"|in contrast,? (?:most|existing)"
    r"|to (?:date|our knowledge)|due to the)\b",
    _I,
)
_DETAIL = re.compile(
    r"^(?:specifically|in particular|for (?:example|instance)|moreover|furthermore|additionally"
    r"|in addition|besides|also|first(?:ly)?,|second(?:ly)?|third(?:ly)?|finally|lastly|further"
    r"|then,|next,|meanwhile|crucially|notably)\b",
    _I,
)
_ASIDE = re.compile(
    r"\b(?:code|codes|implementation|source code|models?|datasets?|data|website|project page|demo"
    r"|videos?|checkpoints?)\b[^.]{0,60}"
    r"\b(?:available|released|found|open-?sourced|published|public)\b|https?://|github\.com"
    r"|will be (?:made )?(?:available|released)"
    r"|accepted (?:at|to|by)|to appear in|\bwithdrawn\b",
    _I,
)


def gist(title: str, abstract: str, embed: Embed) -> str:
    """One or two sentences of a plain abstract; "" where it has none that says anything. Never raises by itself."""
    found = [one for one in sentences(abstract)[:MOST] if len(one.text) >= SHORTEST and _is_prose(one.text)]
    if not found:
        return ""
    vectors = embed([f"{title}\n{abstract}", *(one.text for one in found)])
    near = vectors[1:] @ vectors[0]
    scores = [
        _score(one, place, len(found), float(cosine))
        for place, (one, cosine) in enumerate(zip(found, near, strict=True))
    ]
    best = max(range(len(found)), key=lambda place: scores[place])
    first = found[best].text
    if len(first) > LONGEST_FIRST:
        return first[: first.rfind(" ", 0, LONGEST_FIRST)].rstrip(" ,;:") + " …"
    second = _second(found, vectors[1:], scores, best)
    if second is None or len(first) + len(found[second].text) > LONGEST:
        return first
    return " ".join(found[place].text for place in sorted((best, second)))


def _score(one: Sentence, place: int, count: int, cosine: float) -> float:
    text = one.text
    score = CENTRALITY * cosine
    if _MAKES.search(text):
        score += 0.3
        score += 0.25 * bool(_NEW.search(text))
    elif _NEW.search(text[:60]):
        score += 0.15
    score += 0.15 * bool(_PAPER.search(text)) - 0.35 * bool(_BACKGROUND.match(text)) - 0.15 * bool(_DETAIL.match(text))
    score -= (
        0.8 * bool(_ASIDE.search(text)) + 0.3 * text.endswith("?") + 0.1 * (len(text) > 350) + 0.1 * (len(text) < 70)
    )
    # What is new stands after the motivation and before the experiments.
    share = place / max(1, count - 1)
    return score + PLACE * (1 - abs(share - 0.4) / 0.6)


def _second(
    found: Sequence[Sentence], vectors: npt.NDArray[np.float32], scores: Sequence[float], best: int
) -> int | None:
    """The sentence of results after the first that says something else, if one is good enough."""
    later = [
        place
        for place in range(best + 1, len(found))
        if _FINDS.search(found[place].text)
        and not _ASIDE.search(found[place].text)
        and float(vectors[place] @ vectors[best]) < 0.9
    ]
    good = [place for place in later if scores[place] > 0.45 * scores[best]]
    return max(good, key=lambda place: scores[place] + 0.3 * any(map(str.isdigit, found[place].text)), default=None)


def _is_prose(text: str) -> bool:
    """Whether a sentence is more words than signs and numbers."""
    letters = sum(map(str.isalpha, text))
    return (letters >= 0.55 * len(text.replace(" ", "")) and len(text.split()) >= 4) or (
        letters > 20 and not text.isascii()
    )
