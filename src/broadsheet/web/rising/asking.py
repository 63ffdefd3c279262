"""What an address asks of trending: a window, signals, categories, as they can be used, with notes on the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request

from broadsheet import ids
from broadsheet.types import Weight, Window
from broadsheet.web.contexts import Tab

MOST = 20  # categories

NAMES = {Window.DAY: "Day", Window.WEEK: "Week", Window.MONTH: "Month"}


@dataclass(slots=True)
class Asked:
    """What is asked for. No `signals` are all of them."""

    window: Window
    signals: tuple[str, ...]
    categories: tuple[str, ...]
    notes: list[str]

    def fields(self) -> dict[str, str]:
        """The same as the fields of an address, without what goes without saying."""
        given = {
            "window": self.window.value if self.window is not Window.WEEK else "",
            "signals": ",".join(self.signals),
            "category": " ".join(self.categories),
        }
        return {name: value for name, value in given.items() if value}

    def tabs(self, path: str) -> list[Tab]:
        """The same for each window."""
        return [
            Tab(NAMES[one], at(path, **{**self.fields(), "window": one.value}), one is self.window) for one in Window
        ]


def asked(request: Request, weights: Sequence[Weight]) -> Asked:
    """What an address asks for."""
    given, notes = request.query_params, list[str]()
    try:
        window = Window(given.get("window", "").strip().lower() or Window.WEEK)
    except ValueError:
        window = Window.WEEK
        notes.append(f"There is no window “{given['window'][:40]}”: there are day, week and month. This is the week.")
    known = [row.signal for row in weights]
    words = [word.strip().lower() for value in given.getlist("signals") for word in value.split(",") if word.strip()]
    notes += [f"There is no signal “{word[:40]}”; it was left out." for word in words[:MOST] if word not in known]
    signals = tuple(name for name in known if name in words)
    wanted = " ".join(given.getlist("category")).replace(",", " ").split()[:MOST]
    found = {word: ids.category(word) for word in wanted}
    notes += [f"There is no category “{word[:40]}”; it was left out." for word, code in found.items() if not code]
    if words and not signals:
        notes.append("None of these signals is known, so all of them count.")
    categories = tuple(dict.fromkeys(code for code in found.values() if code))
    return Asked(window, () if len(signals) == len(known) else signals, categories, notes)


def at(path: str, **fields: str) -> str:
    """An address with the fields that are not empty."""
    kept = {name: value for name, value in fields.items() if value}
    return f"{path}?{urlencode(kept, safe=',')}" if kept else path
