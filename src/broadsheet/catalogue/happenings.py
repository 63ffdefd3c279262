"""What happened to a paper, decided from what its sources said before and say now. Pure.

An event is news of the paper, not of our knowledge of it. So:

- nothing happens when a paper appears, and nothing when a source only adds what was not known (an abstract, say);
- title, abstract, authors and categories changed only where the *same voice* speaks: arXiv, through all its formats,
  or one other source. Another spelling that wins because a better source came is no change of the paper;
- texts are compared as letters and digits, TeX and accents folded (`ids.title_key`), and authors by their family
  names: white space, case and punctuation are no news;
- a venue, a journal's DOI and code are news when they become known, whoever knows them first.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from broadsheet import ids
from broadsheet.catalogue.merge import Statement, by_venue, in_order, merge, voice
from broadsheet.types import EventKind, Paper, Record

_ARXIV_DOI = "10.48550/arxiv."
_CODE = re.compile(
    r"(?<![\w@.-])(?:www\.)?((?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org|gitee\.com)/[\w.-]+/[\w.-]*\w)"
)


class Happening(NamedTuple):
    """One thing that happened, and what was said before and since."""

    kind: EventKind
    old: str | None
    new: str | None


def happenings(before: Sequence[Statement], after: Sequence[Statement]) -> list[Happening]:
    """What happened to a paper between two states of its statements, none of them empty."""
    old, new = merge(before), merge(after)
    return [*_versions(old, new), *_changes(before, after), *_ends(old, new), *_found(before, after, old, new)]


def newest_version(paper: Paper) -> int | None:
    """The number of a paper's newest version, where known."""
    return max((version.number for version in paper.versions), default=None)


def code(paper: Paper) -> str | None:
    """The first address of code in a paper's links, comment and abstract."""
    for text in (*paper.links, paper.comment, paper.abstract):
        if text and (match := _CODE.search(text.replace("\\_", "_"))):
            return f"https://{match[1].removesuffix('.git')}"
    return None


def _versions(old: Paper, new: Paper) -> Iterator[Happening]:
    was, now = newest_version(old), newest_version(new)
    if was is not None and now is not None and now > was:
        yield Happening("version", str(was), str(now))


def _changes(before: Sequence[Statement], after: Sequence[Statement]) -> Iterator[Happening]:
    was, now = ([one.record for one in in_order(statements)] for statements in (before, after))
    for kind, fold, spell in _WORDS:
        (old, teller), (new, speaker) = _told(was, kind), _told(now, kind)
        if old and new and old != new and teller == speaker and fold(old) != fold(new):
            yield Happening(kind, spell(old), spell(new))


def _told(records: Sequence[Record], field: str) -> tuple[Any, str]:
    """What is said of a field, and by whom."""
    return next(((value, voice(one.source)) for one in records if (value := getattr(one, field))), (None, ""))


def _ends(old: Paper, new: Paper) -> Iterator[Happening]:
    kinds: tuple[EventKind, EventKind] = ("withdrawn", "deleted")
    for kind in kinds:
        was, now = getattr(old, kind), getattr(new, kind)
        if was != now:
            yield Happening(kind, "yes" if was else None, "yes" if now else None)


def _found(before: Sequence[Statement], after: Sequence[Statement], old: Paper, new: Paper) -> Iterator[Happening]:
    (was, teller), (now, speaker) = (_venue(statements) for statements in (before, after))
    changed = was and teller == speaker and ids.title_key(was) != ids.title_key(now or "")
    if now and (not was or changed):
        yield Happening("venue", was, now)
    dois, here = _dois(old), _dois(new)
    if here and (not dois or (dois[0] not in here and here[0] not in dois)):
        yield Happening("doi", dois[0] if dois else None, here[0])
    if code(old) is None and (found := code(new)):
        yield Happening("code", None, found)


def _venue(statements: Sequence[Statement]) -> tuple[str | None, str]:
    """Where the paper was published, in a source's or the authors' words, and who says so."""
    records = by_venue([one.record for one in in_order(statements)])
    for field in ("venue", "journal_ref"):
        where, who = _told(records, field)
        if where:
            return where, who
    return None, ""


def _dois(paper: Paper) -> list[str]:
    """The DOIs that are not arXiv's own for its preprint."""
    return [value for scheme, value in paper.identifiers if scheme == "doi" and not value.startswith(_ARXIV_DOI)]


# Kind (the name of the field too), what is compared, and how it is told.
_WORDS: tuple[tuple[EventKind, Callable[[Any], object], Callable[[Any], str]], ...] = (
    ("title", ids.title_key, str),
    ("abstract", ids.title_key, str),
    (
        "authors",
        lambda authors: [ids.last_name(author.name) for author in authors],
        lambda authors: "; ".join(author.name for author in authors),
    ),
    ("categories", lambda names: (names[0], frozenset(names)), ", ".join),
)
