"""The command for what trends: words in, the door's verb, words out."""

import dataclasses
import json

import click

from broadsheet import ids
from broadsheet.cli import printing
from broadsheet.cli.frame import JSON, Place, command, fail
from broadsheet.types import Trend, Window


@click.command()
@click.option(
    "--window",
    default="week",
    show_default=True,
    type=click.Choice([window.value for window in Window]),
    help="How far back to look: 1, 7 or 30 days.",
)
@click.option("--signals", default="", metavar="NAMES", help="Only these, with commas between them: votes,stars.")
@click.option("--category", "categories", multiple=True, metavar="CODE", help="Only papers of this category: cs.LG.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000))
@click.option("--formula", is_flag=True, help="Print the table of the formula instead.")
@JSON
@command(create=False, remote=True)
def trending(
    library: Place,
    window: str,
    signals: str,
    categories: tuple[str, ...],
    limit: int,
    *,
    formula: bool,
    as_json: bool,
) -> None:
    """What trends, and what its points are made of."""
    if formula:
        _print_formula(library, as_json=as_json)
        return
    known = [(word, ids.category(word)) for word in categories]
    if unknown := next((word for word, code in known if not code), None):
        fail(f"There is no category {unknown!r}.")
    found = library.trending(
        window=Window(window),
        signals=[word.strip() for word in signals.split(",") if word.strip()],
        categories=[code for _, code in known if code],
        limit=limit,
    )
    if as_json:
        entries = [
            printing.brief(entry.paper)
            | {
                "position": entry.position,
                "points": round(entry.points, 6),
                "parts": [dataclasses.asdict(part) for part in entry.parts],
            }
            for entry in found.entries
        ]
        click.echo(
            json.dumps({"first": found.first, "last": found.last, "total": found.total, "papers": entries}, indent=2)
        )
        return
    click.echo(f"{found.first} to {found.last}: {found.total:,} papers")
    for entry in found.entries:
        click.echo(f"{entry.position:4}. {printing.title(entry.paper)}  [{entry.paper.id}]")
        click.echo(f"      {_sum(entry)}")


def _sum(entry: Trend) -> str:
    parts = [f"{part.signal} {part.gained:,.3g} -> {part.points:.2f}" for part in entry.parts]
    return f"{entry.points:.2f} = {' + '.join(parts)}"


def _print_formula(library: Place, *, as_json: bool) -> None:
    rows = library.weights()
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(row) for row in rows], indent=2))
        return
    click.echo("points = sum of weight * log2(1 + fresh)")
    click.echo("fresh  = sum of gained * 2 ** (-age in days / half-life)")
    for row in rows:
        click.echo(f"{row.signal:12} weight {row.weight:<4g} half-life {row.half_life:>3g} days  {row.help}")
