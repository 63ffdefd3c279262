"""The command that writes papers into a file."""

from pathlib import Path

import click

from broadsheet.cli.frame import Bar, command
from broadsheet.library import Library


@click.command()
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "parquet"]),
    default=None,
    help="The kind of file, where its name does not tell (.jsonl, .jsonl.gz, .jsonl.zst, .parquet).",
)
@command(create=False)
def export(library: Library, path: Path, form: str | None) -> None:
    """Write all papers into a file.

    JSON Lines hold everything that is known of papers, and how their sources said it: `broadsheet import` reads them
    back without loss. Nothing of people or groups is in the file.
    """
    bar = Bar(f"Exporting to {path.name}")
    done = library.export_papers(
        path, form=form or "", progress=lambda done, total: bar.show(f"{done:,} of {total:,}", last=done >= total)
    )
    click.echo(f"{done:,} papers are in {path}.")
