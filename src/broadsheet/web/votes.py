"""Vote buttons: on cards, on papers' pages, below comments.

A page has one form for all its votes (base.html); a button names its paper. That is short, since there are twenty on a
page, and works without JavaScript: a button says what shall be ("up" or "down"), not that something shall change, so
that a vote sent twice counts once.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from broadsheet import said
from broadsheet.library import Library
from broadsheet.permissions import may
from broadsheet.types import Comment, Counted, Paper, Visitor, Vote
from broadsheet.web.cards import path
from broadsheet.web.contexts import Link
from broadsheet.web.contexts.talk import FollowButton, VoteButton, Votes

VOTERS = 12  # people named below a paper

_HUGGING_FACE = ("daily-api", "daily-lines", "daily-page", "hf-daily", "page")


def sign_in(back: str) -> str:
    """The address of signing in, from where one comes back to `back`."""
    return f"/sign-in?{urlencode({'back': back}, safe='/:')}"


def buttons(library: Library, visitor: Visitor, papers: Sequence[Paper], *, group: str = "") -> dict[str, VoteButton]:
    """The buttons of the papers of a list, by key. Raises NotFound for a group the visitor is not in."""
    found: Mapping[str, Vote] = {}
    if papers and (group or visitor.actor.role is not None):
        found = library.votes([paper.id for paper in papers], visitor.actor, group=group)
    return {paper.id: button(visitor, found.get(paper.id) or _seen(paper, group), group=group) for paper in papers}


def _seen(paper: Paper, group: str) -> Vote:
    """How a paper stands for who has no vote."""
    return Vote(paper.id, 0 if group else paper.own_votes, mine=False)


def button(visitor: Visitor, vote: Vote, *, group: str = "") -> VoteButton:
    """The button of one paper."""
    return VoteButton(
        id=f"v{vote.paper}",
        name="down" if vote.mine else "up",
        value=vote.paper,
        votes=vote.votes,
        mine=vote.mine,
        sign_in="" if visitor.actor.role is not None else sign_in(path(vote.paper)),
        action=f"/vote?{urlencode({'group': group})}" if group else "",
    )


def of_comment(visitor: Visitor, comment: Comment) -> VoteButton | None:
    """The button of a comment: none on one's own, and none where one may not vote."""
    if comment.mine or not may(visitor.actor, "vote"):
        return None
    return VoteButton(
        id=f"vc{comment.number}",
        name="dislike" if comment.voted else "like",
        value=str(comment.number),
        votes=comment.votes,
        mine=comment.voted,
    )


def of_paper(library: Library, visitor: Visitor, paper: Paper, counted: Sequence[Counted]) -> Votes:
    """All that a paper's page shows of votes: the button, what others counted, who voted, and what else one can do."""
    actor = visitor.actor
    votes = Votes(buttons(library, visitor, [paper])[paper.id], _elsewhere(paper, counted))
    if votes.button.votes:
        votes.voters = [Link(f"/people/{one.name}", one.shown or one.name) for one in library.voters(paper.id, VOTERS)]
    if may(actor, "follow"):
        votes.follow = FollowButton(paper.id, on=library.follows(actor, paper.id))
    if paper.authors and may(actor, "claim"):
        votes.claim = Link(f"{path(paper.id)}/claim", "I am an author")
    return votes


def _elsewhere(paper: Paper, counted: Sequence[Counted]) -> list[str]:
    """What sources counted, in words: Hugging Face by its name, others as what they are."""
    last = {one.source: one.count for one in counted if one.kind == "votes" and one.source != "here"}
    ours = {source.partition(":")[0] for source in (*last, *paper.sources)}
    where = "on Hugging Face" if ours & set(_HUGGING_FACE) else "elsewhere"
    counts = [(paper.votes, "vote"), (paper.comments, "comment")]
    words = " and ".join(said.count(number, noun) for number, noun in counts if number)
    return [f"{words} {where}"] if words else []
