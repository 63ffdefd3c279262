"""What stands in a line of LaTeXML's HTML, as Markdown: escaped words, formulas as their TeX, links, footnotes."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from lxml import etree

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|$~])")
_SPACE = re.compile(r"\s+")
_BOLD, _ITALIC, _CODE = "ltx_font_bold", "ltx_font_italic", "ltx_font_typewriter"
_LEFT_OUT = frozenset({"script", "style", "svg", "button", "nav", "template", "iframe", "object", "img"})


def classes(element: etree._Element) -> frozenset[str]:
    """The classes of an element, by which LaTeXML says what it is."""
    return frozenset((element.get("class") or "").split())


def readable(element: etree._Element) -> bool:
    """Whether it is an element, and no comment or instruction."""
    tag: object = element.tag
    return isinstance(tag, str)


def escaped(text: str) -> str:
    """Words as Markdown that shows them as they are, white space folded to single blanks."""
    return _SPECIAL.sub(r"\\\1", _SPACE.sub(" ", text))


def formula(element: etree._Element) -> str:
    """A formula as TeX between dollars: LaTeXML keeps the TeX as its alternative text, MathML as an annotation."""
    source = element.get("alttext") or ""
    if not source:
        notes = element.iter("{*}annotation", "annotation")
        source = next((note.text or "" for note in notes if "tex" in (note.get("encoding") or "").lower()), "")
    source = _SPACE.sub(" ", source.replace("%\n", "")).strip().removeprefix(r"\displaystyle").strip()
    if not source:
        return escaped("".join(str(text) for text in element.itertext()))
    return re.sub(r"(?<!\\)\$", r"\\$", source)


def plain(element: etree._Element) -> str:
    """What is seen of an element, with its white space: formulas as TeX between dollars, no notes, no emphasis."""
    return "".join(_seen(element))


def _seen(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if not _unread(child) and "ltx_note" not in classes(child):
            if child.tag == "math":
                yield f"${formula(child)}$"
            else:
                yield " " if child.tag == "br" else ""
                yield from _seen(child)
        yield child.tail or ""


def _unread(element: etree._Element) -> bool:
    return not readable(element) or element.tag in _LEFT_OUT or "ltx_ERROR" in classes(element)


def _unversioned(address: str) -> str:
    """The page of an address, whichever version: arXiv's pages name their own in links to their parts."""
    return re.sub(r"v\d+$", "", address.partition("#")[0])


class Inline:
    """Reads the content of a line. Footnotes are collected in `notes`, to be written below the text."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.notes: list[str] = []

    def content(self, element: etree._Element) -> str:
        """All that an element holds, as one line."""
        return _SPACE.sub(" ", "".join(self._pieces(element))).strip()

    def _pieces(self, element: etree._Element) -> Iterator[str]:
        yield escaped(element.text or "")
        for child in element:
            yield self.one(child)
            yield escaped(child.tail or "")

    def one(self, element: etree._Element) -> str:
        """One element in a line; "" of what is not to be read."""
        if _unread(element):
            return ""
        found = classes(element)
        if element.tag == "math":
            return f"${formula(element)}$"
        if "ltx_note" in found:
            return self._note(element)
        if element.tag == "a":
            return self._link(element)
        return " " if element.tag == "br" else self._text(element, found)

    def _text(self, element: etree._Element, found: frozenset[str]) -> str:
        text = "".join(self._pieces(element))
        if (_CODE in found or element.tag == "code") and (code := _SPACE.sub(" ", plain(element))):
            return text if set(code) & set("`$") or "[^" in text else _around(code, "`")
        return _marked(text, element.tag, found)

    def _link(self, element: etree._Element) -> str:
        text, href = "".join(self._pieces(element)), (element.get("href") or "").strip()
        if not text.strip() or href.startswith("#") or not href:
            return text
        try:
            address = urljoin(self.base, href)
            parts = urlsplit(address)
        except ValueError:
            return text
        if parts.fragment and _unversioned(address) == _unversioned(self.base):
            return text
        if parts.scheme not in ("http", "https") or not parts.netloc or re.search(r"[\s<>()\\]", address):
            return text
        return f"[{text.strip()}]({address})"

    def _note(self, element: etree._Element) -> str:
        inner = next((one for one in element.iter() if "ltx_note_content" in classes(one)), element)
        pieces = [escaped(inner.text or "")]
        for child in inner:
            if not classes(child) & {"ltx_note_mark", "ltx_tag_note", "ltx_note_type"}:
                pieces.append(self.one(child))
            pieces.append(escaped(child.tail or ""))
        text = _SPACE.sub(" ", "".join(pieces)).strip()
        if not text:
            return ""
        self.notes.append(text)
        return f"[^{len(self.notes)}]"


def _marked(text: str, tag: str, found: frozenset[str]) -> str:
    """The text with its emphasis."""
    inner = text.strip()
    sign = ""
    if _BOLD in found or tag in ("b", "strong"):
        sign = "**"
    elif _ITALIC in found or tag in ("i", "em"):
        sign = "*"
    return _around(text, sign) if sign and not inner.startswith("*") and not inner.endswith("*") else text


def _around(text: str, sign: str) -> str:
    """A sign on both sides. Blanks stand outside, since Markdown knows no emphasis that begins with one."""
    inner = text.strip()
    return text.replace(inner, f"{sign}{inner}{sign}", 1) if inner else text
