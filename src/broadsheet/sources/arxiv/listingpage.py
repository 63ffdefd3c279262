"""arXiv's listing pages -> what they list: the page of a day (/list/cs.LG/new), and of the last five (/recent).

Nothing but headings, lists and a few class names is relied on (arXiv/arxiv-browse, templates/list):

    h3   "Showing new listings for Friday, 20 November 2026"           the day, on the page of a day
    h3   "Cross submissions (continued, showing last 12 of 30 entries)"
    h3   "Fri, 20 Nov 2026 (showing first 25 of 67 entries )"          the day, on the page of several
    dt   a title="Abstract" href="/abs/2611.00017", then "(cross-list from math.CO)" or "(replaced)"
    dd   .list-title  .list-authors  .list-comments  .list-journal-ref  .list-subjects  p.mathjax (the abstract)

The pages promise how many entries they hold, so half a page is told from a whole one. They show TeX as it is, but for
accents, which are letters there; a link's text is replaced by "this https URL", and at most 100 authors are named.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from broadsheet import ids
from broadsheet.errors import BadSource
from broadsheet.ids.categories import ALIASES
from broadsheet.sources import names
from broadsheet.sources.text import short
from broadsheet.types import Announced, Author

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5"})
_DAY = re.compile(r"\blistings?\s+for\s+(.+)", re.IGNORECASE)
_SECTION = re.compile(
    r"(?P<name>.+?)\s*\((?:continued,\s*)?showing\s+(?:first\s+|last\s+)?(?P<shown>\d+)\s+of\s+(?P<total>\d+)"
    r"\s+entr(?:y|ies)\s*\)",
    re.IGNORECASE,
)
_TOTAL = re.compile(r"\bTotal of (\d+) entr", re.IGNORECASE)
_NOTHING = re.compile(r"\bNo updates\b", re.IGNORECASE)
_CROSS = re.compile(r"\(\s*cross-list\b", re.IGNORECASE)
_REPLACED = re.compile(r"\(\s*replaced\b", re.IGNORECASE)
_SUBJECT = re.compile(r"\(([a-z-]+(?:\.[A-Za-z-]+)?)\)\s*(?:;|$)")
_LABEL = re.compile(r"^\s*(?:Title|Authors?|Comments?|Journal-ref|Subjects?|Abstract)\s*:\s*")
_URL_TEXT = re.compile(r"this \w+ URL", re.IGNORECASE)
_END = re.compile(rb"</html\s*>", re.IGNORECASE)
_LATIN = frozenset({"iso-8859-1", "latin-1", "latin1", "windows-1252", "cp1252"})  # one and the same to browsers
_NO_DAY = 'does not say of which day it is: a heading "... listings for ..." is missing.'
_TAIL = 4_000  # bytes in which a whole page ends
_CHARSET = re.compile(r"charset=[\"']?([\w.:-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry. `day` is the one it was announced for. What a replacement is follows from its primary category."""

    id: str
    day: str
    kind: Announced
    title: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    comment: str | None
    journal_ref: str | None
    abstract: str | None


@dataclass(slots=True)
class Section:
    """Entries under one heading: `shown` of them on this page, `total` in all."""

    day: str
    name: str
    shown: int
    total: int
    entries: list[Listed] = field(default_factory=list)


@dataclass(slots=True)
class ListingPage:
    """A page. `day` is the newest it shows; `total` counts the entries of all its pages together."""

    day: str
    total: int
    sections: list[Section]

    @property
    def count(self) -> int:
        """How many entries this page holds."""
        return sum(len(section.entries) for section in self.sections)


def read_page(body: bytes, content_type: str, *, category: str) -> ListingPage:
    """Reads a listing page of a category. Raises BadSource with what was expected and is not there."""
    what = f"arXiv's listing of {category}"
    page = _Page(what, category)
    root = _root(body, content_type, what)
    for element in root.iter("dt", "dd", *_HEADINGS):
        page.take(element)
    return page.done(root)


class _Page:
    """A page while it is read, element by element."""

    def __init__(self, what: str, category: str) -> None:
        self.what, self.category = what, category
        self.day = ""
        self.sections: list[Section] = []
        self.waiting: tuple[str, str] | None = None  # the id and the remarks of a dt whose dd comes next

    def take(self, element: etree._Element) -> None:
        if element.tag in _HEADINGS:
            self._heading(" ".join(_text(element).split()))
        elif element.tag == "dt":
            remarks = " ".join(_text(element).split())
            self.waiting = (self._id(element, remarks), remarks)
        elif self.waiting is not None:
            if not self.sections:
                raise BadSource(f'{self.what} has entries before any heading "... (showing N of M entries)".')
            self.sections[-1].entries.append(self._entry(element, *self.waiting))
            self.waiting = None

    def done(self, root: etree._Element) -> ListingPage:
        if not self.day and self.sections:
            self.day = max(section.day for section in self.sections)
        if not self.day:
            raise BadSource(
                f'{self.what} does not say of which day it is: a heading "... listings for ..." is missing.'
            )
        for section in self.sections:
            if len(section.entries) != section.shown:
                raise BadSource(
                    f"{self.what} promises {section.shown} entries under {short(section.name)} and holds"
                    f" {len(section.entries)}: it broke off, or its form has changed."
                )
        entries = [entry for section in self.sections for entry in section.entries]
        if entries and not any(entry.title for entry in entries):
            raise BadSource(f'{self.what} has {len(entries)} entries and no title: "list-title" is missing.')
        if not self.sections and not _NOTHING.search(_text(root)):
            raise BadSource(f"{self.what} has neither a section of entries nor says that there are none.")
        paging = " ".join(_text(part) for part in root.iter("div") if "paging" in _classes(part))
        stated = _TOTAL.search(" ".join(paging.split()))
        total = int(stated[1]) if stated else sum(section.total for section in self.sections)
        return ListingPage(self.day, total, self.sections)

    def _heading(self, text: str) -> None:
        if match := _SECTION.search(text):
            day = _whole_day(match["name"]) or self.day
            if not day:
                raise BadSource(f"{self.what} {_NO_DAY}")
            self.sections.append(Section(day, match["name"], int(match["shown"]), int(match["total"])))
        elif match := _DAY.search(text):
            self.day = _whole_day(match[1])
            if not self.day:
                raise BadSource(f"{self.what} is of {short(match[1])}, which is no day.")
        elif day := _whole_day(text):  # a day without entries
            self.sections.append(Section(day, text, 0, 0))

    def _id(self, element: etree._Element, remarks: str) -> str:
        links = [link for link in element.iter("a") if link.get("title") == "Abstract"] or list(element.iter("a"))
        for link in links:
            for text in (link.get("href"), link.get("id"), _text(link)):
                if text and (found := ids.arxiv(text.strip().removeprefix("/abs/"))):
                    return found[0]
        raise BadSource(f"{self.what} has an entry without an arXiv id: {short(remarks)}.")

    def _entry(self, element: etree._Element, paper: str, remarks: str) -> Listed:
        parts: dict[str, etree._Element] = {}
        for part in element.iter("div", "span", "p"):
            for name in _classes(part):
                parts.setdefault(name, part)
        subjects = tuple(_SUBJECT.findall(_field(parts.get("list-subjects")) or ""))
        abstracts = [part for part in element.iter("p") if "mathjax" in _classes(part)]
        return Listed(
            id=paper,
            day=self.sections[-1].day,
            kind=self._kind(remarks, subjects),
            title=_field(parts.get("list-title")) or "",
            authors=tuple(author.name for author in _authors(parts.get("list-authors"))),
            categories=subjects,
            comment=_field(parts.get("list-comments")),
            journal_ref=_field(parts.get("list-journal-ref")),
            abstract=_field(abstracts[-1]) if abstracts else None,
        )

    def _kind(self, remarks: str, subjects: tuple[str, ...]) -> Announced:
        section = self.sections[-1].name.lower()
        if _REPLACED.search(remarks) or section.startswith("replace"):
            own = not subjects or _within(subjects[0], self.category)
            return Announced.REPLACE if own else Announced.REPLACE_CROSS
        if _CROSS.search(remarks) or section.startswith("cross"):
            return Announced.CROSS
        return Announced.NEW


def _whole_day(text: str) -> str:
    day = ids.iso_date(text) or ""
    return day if len(day) == len("2026-11-20") else ""


def _within(category: str, listed: str) -> bool:
    """Whether a category is the one that is listed, or one of that archive."""
    category, listed = ALIASES.get(category, category), ALIASES.get(listed, listed)
    return category == listed or category.startswith(f"{listed}.")


def _root(body: bytes, content_type: str, what: str) -> etree._Element:
    if not body.strip():
        raise BadSource(f"{what} is empty.")
    if not _END.search(body[-_TAIL:]):
        raise BadSource(f"{what} breaks off in the middle: its end is missing.")
    text = _decoded(body, content_type, what)
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True)
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise BadSource(f"{what} cannot be read as HTML ({error}).") from None
    if root is None:
        raise BadSource(f"{what} holds no HTML.")
    return root


def _decoded(body: bytes, content_type: str, what: str) -> str:
    """The text of a page: UTF-8 if it can be, whatever it says; else the older charset of the web, if it says so."""
    try:
        return body.decode()
    except UnicodeDecodeError:
        stated = _CHARSET.search(content_type) or _CHARSET.search(body[:2_000].decode("ascii", "replace"))
        charset = stated[1].lower() if stated else "utf-8"
        if charset in _LATIN:
            return body.decode("cp1252", "replace")
        raise BadSource(f"{what} is in another charset than it says ({charset[:20]}).") from None


def _classes(element: etree._Element) -> list[str]:
    return (element.get("class") or "").split()


def _field(element: etree._Element | None) -> str | None:
    """The text of a part without its label ("Title:"); None where there is none."""
    return _LABEL.sub("", _text(element)).strip() or None if element is not None else None


def _authors(element: etree._Element | None) -> list[Author]:
    if element is None:
        return []
    linked = [" ".join(_text(link).split()) for link in element.iter("a")]
    if any(linked):
        return [Author(name) for name in linked if name]
    text = _field(element) or ""
    return [] if text.startswith("(author list is unavailable") else names.from_string(text)


def _text(element: etree._Element) -> str:
    return "".join(_pieces(element))


def _pieces(element: etree._Element) -> Iterator[str]:
    """The text below an element, in order: breaks as blank lines, links that hide their address as the address."""
    stack: list[etree._Element | str] = [element]
    while stack:
        one = stack.pop()
        if isinstance(one, str):
            yield one
            continue
        if one.tag in {"script", "style"}:
            continue
        if one.tag == "br":
            yield "\n\n"
        address = one.get("href") if one.tag == "a" else None
        if address and _URL_TEXT.fullmatch((one.text or "").strip()):
            yield address
            continue
        inner: list[etree._Element | str] = [one.text] if one.text else []
        for child in one:
            inner.append(child)
            if child.tail:
                inner.append(child.tail)
        stack.extend(reversed(inner))
