"""How the client asks: what it sends, what it believes, when it tries again and when it gives up."""

import email.utils
import gzip
import io
import logging
import ssl

import httpcore2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.errors import BadSource, BroadsheetError, Unavailable
from broadsheet.fetching import Answer, Gate, Validators
from tests.servers import kit
from tests.servers.kit import Asked, Clock, Internet, LocalServer, Reply, client, redirect, status

HELLO = Reply(b"<hello/>")
KEY = "k3y-of-the-operator"


def hello(asked: Asked) -> Reply:
    return HELLO


def packed(body: bytes, coding: str = "gzip") -> Reply:
    return Reply(body, headers={"Content-Encoding": coding})


def test_it_says_who_it_is_and_what_it_wants() -> None:
    with LocalServer(hello) as server, client(headers={"X-Key": KEY}) as asking:
        answer = asking.get(f"{server.address}/a?b=1", {"c": "x y&z", "n": 7}, headers={"Accept": "text/xml"})
        (asked,) = server.asked
    assert (asked.method, asked.path, dict(asked.query)) == ("GET", "/a", {"b": "1", "c": "x y&z", "n": "7"})
    assert asked.headers["user-agent"] == "Broadsheet/test (+mailto:tests@example.org)"
    assert (asked.headers["x-key"], asked.headers["accept"]) == (KEY, "text/xml")
    assert (answer.status, answer.body, answer.not_modified) == (200, b"<hello/>", False)
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"


@given(value=st.text(st.characters(codec="utf-8"), max_size=30))
@settings(max_examples=30)
def test_a_parameter_arrives_as_it_was(value: str) -> None:
    """Resumption tokens are full of percent signs that must not be read as escapes."""
    with LocalServer(hello) as server, client() as asking:
        asking.get(server.address, {"token": value + "%3D"})
        assert server.asked[0].query["token"] == value + "%3D"


def test_a_body_is_json_or_a_form() -> None:
    with LocalServer(hello) as server, client() as asking:
        asking.post(server.address, json={"ids": ["a", "é"]}, parameters={"fields": "title"})
        asking.post(server.address, data={"q": "x y", "n": 3})
    first, second = server.asked
    assert (first.method, dict(first.query), first.headers["content-type"]) == (
        "POST",
        {"fields": "title"},
        "application/json",
    )
    assert first.body == b'{"ids": ["a", "\\u00e9"]}'
    assert (second.body, second.headers["content-type"]) == (b"q=x+y&n=3", "application/x-www-form-urlencoded")


def test_what_did_not_change_is_not_sent_again() -> None:
    marks = {"ETag": '"v7"', "Last-Modified": "Fri, 20 Nov 2026 12:00:00 GMT"}

    def answering(asked: Asked) -> Reply:
        same = asked.headers.get("if-none-match") == '"v7"' and "if-modified-since" in asked.headers
        return Reply(b"", 304) if same else Reply(b"<hello/>", headers=marks)

    with LocalServer(answering) as server, client() as asking:
        first = asking.get(server.address)
        kept = Validators.of(first.validators.text())
        again = asking.get(server.address, validators=kept)
    assert kept == Validators('"v7"', "Fri, 20 Nov 2026 12:00:00 GMT")
    assert (again.not_modified, again.body) == (True, b"")


@given(st.text() | st.sampled_from(["null", "{}", "[1, 2]", '["a"]', '["a", 2]', "[[], {}]"]))
def test_marks_are_read_from_any_text(text: str) -> None:
    assert isinstance(Validators.of(text).headers(), dict)


def test_a_304_that_was_not_asked_for_is_no_answer() -> None:
    with LocalServer(hello) as server, client() as asking:
        server.plan(status(304))
        with pytest.raises(BadSource, match="status 304"):
            asking.get(server.address)


@pytest.mark.parametrize("code", [408, 425, 429, 500, 502, 503, 504, 520])
def test_what_may_pass_is_tried_again_after_growing_pauses(code: int) -> None:
    clock = Clock()
    with LocalServer(hello) as server, client(clock) as asking:
        server.plan(status(code), status(code), status(code))
        assert asking.get(server.address).body == b"<hello/>"
    assert clock.slept == [2, 4, 8]


def test_chance_shortens_a_pause_by_half_at_most() -> None:
    clock = Clock()
    with LocalServer(hello) as server, client(clock, chance=lambda: 0.0) as asking:
        server.plan(status(500), status(500))
        asking.get(server.address)
    assert clock.slept == [1, 2]


def test_it_gives_up_after_so_many_tries() -> None:
    with LocalServer(hello) as server, client(tries=3) as asking:
        server.plan(*[status(503)] * 9)
        with pytest.raises(Unavailable, match=r"answered with status 503; try again later"):
            asking.get(server.address)
        assert len(server.asked) == 3


@pytest.mark.parametrize(
    "fault", [kit.dropped(), kit.broken_off(), kit.replies(packed(b"no gzip")), kit.replies(packed(b"?", "zstd"))]
)
def test_a_broken_connection_or_body_is_tried_again(fault: kit.Fault) -> None:
    with LocalServer(hello) as server, client() as asking:
        server.plan(fault)
        assert asking.get(server.address).body == b"<hello/>"
        assert len(server.asked) == 2


def test_a_server_that_does_not_answer_is_left() -> None:
    with LocalServer(hello) as server, client(tries=2, timeout=0.05) as asking:
        server.plan(kit.stall(), kit.stall())
        with pytest.raises(Unavailable, match=r"did not answer within 0\.05 s"):
            asking.get(server.address)


def test_a_server_that_dribbles_is_left() -> None:
    """Every byte comes in time, but the whole would take for ever: the clock here jumps with each look at it."""

    class Jumping(Clock):
        def __call__(self) -> float:
            self.now += 40
            return self.now

    with LocalServer(hello) as server, client(Jumping(), tries=1) as asking:
        server.plan(kit.endless())
        with pytest.raises(Unavailable, match="had not answered in full after 50 s"):
            asking.get(server.address, max_bytes=1 << 40)


def test_a_server_that_dribbles_its_headers_is_left() -> None:
    class Jumping(Clock):
        def __call__(self) -> float:
            self.now += 10
            return self.now

    def dribbling(handler: kit.Handler, asked: Asked) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(1000):
            handler.wfile.write(b"X-%d: 1\r\n" % number)

    with LocalServer(hello) as server, client(Jumping(), tries=1, timeout=1.0) as asking:
        server.plan(dribbling)
        with pytest.raises(Unavailable, match="had not answered in full after 10 s"):
            asking.get(server.address)


def test_who_asks_may_be_called_anything() -> None:
    with LocalServer(hello) as server, client(agent="Broadsheet (+Jürgen)", headers={"From": "Zoë"}) as asking:
        asking.get(server.address)
        assert server.asked[0].headers["user-agent"].encode("latin-1").decode() == "Broadsheet (+Jürgen)"


def test_a_closed_port_and_an_unknown_name_are_unavailable() -> None:
    with LocalServer(hello) as server:
        gone = server.address
    with client(tries=2) as asking:
        with pytest.raises(Unavailable, match="cannot be reached"):
            asking.get(gone)
        with pytest.raises(Unavailable, match="its name leads nowhere"):
            asking.get("http://no.such.host.invalid/")


@pytest.mark.parametrize("written", ["17", " 17 ", "Sat, 21 Nov 2026 10:00:17 GMT"])
def test_it_comes_back_when_the_server_says(written: str) -> None:
    """A date counts from the server's own Date: its clock may be wrong."""
    clock = Clock()
    headers = {"Retry-After": written, "Date": "Sat, 21 Nov 2026 10:00:00 GMT"}
    with LocalServer(hello) as server, client(clock) as asking:
        server.plan(kit.replies(Reply(b"", 503, headers)))
        asking.get(server.address)
    assert clock.slept == [17]


def test_a_date_without_the_servers_clock_counts_from_ours() -> None:
    clock = Clock()
    when = email.utils.formatdate(clock.now + 30, usegmt=True)

    def without_date(handler: kit.Handler, asked: Asked) -> None:
        handler.wfile.write(f"HTTP/1.1 503 x\r\nContent-Length: 0\r\nRetry-After: {when}\r\n\r\n".encode())

    with LocalServer(hello) as server, client(clock) as asking:
        server.plan(without_date)
        asking.get(server.address)
    assert clock.slept == [30]


@pytest.mark.parametrize(
    "written", ["0", "Sat, 21 Nov 2020 10:00:00 GMT", "soon", "-5", "", "١٢", "1e9", "99999999999999999999"]
)
def test_a_time_to_come_back_that_is_none_or_over_is_passed_over(written: str) -> None:
    clock = Clock()
    with LocalServer(hello) as server, client(clock) as asking:
        server.plan(status(503, retry_after=written.encode().decode("latin-1")))
        asking.get(server.address)
    assert clock.slept == [2]


def test_a_long_pause_is_not_waited_for_and_is_kept_by_all() -> None:
    clock = Clock()
    gate = Gate(None, 0.0, clock=clock, sleep=clock.sleep)
    with LocalServer(hello) as server, client(clock, gate=gate) as asking, client(clock, gate=gate) as other:
        server.plan(status(429, retry_after=3600))
        with pytest.raises(Unavailable) as first:
            asking.get(server.address)
        clock.now += 600
        with pytest.raises(Unavailable, match=r"3,000 s are left") as second:
            other.get(server.address)
        assert (first.value.retry_after, second.value.retry_after) == (3600, 3000)
        assert len(server.asked) == 1
        clock.now += 2999
        assert other.get(server.address).status == 200
    assert clock.slept == [1]


@pytest.mark.parametrize(
    ("code", "meaning"), [(400, ""), (401, "it wants a key"), (403, "does not want"), (404, "nothing there")]
)
def test_an_error_of_ours_is_not_tried_again(code: int, meaning: str) -> None:
    with LocalServer(hello) as server, client() as asking:
        server.plan(status(code))
        with pytest.raises(BadSource, match=rf"status {code}.*{meaning}"):
            asking.get(server.address)
        assert len(server.asked) == 1


@pytest.mark.parametrize("code", [400, 404, 429, 503])
def test_a_status_that_was_expected_is_an_answer(code: int) -> None:
    with LocalServer(hello) as server, client() as asking:
        server.plan(kit.replies(Reply(b"why", code)))
        answer = asking.get(server.address, accept_status={code})
    assert (answer.status, answer.body) == (code, b"why")


@pytest.mark.parametrize("fault", [kit.huge(), kit.endless(), kit.bomb(), kit.bomb(1 << 33)])
def test_an_answer_without_end_is_cut_off(fault: kit.Fault) -> None:
    with LocalServer(hello) as server, client(max_bytes=1 << 20) as asking:
        server.plan(fault)
        with pytest.raises(BadSource, match=r"more than 1,048,576 bytes; it was cut off"):
            asking.get(server.address)
        assert len(server.asked) == 1


def test_a_limit_may_be_set_for_one_request() -> None:
    with LocalServer(hello) as server, client() as asking, pytest.raises(BadSource, match="more than 3 bytes"):
        asking.get(server.address, max_bytes=3)


@given(st.integers(0, 3 << 18), st.integers(1, 3), st.binary(min_size=1, max_size=5))
@settings(max_examples=30)
def test_packed_answers_are_unpacked(length: int, members: int, pattern: bytes) -> None:
    body = (pattern * (length // len(pattern) + 1))[:length]
    with LocalServer(lambda asked: packed(gzip.compress(body) * members)) as server, client(tries=1) as asking:
        assert asking.get(server.address).body == body * members


def test_half_a_packed_answer_is_none() -> None:
    whole = gzip.compress(bytes(range(256)) * 40)
    with LocalServer(hello) as server, client() as asking:
        server.plan(kit.replies(packed(whole[: len(whole) // 2])))
        assert asking.get(server.address).body == b"<hello/>"


def test_an_answer_that_is_not_what_it_should_be_is_asked_for_again() -> None:
    def check(answer: Answer) -> None:
        if answer.body != b"<hello/>":
            raise BadSource("This is no greeting.")

    with LocalServer(hello) as server, client(tries=3) as asking:
        server.plan(kit.web_page(), kit.cut())
        assert asking.get(server.address, check=check).body == b"<hello/>"
        server.plan(*[kit.web_page()] * 3)
        with pytest.raises(BadSource, match="no greeting"):
            asking.get(server.address, check=check)


@pytest.mark.parametrize(("body", "value"), [(b'{"a": [1]}', {"a": [1]}), (b"null", None)])
def test_json_is_read(body: bytes, value: object) -> None:
    assert Answer(200, "http://x/", {}, body).json() == value


@pytest.mark.parametrize("body", [b"", b"<html>", b"{", b"\xff", b"[" * 100_000])
def test_what_should_be_json_and_is_not_is_said(body: bytes) -> None:
    with pytest.raises(BadSource, match=r"should be JSON and is not \(text/html"):
        Answer(200, "http://x/", {"content-type": "text/html; charset=utf-8"}, body).json()


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed(code: int) -> None:
    with LocalServer(hello) as server, client(headers={"X-Key": KEY}) as asking:
        server.plan(redirect("/b?c=1", code))
        answer = asking.get(f"{server.address}/a", {"q": 1})
        assert answer.url == f"{server.address}/b?c=1"
        assert server.asked[1].headers["x-key"] == KEY


def test_redirects_end() -> None:
    with LocalServer(hello) as server, client() as asking:
        server.plan(*[redirect("/again")] * 9)
        with pytest.raises(BadSource, match="more than 5 times"):
            asking.get(server.address)
        assert len(server.asked) == 6


@pytest.mark.parametrize(("code", "method"), [(301, "GET"), (302, "GET"), (303, "GET"), (307, "POST"), (308, "POST")])
def test_a_question_with_a_body_is_sent_on_as_its_redirect_says(code: int, method: str) -> None:
    with LocalServer(hello) as server, client() as asking:
        server.plan(redirect("/there", code))
        asking.post(server.address, json=[1])
        moved = server.asked[1]
    assert (moved.method, moved.body) == (method, b"[1]" if method == "POST" else b"")
    assert ("content-type" in moved.headers) == (method == "POST")


def test_keys_and_bodies_stay_with_their_host() -> None:
    with (
        LocalServer(hello) as server,
        LocalServer(hello) as other,
        Internet(one=server, other=other).client(headers={"X-Key": KEY, "Authorization": KEY}) as asking,
    ):
        server.plan(redirect("http://other.example/", 302))
        asking.get("http://one.example/", headers={"X-Api-Key": KEY, "Accept": "text/xml"})
        server.plan(redirect("http://other.example/", 307))
        with pytest.raises(BadSource, match=r"another host, other\.example"):
            asking.post("http://one.example/", json={"key": KEY})
        (moved,) = other.asked
    assert KEY not in str(moved)
    assert moved.headers["accept"] == "text/xml"


def test_no_key_is_in_a_message_or_a_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    messages = []
    with LocalServer(hello) as server, client(headers={"X-Key": KEY}, tries=1) as asking:
        for fault in (status(503), status(401), kit.dropped(), redirect("file:///x"), kit.huge()):
            server.plan(fault)
            with pytest.raises(BroadsheetError) as error:
                asking.get(f"{server.address}/path", {"api_key": KEY})
            messages.append(str(error.value))
        asking.get(f"{server.address}/path", {"api_key": KEY})
    assert KEY not in "".join(messages) + caplog.text
    assert all("/path" in message or "file:" in message for message in messages)


def test_no_proxy_is_taken_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with LocalServer(hello) as server, LocalServer(hello) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.address)
        with client() as asking:
            asking.get(server.address)
        assert (len(server.asked), proxy.asked) == (1, [])


def test_cookies_are_not_kept() -> None:
    with LocalServer(lambda asked: Reply(b"", headers={"Set-Cookie": "a=b"})) as server, client() as asking:
        asking.get(server.address)
        asking.get(server.address)
        assert "cookie" not in server.asked[1].headers


class Handshakes(httpcore2.MockBackend):
    """A network that only looks at how TLS is asked for."""

    def __init__(self) -> None:
        super().__init__([])
        self.seen: list[tuple[str, str | None, ssl.VerifyMode, bool]] = []

    def connect_tcp(self, host: str, *args: object, **more: object) -> httpcore2.NetworkStream:
        owner = self

        class Stream(httpcore2.MockStream):
            def start_tls(
                self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
            ) -> httpcore2.NetworkStream:
                owner.seen.append((host, server_hostname, ssl_context.verify_mode, ssl_context.check_hostname))
                raise httpcore2.ConnectError("certificate verify failed")

        return Stream([])


def test_certificates_are_checked_against_the_name_not_the_address() -> None:
    network = Handshakes()
    asking = client(tries=1, network=network, resolver=lambda host, port: ["93.184.216.9"])
    with asking, pytest.raises(Unavailable, match="certificate verify failed"):
        asking.get("https://one.example/")
    assert network.seen == [("93.184.216.9", "one.example", ssl.CERT_REQUIRED, True)]


def test_a_long_answer_comes_whole() -> None:
    body = io.BytesIO(bytes(range(256)) * 40_000).getvalue()
    with LocalServer(lambda asked: Reply(body)) as server, client() as asking:
        assert asking.get(server.address).body == body
