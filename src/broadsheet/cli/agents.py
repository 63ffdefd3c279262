"""The command for agents on this machine."""

import click

from broadsheet import app
from broadsheet.cli.frame import complaining, settings_of


@click.command()
@click.option(
    "--token",
    envvar="BROADSHEET_TOKEN",
    default="",
    help="Act as whose personal access token this is (default: BROADSHEET_TOKEN).",
)
@click.pass_context
def mcp(context: click.Context, token: str) -> None:
    """Speak the Model Context Protocol over standard input and output, for an agent that starts this.

    Without a token the owner acts where there is one person; elsewhere one may only read.
    """
    with complaining():
        settings = settings_of(context)
        with app.open_library(settings, create=False) as library:
            app.serve_agent(library, settings, token.strip())
