"""A paper as a BibTeX entry, in the shape that arXiv gives; a published one as an article or a part of proceedings."""

# ruff: noqa: SIM905 - tables of words read best as words
from broadsheet.citing.latex import latex
from broadsheet.citing.names import Name, split
from broadsheet.citing.publication import key, publication
from broadsheet.types import Paper

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_TYPES = {"preprint": "misc", "article": "article", "conference": "inproceedings"}


def bibtex(paper: Paper, *, authors: int | None = None, address: str = "") -> str:
    """The entry, with a line break at its end; of more than `authors` the rest are "others".

    `address` is where the paper is shown here, for one that has neither an arXiv id nor a DOI.
    """
    where = publication(paper, address)
    container = latex(where.container)
    fields = [
        ("title", latex(paper.title, capitals=True)),
        ("author", _authors(paper, authors)),
        ("journal" if where.kind == "article" else "booktitle", container),
        ("year", f"{where.date[0]:04}" if where.date else ""),
        ("month", _MONTHS[where.date[1] - 1] if len(where.date) > 1 else ""),
        ("day", str(where.date[2]) if len(where.date) > 2 else ""),
        ("eprint", where.arxiv or ""),
        ("archivePrefix", "arXiv" if where.arxiv else ""),
        ("primaryClass", paper.categories[0] if where.arxiv and paper.categories else ""),
        ("doi", _verbatim(paper.doi or "")),
        ("url", _verbatim(where.url)),
        ("note", _note(paper)),
    ]
    lines = [f"  {name} = {value if name == 'month' else f'{{{value}}}'},\n" for name, value in fields if value]
    return f"@{_TYPES[where.kind]}{{{key(paper)},\n{''.join(lines)}}}\n"


def _authors(paper: Paper, most: int | None) -> str:
    names = [author.name for author in paper.authors if author.name.strip()]
    written = [_name(split(name)) for name in names[:most]]
    beyond = max(paper.author_count or 0, len(names)) > len(written)
    return " and ".join([*written, *(["others"] if written and beyond else [])])


def _name(name: Name) -> str:
    if name.whole or not name.given:
        alone = " ".join(filter(None, (name.particle, name.family, name.suffix)))
        return f"{{{latex(name.whole or alone)}}}"
    family = " ".join(filter(None, (name.particle, name.family)))
    return ", ".join(_part(part) for part in (family, name.suffix, name.given) if part)


def _part(text: str) -> str:
    written = latex(text)
    return f"{{{written}}}" if " and " in f" {text.lower()} " or "," in text else written


def _verbatim(text: str) -> str:
    """An address or a DOI: read as it is, so that only what would end the value is escaped, as addresses do it."""
    return text.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")


def _note(paper: Paper) -> str:
    said = [latex(paper.journal_ref)] if paper.journal_ref and not paper.venue else []
    return "; ".join([*said, *(["withdrawn by its authors"] if paper.withdrawn else [])])
