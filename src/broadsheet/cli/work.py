"""Commands of live sources and jobs: run one now, run them all by schedule, see how they went."""

import contextlib
import dataclasses
import json
import logging
import signal
import sys
from datetime import date

import click

from broadsheet import app, ids
from broadsheet.app.sources import UNDERSTOOD
from broadsheet.app.work import Asked
from broadsheet.cli.frame import JSON, Bar, catch_up, complaining, opened, settings_of
from broadsheet.cli.remote import Remote
from broadsheet.config import Settings
from broadsheet.errors import BroadsheetError, NotFound
from broadsheet.jobs import Ran, planned
from broadsheet.library import Library
from broadsheet.types import Identifier, Job


class Day(click.ParamType[str]):
    """A day, as 2026-11-20."""

    name = "day"

    def convert(self, value: object, param: click.Parameter | None, context: click.Context | None) -> str:
        """The day in its normal form."""
        try:
            return date.fromisoformat(str(value)).isoformat()
        except ValueError:
            self.fail(f"{value!r} is no day; write it as 2026-11-20.", param, context)


class Categories(click.ParamType[tuple[str, ...]]):
    """Categories of arXiv between commas or spaces."""

    name = "categories"

    def convert(self, value: object, param: click.Parameter | None, context: click.Context | None) -> tuple[str, ...]:
        """The categories in their normal form."""
        found = {word: ids.category(word) for word in str(value).replace(",", " ").split()}
        if wrong := [word for word, category in found.items() if category is None]:
            self.fail(f"{wrong[0]!r} is no category of arXiv; one is written like cs.LG or hep-th.", param, context)
        return tuple(filter(None, found.values()))


class Name(click.ParamType[Identifier]):
    """An identifier of a paper in any spelling."""

    name = "id"

    def convert(self, value: object, param: click.Parameter | None, context: click.Context | None) -> Identifier:
        """The identifier in its normal form."""
        found = ids.identifiers(str(value))
        if not found:
            self.fail(f"{value!r} is no identifier of a paper; one is 2406.09519 or 10.1000/x, say.", param, context)
        return found[0]


@click.command()
@click.argument("names", metavar="[SOURCE]...", nargs=-1)
@click.option("--since", type=Day(), metavar="DAY", help="From this day on (of change, or of the list).")
@click.option("--until", type=Day(), metavar="DAY", help="Up to this day.")
@click.option("--categories", type=Categories(), default="", metavar="NAMES", help="Only these categories of arXiv.")
@click.option("--query", default="", metavar="TEXT", help="A search in the source's own language (arxiv-query).")
@click.option("--id", "papers", type=Name(), multiple=True, metavar="ID", help="This paper; may be given again.")
@click.pass_context
def sync(
    context: click.Context,
    names: tuple[str, ...],
    *,
    since: str | None,
    until: str | None,
    categories: tuple[str, ...],
    query: str,
    papers: tuple[Identifier, ...],
) -> None:
    """Ask sources for what is new, now.

    Without a SOURCE, all that are switched on (the setting `sources`), one after another. A run that is interrupted
    goes on where it stopped when the same command is given again. The first run of arXiv brings what changed in the
    last seven days; all of it comes with --since 2005-09-16.
    """
    asked = Asked(since, until, categories, query, papers)
    with complaining():
        settings = settings_of(context)
        with app.open_library(settings) as library:
            work = app.work(library, settings)
            chosen = names or work.enabled()
            for name in chosen:
                work.by_hand(name, asked)  # an unknown name is told before anything is asked
                _check(name, asked)
            if not chosen:
                raise NotFound("No source is switched on: name one, or see the setting `sources`.")
            failed = sum(not _synced(library, settings, name, asked) for name in chosen)
            catch_up(library)
    if failed:
        sys.exit(1)


def _synced(library: Library, settings: Settings, name: str, asked: Asked) -> bool:
    """Runs one source and says what came; whether it came to its end."""
    bar = Bar(f"Asking {name}")
    _say_it_once()
    with app.employed(library, settings, progress=lambda _name, text: bar.show(text)) as worker:
        try:
            ran = worker.run_now(name, app.work(library, settings).by_hand(name, asked))
        except BroadsheetError as error:
            bar.end()
            click.echo(f"broadsheet: {error}", err=True)
            return False
    bar.end()
    return _say(ran)


def _say_it_once() -> None:
    """What a worker would log, the command says itself."""
    logging.getLogger("broadsheet.jobs").setLevel(logging.ERROR)


def _say(ran: Ran) -> bool:
    """Says what came of a run; whether it came to its end."""
    if ran.state == "ok":
        click.echo(f"{ran.name}: {ran.result} ({ran.seconds:.1f} s)")
        return True
    click.echo(f"broadsheet: {ran.name} {ran.state}: {ran.result}", err=True)
    return False


def _check(name: str, asked: Asked) -> None:
    """Refuses what a source would leave aside."""
    given = {
        "since": asked.since,
        "until": asked.until,
        "categories": asked.categories,
        "query": asked.query,
        "id": asked.papers,
    }
    known = UNDERSTOOD.get(name, ())
    for option, value in given.items():
        if value and option not in known:
            understood = ", ".join(f"--{one}" for one in known) or "none of these options"
            raise click.UsageError(f"{name} does not understand --{option}; it knows {understood}.")


@click.command()
@click.pass_context
def worker(context: click.Context) -> None:
    """Do the jobs of the schedule until Ctrl-C.

    `broadsheet serve` has a worker inside unless the setting `worker` is off. More than one may run: no job is done
    by two.
    """
    logging.getLogger("broadsheet.jobs").setLevel(logging.INFO)
    # A service manager ends us with SIGTERM: that is to be as clean as Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with complaining():
        settings = settings_of(context)
        with app.open_library(settings) as library, contextlib.suppress(KeyboardInterrupt):
            click.echo(f"Working for {settings.home}. Ctrl-C ends it.", err=True)
            app.work_until_interrupted(library, settings)
    click.echo("Ended. What was in the middle goes on at the next start.", err=True)


@click.group(invoke_without_command=True)
@JSON
@click.pass_context
def jobs(context: click.Context, *, as_json: bool) -> None:
    """What is done by itself: when, how it went last, and when it comes next. Times are UTC."""
    if context.invoked_subcommand is not None:
        return
    with complaining(), opened(context, create=False, remote=True) as place:
        rows = place.jobs() if isinstance(place, Remote) else _rows(place, settings_of(context))
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(row) for row in rows], indent=2))
        return
    click.echo(f"{'JOB':16} {'LAST RUN':16}  {'NEXT RUN':16}  RESULT")
    shown = [row for row in rows if row.rule != "never" or row.last_run]
    for row in shown:
        click.echo(f"{row.name:16} {_moment(row.last_run):16}  {_next(row):16}  {_result(row)}")
        click.echo(f"{'':16} {row.rule}")
    if resting := [row.name for row in rows if row not in shown]:
        click.echo(f"By hand only, unless the setting `sources` names them: {', '.join(resting)}.")


@jobs.command("run")
@click.argument("name")
@click.pass_context
def run_(context: click.Context, name: str) -> None:
    """Do the job NAME now, whenever it is due."""
    with complaining():
        settings = settings_of(context)
        bar = Bar(name)
        _say_it_once()
        with (
            app.open_library(settings) as library,
            app.employed(library, settings, progress=lambda _name, text: bar.show(text)) as worker,
        ):
            ran = worker.run_now(name)
            bar.end()
            done = _say(ran)
            catch_up(library)
    if not done:
        sys.exit(1)


@jobs.command()
@click.argument("name")
@click.pass_context
def on(context: click.Context, name: str) -> None:
    """Let the job NAME be done by itself again."""
    _switch(context, name, enabled=True)


@jobs.command()
@click.argument("name")
@click.pass_context
def off(context: click.Context, name: str) -> None:
    """Let the job NAME rest until it is switched on again."""
    _switch(context, name, enabled=False)


def _switch(context: click.Context, name: str, *, enabled: bool) -> None:
    with complaining():
        settings = settings_of(context)
        with app.open_library(settings) as library:
            rows = {row.name: row for row in _rows(library, settings)}
            if name not in rows:
                raise NotFound(f"There is no job {name!r}. The jobs are: {', '.join(rows)}.")
            library.catalogue.schedule([dataclasses.replace(rows[name], enabled=enabled)])
            click.echo(f"{name} is {'on' if enabled else 'off'}.")
            if enabled and rows[name].rule == "never":
                click.echo("It is never done by itself: it is not among the setting `sources`.", err=True)


def _rows(library: Library, settings: Settings) -> list[Job]:
    """The schedule: as it is, and as it will be once a worker has seen the settings."""
    known = library.jobs()
    plan = planned(app.work(library, settings).tasks(), known, app.now())
    names = {job.name for job in plan}
    return plan + [job for job in known if job.name not in names]


def _moment(text: str | None) -> str:
    return text[:16].replace("T", " ") if text else "-"


def _next(row: Job) -> str:
    return _moment(row.next_run) if row.enabled else "off"


def _result(row: Job) -> str:
    if row.state == "never":
        return "never run"
    if row.state == "running":
        return f"running, by {row.worker}"
    seconds = f", {row.last_seconds:.0f} s" if row.last_seconds is not None else ""
    again = f", {row.failures} times in a row" if row.state == "failed" and row.failures > 1 else ""
    return f"{row.state}{seconds}{again}: {row.result}"
