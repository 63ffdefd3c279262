"""The HTML part of a letter: one column, no pictures, nothing from elsewhere, its styles in its elements.

Mail programs throw away style sheets, or the half of them; so the rules are written into the elements (css-inline), and
only what cannot stand there, the dark colours, stays in the head. Without any of it the letter is still headings,
paragraphs and links in order.
"""

from pathlib import Path

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from broadsheet.mail import words
from broadsheet.mail.words import GIST, Links, Place
from broadsheet.types import Digest

LARGEST = 100_000  # bytes; Gmail cuts at 102 kB
_TEMPLATE = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
).get_template("digest.html")
_INLINER = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
_SHORTER = (GIST, 200, 0)  # characters of a gist, where the letter would be too long otherwise


def page(digest: Digest, place: Place, links: Links) -> str:
    """The HTML of a digest, below 100 kB: gists are cut, and then papers are left out, with a word about it."""
    shown = len(digest.entries)
    for gist in _SHORTER:
        if len((made := _page(digest, place, links, gist, shown)).encode()) < LARGEST:
            return made
    while len(made.encode()) >= LARGEST:
        shown = shown * 4 // 5
        made = _page(digest, place, links, 0, shown)
    return made


def _page(digest: Digest, place: Place, links: Links, gist: int, shown: int) -> str:
    left = words.more(digest)
    if shown < len(digest.entries):
        left = f"{len(digest.entries) - shown:,} more papers are in the text of this letter. {left}".strip()
    html = _TEMPLATE.render(
        title=words.line(place.title, words.NAME),
        address=place.address,
        heading=words.headline(digest),
        preheader=words.preheader(digest),
        items=list(words.items(digest, place, gist=gist))[:shown],
        nothing="" if digest.entries else words.nothing(digest),
        left=left,
        links=links,
        because=words.because(digest.subscription, place),
    )
    return _INLINER.inline(html)
