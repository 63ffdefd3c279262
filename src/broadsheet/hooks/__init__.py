"""Chats and webhooks: what a digest says there, and how it gets there.

    addresses  where a channel leads: what people type for each service, and what of it may be shown
    words      a message as the JSON that a webhook gets, and as the few lines that a chat gets
    said       an answer as those plugins look at it
    chats      six services by apprise's plugins, whose requests leave by our own client
    webhooks   a signed POST, by the rules of Standard Webhooks
    carrier    takes one outgoing thing to its channel

Knows no catalogue: who has the channel, and what becomes of what was tried, is told and asked by functions.
"""

from broadsheet.hooks.addresses import KINDS, WEBHOOK, Destination, parsed
from broadsheet.hooks.carrier import ChannelCarrier, Door, Gone, Line
from broadsheet.hooks.webhooks import new_secret, signature
from broadsheet.hooks.words import Item, Message, trial, written

__all__ = [
    "KINDS",
    "WEBHOOK",
    "ChannelCarrier",
    "Destination",
    "Door",
    "Gone",
    "Item",
    "Line",
    "Message",
    "new_secret",
    "parsed",
    "signature",
    "trial",
    "written",
]
