"""What every feed is, before it is written in one form or another."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from hashlib import blake2b
from typing import NamedTuple
from urllib.parse import urlencode

TITLE = 500  # characters
TEXT = 24_000  # characters of an abstract or a comment
AUTHORS = 30  # that are named
SHORT = 300  # characters of a summary


class Way(NamedTuple):
    """Another place of something: its absolute address, what it is in words, and its type on the web."""

    href: str
    text: str
    type: str = "text/html"


@dataclass(slots=True)
class Item:
    """One entry. `name` is it for good; whatever else changes, readers know it again by that.

    `title` and `text` are as their source wrote them, TeX included. `path` is its page here. `published` and `updated`
    are instants ("2026-11-20T17:59:01Z"). `note` is why it is there, `facts` are short ones that stand below it. What
    has more authors than are named says so in `others`. `talk` is the page of its comments.
    """

    name: str
    title: str
    path: str
    published: str
    updated: str
    authors: tuple[str, ...] = ()
    others: int = 0
    text: str = ""
    note: str = ""
    facts: tuple[str, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()
    ways: tuple[Way, ...] = ()
    talk: str = ""


class Turn(NamedTuple):
    """Where a feed goes on: RFC 5005's word for it, and the address of that document without its ending."""

    rel: str
    path: str
    fields: Mapping[str, str]


@dataclass(slots=True)
class Feed:
    """A feed. `path` with `fields` is its own address, before the ending; `page` is the page that it follows.

    `name` is its name for good. `since` is when it was last new where nothing stands in it. `turns` lead to its other
    documents; an `archive` document is of days that are over. `private`: it is for who has its key, or is signed in.
    """

    name: str
    path: str
    page: str
    title: str
    since: str
    subtitle: str = ""
    items: list[Item] = field(default_factory=list)
    fields: Mapping[str, str] = field(default_factory=dict)
    turns: list[Turn] = field(default_factory=list)
    archive: bool = False
    private: bool = False

    @property
    def updated(self) -> str:
        """When something in it was last new."""
        return max((item.updated for item in self.items), default=self.since)

    def mark(self) -> str:
        """A short text that is another one when anything in it is: a fingerprint, made before any form is written."""
        digest = blake2b(digest_size=9)
        for one in fields(self):
            digest.update(repr(getattr(self, one.name)).encode("utf-8", "replace"))
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Site:
    """What feeds say of the place: its name, its address without a slash at the end, and the hub it tells of news."""

    title: str
    address: str
    hub: str = ""
    language: str = "en"

    def at(self, path: str, ending: str = "", given: Mapping[str, str] | None = None) -> str:
        """An absolute address."""
        query = f"?{urlencode(given)}" if given else ""
        return f"{self.address}{path}{'.' if ending else ''}{ending}{query}"

    def of(self, feed: Feed, ending: str) -> str:
        """Where a feed is in this form."""
        return self.at(feed.path, ending, feed.fields)


def distinct(items: list[Item]) -> list[Item]:
    """The items without those that are there already: nothing comes twice in one feed."""
    return list({item.name: item for item in reversed(items)}.values())[::-1]
