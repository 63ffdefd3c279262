"""What commands have in common: the open library, errors as sentences and exit statuses, a line of progress."""

import functools
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any, NoReturn

import click

from broadsheet import app, config
from broadsheet.cli.remote import ACTOR, Remote
from broadsheet.config import Settings
from broadsheet.errors import BroadsheetError, Refused
from broadsheet.library import Library
from broadsheet.types import OWNER, Access, Actor

SERVER, TOKEN = "BROADSHEET_SERVER", "BROADSHEET_TOKEN"
_SERVER = "broadsheet.server"
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


class Bar:
    """One line of progress on standard error: redrawn on a terminal, a line every ten seconds elsewhere."""

    def __init__(self, what: str) -> None:
        self.what, self._drawn, self._live = what, 0.0, sys.stderr.isatty()

    def show(self, text: str, *, last: bool = False) -> None:
        """Draws the line, at most ten times a second unless it is the last."""
        now = monotonic()
        if not last and now - self._drawn < (0.1 if self._live else 10.0):
            return
        self._drawn = now
        line = f"{self.what}: {text}"
        click.echo(f"\r\x1b[K{line}" if self._live else line, err=True, nl=last or not self._live)

    def end(self) -> None:
        """Leaves the line, so that others may be written."""
        if self._live and self._drawn:
            click.echo(err=True)


Place = Library | Remote
"""What commands speak to that can be told of either: the library in a folder, or a place on the network."""

ACT_AS = click.option("--as", "name", metavar="NAME", default="", help="Whose account it is; at a server, the token's.")


def command(*, create: bool = True, remote: bool = False) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Gives a command the open library, and turns our errors into sentences and an exit status.

    With `remote` it can be told of a server, too: then it gets a `Place`.
    """

    def wrap(function: Callable[..., None]) -> Callable[..., None]:
        @click.pass_context
        @functools.wraps(function)
        def run(context: click.Context, /, *args: Any, **options: Any) -> None:
            with complaining(), opened(context, create=create, remote=remote) as place:
                function(place, *args, **options)

        return run

    return wrap


def opened(context: click.Context, *, create: bool = True, remote: bool = False) -> Place:
    """What a command speaks to. Raises Refused where it can be told of a folder alone, and a server was named."""
    server = server_of(context)
    if server is not None and remote:
        return Remote(*server)
    return app.open_library(settings_of(context), create=create)


def actor_of(place: Place, name: str) -> Actor:
    """Who acts: the account of this name, or the one person here. Raises Refused where that cannot be known."""
    if name:
        return place.acting_as(OWNER, name)
    if isinstance(place, Remote):
        return ACTOR
    if place.rules.access is Access.SINGLE:
        return place.owner_actor()
    raise Refused("The command line has no account of its own. Say for whom: --as NAME.")


@contextmanager
def complaining() -> Iterator[None]:
    """Prints a BroadsheetError as one sentence and leaves with status 1; an interruption with 130."""
    try:
        yield
    except BroadsheetError as error:
        fail(str(error))
    except KeyboardInterrupt:
        click.echo("\nInterrupted. Nothing is lost: the same command goes on from here.", err=True)
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output has gone (`broadsheet search x | head`): that is no error.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def fail(message: str) -> NoReturn:
    """Leaves with a sentence on standard error and status 1."""
    click.echo(f"broadsheet: {message}", err=True)
    sys.exit(1)


def settings_of(context: click.Context) -> Settings:
    """The settings in force for a command. Raises Refused where a server was named, whose settings are its own."""
    if server := server_of(context):
        raise Refused(
            f"“{context.command_path}” needs to sit at the machine: it cannot be told of {server[0]}. Run it there, or"
            " leave --server (BROADSHEET_SERVER) away."
        )
    return config.read(config.home_folder(context.obj, os.environ))


def server_of(context: click.Context) -> tuple[str, str] | None:
    """The address and the token of the server that was named; None for a folder. Raises Refused."""
    address, token = context.meta.get(_SERVER, ("", ""))
    return (address, token_of(token)) if address else None


def name_server(context: click.Context, address: str, token: str) -> None:
    """Notes which server commands speak to; empty is none."""
    context.meta[_SERVER] = (address.strip(), token.strip())


def token_of(said: str) -> str:
    """A token as it was said: “@FILE”, “-” for standard input or a prompt, or (from the environment) itself.

    Raises Refused.
    """
    if said == "-":
        return click.prompt("Token", hide_input=True, err=True) if sys.stdin.isatty() else sys.stdin.readline().strip()
    if said.startswith("@"):
        try:
            return Path(said[1:]).expanduser().read_text("utf-8").strip()
        except (OSError, ValueError) as error:
            raise Refused(f"The token cannot be read from {said[1:]}: {error}.") from None
    if said and said != os.environ.get(TOKEN, "").strip():
        raise Refused(
            f"Everybody at this machine can read what a command is told. Give the token as --token @FILE, --token - (it"
            f" is asked for) or {TOKEN}."
        )
    return said


def indexing() -> Callable[[int, int], None]:
    """What shows how far the index is."""
    bar = Bar("Indexing")
    return lambda done, total: bar.show(f"{done:,} of {total:,}", last=done >= total)


def catch_up(library: Place) -> None:
    """Lets the index follow the catalogue before a command goes on."""
    if library.behind() and not library.follow(indexing()):
        click.echo("Another process is indexing just now; it will bring the new papers in.", err=True)
