"""Commands of what is sent: look at a letter before anybody gets it, send what is due, and see how it stands."""

import dataclasses
import json
import logging
import sys
import tempfile
import webbrowser
from pathlib import Path
from typing import Any

import click

from broadsheet import app
from broadsheet.app.letters import Letters
from broadsheet.app.posting import NOBODY, writer
from broadsheet.cli.frame import JSON, catch_up, command, complaining, settings_of
from broadsheet.config import Settings
from broadsheet.errors import NotFound, StorageFull
from broadsheet.library import Library
from broadsheet.types import OWNER, Access, Actor, Digest, Rhythm, Sending

_RHYTHMS = (Rhythm.EDITION, Rhythm.WEEKDAYS, Rhythm.WEEKLY)
_FAILURES = 5  # that are shown


@click.group()
def digest() -> None:
    """Letters about papers: look at one, send what is due, see how it stands."""


@digest.command()
@click.argument("what", default="edition")
@click.option("--rhythm", default="each edition", show_default=True, type=click.Choice([one.value for one in _RHYTHMS]))
@click.option("--most", default=10, show_default=True, type=click.IntRange(1, 50), help="How many papers it takes.")
@click.option("--as", "name", metavar="NAME", help="Whose groups and choices count (mine, group:NAME).")
@click.option("--text", is_flag=True, help="Print the plain text instead.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write it to this file: .html, .txt, .eml."
)
@click.option("--browser/--no-browser", default=True, show_default=True, help="Open it in the browser.")
@click.pass_context
def preview(
    context: click.Context,
    what: str,
    *,
    rhythm: str,
    most: int,
    name: str | None,
    text: bool,
    out: Path | None,
    browser: bool,
) -> None:
    """Show a letter that nobody is sent.

    WHAT is edition, trending, mine, group:NAME, category:cs.CL, keyword:"sparse attention", author:"Ada Lovelace" or
    search:QUERY.
    """
    with complaining():
        settings = settings_of(context)
        with app.open_library(settings, create=False) as library:
            catch_up(library)
            wanted, value, title = library.wish(what)
            found = library.trial_digest(
                _reader(library, name), wanted, value, title=title, rhythm=Rhythm(rhythm), most=most
            )
            if found is None:
                raise NotFound(
                    "There is nothing new, so nothing would be sent. A weekly letter says so: --rhythm weekly."
                )
            letters = Letters(library, settings)
            if text:
                click.echo(letters.render(found).text, nl=False)
                return
            path = _written(letters, settings, found, out)
    click.echo(str(path))
    if browser and out is None:
        webbrowser.open(path.as_uri())


def _reader(library: Library, name: str | None) -> Actor:
    if name:
        return library.acting_as(OWNER, name)
    return library.owner_actor() if library.rules.access is Access.SINGLE else OWNER


def _written(letters: Letters, settings: Settings, found: Digest, out: Path | None) -> Path:
    """The file that a letter was written to; without a name for it one that is kept until the machine forgets it."""
    made = letters.render(found)
    words = {".txt": made.text.encode()}
    if out is not None and out.suffix == ".eml":
        words[".eml"] = letters.message(found, writer(settings), NOBODY, app.now())
    try:
        if out is None:
            with tempfile.NamedTemporaryFile(prefix="broadsheet-", suffix=".html", delete=False) as file:
                file.write(made.html.encode())
            return Path(file.name)
        out.write_bytes(words.get(out.suffix, made.html.encode()))
    except OSError as error:
        raise StorageFull(f"The letter cannot be written: {error.strerror}.") from None
    return out


@digest.command()
@click.pass_context
def send(context: click.Context) -> None:
    """Put the editions in order, write what is due, and send what is in the outbox, now."""
    logging.getLogger("broadsheet.jobs").setLevel(logging.ERROR)  # it is said here
    with complaining():
        settings = settings_of(context)
        with app.open_library(settings) as library, app.employed(library, settings) as worker:
            catch_up(library)
            came = [worker.run_now(name) for name in ("editions", "digests", "deliver")]
    for ran in came:
        click.echo(f"{ran.name}: {ran.result}", err=ran.state != "ok")
    if any(ran.state != "ok" for ran in came):
        sys.exit(1)


@digest.command()
@JSON
@command(create=False)
def status(library: Library, *, as_json: bool) -> None:
    """What waits, what went and what failed. Times are UTC."""
    counts, sending = library.digest_counts(OWNER), library.outbox_counts(OWNER)
    failed = library.outbox(OWNER, state=Sending.FAILED, limit=_FAILURES)
    if as_json:
        facts: dict[str, Any] = {
            **counts,
            "outbox": {state.value: count for state, count in sending.items()},
            "failures": [_facts(dataclasses.asdict(one)) for one in failed],
        }
        click.echo(json.dumps(facts, indent=2))
        return
    click.echo(f"Subscriptions  {counts['subscriptions']:,}, {counts['active']:,} of them go on")
    click.echo(f"Due            {counts['due']:,}, the next at {_moment(counts['next'])}")
    click.echo(f"Last letter    written at {_moment(counts['last'])}")
    click.echo(
        f"Outbox         {', '.join(f'{count:,} {state}' for state, count in sending.items() if count) or 'empty'}"
    )
    for one in failed:
        click.echo(f"  failed: number {one.number}, {_moment(one.ended)}: {one.said}")


def _facts(one: dict[str, Any]) -> dict[str, Any]:
    return {name: one[name] for name in ("number", "key", "way", "to", "attempts", "ended", "said")}


def _moment(text: str | None) -> str:
    return text[:16].replace("T", " ") if text else "-"
