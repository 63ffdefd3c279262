"""Subscribing in a real browser, with JavaScript and without: from the banner to the last letter, and how it looks."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, ViewportSize, expect

from broadsheet.types import OWNER, Wanted, Way
from tests.e2e.conftest import DESKTOP
from tests.e2e.looking import faults
from tests.e2e.site import served
from tests.place import Place, place

ADA = "ada@example.org"
SCREENS: dict[str, tuple[ViewportSize, Literal["light", "dark"]]] = {
    "desktop, light": (DESKTOP, "light"),
    "phone, dark": ({"width": 320, "height": 640}, "dark"),
}


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Place]:
    with place(tmp_path / "home") as made, served(made.app) as base:
        made.base = base
        yield made


def context(browser: Browser, here: Place, **how: object) -> BrowserContext:
    return browser.new_context(base_url=here.base, timezone_id="Asia/Tokyo", **how)  # type: ignore[arg-type]


def link(here: Place) -> str:
    """The link in the letter that leaves now."""
    at = here.clock()
    (letter,) = here.library.catalogue.claim_outgoing(
        Way.MAIL, worker="w", at=at, until=at + timedelta(minutes=5), limit=9
    )
    found = re.search(r"http\S+", letter.text)
    assert found, letter.text
    return found[0]


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_from_the_banner_to_the_end(here: Place, browser: Browser, script: bool) -> None:
    made = context(browser, here, java_script_enabled=script)
    page = made.new_page()
    page.goto("/search?q=sparse+sheep")
    banner = page.get_by_role("complementary", name="By mail")
    expect(banner).to_contain_text("Get new results for “sparse sheep” in your inbox")
    banner.get_by_label("Your e-mail address").fill(ADA)
    banner.get_by_role("button", name="Subscribe").click()
    main = page.get_by_role("main")
    expect(main.get_by_label("E-mail address")).to_have_value(ADA)
    expect(main.get_by_label("What to look for")).to_have_value("sparse sheep")
    expect(main.get_by_label("Of which time zone")).to_have_value("Asia/Tokyo" if script else "UTC")
    expect(main.get_by_label("On which day")).to_be_hidden()
    main.get_by_label("How often").select_option("weekly")
    main.get_by_label("On which day").select_option("Friday")
    main.get_by_role("button", name="Subscribe").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("One step more")
    page.goto(link(here))
    expect(main).to_contain_text("Every Friday, 07:30")
    main.get_by_role("button", name="Yes, send it").click()
    expect(page.get_by_role("status")).to_contain_text("Confirmed")
    preferences = page.url
    page.get_by_role("link", name="Change or pause").click()
    main.get_by_label("At what time").fill("21:45")
    main.get_by_role("button", name="Save").click()
    expect(main).to_contain_text("Every Friday, 21:45")
    page.goto(f"/unsubscribe/{here.library.unsubscribe_token(here.library.catalogue.subscription(1))}")
    main.get_by_role("button", name="Unsubscribe").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Unsubscribed")
    main.get_by_role("button", name="undo it").click()
    page.goto(preferences)
    main.get_by_role("button", name=re.compile("^End it")).click()
    expect(page.get_by_role("heading", name="Ended lately")).to_be_visible()
    main.get_by_role("button", name=re.compile("^Undo")).click()
    expect(page.get_by_role("heading", name="Ended lately")).to_have_count(0)
    page.goto("/trending")
    expect(page.get_by_role("complementary", name="By mail")).to_have_count(0)
    made.close()


def test_the_banner_is_closed_by_one_press_for_good(here: Place, browser: Browser) -> None:
    made = context(browser, here, java_script_enabled=False)
    page = made.new_page()
    page.goto("/trending?window=month")
    page.get_by_role("button", name="Do not show this again").click()
    expect(page).to_have_url(f"{here.base}/trending?window=month")
    expect(page.get_by_role("complementary", name="By mail")).to_have_count(0)
    page.goto("/")
    expect(page.get_by_role("complementary", name="By mail")).to_have_count(0)
    page.get_by_role("link", name="By mail").click()
    expect(page.get_by_label("The daily edition")).to_be_checked()
    made.close()


def test_it_all_goes_by_keyboard_and_what_is_wrong_is_told_to_who_listens(here: Place, browser: Browser) -> None:
    made = context(browser, here)
    page = made.new_page()
    page.goto("/subscribe")
    page.get_by_label("Which keyword").press_sequentially("sheep")
    expect(page.get_by_role("radio", name="A keyword")).to_be_checked()
    field = page.get_by_role("main").get_by_label("E-mail address")
    field.fill("nobody")
    field.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("one thing below")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description("This is no e-mail address; one is written like ada@example.org.")
    expect(page.get_by_label("Which keyword")).to_have_value("sheep")
    made.close()


@pytest.mark.parametrize("screen", SCREENS)
def test_pages_are_sound_and_no_wider_than_the_screen(here: Place, browser: Browser, screen: str) -> None:
    size, scheme = SCREENS[screen]
    made = context(browser, here, viewport=size, color_scheme=scheme)
    page = made.new_page()
    secrets: list[str] = []

    def keep(secret: str) -> str:
        secrets.append(secret)
        return secret

    title = "results for “" + "unbreakable" * 9 + "”"
    one = here.library.subscribe_address(OWNER, ADA, Wanted.QUERY, "x", title=title)
    here.library.subscribe_address(OWNER, ADA, Wanted.TRENDING, rhythm="weekly")
    token = here.library.preferences_token(one.subscriber)
    here.library.pause(token, one.number, "2027-01-01")
    here.library.end_subscription(token, here.library.subscribe_address(OWNER, ADA, Wanted.EDITION).number)
    here.library.subscribe("grace@example.org", Wanted.QUERY, "y", title=title, address="", link=keep)
    paths = ("/", "/subscribe", "/subscribe?what=category:nope", "/subscribe/sent", f"/subscribe/confirm/{secrets[0]}",
             "/subscribe/confirm/worn", f"/preferences/{token}", f"/preferences/{token}/{one.number}",
             f"/unsubscribe/{here.library.unsubscribe_token(one)}")  # fmt: skip
    for path in paths:
        page.goto(path)
        assert faults(page) == [], path
    made.close()
