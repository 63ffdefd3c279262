"""The sources that settings make: each with a client of its own, behind gates that all processes here share."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from importlib.metadata import version
from types import MappingProxyType

from broadsheet.config import Settings
from broadsheet.errors import BadSetting, NotFound
from broadsheet.fetching import Client, Gate
from broadsheet.languagemodel import LanguageModel
from broadsheet.sources import crossref, feeds, github, huggingface, openalex, semanticscholar, zotero
from broadsheet.sources.arxiv import feed, listing, oai, query
from broadsheet.sources.live import Batch, LiveSource, Request

Make = Callable[[Client, Settings], LiveSource]

MAKERS: Mapping[str, Make] = MappingProxyType(
    {
        "arxiv": lambda client, settings: oai.Oai(client, address=settings.text("arxiv_oai_address")),
        "arxiv-raw": lambda client, settings: oai.Oai(
            client, address=settings.text("arxiv_oai_address"), prefix="arXivRaw"
        ),
        "arxiv-listing": lambda client, settings: listing.Listing(client, address=settings.text("arxiv_list_address")),
        "arxiv-feed": lambda client, settings: feed.Feed(client, address=settings.text("arxiv_feed_address")),
        "arxiv-query": lambda client, settings: query.Query(client, address=settings.text("arxiv_query_address")),
        "hf-daily": lambda client, settings: huggingface.DailyPapers(
            client, address=settings.text("huggingface_address")
        ),
        "openalex": lambda client, settings: openalex.OpenAlex(
            client, key=settings.text("openalex_key"), address=settings.text("openalex_address")
        ),
        "crossref": lambda client, settings: crossref.Crossref(
            client, mailto=_mail(settings), address=settings.text("crossref_address")
        ),
        "semanticscholar": lambda client, settings: semanticscholar.SemanticScholar(
            client, key=settings.text("semanticscholar_key"), address=settings.text("semanticscholar_address")
        ),
        "github": lambda client, settings: github.GitHub(
            client, token=settings.text("github_token"), address=settings.text("github_address")
        ),
        "zotero": lambda client, settings: zotero.Zotero(client, address=settings.text("zotero_address")),
    }
)
"""What makes each source. Feeds are made of their addresses."""

UNDERSTOOD: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "arxiv": ("since", "until", "categories"),
        "arxiv-raw": ("since", "until", "categories"),
        "arxiv-listing": ("since", "categories"),
        "arxiv-feed": ("categories",),
        "arxiv-query": ("since", "until", "categories", "query", "id"),
        "hf-daily": ("since", "until"),
        "openalex": ("id",),
        "crossref": ("id",),
        "semanticscholar": ("id",),
    }
)
"""What each source can be asked for in particular; the others give what they have."""

LOOK_UPS = frozenset({"openalex", "crossref", "semanticscholar", "github"})
"""Sources that are asked about papers that are here."""

_OTHERS_PAUSE = 1.0  # seconds between two requests to a host that is not arXiv's
_FIRST_DAYS = timedelta(days=7)
_MODELS_PATIENCE = 60.0  # seconds: a local model on a processor alone takes its time


def feed_names(settings: Settings) -> dict[str, str]:
    """The feeds that settings name: what each is called, and its address."""
    return {f"feed:{feeds.shown(address)}": address for address in settings.words("feeds")}


@contextmanager
def opened(settings: Settings, name: str, *, sleep: Callable[[float], None] = time.sleep) -> Iterator[LiveSource]:
    """A source, ready to be asked. `sleep` is how it waits. Raises NotFound for a name that no source has."""
    address = feed_names(settings).get(name)
    if address is None and name not in MAKERS:
        known = ", ".join([*MAKERS, *feed_names(settings)])
        raise NotFound(f"There is no source {name!r}. The sources are: {known}.")
    pause = settings.number("arxiv_pause") if name.startswith("arxiv") else _OTHERS_PAUSE
    client = Client(
        agent=agent(settings),
        gate=Gate(settings.home / "gates", pause, sleep=sleep),
        allow_private=("feeds" if address else name) in settings.words("private_sources"),
        sleep=sleep,
    )
    with client:
        yield feeds.Feed(client, address) if address else MAKERS[name](client, settings)


@contextmanager
def language_model(settings: Settings, *, sleep: Callable[[float], None] = time.sleep) -> Iterator[LanguageModel]:
    """The language model that settings name. Raises BadSetting where they name none."""
    address, model = settings.text("llm_address"), settings.text("llm_model")
    if not address or not model:
        raise BadSetting("No language model is set: llm_address and llm_model name one.")
    client = Client(
        agent=agent(settings),
        gate=Gate(settings.home / "gates", 0.0, sleep=sleep),
        allow_private="llm" in settings.words("private_sources"),
        timeout=_MODELS_PATIENCE,
        tries=2,
        sleep=sleep,
    )
    with client:
        yield LanguageModel(client, address=address, model=model, key=settings.text("llm_key"))


def agent(settings: Settings) -> str:
    """Who asks, and how they can be reached."""
    contact = _mail(settings)
    contact = f"mailto:{contact}" if contact else settings.text("contact")
    return f"Broadsheet/{version('broadsheet')}" + (f" (+{contact})" if contact else "")


def _mail(settings: Settings) -> str:
    contact = settings.text("contact")
    return "" if contact.startswith(("http://", "https://")) else contact


class FirstWeek:
    """A source whose very first run begins a week ago, not at the beginning of all it has.

    That day is kept in front of the source's cursor until the first run has come to its end: a run that is cut off
    goes on with the days it began with.
    """

    def __init__(self, source: LiveSource) -> None:
        self._source, self.name = source, source.name

    def batches(self, cursor: str, request: Request) -> Iterator[Batch]:
        """As the source's own."""
        if cursor and not cursor.startswith(_FIRST):
            yield from self._source.batches(cursor, request)
            return
        day, _, inner = cursor.removeprefix(_FIRST).partition(" ")
        day = day or (request.now - _FIRST_DAYS).date().isoformat()
        for batch in self._source.batches(inner, replace(request, since=day)):
            yield batch if batch.done else replace(batch, cursor=f"{_FIRST}{day} {batch.cursor}")


_FIRST = "first run since "

__all__ = ["LOOK_UPS", "MAKERS", "UNDERSTOOD", "FirstWeek", "agent", "feed_names", "language_model", "opened"]
