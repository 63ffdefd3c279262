"""The one way out to the network: polite, bounded, and never to where it was not meant to go.

    client       asks, follows redirects, tries again, gives up; what comes back is an Answer
    wire         one request over one connection; the body, unpacked and bounded
    network      connections to the very address that was checked, and not for ever
    addresses    which addresses on the network are public, and what a web address may look like
    gate         how often a host is asked, by all threads and processes of this machine together

Knows nothing of papers. A client keeps no cookies, takes no proxy from the environment, and says no secret: its
messages show an address without what follows the question mark.
"""

from broadsheet.fetching.answer import Answer, Validators
from broadsheet.fetching.client import Client
from broadsheet.fetching.gate import Gate

__all__ = ["Answer", "Client", "Gate", "Validators"]
