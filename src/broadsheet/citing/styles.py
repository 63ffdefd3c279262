"""References in words, as plain text: APA 7, MLA 9, Chicago 17 (bibliography), IEEE, and Harvard (Cite Them Right).

Italics cannot be copied as text and are left out. How many authors each style names follows its manual.
"""

# ruff: noqa: RUF001, SIM905 - quotation marks are the styles' own; tables of words read best as words
import re
from collections.abc import Callable, Sequence
from types import MappingProxyType

from broadsheet import tex
from broadsheet.citing.names import Name, initials, inverted, split, spoken
from broadsheet.citing.publication import Publication, publication
from broadsheet.types import Paper

_MONTHS = """January February March April May June July August September October November December""".split()
_SHORT = "Jan. Feb. Mar. Apr. May June July Aug. Sept. Oct. Nov. Dec.".split()
_MARKDOWN = re.compile(r"([\\`*_\[\]<>])")


def citation(paper: Paper, style: str, *, address: str = "") -> str:
    """The reference in one of `STYLES`. `address` is where the paper is shown here. Raises KeyError."""
    names = [split(author.name) for author in paper.authors if author.name.strip()]
    return STYLES[style](names, tex.plain(paper.title), publication(paper, address))


def markdown(paper: Paper, *, address: str = "") -> str:
    """The title as a link in Markdown, to arXiv, the DOI or `address`."""
    title = _MARKDOWN.sub(r"\\\1", tex.plain(paper.title))
    url = publication(paper, address).url
    return f"[{title}]({url.replace('(', '%28').replace(')', '%29')})" if url else title


def _apa(names: Sequence[Name], title: str, where: Publication) -> str:
    people = [_short_after(name) for name in names]
    if len(people) > 20:
        people = [*people[:19], f"… {people[-1]}"]
        by = ", ".join(people)
    else:
        by = _joined(people, ", & ", ", & ")
    when = "n.d." if not where.date else str(where.date[0])
    return _sentences(by, f"({when})", title, where.container or _archive(where), _doi(where), bare=True)


def _mla(names: Sequence[Name], title: str, where: Publication) -> str:
    by = _first_turned(names, most=2, shown=1)
    when = _day_first(where)
    place = ", ".join(filter(None, (where.container or _archive(where), when, _doi(where))))
    return _sentences(by, f"“{_ended(title)}”", place)


def _chicago(names: Sequence[Name], title: str, where: Publication) -> str:
    by = _first_turned(names, most=10, shown=7)
    container = where.container or ", ".join(filter(None, ("Preprint", _archive(where))))
    return _sentences(by, f"“{_ended(title)}”", ", ".join(filter(None, (container, _american(where)))), _doi(where))


def _ieee(names: Sequence[Name], title: str, where: Publication) -> str:
    people = [_short_before(name) for name in names]
    by = f"{people[0]} et al." if len(people) > 6 else _joined(people, " and ", ", and ")
    container = where.container or (f"arXiv:{where.arxiv}" if where.arxiv else "")
    when = " ".join(filter(None, (_SHORT[where.date[1] - 1] if len(where.date) > 1 else "", _year(where))))
    doi = f"doi: {where.doi}" if where.doi else where.url
    quoted = f"“{title}{'' if title[-1:] in '?!' else ','}”"
    body = " ".join(filter(None, (quoted, ", ".join(filter(None, (container, when))))))
    return ", ".join(filter(None, (by, body, doi))) + "."


def _harvard(names: Sequence[Name], title: str, where: Publication) -> str:
    people = [_short_after(name) for name in names]
    by = f"{people[0]} et al." if len(people) > 3 else _joined(people, " and ", " and ")
    head = " ".join(filter(None, (by, f"({_year(where) or 'no date'})")))
    place = ", ".join(filter(None, (f"‘{title}’", where.container or _archive(where))))
    available = f"Available at: {_doi(where)}." if _doi(where) else ""
    return " ".join(filter(None, (head, f"{place}.", available)))


STYLES: MappingProxyType[str, Callable[[Sequence[Name], str, Publication], str]] = MappingProxyType(
    {"APA": _apa, "MLA": _mla, "Chicago": _chicago, "IEEE": _ieee, "Harvard": _harvard}
)


def _short_after(name: Name) -> str:
    """ "van Beethoven, L." """
    short = Name(initials(name), name.particle, name.family, name.suffix, name.whole)
    return inverted(short)


def _short_before(name: Name) -> str:
    """ "L. van Beethoven" """
    return spoken(Name(initials(name), name.particle, name.family, name.suffix, name.whole))


def _first_turned(names: Sequence[Name], *, most: int, shown: int) -> str:
    """The first name turned around, the others as people say them; of more than `most` only `shown`."""
    people = [inverted(name) if place == 0 else spoken(name) for place, name in enumerate(names)]
    if len(people) > most:
        return ", ".join([*people[:shown], "et al"])
    return _joined(people, ", and ", ", and ")


def _joined(people: Sequence[str], pair: str, last: str) -> str:
    if len(people) < 3:
        return pair.join(people)
    return f"{', '.join(people[:-1])}{last}{people[-1]}"


def _archive(where: Publication) -> str:
    return "arXiv" if where.arxiv else ""


def _doi(where: Publication) -> str:
    return f"https://doi.org/{where.doi}" if where.doi else where.url


def _year(where: Publication) -> str:
    return str(where.date[0]) if where.date else ""


def _day_first(where: Publication) -> str:
    """ "18 Nov. 2026" """
    year, *rest = (*where.date, 0, 0)[:3] if where.date else (0, 0, 0)
    month = _SHORT[rest[0] - 1] if rest[0] else ""
    return " ".join(filter(None, (str(rest[1]) if rest[1] else "", month, str(year) if year else "")))


def _american(where: Publication) -> str:
    """ "November 18, 2026" """
    if len(where.date) < 2:
        return _year(where)
    month = _MONTHS[where.date[1] - 1]
    return f"{month} {where.date[2]}, {where.date[0]}" if len(where.date) > 2 else f"{month} {where.date[0]}"


def _ended(sentence: str) -> str:
    return sentence if sentence[-1:] in (".", "?", "!") else f"{sentence}."


def _sentences(*parts: str, bare: bool = False) -> str:
    """The parts as sentences; with `bare` an address at the end has no full stop, which would become part of it."""
    said = [part for part in parts if part]
    ended = [part if part.endswith("”") else _ended(part) for part in said]
    if bare and said and said[-1].startswith("http"):
        ended[-1] = said[-1]
    return " ".join(ended)
