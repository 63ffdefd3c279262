"""Days: which papers belong to one, and which day is the newest that is worth showing.

A paper belongs to its own day (`paper.day`), to the days whose editions list it (`edition_entry`), and to that into
whose edition somebody put it (`submission`). Its votes and comments are those of its sources and those given here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    union,
)

from broadsheet.catalogue.log import present
from broadsheet.catalogue.papers import chunked, papers
from broadsheet.catalogue.schema import edition_entry, edition_pick, paper, source, submission
from broadsheet.types import Candidate

_STRETCH = 1000  # listings whose papers are read at once
_ENOUGH = 3  # papers; fewer are the stragglers of a day, and no edition to open with
_FIELDS = (
    paper.c.number,
    paper.c.key,
    (paper.c.votes + paper.c.own_votes).label("votes"),
    (paper.c.comments + paper.c.own_comments).label("comments"),
)
_PUT = (submission.c.circle == 0, submission.c.state == "listed")

# On the way of every front page: written down once, because putting a statement together takes longer than running it.
_FROM: BindParameter[str] = bindparam("first")
_TO: BindParameter[str] = bindparam("last")
_DAY: BindParameter[str] = bindparam("on")
_DATED = select(*_FIELDS, paper.c.day, paper.c.dated_by).where(paper.c.day.between(_FROM, _TO))
_LISTED = (
    select(*_FIELDS, edition_entry.c.day, edition_entry.c.position)
    .join(edition_entry)
    .where(edition_entry.c.day.between(_FROM, _TO))
    .order_by(edition_entry.c.day.desc(), edition_entry.c.position.desc())
)
_SUBMITTED = (
    select(submission)
    .where(submission.c.day.between(_FROM, _TO), *_PUT)
    .order_by(submission.c.day, submission.c.number)
)
_PICKED = select(edition_pick).where(edition_pick.c.day.between(_FROM, _TO))
_DAYS = ((paper.c.day, ()), (edition_entry.c.day, ()), (submission.c.day, _PUT))
_BEFORE = [select(func.max(day)).where(day < _FROM, *such) for day, such in _DAYS]
_AFTER = [select(func.min(day)).where(day > _TO, *such) for day, such in _DAYS]
# What is news: papers that others than the starter catalogue know, and what others than it list.
_STARTERS = select(source.c.number).where(source.c.kind == "starter")
_KNOWN = and_(paper.c.day.is_not(None), paper.c.starter_only.is_(False))
_TOLD = edition_entry.c.source.not_in(_STARTERS)
_NEWS = ((paper.c.day, (_KNOWN,)), (edition_entry.c.day, (_TOLD,)), (submission.c.day, _PUT))
_NEWEST = [select(func.max(day)).where(*such, day < _DAY) for day, such in _NEWS]
_PUT_ON = select(submission.c.number).where(*_PUT, submission.c.day == _DAY).limit(1)
_ANY_OF = union(
    select(paper.c.number).where(_KNOWN, paper.c.day == _DAY),
    select(edition_entry.c.paper).where(_TOLD, edition_entry.c.day == _DAY),
).limit(_ENOUGH)
_PAPERS_OF = select(func.count()).select_from(_ANY_OF.subquery())


def candidates(connection: Connection, first: str, last: str, categories: Sequence[str] = ()) -> list[Candidate]:
    """The papers that belong to the days from `first` to `last`, once each: a listing says more than a date."""
    days = {"first": first, "last": last}
    dated = _DATED.where(or_(*(_among(category) for category in categories))) if categories else _DATED
    found = {
        row.number: Candidate(row.number, row.key, row.day, False, None, row.votes, row.comments, row.dated_by)
        for row in connection.execute(dated, days)
    }
    # The first listing of a paper is read last, and stays; that somebody submitted it says more than a list.
    found |= {
        row.number: Candidate(row.number, row.key, row.day, True, row.position, row.votes, row.comments, "listed")
        for row in connection.execute(_LISTED, days)
    }
    for put in _submitted(connection, days):
        put.position = found[put.number].position if put.number in found else None
        found[put.number] = put
    for row in connection.execute(_PICKED, days):
        one = found.get(row.paper)
        if one is not None and one.day == row.day:
            one.pick, one.score, one.why = row.position, row.score, row.reason
    return list(found.values())


def _submitted(connection: Connection, days: Mapping[str, str]) -> Iterator[Candidate]:
    """The papers that people put into the editions of some days, for everybody; each at the first such day."""
    submitted: dict[int, Any] = {}
    for row in connection.execute(_SUBMITTED, days).all():
        submitted.setdefault(present(connection, row.paper), row)
    fields = select(*_FIELDS).where(paper.c.deleted.is_(False))
    for row in chunked(connection, fields, paper.c.number, sorted(submitted)):
        put = submitted[row.number]
        one = Candidate(row.number, row.key, put.day, True, None, row.votes, row.comments, "submitted")
        one.by = put.person
        yield one


def _among(category: str) -> ColumnElement[bool]:
    """Whether a paper is in a category. LIKE folds case in SQLite only; categories have one spelling."""
    return (literal(" ") + paper.c.categories + " ").contains(f" {category} ", autoescape=True)


def listed_authors(connection: Connection) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Day and names of the authors of every listing, the oldest day first."""
    days = edition_entry.c.day
    query = select(days, edition_entry.c.paper).distinct().order_by(days, edition_entry.c.paper)
    listings = connection.execute(query).all()
    for start in range(0, len(listings), _STRETCH):
        part = listings[start : start + _STRETCH]
        found = {one.number: one for one in papers(connection, sorted({row.paper for row in part}))}
        for row in part:
            yield row.day, tuple(author.name for author in found[row.paper].authors)


def neighbour_days(connection: Connection, first: str, last: str) -> tuple[str | None, str | None]:
    """The nearest day before `first` and the nearest after `last` that have papers."""
    before = [_one(connection, query, first=first) for query in _BEFORE]
    after = [_one(connection, query, last=last) for query in _AFTER]
    return _largest(before), min(filter(None, after), default=None)


def latest_day(connection: Connection, today: str) -> str | None:
    """The newest day up to `today` with at least three papers that are news, or one that somebody submitted.

    Else the day of the starter catalogue's edition, else the newest day of all, else None.
    """
    # Day by day: the newest is nearly always enough, and counting all days would read every paper's.
    day = _newest(connection, f"{today}~")  # "~" sorts after today and before tomorrow
    while day:
        put = connection.execute(_PUT_ON, {"on": day}).first()
        if put or connection.execute(_PAPERS_OF, {"on": day}).scalar_one() >= _ENOUGH:
            return day
        day = _newest(connection, day)
    by_starter = select(func.max(edition_entry.c.day)).where(edition_entry.c.source.in_(_STARTERS))
    return _one(connection, by_starter.where(edition_entry.c.day <= today)) or _largest(
        _one(connection, select(func.max(day))) for day in (paper.c.day, edition_entry.c.day)
    )


def days(connection: Connection) -> int:
    """How many days have papers."""
    either = union(
        select(paper.c.day).where(paper.c.day.is_not(None)).distinct(),
        select(edition_entry.c.day).distinct(),
        select(submission.c.day).where(*_PUT).distinct(),
    )
    return connection.execute(select(func.count()).select_from(either.subquery())).scalar_one()


def _newest(connection: Connection, before: str) -> str | None:
    """The newest day before one that has news."""
    return _largest(_one(connection, query, on=before) for query in _NEWEST)


def _largest(values: Iterable[str | None]) -> str | None:
    return max(filter(None, values), default=None)


def _one(connection: Connection, query: Select[Any], **days: str) -> str | None:
    value: str | None = connection.execute(query, days).scalar()
    return value
