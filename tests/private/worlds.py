"""Two places that differ in one thing: in one of them there is a private group, in which much is said and done.

Whoever is not in the group must not be able to tell the two apart, by anything they ask. So a probe asks both the same,
and compares the answers to the letter: words, counts, orders, addresses, e-tags, errors. Each field of the group also
holds a word that stands nowhere else, to show by what its members see that the probe would notice it.
"""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import insert

import broadsheet
from broadsheet import ingest
from broadsheet.catalogue import Catalogue
from broadsheet.catalogue.schema import secret
from broadsheet.library import DATABASE, Library, Rules
from broadsheet.types import ANYONE, Access, Actor, Identifier, Role, Scope
from tests.conftest import NOW
from tests.crowd import crowd, joins
from tests.papers import write_lines

NAME, ABOUT, NOTE, SAID, EDITED, ANSWER, CHAT, FIRST, WAITING = (
    "Zqname", "zqabout", "zqnote", "zqsaid", "zqedited", "zqanswer", "zqchat", "zqfirst", "zqwaiting",
)  # fmt: skip
WORDS = (NAME, ABOUT, NOTE, SAID, EDITED, ANSWER, CHAT, FIRST)
PAPER, OTHER, THIRD = "2611.00001", "2611.00002", "2611.00003"
ALL = frozenset(Scope)


@dataclass
class World:
    """A place with its people. `group` is the name of the group, here or in the other place."""

    library: Library
    people: dict[str, Actor]
    group: str = "sparse-readers-zzzzzz"
    link: str = "x" * 43
    comments: tuple[int, ...] = ()

    def outsiders(self) -> dict[str, Actor]:
        """All who are not in the group: passers-by, readers, moderators, administrators, with and without a token."""
        eve, mod, root = (self.people[name] for name in ("eve", "mod", "root"))
        return {
            "a passer-by": ANYONE,
            "a reader with a token": replace(eve, scopes=ALL),
            "a banned reader": replace(self.people["fay"], banned="spam"),
            "a moderator": mod,
            "an administrator": replace(root, scopes=ALL),
        }


def nowhere(_named: Identifier) -> bool:
    """Sources that know no paper that is not here."""
    return False


@contextmanager
def place(home: Path, *, private: bool) -> Iterator[World]:
    """A place, with the group or without."""
    home.mkdir(parents=True)
    _known_keys(home)
    with _opened(home) as library:
        ingest.import_file(library.catalogue, write_lines(home / "papers.jsonl"), now=lambda: NOW)
        library.follow()
        names = ("ada", "bob", "eve", "fay")
        people = dict(zip(names, crowd(library, *names), strict=True))
        people["mod"] = joins(library, "mod", Role.MODERATOR)
        people["root"] = joins(library, "root", Role.ADMINISTRATOR)
        world = World(library, people)
        steps = _public(world)
        if private:
            _found(world)
        for step in steps:
            step()
            if private:
                _live(world)
        library.follow()
        yield world


@contextmanager
def both_places(folder: Path) -> Iterator[tuple[World, World]]:
    """The place with the group, and the one without, who know of each other's names."""
    with (
        place(folder / "with" / "home", private=True) as with_,
        place(folder / "without" / "home", private=False) as without,
    ):
        without.group, without.link, without.comments = with_.group, with_.link, with_.comments
        yield with_, without


@contextmanager
def again(worlds: tuple[World, World], folder: Path) -> Iterator[tuple[World, World]]:
    """The same two places in another folder, as they were when they were left."""
    with ExitStack() as stack:
        with_, without = (
            replace(
                world,
                library=stack.enter_context(_opened(Path(shutil.copytree(world.library.home, folder / name / "home")))),
            )
            for name, world in zip(("with", "without"), worlds, strict=True)
        )
        yield with_, without


def _opened(home: Path) -> Library:
    return broadsheet.open(home, clock=lambda: NOW, rules=Rules(access=Access.OPEN))


def _known_keys(home: Path) -> None:
    """Both places have the same keys, so that what is signed and named by them can be compared to the letter."""
    catalogue = Catalogue.open(home / DATABASE)
    with catalogue._store.write() as tx:
        for name in ("links", "feeds"):
            tx.execute(insert(secret).values(name=name, value="k" * 43, made=NOW.isoformat()))
    catalogue.close()


def _public(world: World) -> list:  # type: ignore[type-arg]
    """What everybody does, in steps between which the group lives its own life."""
    library, people = world.library, world.people
    ada, bob, eve, mod = (people[name] for name in ("ada", "bob", "eve", "mod"))

    def votes() -> None:
        library.vote(ada, PAPER)
        library.vote(eve, OTHER)

    def comments() -> None:
        said = library.comment(bob, PAPER, "A public word.")
        library.comment(eve, PAPER, "An answer, @ada.", parent=said.number)

    def later() -> None:
        library.submit(eve, THIRD, comment="Look at this.")
        last = library.comment(ada, OTHER, "Another public word.")
        library.flag(eve, "comment", last.number, "Off topic.")
        library.hide_comment(mod, last.number, "Off topic.")
        library.follow_paper(eve, PAPER)

    return [votes, comments, later]


def _found(world: World) -> None:
    library, ada, bob = world.library, world.people["ada"], world.people["bob"]
    world.group = library.found(ada, f"{NAME} readers", f"Reads {ABOUT}.").name
    world.link = library.invite_to(ada, world.group)
    library.join(bob, world.link)


def _live(world: World) -> None:
    """One more round of what a group does, in every kind that there is."""
    library, ada, bob, group = world.library, world.people["ada"], world.people["bob"], world.group
    library.vote(ada, OTHER, group=group)
    library.vote(bob, OTHER, group=group)
    library.vote(bob, THIRD, group=group)
    library.shelve(bob, group, OTHER, f"Keep: {NOTE}.")
    said = library.comment(ada, OTHER, f"We say {SAID}, @eve and @bob.", group=group)
    library.edit_comment(ada, said.number, f"We say {EDITED}, @eve.", edit=0)
    answer = library.comment(bob, OTHER, f"And {ANSWER}.", parent=said.number, group=group)
    library.vote_comment(bob, said.number)
    chat = library.comment(bob, None, f"Let us {CHAT}.", group=group)
    library.submit(bob, "hep-th/9901001", comment=f"Our own: {FIRST}.", group=group)
    library.submit(ada, "10.9999/zqwaiting", comment=f"Not here yet: {WAITING}.", group=group)
    world.comments += (said.number, answer.number, chat.number)
    gone = library.found(ada, f"{NAME} ended", ABOUT)
    library.dissolve(ada, gone.name)
