"""What a request to the provider may hold, read strictly, and the tokens by which a list goes on."""

import base64
import binascii
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from broadsheet import ids
from broadsheet.ids.sets import codes_of

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_FIRST, _LAST = "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"
_LIST = frozenset({"metadataPrefix", "from", "until", "set"})
_LONGEST_TOKEN = 1_000


class Fault(Exception):
    """What is wrong with a request, by the protocol's name for it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(slots=True)
class Listing:
    """A list that is asked for, and where it has got to. `total` is -1 until it was counted."""

    prefix: str
    since: str
    until: str
    set: str = ""
    place: str = ""
    cursor: int = 0
    total: int = -1

    @property
    def codes(self) -> tuple[str, ...]:
        """The categories of the set; none are all."""
        return (codes_of(self.set) or ()) if self.set else ()

    def token(self, place: str, given: int) -> str:
        """Where the list goes on after a page of so many."""
        values = [self.prefix, self.since, self.until, self.set, place, self.cursor + given, self.total]
        return base64.urlsafe_b64encode(json.dumps(values, separators=(",", ":")).encode()).decode().rstrip("=")


def single(pairs: Sequence[tuple[str, str]], known: set[str], *, all_of: bool = False) -> dict[str, str]:
    """The arguments of a verb that takes these, or needs all of them. Raises Fault."""
    given = dict(pairs)
    if unknown := sorted(set(given) - known):
        raise Fault("badArgument", f"This verb takes no {unknown[0][:60]!r}.")
    if all_of and (missing := sorted(name for name in known if not given.get(name))):
        raise Fault("badArgument", f"This verb needs {' and '.join(missing)}.")
    return given


def listing(pairs: Sequence[tuple[str, str]], now: str) -> Listing:
    """The list that ListRecords or ListIdentifiers asks for; it ends at `now` unless it says earlier. Raises Fault."""
    given = dict(pairs)
    if "resumptionToken" in given:
        if len(given) > 1:
            raise Fault("badArgument", "A resumptionToken comes alone.")
        return _resumed(given["resumptionToken"])
    given = single(pairs, set(_LIST))
    if not given.get("metadataPrefix"):
        raise Fault("badArgument", "This verb needs metadataPrefix.")
    since, until, name = given.get("from", ""), given.get("until", ""), given.get("set", "")
    if since and until and len(since) != len(until):
        raise Fault("badArgument", "from and until are both days, or both instants.")
    first = _instant(since, "from", "T00:00:00Z") if "from" in given else _FIRST
    last = _instant(until, "until", "T23:59:59Z") if "until" in given else _LAST
    if first > last:
        raise Fault("badArgument", "from is later than until.")
    if "set" in given and codes_of(name) is None:
        raise Fault("noRecordsMatch", f"There is no set {name[:60]!r}: ListSets names them all.")
    return Listing(given["metadataPrefix"], first, min(last, now), name)


def _instant(text: str, name: str, time: str) -> str:
    if _INSTANT.fullmatch(text) and ids.iso_date(text[:10]) == text[:10]:
        return text
    if len(text) == len("2026-11-20") and ids.iso_date(text) == text:
        return text + time
    raise Fault("badArgument", f"{name} looks like 2026-11-20 or 2026-11-20T12:00:00Z, not {text[:40]!r}.")


def _resumed(token: str) -> Listing:
    refusal = Fault("badResumptionToken", "This token was not given out here. Begin the list anew.")
    if len(token) > _LONGEST_TOKEN or not token.isascii():
        raise refusal
    try:
        values = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        raise refusal from None
    if not isinstance(values, list) or [type(one) for one in values] != [str, str, str, str, str, int, int]:
        raise refusal
    prefix, since, until, name, place, cursor, total = values
    fits = _INSTANT.fullmatch(since) and _INSTANT.fullmatch(until) and (not name or codes_of(name) is not None)
    if not fits or not place or not 0 < cursor <= total + 10**6:
        raise refusal
    return Listing(prefix, since, until, name, place, cursor, total)
