"""Verbs of groups, members, shelves."""

from broadsheet.catalogue.verbs.opened import Opened


class Grouping(Opened):
    """What the catalogue knows of groups, members, shelves."""
