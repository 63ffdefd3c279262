"""Entries in words: titles and names as plain text, and their content as HTML that any reader can show.

TeX becomes Unicode and never MathML: most readers would strip its elements and run the letters together. Nothing but
paragraphs and links to absolute addresses is written, and everything else is escaped.
"""

from html import escape

from broadsheet import tex
from broadsheet.feeds.shapes import SHORT, TEXT, TITLE, Item, Site

UNTITLED = "Without a title"


def title(item: Item) -> str:
    """A title as one line of plain text; never empty."""
    return line(item.title) or UNTITLED


def line(text: str) -> str:
    """A text as one line of plain text, as long as a title may be."""
    return plain(text, TITLE)


def plain(text: str, most: int) -> str:
    """The text without TeX, of at most so many characters, and without what XML cannot hold."""
    made = tex.for_xml(tex.plain(text[: 2 * most]))
    made = " ".join(made.split())
    return made if len(made) <= most and len(text) <= 2 * most else f"{made[: most - 2].rsplit(' ', 1)[0]} …"


def summary(item: Item) -> str:
    """The beginning of what it says, as plain text."""
    return plain(item.text if item.text.strip() else " ".join([item.note, *item.facts]), SHORT)


def authors(item: Item) -> list[str]:
    """The authors who are named, as plain text."""
    return [name for author in item.authors if (name := plain(author, 200))]


def html(item: Item, site: Site) -> str:
    """What it says, as HTML."""
    parts = [f"<p><em>{escape(plain(item.note, SHORT))}</em></p>"] if item.note else []
    if names := ", ".join(authors(item)):
        more = f" and {item.others:,} more" if item.others else ""
        parts.append(f"<p>{escape(names)}{more}</p>")
    parts += [f"<p>{escape(plain(part, TEXT))}</p>" for part in item.text.split("\n\n") if part.strip()]
    if item.facts:
        parts.append(f"<p>{' · '.join(escape(plain(fact, SHORT)) for fact in item.facts)}</p>")
    ways = [_way(site.at(item.path), "Here"), *(_way(href, text) for href, text, _ in item.ways)]
    if item.talk:
        ways.append(_way(site.at(item.talk), "Comments"))
    parts.append(f"<p>{' · '.join(ways)}</p>")
    return "".join(parts)


def _way(href: str, text: str) -> str:
    return f'<a href="{escape(href)}">{escape(text)}</a>'
