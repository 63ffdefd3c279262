"""A page of LaTeXML's HTML as Markdown: sections, paragraphs, lists, formulas, tables, figures, listings, references.

LaTeXML says by classes what each part is (`ltx_section`, `ltx_equation`, ...). What has no known class is read for
what is in it, so that a part it does not know loses its form and no words. Title, authors and abstract are left out:
the catalogue has them.
"""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from lxml import etree, html

from broadsheet.fulltext.inline import Inline, classes, escaped, formula, plain, readable
from broadsheet.fulltext.tables import table
from broadsheet.types import Caption, FullText, Heading

MOST = 4_000_000  # characters of Markdown; a page is 16 MB at most
_DEEPEST = 200  # elements inside each other
_SKIPPED = frozenset(
    """ltx_title_document ltx_authors ltx_abstract ltx_dates ltx_page_logo ltx_page_footer ltx_page_header ltx_TOC
    ltx_page_navbar ltx_role_institutetext ltx_classification ltx_keywords ltx_pagination package-alerts
    ltx_document_metadata""".split()  # noqa: SIM905
)
_LEVELS = {"ltx_part": 1, "ltx_chapter": 1, "ltx_section": 1, "ltx_subsection": 2, "ltx_subsubsection": 3}
_LEVELS |= {"ltx_paragraph": 4, "ltx_subparagraph": 5, "ltx_appendix": 1, "ltx_bibliography": 1, "ltx_index": 1}
_NOTE = re.compile(r"\[\^\d+\]")
_NUMBER = re.compile(r"\d+[.)]?")
_EMPHASIS = re.compile(r"(?<!\\)\*+")
_BLANKS = {0x00A0: " ", 0x2002: " ", 0x2003: "  ", 0x200A: ""}
_TITLES = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = _TITLES | frozenset(
    """address article aside blockquote dd div dl dt figure footer header li main ol p pre section table ul""".split()  # noqa: SIM905
)


def converted(page: bytes, *, source: str = "", read: date | None = None) -> FullText | None:
    """The full text that a page holds; None where it holds none: no paragraph, or not LaTeXML's.

    Takes any bytes and never raises.
    """
    try:
        root = html.document_fromstring(page, parser=html.HTMLParser(encoding="utf-8", no_network=True))
    except (etree.LxmlError, ValueError):  # nothing in it
        return None
    start = next((one for one in root.iter() if "ltx_document" in classes(one)), None)
    if start is None:
        return None
    writer = _Writer(Inline(source))
    writer.children(start, 0)
    if not writer.paragraphs:
        return None
    blocks = [*writer.blocks, *(f"[^{number}]: {note}" for number, note in enumerate(writer.inline.notes, 1))]
    text = "\n\n".join(filter(None, blocks)) + "\n"
    when = read.isoformat() if read else ""
    return FullText(text[:MOST], tuple(writer.headings), tuple(writer.captions), source, when)


@dataclass(slots=True)
class _Writer:
    """Writes blocks of Markdown in the order of the page."""

    inline: Inline
    blocks: list[str] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    captions: list[Caption] = field(default_factory=list)
    paragraphs: int = 0

    def children(self, element: etree._Element, depth: int) -> None:
        """The parts of an element; words and lines between them are paragraphs."""
        loose: list[str] = [element.text or ""]
        for child in element:
            if readable(child) and (child.tag in _BLOCKS or _is_block(child)):
                self._loose(loose)
                self.block(child, depth + 1)
                loose = [child.tail or ""]
            else:
                loose += [_Piece(self.inline.one(child)), child.tail or ""]
        self._loose(loose)

    def block(self, element: etree._Element, depth: int) -> None:
        """One part of the page."""
        found = classes(element)
        if found & _SKIPPED or depth > _DEEPEST or element.tag in ("nav", "header", "footer", "script", "style"):
            return
        if element.tag in _TITLES:
            self._title(element, found)
        elif "ltx_equation" in found or "ltx_equationgroup" in found or "ltx_eqn_table" in found:
            self._equations(element)
        elif element.tag == "figure":
            self._figure(element, depth)
        elif element.tag == "table" or "ltx_tabular" in found:
            self.blocks.append(table(element, self.inline))
        elif element.tag in ("ul", "ol") and "ltx_biblist" in found:
            self.blocks.append("\n".join(f"- {self._item(item)}" for item in element if item.tag == "li"))
        elif element.tag in ("ul", "ol", "dl"):
            self._list(element, depth)
        elif "ltx_listing" in found or element.tag == "pre":
            self._listing(element)
        elif element.tag == "p" and not any(map(_is_block, element)):
            self._paragraph(self.inline.content(element))
        else:
            self.children(element, depth)

    def _loose(self, pieces: list[str]) -> None:
        text = " ".join("".join(piece if isinstance(piece, _Piece) else escaped(piece) for piece in pieces).split())
        # A note to nothing (`\\footnotetext`, `\\thanks`) is a paragraph.
        self._paragraph(self.inline.notes.pop() if _NOTE.fullmatch(text) else text)

    def _paragraph(self, text: str) -> None:
        if text:
            self.paragraphs += 1
            self.blocks.append(_safe(text))

    def _title(self, element: etree._Element, found: frozenset[str]) -> None:
        parent = element.getparent()
        level = next((_LEVELS[one] for one in (classes(parent) if parent is not None else ()) if one in _LEVELS), 0)
        text = self.inline.content(element).replace("\n", " ")
        if not text:
            return
        if level and found & {"ltx_title", *(f"ltx_title_{kind[4:]}" for kind in _LEVELS)}:
            self.headings.append(Heading(level, _line(plain(element))))
            self.blocks.append(f"{'#' * min(6, level + 1)} {text}")
        else:
            self.blocks.append(f"**{_EMPHASIS.sub('', text)}**")

    def _equations(self, element: etree._Element) -> None:
        """Displayed formulas: each row of cells is one, with its number where it has one."""
        rows = list(element.iter("tr")) or [element]
        for row in rows:
            if any(inner is not row and inner.tag == "tr" for inner in row.iter("tr")):
                continue
            parts = [source for one in row.iter("math") if (source := formula(one))]
            tag = next((one for one in row.iter() if "ltx_tag_equation" in classes(one)), None)
            number = "".join(str(text) for text in tag.itertext()).strip() if tag is not None else ""
            if parts:
                named = rf" \tag{{{number.strip('()')}}}" if number else ""
                self.blocks.append(f"$$\n{' '.join(parts)}{named}\n$$")

    def _figure(self, element: etree._Element, depth: int) -> None:
        caption = next((child for child in element if child.tag == "figcaption"), None)
        for child in element:
            if child is caption or not readable(child):
                continue
            if child.tag in _BLOCKS or _is_block(child):
                self.block(child, depth + 1)
        if caption is None:
            return
        label = _line(_taken(caption)).rstrip(":. ")
        text = self.inline.content(caption).lstrip(":. ")
        if text:
            self.captions.append(Caption(label, _line(plain(caption)).lstrip(":. ")))
            self.blocks.append(f"**{label}{'' if label.endswith(')') else ':'}** {text}" if label else _safe(text))

    def _list(self, element: etree._Element, depth: int) -> None:
        lines: list[str] = []
        for label, item in _labelled(element):
            inner = _Writer(self.inline)
            inner.children(item, depth + 1)
            number = _NUMBER.fullmatch(label) or (not label and element.tag == "ol" and str(len(lines) + 1))
            sign = f"{label.rstrip('.)') or number}. " if number else "- "
            said = f"{escaped(label)} " if label and not number and any(map(str.isalnum, label)) else ""
            body = said + "\n\n".join(filter(None, inner.blocks)).replace("\n", "\n" + " " * len(sign))
            if body.strip():
                lines.append(sign + body)
            self.paragraphs += inner.paragraphs
            self.captions += inner.captions
        self.blocks.append("\n".join(lines))

    def _item(self, item: etree._Element) -> str:
        """A reference: its label, and what it says."""
        return " ".join(filter(None, (self.inline.content(child) for child in item if readable(child))))

    def _listing(self, element: etree._Element) -> None:
        lines = _source(element) or list(_lines(element))
        fence = "```"
        while any(fence in line for line in lines):
            fence += "`"
        self.blocks.append("\n".join([fence, *lines, fence]))


class _Piece(str):
    """What is Markdown already."""

    __slots__ = ()


def _is_block(element: etree._Element) -> bool:
    """Whether an element of a line holds parts of a page: LaTeXML puts paragraphs and figures into spans."""
    return bool(classes(element) & {"ltx_para", "ltx_p", "ltx_figure", "ltx_tabular", "ltx_listing", "ltx_equation"})


def _labelled(element: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """The items of a list, each with what stands before it: a bullet, a number, a name."""
    named = ""
    for item in element:
        if item.tag == "dt":
            named = f"{named} {_line(plain(item))}".strip()
        elif item.tag in ("li", "dd"):
            yield f"{named} {_line(_taken(item))}".strip(), item
            named = ""


def _taken(element: etree._Element) -> str:
    """The label of an item or a caption, which is taken away; what follows it stays."""
    tag = next((one for one in element if "ltx_tag" in classes(one)), None)
    if tag is None:
        return ""
    element.text = f"{element.text or ''}{tag.tail or ''}"
    tag.tail = None
    element.remove(tag)
    return plain(tag)


def _source(element: etree._Element) -> list[str]:
    """The lines of a listing as they were typed: LaTeXML offers them for download, for its own lose their indents."""
    for link in element.iter("a"):
        kind, _, packed = (link.get("href") or "").partition(",")
        if kind.startswith("data:text/plain") and kind.endswith("base64"):
            try:
                typed = base64.b64decode(packed).decode().strip("\n")
            except ValueError:
                break
            return typed.split("\n") if typed else []
    return []


def _lines(element: etree._Element) -> Iterator[str]:
    """The lines of a listing or an algorithm as they are shown; a text that is set as it is has its own."""
    rows = [one for one in element.iter() if "ltx_listingline" in classes(one)]
    if not rows:
        yield from plain(element).strip("\n").replace("\u00a0", " ").split("\n")
    for row in rows:
        number = _taken(row).strip()
        # Line breaks are the page's own; blanks that count are wide ones, or such as do not break.
        text = re.sub(r"[ \t\r\n]+", " ", plain(row)).strip(" ")
        yield f"{number} {text}".translate(_BLANKS).rstrip() if number else text.translate(_BLANKS).rstrip()


def _line(text: str) -> str:
    return " ".join(text.split())


def _safe(text: str) -> str:
    """A paragraph whose first sign would make a list or a heading of it stays a paragraph."""
    head = text.split(" ", 1)[0]
    if head in ("-", "+") or (head[:-1].isdecimal() and head[-1:] in ".)"):
        return f"{head[:-1]}\\{head[-1:]}{text[len(head) :]}"
    return text
