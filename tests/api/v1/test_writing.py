"""Writing by our own API: what is done, by whom, once, and what is refused."""

import inspect
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from broadsheet.api.v1.operations import Operation
from broadsheet.api.v1.routes import operations
from broadsheet.library.answering import KEPT
from broadsheet.permissions import RULES
from broadsheet.types import OWNER, Comment, Scope
from broadsheet.wire import made
from tests.api.v1.conftest import As
from tests.crowd import joins
from tests.place import Place, place
from tests.private.worlds import OTHER, PAPER, THIRD, World

OLD, KNOT = "hep-th/9901001", "doi:10.1000/knot.1"
JSON = {"Content-Type": "application/json"}


def test_votes_are_given_counted_and_taken_back(ask: As) -> None:
    fay = ask("fay")
    for _ in range(2):
        assert fay.put(f"/papers/{THIRD}/vote").json() == {"paper": THIRD, "votes": 1, "mine": True}
    got = ask().get("/votes", params=[("paper", THIRD), ("paper", "2611.77777")]).json()
    assert got["items"] == [{"paper": THIRD, "votes": 1, "mine": False}]
    back = fay.delete(f"/papers/{THIRD}/vote")
    assert back.json() == {"paper": THIRD, "votes": 0, "mine": False}
    assert '"vote"' in fay.put(f"/papers/{THIRD}/vote").headers.get("ratelimit", '"vote"')


def test_a_comment_is_said_answered_changed_and_deleted(ask: As) -> None:
    eve, bob = ask("eve"), ask("bob")
    said = eve.post(f"/papers/{PAPER}/comments", json={"text": "Is this **so**?"})
    assert said.status_code == 201
    one = made(Comment, said.json())
    assert said.headers["location"] == f"/api/v1/comments/{one.number}"
    answered = bob.post(f"/papers/{PAPER}/comments", json={"text": "It is.", "parent": one.number})
    assert answered.json()["parent"] == one.number
    seen = bob.get(f"/papers/{PAPER}/comments", params={"order": "oldest"}).json()["items"]
    thread = next(each for each in seen if each["number"] == one.number)
    assert [reply["text"] for reply in thread["replies"]] == ["It is."]
    changed = eve.patch(f"/comments/{one.number}", json={"text": "Is it so?", "edit": 0})
    assert (changed.json()["text"], changed.json()["edits"]) == ("Is it so?", 1)
    texts = eve.get(f"/comments/{one.number}/texts").json()["items"]
    assert [text["text"] for text in texts] == ["Is this **so**?"]
    assert bob.put(f"/comments/{one.number}/vote").json() == {"comment": one.number, "votes": 1}
    assert bob.delete(f"/comments/{one.number}/vote").json() == {"comment": one.number, "votes": 0}
    assert eve.delete(f"/comments/{one.number}").status_code == 204
    assert eve.get(f"/comments/{one.number}").json()["text"] == ""
    assert bob.patch(f"/comments/{one.number}", json={"text": "Mine now.", "edit": 1}).status_code == 403


def test_an_edit_says_what_it_saw(ask: As) -> None:
    eve = ask("eve")
    number = eve.post(f"/papers/{PAPER}/comments", json={"text": "First."}).json()["number"]
    path = f"/comments/{number}"
    assert eve.patch(path, json={"text": "Second."}).status_code == 428
    mark = eve.get(path).headers["etag"]
    assert eve.patch(path, json={"text": "Second."}, headers={"If-Match": mark}).status_code == 200
    late = eve.patch(path, json={"text": "Third."}, headers={"If-Match": mark})
    assert (late.status_code, late.json()["status"]) == (412, 412)
    overtaken = eve.patch(path, json={"text": "Third.", "edit": 0})
    assert overtaken.status_code == 409
    told = overtaken.json()
    assert (told["present"], told["yours"], told["edits"]) == ("Second.", "Third.", 1)
    assert eve.patch(path, json={"text": "Third."}, headers={"If-Match": "*"}).json()["text"] == "Third."


def test_what_was_sent_twice_is_done_once(world: World, ask: As) -> None:
    eve, key = ask("eve"), {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}
    before = len(world.library.latest_comments(100))
    first, again = (eve.post(f"/papers/{OTHER}/comments", json={"text": "Once."}, headers=key) for _ in range(2))
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert (first.headers.get("idempotency-replayed"), again.headers["idempotency-replayed"]) == (None, "true")
    assert again.headers["location"] == first.headers["location"]
    assert len(world.library.latest_comments(100)) == before + 1
    other = eve.post(f"/papers/{OTHER}/comments", json={"text": "Twice."}, headers=key)
    assert (other.status_code, "new one" in other.json()["detail"]) == (422, True)
    elsewhere = eve.put(f"/papers/{OTHER}/vote", headers=key)
    assert elsewhere.status_code == 422
    assert ask("bob").put(f"/papers/{OTHER}/vote", headers=key).status_code == 200  # keys are one's own


def test_a_key_under_which_nothing_was_done_is_free(ask: As) -> None:
    eve, key = ask("eve"), {"Idempotency-Key": "free"}
    assert eve.post("/papers/2611.77777/comments", json={"text": "Hm."}, headers=key).status_code == 404
    assert eve.post(f"/papers/{PAPER}/comments", json={"text": "Hm."}, headers=key).status_code == 201


def test_what_is_still_being_done_is_not_done_again(world: World, ask: As) -> None:
    eve = world.people["eve"]
    asking = ask("eve")
    world.library.begin_answer(eve, "stuck", "another fingerprint")
    assert asking.put(f"/papers/{PAPER}/vote", headers={"Idempotency-Key": "stuck"}).status_code == 422
    first = asking.put(f"/papers/{PAPER}/follow", headers={"Idempotency-Key": "done"})
    kept = world.library.begin_answer(eve, "done", "x")
    assert kept is not None
    world.library.forget_answer(eve, "done")
    world.library.begin_answer(eve, "done", kept.asked)  # as while the first is at work
    waiting = asking.put(f"/papers/{PAPER}/follow", headers={"Idempotency-Key": "done"})
    assert (first.status_code, waiting.status_code, waiting.headers["retry-after"]) == (200, 409, "1")


@pytest.mark.parametrize("key", ["", " ", "a" * 256, "clé".encode()])
def test_a_key_that_is_none_is_refused(ask: As, key: Any) -> None:
    got = ask("eve").put(f"/papers/{PAPER}/vote", headers={"Idempotency-Key": key})
    assert got.status_code == 400
    assert "Idempotency-Key" in got.json()["detail"]


def test_what_is_shown_once_is_not_kept(ask: As) -> None:
    eve, key = ask("eve"), {"Idempotency-Key": "token"}
    wanted = {"name": "a bot", "scopes": ["read", "vote"], "days": 3}
    first, again = (eve.post("/me/tokens", json=wanted, headers=key) for _ in range(2))
    assert first.json()["secret"].startswith("bs_")
    assert again.json() == {**first.json(), "secret": None}
    assert len([one for one in eve.get("/me/tokens").json()["items"] if one["name"] == "a bot"]) == 1
    assert eve.delete(f"/me/tokens/{first.json()['token']['number']}").status_code == 204


def test_leaving_asks_whether_it_is_meant(world: World, ask: As) -> None:
    world.people["gus"] = joins(world.library, "gus")
    gus = ask("gus")
    asked = gus.delete("/me")
    assert (asked.status_code, "confirm=gus" in asked.json()["detail"]) == (428, True)
    assert gus.delete("/me", params={"confirm": "eve"}).status_code == 428
    gone = gus.delete("/me", params={"confirm": "gus"}, headers={"Idempotency-Key": "bye"})
    assert (gone.status_code, gone.content) == (204, b"")
    assert ask().get("/people/gus").status_code == 404


def test_a_group_lives_by_its_verbs(ask: As) -> None:
    eve, bob = ask("eve"), ask("bob")
    made_ = eve.post("/groups", json={"shown": "Kite readers", "about": "Kites."})
    assert made_.status_code == 201
    group = made_.headers["location"].removeprefix("/api/v1")
    assert eve.patch(group, json={"shown": "Kite folders"}).json()["shown"] == "Kite folders"
    secret = eve.post(f"{group}/links", json={"days": 3}).json()["secret"]
    assert bob.get(group).status_code == 404
    assert bob.get(f"/group-links/{secret}").json()["shown"] == "Kite folders"
    assert bob.post(f"/group-links/{secret}").json()["role"] == "member"
    shelved = bob.put(f"{group}/shelf/hep-th/9901001", json={"note": "Old."}).json()
    assert (shelved["paper"]["id"], shelved["note"]) == ("hep-th/9901001", "Old.")
    assert eve.get(f"{group}/shelf").json()["total"] == 1
    assert eve.delete(f"{group}/shelf/hep-th/9901001").status_code == 204
    assert bob.get(f"{group}/shelf/hep-th/9901001").status_code == 404
    said = bob.post(f"{group}/discussion", json={"text": "When do we meet?"})
    assert [one["text"] for one in eve.get(f"{group}/discussion").json()["items"]] == [said.json()["text"]]
    assert bob.put(f"/papers/{PAPER}/vote", params={"group": group.rpartition("/")[2]}).json()["votes"] == 1
    assert eve.put(f"{group}/owner", json={"to": "bob"}).json()["circle"]["role"] == "member"
    assert eve.delete(f"{group}/members/me").status_code == 204
    assert eve.get(group).status_code == 404
    assert bob.delete(group).status_code == 204
    assert bob.post(f"{group}/restore").json()["shown"] == "Kite folders"


def test_administrators_keep_the_place(ask: As) -> None:
    root, mod, eve = ask("root"), ask("mod"), ask("eve")
    role = root.put("/people/bob/role", json={"role": "editor", "reason": "He offered."})
    assert role.json()["role"] == "editor"
    invitation = root.post("/invitations", json={"note": "New students", "uses": 5}).json()
    assert (invitation["invitation"]["uses"], len(invitation["secret"]) > 30) == (5, True)
    assert root.delete(f"/invitations/{invitation['invitation']['number']}").status_code == 204
    number = eve.post(f"/papers/{PAPER}/comments", json={"text": "Buy kites."}).json()["number"]
    flag = ask("bob").post("/flags", json={"kind": "comment", "target": number, "reason": "It sells."})
    assert flag.status_code == 201
    assert [one["target"] for one in mod.get("/flags").json()["items"]] == [number]
    hidden = mod.post(f"/comments/{number}/hide", json={"reason": "It sells."})
    assert hidden.json()["reason"] == "It sells."
    assert mod.post(f"/comments/{number}/restore", json={"reason": "It does not."}).json()["hidden"] is None
    assert eve.put(f"/papers/{OTHER}/claim", json={"author": "Sofia Kovalevskaya"}).json()["state"] == "asked"
    assert [one["person"]["name"] for one in root.get("/claims").json()["items"]] == ["eve"]
    decided = root.post("/claims", json={"paper": OTHER, "name": "eve", "yes": False, "reason": "No."})
    assert decided.status_code == 204
    joined = root.post("/merges", json={"keep": OLD, "other": KNOT})
    assert (joined.status_code, joined.json()["kept"]) == (201, OLD)
    assert ask().get(f"/papers/{KNOT}").json()["id"] == OLD
    assert root.delete(f"/merges/{joined.json()['number']}").status_code == 204
    assert ask().get(f"/papers/{KNOT}").json()["id"] == KNOT
    assert root.get("/log").json()["items"]
    assert root.get("/status").json()["papers"] == 5
    assert {one["level"] for one in root.get("/index/findings").json()["items"]} <= {"ok", "warning"}
    for path in ("/jobs", "/status", "/findings", "/index/findings", "/people", "/invitations", "/group-figures"):
        assert eve.get(path).status_code == 403, path
    assert eve.post("/index/rebuild").status_code == 403


def test_a_token_is_good_for_its_scopes_and_no_more(ask: As) -> None:
    """Every operation that the description gives a scope is closed to a token of all the others."""
    closed = 0
    for one in operations():
        if one.rule:
            needed = RULES[one.rule].scope
            client = ask("root", *(scope for scope in Scope if scope != needed))
            got = client.request(one.method, filled(one.path), **example(one))
            assert got.status_code == 403, (one.name, got.text)
            assert needed.value in got.json()["detail"], (one.name, got.text)
            closed += 1
    assert closed > 50


def filled(path: str) -> str:
    """An address with something for each of its parameters."""
    return (
        path.replace("{paper:path}", PAPER).replace("{number}", "1").replace("{name}", "eve").replace("{group}", "x")
        .replace("{secret}", "y").replace("{person}", "eve").replace("{span}", "day").replace("{key}", "latest")
        .replace("{file}", "1")
    )  # fmt: skip


def example(one: Operation) -> dict[str, Any]:
    """A body that the operation can read, where it reads one."""
    body = inspect.signature(one.run).parameters.get("body")
    if body is None:
        return {}
    facts = {"text": "x", "reason": "x", "role": "editor", "paper": PAPER, "kind": "comment", "target": 1, "edit": 0}
    facts |= {"author": "x", "shown": "x", "to": "bob", "name": "eve", "outcome": "x", "orcid": "", "yes": True}
    facts |= {
        "keep": PAPER,
        "other": OTHER,
        "scopes": ["read"],
        "links": {},
        "what": "trending",
        "address": "x",
        "enabled": True,
    }
    needed = [name for name, field in body.annotation.model_fields.items() if field.is_required()]
    return {"json": {name: facts[name] for name in needed}}


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b'{"text":', JSON, 400),
        (b"[]", JSON, 400),
        (b"null", JSON, 400),
        (b"{}", JSON, 400),
        (b'{"text":7}', JSON, 400),
        (b'{"text":"x","parent":"7"}', JSON, 400),
        (b'{"text":"x","parent":true}', JSON, 400),
        (b'{"text":"x","parent":7.0}', JSON, 400),
        (b'{"text":"x","parent":-1}', JSON, 400),
        (b'{"text":"x","colour":"red"}', JSON, 400),
        (b'{"text":"\\ud800"}', JSON, 400),
        (b'{"text":"\xff"}', JSON, 400),
        (b"[" * 50_000, JSON, 400),
        (b'{"a":' * 50_000, JSON, 400),
        (b'{"text":"' + b"a" * 256_000 + b'"}', JSON, 413),
        (b'{"text":"x"}', {"Content-Type": "text/plain"}, 415),
        (b"text=x", {"Content-Type": "application/x-www-form-urlencoded"}, 415),
        (b'{"text":"x"}', {}, 415),
        (b'{"text":"x"}', {"Content-Type": "application/json; charset=utf-16"}, 415),
        (b'{"text":"x"}', {**JSON, "Content-Encoding": "gzip"}, 415),
        ('{"text":"x"}'.encode("utf-16"), JSON, 400),
        (b"", JSON, 400),
        (b'{"text":""}', JSON, 400),
        (b'{"text":"\\u0000"}', JSON, 400),
    ],
)
def test_a_body_that_cannot_be_used_is_refused(ask: As, body: bytes, headers: dict[str, str], status: int) -> None:
    got = ask("eve").post(f"/papers/{PAPER}/comments", content=body, headers=headers)
    assert (got.status_code, got.headers["content-type"]) == (status, "application/problem+json"), got.text
    assert got.json()["status"] == status


# Through the entrance.


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Place]:
    """A place with an account."""
    with place(tmp_path) as made:
        made.browser().signs_in("chief@example.org", name="chief")
        yield made


def test_tokens_come_through_the_entrance_and_keys_are_forgotten_after_a_day(here: Place) -> None:
    _, token = here.library.make_token(here.library.acting_as(OWNER, "chief"), "a bot", frozenset(Scope), None)
    client, said = here.browser().client, {"Authorization": f"Bearer {token}", "Idempotency-Key": "k"}
    first = client.post("/api/v1/groups", json={"shown": "Kites"}, headers=said)
    assert (first.status_code, '"found"' in first.headers["ratelimit"]) == (201, True)
    assert client.post("/api/v1/groups", json={"shown": "Kites"}, headers=said).json() == first.json()
    here.clock.moves(seconds=(KEPT + timedelta(minutes=1)).total_seconds())
    again = client.post("/api/v1/groups", json={"shown": "Kites"}, headers=said)
    assert again.json()["name"] != first.json()["name"]
    here.clock.moves(seconds=(KEPT + timedelta(minutes=1)).total_seconds())
    here.library.forget_answers()
    with here.library.catalogue._store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM answered").scalar() == 0
    wrong = client.get("/api/v1/me", headers={"Authorization": "Bearer bs_nothing"})
    assert (wrong.status_code, wrong.headers["content-type"]) == (401, "application/problem+json")
    assert wrong.headers["www-authenticate"].startswith("Bearer")
    foreign = client.post("/api/v1/groups", json={"shown": "x"}, headers={"Origin": "http://evil.example"})
    assert (foreign.status_code, foreign.headers["content-type"]) == (403, "application/problem+json")
    preflight = client.options("/api/v1/papers", headers={"Origin": "http://other.example"})
    assert "Idempotency-Key" in preflight.headers["access-control-allow-headers"]
    assert "PATCH" in preflight.headers["access-control-allow-methods"]


def test_too_many_requests_are_told_as_a_problem(tmp_path: Path) -> None:
    with place(tmp_path, API_REQUESTS="2") as made:
        client = made.browser().client
        *_, last = [client.get("/api/v1/papers") for _ in range(3)]
    assert (last.status_code, last.headers["content-type"]) == (429, "application/problem+json")
    assert json.loads(last.text)["retry_after"] == int(last.headers["retry-after"])
