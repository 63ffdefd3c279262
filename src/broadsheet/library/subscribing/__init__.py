"""Verbs of subscribing: what is sent to whom, by whose word, and how it is changed and ended.

asking    an address or an account asks for something, and confirms it
changing  what one is sent: changed, paused, ended, taken up again
"""

from broadsheet.library.subscribing.asking import Asking as Subscribing

__all__ = ["Subscribing"]
