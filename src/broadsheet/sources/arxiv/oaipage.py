"""One answer of an OAI-PMH server, taken apart (openarchives.org/OAI/openarchivesprotocol.html).

Names are compared without their namespace: some servers forget one, and none uses a foreign name here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from broadsheet.errors import BadSource
from broadsheet.sources.xmltext import parse_xml


@dataclass(slots=True)
class Entry:
    """One record as it stands in a page. `metadata` is the element inside it, if there is one."""

    identifier: str
    datestamp: str
    deleted: bool
    metadata: etree._Element | None


@dataclass(slots=True)
class Page:
    """An answer to ListRecords: entries and the token of the next page, or an error's code and words."""

    day: str
    entries: list[Entry] = field(default_factory=list)
    token: str | None = None
    total: int | None = None
    error: str = ""
    words: str = ""


def read_page(body: bytes, what: str) -> Page:
    """The page in an answer. `what` names the server in messages. Raises BadSource where it is none."""
    root = parse_xml(body, what)
    if name_of(root) != "OAI-PMH":
        raise BadSource(f"{what} is no answer of an OAI-PMH server, but a document called {name_of(root)}.")
    page = Page(day=text_of(root, "responseDate")[: len("2026-11-20")])
    for child in elements(root):
        match name_of(child):
            case "error" if not page.error:
                page.error, page.words = child.get("code") or "unnamed", content(child)
            case "ListRecords" | "GetRecord":
                _take(child, page)
    return page


def read_earliest(body: bytes, what: str) -> str:
    """The day before which a server has nothing, from its answer to Identify; "" where it does not say."""
    for child in elements(parse_xml(body, what)):
        if name_of(child) == "Identify":
            return text_of(child, "earliestDatestamp")[: len("2026-11-20")]
    return ""


def _take(listing: etree._Element, page: Page) -> None:
    for child in elements(listing):
        match name_of(child):
            case "record":
                page.entries.append(_entry(child))
            case "resumptionToken":
                page.token = content(child) or None
                total = child.get("completeListSize") or ""
                page.total = int(total) if total.isascii() and total.isdecimal() and len(total) <= 9 else None


def _entry(record: etree._Element) -> Entry:
    entry = Entry("", "", deleted=False, metadata=None)
    for child in elements(record):
        match name_of(child):
            case "header":
                entry.deleted = child.get("status") == "deleted"
                entry.identifier = text_of(child, "identifier")
                entry.datestamp = text_of(child, "datestamp")[: len("2026-11-20")]
            case "metadata":
                entry.metadata = next(elements(child), None)
    return entry


def elements(parent: etree._Element) -> Iterator[etree._Element]:
    """The elements in an element, without comments and the like."""
    return parent.iterchildren(etree.Element)


def name_of(element: etree._Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def content(element: etree._Element) -> str:
    """All text in an element, at whatever depth, without white space around it."""
    text = element.text if len(element) == 0 else "".join(map(str, element.itertext()))
    return (text or "").strip()


def text_of(parent: etree._Element, name: str) -> str:
    """The text of the first element of this name in an element; "" where there is none."""
    return next((content(child) for child in elements(parent) if name_of(child) == name), "")
