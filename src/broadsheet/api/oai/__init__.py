"""An OAI-PMH provider at /oai: the whole catalogue for harvesters, six verbs, three formats.

    asked      what a request may hold, and the tokens by which a list goes on
    formats    a paper as oai_dc, arXiv and arXivRaw
    envelope   what every answer is wrapped in

Sets are arXiv's ("cs:cs:LG"), so that whoever harvests arXiv harvests us with another address. A record's datestamp is
when it last changed here. Deleted papers, and papers that became part of another, stay listed as deleted. Tokens hold
all that they mean, so that they outlive a restart, and never expire. Lists end at the instant at which they were first
asked for: what changes meanwhile is for the next harvest.

Protocol: https://www.openarchives.org/OAI/openarchivesprotocol.html (version 2.0).
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from urllib.parse import parse_qsl

import anyio.to_thread
from lxml import etree
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from broadsheet import ids
from broadsheet.api.oai import formats
from broadsheet.api.oai.asked import Fault, Listing, listing, single
from broadsheet.api.oai.envelope import OAI, Envelope, add
from broadsheet.errors import NotFound, Refused
from broadsheet.ids.categories import ALIASES, ARCHIVES, NAMES
from broadsheet.ids.sets import PHYSICS, group_of, set_of
from broadsheet.library import Library
from broadsheet.types import Harvested, Paper

__all__ = ["endpoint"]

LONGEST_BODY = 20_000  # bytes of a form
RECORDS, HEADERS = 500, 2_000  # in one page
_NEVER = "1991-08-14T00:00:00Z"  # arXiv's first day: the beginning of an empty catalogue
_MEDIA = "text/xml; charset=utf-8"
_GROUPS = {"cs": "Computer Science", "math": "Mathematics", PHYSICS: "Physics"}

Pairs = Sequence[tuple[str, str]]


def endpoint(library: Library, *, name: str, contact: str) -> Callable[[Request], Awaitable[Response]]:
    """The provider's address. `name` is the repository's, `contact` the e-mail address of who runs it."""
    provider = Provider(library, name=name, contact=contact)

    async def answering(request: Request) -> Response:
        pairs = parse_qsl(request.url.query, keep_blank_values=True)
        if request.method == "POST":
            body = b""
            async for piece in request.stream():
                body += piece
                if len(body) > LONGEST_BODY:
                    raise Refused(f"The form is longer than {LONGEST_BODY:,} bytes.")
            pairs += parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
        address = str(request.url.replace(query="", fragment=""))
        content = await anyio.to_thread.run_sync(provider.answer, pairs, address)
        return Response(content, media_type=_MEDIA)

    return answering


def problem(status: int, message: str, address: str) -> Response:
    """The answer to a request that no verb saw: it was too long, came by another method, or at a bad time.

    Harvesters know 503 as the status that asks for patience, whatever the reason; the protocol has no error for it.
    """
    if status == 429 or status >= 500:
        return PlainTextResponse(message, 503 if status == 429 else status)
    envelope = Envelope(_now(), address, {})
    envelope.error("badArgument", message)
    return Response(envelope.written(), status, media_type=_MEDIA)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Provider:
    """The six verbs over a library."""

    def __init__(self, library: Library, *, name: str, contact: str) -> None:
        self._library, self._name, self._contact = library, name, contact
        self._verbs: dict[str, Callable[[etree._Element, Pairs, str, str], None]] = {
            "Identify": self._identify,
            "ListMetadataFormats": self._formats,
            "ListSets": self._sets,
            "GetRecord": self._record,
            "ListRecords": self._list,
            "ListIdentifiers": self._list,
        }

    def answer(self, pairs: Pairs, address: str) -> bytes:
        """The answer to a request; what is wrong with one is part of the answer, as the protocol wants it."""
        now = _now()
        fields = dict(pairs)
        envelope = Envelope(now, address, fields)
        try:
            verb = self._checked(pairs)
            arguments = [(name, value) for name, value in pairs if name != "verb"]
            self._verbs[verb](envelope.inner(verb), arguments, address, now)
        except Fault as fault:
            # A wrong verb or argument is not repeated, as the protocol asks.
            envelope = Envelope(now, address, {} if fault.code in {"badVerb", "badArgument"} else fields)
            envelope.error(fault.code, str(fault))
        return envelope.written()

    def _checked(self, pairs: Pairs) -> str:
        """The verb of a request that says nothing twice. Raises Fault."""
        fields = dict(pairs)
        if fields.get("verb", "") not in self._verbs or [name for name, _ in pairs].count("verb") > 1:
            raise Fault("badVerb", f"The verb is one of {', '.join(self._verbs)}, once.")
        if len(fields) != len(pairs):
            raise Fault("badArgument", "An argument is given twice.")
        return fields["verb"]

    def _identify(self, inner: etree._Element, pairs: Pairs, address: str, _now: str) -> None:
        single(pairs, set())
        add(inner, "repositoryName", self._name)
        add(inner, "baseURL", address)
        add(inner, "protocolVersion", "2.0")
        add(inner, "adminEmail", self._contact or "nobody@localhost.invalid")
        add(inner, "earliestDatestamp", self._library.earliest_change() or _NEVER)
        add(inner, "deletedRecord", "persistent")
        add(inner, "granularity", "YYYY-MM-DDThh:mm:ssZ")

    def _formats(self, inner: etree._Element, pairs: Pairs, _address: str, _now: str) -> None:
        given = single(pairs, {"identifier"})
        if "identifier" in given:
            self._named(given["identifier"])
        for one in formats.FORMATS.values():
            form = add(inner, "metadataFormat")
            add(form, "metadataPrefix", one.prefix)
            add(form, "schema", one.schema)
            add(form, "metadataNamespace", one.namespace)

    def _sets(self, inner: etree._Element, pairs: Pairs, _address: str, _now: str) -> None:
        if "resumptionToken" in single(pairs, {"resumptionToken"}):
            raise Fault("badResumptionToken", "The list of sets is whole: there are no tokens for it.")
        groups = sorted({group_of(code) for code in ARCHIVES})
        named = [(group, _GROUPS.get(group) or ARCHIVES[group]) for group in groups]
        codes = [code for code in NAMES if code not in ALIASES or "." not in code]
        named += [(set_of(code), NAMES[code]) for code in codes]
        for spec, name in named:
            one = add(inner, "set")
            add(one, "setSpec", spec)
            add(one, "setName", name)

    def _record(self, inner: etree._Element, pairs: Pairs, address: str, _now: str) -> None:
        given = single(pairs, {"identifier", "metadataPrefix"}, all_of=True)
        prefix = _prefix(given["metadataPrefix"])
        paper = self._named(given["identifier"])
        at = self._library.changed(paper.id)
        self._write(add(inner, "record"), Harvested(paper.id, at, paper, ""), prefix, address)

    def _list(self, inner: etree._Element, pairs: Pairs, address: str, now: str) -> None:
        asked = listing(pairs, now)
        prefix = _prefix(asked.prefix)
        whole = inner.tag == f"{{{OAI}}}ListRecords"
        found = self._stretch(asked, RECORDS if whole else HEADERS)
        if asked.total < 0:
            asked.total = self._library.harvested(asked.since, asked.until, categories=asked.codes)
        shown = found[: RECORDS if whole else HEADERS]
        for one in shown:
            if whole:
                self._write(add(inner, "record"), one, prefix, address)
            else:
                self._header(inner, one)
        more = len(found) > len(shown)
        if more or asked.cursor:
            token = asked.token(shown[-1].place, len(shown)) if more else ""
            add(inner, "resumptionToken", token, completeListSize=str(asked.total), cursor=str(asked.cursor))

    def _stretch(self, asked: Listing, size: int) -> list[Harvested]:
        """One more than a page, to know whether there is another."""
        try:
            found = self._library.harvest(
                asked.since, asked.until, categories=asked.codes, place=asked.place, limit=size + 1
            )
        except Refused:
            raise Fault("badResumptionToken", "This token was not given out here.") from None
        if not found and not asked.place:
            raise Fault("noRecordsMatch", "No record changed then, in that set.")
        return found

    def _named(self, identifier: str) -> Paper:
        """The paper that an identifier of ours means."""
        key = identifier.removeprefix(formats.OURS)
        key = key if not key.startswith(formats.ARXIV) else key.removeprefix(formats.ARXIV)
        try:
            return self._library.paper(key)
        except NotFound:
            raise Fault("idDoesNotExist", f"There is no record {identifier[:200]!r} here.") from None

    def _header(self, parent: etree._Element, one: Harvested) -> bool:
        """Writes a record's header, and says whether the record is there."""
        there = one.paper is not None and not one.paper.deleted and one.paper.id == one.key
        header = add(parent, "header", **({} if there else {"status": "deleted"}))
        add(header, "identifier", formats.identifier(one.key))
        add(header, "datestamp", one.at)
        for code in one.paper.categories if one.paper else ():
            if ids.category(code) in NAMES:
                add(header, "setSpec", set_of(code))
        return there

    def _write(self, record: etree._Element, one: Harvested, prefix: str, address: str) -> None:
        if self._header(record, one) and one.paper is not None:
            formats.FORMATS[prefix].write(add(record, "metadata"), one.paper, address.removesuffix("oai"))


def _prefix(prefix: str) -> str:
    if prefix not in formats.FORMATS:
        raise Fault("cannotDisseminateFormat", f"The formats are {', '.join(formats.FORMATS)}, not {prefix[:60]!r}.")
    return prefix
