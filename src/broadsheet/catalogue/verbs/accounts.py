"""Verbs of accounts, sessions, tokens, tickets, invitations, tallies."""

from broadsheet.catalogue.verbs.opened import Opened


class Accounts(Opened):
    """What the catalogue knows of accounts, sessions, tokens, tickets, invitations, tallies."""
