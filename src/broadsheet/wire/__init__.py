"""The nouns as JSON, and back: what our own API says and its client reads, so that both mean the same by a word.

    shapes    stretches of lists and other answers that are no noun by themselves
    writing   a value as what JSON knows
    reading   what JSON says as a value

Each field of a noun is a field of its object. What the catalogue alone needs (`HIDDEN`) is left out; a role is its
name; a named tuple is an object.
"""

from broadsheet.wire.reading import Misread, made
from broadsheet.wire.shapes import (
    Answered,
    CommentVote,
    EditionStretch,
    Following,
    Found,
    Gained,
    GroupStretch,
    Link,
    Listed,
    Mapped,
    NewChannel,
    NewInvitation,
    NewToken,
    Point,
    Quoted,
    ShelfStretch,
    TrendingStretch,
    Unread,
)
from broadsheet.wire.writing import HIDDEN, plain

__all__ = [
    "HIDDEN",
    "Answered",
    "CommentVote",
    "EditionStretch",
    "Following",
    "Found",
    "Gained",
    "GroupStretch",
    "Link",
    "Listed",
    "Mapped",
    "Misread",
    "NewChannel",
    "NewInvitation",
    "NewToken",
    "Point",
    "Quoted",
    "ShelfStretch",
    "TrendingStretch",
    "Unread",
    "made",
    "plain",
]
