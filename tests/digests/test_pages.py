"""The pages /for-me and /letters: what they say, for whom, and that a letter's HTML can do nothing there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from broadsheet.catalogue import outbox
from broadsheet.errors import NotFound, SignInNeeded
from broadsheet.types import ANYONE, OWNER, Access, Actor, Outgoing, Role, Wanted, Way
from tests.crowd import joins
from tests.digests.conftest import delivered, hold, sends
from tests.place import Browser, Place, place


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Place]:
    with place(tmp_path / "home") as made:
        yield made


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Place]:
    with place(tmp_path / "home", access=Access.SINGLE, base="http://127.0.0.1") as made:
        yield made


def at_home(alone: Place) -> Browser:
    return alone.browser(peer="127.0.0.1")


def names(text: str) -> list[str]:
    return re.findall(r'href="/letters/([\w-]+)"', text)


def test_the_one_person_here_reads_the_letters_that_were_written(alone: Place) -> None:
    owner = alone.library.owner_actor()
    alone.library.subscribe_me(owner, Wanted.EDITION, zone="UTC", at="07:30")
    hold(alone.library, "2026-11-20", 3)
    alone.clock.moves(hours=20)
    assert "They are there" not in at_home(alone).get("/letters").text
    delivered(alone)
    page = at_home(alone).get("/letters").text
    assert "1 sent" in page
    (name,) = names(page)
    letter = at_home(alone).get(f"/letters/{name}")
    assert "Broadsheet: Friday, 20 November 2026" in letter.text
    assert "An Invented Paper on Flocks" in letter.text
    assert "List-Id" in letter.text
    assert "frame-src 'self'" in letter.headers["content-security-policy"]
    assert f'src="/letters/{name}/html" sandbox=' in letter.text


def test_the_html_of_a_letter_is_shut_in(alone: Place) -> None:
    folder = alone.library.home / "letters"
    folder.mkdir()
    (folder / "20261120T073000Z-abc.eml").write_bytes(
        b"To: x@example.org\r\nSubject: S\r\nContent-Type: text/html\r\n\r\n<html><head></head><script>1</script>"
    )
    answer = at_home(alone).get("/letters/20261120T073000Z-abc/html")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-top-navigation-by-user-activation; default-src 'none';")
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"
    assert answer.headers["cache-control"] == "private, no-store"
    assert "frame-ancestors 'none'" in at_home(alone).get("/letters").headers["content-security-policy"]


@pytest.mark.parametrize("name", ["x", "..%2fcatalogue", "../catalogue.db", "a-b/../c", "%00-a", "20261120-nosuch"])
def test_no_other_file_is_read(alone: Place, name: str) -> None:
    (alone.library.home / "letters").mkdir()
    for tail in ("", "/html"):
        assert at_home(alone).get(f"/letters/{name}{tail}").status_code == 404
    with pytest.raises(NotFound):
        alone.library.letter_file(OWNER, "../catalogue")


def test_administrators_read_their_own_letters_alone(here: Place) -> None:
    ann = joins(here.library, "ann", Role.ADMINISTRATOR)
    for to in ("ann@example.org", "eve@example.org"):
        sends(here.library, to=to)
    hold(here.library, "2026-11-20", 3)
    here.clock.moves(hours=20)
    delivered(here)
    mine, total = here.library.letter_files(ann)
    assert ([one.to for one in mine], total) == (["ann@example.org"], 1)
    others = [path.stem for path in (here.library.home / "letters").glob("*.eml") if path.stem != mine[0].name]
    with pytest.raises(NotFound):
        here.library.letter_file(ann, others[0])
    assert here.library.letter_files(OWNER)[1] == 2, "who sits at the machine has the files"


def test_the_outbox_is_looked_after(alone: Place) -> None:
    with alone.library.catalogue._store.write() as tx:
        for key in ("a", "b"):
            outbox.put(
                tx, Outgoing(key, Way.MAIL, "digest", f"{key}@example.org", "S", "T", made="2026-11-20T11:00:00Z")
            )
    browser = at_home(alone)
    page = browser.get("/letters").text
    assert "2 waiting" in page
    assert "a@example.org" in page
    assert browser.post("/letters", "/letters", number="1", drop="1").headers["location"] == "/letters?done=drop"
    assert browser.post("/letters", "/letters", number="2", retry="1").headers["location"] == "/letters?done=retry"
    page = browser.get("/letters?done=drop").text
    assert "It does not leave." in page
    assert "1 dropped" in page
    assert "a@example.org" not in browser.get("/letters?state=waiting").text
    assert browser.post("/letters", "/letters", number="1", drop="1").status_code == 409
    assert browser.post("/letters", "/letters", number="77", drop="1").status_code == 404
    assert browser.post("/letters", "/letters", number="x", drop="1").status_code == 404


def test_nobody_else_sees_what_is_sent(here: Place) -> None:
    browser = here.browser()
    assert browser.get("/letters").status_code in (401, 403)
    joins(here.library, "ann", Role.ADMINISTRATOR)
    browser.signs_in("eve@example.org", name="eve")
    for path in ("/letters", "/letters/20261120T073000Z-abc", "/letters/20261120T073000Z-abc/html"):
        assert browser.get(path).status_code == 403
    assert browser.post("/letters", "/settings", number="1", drop="1").status_code == 403
    assert "/letters" not in browser.get("/about").text


def test_what_suits_a_reader_and_why(alone: Place) -> None:
    owner = alone.library.owner_actor()
    old = hold(alone.library, "2026-10-01", 3, title="Knitting Patterns for Sheep")
    new = hold(alone.library, "2026-11-20", 3, title="Knitting Patterns for Goats", abstract="Wool and needles.")
    hold(alone.library, "2026-11-19", 20, title="Turbines in Deep Water", abstract="Water drives a turbine.")
    alone.library.follow()
    browser = at_home(alone)
    page = browser.get("/for-me").text
    assert "You have chosen nothing yet." in page
    alone.library.vote(owner, old[0])
    alone.library.follow_paper(owner, old[1])
    page = browser.get("/for-me").text
    assert "by 2 papers that you voted for, follow or keep" in page
    assert page.index("Knitting Patterns for Goats") < page.index("Turbines in Deep Water")
    assert re.search("Like “Knitting Patterns for Sheep, 2026-10-01, [^”]*”, which you (voted for|follow)", page)
    first = alone.library.for_me(owner, limit=1)[0]
    assert first.paper.id in new
    assert alone.library.for_me(owner, limit=1, offset=1)[0] != first
    assert '<a href="/for-me">For me</a>' in browser.get("/about").text
    assert browser.get("/for-me?page=9").status_code == 302
    assert not any(f'/papers/{key}"' in page for key in old), "what was chosen is known"


def test_who_has_no_account_has_no_page(here: Place) -> None:
    assert here.browser().get("/for-me").status_code in (401, 403)
    with pytest.raises(SignInNeeded):
        here.library.for_me(ANYONE)
    assert "/for-me" not in here.browser().get("/about").text


def test_what_somebody_chose_in_a_group_they_left_counts_no_more(here: Place) -> None:
    ada, bob = (joins(here.library, name) for name in ("ada", "bob"))
    (key, *_) = hold(here.library, "2026-11-20", 3)
    name = here.library.found(ada, "Sheep readers").name
    here.library.join(bob, here.library.invite_to(ada, name))
    here.library.vote(bob, key, group=name)
    here.library.shelve(bob, name, key)
    assert here.library.choices(bob) == 1
    here.library.leave_group(bob, name)
    assert here.library.choices(bob) == 0
    assert here.library.choices(Actor("owner", Role.ADMINISTRATOR)) == 0
