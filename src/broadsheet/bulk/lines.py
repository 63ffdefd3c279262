"""A paper as a line of JSON: what is known of it, and how its sources said so, without saying anything twice.

    {"broadsheet": 1, "id": "2611.00001", "title": "...", ..., "records": [{"source": "arxiv", "source_key": "..."}]}

Fields that are unknown are left out. Each of `records` is what one source says: a field that it lacks is as in the
paper, null is unknown to it. So most records are no more than their source's name, and whoever reads the file back
(`sources.export`) has the same papers.
"""

import json
from typing import Any

from broadsheet.types import Author, Paper, Record, Whole

SCHEMA = 1
PLAIN = (
    "title", "abstract", "summary", "summary_source", "author_count", "published", "updated", "announced", "day",
    "submitted", "comment", "journal_ref", "licence", "venue", "withdrawn", "votes", "comments", "own_votes",
    "own_comments", "citations", "stars",
)  # fmt: skip
LISTS = ("categories", "links", "keywords", "sources")
SAID = (
    "title", "abstract", "summary", "authors", "categories", "published", "updated", "announced", "identifiers",
    "comment", "journal_ref", "licence", "versions", "withdrawn", "links", "keywords", "votes", "comments",
    "citations", "venue", "submitted",
)  # fmt: skip
OWN = ("edition", "position")  # of a record, and of no paper
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def line(whole: Whole) -> bytes:
    """The paper as a line, with its end."""
    fields: dict[str, Any] = {
        "broadsheet": SCHEMA,
        "id": whole.paper.id,
        **facts(whole.paper),
        "changed": whole.changed,
    }
    fields["records"] = [_said(record, whole.paper) for record in whole.records]
    text = _encode(fields)
    try:
        return f"{text}\n".encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which a source may have sent
        return f"{json.dumps(fields, separators=(',', ':'))}\n".encode()


def facts(paper: Paper) -> dict[str, Any]:
    """What is known of a paper, as values that JSON knows."""
    told = {name: value for name in PLAIN if (value := getattr(paper, name)) or (value == 0 and value is not False)}
    told |= {name: list(value) for name in LISTS if (value := getattr(paper, name))}
    for name in ("authors", "identifiers", "versions"):
        if value := getattr(paper, name):
            told[name] = _plain(name, value)
    return told


def _said(record: Record, paper: Paper) -> dict[str, Any]:
    said: dict[str, Any] = {"source": record.source, "source_key": record.source_key}
    said |= {name: value for name in OWN if (value := getattr(record, name)) is not None}
    for name in SAID:
        value = getattr(record, name)
        if (value or None) != (getattr(paper, name) or None):
            said[name] = _plain(name, value) or None
    return said


def _plain(name: str, value: Any) -> Any:
    if name == "authors":
        return [_author(one) for one in value]
    if name == "identifiers":
        return [{"scheme": scheme, "value": text} for scheme, text in value]
    if name == "versions":
        return [{"number": one.number, "created": one.created} for one in value]
    return list(value) if isinstance(value, tuple) else value


def _author(one: Author) -> dict[str, str]:
    fields = {"name": one.name, "affiliation": one.affiliation, "orcid": one.orcid}
    return {name: value for name, value in fields.items() if value is not None}
