"""Pages of what is sent: asking for it, confirming it, changing it, ending it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from broadsheet.web.contexts.frame import Choice, Frame, Link


@dataclass(slots=True)
class Zones:
    """Time zones of a part of the world."""

    text: str
    choices: Sequence[Choice]


@dataclass(slots=True)
class PlanFields:
    """_plan.html: when, how much and in what form. `at` and `most` are as typed; `guess` lets the browser say its zone.

    `days` matter where the rhythm is weekly. `problems` are sentences by the fields' names. `key` begins the fields'
    identifiers, so that a page can have several.
    """

    key: str
    rhythms: Sequence[Choice]
    days: Sequence[Choice]
    at: str
    zones: Sequence[Zones]
    most: str
    forms: Sequence[Choice]
    guess: bool = False
    problems: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Kind:
    """Something that can be sent. `label` names the field that says which one, if there is one; `typed` is in it."""

    value: str
    text: str
    chosen: bool = False
    label: str = ""
    typed: str = ""
    example: str = ""


@dataclass(slots=True)
class SubscribePage:
    """subscribe.html: what, to whom, and when. `problems` are sentences by the fields' names; "" is of no field.

    `to` is the address of the account that asks; `single` lets the one person here name another, or none.
    `channels` are where else it can go.
    """

    frame: Frame
    kinds: Sequence[Kind]
    plan: PlanFields
    email: str
    to: str
    single: bool
    signed_in: bool
    channels: Sequence[Choice]
    logged: bool
    problems: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class SubscribeSentPage:
    """subscribesent.html: what happens next. `logged`: no mail server is set."""

    frame: Frame
    logged: bool
    hours: int


@dataclass(slots=True)
class SentRow:
    """Something that is sent: what, when, how it stands. `waits`: it is not confirmed."""

    number: int
    title: str
    href: str
    facts: Sequence[str]
    state: str
    waits: bool
    paused: bool
    ended: bool


@dataclass(slots=True)
class ConfirmPage:
    """confirm.html: what waits to be confirmed, each with a box; or `problem`, why nothing can be."""

    frame: Frame
    to: str
    rows: Sequence[SentRow]
    action: str
    problem: str = ""
    more: str = ""


@dataclass(slots=True)
class SubscriptionsPage:
    """subscriptions.html: all that an address or an account is sent.

    `base` is where the forms lead; `own` says that it is the page of an account. `refused` says why nothing is sent to
    the address.
    """

    frame: Frame
    to: str
    base: str
    own: bool
    rows: Sequence[SentRow]
    ended: Sequence[SentRow]
    note: str = ""
    problem: str = ""
    refused: str = ""
    letters: Link | None = None


@dataclass(slots=True)
class SubscriptionPage:
    """subscription.html: one of them, with the form that changes it. `base` is as in `SubscriptionsPage`."""

    frame: Frame
    to: str
    base: str
    own: bool
    row: SentRow
    plan: PlanFields
    note: str = ""
    problem: str = ""


@dataclass(slots=True)
class UnsubscribePage:
    """unsubscribe.html: one press ends it; then how to undo that. `done`: it has ended. `again`: it goes on again."""

    frame: Frame
    title: str
    done: bool
    preferences: str
    note: str = ""
