"""Our own JSON Lines: an object a paper, its keys the fields of a Record.

`id` may be any identifier; `doi` may hold several. `authors` is a list of names or of objects, or one
string. Other tools' names for a field are understood ("license", "journal-ref"). Keys that are not known
are passed over. A line's own `source` is one of them: a record's source is the file it was read from.
"""

from collections.abc import Iterator, Mapping

from broadsheet import ids
from broadsheet.errors import BadRecord
from broadsheet.sources import names
from broadsheet.sources.door import ENTRIES, OTHER_TEXT, Door, Reader, dois, identify, kind, own_key, text, texts
from broadsheet.types import Author, Identifier, Record, Version

KIND = "records"
_OWN = "bs:"  # how the catalogue names a paper that has no identifier; its exports carry such names


def looks(value: Mapping[str, object]) -> bool:
    """Whether an object can be a record of this format."""
    return not value.keys().isdisjoint(("title", "id", "abstract"))


def reader(door: Door) -> Reader:
    """The function that makes records of objects."""

    def read(value: Mapping[str, object]) -> Record:
        get = value.get
        authors = _authors(get("authors"))
        identifiers = _identifiers(value)
        comment, comments = get("comment"), get("comments")
        if isinstance(comments, str):  # arXiv's name for the authors' comment
            comment, comments = comment or comments, None
        return door.record(
            key=_key(value, identifiers, authors),
            title=get("title"),
            abstract=_abstract(value),
            summary=get("summary"),
            authors=authors,
            author_count=get("author_count"),
            categories=_categories(get("categories")),
            published=get("published"),
            updated=get("updated"),
            announced=get("announced"),
            identifiers=identifiers,
            comment=comment,
            journal_ref=get("journal_ref") or get("journal-ref"),
            licence=get("licence") or get("license"),
            versions=_versions(get("versions"), door),
            withdrawn=get("withdrawn") is True,
            links=texts(get("links"), "links"),
            keywords=texts(get("keywords"), "keywords"),
            votes=get("votes"),
            comments=comments,
            citations=get("citations"),
            stars=get("stars"),
            venue=get("venue"),
            submitted=get("submitted"),
            edition=get("edition"),
            position=get("position"),
        )

    return read


def _identifiers(value: Mapping[str, object]) -> list[Identifier]:
    """The names a record has, its own `id` first."""
    found: list[Identifier] = []
    own = value.get("id")
    if own is not None and own != "" and not _is_own_name(own):
        found.extend(identify(own, "id"))
    found.extend(dois(value.get("doi")))
    more = value.get("identifiers")
    if isinstance(more, list) and len(more) <= ENTRIES:
        for entry in more:
            name = entry
            if isinstance(entry, dict):
                name = f"{entry.get('scheme')}:{entry.get('value')}"
            elif isinstance(entry, list):
                name = ":".join(map(str, entry))
            found.extend(identify(name, "an identifier"))
    elif more is not None:
        raise BadRecord(f"identifiers is {kind(more)}, not a list of a few")
    return found


def _is_own_name(value: object) -> bool:
    return isinstance(value, str) and value.startswith(_OWN)


def _key(value: Mapping[str, object], identifiers: list[Identifier], authors: list[Author]) -> str:
    """What this record is called in its file. Titles alone are too weak a name: many papers are a "Preface"."""
    own, title = value.get("id"), value.get("title")
    if isinstance(own, str) and _is_own_name(own):
        return text(own, "id", OTHER_TEXT) or _OWN
    if identifiers:
        return own_key(identifiers, title)
    given = value.get("source_key")
    if isinstance(given, str) and given:
        return text(given, "source_key", OTHER_TEXT) or given
    first_author = ids.last_name(authors[0].name) if authors else ""
    published = value.get("published")
    year = str(published)[:4] if published else ""
    return own_key((), title, "".join(f":{part}" for part in (first_author, year) if part))


def _abstract(value: Mapping[str, object]) -> object:
    """The abstract; one that its source cut off ends with an ellipsis, so that readers see it."""
    abstract = value.get("abstract")
    if value.get("truncated") is True and isinstance(abstract, str) and not abstract.endswith(("…", "...")):
        return f"{abstract.rstrip()} …"
    return abstract


def _authors(value: object) -> list[Author]:
    if value is None:
        return []
    if isinstance(value, str):
        return names.from_string(value)
    if not isinstance(value, list):
        raise BadRecord(f"authors is {kind(value)}, not a list")
    return [Author(entry) if isinstance(entry, str) else _author(entry) for entry in value]


def _author(entry: object) -> Author:
    if not isinstance(entry, dict):
        raise BadRecord(f"authors holds {kind(entry)}, not a name")
    fields = {key: text(entry.get(key), f"an author's {key}", OTHER_TEXT) for key in ("name", "affiliation", "orcid")}
    if fields["name"] is None:
        raise BadRecord("an author has no name")
    return Author(fields["name"], fields["affiliation"], fields["orcid"])


def _categories(value: object) -> list[str]:
    if isinstance(value, str):
        return value.replace(",", " ").split()
    return texts(value, "categories")


def _versions(value: object, door: Door) -> list[Version]:
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > ENTRIES:
        raise BadRecord(f"versions is {kind(value)}, not a list of a few")
    return list(_each_version(value, door))


def _each_version(entries: list[object], door: Door) -> Iterator[Version]:
    for entry in entries:
        number: object = entry
        created = None
        if isinstance(entry, dict):
            number, created = entry.get("number", entry.get("version")), entry.get("created")
        if isinstance(number, str):
            digits = number.strip().lower().removeprefix("v")
            number = int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= len("9999") else number
        if not isinstance(number, int) or isinstance(number, bool):
            raise BadRecord(f"versions holds {kind(number)}, not a version")
        yield door.version(number, created)
