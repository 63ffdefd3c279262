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
        found = classes(element)
        if not readable(element) or element.tag in _LEFT_OUT or "ltx_ERROR" in found:
            return ""
        if element.tag == "math":
            return f"${formula(element)}$"
        if "ltx_note" in found:
            return self._note(element)
        if element.tag == "a":
            return self._link(element)
        return " " if element.tag == "br" else _marked("".join(self._pieces(element)), element.tag, found)

    def _link(self, element: etree._Element) -> str:
        text, href = "".join(self._pieces(element)), (element.get("href") or "").strip()
        if not text.strip() or href.startswith("#") or not href:
            return text
        try:
            address = urljoin(self.base, href)
            parts = urlsplit(address)
        except ValueError:
            return text
        if self.base and address.startswith(f"{self.base}#"):
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
    """The text with its emphasis. Blanks stand outside, since Markdown knows no emphasis that begins with one."""
    inner = text.strip()
    if not inner:
        return text
    sign = ""
    if _BOLD in found or tag in ("b", "strong"):
        sign = "**"
    elif _ITALIC in found or tag in ("i", "em"):
        sign = "*"
    elif (_CODE in found or tag == "code") and not set(inner) & set("`$\\["):
        sign = "`"
    if not sign or inner.startswith("*") or inner.endswith("*"):
        return text
    start = text[: len(text) - len(text.lstrip())]
    end = text[len(text.rstrip()) :]
    return f"{start}{sign}{inner}{sign}{end}"
