"""What this installation does by itself: a job for every source, and those that keep its editions in order.

The rules follow arXiv's evening: listings come out at 20:00 in New York, Sunday to Thursday, and OAI-PMH has the
records some two hours later. Whatever is missed then is fetched in the morning.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from threading import Event
from types import MappingProxyType

from broadsheet import announcing, feeds, ids, ingest, said
from broadsheet.app import hub
from broadsheet.app.letters import Letters
from broadsheet.app.posting import Postman
from broadsheet.app.sources import LOOK_UPS, FirstWeek, feed_names, language_model, opened
from broadsheet.config import Settings
from broadsheet.errors import Unavailable
from broadsheet.ids.categories import ALIASES, ARCHIVES
from broadsheet.jobs import Context, Stopped, Task
from broadsheet.library import Library
from broadsheet.sources.live import Request
from broadsheet.types import Identifier, SyncReport

_JOBS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "arxiv-listing": (
            "every 20 minutes from 20:05 to 02:05 America/New_York sun-thu and 08:00 America/New_York mon-fri",
            "What arXiv announced: its listings, until the newest is here.",
        ),
        "arxiv": (
            "22:30 America/New_York sun-thu and 06:30 America/New_York",
            "What is new and what changed at arXiv, by OAI-PMH.",
        ),
        "arxiv-raw": (
            "23:00 America/New_York sun-thu and 07:00 America/New_York",
            "The versions of arXiv's papers and when they were handed in, by OAI-PMH.",
        ),
        "arxiv-feed": ("00:30 America/New_York mon-fri", "arXiv's daily feeds: a hint of what was announced."),
        "hf-daily": ("every 3 hours", "What people put on Hugging Face's daily papers, with votes and comments."),
        "openalex": ("every 1 day", "Venues, DOIs and citations from OpenAlex."),
        "crossref": ("every 1 day", "Venues and citations from Crossref."),
        "semanticscholar": ("every 1 day", "Venues, DOIs and citations from Semantic Scholar."),
        "github": ("every 1 day", "Stars of the repositories that papers link to."),
        "zotero": ("every 1 hour", "The library of the Zotero that runs on this machine."),
    }
)
_FEED = ("every 2 hours", "What is new in a feed.")
_ARCHIVES = tuple(sorted(set(ARCHIVES) - set(ALIASES)))  # those that arXiv still announces in
_SHOWN_NOTES = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run by hand asks a source for, instead of what is new there."""

    since: str | None = None
    until: str | None = None
    categories: tuple[str, ...] = ()
    query: str = ""
    papers: tuple[Identifier, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.since or self.until or self.categories or self.query or self.papers)


class Work:
    """The tasks of an installation, over its library."""

    def __init__(self, library: Library, settings: Settings, now: Callable[[], datetime]) -> None:
        self._library, self._settings, self._now = library, settings, now
        self._categories = tuple(filter(None, map(ids.category, settings.words("categories"))))
        self._postman = Postman(library, settings, now)

    def tasks(self) -> list[Task]:
        """Every job there is. Those of sources that are not switched on are never due, but can be done by hand."""
        on = self._settings.words("sources")
        tasks = [
            Task(name, rule if name in on else "never", text, self._run_of(name))
            for name, (rule, text) in _JOBS.items()
        ]
        tasks += [Task(name, *_FEED, self._run_of(name)) for name in feed_names(self._settings)]
        announced = {"arxiv-listing", "arxiv-feed"} & set(on)
        return [
            # First: it needs no network, which the others may wait for.
            Task("editions", "every 10 minutes", "The automatic editor's order of days that changed.", self._pick),
            *tasks,
            Task("arxiv-query", "never", "A search of arXiv, by hand.", self._run_of("arxiv-query")),
            Task(
                "shortfalls",
                "every 2 hours" if announced else "never",
                "Asks arXiv by name for papers that were announced and are missing.",
                self._close_shortfalls,
            ),
            Task("submissions", "every 30 minutes", "Asks for papers that people submitted.", self._submitted),
            Task("notices", "every 10 minutes", "Tells who follows a paper of its new versions.", self._tell),
            Task(
                "accounts",
                "every 1 day",
                "Forgets sessions, links, counts of limits, dissolved groups and what left the outbox long ago.",
                self._forget,
            ),
            Task("reads", "every 10 minutes", "Writes down how many people opened papers' pages.", self._read),
            Task(
                "summaries",
                "every 10 minutes" if all(map(self._settings.text, ("llm_address", "llm_model"))) else "never",
                "Short summaries of new papers by the language model, within the day's budget.",
                self._summarise,
            ),
            Task(
                "bulk",
                "every 1 day" if self._settings.flag("bulk") else "never",
                "The whole catalogue as files, for who wants all of it.",
                self._write_bulk,
            ),
            Task("map", "every 1 hour", "A place on the map for every paper that has none yet.", self._map),
            Task(
                "websub",
                "every 2 minutes" if all(map(self._settings.text, ("websub_hub", "address"))) else "never",
                "Tells the hub of the feeds that have something new.",
                self._tell_hub,
            ),
            Task(
                "standing",
                "every 5 minutes",
                "Lets standing queries see the papers that came, also as soon as some came.",
                self._stand,
                early=self._library.is_standing_due,
            ),
            Task("digests", "every 5 minutes", "Decides about what is due to be sent, and writes it.", self._digest),
            Task(
                "deliver",
                "every 1 minute",
                "Sends what is in the outbox, also as soon as something is put in.",
                self._postman.deliver,
                apart=True,
                early=self._library.is_due,
            ),
            Task(
                "bounces",
                "every 10 minutes" if self._postman.has_mailbox() else "never",
                "Reads the mailbox of letters that came back.",
                self._postman.read_bounces,
            ),
            Task("checkpoint", "every 1 day", "Empties the catalogue's log into its file.", self._checkpoint),
        ]

    def by_hand(self, name: str, asked: Asked) -> Task:
        """A run of one source for something in particular, or for what is new. Raises NotFound."""
        with opened(self._settings, name):
            return Task(name, "never", "", partial(self._sync, name, asked))

    def enabled(self) -> list[str]:
        """The sources that are switched on, in the order in which they are asked."""
        on = self._settings.words("sources")
        return [*(name for name in _JOBS if name in on), *feed_names(self._settings)]

    def _run_of(self, name: str) -> Callable[[Context], str]:
        return self._listing if name == "arxiv-listing" else partial(self._sync, name, Asked())

    def _sync(self, name: str, asked: Asked, context: Context) -> str:
        catalogue = self._library.catalogue

        def progress(report: SyncReport) -> None:
            context.progress(counts(report))

        with opened(self._settings, name, sleep=partial(_pause, context.stop)) as source:
            if name in LOOK_UPS and not asked.papers:
                report = ingest.look_up(catalogue, source, now=self._now, progress=progress, stop=context.stop.is_set)
            else:
                report = ingest.sync(
                    catalogue,
                    source if asked else FirstWeek(source),
                    request=self._request(name, asked),
                    now=self._now,
                    scope=self._scope(name, asked),
                    progress=progress,
                    stop=context.stop.is_set,
                )
        return _ended(report)

    def _request(self, name: str, asked: Asked) -> Request:
        categories = asked.categories or self._categories
        if name in {"arxiv-listing", "arxiv-feed"} and not categories:
            categories = _ARCHIVES
        return Request(self._now(), asked.since, asked.until, categories, asked.query, asked.papers)

    def _scope(self, name: str, asked: Asked) -> str:
        """What tells this run's cursor from those of runs that ask for something else."""
        parts = [f"since {asked.since}"] if asked.since else []
        parts += [f"until {asked.until}"] if asked.until else []
        if name.startswith("arxiv") and (asked.categories or self._categories):
            parts.append(" ".join(sorted(asked.categories or self._categories)))
        parts += [f"“{asked.query}”"] if asked.query else []
        parts += [" ".join(f"{scheme}:{value}" for scheme, value in asked.papers)] if asked.papers else []
        return ", ".join(parts)

    def _listing(self, context: Context) -> str:
        """The listings, unless the newest is here; where they cannot be had, the feeds as a hint."""
        day = announcing.latest_announced(self._now()).isoformat()
        categories = self._categories or _ARCHIVES
        accounts = self._library.catalogue.accounts(day, day, categories=categories)
        if {one.category for one in accounts if one.expected is not None} >= set(categories):
            return f"The listing of {day} is here."
        try:
            return self._sync("arxiv-listing", Asked(), context)
        except Unavailable as error:
            try:
                hint = f" The feeds instead: {self._sync('arxiv-feed', Asked(), context)}"
            except Unavailable:
                hint = ""
            raise Unavailable(f"{error}{hint}", retry_after=error.retry_after) from None

    def _close_shortfalls(self, context: Context) -> str:
        with opened(self._settings, "arxiv-query", sleep=partial(_pause, context.stop)) as source:
            report = ingest.close_shortfalls(
                self._library.catalogue,
                source,
                now=self._now,
                progress=lambda report: context.progress(counts(report)),
            )
        return _ended(report)

    def _pick(self, context: Context) -> str:
        days = ingest.pick_editions(
            self._library.catalogue,
            now=self._now,
            categories=self._categories,
            progress=lambda done, total: context.progress(f"{done:,} of {total:,} days"),
            stop=context.stop.is_set,
        )
        text = f"{days:,} days put in order." if days != 1 else "1 day put in order."
        if context.stop.is_set():
            raise Stopped(text)
        return text if days else "Every day is in order."

    def _forget(self, _: Context) -> str:
        self._library.forget_ended()
        self._library.sweep_outbox()
        self._library.forget_unconfirmed()
        self._library.forget_answers()
        groups = self._library.forget_groups()
        return f"{groups:,} dissolved groups forgotten." if groups else "Done."

    def _submitted(self, _: Context) -> str:
        listed = self._library.take_in_submissions()
        return f"{listed:,} came." if listed else "None came."

    def _tell(self, _: Context) -> str:
        events = self._library.tell_versions()
        return f"{events:,} new versions looked at." if events else "No new version."

    def _read(self, _: Context) -> str:
        reads = self._library.write_reads()
        return f"{reads:,} reads." if reads != 1 else "1 read."

    def _summarise(self, context: Context) -> str:
        budget = self._settings.number("llm_daily_budget")
        with language_model(self._settings, sleep=partial(_pause, context.stop)) as model:
            wrote, failed = self._library.write_summaries(model, budget=budget, stop=context.stop.is_set)
        text = f"{wrote:,} written" + (f", {failed:,} failed" if failed else "") + "."
        if context.stop.is_set():
            raise Stopped(text)
        return text

    def _write_bulk(self, context: Context) -> str:
        def progress(done: int, total: int) -> None:
            context.progress(f"{done:,} of {total:,} stretches")
            if context.stop.is_set():
                raise Stopped(f"{done:,} of {total:,} stretches looked at.")

        manifest, anew = self._library.write_bulk(progress)
        return f"{manifest.papers:,} papers in {len(manifest.files):,} files; {anew:,} stretches written anew."

    def _map(self, context: Context) -> str:
        placed = self._library.draw_map(
            lambda done, total: context.progress(f"{done:,} of {total:,} papers"), stop=context.stop.is_set
        )
        text = f"{placed:,} papers placed." if placed else "Every paper has its place."
        if context.stop.is_set():
            raise Stopped(text)
        return text

    def _tell_hub(self, context: Context) -> str:
        address, title = self._settings.text("address").rstrip("/"), self._settings.text("title")
        hubs = self._settings.text("websub_hub")
        news = feeds.news(self._library, feeds.Site(title, address, hubs), self._now(), self._categories)
        with hub.client(self._settings, sleep=partial(_pause, context.stop)) as client:
            told = hub.tell(hubs, news, self._settings.home, client, stop=context.stop.is_set)
        return f"{told:,} feeds told." if told else "Nothing new."

    def _stand(self, context: Context) -> str:
        """What is sent as it comes is decided about at once."""
        done = self._library.catch_up_standing(stop=context.stop.is_set)
        written = Letters(self._library, self._settings).write_due(stop=context.stop.is_set) if done.hits else None
        text = f"{said.count(done.papers, 'paper')} looked at, {said.count(done.hits, 'hit')}."
        text += f" {said.count(done.waiting, 'paper')} waiting for an abstract." if done.waiting else ""
        text += f" {written}" if written else ""
        if context.stop.is_set():
            raise Stopped(text)
        return text if done.papers or done.waiting else "Nothing new."

    def _digest(self, context: Context) -> str:
        done = Letters(self._library, self._settings).write_due(stop=context.stop.is_set)
        if context.stop.is_set():
            raise Stopped(str(done))
        return str(done)

    def _checkpoint(self, _: Context) -> str:
        self._library.catalogue.checkpoint()
        return "Done."


def counts(report: SyncReport) -> str:
    """What came, in numbers: "2,000 of 9,000 read: 800 new, 300 changed"."""
    total = f" of {report.total:,}" if report.total is not None and report.total >= report.read else ""
    named = ("new", "changed", "deleted", "merged", "unchanged", "refused")
    parts = [f"{count:,} {name}" for name in named if (count := getattr(report, name))]
    return f"{report.read:,}{total} read" + (f": {', '.join(parts)}" if parts else "")


def _ended(report: SyncReport) -> str:
    """What came of a run in a sentence. Raises Unavailable where it failed, and Stopped where it was stopped."""
    text = f"{counts(report)}." if report.read else "Nothing new."
    text += " It went on where the last run had stopped." if report.resumed else ""
    if report.refusals:
        text += f" The first that was refused: {report.refusals[0].reason}."
    if report.error:
        came = f" Before that: {counts(report)}." if report.read else ""
        raise Unavailable(f"{report.error}{came}", retry_after=report.retry_after)
    if not report.finished:
        raise Stopped(text)
    notes = report.notes[:_SHOWN_NOTES]
    more = [f"And {len(report.notes) - len(notes)} more notes."] if len(report.notes) > len(notes) else []
    return " ".join([text, *notes, *more])


def _pause(stop: Event, seconds: float) -> None:
    """Waits, unless the task is told to stop."""
    if stop.wait(seconds):
        raise Stopped
