"""A paper as an item of CSL-JSON, the format citation processors share.

`article` with a publisher and a number is what Zotero makes a preprint of, with its repository and archive id.
"""

from typing import Any

from broadsheet import tex
from broadsheet.citing.names import split
from broadsheet.citing.publication import key, publication
from broadsheet.types import Author, Paper

_TYPES = {"preprint": "article", "article": "article-journal", "conference": "paper-conference"}


def csl(paper: Paper, *, address: str = "") -> dict[str, Any]:
    """The item, ready for `json`; files hold a list of such. `address` is where the paper is shown here."""
    where = publication(paper, address)
    preprint = where.kind == "preprint" and where.arxiv
    item = {
        "id": key(paper),
        "type": _TYPES[where.kind],
        "title": tex.plain(paper.title),
        "author": [_name(author) for author in paper.authors if author.name.strip()],
        "issued": {"date-parts": [list(where.date)]} if where.date else None,
        "container-title": where.container,
        "publisher": "arXiv" if preprint else "",
        "number": f"arXiv:{where.arxiv}" if preprint else "",
        "archive": "arXiv" if where.arxiv else "",
        "archive_location": where.arxiv or "",
        "DOI": where.doi or "",
        "URL": where.url,
        "abstract": tex.plain(paper.abstract or ""),
        "keyword": ", ".join(tex.plain(word).replace(",", " ") for word in paper.keywords),
    }
    return {name: value for name, value in item.items() if value}


def _name(author: Author) -> dict[str, str]:
    """A particle stands with the family name: where it is a field of its own, Zotero (as of 2026) loses it."""
    name = split(author.name)
    parts = {
        "literal": name.whole,
        "given": name.given,
        "family": " ".join(filter(None, (name.particle, name.family))),
        "suffix": name.suffix,
    }
    return {part: text for part, text in parts.items() if text}
