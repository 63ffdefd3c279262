"""Asking an address and reading what comes, as one step: an answer that cannot be read is asked for again.

`read` raises BadSource where asking again may help: half a page, or one that lacks what it promises. At last that is
raised, or what `Client.get` raises.
"""

from collections.abc import Callable, Container
from typing import TypeVar

from broadsheet.fetching import Answer, Client, Validators
from broadsheet.fetching.client import Parameters

T = TypeVar("T")


def asked(
    client: Client,
    address: str,
    parameters: Parameters,
    read: Callable[[Answer], T],
    *,
    accept_status: Container[int] = (),
) -> T:
    """What `read` makes of the answer."""
    found: list[T] = []

    def check(answer: Answer) -> None:
        found[:] = [read(answer)]

    client.get(address, parameters, accept_status=accept_status, check=check)
    return found[0]


def asked_if_changed(
    client: Client,
    address: str,
    parameters: Parameters,
    read: Callable[[Answer], T],
    *,
    validators: Validators,
    accept_status: Container[int] = (),
) -> tuple[T | None, Validators]:
    """What `read` makes of the answer, and its marks: None where nothing has changed since `validators` were given."""
    found: list[T] = []

    def check(answer: Answer) -> None:
        found[:] = [read(answer)]

    answer = client.get(address, parameters, validators=validators, accept_status=accept_status, check=check)
    return (None, validators) if answer.not_modified else (found[0], answer.validators)
