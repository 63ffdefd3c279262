"""The verbs of both clients, by subject; each is one operation of the API."""

from broadsheet.client.verbs.account import Account
from broadsheet.client.verbs.delivery import Delivery
from broadsheet.client.verbs.editions import Editions
from broadsheet.client.verbs.finding import Finding
from broadsheet.client.verbs.groups import Groups
from broadsheet.client.verbs.keeping import Keeping
from broadsheet.client.verbs.papers import Papers
from broadsheet.client.verbs.sending import Posting
from broadsheet.client.verbs.talk import Talk


class Verbs(Papers, Finding, Editions, Talk, Account, Groups, Delivery, Posting, Keeping):
    """All verbs."""


__all__ = ["Verbs"]
