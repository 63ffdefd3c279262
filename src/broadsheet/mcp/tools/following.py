"""Tools of standing queries: searches that see every new paper at its arrival, and what they found."""

import re
from typing import Literal

from pydantic import Field

from broadsheet import said
from broadsheet.errors import Refused
from broadsheet.mcp.answers import Answer, Done, Papers, Queries, Query
from broadsheet.mcp.quoting import line
from broadsheet.mcp.tools.finding import matched
from broadsheet.mcp.tools.tool import Arguments, Asking, Keys, Limit, Tool
from broadsheet.types import Standing

# How near in meaning a paper without the words must be (a cosine): `library.standing.NEARNESS` says how often that is.
_NEARNESS = {"words": 1.0, "close": 0.55, "near": 0.5, "wide": 0.4}
_CURSOR = re.compile(r"(\S{10,40}) (\d{1,15})", re.ASCII)


class Follow(Arguments):
    query: str = Field(max_length=2_000, description="As in search_papers; all of its words must match.")
    unlike: str = Field(default="", max_length=500, description="What is not wanted, in plain words.")
    like: Keys = Field(default=[], max_length=20, description="Papers that those wanted are like.")
    name: str = Field(default="", max_length=120, description="What to call it.")
    nearness: Literal["words", "close", "near", "wide"] = Field(
        default="words",
        description="Also papers without the words that are near in meaning: for a query of two or three words among"
        " 1,500 papers a day, some two a month (close), two a week (near) or ten a week (wide).",
    )


class Listed(Arguments):
    pass


class Found(Arguments):
    number: int = Field(ge=1, lt=1 << 53, description="Of the standing query.")
    limit: Limit = 10
    cursor: str = Field(default="", max_length=80, description="The “next_cursor” of the answer before.")


class End(Arguments):
    number: int = Field(ge=1, lt=1 << 53, description="Of the standing query.")
    end: bool = Field(default=True, description="False takes the end back, for 30 days.")


def follow(asking: Asking, asked: Follow) -> Answer:
    made = asking.library.stand(
        asking.actor,
        asked.query,
        name=asked.name,
        unlike_text=asked.unlike,
        like=asked.like,
        near=_NEARNESS[asked.nearness],
    )
    return Done(
        done=f"Standing query {made.number}, “{line(made.name)}”, sees every paper that comes from now on.",
        number=made.number,
    )


def listed(asking: Asking, _asked: Listed) -> Answer:
    return Queries(queries=[_query(one) for one in asking.library.standing_queries(asking.actor)])


def found(asking: Asking, asked: Found) -> Answer:
    match = _CURSOR.fullmatch(asked.cursor)
    if asked.cursor and not match:
        raise Refused("This cursor was not given out here. Begin without one.")
    before = (match[1], int(match[2])) if match else None
    query = asking.library.standing(asking.actor, asked.number)
    caught = asking.library.caught(asking.actor, asked.number, limit=asked.limit, before=before)
    last = caught[-1] if len(caught) == asked.limit else None
    return Papers(
        papers=[
            asking.brief(one.paper, why=f"came {one.at[:16].replace('T', ' ')}; {matched(one.why)}") for one in caught
        ],
        total=query.hits,
        next_cursor=f"{last.at} {last.paper.number}" if last else None,
        heading=f"Standing query {query.number} found {said.count(query.hits, 'paper')}",
        notes=[] if caught else ["Nothing yet: it sees papers that came after it was made."],
    )


def end(asking: Asking, asked: End) -> Answer:
    done = asking.library.end_standing(asking.actor, asked.number, on=asked.end)
    name = f"Standing query {done.number}, “{line(done.name)}”,"
    return Done(done=f"{name} {'ended' if asked.end else 'goes on'}.", number=done.number)


def _query(one: Standing) -> Query:
    return Query(
        number=one.number,
        name=line(one.name),
        query=line(one.text),
        unlike=line(one.unlike_text),
        found=one.hits,
        since=one.made,
    )


TOOLS = (
    Tool(
        "follow_query",
        "Follow a query",
        "Makes a standing query: a search that sees every new paper once, at its arrival.",
        Follow,
        Done,
        follow,
        ("stand",),
        writes=True,
        again=False,
    ),
    Tool(
        "standing_queries",
        "List standing queries",
        "Your standing queries, the newest first.",
        Listed,
        Queries,
        listed,
        ("read mine",),
    ),
    Tool(
        "query_hits",
        "Read what a standing query found",
        "What one of your standing queries found, the latest first, and why.",
        Found,
        Papers,
        found,
        ("read mine",),
    ),
    Tool(
        "end_query",
        "End a standing query",
        "Ends one of your standing queries; that can be taken back for 30 days.",
        End,
        Done,
        end,
        ("stand",),
        writes=True,
        takes=True,
    ),
)
