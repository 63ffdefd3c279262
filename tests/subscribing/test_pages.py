"""The pages of subscribing in a whole place: the entrance, the forms, and what they say."""

import re
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import html5lib
import pytest

from broadsheet.library import LIMITS, Limit
from broadsheet.types import OWNER, Access, Wanted
from tests.place import PUBLIC, Browser, Place, place
from tests.subscribing.pages import ADA, confirmed, leave_link, link, post, text

BUDGET = 60_000  # bytes of a page with all it links to


# The banner


OFFERED = {
    "/": "Get each day’s papers in your inbox",
    "/trending": "Get trending papers in your inbox",
    "/about": "Get trending papers in your inbox",
    "/search?q=sheep+-goats": "Get new results for “sheep -goats” in your inbox",
    "/search?q=sheep+OR+goats&category=cs.LG+cs.CL&code=1": "Get new results for “(sheep OR goats) "
    "(category:cs.LG OR category:cs.CL) has:code” in your inbox",
}


@pytest.mark.parametrize("path", OFFERED)
def test_each_page_offers_what_it_shows(passer: Browser, path: str) -> None:
    page = passer.get(path).text
    banner = page.partition('<aside class="banner"')[2].partition("</aside>")[0]
    assert unescape(" ".join(re.sub("<[^>]*>", " ", banner).split(">", 1)[1].split())).startswith(OFFERED[path])


@pytest.mark.parametrize("path", ["/sign-in", "/subscribe", "/subscribe/sent"])
def test_pages_of_forms_have_no_banner(passer: Browser, path: str) -> None:
    assert 'class="banner"' not in passer.get(path).text


def test_the_banner_goes_when_it_is_closed_and_the_offer_stays_at_the_foot(passer: Browser) -> None:
    answer = post(passer, "/subscribe/close", back="/trending?window=week")
    assert (answer.status_code, answer.headers["location"]) == (303, "/trending?window=week")
    page = passer.get("/trending").text
    assert 'class="banner"' not in page
    assert '<a href="/subscribe?what=trending" rel="nofollow">By mail</a>' in page
    assert post(passer, "/subscribe/close", back="https://evil.example/").headers["location"] == "/"


def test_the_banner_is_the_same_for_all_who_have_not_closed_it(here: Place) -> None:
    first, second = here.browser().get("/trending"), here.browser().get("/trending")
    assert first.text == second.text
    assert "set-cookie" not in first.headers
    again = here.browser().get("/trending", **{"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


def test_what_the_banner_is_given_stands_in_the_form(passer: Browser) -> None:
    page = post(passer, "/subscribe/start", what="search:sheep -goats", email=ADA)
    assert page.status_code == 200
    assert f'value="{ADA}"' in page.text
    assert re.search(r'name="search" value="sheep -goats"', page.text)
    assert re.search(r'value="search" checked', page.text)


# The form


def test_an_address_subscribes_confirms_and_is_led_to_its_preferences(here: Place, passer: Browser) -> None:
    fields = {"what": "keyword", "keyword": "sparse attention", "email": f" {ADA.upper()} ", "rhythm": "weekly"}
    more = {"weekday": "2", "at": "08:15", "zone": "Europe/Berlin", "most": "5", "form": "text"}
    answer = post(passer, "/subscribe", **fields, **more)
    assert (answer.status_code, answer.headers["location"]) == (303, "/subscribe/sent")
    assert "banner=closed" in answer.headers["set-cookie"]
    assert "48 hours" in text(passer.get("/subscribe/sent").text)
    opened = link(here)
    for _ in range(3):  # programs that look at links open them too
        shown = passer.get(opened)
        assert "sparse attention Every Wednesday, 08:15 in Berlin; 5 papers at most; plain text" in text(shown.text)
        assert shown.headers["cache-control"] == "private, no-store"
        assert here.library.catalogue.subscription(1).confirmed is None
    answer = post(passer, opened, s1="1")
    assert answer.status_code == 303
    page = passer.get(answer.headers["location"])
    assert "Next: Wednesday, 25 November 2026, 08:15" in text(page.text)
    assert page.headers["cache-control"] == "private, no-store"
    assert "Nothing waits" in text(passer.get(opened).text)


def test_one_box_at_least_is_ticked(here: Place, passer: Browser) -> None:
    post(passer, "/subscribe", what="trending", email=ADA)
    opened = link(here)
    answer = post(passer, opened)
    assert answer.status_code == 400
    assert "Tick at least one" in text(answer.text)
    assert post(passer, opened, **{"s9" * 20: "1", "sx": "1"}).status_code == 400


def test_the_same_is_said_to_every_address(here: Place) -> None:
    confirmed(here, email="known@example.org")
    here.browser().signs_in("account@example.org", name="ada")
    with here.library.catalogue._store.write() as tx:
        tx.exec_driver_sql("UPDATE subscriber SET suppressed = '2026-11-01T00:00:00Z' WHERE email LIKE 'known%'")
    said = set()
    for name in ("known", "account", "new", "new"):
        answer = post(here.browser(), "/subscribe", what="edition", email=f"{name}@example.org")
        kept = {key: value for key, value in answer.headers.items() if key != "ratelimit"}
        said.add((answer.status_code, answer.text, str(sorted(kept.items()))))
    assert len(said) == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"email": "ada@example.org\r\nBcc: eve@example.org"}, "email"),
        ({"email": '"ada"@example.org'}, "email"),
        ({"email": "a" * 5_000 + "@example.org"}, "email"),
        ({"at": "25:00"}, "at"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"most": "1000"}, "most"),
        ({"weekday": "8"}, "weekday"),
        ({"rhythm": "at once"}, "rhythm"),
        ({"form": "pdf"}, "form"),
        ({"what": "category", "category": "cs.NOPE"}, "category"),
        ({"what": "keyword", "keyword": " "}, "keyword"),
        ({"what": "author", "author": "?!"}, "author"),
        ({"what": "search", "search": "x" * 900}, "search"),
        ({"what": "nonsense"}, "what"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    passer: Browser, given: dict[str, str], field: str
) -> None:
    fields = {"what": "trending", "email": ADA, "most": "7", "at": "06:05", "zone": "Asia/Tokyo", **given}
    answer = post(passer, "/subscribe", **fields)
    assert answer.status_code == 400
    assert re.findall(r'class="wrong" id="p-(\w+)-wrong"', answer.text) == [field]
    assert "one thing below needs another word" in text(answer.text)
    for name in ("email", "most", "at"):
        typed = " ".join(fields[name].split())[:5_000]
        assert re.search(rf'name="{name}"[^>]*value="{re.escape(_escaped(typed))}', answer.text), name
    if field != "zone":
        assert '<option value="Asia/Tokyo" selected>' in answer.text


def _escaped(text: str) -> str:
    return text.replace('"', "&#34;").replace("'", "&#39;")


def test_all_that_is_wrong_is_said_at_once(passer: Browser) -> None:
    answer = post(passer, "/subscribe", what="category", category="nope", email="nobody", at="9", most="0")
    assert set(re.findall(r'id="p-(\w+)-wrong"', answer.text)) == {"category", "email", "at", "most"}


def test_who_asks_too_often_keeps_what_they_typed(tmp_path: Path) -> None:
    with place(tmp_path / "home", ADDRESS=PUBLIC) as here:
        here.library.rules = type(here.library.rules)(
            access=Access.OPEN, limits={**LIMITS, "subscribe": Limit("subscriptions", 1, ((86_400, 1),), shared=1)}
        )
        passer = here.browser()
        assert post(passer, "/subscribe", what="trending", email=ADA).status_code == 303
        answer = post(passer, "/subscribe", what="trending", email="grace@example.org")
    assert (answer.status_code, "retry-after" in answer.headers) == (429, True)
    assert "Too many subscriptions" in text(answer.text)
    assert 'value="grace@example.org"' in answer.text


def test_forms_of_other_sites_are_not_taken(here: Place) -> None:
    preferences = confirmed(here)
    stranger = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    for path in ("/subscribe", "/subscribe/start", "/subscribe/close", f"{preferences}/1/end", f"{preferences}/end"):
        answer = here.browser().client.post(path, data={"what": "trending", "email": ADA}, headers=stranger)
        assert answer.status_code == 403, path


def test_a_form_of_who_is_signed_in_is_from_their_own_page(here: Place, passer: Browser) -> None:
    passer.signs_in(ADA, name="ada")
    assert post(passer, "/subscribe", what="trending").status_code == 403
    assert here.library.my_subscriptions(here.library.acting_as(OWNER, "ada")) == []


# Accounts


def test_an_account_needs_no_letter(here: Place, passer: Browser) -> None:
    passer.signs_in(ADA, name="ada")
    answer = passer.post("/subscribe", "/subscribe", what="mine", rhythm="weekdays", zone="Asia/Tokyo")
    assert answer.headers["location"] == "/settings/subscriptions?done=subscribed"
    page = text(passer.get("/settings/subscriptions").text)
    assert f"To {ADA}" in page
    assert "For me Monday to Friday, 07:30 in Tokyo; 10 papers at most Next: Monday, 23 November 2026, 07:30" in page
    for act, said in (("1/pause", "Paused"), ("1/resume", "Next:"), ("1/end", "Ended lately"), ("1/undo", "Next:")):
        answer = passer.post(f"/settings/subscriptions/{act}", "/settings/subscriptions")
        assert answer.status_code == 303, act
        assert said in text(passer.get("/settings/subscriptions").text), act
    assert passer.get("/settings/subscriptions/99").status_code == 404
    assert passer.post("/settings/subscriptions/99/end", "/settings").status_code == 404
    assert here.browser().get("/settings/subscriptions").status_code == 401


def test_what_goes_to_a_channel_says_to_which(here: Place, passer: Browser) -> None:
    passer.signs_in(ADA, name="ada")
    ada = here.library.acting_as(OWNER, "ada")
    channel, _ = here.library.add_channel(ada, "webhook", "https://hooks.example.org/x", "The lab’s bot")
    page = passer.get(f"/subscribe?what=trending&channel={channel.number}").text
    assert f'<option value="{channel.number}" selected>The lab’s bot (webhook)</option>' in page
    passer.post("/subscribe", "/subscribe", what="trending", channel=str(channel.number))
    assert "to The lab’s bot" in text(passer.get("/settings/subscriptions").text)
    (one,) = here.library.my_subscriptions(ada)
    assert "The lab" not in passer.get(f"/preferences/{here.library.preferences_token(one.subscriber)}").text


def test_one_persons_place_writes_letters_to_files_or_to_an_address(tmp_path: Path) -> None:
    with place(tmp_path / "home", access=Access.SINGLE, base="http://127.0.0.1:8000", ACCESS="single") as here:
        owner = here.browser(peer="127.0.0.1")
        assert owner.post("/subscribe", "/subscribe", what="trending").status_code == 303
        page = text(owner.get("/settings/subscriptions").text)
        assert "To files on this machine" in page
        bad = owner.post("/subscribe", "/subscribe", what="edition", email="nobody")
        assert (bad.status_code, "no e-mail address" in bad.text) == (400, True)
        owner.post("/subscribe", "/subscribe", what="edition", email=ADA)
        page = text(owner.get("/settings/subscriptions").text)
        assert f"To {ADA}" in page
        assert "Trending papers" in page
        assert "The daily edition" in page
        assert f"What you are sent goes to {ADA}" in text(owner.get("/subscribe").text)


# Preferences, by the link in a letter


def test_who_holds_a_letter_changes_pauses_and_ends_without_an_account(here: Place, passer: Browser) -> None:
    base = confirmed(here)
    assert "a…@example.org" in text(passer.get(base).text)
    assert ADA not in passer.get(base).text
    answer = post(passer, f"{base}/1/change", at="x", rhythm="weekly", most="9")
    assert (answer.status_code, re.findall(r'id="s1-(\w+)-wrong"', answer.text)) == (400, ["at"])
    assert 'value="9"' in answer.text
    for act, fields, said in (
        ("1/change", {"at": "21:00", "rhythm": "weekly", "weekday": "6"}, "Every Sunday, 21:00 UTC"),
        ("1/pause", {"until": "2026-12-24"}, "Paused until 24 December 2026"),
        ("1/resume", {}, "Next: Sunday, 22 November 2026, 21:00"),
        ("pause", {}, "Paused"),
        ("resume", {}, "Next: Sunday"),
        ("end", {}, "Nothing is sent to you. Ended lately"),
        ("1/undo", {}, "Next: Sunday"),
    ):
        answer = post(passer, f"{base}/{act}", **fields)
        assert answer.status_code == 303, (act, answer.text)
        assert said in text(passer.get(base).text), act
    answer = post(passer, f"{base}/1/pause", until="2020-01-01")
    assert (answer.status_code, "Choose a day to come" in answer.text) == (400, True)


def test_a_link_of_preferences_is_good_for_its_own_subscriptions_alone(here: Place, passer: Browser) -> None:
    mine, other = confirmed(here), confirmed(here, email="grace@example.org")
    for act in ("change", "pause", "resume", "end", "undo"):
        assert post(passer, f"{mine}/2/{act}").status_code == 404
    assert "Next:" in text(passer.get(other).text)
    assert passer.get(f"{mine}/2").status_code == 404
    for worn in (mine[:-1], mine + "x", "/preferences/x", "/preferences/" + "y" * 5_000):
        page = passer.get(worn)
        assert (page.status_code, "/search?q=" in page.text) == (404, False)
        assert "There is a whole one in every letter" in page.text


def test_a_link_in_letters_to_an_address_before_leads_nowhere(here: Place, passer: Browser) -> None:
    ada = here.browser()
    ada.signs_in(ADA, name="ada")
    base = confirmed(here)
    assert passer.get(base).status_code == 200
    ada.post("/settings/email", email="new@example.org")
    moved = here.link()
    assert ada.post(moved, moved).status_code == 303
    assert passer.get(base).status_code == 404
    assert "To new@example.org" in text(ada.get("/settings/subscriptions").text)


def test_a_letter_that_is_handed_on_does_not_name_a_group(here: Place, passer: Browser) -> None:
    passer.signs_in(ADA, name="ada")
    ada = here.library.acting_as(OWNER, "ada")
    group = here.library.found(ada, "The Secret Meadow")
    made = here.library.subscribe_me(ada, Wanted.GROUP, group.name)
    page = here.browser().get(f"/preferences/{here.library.preferences_token(made.subscriber)}").text
    assert "The edition of a group" in page
    assert "Secret Meadow" not in page
    assert group.name not in page
    assert "Secret Meadow" in passer.get("/settings/subscriptions").text


# All of them


def test_pages_are_sound_small_and_for_nobody_else(here: Place, passer: Browser) -> None:
    passer.signs_in(ADA, name="ada")
    ada = here.library.acting_as(OWNER, "ada")
    for number in range(49):
        here.library.subscribe_me(ada, Wanted.QUERY, f"sheep {number} " + "and wool " * 11, title="")
        here.clock.moves(hours=1)
    here.library.found(ada, "The <b>Meadow</b> & Sons")
    preferences = f"/preferences/{here.library.preferences_token(1)}"
    long = urlencode({"what": "search:" + "é\"'<" * 70})
    one = ("/settings/subscriptions", "/settings/subscriptions/1", preferences, f"{preferences}/1", leave_link(here))
    for path in ("/subscribe", f"/subscribe?{long}", "/subscribe/sent", "/subscribe/confirm/x", *one):
        page = passer.get(path)
        assert page.status_code in (200, 410), path
        html5lib.HTMLParser(strict=True).parse(page.text)
        files = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
        whole = len(page.content) + sum(len(passer.get(one).content) for one in set(files))
        assert whole <= BUDGET, (path, whole)
        assert "<b>Meadow" not in page.text
