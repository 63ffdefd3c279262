"""An OAI-PMH provider of its own, for a local server: it answers as arXiv's does, or as others do.

As arXiv: records in the order of (datestamp, id), a token that says itself where the next page begins, and dies when
it is told to. As others: records in the order of their ids, and a token that says nothing.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from urllib.parse import parse_qsl, quote, unquote, urlencode
from xml.sax.saxutils import escape

from tests.servers.kit import Asked, Reply

FORMATS = ("arXiv", "arXivRaw", "oai_dc")


@dataclass(frozen=True, slots=True)
class Held:
    """A record as the provider holds it. `authors` are (forenames, keyname, suffix), `versions` (date, source type)."""

    id: str
    stamp: str
    title: str = "Kites"
    abstract: str = "We fly kites."
    authors: tuple[tuple[str, str, str], ...] = (("Ada", "Lovelace", ""),)
    categories: tuple[str, ...] = ("cs.LG",)
    versions: tuple[tuple[str, str], ...] = ()
    created: str = ""
    comment: str = ""
    journal_ref: str = ""
    doi: str = ""
    licence: str = "http://creativecommons.org/licenses/by/4.0/"
    deleted: bool = False


@dataclass
class Provider:
    """The server's side. `records` are in the order they are listed in; `today` is its day."""

    records: Sequence[Held]
    page: int = 10
    today: str = "2026-11-20"
    as_arxiv: bool = True
    earliest: str = "2005-09-16"
    namespace: str = "oai:arXiv.org"
    generation: int = 0
    formats: tuple[str, ...] = FORMATS
    empty_pages: list[int] = field(default_factory=list)

    def expire(self) -> None:
        """All tokens given so far are dead from now on, as arXiv's are at midnight."""
        self.generation += 1

    def __call__(self, asked: Asked) -> Reply:
        query = dict(asked.query) or dict(parse_qsl(asked.body.decode()))
        verb = query.get("verb", "")
        if verb == "Identify":
            inner = f"<Identify><earliestDatestamp>{self.earliest}</earliestDatestamp></Identify>"
        elif verb == "ListRecords":
            inner = self._listed(query)
        else:
            inner = _error("badVerb", "What?")
        body = (
            '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
            f"<responseDate>{self.today}T04:00:00Z</responseDate><request>http://here/oai</request>{inner}</OAI-PMH>"
        )
        return Reply(body.encode())

    def _listed(self, query: dict[str, str]) -> str:
        token = query.pop("resumptionToken", None)
        if token is not None:
            if set(query) != {"verb"}:
                return _error("badArgument", "A token comes alone.")
            query = dict(parse_qsl(unquote(token)))
            if query.pop("generation", "") != str(self.generation):
                return _error("badResumptionToken", "This token has expired.")
        if refusal := self._refusal(query):
            return _error(*refusal)
        skip = int(query.pop("skip", 0))
        if skip in self.empty_pages:
            self.empty_pages.remove(skip)
            return "<ListRecords></ListRecords>"
        page, more = self._page(query, skip)
        if not page:
            return _error("noRecordsMatch", "Nothing.")
        rest = f"<resumptionToken expires='{self.today}T23:59:59Z'>{self._token(query, page, skip)}</resumptionToken>"
        rows = "".join(self._record(one, query["metadataPrefix"]) for one in page)
        return f"<ListRecords>{rows}{rest if more else ''}</ListRecords>"

    def _refusal(self, query: dict[str, str]) -> tuple[str, str] | None:
        unknown = set(query) - {"verb", "metadataPrefix", "from", "until", "set", "skip"}
        if unknown or query.get("until", "") > self.today or query.get("from", self.earliest) < self.earliest:
            return "badArgument", "These arguments cannot be."
        if query.get("metadataPrefix") not in self.formats:
            return "cannotDisseminateFormat", "Not here."
        return None

    def _page(self, query: dict[str, str], skip: int) -> tuple[list[Held], bool]:
        rows = islice(self._matching(query, skip), self.page + 1)
        chosen = list(rows)
        return chosen[: self.page], len(chosen) > self.page

    def _matching(self, query: dict[str, str], skip: int) -> Iterator[Held]:
        """The records that fit, after the first `skip` of them."""
        first, last, wanted = query.get("from", ""), query.get("until", "9999"), query.get("set", "")
        start = bisect_left(self.records, first, key=lambda one: one.stamp) if self.as_arxiv else 0
        if self.as_arxiv and not wanted:
            start, skip = start + skip, 0  # all of them fit: no need to look at those before
        for at in range(start, len(self.records)):
            one = self.records[at]
            if first <= one.stamp <= last and (not wanted or any(_within(name, wanted) for name in sets(one))):
                if skip:
                    skip -= 1
                else:
                    yield one

    def _token(self, query: dict[str, str], page: list[Held], skip: int) -> str:
        """Where the next page begins: from the second page on, arXiv's counts within the last day of the page."""
        if self.as_arxiv:
            day = page[-1].stamp
            same = sum(one.stamp == day for one in page)
            skip = skip + same if query.get("from") == day else same
            query = query | {"from": day}
        else:
            skip += len(page)
        return escape(quote(urlencode({**query, "skip": skip, "generation": self.generation})))

    def _record(self, one: Held, form: str) -> str:
        specs = "".join(f"<setSpec>{name}</setSpec>" for name in sets(one))
        status = ' status="deleted"' if one.deleted else ""
        header = (
            f"<header{status}><identifier>{self.namespace}:{one.id}</identifier><datestamp>{one.stamp}</datestamp>"
            f"{specs}</header>"
        )
        if one.deleted:
            return f"<record>{header}</record>"
        return f"<record>{header}<metadata>{_RENDER[form](one)}</metadata></record>"


def sets(one: Held) -> list[str]:
    """The sets of a record: one a category."""
    return [f"{'cs' if name.startswith('cs') else 'physics'}:{name.replace('.', ':')}" for name in one.categories]


def _within(name: str, wanted: str) -> bool:
    return name == wanted or name.startswith(f"{wanted}:")


def _error(code: str, words: str) -> str:
    return f'<error code="{code}">{words}</error>'


def _tags(pairs: Iterable[tuple[str, str]]) -> str:
    return "".join(f"<{name}>{escape(text)}</{name}>" for name, text in pairs if text)


def _tail(one: Held) -> str:
    pairs = (("comments", one.comment), ("journal-ref", one.journal_ref), ("doi", one.doi), ("license", one.licence))
    return _tags((*pairs, ("abstract", one.abstract)))


def _arxiv(one: Held) -> str:
    authors = "".join(
        f"<author>{_tags((('keyname', last), ('forenames', first), ('suffix', suffix)))}</author>"
        for first, last, suffix in one.authors
    )
    head = _tags((("id", one.id), ("created", one.created)))
    middle = _tags((("title", one.title), ("categories", " ".join(one.categories))))
    return f'<arXiv xmlns="http://arxiv.org/OAI/arXiv/">{head}<authors>{authors}</authors>{middle}{_tail(one)}</arXiv>'


def _raw(one: Held) -> str:
    versions = "".join(
        f'<version version="v{at}">{_tags((("date", day), ("size", "9kb"), ("source_type", kind)))}</version>'
        for at, (day, kind) in enumerate(one.versions, start=1)
    )
    names = ", ".join(" ".join(filter(None, author)) for author in one.authors)
    middle = _tags((("title", one.title), ("authors", names), ("categories", " ".join(one.categories))))
    return (
        f'<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/">{_tags((("id", one.id),))}{versions}{middle}{_tail(one)}'
        "</arXivRaw>"
    )


def _dc(one: Held) -> str:
    creators = [
        ("dc:creator", ", ".join(filter(None, (f"{last} {more}".strip(), first)))) for first, last, more in one.authors
    ]
    pairs = [
        ("dc:title", one.title),
        *creators,
        ("dc:subject", "Computer Science - Machine Learning"),
        ("dc:subject", "68T05"),
        ("dc:description", one.abstract),
        ("dc:description", f"Comment: {one.comment}" if one.comment else ""),
        *(("dc:date", day) for day in one.created.split()),
        ("dc:type", "text"),
        ("dc:identifier", f"http://arxiv.org/abs/{one.id}"),
        ("dc:identifier", one.journal_ref),
        ("dc:identifier", f"doi:{one.doi}" if one.doi else ""),
    ]
    spaces = 'xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return f"<oai_dc:dc {spaces}>{_tags(pairs)}</oai_dc:dc>"


_RENDER = {"arXiv": _arxiv, "arXivRaw": _raw, "oai_dc": _dc}


def shelf(count: int, *, first: str = "2026-01-01", per_day: int = 7) -> list[Held]:
    """So many invented papers, `per_day` of them with each datestamp from `first` on."""
    made = []
    for number in range(1, count + 1):
        stamp = (date.fromisoformat(first) + timedelta(days=(number - 1) // per_day)).isoformat()
        paper = Held(
            id=f"2601.{number:05d}",
            stamp=stamp,
            title=f"Kites of Order {number}",
            abstract=f"We fly kite {number} & its tail of length $x<{number}$.",
            authors=(("Ada", "Lovelace", ""), ("", "Kite Collaboration", ""), ("W.", "Wright", "Jr")),
            categories=("cs.LG", "cs.CL") if number % 3 else ("cs.CV", "hep-th"),
            versions=(("Thu, 01 Jan 2026 10:00:00 GMT", ""),),
            created="2026-01-01",
        )
        made.append(paper)
    return made
