"""Threads of comments: what answers what, and in which order they stand. Pure.

"Best" is the lower end of Wilson's interval for the share of readers who voted for a comment (E. B. Wilson, Probable
inference, the law of succession, and statistical inference, JASA 22, 1927; for ranking: E. Miller, How not to sort by
average rating, 2009), at 95 %:

    (p + z²/2n - z √(p(1-p)/n + z²/4n²)) / (1 + z²/n),   p = votes / n,   z = 1.96

There are no votes against a comment. So its readers, n, are taken to be those who voted for any comment of the thread
since this one was said, but for its author: they were there, and could choose. A comment that 3 of 4 later voters chose
stands before one that 4 of 20 chose, and who comes late is not behind for ever. Equals stand as they were said.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from broadsheet.types import Comment, Order

_Z = 1.96


class Remark(NamedTuple):
    """What order needs to know of a comment: its number, who said it, and when."""

    number: int
    person: int
    at: str


def best(remarks: Iterable[Remark], ballots: Iterable[tuple[int, int, str]]) -> dict[int, float]:
    """How good each remark is, from 0 to 1, by the votes of the thread: comment, person, when."""
    latest_first = sorted(ballots, key=lambda ballot: ballot[2], reverse=True)
    votes: dict[int, int] = {}
    for comment, _, _ in latest_first:
        votes[comment] = votes.get(comment, 0) + 1
    since: set[int] = set()
    scores: dict[int, float] = {}
    counted = 0
    for remark in sorted(remarks, key=lambda remark: remark.at, reverse=True):
        while counted < len(latest_first) and latest_first[counted][2] >= remark.at:
            since.add(latest_first[counted][1])
            counted += 1
        readers = len(since) - (remark.person in since)
        scores[remark.number] = wilson(votes.get(remark.number, 0), readers)
    return scores


def wilson(votes: int, readers: int) -> float:
    """The lower end of the interval in which the share of those who vote lies, with a confidence of 95 %."""
    if readers < 1 or votes < 1:
        return 0.0
    share = min(1.0, votes / readers)
    spread = math.sqrt(share * (1 - share) / readers + _Z**2 / (4 * readers**2))
    return (share + _Z**2 / (2 * readers) - _Z * spread) / (1 + _Z**2 / readers)


def threaded(comments: Sequence[Comment], order: Order, scores: Mapping[int, float]) -> list[Comment]:
    """Comments, given as they were said, as threads: those that answer none, in order, with their answers below them.

    Answers stand by the same order, but below the newest the oldest answer comes first, as one reads. Deleted comments
    that nothing answers are left out.
    """
    known = {comment.number: comment for comment in comments}
    tops: list[Comment] = []
    for comment in reversed(comments):  # what answers comes after what is answered
        if comment.deleted and not comment.replies:
            continue
        comment.replies = _ordered(comment.replies, Order.OLDEST if order is Order.NEWEST else order, scores)
        above = known.get(comment.parent) if comment.parent is not None else None
        (tops if above is None else above.replies).append(comment)
    return _ordered(tops, order, scores)


def _ordered(comments: list[Comment], order: Order, scores: Mapping[int, float]) -> list[Comment]:
    as_said = sorted(comments, key=lambda comment: comment.number, reverse=order is Order.NEWEST)
    if order is not Order.BEST:
        return as_said
    return sorted(as_said, key=lambda comment: (-scores.get(comment.number, 0.0), -comment.votes))
