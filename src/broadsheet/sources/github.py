"""GitHub: how many stars the repositories of papers have.

With a token fifty repositories go into one GraphQL question. Without one there are 60 questions an hour, a repository
each; an unchanged answer (304) counts too where nobody signed in, so nothing is kept to ask for one. A repository
that was renamed is still found under its old name, which is the one in the paper.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from broadsheet.errors import BadSetting, BadSource, Unavailable
from broadsheet.fetching import Answer, Client
from broadsheet.sources.door import COUNT
from broadsheet.sources.live import Batch, Request
from broadsheet.sources.lookup import entries, json_object, portions, within, words
from broadsheet.sources.text import short
from broadsheet.tex import hosts, plain
from broadsheet.types import Identifier, Paper, Signal

NAME = "github"
SCHEME = "github"
ADDRESS = "https://api.github.com"

_AT_ONCE = 50  # repositories of one GraphQL question
_ONE_BY_ONE = 10  # repositories of one batch without a token: what a kill may cost
_REPOSITORY = re.compile(r"/([a-z0-9](?:[a-z0-9-]{0,38}))/([a-z0-9._-]{1,100})(?=/|\Z)", re.IGNORECASE | re.ASCII)
_NO_OWNERS = re.compile(
    "about|apps|collections|contact|customer-stories|enterprise|events|explore|features|issues|join|login|marketplace|"
    "new|notifications|organizations|orgs|pricing|pulls|readme|search|security|settings|signup|site|sponsors|stars|"
    "topics|trending|users"
)  # what GitHub keeps for its own pages
_PAUSE = 3_600.0  # seconds; the allowance is by the hour
_STATUSES = frozenset({401, 403, 404, 429, 451})  # which say something of the question, not of the server's health


def repositories(paper: Paper) -> tuple[Identifier, ...]:
    """The repositories that a paper's record names, each once: those its sources link, then comment, then abstract.

    The first is most likely its own. Names are in lower case, in which GitHub does not tell them apart.
    """
    texts = [plain(text) for text in (paper.comment, paper.abstract) if text and "github" in text.lower()]
    addresses = [*paper.links, *(address for text in texts for address in hosts.web_addresses(text))]
    return tuple(dict.fromkeys(name for address in addresses if (name := repository(address))))


def repository(address: str) -> Identifier | None:
    """The repository an address on github.com leads into; None if it leads into none."""
    if hosts.host(address) != "github.com":
        return None
    match = _REPOSITORY.match(urlsplit(address.strip()).path)
    if not match or _NO_OWNERS.fullmatch(match[1].lower()):
        return None
    name = match[2].rstrip(".").removesuffix(".git").lower()
    return Identifier(SCHEME, f"{match[1].lower()}/{name}") if name.strip(".") else None


def _is_name(value: str) -> bool:
    """Whether this can be "owner/name": anything else would lead elsewhere in an address."""
    match = _REPOSITORY.fullmatch(f"/{value}")
    return match is not None and bool(match[2].strip("."))


class GitHub:
    """GitHub as a source of stars: `Request.papers` that are repositories ("github", "owner/name")."""

    name = NAME

    def __init__(self, client: Client, *, token: str = "", address: str = ADDRESS) -> None:
        """`token` is the operator's own, of any kind, without any right; it goes to `address` only."""
        self._client, self._token, self._address = client, token, address.rstrip("/")
        self._headers = {"Accept": "application/vnd.github+json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"

    def batches(self, cursor: str, request: Request) -> Iterator[Batch]:
        """Signals only, of kind "stars". Nothing to go on from: what has no answer is asked for again.

        Raises BadSetting if the token is refused, Unavailable when the hour's allowance is spent.
        """
        del cursor
        wanted = [name for name in request.papers if name.scheme == SCHEME and _is_name(name.value)]
        questions = list(portions(wanted, _AT_ONCE if self._token else _ONE_BY_ONE))
        for number, names in enumerate(questions, start=1):
            stars: dict[Identifier, int | None] = {}
            failure = None
            try:
                (self._together if self._token else self._apart)(names, stars, request.now)
            except Unavailable as error:
                failure = error
            if stars:
                yield _batch(stars, request.now, done=number == len(questions) and failure is None)
            if failure is not None:
                raise failure
        if not questions:
            yield Batch((), "", done=True)

    def _together(self, names: Sequence[Identifier], stars: dict[Identifier, int | None], now: datetime) -> None:
        """Adds the stars of some repositories; None where one is gone."""
        parts = [f"r{n}: repository(owner: $o{n}, name: $n{n}) {{ stargazerCount }}" for n in range(len(names))]
        typed = ", ".join(f"$o{n}: String!, $n{n}: String!" for n in range(len(names)))
        variables = {}
        for n, name in enumerate(names):
            variables[f"o{n}"], _, variables[f"n{n}"] = name.value.partition("/")

        def check(answer: Answer) -> None:
            _refused(answer, now)
            if answer.status != 200:
                raise Unavailable(f"GitHub answered with status {answer.status}.", retry_after=_PAUSE)
            value = json_object(answer)
            errors, data = entries(value.get("errors")), within(value, "data")
            if any(words(error.get("type")) == "RATE_LIMITED" for error in errors):
                raise _spent(answer, now)
            if not data:
                reason = next((words(error.get("message")) for error in errors), "")
                raise BadSource(f"GitHub's answer holds no repositories: {short(reason)}.")
            stars.update({name: _count(within(data, f"r{n}").get("stargazerCount")) for n, name in enumerate(names)})

        question = {"query": f"query({typed}) {{ {' '.join(parts)} }}", "variables": variables}
        address = f"{self._address}/graphql"
        self._client.post(address, json=question, headers=self._headers, accept_status=_STATUSES, check=check)

    def _apart(self, names: Sequence[Identifier], stars: dict[Identifier, int | None], now: datetime) -> None:
        """Adds the stars of some repositories, as far as the allowance goes. Raises Unavailable at its end."""
        for name in names:
            count: list[int | None] = []

            def check(answer: Answer, count: list[int | None] = count) -> None:
                _refused(answer, now)
                count[:] = [_count(json_object(answer).get("stargazers_count")) if answer.status == 200 else None]

            address = f"{self._address}/repos/{name.value}"
            answer = self._client.get(address, headers=self._headers, accept_status=_STATUSES, check=check)
            stars[name] = count[0]
            if _left(answer) <= 0 and name != names[-1]:
                raise _spent(answer, now)


def _batch(stars: Mapping[Identifier, int | None], now: datetime, *, done: bool) -> Batch:
    day = now.astimezone(UTC).date().isoformat()
    signals = [Signal(name, "stars", NAME, day, count) for name, count in stars.items() if count is not None]
    gone = len(stars) - len(signals)
    note = f"{gone} of {len(stars)} repositories are gone, or not public." if gone else ""
    return Batch((), "", done=done, signals=signals, note=note, asked=tuple(stars))


def _refused(answer: Answer, now: datetime) -> None:
    """Raises what it means that nothing is answered at all."""
    if answer.status == 401:
        raise BadSetting("GitHub does not take the token it was given: make a new one there, or leave it out.")
    if answer.status == 429 or (answer.status == 403 and (_left(answer) <= 0 or "retry-after" in answer.headers)):
        raise _spent(answer, now)


def _spent(answer: Answer, now: datetime) -> Unavailable:
    after = _number(answer, "retry-after")
    reset = _number(answer, "x-ratelimit-reset")
    pause = after if after is not None else reset - now.timestamp() if reset is not None else _PAUSE
    return Unavailable(
        "GitHub's allowance for this hour is spent; a token gives a larger one.",
        retry_after=min(max(pause, 1.0), _PAUSE),
    )


def _left(answer: Answer) -> float:
    left = _number(answer, "x-ratelimit-remaining")
    return 1.0 if left is None else left


def _number(answer: Answer, header: str) -> float | None:
    text = answer.headers.get(header, "").strip()
    return float(text) if text.isascii() and text.isdecimal() and len(text) < 12 else None


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= COUNT else None
