"""Tools that read: one paper, its full text, what was said of it, some side by side, and why one stands somewhere."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations

from pydantic import Field

from broadsheet import said, tex
from broadsheet.errors import NotFound, Refused
from broadsheet.mcp.answers import (
    Answer,
    Compared,
    Explained,
    Near,
    Number,
    Pair,
    PaperRead,
    Remark,
    Section,
    Talk,
    TextPage,
)
from broadsheet.mcp.quoting import line, lines
from broadsheet.mcp.tools.finding import matched, placed, points
from broadsheet.mcp.tools.tool import Arguments, Asking, Key, Keys, Limit, Offset, Tool, more
from broadsheet.types import Comment, Neighbour, Paper, Result, Span, Understood

PAGE = 8_000  # characters of a full text, some 2,000 tokens
AUTHORS = 100
_NEAREST = 50  # papers among which another is looked for
_RANKED = 200  # places of a list in which a paper is looked for


class Read(Arguments):
    id: Key
    neighbours: bool = Field(default=True, description="With the papers near in meaning.")


class ReadText(Arguments):
    id: Key
    page: int = Field(default=1, ge=1, le=10_000, description=f"Pages have some {PAGE:,} characters.")


class Compare(Arguments):
    ids: Keys = Field(min_length=2, max_length=6, description="From two to six papers.")


class Explain(Arguments):
    id: Key
    query: str = Field(default="", max_length=3_000, description="A search in whose results it is looked for.")


class Comments(Arguments):
    id: Key
    limit: Limit = 20
    offset: Offset = 0


def read(asking: Asking, asked: Read) -> Answer:
    library = asking.library
    paper = library.paper(asked.id)
    known = library.understand(paper.id, near=asked.neighbours)
    mine = _mine(asking, paper)
    return PaperRead(
        id=paper.id,
        title=line(paper.title),
        url=asking.page(paper),
        authors=[line(one.name) for one in paper.authors[:AUTHORS]],
        author_count=max(paper.author_count or 0, len(paper.authors)),
        abstract=line(paper.abstract) or None,
        gist=line(known.gist.text) if known.gist else None,
        gist_by=(known.gist.by or None) if known.gist else None,
        keywords=[line(one) for one in known.keywords or paper.keywords],
        results=_numbers(known.results),
        older=[_near(one) for one in known.older],
        newer=[_near(one) for one in known.newer],
        categories=list(paper.categories),
        published=paper.published,
        updated=paper.updated,
        day=paper.day,
        venue=line(paper.venue or paper.journal_ref) or None,
        doi=paper.doi,
        licence=line(paper.licence)[:100] or None,
        withdrawn=paper.withdrawn,
        votes=paper.votes + paper.own_votes,
        comments=paper.comments + paper.own_comments,
        citations=paper.citations,
        stars=paper.stars,
        links=dict(_links(paper)),
        notes=known.notes,
        **mine,
    )


def read_text(asking: Asking, asked: ReadText) -> Answer:
    paper = asking.library.paper(asked.id)
    whole = asking.texts(paper.id)
    if whole is None:
        raise NotFound(f"No full text of {paper.id} could be had as HTML. read_paper has its abstract.")
    pages = list(_pages(whole.markdown))
    if asked.page > len(pages):
        raise Refused(f"This text has {len(pages)} pages.")
    sections: list[Section] = []
    if asked.page == 1:
        at = _found_on(pages, [one.text for one in whole.headings])
        sections = [
            Section(title=line(one.text), level=one.level, page=page)
            for one, page in zip(whole.headings, at, strict=True)
        ]
    return TextPage(
        id=paper.id,
        page=asked.page,
        pages=len(pages),
        content=lines(pages[asked.page - 1]),
        sections=sections[:100],
        source=whole.source,
        read=whole.read,
    )


def compare(asking: Asking, asked: Compare) -> Answer:
    library = asking.library
    found = {one.id: one for one in map(library.paper, asked.ids)}
    if len(found) < 2:
        raise Refused("These are one and the same paper. Name another one to compare it with.")
    known = {key: library.understand(key, near=False) for key in found}
    near = {key: {hit.paper.id: hit.score for hit in library.similar(key, _NEAREST)} for key in found}
    return Compared(
        papers=[asking.brief(paper) for paper in found.values()],
        nearness=list(_pairs(near)),
        shared=[line(one) for one in _shared(found.values(), known)],
        gists={key: line(one.gist.text) for key, one in known.items() if one.gist},
        results={key: _numbers(one.results) for key, one in known.items() if one.results},
    )


def explain(asking: Asking, asked: Explain) -> Answer:
    paper = asking.library.paper(asked.id)
    return Explained(
        id=paper.id,
        title=line(paper.title),
        url=asking.page(paper),
        reasons=list(_reasons(asking, paper, asked.query)),
        sources=[line(one) for one in paper.sources],
    )


def comments(asking: Asking, asked: Comments) -> Answer:
    paper = asking.library.paper(asked.id)
    said = list(_threads(asking.library.comments(paper.id, actor=asking.actor)))
    shown = said[asked.offset : asked.offset + asked.limit]
    return Talk(
        id=paper.id,
        remarks=[
            Remark(
                number=one.number,
                by=one.by.name if one.by else None,
                at=one.at,
                words=lines(one.text),
                votes=one.votes,
                parent=one.parent,
            )
            for one in shown
        ],
        total=len(said),
        next_offset=more(asked.offset, len(shown), len(said)),
    )


def _mine(asking: Asking, paper: Paper) -> dict[str, bool]:
    """What somebody with an account did with a paper."""
    if not asking.actor.person:
        return {}
    vote = asking.library.votes([paper.id], asking.actor).get(paper.id)
    return {"voted": vote is not None and vote.mine, "followed": asking.library.follows(asking.actor, paper.id)}


def _near(one: Neighbour) -> Near:
    paper = one.paper
    return Near(
        id=paper.id,
        title=line(paper.title),
        day=paper.day or paper.published,
        nearness=round(one.cosine, 3),
        shared=line(one.shared),
    )


def _numbers(results: Iterable[Result]) -> list[Number]:
    return [
        Number(value=one.value, unit=one.unit, measure=one.measure.value, sentence=line(one.sentence))
        for one in results
    ]


def _links(paper: Paper) -> Iterator[tuple[str, str]]:
    if arxiv := paper.arxiv_id:
        yield "arXiv", f"https://arxiv.org/abs/{arxiv}"
        yield "PDF", f"https://arxiv.org/pdf/{arxiv}"
    if paper.doi:
        yield "DOI", f"https://doi.org/{paper.doi}"
    written = [*paper.links, *(tex.web_addresses(tex.plain(paper.abstract)) if paper.abstract else ())]
    if code := next((one for one in written if tex.has_code([one], [])), None):
        yield "code", line(code)


def _pages(text: str) -> Iterator[str]:
    """The text in pages that end with a paragraph, or where one is too long, with a line or a word.

    A heading at the end of a page goes to the next one.
    """
    while len(text) > PAGE:
        ends = [text.rfind(mark, PAGE // 2, PAGE) for mark in ("\n\n", "\n", " ")]
        end = next((at for at in ends if at > 0), PAGE)
        last = text.rfind("\n", PAGE // 2, end)
        end = last if last > 0 and text.startswith("#", last + 1) else end
        yield text[:end].rstrip()
        text = text[end:].lstrip("\n")
    yield text


def _found_on(pages: list[str], headings: list[str]) -> list[int]:
    """On which page each heading stands; headings stand in the order of the text."""
    at, found = 0, []
    for heading in headings:
        wanted = re.compile(rf"^#+ .*{re.escape(heading)}", re.MULTILINE)
        at = next((page for page in range(at, len(pages)) if wanted.search(pages[page])), at)
        found.append(at + 1)
    return found


def _pairs(near: dict[str, dict[str, float]]) -> Iterator[Pair]:
    """How near two papers are, if one is among the nearest of the other."""
    for one, other in combinations(near, 2):
        found = near[one].get(other, near[other].get(one))
        if found is not None:
            yield Pair(one=one, other=other, nearness=round(found, 3))


def _shared(papers: Iterable[Paper], known: dict[str, Understood]) -> Iterator[str]:
    """What at least two of the papers share: authors, keywords, categories."""
    authors: Counter[str] = Counter()
    categories: Counter[str] = Counter()
    keywords: Counter[str] = Counter()
    for paper in papers:
        authors.update({one.name for one in paper.authors})
        categories.update(set(paper.categories))
        keywords.update({one.casefold() for one in known[paper.id].keywords})
    for name, counts in (("by", authors), ("on", keywords), ("in", categories)):
        for value, times in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
            if times > 1:
                yield f"{name} {value} ({said.count(times, 'paper')})"


def _reasons(asking: Asking, paper: Paper, query: str) -> Iterator[str]:
    library = asking.library
    if paper.day:
        found = library.edition(Span.DAY, paper.day, limit=_RANKED)
        entry = next((one for one in found.entries if one.paper.id == paper.id), None)
        if entry:
            by = f", by {entry.by.name}" if entry.by else ""
            why = placed(entry.reason, entry.why)
            yield f"It is number {entry.position} of {found.total:,} in the edition of {found.key}: {why}{by}."
        elif found.total:
            yield f"It belongs to the edition of {found.key}, which has {said.count(found.total, 'paper')}."
    else:
        yield "It is in no edition: no source gives a whole date of it."
    trend = next((one for one in library.trending(limit=_RANKED).entries if one.paper.id == paper.id), None)
    if trend:
        yield f"It is number {trend.position} of what trends this week, with {points(trend)}."
    if query:
        hits = library.search(query, limit=_RANKED, stop=asking.stop).hits
        place = next((place for place, hit in enumerate(hits, start=1) if hit.paper.id == paper.id), None)
        if place is None:
            yield f"It is not among the first {_RANKED} that this search finds."
        else:
            hit = hits[place - 1]
            parts = ", ".join(f"{name} {value:.2f}" for name, value in (hit.why.parts if hit.why else {}).items())
            yield f"It is number {place} for this search: {matched(hit.why)} ({parts})."
    if votes := paper.votes + paper.own_votes:
        yield f"It has {said.count(votes, 'vote')}, {paper.own_votes:,} given here."
    if paper.withdrawn:
        yield "Its authors have withdrawn it."


def _threads(said: Iterable[Comment]) -> Iterator[Comment]:
    for one in said:
        if one.text:
            yield one
        yield from _threads(one.replies)


TOOLS = (
    Tool(
        "read_paper",
        "Read a paper",
        "What is known of one paper: abstract, gist, keywords, numbers it claims, neighbours, links.",
        Read,
        PaperRead,
        read,
    ),
    Tool(
        "read_full_text",
        "Read a full text",
        "The text of a paper as Markdown, a page at a time; the first page names the sections. It may take some"
        " seconds the first time.",
        ReadText,
        TextPage,
        read_text,
    ),
    Tool(
        "compare_papers",
        "Compare papers",
        "From two to six papers side by side: what they share, how near they are, and the numbers each claims.",
        Compare,
        Compared,
        compare,
    ),
    Tool(
        "explain_paper",
        "Explain why a paper is here",
        "Why a paper stands in its edition, trends, or is found by a search, and who told of it.",
        Explain,
        Explained,
        explain,
    ),
    Tool(
        "list_comments",
        "List comments",
        "What people here said of a paper, the best first, each followed by its answers.",
        Comments,
        Talk,
        comments,
    ),
)
