"""Pages of standing queries: from a search to what it caught, without JavaScript; nobody else finds them."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import html5lib
import pytest

from broadsheet.library import Library
from broadsheet.types import ANYONE, Actor
from tests.clients import TestClient
from tests.conftest import NOW
from tests.crowd import crowd
from tests.e2e.site import SPECIAL, filled, ordinary, site
from tests.papers import record
from tests.visitors import asking

BUDGET = 60_000
CSRF = "only-our-pages-know"
As = Callable[[Actor], TestClient]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with filled(tmp_path / "home", ordinary(30), SPECIAL) as opened:
        yield opened


@pytest.fixture
def ada(library: Library) -> Actor:
    return crowd(library, "ada")[0]


@pytest.fixture
def as_(library: Library) -> As:
    """A browser of somebody."""
    app = site(library)
    return lambda actor: TestClient(asking(app, actor, csrf="" if actor.role is None else CSRF), follow_redirects=False)


def post(client: TestClient, path: str, **fields: str) -> tuple[int, str, str]:
    """Sends a form of ours; gives the status, where it leads, and the page."""
    answer = client.post(path, data={"csrf": CSRF, **fields})
    return answer.status_code, answer.headers.get("location", ""), answer.text


def text(html: str) -> str:
    body = html.partition("<main")[2].partition(">")[2].partition("</main>")[0]
    return unescape(" ".join(re.sub(r"<[^>]*>", " ", body).split()))


def arrive(library: Library, *titles: str) -> None:
    """Papers come, and the standing queries see them."""
    day = library._clock().date().isoformat()
    records = [
        record(f"2612.{n:05d}", title, abstract=f"{title}, told at length.", published=day)
        for n, title in enumerate(titles, start=1)
    ]
    library.catalogue.put(records, at=NOW)
    library.catch_up_standing()


def test_a_dislike_typed_into_the_wish_is_taken_out_of_it(library: Library, ada: Actor, as_: As) -> None:
    client, typed = as_(ada), "zeppelins, not balloons"
    _, _, form = post(client, "/standing/preview", text=typed, unlike_text="", near="1.0")
    assert 'name="unlike_text" value="balloons"' in form
    assert "Taken out of what you typed" in text(form)
    post(client, "/standing", text=typed, unlike_text="", near="1.0")
    made = library.standing(ada, 1)
    assert (made.text, made.unlike_text) == ("zeppelins", "balloons")


def test_from_a_search_to_what_it_caught(library: Library, ada: Actor, as_: As) -> None:
    client = as_(ada)
    page = client.get("/search?q=zeppelins, not balloons&category=cs.LG&author=Ada Lovelace&code=1&since=2026").text
    link = re.search(r'href="(/standing/new\?[^"]+)"', page)
    assert link, "the results lead to the form"
    form = client.get(unescape(link[1])).text
    assert 'value="zeppelins category:cs.LG author:&#34;Ada Lovelace&#34; has:code"' in form
    assert 'name="unlike_text" value="balloons"' in form
    assert "Taken out of what you typed" in text(form)
    assert "The dates were left out" in text(form)
    code, where, _ = post(client, "/standing", text="zeppelins", unlike_text="balloons", near="1.0", name="Airships")
    assert (code, where) == (303, "/standing/1?done=made")
    assert "Nothing yet" in text(client.get(where).text)
    arrive(library, "Zeppelins over <Lakes>", "Zeppelins and Balloons", "Trains")
    shown = text(client.get("/standing/1").text)
    assert "Zeppelins over <Lakes>" in shown
    assert "has zeppelins" in shown
    assert "Balloons" not in shown
    assert "Airships" in text(client.get("/standing").text)


def test_the_preview_says_what_it_would_have_caught(ada: Actor, as_: As) -> None:
    client = as_(ada)
    code, _, page = post(client, "/standing/preview", text="sheep", near="0.45", name="Flock")
    assert code == 200
    assert "It would have caught" in text(page)
    assert 'name="name" value="Flock"' in page
    assert re.search(r'value="0.45" selected>All the words, or fairly near in meaning \([\d,]+ papers?\)', page)
    assert "csrf" not in client.get("/standing/new?q=sheep").headers.get("location", "")


def test_what_cannot_be_saved_is_said_at_its_field(ada: Actor, as_: As) -> None:
    client = as_(ada)
    for path in ("/standing", "/standing/preview"):
        code, _, page = post(client, path, text="x" * 2_400, near="0.5")
        assert code == 400
        assert 'id="text-wrong"' in page
    code, _, page = post(client, "/standing", text="sheep", near="far away", like="2611.77777")
    assert code == 400
    assert "There is no paper" in text(page)
    code, _, page = post(client, "/standing", text="", near="0.5")
    assert (code, "Say what it is to look for" in text(page)) == (400, True)
    assert client.get("/standing/new").status_code == 200


def test_it_is_changed_paused_ended_and_taken_back(library: Library, ada: Actor, as_: As) -> None:
    client = as_(ada)
    post(client, "/standing", text="sheep", near="1.0")
    assert 'value="sheep"' in client.get("/standing/1/change").text
    assert post(client, "/standing/1/change", text="goats", near="0.5")[:2] == (303, "/standing/1?done=changed")
    assert library.standing(ada, 1).text == "goats"
    assert post(client, "/standing/1/change", text="", near="0.5")[0] == 400
    assert post(client, "/standing/1/change", text="goats", near="0.5", unlike="2611.77777")[0] == 400
    post(client, "/standing/1/pause")
    assert "paused since" in text(client.get("/standing/1").text)
    assert post(client, "/standing/1/pause", resume="1")[1] == "/standing/1?done=resumed"
    post(client, "/standing/1/end")
    assert "ended on" in text(client.get("/standing").text)
    assert "Where it goes" not in client.get("/standing/1").text
    post(client, "/standing/1/end", back="1")
    assert library.standing(ada, 1).ended is None


def test_a_hit_is_disliked_and_taken_back(library: Library, ada: Actor, as_: As) -> None:
    client = as_(ada)
    post(client, "/standing", text="zeppelins", near="1.0")
    arrive(library, "Zeppelins of Steel", "Zeppelins of Silk")
    post(client, "/standing/1/unlike", paper="2612.00001")
    shown = text(client.get("/standing/1").text)
    assert "Zeppelins of Steel" not in shown
    assert "Not like these 2612.00001 Take back" in shown
    post(client, "/standing/1/unlike", paper="2612.00001", back="1")
    assert "Zeppelins of Steel" in text(client.get("/standing/1").text)


def test_it_goes_by_mail_and_as_a_feed(library: Library, ada: Actor, as_: As) -> None:
    client = as_(ada)
    post(client, "/standing", text="zeppelins", near="1.0")
    page = client.get("/standing/1").text
    assert "by mail to ada@example.org" in page
    assert re.search(r'href="/standing/1\.atom\?key=[^"]+"', page)
    assert post(client, "/standing/1/send", way="", rhythm="at once")[:2] == (303, "/standing/1?done=sent")
    assert "by mail, as it comes" in text(client.get("/standing/1").text)
    assert post(client, "/standing/1/send", way="77", rhythm="at once")[0] == 400
    assert post(client, "/standing/1/send", way="", rhythm="hourly")[0] == 400
    assert [one.value for one in library.my_subscriptions(ada)] == ["1"]


def test_older_ones_are_a_page_away(library: Library, ada: Actor, as_: As) -> None:
    client = as_(ada)
    post(client, "/standing", text="zeppelins", near="1.0")
    arrive(library, *(f"Zeppelins, Part {n}" for n in range(45)))
    seen: set[str] = set()
    where = "/standing/1"
    for _ in range(3):
        page = client.get(where).text
        seen |= set(re.findall(r"Zeppelins, Part \d+", page))
        older = re.search(r'href="([^"]+)" rel="next"', page)
        where = unescape(older[1]) if older else ""
    assert (len(seen), where) == (45, "")
    assert client.get("/standing/1?before=nonsense,x").status_code == 200


def test_nobody_else_finds_it(library: Library, ada: Actor, as_: As) -> None:
    (eve,) = crowd(library, "eve")
    post(as_(ada), "/standing", text="zeppelins", near="1.0", name="Secret Airships")
    for path in ("/standing/1", "/standing/1/change", "/standing/77"):
        answer = as_(eve).get(path)
        assert answer.status_code == 404
        assert "Airships" not in answer.text
    for path in ("change", "unlike", "pause", "end", "send"):
        code, _, page = post(as_(eve), f"/standing/1/{path}", text="x", near="0.5", paper="2611.00001", rhythm="weekly")
        assert (code, "Airships" in page) == (404, False), path
    assert library.standing(ada, 1).ended is None
    for path in ("/standing", "/standing/new", "/standing/1"):
        answer = as_(ANYONE).get(path)
        assert answer.status_code in (302, 303, 401, 403)
        assert "Airships" not in answer.text


@pytest.mark.parametrize("path", ["/standing", "/standing/1", "/standing/1/change", "/standing/new?q=sheep"])
def test_pages_are_whole_and_light(library: Library, ada: Actor, as_: As, path: str) -> None:
    client = as_(ada)
    post(client, "/standing", text='zeppelins "of steel"', near="0.35", name="<b>&", unlike_text="silk")
    arrive(library, *(f"Zeppelins of Steel {n} $\\alpha^{n}$ " + "very long " * 30 for n in range(40)))
    page = client.get(path)
    assert page.status_code == 200
    html5lib.HTMLParser(strict=True).parse(page.text)
    assert "<b>&" not in page.text
    loaded = re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js)\?[^"]+)"', page.text)
    weight = len(page.content) + sum(len(client.get(unescape(one)).content) for one in loaded)
    assert weight <= BUDGET
