"""What reference managers and indexes have in common: how they name people, places of publication and preprints."""

import re

from broadsheet import ids
from broadsheet.errors import BadRecord
from broadsheet.sources.door import Door
from broadsheet.types import Author, Identifier

_ARXIV = re.compile(r"\barxiv\W{1,3}([a-z.-]+/\d{7}|\d{4}\.\d{4,5})(?!\d)|^abs/(\S+)$", re.IGNORECASE)
_PREPRINTS = re.compile(r"(?:ar|bio|med|chem|psy|socar)xiv|corr\b|preprint|ssrn\b|research square", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:Jr|Sr|II|III|IV)\.?", re.IGNORECASE)


def arxiv_in(text: str) -> Identifier | None:
    """The arXiv id that a field in words gives, as "arXiv preprint arXiv:2406.09519" or "abs/2203.00099" do."""
    match = _ARXIV.search(text)
    names = ids.arxiv(match[1] or match[2]) if match else None
    return Identifier("arxiv", names[0]) if names else None


def venue(where: str | None) -> str | None:
    """The journal or the proceedings; None where what is named is a server of preprints."""
    return where if where and not _PREPRINTS.match(where) else None


def place(where: str | None, *, volume: str = "", number: str = "", pages: str = "", year: str = "") -> str | None:
    """Where something was published, in one line: "Journal 12(3), 1-10 (2024)"; None for a preprint."""
    if (named := venue(where)) is None:
        return None
    issue = volume + (f"({number})" if number else "")
    reference = " ".join(filter(None, (named, issue)))
    reference += f", {pages.replace('--', '-')}" if pages else ""
    return reference + (f" ({year})" if year else "")


def turned(written: str) -> str:
    """A name as people say it: "Last, First" and "Last, First, Jr." with what follows the comma before it."""
    last, *rest = [part.strip() for part in written.split(",")]
    if len(rest) > 1 and _SUFFIX.fullmatch(rest[0]):  # BibTeX's order, which others write too
        rest = [rest[-1], *rest[:-1]]
    return " ".join(filter(None, (*rest[:1], last, *rest[1:])))


def people(names: list[str]) -> list[Author]:
    """Authors of names that are written as catalogues do, the last name first."""
    return [Author(name) for name in map(turned, names) if name and name.lower() not in {"others", "et al", "et al."}]


def known_day(door: Door, *candidates: object) -> str | None:
    """The first candidate that is a date and not in the future.

    Journals date issues months ahead, and feeds write what they like there: neither makes a record worthless.
    """
    for candidate in candidates:
        try:
            if day := door.date(candidate, "date"):
                return day
        except BadRecord:
            continue
    return None
