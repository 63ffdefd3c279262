"""A paper as a RIS reference, which EndNote, Mendeley, Zotero and most others import.

No type of RIS means a preprint. UNPB (unpublished work) is what importers treat best; the arXiv id stands in AN.
"""

from broadsheet import tex
from broadsheet.citing.names import inverted, split
from broadsheet.citing.publication import publication
from broadsheet.types import Paper

_TYPES = {"preprint": "UNPB", "article": "JOUR", "conference": "CPAPER"}
_PLACES = {"preprint": "T2", "article": "JO", "conference": "T2"}


def ris(paper: Paper, *, address: str = "") -> str:
    """The reference, from TY to ER. `address` is where the paper is shown here."""
    where = publication(paper, address)
    parts = [f"{part:02}" for part in where.date]
    lines = [
        ("TY", _TYPES[where.kind]),
        ("TI", tex.plain(paper.title)),
        *(("AU", inverted(split(author.name)).replace(";", ",")) for author in paper.authors if author.name.strip()),
        ("PY", parts[0] if parts else ""),
        ("DA", "/".join([*parts, "", "", ""][:3]) + "/" if parts else ""),
        (_PLACES[where.kind], where.container),
        ("AB", tex.plain(paper.abstract or "")),
        *(("KW", tex.plain(word)) for word in paper.keywords),
        ("DO", where.doi or ""),
        ("AN", f"arXiv:{where.arxiv}" if where.arxiv else ""),
        ("PB", "arXiv" if where.arxiv and where.kind == "preprint" else ""),
        ("UR", where.url),
    ]
    # No value may begin a line, so none holds a line break: `tex.plain` folds white space.
    return "".join(f"{tag}  - {value}\n" for tag, value in lines if value) + "ER  - \n"
