"""What arXiv's web says of invented papers: listing pages, daily feeds, the query API.

    web = ArxivWeb()
    web.announce("2026-11-20", [Announcing(paper("2611.00001"))])
    with LocalServer(web) as server: ...

The shapes are those that arXiv's own code makes (arXiv/arxiv-browse, arxiv-feed, arxiv-search).
"""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from tests.servers.kit import Asked, Reply

SUBJECTS = {"cs.LG": "Machine Learning", "cs.CL": "Computation and Language", "math.CO": "Combinatorics"}
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Paper:
    """A paper of nobody. `submitted` is when its first version was."""

    id: str
    title: str = ""
    abstract: str = "Words are set in order."
    authors: tuple[str, ...] = ("Ada Moss", "Bo Park")
    categories: tuple[str, ...] = ("cs.LG",)
    comment: str = ""
    journal_ref: str = ""
    doi: str = ""
    submitted: str = "2026-11-18T18:00:00Z"
    updated: str = ""
    version: int = 1


@dataclass(frozen=True)
class Announcing:
    """A paper as it stands in an announcement: "new" where its primary category is, "cross" elsewhere, or "replace"."""

    paper: Paper
    kind: str = "new"


def paper(name: str, *categories: str, **fields: object) -> Paper:
    """A paper whose title tells its id."""
    fields = {"title": f"On Gears, Part {name}", **fields}
    return Paper(name, categories=categories or ("cs.LG",), **fields)  # type: ignore[arg-type]


@dataclass
class ArxivWeb:
    """Answers as arxiv.org, rss.arxiv.org and export.arxiv.org do, all at one address.

    `shown` is the day that listings show, the newest if "". `fed` overrides the date that feeds bear. `show` is the
    most entries of a listing's page.
    """

    days: dict[str, list[Announcing]] = field(default_factory=dict)
    shown: str = ""
    fed: str = ""
    show: int = 2_000
    marks: bool = True

    def announce(self, day: str, announced: Sequence[Announcing]) -> None:
        self.days[day] = list(announced)

    @property
    def newest(self) -> str:
        return self.shown or max(self.days)

    def __call__(self, asked: Asked) -> Reply:
        """The answer to one question."""
        if match := re.fullmatch(r"/list/([\w.-]+)/(new|recent)", asked.path):
            page = self._new if match[2] == "new" else self._recent
            body = page(match[1], int(asked.query.get("skip", 0)), min(self.show, int(asked.query["show"])))
            return self._marked(asked, Reply(body.encode(), kind=HTML))
        if match := re.fullmatch(r"/(atom|rss)/([\w.-]+)", asked.path):
            feed = self._atom if match[1] == "atom" else self._rss
            return self._marked(asked, Reply(feed(match[2]).encode(), kind=f"application/{match[1]}+xml"))
        if asked.path == "/api/query":
            return self._query(asked.query)
        return Reply(b"<html><body>Nothing is here.</body></html>", 404, kind=HTML)

    def _marked(self, asked: Asked, reply: Reply) -> Reply:
        etag = f'"{hash(reply.body)}"'
        if self.marks and asked.headers.get("if-none-match") == etag:
            return Reply(b"", 304, {"ETag": etag})
        return Reply(reply.body, reply.status, {"ETag": etag} if self.marks else {}, reply.kind)

    def _listed(self, day: str, category: str) -> list[tuple[str, Paper]]:
        """What a category's listing of a day holds: new, cross, rep, each in the order of ids."""
        found = []
        for one in self.days.get(day, []):
            if not any(_within(code, category) for code in one.paper.categories):
                continue
            primary = _within(one.paper.categories[0], category)
            kind = {"replace": "rep", "cross": "cross"}.get(one.kind, "new" if primary else "cross")
            found.append((kind, one.paper))
        return sorted(found, key=lambda pair: (("new", "cross", "rep").index(pair[0]), pair[1].id))

    def _new(self, category: str, skip: int, show: int) -> str:
        listed = self._listed(self.newest, category)
        part = listed[skip : skip + show]
        sections = []
        for kind, heading in (("new", "New"), ("cross", "Cross"), ("rep", "Replacement")):
            entries = [one for one in part if one[0] == kind]
            total = sum(one[0] == kind for one in listed)
            start = next((n for n, one in enumerate(listed) if one[0] == kind), 0)
            words = "continued, showing last" if skip > start else "showing"
            if entries:
                sections.append((f"{heading} submissions ({words} {len(entries)} of {total} entries)", entries))
        day = date.fromisoformat(self.newest)
        index = f"<h3>Showing new listings for {day:%A}, {day.day} {day:%B %Y}</h3>"
        return _page(category, index, sections, len(listed), skip, abstracts=True)

    def _recent(self, category: str, skip: int, show: int) -> str:
        days = sorted((day for day in self.days if day <= self.newest), reverse=True)[:5]
        listed = [(day, one) for day in days for one in self._listed(day, category) if one[0] != "rep"]
        part = listed[skip : skip + show]
        sections = []
        for day in days:
            entries = [one for when, one in part if when == day]
            total = sum(when == day for when, _ in listed)
            of = date.fromisoformat(day)
            heading = f"{of:%a}, {of.day} {of:%b %Y}"
            if entries:
                heading += f" (showing {'' if len(entries) == total else 'first '}{len(entries)} of {total} entries )"
            if entries or not total:
                sections.append((heading, entries))
        index = "<h2>Authors and titles for recent submissions</h2>"
        return _page(category, index, sections, len(listed), skip, abstracts=False)

    def _batch(self, category: str) -> tuple[str, list[tuple[str, Paper]]]:
        kinds = {"rep": "replace"}
        batch = [
            (
                kinds.get(kind, kind)
                + ("-cross" if kind == "rep" and not _within(one.categories[0], category) else ""),
                one,
            )
            for kind, one in self._listed(self.newest, category)
        ]
        midnight = datetime.fromisoformat(f"{self.fed or self.newest}T00:00").replace(
            tzinfo=ZoneInfo("America/New_York")
        )
        return midnight.isoformat(), batch

    def _atom(self, category: str) -> str:
        midnight, batch = self._batch(category)
        entries = "".join(
            f"<entry><id>oai:arXiv.org:{one.id}v{one.version}</id><title>{escape(one.title)}</title>"
            f'<updated>2026-11-20T05:00:11+00:00</updated><link href="https://arxiv.org/abs/{one.id}"/>'
            f"<summary>{escape(_described(one, kind))}</summary>"
            + "".join(f'<category term="{code}"/>' for code in one.categories)
            + f"<published>{midnight}</published>{_arxiv_elements(one, kind)}</entry>"
            for kind, one in batch
        )
        return (
            f"<?xml version='1.0' encoding='UTF-8'?>\n<feed {_NAMESPACES} xmlns=\"http://www.w3.org/2005/Atom\">"
            f"<id>http://rss.arxiv.org/atom/{category}</id><title>{category} updates on arXiv.org</title>"
            f"{entries}</feed>"
        )

    def _rss(self, category: str) -> str:
        midnight, batch = self._batch(category)
        stamp = f"{datetime.fromisoformat(midnight):%a, %d %b %Y %H:%M:%S %z}"
        items = "".join(
            f"<item><title>{escape(one.title)}</title><link>https://arxiv.org/abs/{one.id}</link>"
            f"<description>{escape(_described(one, kind))}</description>"
            f'<guid isPermaLink="false">oai:arXiv.org:{one.id}v{one.version}</guid>'
            + "".join(f"<category>{code}</category>" for code in one.categories)
            + f"<pubDate>{stamp}</pubDate>{_arxiv_elements(one, kind)}</item>"
            for kind, one in batch
        )
        return (
            f"<?xml version='1.0' encoding='UTF-8'?>\n<rss {_NAMESPACES} version=\"2.0\"><channel>"
            f"<title>{category} updates on arXiv.org</title><pubDate>{stamp}</pubDate>{items}</channel></rss>"
        )

    def _query(self, query: Mapping[str, str]) -> Reply:
        papers = sorted({one.paper.id: one.paper for day in self.days.values() for one in day}.values(), key=_by_time)
        if wanted := query.get("id_list"):
            names = wanted.split(",")
            bad = next((name for name in names if not re.fullmatch(r"\d{4}\.\d{4,5}|[a-z-]+/\d{7}", name)), None)
            if bad:
                return _error(f"incorrect id format for {bad}")
            papers = [one for one in papers if one.id in names]
        else:
            asked = query.get("search_query", "")
            if asked.count("(") != asked.count(")"):
                return _error("unbalanced parentheses")
            if match := re.search(r"submittedDate:\[(\d{12}) TO (\d{12})\]", asked):
                papers = [one for one in papers if match[1] <= re.sub(r"\D", "", one.submitted)[:12] <= match[2]]
            if codes := re.findall(r"cat:([\w.-]+)", asked):
                papers = [one for one in papers if set(codes) & set(one.categories)]
        start = int(query.get("start", 0))
        part = papers[start : start + int(query.get("max_results", 10))]
        return Reply(_answer(part, len(papers), start).encode(), kind="application/atom+xml; charset=utf-8")


_NAMESPACES = 'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/"'


def _within(code: str, category: str) -> bool:
    return code == category or code.startswith(f"{category}.")


def _by_time(one: Paper) -> tuple[str, str]:
    return one.submitted, one.id


def _page(
    category: str,
    index: str,
    sections: Sequence[tuple[str, Sequence[tuple[str, Paper]]]],
    total: int,
    skip: int,
    *,
    abstracts: bool,
) -> str:
    paging = f"<div class='paging'>Total of {total} entries </div>" if total else ""
    number, lists = skip, []
    for heading, entries in sections:
        items = []
        for kind, one in entries:
            number += 1
            items.append(_item(number, kind, one, abstracts=abstracts))
        nothing = "" if items else "<p>No updates for this time period.</p>"
        lists.append(f"<dl id='articles'>\n<h3>{heading}</h3>\n{nothing}{''.join(items)}</dl>")
    body = "".join(lists) or "<p>No updates today.</p>"
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><title>{category}</title><meta charset="utf-8"/>'
        "<script>mathjaxToggle();</script></head><body><div id='content-inner'><div id='dlpage'>\n"
        f"<h1>{SUBJECTS.get(category, category)}</h1>\n{index}\n{paging}\n{body}\n{paging}</div></div></body></html>\n"
    )


def _item(number: int, kind: str, one: Paper, *, abstracts: bool) -> str:
    remark = {"cross": f"(cross-list from {one.categories[0]})", "rep": "(replaced)"}.get(kind, "")
    named = [f'<a href="https://arxiv.org/a?query={n}">{html.escape(name)}</a>' for n, name in enumerate(one.authors)]
    first, *more = [f"{SUBJECTS.get(code, code)} ({code})" for code in one.categories]
    subjects = f'<span class="primary-subject">{first}</span>{"".join(f"; {code}" for code in more)}'
    parts = [
        f"<div class='list-title mathjax'><span class='descriptor'>Title:</span>\n {html.escape(one.title)}\n</div>",
        f"<div class='list-authors'>{', '.join(named) or '(author list is unavailable)'}</div>",
        _part("comments mathjax", "Comments", one.comment),
        _part("journal-ref", "Journal-ref", one.journal_ref),
        f"<div class='list-subjects'><span class='descriptor'>Subjects:</span>\n{subjects}</div>",
    ]
    if abstracts:
        text = html.escape(one.abstract, quote=False).replace("\n", "<br>")
        parts.append(f"<p class='mathjax'>\n{_linked(text)}\n</p>")
    return (
        f"<dt>\n<a name='item{number}'>[{number}]</a>\n"
        f'<a href ="/abs/{one.id}" title="Abstract" id="{one.id}">\n arXiv:{one.id}\n</a>\n{remark}\n'
        f'[<a href="/pdf/{one.id}" title="Download PDF" id="pdf-{one.id}">pdf</a>]\n</dt>\n'
        f"<dd><div class='meta'>{''.join(parts)}</div></dd>\n"
    )


def _part(name: str, label: str, text: str) -> str:
    if not text:
        return ""
    return f"<div class='list-{name}'><span class='descriptor'>{label}:</span>\n {_linked(html.escape(text))}\n</div>"


def _linked(text: str) -> str:
    return re.sub(
        r"https?://[^\s<]+?(?=\.?(?:[\s<]|$))", lambda m: f'<a href="{m[0]}">this {m[0].split(":")[0]} URL</a>', text
    )


def _described(one: Paper, kind: str) -> str:
    return f"arXiv:{one.id}v{one.version} Announce Type: {kind} \nAbstract: {one.abstract}"


def _arxiv_elements(one: Paper, kind: str) -> str:
    return (
        f"<arxiv:announce_type>{kind}</arxiv:announce_type>"
        "<dc:rights>http://creativecommons.org/licenses/by/4.0/</dc:rights>"
        + (f"<arxiv:DOI>{one.doi}</arxiv:DOI>" if one.doi else "")
        + (f"<arxiv:journal_reference>{one.journal_ref}</arxiv:journal_reference>" if one.journal_ref else "")
        + f"<dc:creator>{escape(', '.join(one.authors))}</dc:creator>"
    )


def _answer(papers: Sequence[Paper], total: int, start: int) -> str:
    entries = "".join(
        f"<entry><id>http://arxiv.org/abs/{one.id}v{one.version}</id><title>{escape(one.title)}</title>"
        f"<updated>{one.updated or one.submitted}</updated><summary>{escape(one.abstract)}</summary>"
        + "".join(f'<category term="{code}" scheme="http://arxiv.org/schemas/atom"/>' for code in one.categories)
        + f"<published>{one.submitted}</published>"
        + (f"<arxiv:comment>{escape(one.comment)}</arxiv:comment>" if one.comment else "")
        + (f"<arxiv:journal_ref>{escape(one.journal_ref)}</arxiv:journal_ref>" if one.journal_ref else "")
        + (f"<arxiv:doi>{one.doi}</arxiv:doi>" if one.doi else "")
        + f'<arxiv:primary_category term="{one.categories[0]}"/>'
        + "".join(f"<author><name>{escape(name)}</name></author>" for name in one.authors)
        + "</entry>"
        for one in papers
    )
    return _api_feed(entries, total, start)


def _error(reason: str) -> Reply:
    address = f"https://arxiv.org/api/errors#{reason.replace(' ', '_')}"
    entry = f"<entry><id>{address}</id><title>Error</title><summary>{reason}</summary></entry>"
    return Reply(_api_feed(entry, 1, 0).encode(), 400, kind="application/atom+xml")


def _api_feed(entries: str, total: int, start: int) -> str:
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom"'
        ' xmlns="http://www.w3.org/2005/Atom"><title>arXiv Query</title>'
        f"<opensearch:totalResults>{total}</opensearch:totalResults>"
        f"<opensearch:startIndex>{start}</opensearch:startIndex>{entries}</feed>"
    )
