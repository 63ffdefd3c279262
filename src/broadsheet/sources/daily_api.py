"""The JSON of a daily-papers API: a day's list, a search answer, or one paper's info.

An item of a list holds the paper in `paper`, and things about its listing around it; a paper's info is the
inner object alone. `submittedOnDailyAt` is dated with the edition's day, at midnight. Older answers lack it.
There the listing's own `publishedAt` (when it was submitted) tells: an edition ends at 21:30 in New York,
which is 01:30 or 02:30 UTC, so two hours before that instant it was the edition's day in UTC, wrong by half
an hour at most. It tells nothing in search answers, which repeat the paper's own date there, shifted by
New York's offset; these know no `submittedBy`.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from broadsheet.errors import BadRecord
from broadsheet.sources.door import Door, Reader, count, identify, kind, own_key, texts
from broadsheet.types import Author, Record

KIND = "daily-api"
_AFTER_MIDNIGHT = timedelta(hours=2)


def looks(value: Mapping[str, object]) -> bool:
    """Whether an object can be an item of an answer."""
    return isinstance(value.get("paper"), dict) or ("publishedAt" in value and ("upvotes" in value or "id" in value))


def reader(door: Door) -> Reader:
    """The function that makes records of objects. It counts the items of each day."""
    seen: Counter[str] = Counter()

    def read(value: Mapping[str, object]) -> Record:
        inner = value.get("paper")
        paper: Mapping[str, object] = inner if isinstance(inner, dict) else value
        listed = paper is not value
        identifiers = identify(paper.get("id"), "id")
        day = door.date(_day(paper.get("submittedOnDailyAt")), "submittedOnDailyAt")
        if day is None and listed and value.get("submittedBy"):
            day = door.date(_submitted(value.get("publishedAt")), "publishedAt")
        position = None
        if day is not None and listed:
            seen[day] += 1
            position = seen[day]
        return door.record(
            key=own_key(identifiers, ""),
            title=paper.get("title") or value.get("title"),
            abstract=paper.get("summary") or value.get("summary"),
            summary=paper.get("ai_summary"),
            authors=_authors(paper.get("authors")),
            published=_day(paper.get("publishedAt")),
            identifiers=identifiers,
            withdrawn=paper.get("withdrawnAt") is not None,
            links=[link for link in (paper.get("githubRepo"), paper.get("projectPage")) if isinstance(link, str)],
            keywords=texts(paper.get("ai_keywords"), "ai_keywords"),
            votes=count(paper.get("upvotes"), "upvotes"),
            comments=count(value.get("numComments"), "numComments"),
            stars=count(paper.get("githubStars"), "githubStars"),
            edition=day,
            position=position,
        )

    return read


def _day(instant: object) -> object:
    return instant.partition("T")[0] if isinstance(instant, str) else instant


def _submitted(instant: object) -> str | None:
    """The edition's day of a paper that was submitted at this instant."""
    if not isinstance(instant, str):
        return None
    try:
        moment = datetime.fromisoformat(instant)
    except ValueError:
        return None
    try:
        return (moment.astimezone(UTC) - _AFTER_MIDNIGHT).date().isoformat() if moment.tzinfo else None
    except OverflowError:  # in the year 1, or 9999
        return None


def _authors(value: object) -> list[Author]:
    """The authors a reader is shown: entries marked `hidden` are the site's own corrections."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise BadRecord(f"authors is {kind(value)}, not a list")
    found = []
    for entry in value:
        name = entry.get("name") if isinstance(entry, dict) else entry
        if not isinstance(name, str):
            raise BadRecord(f"authors holds {kind(name)}, not a name")
        if not (isinstance(entry, dict) and entry.get("hidden") is True):
            found.append(Author(name))
    return found
