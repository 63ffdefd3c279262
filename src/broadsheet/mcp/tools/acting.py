"""Tools that change something: vote, keep a paper, say something. They act for whom the token belongs to."""

from pydantic import Field

from broadsheet import markup, said
from broadsheet.errors import Refused
from broadsheet.mcp.answers import Answer, Done, Papers
from broadsheet.mcp.tools.tool import Arguments, Asking, Key, Limit, Offset, Tool, more


class Vote(Arguments):
    id: Key
    up: bool = Field(default=True, description="False takes the vote back.")


class Save(Arguments):
    id: Key
    shelf: str = Field(
        default="",
        max_length=100,
        description="The name of a reading group, whose shelf takes the paper; without one it is kept for yourself"
        " and its new versions become notices.",
    )
    note: str = Field(default="", max_length=2_000, description="What the shelf says of the paper.")
    keep: bool = Field(default=True, description="False takes it away again.")


class Saved(Arguments):
    shelf: str = Field(
        default="", max_length=100, description="The name of a reading group; without one, what you keep."
    )
    limit: Limit = 20
    offset: Offset = 0


class Say(Arguments):
    id: Key
    text: str = Field(max_length=markup.MOST_TEXT, description="Markdown. Everybody reads it under the account's name.")
    parent: int | None = Field(
        default=None, ge=1, lt=1 << 53, description="The number of the comment that this one answers."
    )


def vote(asking: Asking, asked: Vote) -> Answer:
    done = asking.library.vote(asking.actor, asked.id, up=asked.up)
    paper = asking.library.paper(done.paper)
    act = "You voted for" if asked.up else "You took your vote back from"
    return Done(done=f"{act} {paper.id}.", id=paper.id, url=asking.page(paper), votes=paper.votes + paper.own_votes)


def save(asking: Asking, asked: Save) -> Answer:
    library, actor = asking.library, asking.actor
    paper = library.paper(asked.id)
    if asked.shelf:
        library.shelve(actor, asked.shelf, paper.id, asked.note, on=asked.keep)
        where, url = f"the shelf of {asked.shelf}", f"{asking.base}groups/{asked.shelf}/shelf"
    elif asked.note:
        raise Refused("A note stands on a group's shelf: name the group as “shelf”, or leave out the note.")
    else:
        library.follow_paper(actor, paper.id, on=asked.keep)
        where, url = "what you follow", asking.page(paper)
    done = f"{paper.id} is {'in' if asked.keep else 'no longer in'} {where}."
    return Done(done=done, id=paper.id, url=url)


def saved(asking: Asking, asked: Saved) -> Answer:
    library, actor = asking.library, asking.actor
    if asked.shelf:
        shelf = library.shelf(actor, asked.shelf, limit=asked.limit, offset=asked.offset)
        found, total = [(one.paper, one.note) for one in shelf.entries], shelf.total
        heading = f"The shelf of {asked.shelf}: {said.count(total, 'paper')}"
    else:
        followed = library.followed(actor)
        found, total = [(one, "") for one in followed[asked.offset : asked.offset + asked.limit]], len(followed)
        heading = f"You follow {said.count(total, 'paper')}"
    return Papers(
        papers=[
            asking.brief(paper, place, note=note) for place, (paper, note) in enumerate(found, start=asked.offset + 1)
        ],
        total=total,
        offset=asked.offset,
        next_offset=more(asked.offset, len(found), total),
        heading=heading,
    )


def say(asking: Asking, asked: Say) -> Answer:
    paper = asking.library.paper(asked.id)
    made = asking.library.comment(asking.actor, paper.id, asked.text, parent=asked.parent)
    url = f"{asking.page(paper)}#c{made.number}"
    return Done(done=f"Your comment on {paper.id} has number {made.number}.", id=paper.id, url=url, number=made.number)


TOOLS = (
    Tool(
        "vote",
        "Vote for a paper",
        "Votes for a paper, or takes the vote back. One vote a person: a second one changes nothing.",
        Vote,
        Done,
        vote,
        ("vote",),
        writes=True,
    ),
    Tool(
        "save_paper",
        "Save a paper",
        "Keeps a paper: among those you follow, or on the shelf of a reading group you are in.",
        Save,
        Done,
        save,
        ("follow", "shelve"),
        writes=True,
    ),
    Tool(
        "saved_papers",
        "List saved papers",
        "The papers you follow, or the shelf of a reading group you are in, the latest first.",
        Saved,
        Papers,
        saved,
        ("inbox", "read group"),
    ),
    Tool(
        "comment",
        "Comment on a paper",
        "Says something of a paper, for everybody to read. Ask the person you act for first.",
        Say,
        Done,
        say,
        ("comment",),
        writes=True,
        again=False,
    ),
)
