"""Verbs of trending: what rises, what fell, and the counts behind it."""

from broadsheet.library.opened import Opened


class Rising(Opened):
    """Trending and the history of signals."""
