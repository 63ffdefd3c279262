"""Verbs of moderation: flags, hiding and restoring, bans, and the log of it all."""

from broadsheet.library.opened import Opened


class Moderating(Opened):
    """Moderation."""
