"""The command line: words in, the door's verbs, words out.

Answers go to standard output, progress and complaints to standard error. Exit status: 0 done, 1 done in
part or refused (the message says what to do), 2 wrong usage, 130 interrupted.
"""

import dataclasses
import json
import sys
import webbrowser
from collections.abc import Iterable
from pathlib import Path

import click

from broadsheet import app, config
from broadsheet.app import serving
from broadsheet.cli import (
    agents,
    calling,
    digests,
    files,
    groups,
    outbox,
    people,
    printing,
    rising,
    standing,
    subscriptions,
    talk,
    work,
)
from broadsheet.cli.frame import (
    JSON,
    SERVER,
    TOKEN,
    Bar,
    Place,
    catch_up,
    command,
    complaining,
    indexing,
    name_server,
    opened,
    settings_of,
)
from broadsheet.cli.remote import Remote
from broadsheet.errors import BadSource
from broadsheet.library import Library
from broadsheet.types import Finding, ImportReport, Mode, Sort, Span


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--home", metavar="DIR", help="Where everything lives (default: BROADSHEET_HOME, else the user data folder)."
)
@click.option("--server", metavar="URL", envvar=SERVER, default="", help="Speak to this server instead of a folder.")
@click.option(
    "--token", metavar="@FILE", envvar=TOKEN, default="", help="A token of an account there, in a file; - asks for it."
)
@click.version_option(package_name="broadsheet", message="broadsheet %(version)s")
@click.pass_context
def main(context: click.Context, home: str | None, server: str, token: str) -> None:
    """Broadsheet: your own daily papers."""
    name_server(context, server, token)
    serving.log_to_terminal()
    context.obj = home


@main.command("import")
@click.argument("paths", metavar="PATH...", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--source", "name", help="What to call this source in the catalogue, after its kind (default: the file's name)."
)
@click.option("--starter", is_flag=True, help="Import the starter catalogue that ships with Broadsheet.")
@JSON
@command()
def import_(library: Library, paths: tuple[Path, ...], name: str | None, *, starter: bool, as_json: bool) -> None:
    """Import files of papers, whatever their kind.

    Reads JSON Lines of papers, lines of the arXiv metadata snapshot, BibTeX, RIS, CSL-JSON, the JSON of a
    daily-papers API answer and saved Daily Papers pages, plain or compressed (.gz, .zst), told apart by their
    content.
    """
    if not paths and not starter:
        raise click.UsageError("Name at least one file, or give --starter.")
    reports = [app.import_starter(library)] if starter else []
    for path in paths:
        try:
            reports.append(_import_one(library, path, name))
        except BadSource as error:
            reports.append(ImportReport(str(path), error=str(error)))
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(report) for report in reports], indent=2))
    else:
        for report in reports:
            click.echo(printing.account(report))
    catch_up(library)
    if any(report.error or report.refused for report in reports):
        sys.exit(1)


def _import_one(library: Library, path: Path, name: str | None) -> ImportReport:
    bar = Bar(f"Importing {path.name}")

    def progress(report: ImportReport, share: float) -> None:
        rate = report.read / report.seconds if report.seconds else 0
        bar.show(f"{share:.0%}, {report.read:,} read, {rate:,.0f} a second", last=share >= 1)

    return app.import_file(library, path, name=name, progress=progress)


# A word such as -survey is an exclusion, not an option of ours.
@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("query", nargs=-1, required=True)
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 1000))
@click.option("--sort", default="relevance", show_default=True, type=click.Choice(["relevance", "date"]))
@click.option(
    "--mode",
    default="hybrid",
    show_default=True,
    type=click.Choice([mode.value for mode in Mode]),
    help="What counts: the words, the meaning, or both.",
)
@click.option("--explain", is_flag=True, help="Say why each paper stands where it does.")
@click.option("--facets", "count", is_flag=True, help="Count the papers by year, category and author instead.")
@JSON
@command(create=False, remote=True)
def search(
    library: Place,
    query: tuple[str, ...],
    limit: int,
    sort: str,
    mode: str,
    *,
    explain: bool,
    count: bool,
    as_json: bool,
) -> None:
    """Search the catalogue.

    Words, "phrases", -exclusions, author:, category:, title:, abstract:, id:, has:code, since:, until:,
    result:speedup>1.5.
    """
    catch_up(library)
    if count:
        printing.facets(library.facets(" ".join(query), sort=Sort(sort)), as_json=as_json)
        return
    page = library.search(" ".join(query), limit=limit, sort=Sort(sort), mode=Mode(mode))
    if as_json:
        click.echo(json.dumps([printing.found(hit, explain=explain) for hit in page.hits], indent=2))
        return
    for note in page.notes:
        click.echo(note, err=True)
    for hit in page.hits:
        printing.line(hit, explain=explain)
    near = f" and {page.near:,} near in meaning" if page.near else ""
    click.echo(f"{page.total:,} papers{near}, {page.took_ms:.0f} ms", err=True)


@main.command()
@click.argument("keys", metavar="ID...", nargs=-1, required=True)
@click.option("--unlike", "less", metavar="ID", multiple=True, help="A paper that they should not be like.")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 1000))
@JSON
@command(create=False, remote=True)
def similar(library: Place, keys: tuple[str, ...], less: tuple[str, ...], limit: int, *, as_json: bool) -> None:
    """Papers near in meaning to a paper, or to several."""
    catch_up(library)
    hits = library.near(keys, less, limit=limit)
    if as_json:
        click.echo(json.dumps([printing.found(hit, explain=False) for hit in hits], indent=2))
        return
    for hit in hits:
        click.echo(f"{hit.score:.2f}  {printing.summary(hit.paper)}")


@main.command()
@click.option("--host", help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port to listen on; 0 takes a free one.")
@click.option("--processes", type=click.IntRange(1, 64), help="How many processes answer; one makes use of one core.")
@click.option("--starter/--no-starter", default=True, help="Fill an empty catalogue with the starter catalogue.")
@click.pass_context
def serve(context: click.Context, host: str | None, port: int | None, processes: int | None, *, starter: bool) -> None:
    """Serve the site."""
    with complaining():
        settings = settings_of(context)
        said = {"host": host, "port": port, "processes": processes}
        given = {name: value for name, value in said.items() if value is not None}
        settings = dataclasses.replace(settings, values={**settings.values, **given})
        click.echo(f"Home folder: {settings.home}", err=True)
        app.serve(settings, starter=starter, announce=lambda address: click.echo(f"Broadsheet is at {address}"))


@main.command()
@JSON
@command(create=False, remote=True)
def status(library: Place, *, as_json: bool) -> None:
    """Figures of this installation."""
    figures = library.status()
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(figures), indent=2))
        return
    click.echo(f"Home       {figures.home}")
    click.echo(f"Papers     {figures.papers:,}")
    click.echo(f"Indexed    {figures.indexed:,}" + (f" ({figures.behind:,} changes behind)" if figures.behind else ""))
    click.echo(f"Editions   {figures.editions:,}, the latest {figures.latest_edition or 'none'}")
    click.echo(
        f"Sizes      catalogue {figures.catalogue_bytes / 1e6:,.1f} MB, index {figures.index_bytes / 1e6:,.1f} MB"
    )
    click.echo(f"Imported   {figures.last_import or 'never'}")


@main.command()
@click.argument("what", type=click.Choice(["sync", "rebuild", "verify"]), default="sync")
@command(create=False, remote=True)
def index(library: Place, what: str) -> None:
    """Look after the index: sync (follow the catalogue), rebuild, or verify."""
    if what == "verify":
        _report(library.verify_index())
        return
    if what == "rebuild":
        library.rebuild_index(indexing())
    else:
        catch_up(library)
    click.echo(f"{library.status().indexed:,} papers are in the index.")


@main.command()
@click.argument("when", metavar="[DATE]", required=False)
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000))
@JSON
@command(create=False, remote=True)
def edition(library: Place, when: str | None, limit: int, *, as_json: bool) -> None:
    """Print an edition: a day (2026-11-20), a week (2026-W47) or a month (2026-11); the latest day by default."""
    span = Span.DAY if when is None or when.count("-") > 1 else Span.WEEK if "W" in when.upper() else Span.MONTH
    found = library.edition(span, when and when.upper(), limit=limit)
    if as_json:
        entries = [
            printing.brief(entry.paper) | {"position": entry.position, "reason": entry.reason}
            for entry in found.entries
        ]
        click.echo(
            json.dumps({"key": found.key, "total": found.total, "note": found.note, "papers": entries}, indent=2)
        )
        return
    click.echo(f"{found.key}: {found.total:,} papers")
    if found.note:
        click.echo(found.note)
    for entry in found.entries:
        click.echo(f"{entry.position:4}. {printing.title(entry.paper)}  [{entry.paper.id}]")


@main.command("open")
@click.argument("key", metavar="ID")
@click.option("--browser/--no-browser", default=None, help="Open the paper's page (default: at a terminal).")
@JSON
@command(create=False, remote=True)
def open_(library: Place, key: str, *, browser: bool | None, as_json: bool) -> None:
    """Show one paper, and open it in the browser when at a terminal."""
    paper = library.paper(key)
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(paper), indent=2))
    else:
        click.echo("\n".join(printing.description(paper)))
    address = printing.address(paper)
    if address and (sys.stdout.isatty() if browser is None else browser):
        webbrowser.open(address)


@main.command()
@click.argument("key", metavar="ID")
@JSON
@command(create=False, remote=True)
def history(library: Place, key: str, *, as_json: bool) -> None:
    """Where each fact of a paper came from, what changed, and what was merged."""
    known = library.provenance(key)
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(known), indent=2))
        return
    for fact in known.facts:
        unused = "" if fact.used else "  (not shown)"
        click.echo(f"{fact.since[:10]}  {fact.source:24} {fact.field:12} {printing.short(fact.value)}{unused}")
    for change in known.revisions:
        click.echo(
            f"{change.at[:10]}  {change.source:24} {change.field:12} was: {printing.short(change.old or 'nothing')}"
        )
    for merge in known.merges:
        click.echo(f"{merge.at[:10]}  merge {merge.number}: {merge.merged} joined {merge.kept} ({merge.reason})")


@main.command()
@click.argument("keep", metavar="ID")
@click.argument("other", metavar="OTHER")
@click.option("--yes", is_flag=True, help="Do not ask.")
@command(create=False, remote=True)
def merge(library: Place, keep: str, other: str, *, yes: bool) -> None:
    """Join two records of one paper under ID. `broadsheet split` undoes it."""
    kept, gone = library.paper(keep), library.paper(other)
    if not yes:
        click.confirm(f"Join “{gone.title}” ({gone.id}) to “{kept.title}” ({kept.id})?", abort=True)
    done = library.merge(keep, other)
    click.echo(f"Joined. To undo it: broadsheet split {done.number}")
    catch_up(library)


@main.command()
@click.argument("number", type=int)
@command(create=False, remote=True)
def split(library: Place, number: int) -> None:
    """Undo the merge NUMBER (see `broadsheet history ID`)."""
    library.split(number)
    click.echo("Split. These two stay apart from now on.")
    catch_up(library)


@main.command()
@click.pass_context
def doctor(context: click.Context) -> None:
    """Say what is wrong with this installation, and how to mend it."""
    with complaining(), opened(context, create=False, remote=True) as place:
        if not isinstance(place, Remote):
            _report([Finding("ok", "Settings", f"{place.home / config.FILE} and environment")])
        _report(place.doctor())


for name in (
    agents.mcp,
    calling.call,
    files.export,
    digests.digest,
    standing.standing,
    subscriptions.subscriptions,
    outbox.outbox,
    work.sync,
    work.worker,
    work.jobs,
    people.people,
    rising.trending,
    groups.groups,
    talk.vote,
    talk.comments,
    talk.comment,
    talk.edit,
    talk.submit,
    talk.follow,
    talk.inbox,
    talk.for_me,
):
    main.add_command(name)


def _report(findings: Iterable[Finding]) -> None:
    """Prints findings as they come; reading a whole catalogue takes a while."""
    errors = 0
    for finding in findings:
        errors += finding.level == "error"
        click.echo(f"{finding.level:8} {finding.subject}: {finding.message}")
        if finding.mend:
            click.echo(f"         {finding.mend}")
    if errors:
        sys.exit(1)
