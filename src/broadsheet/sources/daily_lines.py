"""Lines that say which paper stood in which day's list: `feed`, `date`, `id`, `title`, and counts where known.

The feed is the record's source, so that one file may hold several. A paper's place is its `rank`, or else
its order among the lines of its day. Votes are `upvotes`; what another network's people did ("favorites",
"retweets") is no vote and is left out, since its numbers are of another size.
"""

from collections import Counter
from collections.abc import Mapping

from broadsheet.errors import BadRecord
from broadsheet.sources.door import NAME, Door, Reader, count, identify, own_key, text, texts
from broadsheet.types import Record

KIND = "daily-lines"


def looks(value: Mapping[str, object]) -> bool:
    """Whether an object can be a line of a daily list."""
    return "feed" in value and "date" in value and "id" in value


def reader(door: Door) -> Reader:
    """The function that makes records of objects. It counts the lines of each day."""
    seen: Counter[tuple[str, str | None]] = Counter()

    def read(value: Mapping[str, object]) -> Record:
        get = value.get
        feed = text(get("feed"), "feed", NAME)
        day = door.date(get("date"), "date")
        if feed is None or day is None:
            raise BadRecord("the line names no feed, or no date")
        seen[feed, day] += 1
        rank = count(get("rank"), "rank")
        identifiers = identify(get("id"), "id")
        links = [link for link in (get("github"), get("project")) if isinstance(link, str)]
        return door.record(
            source=feed if door.source == KIND else f"{door.source}:{feed}",
            key=own_key(identifiers, ""),
            title=get("title"),
            author_count=get("authors"),
            published=get("published"),
            identifiers=identifiers,
            links=links,
            keywords=texts(get("keywords"), "keywords"),
            votes=get("upvotes"),
            comments=get("comments"),
            stars=get("stars"),
            edition=day,
            position=rank if rank is not None else seen[feed, day],
        )

    return read
