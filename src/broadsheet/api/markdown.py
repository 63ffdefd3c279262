"""A paper as Markdown, for readers that are programs: what is known of it, labelled as what it is.

With the paper's full text where arXiv has it as HTML. It is fetched for who asks, with little patience: while it is on
its way, and where there is none, the document holds title, authors, links, gist and abstract, and says so.
"""

import re
from collections.abc import Callable, Iterator
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from broadsheet import tex
from broadsheet.api.links import linked
from broadsheet.errors import BroadsheetError, NotFound
from broadsheet.library import Library
from broadsheet.types import FullText, Gist, Paper

MARKDOWN = "text/markdown; charset=utf-8"
MOST_AUTHORS = 100
_SAFE = "/:?&=%#~+@,;()._-"  # in an address
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|&])")


Texts = Callable[[str], FullText | None]
"""Gives the full text of a paper; None where there is none. Raises Unavailable: ask again later."""


def page(library: Library, texts: Texts | None, request: Request) -> Response:
    """`/papers/{id}.md`, and `/papers/{id}` for who asks for Markdown."""
    try:
        found = library.paper(request.path_params["id"].strip("/ "))
    except NotFound as problem:
        headers = {"X-Error-Code": "PaperNotFound", "X-Error-Message": "Paper not found"}
        return Response(f"# Not found\n\n{_escaped(str(problem))}\n".encode("utf-8", "replace"), 404, headers, MARKDOWN)
    headers, whole, why = {"Vary": "Accept"}, None, "No full text of it could be had as HTML"
    try:
        whole = (texts or library.full_text)(found.id)
    except BroadsheetError as problem:  # the rest is known all the same
        why = str(problem).rstrip(".")
        if retry := getattr(problem, "retry_after", None):
            headers["Retry-After"] = f"{retry:.0f}"
    gist = library.understand(found.id, near=False).gist if whole is None else None
    text = document(found, str(request.base_url), whole, why=why, gist=gist)
    return Response(text.encode("utf-8", "replace"), headers=headers, media_type=MARKDOWN)


def document(paper: Paper, base: str, whole: FullText | None = None, *, why: str = "", gist: Gist | None = None) -> str:
    """The document, with the full text where there is one; else `why` there is none, and the gist if there is one.

    Other texts are readable ones, their TeX is gone; Markdown's signs in them are escaped.
    """
    blocks = [f"# {_escaped(tex.plain(paper.title))}"]
    if paper.withdrawn:
        blocks.append("**The authors have withdrawn this paper.**")
    blocks.append("\n".join(f"- {line}" for line in _facts(paper, base)))
    if gist is not None:
        made = f"Written by the language model {_escaped(gist.by)}." if gist.by else "Chosen by a program."
        blocks += ["## Gist", f"*{made}*", _escaped(gist.text)]
    if paper.abstract:
        blocks += ["## Abstract", _escaped(tex.plain(paper.abstract))]
    if paper.summary:
        by = f" by {_escaped(paper.summary_source)}" if paper.summary_source else ""
        blocks += ["## Description", f"*Not the authors' words; written{by}.*" if by else "*Not the authors' words.*"]
        blocks.append(_escaped(tex.plain(paper.summary)))
    if not paper.abstract and not paper.summary:
        blocks.append("No source has given an abstract of this paper.")
    if whole:
        blocks.append(f"---\n\n*Full text, made of <{quote(whole.source, safe=_SAFE)}> on {whole.read}.*")
        blocks.append(whole.markdown.rstrip("\n"))
    else:
        reason = f" {_escaped(why)}." if why else ""
        blocks.append(f"---\n\nThis document holds what is known of the paper, not its full text.{reason}")
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
            yield f"{label}: <{quote(address, safe=_SAFE)}>"
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
