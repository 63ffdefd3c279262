"""Verbs of accounts: coming in, staying in, and leaving."""

from broadsheet.library.opened import Opened


class Accounts(Opened):
    """Accounts and the ways into them."""
