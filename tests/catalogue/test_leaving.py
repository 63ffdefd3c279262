"""Leaving: what was somebody's alone is gone from every row, and from the file; what others answered to stays."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Integer, Table, insert, select

from broadsheet.catalogue import Catalogue, exporting, people, subscribers, votes
from broadsheet.catalogue.schema import (
    act,
    answered,
    authorship,
    caught,
    channel,
    circle,
    comment,
    comment_text,
    comment_vote,
    delivered,
    digest,
    flag,
    follow,
    invitation,
    member,
    metadata,
    notice,
    outbox,
    passkey,
    person,
    session,
    shelved,
    standing,
    submission,
    subscription,
    tally,
    ticket,
    token,
    vote,
)
from broadsheet.errors import Conflict, NotFound
from broadsheet.types import Role
from tests.conftest import NOW
from tests.papers import record

AT, UNTIL = "2026-11-20T11:00:00Z", "2027-11-20T11:00:00Z"
ADA, GRACE, EMMY = 1, 2, 3
# What is Ada's alone, each of them told once somewhere.
HERS = {
    "name": "ada-of-the-analytical-engine",
    "shown": "Countess Planted Shown",
    "email": "planted-ada@example.org",
    "about": "planted about: I count with wheels.",
    "orcid": "0000-0002-1825-0097",
    "password": "$argon2id$planted-password",
    "agent": "PlantedBrowser/1.0",
    "address": "192.0.2.77",
    "token": "planted token name",
    "passkey": "planted passkey name",
    "credential": "planted-credential",
    "key": "planted-public-key",
    "flag": "planted reason of a flag",
    "claim": "Planted A. Author",
    "how": "planted-domain.example",
    "invitation": "planted note of an invitation",
    "answer": "planted answer to a program",
    "channel": "planted channel",
    "hook": "https://hooks.example/planted-secret",
    "hook-secret": "planted secret of a hook",
    "standing": "planted standing query",
    "asked": "planted question",
    "found": "planted reason why it was found",
    "letter": "planted letter",
    "hooked": "planted words of a hook",
    "signing-in": "planted letter of no subscription",
}


def row(tx: Connection, table: Table, **facts: object) -> None:
    """A row; what is not said is 0, empty or an instant."""
    blank: dict[str, object] = {
        column.name: facts.get(column.name, 0 if isinstance(column.type, Integer) else AT)
        for column in table.c
        if not column.nullable
    }
    tx.execute(insert(table).values(**{**blank, **facts}))


@pytest.fixture
def full(catalogue: Catalogue) -> Catalogue:
    """A catalogue in which Ada, who is not the administrator, gave something to every table that knows people."""
    catalogue.put([record("2611.00001", "On Wheels"), record("2611.00002", "On Cards")], at=NOW)
    with catalogue._store.write() as tx:
        for name, role in (("ada", Role.READER), ("grace", Role.ADMINISTRATOR), ("emmy", Role.READER)):
            people.add(tx, name=name, email=f"{name}@example.org", role=role, at=AT)
        people.change(tx, ADA, {name: HERS[name] for name in ("name", "shown", "email", "about", "orcid", "password")})
        people.prefer(tx, ADA, show_votes=True, notify=frozenset())
        hers = {"person": ADA}
        row(tx, session, **hers, number=1, secret="a", expires=UNTIL, agent=HERS["agent"], address=HERS["address"])
        row(tx, session, person=GRACE, number=2, secret="b", expires=UNTIL, agent="Other", address="192.0.2.1")
        row(tx, token, **hers, number=1, secret="c", start="bs_x", name=HERS["token"], scopes="read")
        row(tx, passkey, **hers, number=1, credential=HERS["credential"], key=HERS["key"], name=HERS["passkey"])
        row(tx, ticket, secret="d", purpose="sign-in", subject=HERS["email"], detail="{}", expires=UNTIL)
        moves = json.dumps({"email": HERS["email"]})
        row(tx, ticket, secret="e", purpose="email", subject=str(ADA), detail=moves, expires=UNTIL)
        row(tx, invitation, **hers, number=1, secret="f", role="reader", note=HERS["invitation"], uses=1, expires=UNTIL)
        row(tx, tally, subject=f"person:{ADA}", kind="vote/300", began=1, count=1)
        for who in (ADA, GRACE):
            row(tx, vote, paper=1, circle=0, person=who)
        row(tx, vote, paper=2, circle=0, person=ADA)
        row(tx, vote, paper=2, circle=7, person=ADA)
        row(tx, comment, **hers, number=1, paper=1, text="Wheels turn.", edits=1, votes=1, reason="")
        row(tx, comment_text, comment=1, edit=0, text="Wheels trun.")
        row(tx, comment, person=GRACE, number=2, paper=1, parent=1, text="They do.", votes=2, reason="")
        row(tx, comment_vote, comment=1, person=GRACE)
        for who in (ADA, EMMY):
            row(tx, comment_vote, comment=2, person=who)
        row(
            tx,
            submission,
            **hers,
            number=1,
            paper=1,
            scheme="arxiv",
            value="2611.00001",
            day="2026-11-20",
            state="listed",
        )
        row(tx, authorship, **hers, paper=1, author=HERS["claim"], state="asked", how=HERS["how"])
        row(tx, follow, **hers, paper=1)
        row(tx, flag, **hers, number=1, kind="comment", subject=2, reason=HERS["flag"], outcome="")
        row(tx, act, **hers, number=1, verb="hide", kind="comment", subject=2, reason="rude")
        row(tx, notice, **hers, number=1, kind="reply", text="", by=GRACE)
        row(tx, notice, person=GRACE, number=2, kind="reply", text="", by=ADA)
        for number, name in ((7, "hers-alone"), (8, "of-both")):
            row(tx, circle, **hers, number=number, name=name, shown=name, about="", made=AT)
            row(tx, member, **hers, circle=number, role="owner", since=AT)
            row(tx, shelved, **hers, circle=number, paper=1, note="worth a look")
        row(tx, member, person=GRACE, circle=8, role="member", since=UNTIL)
        row(tx, answered, **hers, key="k1", asked="f", status=201, answer=HERS["answer"])
        _send_her(tx)
        votes.recount(tx, [1, 2], AT)
    return catalogue


def _send_her(tx: Connection) -> None:
    """What Ada is sent: by mail, by a channel; and Grace, and an address of nobody."""
    numbers = [
        subscribers.number_of(tx, at=AT, **who)
        for who in ({"person": ADA}, {"person": GRACE}, {"email": "alone@example.org"})
    ]
    secrets = {"address": HERS["hook"], "secret": HERS["hook-secret"]}
    row(tx, channel, number=1, person=ADA, kind="webhook", name=HERS["channel"], **secrets, reason="")
    for number in numbers:
        asked = {"name": HERS["standing"], "asked": HERS["asked"]} if number == numbers[0] else {}
        row(tx, standing, number=number, subscriber=number, **asked)
        row(tx, subscription, number=number, subscriber=number, wanted="query", value=number, **SENT, confirmed=AT)
        row(tx, digest, number=number, key=f"edition:{number}", subscription=number, papers="[1]")
        row(tx, delivered, subscriber=number, paper=1, digest=number)
        row(tx, caught, standing=number, paper=1, score=0.5, why=HERS["found"] if number == numbers[0] else "")
        letter = HERS["letter"] if number == numbers[0] else "a letter"
        mail = {"way": "mail", "purpose": "digest", "state": "waiting", "words": letter.encode()}
        row(
            tx,
            outbox,
            number=number,
            key=f"edition:{number}",
            message=f"<{number}@x>",
            **mail,
            subscriber=number,
            subscription=number,
        )
    told = {"purpose": "try", "state": "waiting", "attempts": 0}
    row(
        tx,
        outbox,
        number=8,
        key="try:1",
        message="<8@x>",
        way="channel",
        target="1",
        words=HERS["hooked"].encode(),
        **told,
    )
    alone = HERS["signing-in"].encode()
    row(tx, outbox, number=9, key="link:1", message="<9@x>", way="mail", target=HERS["email"], words=alone, **told)


SENT = {"rhythm": "weekly", "weekday": 0, "at": "07:30", "zone": "UTC", "most": 10, "form": "html", "last": ""}


def everything(catalogue: Catalogue) -> str:
    """All that stands in any row of any table."""
    with catalogue._store.read() as connection:
        return "\n".join(
            repr(tuple(one)) for table in metadata.sorted_tables for one in connection.execute(select(table))
        )


def test_no_row_of_any_table_holds_what_was_hers(full: Catalogue) -> None:
    before = everything(full)
    assert [one for one, text in HERS.items() if text not in before] == [], "all of it was planted"
    full.leave(ADA, at=NOW)
    after = everything(full)
    assert [one for one, text in HERS.items() if text in after] == []
    assert "gone-1" in after


def test_neither_the_file_nor_its_log_holds_what_was_hers(full: Catalogue) -> None:
    full.checkpoint()
    path = full._store.path
    assert HERS["email"].encode() in path.read_bytes()
    full.leave(ADA, at=NOW)
    full.checkpoint()
    left = path.read_bytes() + path.with_name(path.name + "-wal").read_bytes()
    assert [one for one, text in HERS.items() if text.encode() in left] == []


def test_every_table_that_knows_people_lets_go_of_who_leaves_or_says_why_not(full: Catalogue) -> None:
    full.leave(ADA, at=NOW)
    kept = set()
    with full._store.read() as connection:
        for table in metadata.sorted_tables:
            for column in table.c:
                knows = column.name in {"by", "decider", "dissolver"} or any(
                    key.column is person.c.number for key in column.foreign_keys
                )
                if knows and connection.execute(select(table).where(column == ADA)).first() is not None:
                    kept.add(f"{table.name}.{column.name}")
    # Conversations, the log of moderators, and who founded what: by one whose name is "gone-1".
    talk = {"comment.person", "submission.person", "shelved.person", "act.person"}
    assert kept == talk | {"circle.person", "circle.dissolver"}


def test_threads_stay_readable_and_counts_follow(full: Catalogue) -> None:
    full.leave(ADA, at=NOW)
    with full._store.read() as connection:
        texts = {one.number: (one.text, one.votes, one.parent) for one in connection.execute(select(comment))}
        assert texts == {1: ("Wheels turn.", 1, None), 2: ("They do.", 1, 1)}
        assert connection.execute(select(comment_text.c.text)).scalars().all() == ["Wheels trun."]
        assert [votes.counts(connection, [number])[0] for number in (1, 2)] == [1, 0]
    assert [paper.own_votes for paper in full.papers([1, 2])] == [1, 0]
    assert [(one.day, one.count) for one in full.signals("2611.00002", kind="votes")] == [("2026-11-20", 0)]
    gone = full.persons([ADA])[ADA]
    assert (gone.name, gone.shown, gone.about, gone.left) == ("gone-1", "", "", "2026-11-20T12:00:00Z")


def test_a_group_goes_to_who_is_left_and_one_of_nobody_is_forgotten(full: Catalogue) -> None:
    full.leave(ADA, at=NOW)
    with full._store.read() as connection:
        assert list(map(tuple, connection.execute(select(member.c.circle, member.c.person)))) == [(8, GRACE)]
        assert connection.execute(select(shelved.c.circle)).scalars().all() == [8]
        assert connection.execute(select(circle.c.shown).where(circle.c.number == 7)).scalar_one() == ""


def test_what_others_are_sent_stays(full: Catalogue) -> None:
    full.leave(ADA, at=NOW)
    with full._store.read() as connection:
        for table in (subscription, standing, digest, delivered, caught, outbox):
            left = connection.execute(select(next(iter(table.primary_key)))).scalars().all()
            assert sorted(left) == [2, 3], table.name


def test_who_left_is_nobody_and_cannot_leave_again(full: Catalogue) -> None:
    full.leave(ADA, at=NOW)
    for name in ("gone-1", HERS["name"]):
        with pytest.raises(NotFound):
            full.person(name)
    with pytest.raises(NotFound):
        full.leave(ADA, at=NOW)
    with pytest.raises(NotFound):
        full.mine(ADA)
    assert full.session("a", at=NOW, seen_since=NOW - timedelta(days=30)) is None
    assert [one.name for one in full.people("", limit=9, offset=0)] == ["emmy", "grace"]


def test_the_only_administrator_of_others_stays_until_there_is_another(full: Catalogue) -> None:
    with pytest.raises(Conflict, match="only administrator"):
        full.leave(GRACE, at=NOW)
    with pytest.raises(Conflict, match="only administrator"):
        full.set_role("grace", Role.EDITOR, by=GRACE, reason="", at=NOW)
    full.set_role("emmy", Role.ADMINISTRATOR, by=GRACE, reason="her turn", at=NOW)
    for who in (GRACE, ADA, EMMY):
        full.leave(who, at=NOW)
    assert full.people("", limit=9, offset=0) == []


def test_the_export_holds_every_table_that_knows_people(full: Catalogue) -> None:
    knows = {
        table.name
        for table in metadata.sorted_tables
        if any(key.column is person.c.number for column in table.c for key in column.foreign_keys)
    }
    assert {table.name for table, _ in exporting.PARTS.values()} == knows
    given = full.export(ADA)
    assert [name for name in (*exporting.PARTS, *exporting.SENT, "papers_found") if not given[name]] == []
    said = json.dumps(given)
    secret = {"password", "credential", "key", "answer", "hook", "hook-secret", "found"}
    secret |= {"letter", "hooked", "signing-in"}
    assert [one for one, text in HERS.items() if text not in said] == [one for one in HERS if one in secret]
    assert given["account"]["password"] is True


def test_the_export_names_papers_and_groups_and_holds_older_texts(full: Catalogue) -> None:
    given = full.export(ADA)
    assert {(one["paper"], one["circle"]) for one in given["votes"]} == {
        ("2611.00001", ""),
        ("2611.00002", ""),
        ("2611.00002", "hers-alone"),
    }
    (said,) = given["comments"]
    assert (said["text"], said["earlier"]) == ("Wheels turn.", [{"edit": 0, "text": "Wheels trun.", "at": AT}])
    others = full.export(EMMY)
    assert others["account"]["email"] == "emmy@example.org"
    assert [name for name in exporting.PARTS if others[name]] == ["comment_votes"]
