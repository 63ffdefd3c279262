"""What commands have in common: the open library, errors as sentences and exit statuses, a line of progress."""

import functools
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any, NoReturn

import click

from broadsheet import app, config
from broadsheet.config import Settings
from broadsheet.errors import BroadsheetError
from broadsheet.library import Library

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


def command(*, create: bool = True) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Gives a command the open library, and turns our errors into sentences and an exit status."""

    def wrap(function: Callable[..., None]) -> Callable[..., None]:
        @click.pass_context
        @functools.wraps(function)
        def run(context: click.Context, /, *args: Any, **options: Any) -> None:
            with complaining(), app.open_library(settings_of(context), create=create) as library:
                function(library, *args, **options)

        return run

    return wrap


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
    """The settings in force for a command."""
    return config.read(config.home_folder(context.obj, os.environ))


def indexing() -> Callable[[int, int], None]:
    """What shows how far the index is."""
    bar = Bar("Indexing")
    return lambda done, total: bar.show(f"{done:,} of {total:,}", last=done >= total)


def catch_up(library: Library) -> None:
    """Lets the index follow the catalogue before a command goes on."""
    if library.behind() and not library.follow(indexing()):
        click.echo("Another process is indexing just now; it will bring the new papers in.", err=True)
