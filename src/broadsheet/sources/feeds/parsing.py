"""A feed's document -> its entries, the same for every kind: what each field is called is all that differs."""

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

from lxml import etree

from broadsheet.errors import BadSource
from broadsheet.sources.lookup import entries as objects
from broadsheet.sources.lookup import words
from broadsheet.sources.markup import plain
from broadsheet.sources.xmltext import parse_xml

_NAMESPACES = (  # a prefix of our own for each namespace that says something here, by how it begins
    ("http://purl.org/dc/", "dc:"),
    ("http://prismstandard.org/namespaces/", "prism:"),
    ("http://purl.org/rss/1.0/modules/content/", "content:"),
    ("http://purl.org/rss/1.0/modules/prism/", "prism:"),
    ("http://purl.org/rss/1.0/", ""),
    ("http://my.netscape.com/rdf/simple/0.9/", ""),
    ("http://backend.userland.com/", ""),
    ("http://www.w3.org/2005/Atom", "atom:"),
    ("http://purl.org/atom/ns#", "atom:"),
    ("http://arxiv.org/schemas/atom", "arxiv:"),
    ("http://rssnamespace.org/feedburner/", "feedburner:"),
)
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);|#\d{1,7};|#x[0-9a-fA-F]{1,6};)(?:([A-Za-z][A-Za-z0-9]{1,31});)?")
_OF_ATOM = frozenset({"", "text", "html", "xhtml"})
_CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
_ENCODING = re.compile(rb"\s*<\?xml[^>]{0,200}?\sencoding=[\"']([A-Za-z0-9._-]{1,40})[\"']")
_DECLARED = re.compile(r"\A\s*<\?xml[^>]*\?>")


@dataclass(slots=True)
class Entry:
    """One entry as its feed wrote it, its texts without mark-up. `names` are texts that may be identifiers."""

    key: str = ""
    title: str | None = None
    text: str | None = None
    links: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    published: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    subjects: list[str] = field(default_factory=list)
    where: Mapping[str, str] = field(default_factory=dict)


def parse(body: bytes, address: str, what: str) -> list[Entry]:
    """The entries of a feed that was read from `address`; `what` names it in messages.

    Raises BadSource: asking again may help, where it broke off.
    """
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _json(body, address, what)
    try:
        root = parse_xml(body, what)
    except BadSource:
        mended = _mended(body)
        if mended == body:
            raise
        root = parse_xml(mended, what)
    kind = etree.QName(root).localname
    items = {"rss": "./{*}channel/{*}item", "RDF": "./{*}item", "feed": "./{*}entry"}.get(kind)
    if items is None:
        raise BadSource(f'{what} is XML, but no feed: it begins with "{kind[:40]}".')
    return [_entry(_Fields(item), address) for item in root.iterfind(items)]


def _mended(body: bytes) -> bytes:
    """The document with what XML does not know written as it does, and in UTF-8. Nothing of it is lost."""
    declared = _ENCODING.match(body)
    charset = declared[1].decode() if declared else "utf-8"
    try:
        text = body.decode(charset)
    except LookupError:
        return body
    except UnicodeDecodeError:
        if charset.lower() not in {"utf-8", "utf8"}:
            return body
        text = body.decode("cp1252", errors="replace")
    parts = _CDATA.split(_DECLARED.sub("", text))
    parts[::2] = [_ENTITY.sub(_character, part) for part in parts[::2]]
    return "".join(parts).encode()


def _character(reference: re.Match[str]) -> str:
    if reference[1] is None:
        return "&amp;"
    meant = html.unescape(reference[0])
    return f"&amp;{reference[1]};" if meant == reference[0] else meant


class _Fields:
    """The children of an entry by name, with our prefixes."""

    def __init__(self, item: etree._Element) -> None:
        self.about = item.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about", "")
        self._found: dict[str, list[etree._Element]] = {}
        for child in item:
            if isinstance(child.tag, str):
                name = etree.QName(child)
                prefix = next((ours for start, ours in _NAMESPACES if (name.namespace or "").startswith(start)), "?:")
                self._found.setdefault((prefix if name.namespace else "") + name.localname, []).append(child)

    def elements(self, *names: str) -> list[etree._Element]:
        return [child for name in names for child in self._found.get(name, ())]

    def texts(self, *names: str) -> list[str]:
        """The texts of some children, as they are."""
        found = (" ".join("".join(map(str, child.itertext())).split()) for child in self.elements(*names))
        return [text for text in found if text]

    def plain(self, *names: str) -> str | None:
        """The text of the first of some children that has one, without mark-up."""
        return next((text for child in self.elements(*names) if (text := _plain(child))), None)


def _plain(child: etree._Element) -> str:
    """The text of an element that may hold mark-up: as elements, escaped, or none at all where Atom says so."""
    kind = child.get("type", "").lower()
    if child.get("mode") == "base64" or not (kind in _OF_ATOM or kind.startswith("text/") or kind.endswith("xml")):
        return ""  # a picture, say: Atom's content may be anything
    text = "".join(map(str, child.itertext()))
    if len(child):
        return plain("".join([child.text or "", *(etree.tostring(part, encoding="unicode") for part in child)]))
    if etree.QName(child).namespace and kind in {"", "text"} and "Atom" in str(etree.QName(child).namespace):
        return text.strip()
    return plain(text)


def _entry(found: _Fields, address: str) -> Entry:
    """An entry of any kind of XML feed."""
    hrefs = [
        link.get("href", "")
        for link in found.elements("atom:link")
        if link.get("rel", "alternate") in {"alternate", ""}
    ]
    links = [*found.texts("feedburner:origLink", "link"), *hrefs, *found.texts("prism:url")]
    keys = [*found.texts("guid", "atom:id"), found.about, *links]
    persons = [name for author in found.elements("atom:author") for name in _texts_in(author, "name")]
    terms = [category.get("term", "") for category in found.elements("atom:category")]
    return Entry(
        key=next(filter(None, keys), ""),
        title=found.plain("title", "atom:title", "dc:title"),
        text=found.plain("dc:description", "description", "atom:summary", "content:encoded", "atom:content"),
        links=[urljoin(address, link.strip()) for link in links if link.strip()],
        names=[*found.texts("prism:doi", "arxiv:DOI", "arxiv:doi", "dc:identifier", "guid", "atom:id"), found.about],
        authors=[*found.texts("dc:creator"), *persons] or found.texts("author"),
        published=found.texts(
            "atom:published", "atom:issued", "pubDate", "dc:date", "dc:issued", "prism:publicationDate"
        ),
        updated=found.texts("atom:updated", "atom:modified", "dc:modified"),
        subjects=[*found.texts("category", "dc:subject"), *terms],
        where={
            "name": next(iter(found.texts("prism:publicationName", "dc:source")), ""),
            "volume": next(iter(found.texts("prism:volume")), ""),
            "number": next(iter(found.texts("prism:number")), ""),
            "pages": "-".join(found.texts("prism:startingPage", "prism:endingPage")[:2]),
        },
    )


def _texts_in(parent: etree._Element, name: str) -> list[str]:
    return [" ".join("".join(map(str, child.itertext())).split()) for child in parent.iterfind(f"./{{*}}{name}")]


def _json(body: bytes, address: str, what: str) -> list[Entry]:
    """The items of a JSON Feed (jsonfeed.org, versions 1 and 1.1)."""
    try:
        feed = json.loads(body)
    except (ValueError, RecursionError):
        raise BadSource(f"{what} breaks off in the middle, or is no JSON.") from None
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        raise BadSource(f"{what} is JSON, but no feed: it has no items.")
    return [_json_entry(item, address) for item in objects(feed["items"])]


def _json_entry(item: Mapping[str, object], address: str) -> Entry:
    own = item.get("id")
    key = str(own) if isinstance(own, int) and not isinstance(own, bool) else words(own)
    links = [urljoin(address, link) for link in (words(item.get("url")), words(item.get("external_url"))) if link]
    marked = next((text for text in (item.get("summary"), item.get("content_text")) if isinstance(text, str)), None)
    content = item.get("content_html")
    tags = item.get("tags")
    return Entry(
        key=key or next(iter(links), ""),
        title=plain(words(item.get("title"))) or None,
        text=marked if marked is not None else plain(content) if isinstance(content, str) else None,
        links=links,
        names=[key],
        authors=[name for one in (*objects(item.get("authors")), item.get("author")) if (name := _named(one))],
        published=[words(item.get("date_published"))],
        updated=[words(item.get("date_modified"))],
        subjects=[tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else [],
    )


def _named(person: object) -> str:
    return words(person.get("name")) if isinstance(person, Mapping) else ""
