"""A paper as Markdown, for readers that are programs: what is known of it, labelled as what it is.

Full text is not kept here, so the document says that it holds the abstract, and where the paper itself is.
"""

import re
from collections.abc import Iterator
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from broadsheet import tex
from broadsheet.api.links import linked
from broadsheet.errors import NotFound
from broadsheet.library import Library
from broadsheet.types import Paper

MARKDOWN = "text/markdown; charset=utf-8"
MOST_AUTHORS = 100
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|&])")


def page(library: Library, request: Request) -> Response:
    """`/papers/{id}.md`, and `/papers/{id}` for who asks for Markdown."""
    try:
        found = library.paper(request.path_params["id"].strip("/ "))
    except NotFound as problem:
        headers = {"X-Error-Code": "PaperNotFound", "X-Error-Message": "Paper not found"}
        return Response(f"# Not found\n\n{_escaped(str(problem))}\n".encode("utf-8", "replace"), 404, headers, MARKDOWN)
    text = document(found, str(request.base_url))
    return Response(text.encode("utf-8", "replace"), headers={"Vary": "Accept"}, media_type=MARKDOWN)


def document(paper: Paper, base: str) -> str:
    """The document. Texts are readable ones, their TeX is gone; Markdown's signs in them are escaped."""
    blocks = [f"# {_escaped(tex.plain(paper.title))}"]
    if paper.withdrawn:
        blocks.append("**The authors have withdrawn this paper.**")
    blocks.append("\n".join(f"- {line}" for line in _facts(paper, base)))
    if paper.abstract:
        blocks += ["## Abstract", _escaped(tex.plain(paper.abstract))]
    if paper.summary:
        by = f" by {_escaped(paper.summary_source)}" if paper.summary_source else ""
        blocks += ["## Description", f"*Not the authors' words; written{by}.*" if by else "*Not the authors' words.*"]
        blocks.append(_escaped(tex.plain(paper.summary)))
    if not paper.abstract and not paper.summary:
        blocks.append("No source has given an abstract of this paper.")
    blocks.append("---\n\nThis document holds what is known of the paper, not its full text.")
    return "\n\n".join(blocks) + "\n"


def _facts(paper: Paper, base: str) -> Iterator[str]:
    names = [_escaped(tex.plain(author.name)) for author in paper.authors[:MOST_AUTHORS]]
    total = max(paper.author_count or 0, len(paper.authors))
    if names:
        yield f"Authors: {', '.join(names)}" + (f" and {total - len(names):,} more" if total > len(names) else "")
    for label, value in (
        ("Published", paper.published),
        ("Updated", paper.updated if paper.updated != paper.published else None),
        ("Categories", ", ".join(paper.categories)),
        ("Venue", paper.venue),
        ("Journal", paper.journal_ref),
        ("Comment", paper.comment),
        ("Keywords", ", ".join(paper.keywords)),
        ("Licence", paper.licence),
    ):
        if value:
            yield f"{label}: {_escaped(tex.plain(value))}"
    if arxiv := paper.arxiv_id:
        yield f"arXiv: <https://arxiv.org/abs/{quote(arxiv)}>, PDF: <https://arxiv.org/pdf/{quote(arxiv)}>"
    if doi := paper.doi:
        yield f"DOI: <https://doi.org/{quote(doi, safe='/:;()._-')}>"
    found = linked(paper)
    for label, address in (("Code", found.code), ("Project", found.project)):
        if address:
            yield f"{label}: <{quote(address, safe='/:?&=%#~+@,;()._-')}>"
    for label, kind, repos in (
        ("Models", "", found.models),
        ("Datasets", "datasets/", found.datasets),
        ("Spaces", "spaces/", found.spaces),
    ):
        if repos:
            yield f"{label}: {', '.join(f'<https://huggingface.co/{kind}{name}>' for name in repos)}"
    yield f"Here: <{base}papers/{quote(paper.id, safe='/:')}>"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
