"""Verbs of trending: counts by day."""

from broadsheet.catalogue.verbs.opened import Opened


class Rising(Opened):
    """What the catalogue knows of trending: counts by day."""
