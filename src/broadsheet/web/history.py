"""What happened to a paper since it was first known, in words: "Title changed in v2"."""

from collections.abc import Sequence

from broadsheet import said, tex
from broadsheet.types import Event
from broadsheet.web.contexts import Happened

SHOWN = 30  # the newest
LONGEST = 300  # characters of what it said before
LOOKED_AT = 2_000

_SHOW_OLD = frozenset({"title", "categories", "venue", "doi"})
_SHOW_NEW = frozenset({"categories", "venue", "doi", "code"})


def history(events: Sequence[Event]) -> list[Happened]:
    """The newest events, ready to print. They come newest first."""
    return [_happened(event) for event in events[:SHOWN]]


def _happened(event: Event) -> Happened:
    return Happened(
        text=said.happened(event),
        old=_brief(event.old) if event.kind in _SHOW_OLD else "",
        new=_brief(event.new) if event.kind in _SHOW_NEW else "",
        when=said.day(event.at[:10]),
        iso=event.at,
    )


def _brief(value: str | None) -> str:
    text = tex.plain((value or "")[:LOOKED_AT])
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + " …"
