"""What happened to a paper since it was first known, in words: "Title changed in v2"."""

from collections.abc import Sequence

from broadsheet import tex
from broadsheet.types import Event
from broadsheet.web import said
from broadsheet.web.contexts import Happened

SHOWN = 30  # the newest
LONGEST = 300  # characters of what it said before
LOOKED_AT = 2_000

_SAID = {
    "version": "A new version",
    "title": "Title changed",
    "abstract": "Abstract changed",
    "authors": "Authors changed",
    "categories": "Categories changed",
    "withdrawn": "Withdrawn",
    "deleted": "Deleted at its source",
    "venue": "Published",
    "doi": "DOI added",
    "code": "Code released",
}
# Taken back, or no longer so: the event's new value is empty.
_UNSAID = {
    "withdrawn": "No longer withdrawn",
    "deleted": "There again at its source",
    "venue": "Venue removed",
    "doi": "DOI removed",
    "code": "Code link removed",
}
_BY_AUTHORS = frozenset({"title", "abstract", "authors", "withdrawn"})  # what a version brings; the rest comes anytime
_SHOW_OLD = frozenset({"title", "categories", "venue", "doi"})
_SHOW_NEW = frozenset({"categories", "venue", "doi", "code"})


def history(events: Sequence[Event]) -> list[Happened]:
    """The newest events, ready to print. They come newest first."""
    return [_happened(event) for event in events[:SHOWN]]


def _happened(event: Event) -> Happened:
    gone = event.new is None and event.kind in _UNSAID
    text = _UNSAID[event.kind] if gone else _SAID[event.kind]
    if event.version is not None:
        if event.kind == "version":
            text = f"Version {event.version}"
        elif event.kind in _BY_AUTHORS:
            text = f"{text} in v{event.version}"
    return Happened(
        text=text,
        old=_brief(event.old) if event.kind in _SHOW_OLD else "",
        new=_brief(event.new) if event.kind in _SHOW_NEW else "",
        when=said.day(event.at[:10]),
        iso=event.at,
    )


def _brief(value: str | None) -> str:
    text = tex.plain((value or "")[:LOOKED_AT])
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + " …"
