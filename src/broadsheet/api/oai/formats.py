"""A paper in the provider's formats: oai_dc, and arXiv's own arXiv and arXivRaw.

What arXiv's formats have no place for (a paper that is not arXiv's, say) is put where a harvester looks for its like:
the key stands in `id`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from types import MappingProxyType

from lxml import etree

from broadsheet import ids
from broadsheet.api.oai.envelope import XSI, add
from broadsheet.citing import inverted, split
from broadsheet.ids.categories import ARCHIVES, NAMES
from broadsheet.types import Paper, Version

ARXIV = "oai:arXiv.org:"
OURS = "oai:broadsheet:"
_DC, _OAI_DC = "http://purl.org/dc/elements/1.1/", "http://www.openarchives.org/OAI/2.0/oai_dc/"
_PLAIN, _RAW = "http://arxiv.org/OAI/arXiv/", "http://arxiv.org/OAI/arXivRaw/"


def identifier(key: str) -> str:
    """A paper's name for harvesters: arXiv's own for arXiv's papers."""
    return (ARXIV if ids.arxiv(key) else OURS) + key


def _dublin_core(parent: etree._Element, paper: Paper, base: str) -> None:
    root = _root(parent, "dc", _OAI_DC, "oai_dc", extra={"dc": _DC})

    def say(name: str, text: str | None) -> None:
        if text:
            add(root, name, _line(text), space=_DC)

    say("title", paper.title)
    for author in paper.authors:
        say("creator", inverted(split(author.name)))
    for code in paper.categories:
        archive, _, part = code.partition(".")
        say("subject", f"{ARCHIVES.get(archive, archive)} - {NAMES.get(code, code)}" if part else NAMES.get(code, code))
    for word in paper.keywords:
        say("subject", word)
    say("description", paper.abstract or paper.summary)
    say("description", paper.comment and f"Comment: {paper.comment}")
    say("publisher", paper.venue)
    for day in dict.fromkeys(filter(None, (paper.published, paper.updated))):
        say("date", day)
    say("type", "text")
    if arxiv := paper.arxiv_id:
        say("identifier", f"http://arxiv.org/abs/{arxiv}")
    for scheme, value in paper.identifiers:
        if scheme == "doi":
            say("identifier", f"doi:{value}")
    say("identifier", paper.journal_ref)
    say("relation", f"{base}papers/{paper.id}")
    say("rights", paper.licence)


def _arxiv(parent: etree._Element, paper: Paper, _base: str) -> None:
    root = _root(parent, "arXiv", _PLAIN, "arXiv")
    add(root, "id", paper.id, space=_PLAIN)
    if created := paper.published or paper.day:
        add(root, "created", ids.first_day(created), space=_PLAIN)
    if paper.updated and paper.updated != paper.published:
        add(root, "updated", ids.first_day(paper.updated), space=_PLAIN)
    authors = add(root, "authors", space=_PLAIN)
    for author in paper.authors:
        family, given = _turned(author.name)
        one = add(authors, "author", space=_PLAIN)
        add(one, "keyname", family, space=_PLAIN)
        if given:
            add(one, "forenames", given, space=_PLAIN)
        if author.affiliation:
            add(one, "affiliation", _line(author.affiliation), space=_PLAIN)
    _rest(root, paper, _PLAIN)


def _arxiv_raw(parent: etree._Element, paper: Paper, _base: str) -> None:
    root = _root(parent, "arXivRaw", _RAW, "arXivRaw")
    add(root, "id", paper.id, space=_RAW)
    versions = sorted(paper.versions, key=lambda one: one.number) or [Version(1, paper.published)]
    for one in versions:
        element = add(root, "version", space=_RAW, version=f"v{one.number}")
        first = one.number == 1 and paper.submitted
        if when := first or one.created:
            add(element, "date", _in_words(when), space=_RAW)
        if paper.withdrawn and one is versions[-1]:
            add(element, "source_type", "I", space=_RAW)
    add(root, "authors", ", ".join(_line(author.name) for author in paper.authors), space=_RAW)
    _rest(root, paper, _RAW)


def _rest(root: etree._Element, paper: Paper, space: str) -> None:
    """What both of arXiv's formats end with."""
    dois = " ".join(value for scheme, value in paper.identifiers if scheme == "doi")
    fields = (
        ("title", paper.title),
        ("categories", " ".join(paper.categories)),
        ("comments", paper.comment),
        ("journal-ref", paper.journal_ref),
        ("doi", dois),
        ("license", paper.licence),
    )
    for name, text in fields:
        if text:
            add(root, name, _line(text), space=space)
    if text := paper.abstract:
        # As arXiv has it: a paragraph begins with two spaces.
        add(root, "abstract", "\n  ".join(_line(one) for one in text.split("\n\n")), space=space)


def _root(
    parent: etree._Element,
    name: str,
    space: str,
    prefix: str,
    *,
    extra: Mapping[str | None, str] = MappingProxyType({}),
) -> etree._Element:
    names: dict[str | None, str] = {**extra, "xsi": XSI, (prefix if prefix == "oai_dc" else None): space}
    root = etree.SubElement(parent, f"{{{space}}}{name}", nsmap=names)  # type: ignore[arg-type]  # as in the envelope
    root.set(f"{{{XSI}}}schemaLocation", f"{space} {FORMATS[prefix].schema}")
    return root


def _line(text: str) -> str:
    return " ".join(text.split())


def _turned(name: str) -> tuple[str, str]:
    """A name's family and given parts as it is written, TeX and all: given first, they are the name again."""
    words = name.split() or ["?"]
    parts = split(name)
    # A group of people is all family name, as at arXiv.
    family = len(f"{parts.particle} {parts.family} {parts.suffix}".split()) or len(words)
    return " ".join(words[-family:]), " ".join(words[:-family])


def _in_words(when: str) -> str:
    """A day or an instant as mail has it, in GMT."""
    day = ids.first_day(when[:10]) or when
    instant = datetime.fromisoformat(when if "T" in when else f"{day}T00:00:00+00:00")
    return format_datetime(instant.astimezone(UTC), usegmt=True)


@dataclass(frozen=True, slots=True)
class Format:
    """A metadata format: its name, where its schema is, its namespace, and what writes a paper in it."""

    prefix: str
    schema: str
    namespace: str
    write: Callable[[etree._Element, Paper, str], None]


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        one.prefix: one
        for one in (
            Format("oai_dc", "http://www.openarchives.org/OAI/2.0/oai_dc.xsd", _OAI_DC, _dublin_core),
            Format("arXiv", "http://arxiv.org/OAI/arXiv.xsd", _PLAIN, _arxiv),
            Format("arXivRaw", "http://arxiv.org/OAI/arXivRaw.xsd", _RAW, _arxiv_raw),
        )
    }
)
