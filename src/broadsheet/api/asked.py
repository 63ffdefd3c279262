"""What an address asks for, read strictly: a number is a number in its range, or the answer says what to write."""

from collections.abc import Sequence

from starlette.datastructures import QueryParams

from broadsheet.errors import Refused

LONGEST_NUMBER = 9  # digits


def whole(query: QueryParams, name: str, default: int, least: int, most: int) -> int:
    """A whole number of the query; what is not given or empty is the default. Raises Refused."""
    text = query.get(name, "").strip()
    if not text:
        return default
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else -1
    if not least <= number <= most:
        raise Refused(f"“{name}” is a whole number from {least} to {most}, not “{text[:40]}”.")
    return number


def one_of(query: QueryParams, name: str, choices: Sequence[str], default: str) -> str:
    """A word of the query that is one of some; what is not given or empty is the default. Raises Refused."""
    text = query.get(name, "").strip()
    if text and text not in choices:
        raise Refused(f"“{name}” is {' or '.join(choices)}, not “{text[:40]}”.")
    return text or default


def words(query: QueryParams, name: str) -> tuple[str, ...]:
    """All values of a name, which may be given several times or with commas between them."""
    return tuple(word.strip() for value in query.getlist(name) for word in value.split(",") if word.strip())


def flag(query: QueryParams, name: str) -> bool:
    """Whether something is switched on: 1, true, yes or on."""
    return query.get(name, "").strip().lower() in {"1", "true", "yes", "on"}
