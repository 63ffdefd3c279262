"""What the editor looks at beside a paper's vector: cues of its title and abstract, its categories, its authors.

Every feature is a number with a name. One that cannot be known (the number of authors of a paper whose source
names none) is not a number, NaN, and the model puts the usual value in its place. That a source leaves a field out
must not speak for or against a paper.

Cues are words and phrases at the beginning of a word, in lower case, without accents and punctuation: the cue
"open sourc" is in "Open-Sourcing", and "github com" in an address. They were chosen by hand; the model learned what
each is worth.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from broadsheet.search.encoder import words
from broadsheet.types import Paper

Table = npt.NDArray[np.float32]

TITLE_CUES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "title: survey": ("survey", "review "),
        "title: benchmark": ("bench",),
        "title: report": ("technical report", "system report"),
        "title: towards": ("toward",),
        "title: data set": ("dataset", "data set", "corpus "),
        "title: study": ("case study", "analysis", "evaluating", "evaluation", "an empirical", "study "),
        "title: by means of": ("via ", "with ", "using ", "based "),
        "title: open": ("open ",),
        "title: scale": ("scaling", "scale ", "scalable"),
        "title: language model": ("llm", "language model"),
        "title: agent": ("agent",),
        "title: video": ("video",),
        "title: diffusion": ("diffusion",),
        "title: world model": ("world model",),
        "title: reinforcement": ("reinforcement", "rl "),
        "title: reasoning": ("reason", "think"),
    }
)
CODE = "code"
ABSTRACT_CUES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        CODE: ("github com", "gitlab com", "huggingface co", "hf co", "bitbucket org"),
        "project page": ("github io", "project page", "project website", "project site"),
        "any address": ("http", "www "),
        "open source": ("open source", "open sourc", "opensource", "open weight"),
        "release": ("release", "publicly available", "made available", "is available", "are available"),
        "we introduce": ("we introduce",),
        "we present": ("we present",),
        "we propose": ("we propose",),
        "this paper": ("this paper", "in this work", "this article"),
        "this study": ("this study", "this research", "this thesis"),
        "state of the art": ("state of the art", "sota "),
        "named models": ("gpt", "gemini", "claude", "qwen", "deepseek", "llama"),
        "parameters": ("billion", "parameter"),
        "benchmark": ("benchmark",),
        "extensive experiments": ("extensive experiment", "extensive evaluation", "comprehensive experiment"),
        "theory": ("theorem", "theoretical", "theoretically", "prove "),
        "medicine": ("clinical", "patient", "medical", "disease"),
        "findings": ("we find", "surprising", "reveal", "we show"),
        "framework": ("framework",),
        "novel": ("novel ",),
        "comprehensive": ("comprehensive",),
        "scale": ("scaling", "scalable", "large scale"),
        "accuracy": ("accuracy of", "f1 ", "auc "),
        "faster": ("speedup", "speed up", "faster"),
        "paradigm": ("paradigm",),
        "unified": ("unified", "unify"),
        "existing": ("existing method", "existing approach", "current method", "prior work"),
    }
)
CATEGORIES = (
    *("cs.AI", "cs.AR", "cs.CL", "cs.CR", "cs.CV", "cs.CY", "cs.DB", "cs.DC", "cs.GR", "cs.HC", "cs.IR", "cs.IT"),
    *("cs.LG", "cs.MA", "cs.MM", "cs.NE", "cs.NI", "cs.RO", "cs.SD", "cs.SE", "cs.SI", "eess.AS", "eess.IV"),
    *("eess.SP", "eess.SY", "math.NA", "math.OC", "quant-ph", "stat.ME", "stat.ML"),
)
PRIMARIES = ("cs.AI", "cs.CL", "cs.CR", "cs.CV", "cs.CY", "cs.IR", "cs.LG", "cs.RO", "cs.SD", "cs.SE", "stat.ML")
ARCHIVES = ("cs", "eess", "math", "physics", "q-bio", "stat")  # of the primary category

_TITLE = (
    *TITLE_CUES,
    *("title: named", "title: question", "title: capitals", "title: figures", "title: length", "title: words"),
)
_ABSTRACT = (*ABSTRACT_CUES, *("percent", "mathematics", "length", "figures", "capitals"))
_CATEGORY = (
    *(f"in {code}" for code in CATEGORIES),
    *(f"first {code}" for code in PRIMARIES),
    *(f"archive {code}" for code in ARCHIVES),
    "categories",
)
_TEAM = ("authors", "one author", "many authors")
_STANDING = ("best", "second", "third", "mean", "first", "last", "sum", "known")
GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"title": _TITLE, "abstract": _ABSTRACT, "category": _CATEGORY, "team": _TEAM, "standing": _STANDING}
)
NAMES: tuple[str, ...] = tuple(f"{group}: {name}" for group, names in GROUPS.items() for name in names)
"""The names of the columns of `table`, in order."""

_INNER_CAPITAL = re.compile(r"\S[A-Z]\S*")
_HOSTS = ("github.com/", "github.io", "gitlab.com/", "bitbucket.org/")
_DIGITS = {ord(digit): None for digit in "0123456789"}


def table(papers: Sequence[Paper], standings: Sequence[Sequence[float]]) -> Table:
    """One row per paper, one column per name in `NAMES`; `standings` has one number for each author of each paper."""
    rows = [
        (*_title(paper), *_abstract(paper), *_category(paper), *_team(paper), *_standing(standing))
        for paper, standing in zip(papers, standings, strict=True)
    ]
    return np.array(rows, dtype=np.float32).reshape(len(rows), len(NAMES))


def columns(group: str) -> slice:
    """Where the columns of a group stand in `table`."""
    before = list(GROUPS)[: list(GROUPS).index(group)]
    start = sum(len(GROUPS[name]) for name in before)
    return slice(start, start + len(GROUPS[group]))


def _cues(text: str, cues: tuple[tuple[str, ...], ...]) -> Iterator[float]:
    spaced = f" {' '.join(words(text))} "
    for phrases in cues:
        for phrase in phrases:
            if phrase in spaced:
                yield 1.0
                break
        else:
            yield 0.0


def _phrases(cues: Mapping[str, tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(f" {phrase}" for phrase in phrases) for phrases in cues.values())


_TITLE_PHRASES, _ABSTRACT_PHRASES = _phrases(TITLE_CUES), _phrases(ABSTRACT_CUES)


def _figures(text: str) -> float:
    return 1 - len(text.translate(_DIGITS)) / max(1, len(text))


def _capitals(text: str) -> float:
    """The share of words with a capital inside: acronyms and names of systems."""
    return len(_INNER_CAPITAL.findall(text)) / max(1, len(text.split()))


def _title(paper: Paper) -> Iterator[float]:
    title = paper.title
    head, colon, _ = title.partition(":")
    yield from _cues(title, _TITLE_PHRASES)
    yield float(bool(colon) and len(head.split()) <= 3)
    yield float("?" in title)
    yield _capitals(title)
    yield float(_figures(title) > 0)
    yield float(np.log1p(len(title)))
    yield float(len(title.split()))


def _abstract(paper: Paper) -> Iterator[float]:
    text = paper.abstract or ""
    if not text.strip():
        yield from [float("nan")] * len(_ABSTRACT)
        return
    yield from _cues(" ".join((text, *_addresses(paper))), _ABSTRACT_PHRASES)
    yield float("%" in text)
    yield float("$" in text)
    yield float(np.log1p(len(text)))
    yield min(_figures(text), 0.1)
    yield _capitals(text)


def _addresses(paper: Paper) -> Iterator[str]:
    """Where code or a project's page is, from the comment and the links: they say the same as in the abstract."""
    for address in (*(paper.comment or "").split(), *paper.links):
        if any(host in address.lower() for host in _HOSTS):
            yield address


def _category(paper: Paper) -> Iterator[float]:
    if not paper.categories:
        yield from [float("nan")] * len(_CATEGORY)
        return
    first, given = paper.categories[0], frozenset(paper.categories)
    names = {f"first {first}", f"archive {first.partition('.')[0]}", *(f"in {code}" for code in given)}
    yield from map(float, map(names.__contains__, _CATEGORY[:-1]))
    yield float(min(len(given), 8))


def _team(paper: Paper) -> Iterator[float]:
    count = max(len(paper.authors), paper.author_count or 0)
    if not count:
        yield from [float("nan")] * len(_TEAM)
        return
    yield float(np.log(min(count, 100)))
    yield float(count == 1)
    yield float(count >= 20)


def _standing(standing: Sequence[float]) -> Iterator[float]:
    if not standing:
        yield from [float("nan")] * len(_STANDING)
        return
    logs = np.log1p(np.array(standing, dtype=np.float64))
    best = [*sorted(logs.tolist(), reverse=True)[:3], 0.0, 0.0][:3]
    yield from best
    yield float(logs.mean())
    yield float(logs[0])
    yield float(logs[-1])
    yield float(np.log1p(sum(standing)))
    yield float((logs > 0).mean())
