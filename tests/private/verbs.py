"""Every verb of the door, with what a prober would ask of it, by the names of its parameters."""

import inspect
import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from broadsheet.errors import BroadsheetError
from broadsheet.library import Library
from broadsheet.types import Actor, Form, NoticeKind, Rhythm, Role, Scope, Span, Status, Subscription, Wanted, Window
from tests.private.faces import CHANGING
from tests.private.worlds import NAME, OTHER, PAPER, THIRD, World

# What these tell is no matter of groups, or changes from one asking to the next whoever is there.
LEFT_OUT: Mapping[str, str] = {
    "channel_heard": "is told by a carrier what came of an attempt",
    "channel_line": "is asked by a carrier where a channel leads",
    "close": "lets go of the files",
    "due_subscriptions": "is asked by the schedule, which sends what it is given to its own subscriber",
    "begin_passkey": "makes a challenge by chance",
    "owner_actor": "is asked where there is one person only, and makes an account",
    "rebuild_index": "the index is read as files below",
    "send_due": "is asked by who runs the place, with carriers",
    "sign": "signs what it is given",
    "export_papers": "writes a file, which tests/test_bulk.py compares",
    "warm": "says nothing",
    "write_digests": "is given by the schedule what it decided",
    "write_summaries": "asks a language model about papers; nobody asks for it",
}
LAST = ("leave", "ban", "unban")  # after these somebody is no more what they were


def values(world: World, actor: Actor) -> Mapping[str, tuple[Any, ...]]:
    """What is given for each parameter. Those with a default that are not named here keep it."""
    paper = world.library.paper(OTHER)
    trending = Subscription(1, 1, Wanted.TRENDING, "", "", Rhythm.WEEKLY, 0, "07:30", "UTC", 9, Form.TEXT, "")
    return {
        "actor": (actor,),
        "name": (world.group, "ada"),
        "group": ("", world.group),
        "person": ("ada",),
        "to": ("eve",),
        "key": (OTHER, PAPER),
        "keys": ([PAPER, OTHER, THIRD, NAME],),
        "keep": (PAPER,),
        "other": (THIRD,),
        "more": ([OTHER],),
        "number": (*world.comments[:2], 1, 2, 77),
        "numbers": ([*world.comments, 1, 2],),
        "target": (*world.comments[:1], 2),
        "kind": ("comment",),
        "parent": (None, *world.comments[:1]),
        "paper": (paper,),
        "text": (f"{NAME} sheep @bob",),
        "query": ("", "ada"),
        "queries": ([NAME, "sheep"],),
        "named": (OTHER,),
        "author": ("Ada Lovelace",),
        "comment": ("Probing.",),
        "links": ({"project": "https://example.org/probe"},),
        "note": ("Probing.",),
        "shown": ("Probing",),
        "about": ("Probing.",),
        "reason": ("Probing.",),
        "outcome": ("nothing",),
        "span": tuple(Span),
        "window": tuple(Window),
        "day": (None, "2026-11-20"),
        "days": (30,),
        "uses": (3,),
        "edit": (0, 1),
        "since": (None,),
        "until": (None,),
        "first": ("2026-11-01",),
        "last": ("2026-11-30",),
        "secret": ("y" * 43,),
        "token": ("y" * 43,),
        "ticket": ("y" * 43,),
        "answer": ("{}",),
        "site": ("http://127.0.0.1",),
        "browser": ("b" * 43,),
        "agent": ("A browser",),
        "address": ("192.0.2.7",),
        "here": (0,),
        "email": ("new@example.org",),
        "link": (lambda secret: f"http://127.0.0.1/{secret}",),
        "typed": ("ada",),
        "password": ("not this one",),
        "new": ("a long new password",),
        "role": (Role.EDITOR,),
        "orcid": ("0000-0002-1825-0097",),
        "scopes": (frozenset(Scope),),
        "notify": (frozenset(NoticeKind),),
        "up": (True,),
        "cites": (True, False),
        "yes": (True,),
        "on": (True, False),
        "limit": (50,),
        "wanted": (Wanted.GROUP, Wanted.QUERY),
        "value": (world.group, NAME),
        "what": (f"group:{world.group}", f"search:{NAME}", f"keyword:{NAME}"),
        "whose": (actor, "t" * 60),
        "subscription": (trending,),
        "these": ([trending],),
        "asked": ("a fingerprint",),
        "status": (200,),
        "raw": (b"Subject: unsubscribe\r\n\r\n",),
        "progress": (lambda _done, _total: None,),
    }


# Where a name means something else, or asking needs no more than one value.
OTHERWISE: Mapping[tuple[str, str], tuple[Any, ...]] = {
    ("atlas", "key"): (None, "2026-11-20"),
    ("topic", "kind"): ("author",),
    ("topic", "name"): ("Ada Lovelace", NAME),
    ("newest_on", "kind"): ("author",),
    ("newest_on", "name"): ("Ada Lovelace", NAME),
    ("feed_key", "kind"): ("group", "opml"),
    ("feed_actor", "key"): ("x", "eA.eA"),
    ("feed_actor", "kind"): ("group",),
    ("own_feeds", "key"): ("x", "eA.eA"),
    ("make_token", "name"): ("A token",),
    ("add_passkey", "name"): ("A key",),
    ("change_me", "name"): ("evelyn",),
    ("change_me", "notify"): (frozenset(NoticeKind),),
    ("use_link", "name"): ("newcomer",),
    ("harvest", "since"): ("2026-01-01",),
    ("harvest", "until"): ("2026-12-31",),
    ("harvested", "since"): ("2026-01-01",),
    ("harvested", "until"): ("2026-12-31",),
    ("split", "number"): (99,),
    ("stretch_of", "number"): (0, 1),
    ("allowance", "kind"): ("vote", "comment", "submit"),
    ("signed", "purpose"): ("unsubscribe", "feed"),
}


def verbs() -> list[tuple[str, Callable[..., Any]]]:
    """The public methods of the door, those that end something last."""
    found = [
        (name, verb)
        for name, verb in inspect.getmembers(Library, inspect.isfunction)
        if not name.startswith("_") and name not in LEFT_OUT
    ]
    return sorted(found, key=lambda one: (one[0] in LAST, one[0]))


def asked(name: str, verb: Callable[..., Any], given: Mapping[str, tuple[Any, ...]]) -> Iterator[dict[str, Any]]:
    """The arguments of every call of a verb."""
    pools: dict[str, tuple[Any, ...]] = {}
    for parameter in list(inspect.signature(verb).parameters.values())[1:]:
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            continue
        found = OTHERWISE.get((name, parameter.name), given.get(parameter.name))
        assert found is not None or parameter.default is not inspect.Parameter.empty, (
            f"{name}: say in tests/private/verbs.py what a prober would give for {parameter.name!r}"
        )
        if found is not None:
            pools[parameter.name] = found
    for chosen in itertools.product(*pools.values()):
        yield dict(zip(pools, chosen, strict=True))


def answer(world: World, name: str, arguments: Mapping[str, Any]) -> str:
    """What a verb gives, or the error that it raises, as text that can be compared."""
    try:
        given = getattr(world.library, name)(**arguments)
        if isinstance(given, Iterator):
            given = list(given)
        if isinstance(given, Status):
            given = replace(given, home="", catalogue_bytes=0, index_bytes=0)
    except BroadsheetError as error:
        given = error
    text = repr(given).replace(str(world.library.home), "HOME")
    for pattern, word in CHANGING:
        text = pattern.sub(word, text)
    return re.sub(r"took_ms=[\d.]+", "took_ms=0", text)
