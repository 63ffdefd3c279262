"""What happened to a paper, decided from what its sources said before and say now. Pure.

An event is news of the paper, not of our knowledge of it. So:

- nothing happens when a paper appears, and nothing when a source only adds what was not known (an abstract, say);
- title, abstract, authors and categories changed only where the *same voice* speaks: arXiv, through all its formats,
  or one other source. Another spelling that wins because a better source came is no change of the paper;
- texts are compared as letters and digits, TeX and accents folded (`ids.title_key`), and authors by their family
  names: white space, case and punctuation are no news;
- a withdrawal that one format of arXiv's tells and another does not is no news when the former is first read;
- a venue, a journal's DOI and code are news when they become known, whoever knows them first.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from broadsheet import ids
from broadsheet.catalogue.merge import Statement, by_venue, deleted, in_order, voice, withdrawn
from broadsheet.types import EventKind, Record

_ARXIV_DOI = "10.48550/arxiv."
_HOSTS = ("github.com/", "gitlab.com/", "bitbucket.org/", "codeberg.org/", "gitee.com/")
_CODE = re.compile(rf"(?<![\w@.-])(?:www\.)?((?:{'|'.join(map(re.escape, _HOSTS))})[\w.-]+/[\w.-]*\w)")


class Happening(NamedTuple):
    """One thing that happened, and what was said before and since."""

    kind: EventKind
    old: str | None
    new: str | None


def happenings(before: Sequence[Statement], after: Sequence[Statement]) -> list[Happening]:
    """What happened to a paper between two states of its statements, none of them empty."""
    old, new = _State(before), _State(after)
    return [*_versions(old, new), *_changes(old, new), *_ends(old, new), *_found(old, new)]


def newest_version(statements: Iterable[Statement]) -> int | None:
    """The number of a paper's newest version, where known."""
    return max((version.number for one in statements for version in one.record.versions), default=None)


class _State:
    """What the statements of a paper say, as far as events ask. The whole paper would take ten times as long."""

    def __init__(self, statements: Sequence[Statement]) -> None:
        self.statements = statements
        self.records = [one.record for one in in_order(statements)]

    def told(self, field: str, records: Sequence[Record] = ()) -> tuple[Any, str]:
        """What is said of a field, and whose voice says it."""
        for record in records or self.records:
            if value := getattr(record, field):
                return value, voice(record.source)
        return None, ""

    def venue(self) -> tuple[str | None, str]:
        """Where the paper was published, in a source's or the authors' words, and who says so."""
        where, who = self.told("venue", by_venue(self.records))
        return (where, who) if where else self.told("journal_ref")

    def dois(self) -> list[str]:
        """The DOIs that are not arXiv's own for its preprint."""
        found = [value for one in self.records for scheme, value in one.identifiers if scheme == "doi"]
        return [value for value in dict.fromkeys(found) if not value.startswith(_ARXIV_DOI)]

    def texts(self) -> list[str]:
        """All that may name an address of code, the most telling first."""
        links = [link for one in self.records for link in one.links]
        others = [text for one in self.records for text in (one.comment, one.abstract) if text]
        return list(dict.fromkeys([*links, *others]))


def _versions(old: _State, new: _State) -> Iterator[Happening]:
    was, now = newest_version(old.statements), newest_version(new.statements)
    if was is not None and now is not None and now > was:
        yield Happening("version", str(was), str(now))


def _changes(old: _State, new: _State) -> Iterator[Happening]:
    for kind, fold, spell in _WORDS:
        (was, teller), (now, speaker) = old.told(kind), new.told(kind)
        if was and now and was != now and teller == speaker and fold(was) != fold(now):
            yield Happening(kind, spell(was), spell(now))


def _ends(old: _State, new: _State) -> Iterator[Happening]:
    kinds: tuple[tuple[EventKind, bool, bool], ...] = (
        ("withdrawn", withdrawn(old.statements), withdrawn(new.statements) and _is_new_withdrawal(old, new)),
        ("deleted", deleted(old.statements), deleted(new.statements)),
    )
    for kind, was, now in kinds:
        if was != now:
            yield Happening(kind, "yes" if was else None, "yes" if now else None)


def _is_new_withdrawal(old: _State, new: _State) -> bool:
    """Whether a withdrawal happened, and did not only become known through a format that tells more than another.

    A source that said otherwise before says so now, or one that says so speaks of a later day than any did before.
    """
    before = {one.number: one.record.withdrawn for one in old.statements}
    latest = max(map(_latest_day, old.records))
    tellers = [one for one in new.statements if one.record.withdrawn]
    return withdrawn(old.statements) or any(
        before.get(one.number) is False or _latest_day(one.record) > latest for one in tellers
    )


def _latest_day(record: Record) -> str:
    """The last day that a record knows of."""
    return max(filter(None, (record.updated, record.published, *(one.created for one in record.versions))), default="")


def _found(old: _State, new: _State) -> Iterator[Happening]:
    (was, teller), (now, speaker) = old.venue(), new.venue()
    changed = was != now and teller == speaker and ids.title_key(was or "") != ids.title_key(now or "")
    if now and (not was or changed):
        yield Happening("venue", was, now)
    dois, here = old.dois(), new.dois()
    if here and (not dois or (dois[0] not in here and here[0] not in dois)):
        yield Happening("doi", dois[0] if dois else None, here[0])
    read = old.texts()
    known = set(read)
    found = _code(text for text in new.texts() if text not in known)
    if found and not _code(read):
        yield Happening("code", None, found)


def _code(texts: Iterable[str]) -> str | None:
    """The first address of code in texts."""
    for text in texts:
        if any(host in text for host in _HOSTS) and (match := _CODE.search(text.replace("\\_", "_"))):
            return f"https://{match[1].removesuffix('.git')}"
    return None


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
