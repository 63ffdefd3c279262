"""One mailbox is one row: an address on its own, an account, and what becomes of both when they turn out to be one."""

from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, update

from broadsheet.catalogue import Catalogue, people, subscribers, subscriptions
from broadsheet.catalogue.schema import circle, delivered, member, outbox, subscriber
from broadsheet.errors import NotFound
from broadsheet.types import Role, Wanted

AT, LATER = "2026-11-20T11:00:00Z", "2026-11-20T12:00:00Z"
ADA, GRACE = "ada@example.org", "grace@example.org"
FACTS: dict[str, Any] = {
    "rhythm": "weekly", "weekday": 0, "at": "07:30", "zone": "UTC", "most": 10, "form": "html", "confirmed": AT,
}  # fmt: skip


def account(tx: Connection, name: str, email: str | None) -> int:
    return people.add(tx, name=name, email=email, role=Role.READER, at=AT)


def letter(tx: Connection, number: int, who: int, target: str, state: str = "waiting", **more: Any) -> None:
    row = {"number": number, "key": f"k{number}", "way": "mail", "purpose": "digest", "target": target, "state": state}
    blank = {"words": b"", "message": f"<{number}@x>", "made": AT, "attempts": 0, "next": AT, "worker": "", "said": ""}
    tx.execute(insert(outbox).values(**row, **blank, subscriber=who, **more))


def sent(tx: Connection, who: int, paper: int) -> None:
    tx.execute(insert(delivered).values(subscriber=who, paper=paper, digest=1))


def test_a_mailbox_has_one_row_however_it_is_named(catalogue: Catalogue) -> None:
    with catalogue._store.write() as tx:
        ada = account(tx, "ada", ADA)
        alone = subscribers.number_of(tx, email=GRACE, at=AT)
        assert subscribers.number_of(tx, email=GRACE, at=LATER) == alone
        first = subscribers.number_of(tx, email=ADA, at=AT)
        assert subscribers.number_of(tx, person=ada, at=LATER) == first != alone
        row = subscribers.one(tx, first)
        assert (row.email, row.person, row.made) == (ADA, ada, AT)
        owner = account(tx, "owner", None)
        assert subscribers.one(tx, subscribers.number_of(tx, person=owner, at=AT)).email is None
        assert subscribers.known(tx, email="nobody@example.org") is None
        with pytest.raises(NotFound):
            subscribers.one(tx, 99)


def test_an_address_that_gets_an_account_is_that_accounts(catalogue: Catalogue) -> None:
    with catalogue._store.write() as tx:
        alone = subscribers.number_of(tx, email=ADA, at=AT)
        subscriptions.add(tx, alone, Wanted.TRENDING, None, FACTS, at=AT)
        ada = account(tx, "ada", ADA)
        subscribers.move(tx, ada, ADA)
        assert subscribers.known(tx, person=ada) == alone
        assert [one.title for one in subscriptions.of(tx, alone)] == ["Trending papers"]


def test_an_account_that_moves_to_an_address_that_subscribed_has_both(catalogue: Catalogue) -> None:
    with catalogue._store.write() as tx:
        ada = account(tx, "ada", ADA)
        mine, alone = subscribers.number_of(tx, person=ada, at=AT), subscribers.number_of(tx, email=GRACE, at=AT)
        for who, wanted in ((mine, Wanted.TRENDING), (alone, Wanted.EDITION)):
            subscriptions.add(tx, who, wanted, None, FACTS, at=AT)
        for who, paper in ((mine, 1), (alone, 1), (alone, 2)):
            sent(tx, who, paper)
        letter(tx, 1, mine, ADA)
        letter(tx, 2, mine, ADA, "sent")
        subscribers.move(tx, ada, GRACE)
        assert subscribers.known(tx, email=ADA) is None
        assert subscribers.known(tx, email=GRACE) == subscribers.known(tx, person=ada) == mine
        assert [one.wanted for one in subscriptions.of(tx, mine)] == [Wanted.TRENDING, Wanted.EDITION]
        assert sorted(tx.execute(select(delivered.c.paper)).scalars()) == [1, 2]
        targets = tx.execute(select(outbox.c.target).order_by(outbox.c.number)).scalars().all()
        assert targets == [GRACE, ADA], "what waits goes to the new address; what was sent, was sent"


def test_what_a_server_refused_of_the_address_before_is_not_held_against_the_new_one(catalogue: Catalogue) -> None:
    with catalogue._store.write() as tx:
        ada = account(tx, "ada", ADA)
        mine = subscribers.number_of(tx, person=ada, at=AT)
        tx.execute(update(subscriber).values(suppressed=AT, reason="no such mailbox", bounces=3))
        subscribers.move(tx, ada, GRACE)
        row = subscribers.one(tx, mine)
        assert (row.email, row.suppressed, row.reason) == (GRACE, None, "")


def test_who_is_out_of_a_group_is_sent_nothing_of_it_and_does_not_read_its_name(catalogue: Catalogue) -> None:
    with catalogue._store.write() as tx:
        ada, grace = account(tx, "ada", ADA), account(tx, "grace", GRACE)
        tx.execute(insert(circle).values(number=7, name="lab-x", shown="The lab", about="", person=ada, made=AT))
        for person, role in ((ada, "owner"), (grace, "member")):
            tx.execute(insert(member).values(circle=7, person=person, role=role, since=AT))
        hers = subscribers.number_of(tx, person=grace, at=AT)
        number = subscriptions.add(tx, hers, Wanted.GROUP, 7, FACTS, at=AT)
        letter(tx, 1, hers, GRACE, subscription=number)
        mine = subscribers.number_of(tx, person=ada, at=AT)
        assert [(one.value, one.title) for one in subscriptions.of(tx, hers)] == [("lab-x", "The lab")]
        others = subscriptions.add(tx, mine, Wanted.GROUP, 7, FACTS, at=AT)
    catalogue.remove_member(ada, "lab-x", grace)
    with catalogue._store.write() as tx:
        assert subscriptions.of(tx, hers) == []
        assert tx.execute(select(outbox.c.number)).all() == []
        assert [one.number for one in subscriptions.of(tx, mine)] == [others]
        tx.execute(member.delete())
        assert [(one.value, one.title) for one in subscriptions.of(tx, mine)] == [("", "A group that you are not in")]
