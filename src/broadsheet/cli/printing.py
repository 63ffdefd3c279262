"""What commands print, line by line: papers, hits, the account of an import."""

import dataclasses
import json
import textwrap
from collections.abc import Iterator
from typing import Any

import click

from broadsheet import ids, tex
from broadsheet.types import Facets, Hit, ImportReport, Paper

_COUNTS = ("read", "new", "changed", "unchanged", "refused")


def account(report: ImportReport) -> str:
    """What an import did, in words."""
    if report.error and not report.read:
        return report.error
    counts = ", ".join(f"{name} {getattr(report, name):,}" for name in _COUNTS)
    lines = [f"{report.path}: {counts} in {report.seconds:.1f} s"]
    if report.resumed_after:
        lines.append(f"  went on after record {report.resumed_after:,}, where an earlier import had stopped")
    if report.merged:
        lines.append(f"  {report.merged:,} joined papers that other sources had brought (broadsheet history ID)")
    lines += [f"  {refusal.path}:{refusal.line}: {refusal.reason}" for refusal in report.refusals]
    if report.refused > len(report.refusals):
        lines.append(f"  ... and {report.refused - len(report.refusals):,} more")
    if report.error:
        lines.append(f"  {report.error}")
    return "\n".join(lines)


def found(hit: Hit, *, explain: bool) -> dict[str, Any]:
    """A hit for JSON."""
    why = {"why": dataclasses.asdict(hit.why)} if explain and hit.why else {}
    return brief(hit.paper) | {"score": round(hit.score, 6)} | why


def line(hit: Hit, *, explain: bool) -> None:
    """A hit in one line; explained, in two."""
    click.echo(summary(hit.paper))
    if explain and hit.why:
        parts = [f"{name} {part:.3g}" for name, part in hit.why.parts.items()]
        near = [] if hit.why.cosine is None else [f"cosine {hit.why.cosine:.2f}"]
        words = [f"words: {', '.join(hit.why.words)}"] if hit.why.words else []
        click.echo(
            f"{'':31}{hit.score:.3f} = {' + '.join(parts) or '0'}" + "".join(f"; {part}" for part in near + words)
        )


def facets(found: Facets, *, as_json: bool) -> None:
    """How the papers of a search divide."""
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(found), indent=2))
        return
    for name, counts in (("Year", found.years), ("Category", found.categories), ("Author", found.authors)):
        if counts:
            click.echo(f"{name}\n" + "\n".join(f"{papers:>10,}  {value}" for value, papers in counts))


def date(paper: Paper) -> str | None:
    """The paper's date as exactly as any source gives it; of an undated arXiv paper, the month in its identifier."""
    return paper.published or paper.announced or (ids.arxiv_month(paper.arxiv_id) if paper.arxiv_id else None)


def title(paper: Paper) -> str:
    """A paper's title, with what a reader must know before reading on."""
    mark = "[deleted] " if paper.deleted else "[withdrawn] " if paper.withdrawn else ""
    return mark + tex.plain(paper.title)


def summary(paper: Paper) -> str:
    """A paper in one line."""
    return f"{paper.id:18} {date(paper) or '':10}  {title(paper)}"


def brief(paper: Paper) -> dict[str, Any]:
    """A paper for JSON, in short."""
    return {
        "id": paper.id,
        "title": paper.title,
        "published": date(paper),
        "authors": [author.name for author in paper.authors],
        "categories": list(paper.categories),
        "withdrawn": paper.withdrawn,
    }


def address(paper: Paper) -> str | None:
    """Where a paper can be read."""
    if paper.arxiv_id:
        return f"https://arxiv.org/abs/{paper.arxiv_id}"
    return f"https://doi.org/{paper.doi}" if paper.doi else None


def description(paper: Paper) -> Iterator[str]:
    """A paper in some lines."""
    yield title(paper)
    if paper.authors:
        yield ", ".join(tex.plain(author.name) for author in paper.authors)
    elif paper.author_count:
        yield f"{paper.author_count} authors"
    yield " · ".join(part for part in (paper.id, date(paper) or "", ", ".join(paper.categories)) if part)
    if text := paper.abstract or paper.summary:
        yield ""
        yield textwrap.fill(tex.plain(text), 100)
    if where := address(paper):
        yield ""
        yield where


def short(text: str) -> str:
    """The beginning of a text."""
    return textwrap.shorten(text, 80, placeholder=" ...")
