"""A picture for every paper: a card with its title and authors, drawn anew whenever it is asked for.

Programs that show lists expect a picture in each item. This one is 1200 by 630, the size that social sites crop to.
"""

from textwrap import wrap
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import Response

from broadsheet import tex
from broadsheet.api.huggingface import missing
from broadsheet.errors import NotFound
from broadsheet.library import Library
from broadsheet.types import Paper

SVG = "image/svg+xml"
_LINES, _LETTERS = 5, 36  # of the title


def picture(library: Library, request: Request) -> Response:
    """The card of a paper."""
    key = request.path_params["id"].strip("/ ").removesuffix(".svg")
    try:
        found = library.paper(key)
    except NotFound:
        return missing()
    return Response(card(found).encode("utf-8", "replace"), headers={"Cache-Control": "max-age=86400"}, media_type=SVG)


def card(paper: Paper) -> str:
    """The drawing."""
    lines = wrap(tex.plain(paper.title[:1_000]), _LETTERS, max_lines=_LINES, placeholder=" …") or [paper.id]
    names = ", ".join(tex.plain(author.name[:200]) for author in paper.authors[:3])
    names += f" and {len(paper.authors) - 3} more" if len(paper.authors) > 3 else ""
    below = " · ".join(filter(None, (paper.id, paper.published, " ".join(paper.categories[:3]))))
    title = "".join(
        f'<text x="72" y="{150 + 74 * place}" font-size="58">{escape(line)}</text>' for place, line in enumerate(lines)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630" viewBox="0 0 1200 630" '
        'font-family="Georgia, serif" fill="#1c1b19"><rect width="1200" height="630" fill="#faf8f3"/>'
        f'<path d="M72 84h1056M72 92h1056" stroke="#1c1b19"/>{title}'
        f'<text x="72" y="540" font-size="30">{escape(_short(names, 72))}</text>'
        f'<text x="72" y="584" font-size="26" fill="#6b675f">{escape(_short(below, 84))}</text></svg>'
    )


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
