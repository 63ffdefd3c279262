"""Verbs of what people do with papers: votes, comments, submissions, claims, following, notices."""

from broadsheet.library.opened import Opened


class Talking(Opened):
    """Votes, comments, submissions."""
