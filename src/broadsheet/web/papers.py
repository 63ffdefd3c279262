"""One paper: everything that is known of it, and how it is known."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet import citing, said, tex
from broadsheet.errors import NotFound
from broadsheet.library import Library
from broadsheet.types import Counted, Fact, Paper, Provenance, Revision
from broadsheet.web import (
    cards,
    cited,
    content,
    history,
    lines,
    links,
    offers,
    readers,
    threads,
    understood,
    votes,
)
from broadsheet.web import citing as taking
from broadsheet.web.contexts import Dated, FeedLink, Link, PaperPage
from broadsheet.web.press import Press, visitor

# What may stand on one page, so that it stays within the budget whatever the paper (bytes, or entries).
ABSTRACT = 24_000
SHORT = 3_000  # bytes of a title, a comment, a summary
AUTHORS = 60  # linked; the others by name only
NAMES = 4_000  # characters of the names beyond
LISTED = 30  # facts, and as many changes
VALUE = 160  # characters of a fact
TALK = 2_500  # of the conversation before any comment
ABSTRACT_LEAST = 4_000
COMMENTS = 8  # the first of a thread
HEADINGS, HEADING = 60, 300  # of the full text; bytes of one
CAPTIONS, CAPTION = 20, 500

_STARTER = "starter"


def paper(library: Library, press: Press, request: Request) -> Response:
    """The page of a paper; any other spelling or former key of it leads there for good."""
    return _paper(library, press, request, request.path_params["id"])


def below(key: str, tail: str) -> str:
    """The address of a page below a paper's."""
    return f"{cards.path(key)}/{tail}"


def otherwise(library: Library, press: Press, request: Request, tail: str) -> Response:
    """What an address below an unknown paper means: a paper whose own name ends so (a DOI may), or nothing."""
    return _paper(library, press, request, f"{request.path_params['id']}/{tail}")


def _paper(library: Library, press: Press, request: Request, asked: str) -> Response:
    key = asked.strip("/ ")
    if not key:
        raise NotFound("Which paper? An address looks like /papers/2611.00001.")
    found = library.paper(key)
    if asked != found.id:
        return RedirectResponse(cards.path(found.id), 301)
    context = _context(press, request, found, library.provenance(found.id))
    context.reading = understood.shown(library.understand(found.id))
    context.cited = cited.sides(library, found.id)
    if not found.keywords:
        context.frame.offer = offers.keywords([link.text for link in context.reading.keywords])
    if whole := library.full_text(found.id):
        context.outline = [(one.level, cards.within(one.text, HEADING)) for one in whole.headings[:HEADINGS]]
        context.captions = [(one.label, cards.within(one.text, CAPTION)) for one in whole.captions[:CAPTIONS]]
    context.history = history.history(library.events(found.id))
    counted = library.signals(found.id)
    context.counts = _counts(found, counted)
    context.lines = lines.lines(found.id, library.signal_history(found.id))
    context.content = content.props(library, found)
    context.votes = votes.of_paper(library, visitor(request), found, counted)
    room = press.left(context)
    if room < TALK:
        _shorten(context, found, room - TALK)
    here = threads.Place(
        cards.path(found.id), size=COMMENTS, room=max(room, TALK) - TALK, whole=False, all=below(found.id, "comments")
    )
    context.talk = threads.thread(library, visitor(request), found.id, threads.asked(request.query_params, here))
    if readers.is_reader(request):
        library.read(found, actor=visitor(request).actor)
    response = press.page(request, context)
    response.headers["Vary"] = "Cookie, Accept"  # at the same address a client may ask for Markdown
    return response


def _shorten(context: PaperPage, found: Paper, by: int) -> None:
    """Takes bytes from the abstract, the one part that can be long and is elsewhere too: its MathML, then words."""
    most = max(ABSTRACT_LEAST, len(context.abstract.encode()) + by)
    context.abstract = cards.within(found.abstract or "", most, links=True)
    context.abstract_note = _abstract_note(found, context.abstract)


def _context(press: Press, request: Request, found: Paper, known: Provenance) -> PaperPage:
    title = tex.plain(found.title)
    abstract = cards.within(found.abstract or "", ABSTRACT, links=True)
    description = tex.plain((found.abstract or found.summary or "")[:2_000])
    frame = press.frame(
        request,
        f"{title[:200]} · {press.site.title}",
        _shortened(description, 300),  # never else but what stands for an abstract: Zotero takes it for one
        canonical=press.public(cards.path(found.id)),
        kind="article",
        assets=("talk.css", "cite.css", "cite.js", "reading.css"),
        feed=FeedLink(cards.path(found.id), "What happens to this paper"),
        offer=offers.keywords(list(found.keywords)),
    )
    named = [author for author in found.authors if author.name.strip()]
    beyond = ", ".join(tex.plain(author.name) for author in named[AUTHORS:])
    return PaperPage(
        frame,
        key=found.id,
        title=cards.within(found.title, SHORT),
        authors=[Link(cards.author(author.name), tex.plain(author.name)[:200]) for author in named[:AUTHORS]],
        more_authors=_shortened(beyond, NAMES),
        more_label=f"and {len(named) - AUTHORS:,} more",
        author_note=_author_note(found, len(named)),
        abstract=abstract,
        abstract_note=_abstract_note(found, abstract),
        summary=cards.within(found.summary or "", SHORT),
        summary_note=_summary_note(found),
        categories=[cards.category(code) for code in found.categories[:20]],
        dates=_dates(found),
        links=links.identifiers(found),
        found=links.found(found),
        comment=cards.within(found.comment or "", SHORT, links=True),
        journal_ref=cards.within(found.journal_ref or "", SHORT),
        licence=_licence(found.licence),
        versions=_versions(found),
        withdrawn=found.withdrawn,
        deleted=found.deleted,
        venue=tex.plain((found.venue or "")[:SHORT]),
        identifiers=[f"{scheme}:{value}"[:200] for scheme, value in found.identifiers[:20]],
        keywords=[Link(cards.topic(word), word) for word in found.keywords[:20] if len(word) < 80],
        cite=taking.box(press, found),
        outline=[],
        captions=[],
        sources=found.sources[:20],
        facts=_facts(known.facts)[:LISTED],
        revisions=[_revision(revision) for revision in known.revisions[-LISTED:]],
        merges=known.merges[:LISTED],
        cut=len(_facts(known.facts)) > LISTED or len(known.revisions) > LISTED,
        meta=citing.tags(found, address=press.public(cards.path(found.id))),
    )


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0].rstrip(",;") + " …"


def _author_note(found: Paper, named: int) -> str:
    """How many authors there are, where not all are named."""
    total = found.author_count or named
    if not named:
        return said.count(total, "author") if total else ""
    return f"and {total - named:,} more" if total > named else ""


def _abstract_note(found: Paper, shown: str) -> str:
    if not found.abstract and not found.summary:
        return "No source has given an abstract of this paper."
    if found.abstract and shown.endswith(" …") and not found.abstract.rstrip().endswith("…"):
        return f"The abstract is too long for a page: {len(found.abstract):,} characters. Its beginning is shown."
    return ""


def _summary_note(found: Paper) -> str:
    if not found.summary:
        return ""
    source = found.summary_source or ""
    if source.startswith(_STARTER):
        return "Broadsheet's own description, not the authors' abstract."
    return f"A description by {source[:80]}, not the authors' abstract." if source else "Not the authors' words."


def _dates(found: Paper) -> list[Dated]:
    dates = [("Published", found.published), ("Updated", found.updated), ("Announced", found.announced)]
    return [
        Dated(label, said.day(iso), iso)
        for label, iso in dates
        if iso and (label == "Published" or iso != found.published)
    ]


def _licence(licence: str | None) -> Link | None:
    if not licence:
        return None
    name = licence.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")
    name = name.removeprefix("creativecommons.org/licenses/")
    text = f"CC {name.replace('/', ' ').upper()}" if "creativecommons.org/licenses/" in licence else name[:80]
    return Link(licence if licence.startswith(("https://", "http://")) else "", text)


def _versions(found: Paper) -> str:
    if not found.versions:
        return ""
    last = max(found.versions, key=lambda version: version.number)
    when = f", {said.day(last.created)}" if last.created else ""
    return f"v{last.number}{when}" + (f" (of {len(found.versions)})" if len(found.versions) > 1 else "")


def _counts(found: Paper, signals: Sequence[Counted]) -> str:
    """Citations and the like: what the paper's records say, or what was counted since."""
    last = {one.kind: one.count for one in signals}  # they come oldest first
    counts = [
        (last.get("citations", found.citations or 0), "citation"),
        (last.get("stars", found.stars or 0), "star"),
    ]
    return " · ".join(said.count(number, noun) for number, noun in counts if number)


def _facts(facts: Sequence[Fact]) -> list[Fact]:
    """What sources say, once where several say the same."""
    said_by: dict[tuple[str, str, bool], Fact] = {}
    for fact in facts:
        key = (fact.field, fact.value, fact.used)
        if known := said_by.get(key):
            known.source += f", {fact.source}"
        else:
            value = _shortened(tex.plain(fact.value[:4_000]), VALUE)
            field = fact.field.replace("_", " ")
            said_by[key] = Fact(field, value, fact.source[:80], said.moment(fact.since), fact.used)
    return list(said_by.values())


def _revision(revision: Revision) -> Revision:
    old, new = (
        None if value is None else _shortened(tex.plain(value[:4_000]), VALUE) for value in (revision.old, revision.new)
    )
    return Revision(revision.field.replace("_", " "), old, new, revision.source, said.moment(revision.at))
