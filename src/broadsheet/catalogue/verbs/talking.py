"""Verbs of votes, comments, submissions, claims, notices."""

from broadsheet.catalogue.verbs.opened import Opened


class Talking(Opened):
    """What the catalogue knows of votes, comments, submissions, claims, notices."""
