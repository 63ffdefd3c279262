"""Order: pure functions of records, votes and now. They fetch nothing and change nothing."""

from broadsheet.ranking.circles import circles_order
from broadsheet.ranking.digests import begins, choose, digest_days, digest_key, goes_on, local_day, next_due
from broadsheet.ranking.editions import editions_order, newest_day_first, span_bounds, span_key
from broadsheet.ranking.notes import edition_note
from broadsheet.ranking.trending import WEIGHTS, Formula, Scored, by_signals

__all__ = [
    "WEIGHTS",
    "Formula",
    "Scored",
    "begins",
    "by_signals",
    "choose",
    "circles_order",
    "digest_days",
    "digest_key",
    "edition_note",
    "editions_order",
    "goes_on",
    "local_day",
    "newest_day_first",
    "next_due",
    "span_bounds",
    "span_key",
]
