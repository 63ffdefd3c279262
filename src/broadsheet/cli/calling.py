"""`broadsheet call`: every operation of the API by its name, at a folder or at a server.

What people do often has a command of its own; this is for all the rest, and for scripts. An operation is a verb of the
client, so that one which is added to the API is here by itself.
"""

import inspect
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, get_type_hints

import click

from broadsheet.app import here
from broadsheet.cli.frame import ACT_AS, Place, actor_of, catch_up, complaining, opened, settings_of
from broadsheet.cli.remote import Remote
from broadsheet.client.calls import Call, verb
from broadsheet.client.verbs import Verbs
from broadsheet.errors import Refused, SignInNeeded
from broadsheet.types import ANYONE, Access, Actor
from broadsheet.wire import Misread, made, plain

VERBS: Mapping[str, verb[Any, Any]] = {name: one for name, one in inspect.getmembers(Verbs) if isinstance(one, verb)}


# A value such as -survey is one, and not an option of ours.
@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("operation", required=False)
@click.argument("given", metavar="[NAME=VALUE]...", nargs=-1)
@ACT_AS
@click.pass_context
def call(context: click.Context, operation: str | None, given: tuple[str, ...], name: str) -> None:
    """Ask the API for any OPERATION, and print its answer as JSON; without one, list them all.

    VALUE is a text, or JSON where the operation wants something else. A list is a NAME that is given several times.
    """
    with complaining():
        if operation is None:
            for one in VERBS:
                click.echo(f"{usage(one)}\n    {' '.join((VERBS[one].__doc__ or '').split())}")
            return
        asked = read(operation, given)
        with opened(context, create=False, remote=True) as place:
            answer = _answer(context, place, name, asked)
        if answer is not None:
            click.echo(json.dumps(plain(answer), indent=2, ensure_ascii=False))


def _answer(context: click.Context, place: Place, name: str, asked: Call[Any]) -> Any:
    if isinstance(place, Remote):
        if name:
            actor_of(place, name)
        return place.ask(asked)
    catch_up(place)
    settings = settings_of(context)
    try:
        return here.ask(place, settings, _asker(place, name), asked)
    except SignInNeeded:
        return here.ask(place, settings, actor_of(place, name), asked)  # says that somebody must be named


def _asker(place: Place, name: str) -> Actor:
    """Who asks at a folder: a passer-by, where there is more than one person and nobody is named."""
    alone = not isinstance(place, Remote) and place.rules.access is Access.SINGLE
    return actor_of(place, name) if name or alone else ANYONE


def usage(operation: str) -> str:
    """An operation with its parameters; those in brackets may be left out."""
    said = [
        f"{one.name}=…" if one.default is one.empty else f"[{one.name}=…]" for one in _parameters(operation).values()
    ]
    return " ".join([operation, *said])


def read(operation: str, words: tuple[str, ...]) -> Call[Any]:
    """The call that is meant by an operation's name and NAME=VALUE words. Raises Refused."""
    if operation not in VERBS:
        raise Refused(f"There is no operation “{operation[:60]}”. “broadsheet call” lists them.")
    parameters, said = _parameters(operation), dict[str, list[str]]()
    for word in words:
        name, joint, value = word.partition("=")
        if not joint or name not in parameters:
            raise Refused(f"“{word[:60]}” does not belong here. It is written so: {usage(operation)}.")
        said.setdefault(name, []).append(value)
    if missing := [name for name, one in parameters.items() if one.default is one.empty and name not in said]:
        raise Refused(f"“{missing[0]}” is missing. It is written so: {usage(operation)}.")
    kinds = get_type_hints(VERBS[operation].make)
    made_of: Call[Any] = VERBS[operation].make(None, **{name: _value(name, kinds[name], said[name]) for name in said})
    return made_of


def _parameters(operation: str) -> dict[str, inspect.Parameter]:
    _itself, *rest = inspect.signature(VERBS[operation].make).parameters.values()
    return {one.name: one for one in rest}


def _value(name: str, kind: Any, said: list[str]) -> Any:
    """What was said as a value of this type: the words themselves where they fit, else what they mean as JSON."""
    forms: list[Any] = [said, [_json(one) for one in said]]
    forms += [one[0] for one in forms if len(said) == 1]
    for form in forms:
        with suppress(Misread):
            return made(kind, form)
    raise Refused(f"“{name}” cannot be “{', '.join(said)[:60]}”.")


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
