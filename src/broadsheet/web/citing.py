"""Taking a paper along: files for reference managers, references to copy, and the picture of a shared link."""

import json
from functools import partial

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from broadsheet import citing, drawing, said, tex
from broadsheet.library import Library
from broadsheet.types import Paper
from broadsheet.web import cards
from broadsheet.web.contexts import Alternate, Cite, Link, Reference
from broadsheet.web.press import Press, unless_known

NAMED = 30  # authors of the BibTeX entry on the page; the file has all
LONGEST = 1_200  # characters of a reference on the page
_FILES = {
    ".bib": ("application/x-bibtex", "BibTeX"),
    ".ris": ("application/x-research-info-systems", "RIS"),
    ".csl.json": ("application/vnd.citationstyles.csl+json", "CSL-JSON"),
}
_SHOWN = 4  # authors on the picture


def routes(library: Library, press: Press) -> list[BaseRoute]:
    """Where the files and the picture are: below the paper's own address, so before it."""
    found: list[BaseRoute] = [
        Route(f"/papers/{{id:path}}{ending}", partial(file, ending, library, press), methods=["GET"])
        for ending in _FILES
    ]
    return [*found, Route("/papers/{id:path}.png", partial(picture, library, press), methods=["GET"])]


def file(ending: str, library: Library, press: Press, request: Request) -> Response:
    """A paper as a file for reference managers. Raises NotFound."""
    paper = library.paper(request.path_params["id"].strip("/ "))
    address = press.public(cards.path(paper.id)) or str(request.base_url).rstrip("/") + cards.path(paper.id)
    if ending == ".bib":
        text = citing.bibtex(paper, address=address)
    elif ending == ".ris":
        text = citing.ris(paper, address=address)
    else:
        text = json.dumps([citing.csl(paper, address=address)], ensure_ascii=False, indent=1) + "\n"
    headers = {
        "Content-Disposition": f'attachment; filename="{citing.key(paper)}{ending}"',
        "Cache-Control": "no-cache",
    }
    return unless_known(
        request, Response(text.encode("utf-8", "replace"), headers=headers, media_type=_FILES[ending][0])
    )


def picture(library: Library, press: Press, request: Request) -> Response:
    """The picture of a paper, which is drawn only for who has it not yet. Raises NotFound."""
    shown = card(library.paper(request.path_params["id"].strip("/ ")), press.site.title)
    headers = {"Cache-Control": "public, max-age=86400", "ETag": f'"{drawing.mark(shown)}"'}
    if headers["ETag"] in (tag.strip() for tag in request.headers.get("if-none-match", "").split(",")):
        return Response(status_code=304, headers=headers)
    # Sites that show a shared link fetch its picture from elsewhere.
    return Response(drawing.card(shown), headers=headers, media_type=drawing.PNG)


def card(paper: Paper, masthead: str) -> drawing.Card:
    """What stands on a paper's picture."""
    names = [tex.plain(author.name[:200]) for author in paper.authors if author.name.strip()]
    total = max(paper.author_count or 0, len(names))
    by = ", ".join(names[:_SHOWN]) + (f" and {total - _SHOWN:,} more" if total > _SHOWN and names else "")
    if len(by) > 70 and names:
        by = names[0] + (f" and {total - 1:,} more" if total > 1 else "")
    name = f"arXiv {paper.arxiv_id}" if paper.arxiv_id else paper.id
    day = said.day(paper.day or paper.published or "")
    return drawing.Card(
        masthead, day, tex.plain(paper.title[:1_000]) or paper.id, by, " · ".join([name, *paper.categories[:3]])
    )


def box(press: Press, paper: Paper) -> Cite:
    """What the paper's page offers and tells robots."""
    path = cards.path(paper.id)
    address = press.public(path)
    references = [Reference(style, _short(citing.citation(paper, style, address=address))) for style in citing.STYLES]
    references += [
        Reference("BibTeX", citing.bibtex(paper, authors=NAMED, address=address).rstrip()[: 4 * LONGEST], code=True),
        Reference("Markdown", _short(citing.markdown(paper, address=address)), code=True),
    ]
    image = press.public(f"{path}.png")
    return Cite(
        references=[one for one in references if one.text],
        files=[Link(path + ending, name) for ending, (_, name) in _FILES.items()] + [Link(f"{path}.md", "Markdown")],
        alternates=[
            *(Alternate(kind, path + ending, name) for ending, (kind, name) in _FILES.items()),
            Alternate("text/markdown", f"{path}.md", "Markdown"),
        ],
        linked_data=Markup(citing.linked_data(paper, address=address, picture=image)),  # noqa: S704 - no < in it
        picture=image,
        picture_text=tex.plain(paper.title)[:300],
    )


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"
