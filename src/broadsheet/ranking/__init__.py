"""Order: pure functions of records, votes and now. They fetch nothing and change nothing."""

from broadsheet.ranking.circles import circles_order
from broadsheet.ranking.editions import editions_order, newest_day_first, span_bounds, span_key
from broadsheet.ranking.notes import edition_note

__all__ = ["circles_order", "edition_note", "editions_order", "newest_day_first", "span_bounds", "span_key"]
