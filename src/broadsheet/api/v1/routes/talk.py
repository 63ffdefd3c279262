"""What people say and do about papers: votes, comments, submissions, claims, follows."""

from typing import Annotated

from fastapi import Query
from pydantic import ConfigDict, Field

from broadsheet.api.v1.asking import Asked, Precondition
from broadsheet.api.v1.operations import Operations
from broadsheet.api.v1.parameters import (
    NAME,
    Count,
    Cursor,
    InGroup,
    Keys,
    Limit,
    Number,
    PaperId,
    Reason,
    Sent,
    Text,
    Whole,
    Word,
)
from broadsheet.types import Authorship, Comment, Order, Person, Submission, Vote
from broadsheet.types import Text as Former
from broadsheet.wire import CommentVote, Following, Listed

talk = Operations("talk", "Votes, comments, submissions, claims and follows.")

Ordered = Annotated[Order, Query(description="The best first, the newest, or the oldest.")]

# Votes.


@talk.reads("/votes")
def votes(asked: Asked, paper: Keys, group: InGroup = "") -> Listed[Vote]:
    """How papers stand; those that are not here are left out."""
    return Listed(list(asked.library.votes(paper, asked.actor, group=group).values()))


@talk.reads("/papers/{paper:path}/voters")
def voters(asked: Asked, paper: PaperId, limit: Limit = 50) -> Listed[Person]:
    """Who voted for a paper and shows it, the first first."""
    return Listed(asked.library.voters(paper, limit))


@talk.puts("/papers/{paper:path}/vote", rule="vote", counted="vote")
def vote(asked: Asked, paper: PaperId, group: InGroup = "") -> Vote:
    """Vote for a paper."""
    return asked.library.vote(asked.actor, paper, up=True, group=group)


@talk.ends("/papers/{paper:path}/vote", rule="vote", counted="vote", status=200)
def unvote(asked: Asked, paper: PaperId, group: InGroup = "") -> Vote:
    """Take a vote back."""
    return asked.library.vote(asked.actor, paper, up=False, group=group)


# Comments.


@talk.reads("/papers/{paper:path}/comments")
def comments(asked: Asked, paper: PaperId, order: Ordered = Order.BEST, group: InGroup = "") -> Listed[Comment]:
    """What was said of a paper, with the answers below each comment."""
    return Listed(asked.library.comments(paper, actor=asked.actor, order=order, group=group))


class Said(Sent):
    """A comment in Markdown; `parent` is the number of the one that it answers, `group` where it is said."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "How does Lemma 2 follow from **this**?"}]})

    text: Text
    parent: Whole | None = None
    group: Word = ""


@talk.makes("/papers/{paper:path}/comments", rule="comment", counted="comment")
def comment(asked: Asked, paper: PaperId, body: Said) -> Comment:
    """Say something of a paper, or answer what was said."""
    said = asked.library.comment(asked.actor, paper, body.text, parent=body.parent, group=body.group)
    asked.location = f"/comments/{said.number}"
    return said


@talk.reads("/comments")
def latest_comments(
    asked: Asked,
    person: Annotated[str, Query(description="Only what this person said.", max_length=NAME)] = "",
    limit: Limit = 20,
    cursor: Cursor = "",
) -> Listed[Comment]:
    """The newest comments that everybody may read."""
    return asked.numbered(
        lambda limit, before: asked.library.latest_comments(limit, before, person=person, actor=asked.actor),
        lambda one: one.number,
        limit,
        cursor,
    )


@talk.reads("/comments/{number}")
def comment_of(asked: Asked, number: Number) -> Comment:
    """One comment, without its answers."""
    return asked.library.comment_of(asked.actor, number)


@talk.reads("/comments/{number}/texts")
def comment_texts(asked: Asked, number: Number) -> Listed[Former]:
    """What a comment said before each of its edits, the oldest first."""
    return Listed(asked.library.comment_texts(asked.actor, number))


class Edit(Sent):
    """What a comment says from now on; `edit` is how often it had been changed when it was read."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "How does Lemma 3 follow?", "edit": 0}]})

    text: Text
    edit: Count | None = None


@talk.changes("/comments/{number}", rule="edit", counted="comment")
def edit_comment(asked: Asked, number: Number, body: Edit) -> Comment:
    """Change one's own comment.

    Say what you saw, by `edit` or by the comment's ETag in `If-Match`: what somebody else (or you, elsewhere) wrote
    meanwhile is not lost.
    """
    edit = body.edit
    if asked.request.headers.get("if-match"):
        now = asked.library.comment_of(asked.actor, number)
        asked.expects(now)
        edit = now.edits if edit is None else edit
    if edit is None:
        raise Precondition("Say which edit you saw: “edit” in the body, or the ETag in If-Match.", missing=True)
    return asked.library.edit_comment(asked.actor, number, body.text, edit=edit)


@talk.ends("/comments/{number}", rule="delete")
def delete_comment(asked: Asked, number: Number) -> None:
    """Delete what one's own comment says and ever said."""
    asked.library.delete_comment(asked.actor, number)


@talk.puts("/comments/{number}/vote", rule="vote", counted="vote")
def vote_comment(asked: Asked, number: Number) -> CommentVote:
    """Vote for somebody else's comment."""
    return CommentVote(number, asked.library.vote_comment(asked.actor, number))


@talk.ends("/comments/{number}/vote", rule="vote", counted="vote", status=200)
def unvote_comment(asked: Asked, number: Number) -> CommentVote:
    """Take the vote for a comment back."""
    return CommentVote(number, asked.library.vote_comment(asked.actor, number, up=False))


# Submissions.


@talk.reads("/submissions")
def submissions(
    asked: Asked,
    *,
    day: Annotated[str, Query(description="Of the edition of this day.", max_length=20, examples=["2026-11-20"])] = "",
    person: Annotated[str, Query(description="Of this person.", max_length=NAME)] = "",
    group: InGroup = "",
    limit: Limit = 20,
    cursor: Cursor = "",
) -> Listed[Submission]:
    """Papers that people put into editions, the newest first; of one's own also those that wait or came to nothing."""
    return asked.numbered(
        lambda limit, before: asked.library.submissions(
            actor=asked.actor, day=day or None, person=person, group=group, limit=limit, before=before
        ),
        lambda one: one.number,
        limit,
        cursor,
    )


class Submitting(Sent):
    """A paper by any of its names, a comment that opens its discussion, and the group whose edition it is for."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"paper": "2611.00001", "comment": "Worth an hour."}]})

    paper: Annotated[str, Field(max_length=1_000)]
    comment: Text = ""
    group: Word = ""


@talk.makes("/submissions", rule="submit", counted="submit")
def submit(asked: Asked, body: Submitting) -> Submission:
    """Put a paper into the open edition; one that is not here is fetched, and waited for."""
    return asked.library.submit(asked.actor, body.paper, comment=body.comment, group=body.group)


@talk.ends("/submissions/{number}", rule="submit")
def withdraw_submission(asked: Asked, number: Number, reason: Reason = "") -> None:
    """Take a submission out of its edition: one's own, or as a moderator with a reason."""
    asked.library.withdraw_submission(asked.actor, number, reason)


# Claims.


@talk.reads("/papers/{paper:path}/claims")
def claims_on(asked: Asked, paper: PaperId) -> Listed[Authorship]:
    """The authors of a paper who are here."""
    return Listed(asked.library.claims_on(paper, actor=asked.actor))


class Claim(Sent):
    """The name among the paper's authors that is one's own."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"author": "Ada Lovelace"}]})

    author: Annotated[str, Field(max_length=2_000)]


@talk.puts("/papers/{paper:path}/claim", rule="claim", counted="claim")
def claim(asked: Asked, paper: PaperId, body: Claim) -> Authorship:
    """Claim to be an author of a paper."""
    return asked.library.claim(asked.actor, paper, body.author)


@talk.ends("/papers/{paper:path}/claim", rule="claim")
def withdraw_claim(asked: Asked, paper: PaperId) -> None:
    """Take one's claim back."""
    asked.library.withdraw_claim(asked.actor, paper)


# Follows.


@talk.reads("/papers/{paper:path}/follow")
def follows(asked: Asked, paper: PaperId) -> Following:
    """Whether one follows a paper."""
    return _following(asked, paper)


@talk.puts("/papers/{paper:path}/follow", rule="follow")
def follow_paper(asked: Asked, paper: PaperId) -> Following:
    """Follow a paper: its new versions become notices."""
    asked.library.follow_paper(asked.actor, paper)
    return _following(asked, paper)


@talk.ends("/papers/{paper:path}/follow", rule="follow", status=200)
def unfollow_paper(asked: Asked, paper: PaperId) -> Following:
    """Follow a paper no longer."""
    asked.library.follow_paper(asked.actor, paper, on=False)
    return _following(asked, paper)


def _following(asked: Asked, paper: str) -> Following:
    return Following(asked.library.paper(paper).id, asked.library.follows(asked.actor, paper))
