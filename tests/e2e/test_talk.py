"""People talk, in a real Chromium: in place with the script, and by plain forms without it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from broadsheet.library import Library
from broadsheet.types import Actor, Role
from tests.crowd import joins
from tests.e2e.conftest import DESKTOP, PHONE
from tests.e2e.looking import faults
from tests.e2e.site import SPECIAL, filled, ordinary, served, site
from tests.visitors import by_cookie

PAPER = "/papers/2611.00001"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Library, dict[str, Actor]]]:
    """Where people talk: its address, the library behind it, and who is there."""
    with filled(tmp_path_factory.mktemp("talk"), ordinary(), SPECIAL) as library:
        actors = {name: joins(library, name) for name in ("ada", "bob", "cy")}
        actors["mo"] = joins(library, "mo", Role.MODERATOR)
        with served(by_cookie(site(library), actors)) as address:
            yield address, library, actors


@contextmanager
def browsing(browser: Browser, address: str, who: str = "", *, script: bool = True) -> Iterator[Page]:
    """A browser of somebody; fails on any error or warning in the console, a violated policy among them."""
    context = browser.new_context(base_url=address, viewport=DESKTOP, color_scheme="light", java_script_enabled=script)
    if who:
        context.add_cookies([{"name": "who", "value": who, "url": address}])
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda note: complaints.append(note.text) if note.type in ("error", "warning") else None)
    yield page
    context.close()
    # Chromium itself reports what was refused, and what could not be reached.
    assert [text for text in complaints if not text.startswith("Failed to load resource")] == []


@pytest.fixture(params=[True, False], ids=["with the script", "without"])
def script(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


Place = tuple[str, Library, dict[str, Actor]]


def test_one_votes_and_takes_the_vote_back(browser: Browser, place: Place, *, script: bool) -> None:
    address, library, _ = place
    key = "2611.00103" if script else "2611.00104"
    with browsing(browser, address, "ada", script=script) as page:
        page.goto("/date/2026-11-20")
        loads: list[str] = []
        page.on("load", lambda loaded: loads.append(loaded.url))
        button = page.locator(f"[id='v{key}']")
        button.click()
        expect(button).to_have_text("▲ 1")
        assert library.paper(key).own_votes == 1
        expect(page.locator(f"[id='v{key}']")).to_have_accessible_name("Take back your vote (1)")
        button.click()
        expect(button).to_have_text("▲")
        assert library.paper(key).own_votes == 0
        assert bool(loads) is not script
        if script:
            expect(button).to_be_focused()


def test_a_double_click_and_a_reload_count_once(browser: Browser, place: Place, *, script: bool) -> None:
    address, library, _ = place
    key = "2611.00105" if script else "2611.00106"
    with browsing(browser, address, "ada", script=script) as page:
        page.goto(f"/papers/{key}")
        page.locator(f"[id='v{key}']").click()
        expect(page.locator(f"[id='v{key}']")).to_have_text("▲ 1")
        page.reload()
        assert library.paper(key).own_votes == 1
        page.get_by_label("Your comment").fill("Only once, please.")
        page.get_by_role("button", name="Comment", exact=True).dblclick(no_wait_after=True)
        expect(page.locator(".said .words")).to_have_text(["Only once, please."])
        page.reload()
        expect(page.locator(".said .words")).to_have_text(["Only once, please."])


def test_people_comment_answer_and_edit(browser: Browser, place: Place, *, script: bool) -> None:
    address, _, _ = place
    where = f"/papers/2611.001{20 + script}"
    with browsing(browser, address, "ada", script=script) as page:
        page.goto(where)
        page.get_by_label("Your comment").fill("A **bold** claim about $n^2$ sheep.")
        page.get_by_role("button", name="Preview").click()
        expect(page.get_by_role("status")).to_contain_text("A bold claim")
        expect(page.get_by_label("Your comment")).to_have_value("A **bold** claim about $n^2$ sheep.")
        expect(page.locator(".said")).to_have_count(0)
        page.get_by_role("button", name="Comment", exact=True).click()
        expect(page.locator(".said strong")).to_have_text("bold")
        expect(page.locator(".said msup")).to_be_visible()
        expect(page.get_by_label("Your comment")).to_have_value("")
    with browsing(browser, address, "bob", script=script) as page:
        page.goto(where)
        page.get_by_text("Reply", exact=True).first.click()
        page.get_by_label("Your answer").fill("I doubt it.")
        page.get_by_role("button", name="Reply").click()
        expect(page.locator(".d1 .words")).to_have_text("I doubt it.")
        if script:
            expect(page.locator(".d1 .said")).to_be_focused()
        page.locator(".d0 .vote").click()
        expect(page.locator(".d0 .vote")).to_have_text("▲ 1")
    with browsing(browser, address, "ada", script=script) as page:
        page.goto(where)
        page.get_by_role("link", name="Edit").click()
        page.get_by_label("What your comment says").fill("A *small* claim.")
        page.get_by_role("button", name="Preview").click()
        expect(page.get_by_role("status")).to_contain_text("A small claim.")
        page.get_by_role("button", name="Save").click()
        expect(page.locator(".d0 em")).to_have_text("small")
        page.get_by_role("link", name="edited").click()
        expect(page.locator(".wordings li")).to_have_count(2)


def test_two_editors_at_once_lose_nothing(browser: Browser, place: Place, *, script: bool) -> None:
    address, library, actors = place
    number = library.comment(actors["ada"], f"2611.001{30 + script}", "At first.").number
    with (
        browsing(browser, address, "ada", script=script) as one,
        browsing(browser, address, "ada", script=script) as two,
    ):
        for page in (one, two):
            page.goto(f"/comments/{number}/edit")
        one.get_by_label("What your comment says").fill("The quicker one.")
        one.get_by_role("button", name="Save").click()
        expect(one.locator(".said").first).to_contain_text("The quicker one.")
        two.get_by_label("What your comment says").fill("The slower one.")
        two.get_by_role("button", name="Save").click()
        expect(two.get_by_role("alert")).to_be_visible()
        expect(two.get_by_label("What your comment says")).to_have_value("The slower one.")
        assert library.comment_of(actors["ada"], number).text == "The quicker one."
        expect(two.locator(".theirs")).to_contain_text("The quicker one.")
        two.get_by_label("What your comment says").fill("Both of them.")
        two.get_by_role("button", name="Save").click()
        expect(two.locator(".said").first).to_contain_text("Both of them.")


def test_what_is_refused_stays_in_its_box(browser: Browser, place: Place, *, script: bool) -> None:
    address, _, _ = place
    text = "far too long " * 2_000
    with browsing(browser, address, "cy", script=script) as page:
        page.goto("/papers/2611.00110")
        page.get_by_label("Your comment").fill(text)
        page.get_by_role("button", name="Comment", exact=True).click()
        expect(page.get_by_role("alert")).to_be_visible()
        assert page.get_by_label("Your comment").input_value().strip() == text.strip()


def test_a_text_outlives_being_signed_out(browser: Browser, place: Place, *, script: bool) -> None:
    address, library, _ = place
    key = f"2611.001{40 + script}"
    with browsing(browser, address, "ada", script=script) as page:
        page.goto(f"/papers/{key}")
        page.get_by_label("Your comment").fill("Long thoughts.")
        page.context.clear_cookies()
        page.get_by_role("button", name="Comment", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("signed out")
        box = page.locator("#say textarea")
        expect(box).to_have_value("Long thoughts.")
        page.context.add_cookies([{"name": "who", "value": "ada", "url": address}])
        for _ in range(2):  # the form knows the passer-by that one was; the one after it knows who one is
            page.locator("#say button").first.click()
            if script:
                expect(page.locator("#say [aria-busy]")).to_have_count(0)
        expect(page.locator(".said .words")).to_have_text("Long thoughts.")
        assert len(library.comments(key)) == 1


def test_what_cannot_be_sent_is_not_lost(browser: Browser, place: Place) -> None:
    address, library, _ = place
    with browsing(browser, address, "ada") as page:
        page.goto("/papers/2611.00112")
        cut = True

        def fail(route: Route) -> None:
            route.abort() if cut else route.continue_()

        page.route("**/comments?*", fail)
        page.get_by_label("Your comment").fill("Through a tunnel.")
        page.once("console", lambda _: None)
        page.get_by_role("button", name="Preview").click()
        expect(page.get_by_role("alert")).to_contain_text("could not be sent")
        expect(page.get_by_label("Your comment")).to_have_value("Through a tunnel.")
        cut = False
        page.get_by_role("button", name="Comment", exact=True).click()
        expect(page.locator(".said .words")).to_have_text("Through a tunnel.")
        page.unroute_all()
    assert len(library.comments("2611.00112")) == 1


def test_a_paper_is_submitted(browser: Browser, place: Place, *, script: bool) -> None:
    address, _, _ = place
    with browsing(browser, address, "bob", script=script) as page:
        page.goto("/submit")
        page.get_by_label("arXiv id, DOI or address").fill("nonsense")
        page.get_by_label("A first comment").fill("Read *this*.")
        page.get_by_role("button", name="Preview").click()
        expect(page.get_by_role("status")).to_contain_text("Read this.")
        page.get_by_role("button", name="Submit", exact=True).click()
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.get_by_label("A first comment")).to_have_value("Read *this*.")
        page.get_by_label("arXiv id, DOI or address").fill("https://arxiv.org/abs/2611.00107v1")
        page.get_by_role("button", name="Submit", exact=True).click()
        expect(page.get_by_role("status")).to_be_visible()
        expect(page.locator(".lines").get_by_role("link", name=re.compile("Part 7$")).first).to_be_visible()


def test_notices_are_read_in_place(browser: Browser, place: Place, *, script: bool) -> None:
    address, library, actors = place
    library.mark_read(actors["cy"])  # what other tests have told of
    first = library.comment(actors["cy"], "2611.00113", f"A claim, {script}.").number
    for count in range(2):
        library.comment(actors["bob"], "2611.00113", f"Doubt {count}, {script}.", parent=first)
    with browsing(browser, address, "cy", script=script) as page:
        page.goto("/inbox")
        expect(page.get_by_role("button", name="Mark as read")).to_have_count(2)
        page.get_by_role("button", name="Mark as read").first.click()
        expect(page.get_by_role("button", name="Mark as read")).to_have_count(1)
        page.get_by_role("button", name="Mark all as read").click()
        expect(page.get_by_role("button", name="Mark all as read")).to_have_count(0)


def test_no_page_has_an_accessibility_error_or_is_wider_than_the_screen(browser: Browser, place: Place) -> None:
    address, library, actors = place
    key = "2611.00114"
    first = library.comment(actors["cy"], key, "A claim with $x^2$, `code`\n\n> and words\n\n    for x in y:").number
    last = first
    for count in range(7):
        last = library.comment(actors["bob"], key, f"Number {count}. {'unbreakable' * 30}", parent=last).number
    library.edit_comment(actors["cy"], first, "A smaller claim with $x^2$.", edit=0)
    library.flag(actors["ada"], "comment", last, "Odd.")
    library.hide_comment(actors["mo"], last, "It is odd indeed.")
    one = f"/comments/{first}"
    paths = [f"/papers/{key}", f"/papers/{key}/comments", one, f"{one}/edit", f"{one}/history", f"{one}/delete",
             f"{one}/hide", f"/comments/{last}", f"/flag/comment/{first}", "/submit", "/inbox", "/moderation",
             "/moderation/log", f"/papers/{key}/claim", "/moderation/ban/bob"]  # fmt: skip
    for who, size, scheme in (("mo", DESKTOP, "light"), ("cy", PHONE, "dark"), ("", PHONE, "light")):
        context = browser.new_context(base_url=address, viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
        if who:
            context.add_cookies([{"name": "who", "value": who, "url": address}])
        page = context.new_page()
        for path in paths if who else paths[:5]:  # the others only ask passers-by to sign in
            page.goto(path)
            assert faults(page) == [], (who, path)
        context.close()
