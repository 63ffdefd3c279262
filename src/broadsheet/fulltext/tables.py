"""Tables of LaTeXML's HTML as tables of Markdown: cells that span are written once and leave the others empty."""

from collections.abc import Iterator

from lxml import etree

from broadsheet.fulltext.inline import Inline, classes

MOST_COLUMNS, MOST_ROWS = 60, 400
_SPANS = 60


def table(element: etree._Element, inline: Inline) -> str:
    """The table; "" where it has no cells."""
    rows: list[list[str]] = []
    covered: dict[tuple[int, int], bool] = {}
    for number, row in enumerate(_rows(element)):
        if number >= MOST_ROWS:
            break
        cells: list[str] = []
        for cell in row:
            if not _is(cell, "td", "th"):
                continue
            while (number, len(cells)) in covered:
                cells.append("")
            down, across = _span(cell, "rowspan"), _span(cell, "colspan")
            place = len(cells)
            for below in range(1, down):
                covered.update({(number + below, place + right): True for right in range(across)})
            cells += [inline.content(cell), *[""] * (across - 1)]
        if any(cells):
            rows.append(cells[:MOST_COLUMNS])
    width = max(map(len, rows), default=0)
    if not width:
        return ""
    lines = [_line(row + [""] * (width - len(row))) for row in rows]
    return "\n".join([lines[0], _line(["---"] * width), *lines[1:]])


def _rows(element: etree._Element) -> Iterator[etree._Element]:
    """The rows of the table itself, not of a table in one of its cells."""
    for child in element:
        if _is(child, "thead", "tbody", "tfoot"):
            yield from (row for row in child if _is(row, "tr"))
        elif _is(child, "tr"):
            yield child


def _is(element: etree._Element, *tags: str) -> bool:
    """Whether it is such a part of a table. A table within a line is of spans, which say by class what they are."""
    return element.tag in tags or not classes(element).isdisjoint(f"ltx_{tag}" for tag in tags)


def _span(cell: etree._Element, name: str) -> int:
    value = cell.get(name) or "1"
    return max(1, min(_SPANS, int(value))) if value.isascii() and value.isdecimal() and len(value) < 5 else 1


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
