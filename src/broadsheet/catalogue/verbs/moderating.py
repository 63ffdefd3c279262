"""Verbs of flags, what moderators did."""

from broadsheet.catalogue.verbs.opened import Opened


class Moderating(Opened):
    """What the catalogue knows of flags, what moderators did."""
