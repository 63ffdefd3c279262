"""How facts are said, as all faces say them (`broadsheet.said`), for pages and their templates."""

from broadsheet.said import (
    DAYS,
    MONTHS,
    count,
    day,
    edition,
    happened,
    moment,
    neighbour,
    size,
    span,
    stretch,
    week,
    weekday,
)

__all__ = [
    "DAYS",
    "MONTHS",
    "count",
    "day",
    "edition",
    "happened",
    "moment",
    "neighbour",
    "size",
    "span",
    "stretch",
    "week",
    "weekday",
]
