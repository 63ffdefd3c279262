"""When, how much and in what form: the fields of a form, and the same in words."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from broadsheet import said
from broadsheet.types import Form, Rhythm, Subscription, Wanted
from broadsheet.web.contexts import Choice, PlanFields, Zones

RHYTHMS = {
    Rhythm.EDITION: "With each edition",
    Rhythm.WEEKDAYS: "Monday to Friday",
    Rhythm.WEEKLY: "Once a week",
    Rhythm.ONCE: "As they come (searches only)",
}
FORMS = {Form.HTML: "HTML, with plain text beside it", Form.TEXT: "Plain text alone"}
NAMES = ("rhythm", "weekday", "at", "zone", "most", "form")
DEFAULTS = {"rhythm": "each edition", "weekday": "0", "at": "07:30", "zone": "", "most": "10", "form": "html"}
_AREAS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


def fields(
    value: Callable[[str], str], *, key: str, once: bool, problems: Mapping[str, str] | None = None
) -> PlanFields:
    """The fields, filled. `value` gives what a field holds; `once`: it can be sent as it comes."""
    zone = value("zone")
    return PlanFields(
        key=key,
        rhythms=[
            Choice(rhythm.value, text, chosen=value("rhythm") == rhythm)
            for rhythm, text in RHYTHMS.items()
            if once or rhythm is not Rhythm.ONCE
        ],
        days=[Choice(str(day), name, chosen=value("weekday") == str(day)) for day, name in enumerate(said.DAYS)],
        at=value("at"),
        zones=_zones(zone),
        most=value("most"),
        forms=[Choice(form.value, text, chosen=value("form") == form) for form, text in FORMS.items()],
        guess=not zone,
        problems=problems or {},
    )


def of(one: Subscription) -> PlanFields:
    """The fields of a subscription as it is."""
    return fields(lambda name: str(getattr(one, name)), key=f"s{one.number}", once=one.wanted is Wanted.QUERY)


def title(one: Subscription) -> str:
    """What is sent, at the beginning of a line: "Results for “sheep”", "cs.CL"."""
    return f"R{one.title[1:]}" if one.title.startswith("results for ") else one.title


def in_words(one: Subscription) -> list[str]:
    """ "Once a week, on Friday, at 07:30 (Europe/Berlin)", "at most 10 papers", "plain text"."""
    when = {
        Rhythm.EDITION: "With each edition",
        Rhythm.WEEKDAYS: "Monday to Friday",
        Rhythm.WEEKLY: f"Every {said.DAYS[one.weekday]}",
        Rhythm.ONCE: "As they come",
    }[one.rhythm]
    at = f"{when}, {one.at} {_place(one.zone)}" if one.rhythm is not Rhythm.ONCE else when
    return [at, f"{said.count(one.most, 'paper')} at most", *(["plain text"] if one.form is Form.TEXT else [])]


def local(instant: str, zone: str) -> str:
    """An instant where its reader lives: "Friday, 27 November 2026, 07:05"."""
    there = datetime.fromisoformat(instant).astimezone(ZoneInfo(zone))
    return f"{said.weekday(there.date().isoformat())}, {there:%H:%M}"


def _place(zone: str) -> str:
    return zone if zone == "UTC" else f"in {zone.rpartition('/')[2].replace('_', ' ')}"


def _zones(chosen: str) -> list[Zones]:
    """All time zones by their part of the world; one that is none of these is not there, and UTC is chosen."""
    return [
        Zones(area, [Choice(zone, text, chosen=zone == (chosen or "UTC")) for zone, text in zones])
        for area, zones in _world().items()
    ]


@cache
def _world() -> Mapping[str, list[tuple[str, str]]]:
    """Names by area; looking through the data base of zones takes some hundredths of a second."""
    found: dict[str, list[tuple[str, str]]] = {"": [("UTC", "UTC")], **{area: [] for area in _AREAS}}
    for zone in sorted(available_timezones()):
        area, _, name = zone.partition("/")
        if area in _AREAS:
            found[area].append((zone, name.replace("_", " ").replace("/", ", ")))
    return found
