"""Carrying to channels: fakes that answer like the real services, faults, private addresses, secrets."""

import ast
import importlib.util
import json
import logging
from pathlib import Path

import pytest

from broadsheet.errors import Refused, Unavailable
from broadsheet.hooks import KINDS, Gone, Item, Message, new_secret, signature, trial
from broadsheet.hooks.chats import PLUGINS
from tests.hooks.services import ADDRESS, HOSTS, NOW, SECRET, Services, outgoing
from tests.servers import kit
from tests.servers.kit import Reply, redirect, replies, status

CHATS = sorted(PLUGINS)
LINK = "https://papers.example/papers/2611.00001"
PAPER = Item("2611.00001", "On Wheels & <Cards>", "Ada Lovelace", LINK, "Trending")
MESSAGE = Message("digest", "The daily edition", (PAPER,), more=3, link="https://papers.example/")
WORDS = {"slack": "attachments", "discord": "content", "teams": "attachments", "telegram": "text", "matrix": "body"}
HOST = {kind: host for host, kind in HOSTS.items()}


def passing() -> bool:
    return True


@pytest.mark.parametrize("kind", KINDS)
def test_it_arrives_once_and_says_what_it_should(kind: str) -> None:
    with Services() as there:
        carried = there.carrier(kind, secret=new_secret()).carry(outgoing(MESSAGE), passing)
        (sent,) = [body for body in there.messages(kind) if "On Wheels" in json.dumps(body)]
    assert carried.left
    assert carried.sure
    assert HOST[kind] in carried.said
    assert there.heard == [("", False)]
    text = json.dumps(sent)
    assert LINK in text
    assert kind not in WORDS or WORDS[kind] in sent


def test_a_trial_says_that_it_is_one() -> None:
    with Services() as there:
        there.carrier("slack").carry(outgoing(trial("The Lab")), passing)
        assert "The Lab: a message to try this channel" in json.dumps(there.messages("slack"))


def test_a_webhook_is_signed_and_names_itself_so_that_doubles_can_be_dropped() -> None:
    secret = new_secret()
    with Services() as there:
        carrier = there.carrier("webhook", secret=secret)
        carrier.carry(outgoing(MESSAGE), passing)
        there.clock.now += 60
        carrier.carry(outgoing(MESSAGE), passing)
        first, second = there.asked("webhook")
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == "digest:7:2026-11-20"
    assert int(second.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) == 60
    assert first.headers["webhook-signature"] == signature(secret, "digest:7:2026-11-20", NOW, first.body)
    assert first.headers["webhook-signature"] != second.headers["webhook-signature"]
    assert json.loads(first.body)["papers"][0]["id"] == "2611.00001"
    assert secret not in str(first)


def test_the_signature_is_that_of_the_standard() -> None:
    """The example of the specification of Standard Webhooks 1.0."""
    body = b'{"test": 2432232314}'
    at, key, secret = 1614265330, "msg_p5jXN8AQM9LWM0D4loKWxJek", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    assert signature(secret, key, at, body) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("code", [429, 500, 503])
def test_what_may_pass_is_tried_again_later(kind: str, code: int) -> None:
    with Services() as there:
        there.servers[kind].plan(*[status(code, retry_after=90)] * 9)
        with pytest.raises(Unavailable, match=f"status {code}") as caught:
            there.carrier(kind, secret=new_secret()).carry(outgoing(MESSAGE), passing)
        assert len(there.asked(kind)) == 1, "once at a time: the outbox tries again"
    assert caught.value.retry_after == 90
    assert there.clock.slept == []
    assert len(there.heard) == 1
    assert there.heard[0][0].endswith(f"status {code}.")


@pytest.mark.parametrize("kind", KINDS)
def test_silence_ends(kind: str) -> None:
    """What would be 40 s in the world is a fraction of one here; the time-out is given."""
    with Services() as there:
        there.servers[kind].plan(*[kit.stall()] * 3)
        with pytest.raises(Unavailable, match=r"did not answer within 0\.2 s"):
            there.carrier(kind, secret=new_secret(), timeout=0.2).carry(outgoing(MESSAGE), passing)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("code", [400, 401, 403, 404])
def test_what_is_refused_is_refused(kind: str, code: int) -> None:
    with Services() as there:
        there.servers[kind].plan(*[replies(Reply(b'{"error": "no"}', code, kind="application/json"))] * 9)
        with pytest.raises(Refused, match=f"status {code}"):
            there.carrier(kind, secret=new_secret()).carry(outgoing(MESSAGE), passing)
    assert there.heard[-1][1] is False


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_gone_is_gone(kind: str) -> None:
    with Services() as there:
        there.servers[kind].plan(*[status(410)] * 3)
        with pytest.raises(Gone):
            there.carrier(kind, secret=new_secret()).carry(outgoing(MESSAGE), passing)
    assert there.heard[-1][1] is True


@pytest.mark.parametrize("kind", KINDS)
def test_a_redirect_is_not_followed(kind: str) -> None:
    with Services() as there:
        for code in (301, 302, 307, 308):
            there.servers[kind].plan(redirect("http://127.0.0.1:22/", code))
            with pytest.raises(Refused, match="sent us elsewhere"):
                there.carrier(kind, secret=new_secret()).carry(outgoing(MESSAGE), passing)
        assert len(there.asked(kind)) == 4


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "private", ["127.0.0.1", "10.0.0.5", "169.254.169.254", "::1", "fd00::1", "::ffff:10.0.0.5", "64:ff9b::7f00:1"]
)
def test_no_private_address_is_asked(kind: str, private: str) -> None:
    with Services() as there:
        there.names[HOST[kind]] = [[private]]
        with pytest.raises(Refused, match="private network"):
            there.carrier(kind, secret=new_secret()).carry(outgoing(MESSAGE), passing)
        assert there.connected == []
    assert there.heard[0][1] is False


@pytest.mark.parametrize("kind", KINDS)
def test_a_name_that_changes_its_mind_reaches_nothing_inside(kind: str) -> None:
    """DNS rebinding: the connection goes to the address that was checked, however often the name is asked."""
    with Services() as there:
        there.names[HOST[kind]] = [there.resolver(HOST[kind], 443), ["127.0.0.1"]]
        carrier = there.carrier(kind, secret=new_secret())
        for _ in range(3):
            try:
                carrier.carry(outgoing(MESSAGE), passing)
            except Refused as problem:
                assert "private network" in str(problem)  # noqa: PT017 - either way is right, but one is not
        assert set(there.connected) <= {f"93.184.216.{list(HOSTS).index(HOST[kind]) + 1}"}
        assert there.connected


@pytest.mark.parametrize("base", ["https://127.0.0.1", "https://10.0.0.7:8448", "https://inside.matrix.example"])
def test_an_answer_cannot_lead_inside(base: str) -> None:
    """Matrix lets a server say where it really is."""
    body = json.dumps({"m.homeserver": {"base_url": base}}).encode()
    with Services() as there:
        there.names["inside.matrix.example"] = [["10.0.0.7"]]
        there.servers["matrix"].plan(replies(Reply(body, kind="application/json")))
        try:
            there.carrier("matrix").carry(outgoing(MESSAGE), passing)
        except Refused as problem:
            assert "private network" in str(problem)  # noqa: PT017 - or it stays where it was
        assert set(there.connected) == {"93.184.216.5"}


def test_a_host_that_is_named_may_be_inside_and_no_other() -> None:
    with Services() as there:
        there.names["inside.example"] = [["10.0.0.9"]]
        there.names["beside.example"] = [["10.0.0.9"]]
        there.carrier("webhook", "http://inside.example:8080/in", secret=new_secret()).carry(outgoing(MESSAGE), passing)
        assert there.connected == ["10.0.0.9"]
        with pytest.raises(Refused, match="channel_hosts"):
            there.carrier("webhook", "https://beside.example/", secret=new_secret()).carry(outgoing(MESSAGE), passing)
        assert there.connected == ["10.0.0.9"]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_leaves_where_the_fence_is_closed(kind: str) -> None:
    with Services() as there:
        carried = there.carrier(kind, secret=new_secret()).carry(outgoing(MESSAGE), lambda: False)
        assert (carried.left, there.asked(kind), there.heard) == (False, [], [])


@pytest.mark.parametrize("kind", CHATS)
def test_an_endless_answer_is_cut(kind: str) -> None:
    with Services() as there:
        there.servers[kind].plan(*[replies(Reply(b"x" * 300_000))] * 9)
        with pytest.raises(Refused, match="256 kB"):
            there.carrier(kind).carry(outgoing(MESSAGE), passing)


@pytest.mark.parametrize("kind", KINDS)
def test_secrets_are_in_no_log_and_no_message(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    secret = new_secret()
    faults = [None, status(500), status(404), status(410), redirect("https://elsewhere.example/"), kit.broken_off()]
    with Services() as there, caplog.at_level(logging.DEBUG):
        carrier = there.carrier(kind, secret=secret)
        said = []
        for fault in faults:
            there.servers[kind].plan(fault, *[status(500)] * (fault is not None))
            try:
                said.append(carrier.carry(outgoing(MESSAGE), passing).said)
            except (Refused, Unavailable) as problem:
                said.append(f"{problem!r} {problem.__cause__!r}")
            there.servers[kind].forget_plan()
    text = f"{caplog.text} {said} {there.heard}"
    assert SECRET not in text
    assert secret not in text
    assert len(said) == len(faults)


def test_an_address_that_a_plugin_does_not_know_is_refused_without_being_said(caplog: pytest.LogCaptureFixture) -> None:
    with Services() as there, caplog.at_level(logging.DEBUG), pytest.raises(Refused) as refused:
        there.carrier("slack", f"https://hooks.slack.com/services/T0/B0/{SECRET}").carry(outgoing(MESSAGE), passing)
    assert SECRET not in f"{caplog.text} {refused.value}"


WAYS_OUT = {"requests", "socket", "ssl", "http", "urllib3", "httpx", "aiohttp", "smtplib", "subprocess", "asyncio"}


@pytest.mark.parametrize("name", sorted({name for name, _ in PLUGINS.values()}))
def test_plugins_have_no_way_out_but_requests(name: str) -> None:
    """Read from the source, so that a new version of apprise that asks the network by another way is noticed."""
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    tree = ast.parse(Path(spec.origin).read_text("utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level}
    assert {module for module in imported if module.partition(".")[0] in WAYS_OUT} == {"requests"}
    assert "urllib.request" not in imported
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "requests"
    }
    assert used <= {"get", "post", "put", "request", "codes", "RequestException", "TooManyRedirects"}


def test_every_address_here_is_that_of_a_kind() -> None:
    assert set(ADDRESS) == set(KINDS)
