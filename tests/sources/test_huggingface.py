"""The daily papers, live: day by day, with votes and comments, weekends and the day that has not begun."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from broadsheet.errors import BadRecord, BadSource, Refused, Unavailable
from broadsheet.sources.huggingface import DailyPapers
from broadsheet.sources.live import Batch, Request
from broadsheet.types import Author, Identifier, Record
from tests.servers.kit import Asked, Clock, LocalServer, Reply, broken_off, client, cut, replies, status, web_page

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)  # a Friday


def item(name: str, day: str, **paper: object) -> dict[str, object]:
    """An item of a day's list, in the API's form."""
    return {
        "paper": {
            "id": name,
            "authors": [{"_id": "1", "name": "Ada Moss", "hidden": False}],
            "publishedAt": "2026-11-17T00:00:00.000Z",
            "submittedOnDailyAt": f"{day}T00:00:00.000Z",
            "title": f"On Gears, Part {name}",
            "summary": "Gears are set in order.",
            "upvotes": 5,
            **paper,
        },
        "publishedAt": f"{day}T01:10:00.000Z",
        "title": f"On Gears, Part {name}",
        "numComments": 2,
        "submittedBy": {"fullname": "Bo", "name": "bo"},
    }


@dataclass
class Daily:
    """Answers as the API of the daily papers does. `today` is the last day it knows."""

    days: dict[str, list[object]] = field(default_factory=dict)
    today: str = "2026-11-20"

    def __call__(self, asked: Asked) -> Reply:
        day, page, limit = asked.query["date"], int(asked.query["p"]), int(asked.query["limit"])
        if asked.path != "/api/daily_papers" or limit > 100:
            return Reply(b'{"error": "Not so"}', 404, kind="application/json")
        if day > self.today:
            return Reply(b'{"error": "Invalid date"}', 400, kind="application/json")
        part = self.days.get(day, [])[page * limit : (page + 1) * limit]
        return Reply(json.dumps(part).encode(), kind="application/json; charset=utf-8")


@pytest.fixture
def daily() -> Daily:
    names = ("2026-11-16", "2026-11-18", "2026-11-19", "2026-11-20")
    return Daily({day: [item(f"2611.{day[-2:]}00{n}", day, upvotes=9 - n) for n in range(3)] for day in names})


@pytest.fixture
def server(daily: Daily) -> Iterator[LocalServer]:
    with LocalServer(daily) as server:
        yield server


def run(
    server: LocalServer,
    cursor: str = "",
    *,
    now: datetime = NOW,
    limit: int = 100,
    clock: Clock | None = None,
    **asked: object,
) -> list[Batch]:
    """All batches of one run."""
    with client(clock) as asking:
        source = DailyPapers(asking, address=server.address, limit=limit)
        return list(source.batches(cursor, Request(now, **asked)))  # type: ignore[arg-type]


def records(batches: list[Batch]) -> list[Record]:
    return [one for batch in batches for one in batch.results if isinstance(one, Record)]


def asked_days(server: LocalServer) -> list[str]:
    return [one.query["date"] for one in server.asked]


def test_the_last_three_days_are_read_if_nothing_is_said(server: LocalServer) -> None:
    batches = run(server)
    assert asked_days(server) == ["2026-11-18", "2026-11-19", "2026-11-20"]
    assert [(one.edition, one.position) for one in records(batches)] == [
        (f"2026-11-{day}", position) for day in (18, 19, 20) for position in (1, 2, 3)
    ]
    assert {one.source for one in records(batches)} == {"hf-daily"}
    assert [batch.done for batch in batches] == [False, False, True]


def test_a_record_holds_votes_comments_and_code(daily: Daily, server: LocalServer) -> None:
    code = {"githubRepo": "https://github.com/moss/gears", "githubStars": 7, "ai_keywords": ["gears"]}
    daily.days["2026-11-20"] = [item("2611.00017", "2026-11-20", upvotes=12, **code)]
    (record,) = records(run(server, since="2026-11-20"))
    assert record == Record(
        source="hf-daily",
        source_key="2611.00017",
        title="On Gears, Part 2611.00017",
        abstract="Gears are set in order.",
        authors=(Author("Ada Moss"),),
        published="2026-11-17",
        identifiers=(Identifier("arxiv", "2611.00017"),),
        links=("https://github.com/moss/gears",),
        keywords=("gears",),
        votes=12,
        comments=2,
        stars=7,
        edition="2026-11-20",
        position=1,
    )


def test_from_a_day_to_a_day(server: LocalServer) -> None:
    run(server, since="2026-11-16", until="2026-11-18")
    assert asked_days(server) == ["2026-11-16", "2026-11-17", "2026-11-18"]


def test_days_before_the_first_list_and_after_today_are_not_asked_for(server: LocalServer) -> None:
    run(server, since="2020-01-01", until="2023-05-05")
    assert asked_days(server) == ["2023-05-04", "2023-05-05"]
    server.asked.clear()
    run(server, since="2026-11-19", until="2026-12-31")
    assert asked_days(server) == ["2026-11-19", "2026-11-20"]


@pytest.mark.parametrize("limit", [1, 2, 3, 4])
def test_a_list_of_several_pages_is_read_to_its_end(server: LocalServer, limit: int) -> None:
    batches = run(server, since="2026-11-19", limit=limit)
    assert [one.position for one in records(batches)] == [1, 2, 3, 1, 2, 3]


def test_a_paper_that_moves_between_pages_counts_once(daily: Daily, server: LocalServer) -> None:
    one, two, three = daily.days["2026-11-20"]
    daily.days["2026-11-20"] = [one, two, two, three]
    batches = run(server, since="2026-11-20", limit=2)
    assert [(r.source_key, r.position) for r in records(batches)] == [
        ("2611.20000", 1),
        ("2611.20001", 2),
        ("2611.20002", 3),
    ]


def test_a_weekend_is_empty_and_no_error(server: LocalServer) -> None:
    batches = run(server, now=datetime(2026, 11, 15, 12, tzinfo=UTC))
    assert records(batches) == []
    assert batches[-1].done


def test_a_day_that_has_not_begun_there_is_no_error(daily: Daily, server: LocalServer) -> None:
    daily.today = "2026-11-19"
    batches = run(server)
    assert batches[-1].note == "There is no list of 2026-11-20 yet."
    assert batches[-1].done
    assert len(records(batches)) == 6


def test_a_refusal_of_a_day_gone_by_is_an_error(server: LocalServer) -> None:
    server.plan(status(400))
    with pytest.raises(BadSource, match="400"):
        run(server)


def test_a_run_that_was_cut_short_goes_on(server: LocalServer) -> None:
    first, *_ = run(server, since="2026-11-16")
    server.asked.clear()
    run(server, first.cursor, since="2026-11-16")
    assert asked_days(server)[0] == "2026-11-17"


def test_the_next_run_reads_two_days_again_for_their_votes(server: LocalServer) -> None:
    cursor = run(server)[-1].cursor
    server.asked.clear()
    run(server, cursor, now=datetime(2026, 11, 20, 20, tzinfo=UTC))
    assert asked_days(server) == ["2026-11-18", "2026-11-19", "2026-11-20"]


def test_days_that_were_missed_are_read(server: LocalServer) -> None:
    cursor = run(server, now=datetime(2026, 11, 10, 12, tzinfo=UTC))[-1].cursor
    server.asked.clear()
    run(server, cursor)
    assert asked_days(server)[0] == "2026-11-08"
    assert len(server.asked) == 13


def test_days_to_come_are_not_asked_for(server: LocalServer) -> None:
    (batch,) = run(server, since="2026-11-25")
    assert batch.done
    assert server.asked == []


def test_a_date_that_is_none_is_refused(server: LocalServer) -> None:
    with pytest.raises(Refused, match="is no day"):
        run(server, since="yesterday")


def test_bad_items_are_refused_alone(daily: Daily, server: LocalServer) -> None:
    daily.days["2026-11-20"] += [
        "what",
        3,
        None,
        {},
        item("not-an-id", "2026-11-20"),
        item("2611.00018", "2026-11-20", upvotes="many"),
    ]
    batches = run(server, since="2026-11-20")
    assert len(records(batches)) == 3
    refused = [str(one) for one in batches[0].results if isinstance(one, BadRecord)]
    assert len(refused) == 6
    assert refused[0] == "an item of the list is text, not an object"
    assert refused[-1] == "2611.00018: upvotes is text, not a whole number"


@pytest.mark.parametrize(
    "fault",
    [status(503, retry_after=5), status(429), web_page(), cut(0.9), broken_off(), replies(Reply(b'{"error": "x"}'))],
    ids=["503", "429", "web page", "cut", "broken off", "an object"],
)
def test_what_may_pass_is_tried_again(server: LocalServer, fault: object) -> None:
    server.plan(fault, fault)  # type: ignore[arg-type]
    assert len(records(run(server))) == 9


def test_a_server_that_stays_down_keeps_the_days_that_came(server: LocalServer) -> None:
    server.plan(None, *[status(503)] * 5)
    with client() as asking:
        batches = DailyPapers(asking, address=server.address).batches("", Request(NOW))
        assert len(next(batches).results) == 3
        with pytest.raises(Unavailable):
            next(batches)


def test_an_object_where_a_list_should_be_is_refused_at_last(server: LocalServer) -> None:
    server.plan(*[replies(Reply(b'{"error": "x"}'))] * 5)
    with pytest.raises(BadSource, match="an object; a list was expected"):
        run(server)


def test_a_list_without_end_is_refused(server: LocalServer) -> None:
    full = [item(f"2611.{n:05}", "2026-11-20") for n in range(1, 3)]
    server.plan(*[replies(Reply(json.dumps(full).encode()))] * 50)
    with pytest.raises(BadSource, match="do not end"):
        run(server, since="2026-11-20", limit=2)
