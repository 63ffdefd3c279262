"""Semantic Scholar: citation counts, venues, and what cites what, of papers that are here already.

    POST {address}/graph/v1/paper/batch?fields=...    {"ids": ["ARXIV:2601.00001", "DOI:10.1000/x"]}

Answers come in the order of the ids, null for what is unknown there. One answer holds 10 MB and 9,999 citations at
most, so that what cites what is a second question, about so few papers that their counts stay below; of a paper that is
cited more than a thousand times only what it cites is asked for. Its terms want exponential back-off, which the
client keeps; who asks without a key shares one small allowance with everybody. Its own texts (summaries, abstracts)
are left there: nobody has told us that they may be shown elsewhere.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import MappingProxyType

from broadsheet import ids
from broadsheet.errors import BadRecord, BadSetting, BadSource
from broadsheet.fetching import Answer, Client
from broadsheet.sources import cited, references
from broadsheet.sources.door import Door, kind, own_key
from broadsheet.sources.live import Batch, Request
from broadsheet.sources.lookup import entries, json_object, portions, record_of, unknown, within, words
from broadsheet.sources.text import short
from broadsheet.types import Citing, Identifier, Record, Work

NAME = "semanticscholar"
ADDRESS = "https://api.semanticscholar.org"

_MOST = 500  # ids of one question
_FIELDS = "externalIds,title,venue,publicationDate,citationCount,referenceCount"
_REFERENCES = "references.externalIds,references.title,references.year"
_CITATIONS = "citations.externalIds,citations.title,citations.year"
_MOST_LINKS = 9_000  # of one question
_MOST_CITED = 1_000  # of one paper
_TO_THEIRS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "arxiv": "ARXIV:{}".format,
        "doi": "DOI:{}".format,
        "acl": lambda value: f"ACL:{value if value[0].isdigit() else value.upper()}",
        "corpusid": "CorpusId:{}".format,
        "pmid": "PMID:{}".format,
        "pmcid": lambda value: f"PMCID:{value.removeprefix('PMC')}",
        "s2": str,
    }
)
_FROM_THEIRS = MappingProxyType(
    {
        "ArXiv": "arXiv:",
        "DOI": "",
        "ACL": "acl:",
        "PubMed": "pmid:",
        "PubMedCentral": "pmcid:PMC",
        "CorpusId": "corpusid:",
    }
)


class SemanticScholar:
    """Semantic Scholar as a source of look-ups: `Request.papers`, of nearly every scheme."""

    name = NAME

    def __init__(self, client: Client, *, key: str = "", address: str = ADDRESS, most: int = _MOST) -> None:
        """`key` is the operator's own; it goes to `address` only. Without one, few questions are answered."""
        self._client, self._most = client, most
        self._address = f"{address.rstrip('/')}/graph/v1/paper/batch"
        self._headers = {"x-api-key": key} if key else {}

    def batches(self, cursor: str, request: Request) -> Iterator[Batch]:
        """One batch a question. Nothing to go on from: papers without an answer are asked for again.

        Raises BadSetting if the key is refused.
        """
        del cursor
        questions = list(portions((name for name in request.papers if name.scheme in _TO_THEIRS), self._most))
        for number, names in enumerate(questions, start=1):
            answers = self._ask([_TO_THEIRS[name.scheme](name.value) for name in names])
            results = _results(names, answers, Door(NAME, request.now))
            note = unknown(sum(not isinstance(answer, dict) for answer in answers), len(names))
            last, linked = number == len(questions), list(_linked(names, answers))
            if linked:  # what is known by now is not lost where the next question fails
                yield Batch(results, "", note=note)
                links = [link for part, fields in linked for link in self._links(part, fields)]
                yield Batch((), "", done=last, asked=names, citations=links)
            else:
                yield Batch(results, "", done=last, note=note, asked=names)
        if not questions:
            yield Batch((), "", done=True)

    def _links(self, names: list[Identifier], fields: str) -> Iterator[Citing]:
        """What the papers cite, and what cites them."""
        answers = self._ask([_TO_THEIRS[name.scheme](name.value) for name in names], fields)
        for name, answer in zip(names, answers, strict=True):
            for field, cites in (("references", True), ("citations", False)):
                listed = entries(answer.get(field)) if isinstance(answer, dict) else []
                if listed:
                    named = (_work(one) for one in listed[: cited.MOST])
                    yield Citing(name, NAME, cites=cites, works=tuple(one for one in named if one is not None))

    def _ask(self, names: list[str], fields: str = _FIELDS) -> list[object]:
        found: list[object] = []

        def check(answer: Answer) -> None:
            if answer.status in {401, 403}:
                raise BadSetting("Semantic Scholar does not take the key it was given, or wants one.")
            if answer.status == 400:
                reason = words(json_object(answer).get("error"))
                if "valid paper ids" not in reason:  # else: it knows none of them
                    raise BadSource(f"Semantic Scholar does not understand the question: {short(reason)}.")
                found[:] = [None] * len(names)
                return
            value = answer.json()
            if not isinstance(value, list) or len(value) != len(names):
                raise BadSource(f"Semantic Scholar's answer is {kind(value)}, not a list of {len(names)} papers.")
            found[:] = value

        self._client.post(
            self._address,
            json={"ids": names},
            parameters={"fields": fields},
            headers=self._headers,
            accept_status={400, 401, 403},
            check=check,
        )
        return found


def _linked(names: list[Identifier], answers: list[object]) -> Iterator[tuple[list[Identifier], str]]:
    """Papers that are asked about together for what cites what, and for which fields: within the limits there."""
    for few in (True, False):
        part: list[Identifier] = []
        links = 0
        for name, answer in zip(names, answers, strict=True):
            counted, listed = _count(answer, "citationCount"), _count(answer, "referenceCount")
            wanted = listed + (counted if few else 0)
            if not wanted or (counted <= _MOST_CITED) is not few:
                continue
            if part and links + wanted > _MOST_LINKS:
                yield part, _fields(few=few)
                part, links = [], 0
            part.append(name)
            links += wanted
        if part:
            yield part, _fields(few=few)


def _fields(*, few: bool) -> str:
    return f"{_REFERENCES},{_CITATIONS}" if few else _REFERENCES


def _count(answer: object, field: str) -> int:
    count = answer.get(field) if isinstance(answer, dict) else None
    return count if isinstance(count, int) and not isinstance(count, bool) and count > 0 else 0


def _work(answer: Mapping[str, object]) -> Work | None:
    own = words(answer.get("paperId"))
    names = [*_names(within(answer, "externalIds")), *([own] if own else [])]
    return cited.work(names, answer.get("title"), answer.get("year"))


def _names(others: Mapping[str, object]) -> list[str]:
    """Other names of a paper, as anybody spells them."""
    found = ((lead, others.get(theirs)) for theirs, lead in _FROM_THEIRS.items())
    return [f"{lead}{value}" for lead, value in found if isinstance(value, str | int)]


def _results(names: list[Identifier], answers: list[object], door: Door) -> list[Record | BadRecord]:
    """A record for each paper; of a paper that was asked for by several names, one that carries them all."""
    papers: dict[str, tuple[Mapping[str, object], list[Identifier]]] = {}
    for name, answer in zip(names, answers, strict=True):
        if isinstance(answer, dict):
            own = words(answer.get("paperId")) or f"{name.scheme}:{name.value}"
            papers.setdefault(own, (answer, []))[1].append(name)
    return [record_of(asked[0], partial(_record, asked, paper, door)) for paper, asked in papers.values()]


def _record(asked: list[Identifier], paper: Mapping[str, object], door: Door) -> Record:
    given = _names(within(paper, "externalIds"))
    return door.record(
        key=own_key(asked, ""),
        title=paper.get("title"),
        published=references.known_day(door, paper.get("publicationDate")),
        identifiers=[*asked, *(name for text in given for name in ids.identifiers(text))],
        venue=references.venue(words(paper.get("venue"))),
        citations=paper.get("citationCount"),
    )
