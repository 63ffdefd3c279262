"""When, how much and in what form something is sent: what people say of it, checked. Pure.

All that is wrong is said at once, each at its field, so that a form can be mended in one go.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from broadsheet.errors import Unfit
from broadsheet.ids import people
from broadsheet.types import Form, Rhythm, Wanted

MOST = 50  # papers of a letter
LONGEST_PAUSE = 3_660  # days
_LONGEST = 254  # characters of an address (RFC 5321, 4.5.3.1.3)
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::00)?", re.ASCII)
_RHYTHMS = (Rhythm.EDITION, Rhythm.WEEKDAYS, Rhythm.WEEKLY)


@dataclass(frozen=True, slots=True)
class Plan:
    """When, how much and in what form; the fields are those of `types.Subscription`."""

    rhythm: Rhythm = Rhythm.EDITION
    weekday: int = 0
    at: str = "07:30"
    zone: str = "UTC"
    most: int = 10
    form: Form = Form.HTML

    def facts(self) -> dict[str, str | int]:
        """The same as columns of a row."""
        return {
            "rhythm": self.rhythm.value,
            "weekday": self.weekday,
            "at": self.at,
            "zone": self.zone,
            "most": self.most,
            "form": self.form.value,
        }


def rhythms(wanted: Wanted) -> tuple[Rhythm, ...]:
    """How often something can be sent: only what a search finds can be sent as it comes."""
    return (*_RHYTHMS, Rhythm.ONCE) if wanted is Wanted.QUERY else _RHYTHMS


def plan(wanted: Wanted, said: Mapping[str, str | int], default: Plan | None = None) -> tuple[Plan, dict[str, str]]:
    """What somebody said as a plan, and what is wrong with it, by field. What was not said is as in `default`."""
    default = default or Plan()
    problems: dict[str, str] = {}

    def take(name: str, valid: object, sentence: str) -> object:
        if valid is None:
            problems[name] = sentence
        return valid if valid is not None else getattr(default, name)

    given = {name: str(value).strip() for name, value in said.items()}
    rhythm = next((one for one in rhythms(wanted) if one.value == given.get("rhythm", default.rhythm)), None)
    weekday = _whole(given.get("weekday", str(default.weekday)), 0, 6)
    most = _whole(given.get("most", str(default.most)), 1, MOST)
    form = next((one for one in Form if one.value == given.get("form", default.form)), None)
    made = {
        "rhythm": take("rhythm", rhythm, f"Choose how often: {_listed([one.value for one in rhythms(wanted)])}."),
        "weekday": take("weekday", weekday, "Choose a day of the week."),
        "at": take("at", _time(given.get("at", default.at)), "There is no such time of day. Write it like 07:30."),
        "zone": take("zone", _zone(given.get("zone", default.zone)), "This time zone is not known. Choose one."),
        "most": take("most", most, f"Choose how many papers, from 1 to {MOST}."),
        "form": take("form", form, "Choose HTML or plain text."),
    }
    return Plan(**made), problems  # type: ignore[arg-type]  # each is of its kind, or the default's


def refuse(problems: Mapping[str, str]) -> None:
    """Raises Unfit where anything is wrong."""
    if problems:
        raise Unfit(problems)


def address(typed: str) -> tuple[str, str]:
    """An e-mail address in its normal form, and what is wrong with it, or an empty text."""
    found = people.email(typed)
    if found is not None:
        return found, ""
    text = typed.strip()
    local = text.rpartition("@")[0]
    if not text:
        return "", "Say to which e-mail address."
    if len(text) > _LONGEST:
        return "", f"This is too long for an e-mail address, which has {_LONGEST} characters at most."
    if local.startswith('"'):
        return "", "Addresses with quotation marks cannot be written to from here. Use another one."
    if local and not local.isascii():
        return "", "What stands before the @ can have plain letters only, a to z. Use another address."
    return "", "This is no e-mail address; one is written like ada@example.org."


def pause(until: str, today: date) -> str:
    """The day on which what is paused goes on; empty is until somebody says so. Raises Unfit."""
    if not until.strip():
        return ""
    try:
        day = date.fromisoformat(until.strip())
    except ValueError:
        raise Unfit({"until": "There is no such day. Write it like 2026-12-31."}) from None
    if not today < day <= today + timedelta(LONGEST_PAUSE):
        raise Unfit({"until": "Choose a day to come, within ten years."})
    return day.isoformat()


def _time(text: str) -> str | None:
    found = _TIME.fullmatch(text)
    return f"{int(found[1]):02d}:{found[2]}" if found else None


def _zone(text: str) -> str | None:
    """The name of a time zone as the IANA has it. A path is none, whatever file it leads to."""
    try:
        return ZoneInfo(text).key if text else None
    except (ValueError, OSError, LookupError):
        return None


def _whole(text: str, low: int, high: int) -> int | None:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None
    return number if number is not None and low <= number <= high else None


def _listed(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"
