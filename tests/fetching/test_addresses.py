"""Where requests may go: by the text of an address, by what its name leads to, and after every redirect."""

import socket
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.errors import PrivateAddress, Refused, Unavailable
from broadsheet.fetching.addresses import is_public
from tests.servers.kit import Internet, LocalServer, Reply, client, redirect

HELLO = Reply(b"<hello/>")

INSIDE = [
    "127.0.0.1",
    "127.8.9.1",
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.9",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "168.63.129.16",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:0:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]
OUTSIDE = ["8.8.8.8", "1.1.1.1", "151.101.1.42", "2606:4700::1111", "2a04:4e42::42"]


@pytest.mark.parametrize("text", INSIDE)
def test_an_address_inside_is_not_public(text: str) -> None:
    assert not is_public(ip_address(text))


@pytest.mark.parametrize("text", OUTSIDE)
def test_an_address_of_the_internet_is_public(text: str) -> None:
    assert is_public(ip_address(text))


@given(st.ip_addresses(v=4), st.sampled_from(["::ffff:", "64:ff9b::", "::", "::ffff:0:"]))
def test_no_ipv4_address_gets_through_inside_an_ipv6_address(inner: object, prefix: str) -> None:
    assert not is_public(ip_address(f"{prefix}{inner}"))


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "LOCALHOST.",
        "2130706433",  # decimal
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",  # octal
        "127.1",
        "0.0.0.0",
        "[::ffff:127.0.0.1]",
        "[::1]",
    ],
)
def test_no_way_of_writing_this_machine_reaches_it(host: str) -> None:
    with LocalServer(lambda asked: HELLO) as server, client(allow_private=False, tries=1) as asking:
        with pytest.raises((Refused, Unavailable)):  # not every resolver reads the odder forms
            asking.get(f"http://{host}:{server.port}/")
        assert server.asked == []


def test_the_same_request_succeeds_where_private_addresses_are_allowed() -> None:
    with LocalServer(lambda asked: HELLO) as server, client() as asking:
        assert asking.get(server.address).body == b"<hello/>"


def test_a_name_that_leads_inside_is_refused() -> None:
    with (
        LocalServer(lambda asked: HELLO) as server,
        client(allow_private=False, resolver=lambda host, port: ["127.0.0.1"]) as asking,
    ):
        with pytest.raises(PrivateAddress, match=r"feeds\.example leads to 127\.0\.0\.1"):
            asking.get(f"http://feeds.example:{server.port}/")
        assert server.asked == []


def test_a_name_that_leads_to_both_sides_is_refused() -> None:
    asking = client(allow_private=False, resolver=lambda host, port: ["8.8.8.8", "10.0.0.7"])
    with asking, pytest.raises(PrivateAddress):
        asking.get("https://feeds.example/")


def test_a_connection_goes_to_the_address_that_was_checked() -> None:
    """A name is looked up once for a connection: a second answer cannot lead it elsewhere."""
    lookups: list[str] = []

    def resolver(host: str, port: int) -> list[str]:
        lookups.append(host)
        return ["127.0.0.1"] if len(lookups) == 1 else ["10.255.255.1"]

    with LocalServer(lambda asked: HELLO) as server, client(resolver=resolver) as asking:
        assert asking.get(f"http://feeds.example:{server.port}/").status == 200
        assert lookups == ["feeds.example"]
        assert server.asked[0].headers["host"] == f"feeds.example:{server.port}"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.2", "[::ffff:127.0.0.1]", "2130706433", "inside.example"])
def test_a_redirect_to_a_private_address_is_refused(host: str) -> None:
    """Even where the host that was asked may be private itself: another one may not."""
    with LocalServer(lambda asked: HELLO) as inner, LocalServer(lambda asked: HELLO) as outer:
        outer.plan(redirect(f"http://{host}:{inner.port}/secret"))
        with client(tries=1, resolver=_loops_back) as asking, pytest.raises(PrivateAddress):
            asking.get(outer.address)
        assert len(outer.asked) == 1
        assert inner.asked == []


@pytest.mark.parametrize("to", ["http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://169.254.169.254/"])
def test_a_public_host_cannot_send_us_inside(to: str) -> None:
    with (
        LocalServer(lambda asked: HELLO) as inner,
        LocalServer(lambda asked: HELLO) as outer,
        Internet(outer=outer).client(resolver=_public_and_inside) as asking,
    ):
        outer.plan(redirect(to.format(port=inner.port)))
        with pytest.raises(PrivateAddress):
            asking.get("http://outer.example/")
        assert (len(outer.asked), inner.asked) == (1, [])


def _public_and_inside(host: str, port: int) -> list[str]:
    return {"outer.example": ["93.184.216.1"], "localhost": ["::1", "127.0.0.1"]}.get(host, [host])


def test_a_redirect_to_another_service_of_a_private_host_is_refused() -> None:
    with LocalServer(lambda asked: HELLO) as inner, LocalServer(lambda asked: HELLO) as outer:
        outer.plan(redirect(inner.address))
        with client() as asking, pytest.raises(PrivateAddress):
            asking.get(outer.address)
        assert inner.asked == []


def test_a_redirect_cannot_use_a_connection_that_was_allowed_before() -> None:
    with LocalServer(lambda asked: HELLO) as inner, LocalServer(lambda asked: HELLO) as outer:
        with client() as asking:
            assert asking.get(inner.address).status == 200
            outer.plan(redirect(f"{inner.address}/secret"))
            with pytest.raises(PrivateAddress):
                asking.get(outer.address)
        assert [asked.path for asked in inner.asked] == ["/"]


def test_a_private_host_may_send_on_to_itself() -> None:
    with LocalServer(lambda asked: HELLO) as server, client() as asking:
        server.plan(redirect("/there"))
        assert asking.get(f"{server.address}/here").url == f"{server.address}/there"


def _loops_back(host: str, port: int) -> list[str]:
    return ["::ffff:127.0.0.1" if host.startswith("::") else "127.0.0.1"]


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("ftp://example.org/x", "must begin with https"),
        ("file:///etc/passwd", "must begin with https"),
        ("gopher://example.org/", "must begin with https"),
        ("example.org", "must begin with https"),
        ("", "must begin with https"),
        ("http://", "must begin with https"),
        ("http://[::1", "no web address"),
        ("https://user:secret@example.org/", "name or password"),
        ("https://example.org:22/", "port 22"),
        ("https://example.org:25/", "port 25"),
        ("https://example.org/" + "a" * 5000, "limit"),
    ],
)
def test_an_address_that_is_not_of_the_web_is_refused(address: str, says: str) -> None:
    with client(allow_private=False) as asking, pytest.raises(Refused, match=says) as refusal:
        asking.get(address)
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize("to", ["file:///etc/passwd", "ftp://example.org/", "javascript:alert(1)", "http://[::1"])
def test_a_redirect_to_no_web_address_is_refused(to: str) -> None:
    with LocalServer(lambda asked: HELLO) as server, client() as asking:
        server.plan(redirect(to))
        with pytest.raises(Refused):
            asking.get(server.address)
        assert len(server.asked) == 1


@given(st.text(max_size=80))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    with client(allow_private=False, tries=1, resolver=_nowhere) as asking, pytest.raises((Refused, Unavailable)):
        asking.get(text)


def _nowhere(host: str, port: int) -> list[str]:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
