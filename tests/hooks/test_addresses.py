"""Addresses of channels: what each service gives out is taken, all else is refused, and secrets are never shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.errors import Refused
from broadsheet.hooks import KINDS, parsed
from tests.hooks.services import ADDRESS, HOSTS, SECRET


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_service_gives_out_is_taken(kind: str) -> None:
    place = parsed(kind, f"  {ADDRESS[kind]} ")
    assert HOSTS[place.host] == kind
    assert parsed(kind, place.address) == place, "what is kept is read again as the same"


@pytest.mark.parametrize("kind", KINDS)
def test_no_secret_is_shown(kind: str) -> None:
    place = parsed(kind, ADDRESS[kind])
    for text in (repr(place), str(place), place.shown, place.host):
        assert SECRET not in text
        assert SECRET[:-3] not in text
    with pytest.raises(Refused) as refused:
        parsed(kind, f"{ADDRESS[kind]} {SECRET} and more")
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("slack", ""),
        ("slack", "https://hooks.slack.com.evil.example/services/T0AAAAAAA/B0BBBBBBB/abcdefghijklmnopqrstuvwx"),
        ("slack", "https://hooks.slack.com/services/T0AAAAAAA/B0BBBBBBB/abcdefghijklmnopqrstuvwx?verify=no"),
        ("slack", "slack://T0AAAAAAA/B0BBBBBBB/abcdefghijklmnopqrstuvwx"),
        ("discord", "https://discord.com.evil.example/api/webhooks/123456789012345678/abcdefghijklmnopqrstuvwx"),
        ("discord", "https://discord.com/api/webhooks/../../x/abcdefghijklmnopqrstuvwx"),
        ("teams", "https://evil.example/workflows/643e/triggers/manual/paths/invoke?sig=abcdefghijkl"),
        ("teams", "https://prod-11.westus.logic.azure.com/workflows/643e/triggers/manual/paths/invoke?sig="),
        ("telegram", "123456789:abcdefghijklmnopqrstuvwx"),
        ("telegram", "123456789:abcdefghijklmnopqrstuvwx/../x -100"),
        ("matrix", "http://matrix.example syt_abcdefgh !room:matrix.example"),
        ("matrix", "https://matrix.example syt_abcdefgh !room/../x:matrix.example"),
        ("matrix", "https://matrix.example/path syt_abcdefgh !room:matrix.example"),
        ("ntfy", "http://ntfy.example/topic"),
        ("ntfy", "https://ntfy.example/topic/other"),
        ("ntfy", "https://user:password@ntfy.example/topic"),
        ("webhook", "http://hook.example/in"),
        ("webhook", "https://user:password@hook.example/in"),
        ("webhook", "file:///etc/passwd"),
        ("webhook", "https://hook.example/\x00in"),
        ("webhook", "https://" + "a" * 3000 + ".example/"),
        ("pager", "https://hook.example/in"),
    ],
)
def test_all_else_is_refused(kind: str, text: str) -> None:
    with pytest.raises(Refused):
        parsed(kind, text)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.1", "2130706433", "0x7f000001", "10.0.0.5", "169.254.169.254", "[::1]", "[fd00::1]",
        "[::ffff:10.0.0.5]", "localhost", "chat.localhost", "printer.local", "db.internal", "nas.home.arpa", "intranet",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("kind", "rest"), [("webhook", "/in"), ("ntfy", "/topic"), ("matrix", " syt_abcdefgh !room:a.b")]
)
def test_what_is_inside_is_refused_when_it_is_added(kind: str, rest: str, host: str) -> None:
    with pytest.raises(Refused, match=r"inside a private network.* channel_hosts"):
        parsed(kind, f"https://{host}{rest}")
    assert parsed(kind, f"https://{host}{rest}", inside={host.strip("[]")}).host == host.strip("[]")


def test_hosts_that_are_named_may_be_asked_without_tls() -> None:
    assert parsed("webhook", "http://inside.example:8080/in", inside={"Inside.example"}).host == "inside.example"
    assert parsed("ntfy", "http://inside.example/topic", inside={"inside.example"}).plugin.startswith("ntfy://")


@given(st.sampled_from(sorted(KINDS)), st.text(max_size=300))
def test_whatever_is_typed_is_an_address_or_refused(kind: str, text: str) -> None:
    try:
        place = parsed(kind, text)
    except Refused:
        return
    assert place.host
    assert parsed(kind, place.address).address == place.address


@given(st.sampled_from(sorted(KINDS)), st.sampled_from(list("?#/\\@:& %\n\u2028é")), st.integers(0, 200))
def test_a_stray_letter_leads_to_no_other_host(kind: str, letter: str, at: int) -> None:
    text = ADDRESS[kind][:at] + letter + ADDRESS[kind][at:]
    try:
        place = parsed(kind, text)
    except Refused:
        return
    if kind in {"slack", "discord", "teams", "telegram"}:
        assert HOSTS[place.host] == kind
