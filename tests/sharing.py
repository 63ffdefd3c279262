"""What all tests of a process share because making it is dear, and nothing in it is any test's own.

    new catalogues   the statements that the migrations run on the first empty file are run again on the others
    statements       SQLAlchemy compiles each once, not once for every catalogue
    the encoder      read once from the package
    templates        compiled once
    an event loop    for all requests of test clients

Each of them comes out as it would if it were made anew, so a test may not notice. Child processes share nothing.
And passwords are hashed in little memory: tests/accounts/test_passwords.py sees to what a hash costs elsewhere.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial, wraps
from types import CodeType
from typing import ParamSpec, TypeVar, cast

import argon2
import pytest
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.util import LRUCache

from broadsheet.catalogue import connection, migrate

P = ParamSpec("P")
T = TypeVar("T")
cheap_hasher = partial(argon2.PasswordHasher, time_cost=1, memory_cost=64, parallelism=1)


@contextmanager
def shared() -> Iterator[None]:
    """Shares in the block."""
    from broadsheet.search.encoder import StaticEncoder
    from broadsheet.web import press
    from tests.clients import PORTAL

    with pytest.MonkeyPatch.context() as patch, PORTAL:
        patch.setattr(migrate, "_upgrade", Shape(migrate._upgrade))
        patch.setattr(connection, "_engine", one_compiler(connection._engine))
        patch.setattr(StaticEncoder, "load", one_encoder(StaticEncoder.load))
        patch.setattr(argon2, "PasswordHasher", cheap_hasher)
        patch.setattr(press, "Environment", partial(Environment, bytecode_cache=Compiled()))
        yield


class Shape:
    """Brings catalogues up to date; an empty one as the first empty one was."""

    def __init__(self, upgrade: Callable[[Connection], None]) -> None:
        self._upgrade = upgrade
        self._statements: list[str] = []

    def __call__(self, given: Connection) -> None:
        raw = cast("sqlite3.Connection", given.connection.driver_connection)
        empty = not raw.execute("SELECT 1 FROM sqlite_schema").fetchone()
        for statement in self._statements if empty else ():
            raw.execute(statement)
        if not empty or not self._statements:
            self._upgrade(given)
        if empty and not self._statements:
            # Less the BEGIN and COMMIT around: the transaction is the caller's.
            self._statements = list(raw.iterdump())[1:-1]


def one_compiler(make: Callable[P, Engine]) -> Callable[P, Engine]:
    """Engines whose compiled statements are in one cache. Its keys hold the dialect, so they have one of that, too."""
    first = create_engine("sqlite://")
    first.connect().close()  # which tells the dialect what it speaks to
    statements: LRUCache[object, object] = LRUCache(4000)

    @wraps(make)
    def made(*given: P.args, **settings: P.kwargs) -> Engine:
        engine = make(*given, **settings)
        engine.dialect = first.dialect
        engine.update_execution_options(compiled_cache=statements)
        return engine

    return made


def one_encoder(load: Callable[..., T]) -> Callable[..., T]:
    """Reads the shipped encoder once, and others whenever they are asked for."""
    shipped = cache(load)
    return lambda folder=None: load(folder) if folder else shipped()


class Compiled(BytecodeCache):
    """Templates, compiled, by their names and contents."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._found.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._found[bucket.key, bucket.checksum] = bucket.code
