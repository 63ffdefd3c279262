"""People for tests: accounts made at once, as the actors that the entrance would find."""

from broadsheet.catalogue import people
from broadsheet.library import Library
from broadsheet.types import Actor, Role
from tests.conftest import NOW


def joins(library: Library, name: str, role: Role = Role.READER) -> Actor:
    """An account of this name, and who acts for it."""
    return crowd(library, name, role=role)[0]


def crowd(library: Library, *names: str, role: Role = Role.READER) -> list[Actor]:
    """Accounts of these names, and who acts for them."""
    at = NOW.isoformat()
    with library.catalogue._store.write() as tx:
        numbers = [people.add(tx, name=name, email=f"{name}@example.org", role=role, at=at) for name in names]
    return [Actor(name, role, number) for name, number in zip(names, numbers, strict=True)]
