"""Coming in and going out in a real browser: a link from the log, a passkey, a password; and what an account holds."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from broadsheet.mailing import LogPost
from tests.e2e.conftest import DESKTOP
from tests.e2e.looking import faults
from tests.e2e.site import served
from tests.place import Place, place

LOG = logging.getLogger("broadsheet.tests.letters")
PLACES = {"desktop, light": (DESKTOP, "light"), "phone, dark": ({"width": 320, "height": 640}, "dark")}


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Place]:
    with place(tmp_path / "home", passwords=True, post=LogPost(LOG)) as made, served(made.app) as base:
        # A passkey belongs to a name, not to an address of numbers.
        made.base = base.replace("127.0.0.1", "localhost")
        yield made


@pytest.fixture
def context(browser: Browser, here: Place) -> Iterator[BrowserContext]:
    made = browser.new_context(base_url=here.base, viewport=DESKTOP, color_scheme="light")
    yield made
    made.close()


def in_log(here: Place, caplog: pytest.LogCaptureFixture) -> str:
    """The last link that the log holds."""
    here.library.errands.wait()
    return str(re.findall(rf"{re.escape(here.base)}/sign-in/link/\S+", caplog.text)[-1])


def sign_in(here: Place, page: Page, caplog: pytest.LogCaptureFixture, email: str, name: str = "") -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail address", exact=True).fill(email)
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A link is on its way")
    page.goto(in_log(here, caplog))
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Sign in as {email}?")
    if name:
        page.get_by_text("New here? Choose your name").click()
        page.get_by_label("The name that others see").fill(name)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("navigation", name="You").get_by_role("link", name="Inbox")).to_be_visible()


def test_a_link_from_the_log_signs_in(here: Place, page: Page, caplog: pytest.LogCaptureFixture) -> None:
    page.goto("/about")
    page.get_by_role("link", name="Sign in").click()
    expect(page.get_by_text("the link is printed in the server’s log")).to_be_visible()
    page.get_by_label("E-mail address", exact=True).fill("ada@example.org")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("A link is on its way")
    page.goto(in_log(here, caplog))
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{here.base}/about")  # back to where it began
    page.get_by_role("navigation", name="You").get_by_role("link").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Settings")
    expect(page.get_by_text("Administrator")).to_be_visible()
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()


def test_it_all_goes_without_javascript(here: Place, browser: Browser, caplog: pytest.LogCaptureFixture) -> None:
    context = browser.new_context(base_url=here.base, java_script_enabled=False)
    page = context.new_page()
    sign_in(here, page, caplog, "ada@example.org", "ada")
    page.goto("/settings")
    expect(page.get_by_role("button", name="Add a passkey")).to_be_hidden()
    page.get_by_label("About you").fill("Sheep.")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    context.close()


def test_a_link_does_nothing_in_another_browser(
    here: Place, browser: Browser, page: Page, caplog: pytest.LogCaptureFixture
) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail address", exact=True).fill("ada@example.org")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("A link is on its way")
    link = in_log(here, caplog)
    context = browser.new_context(base_url=here.base)
    other = context.new_page()
    other.goto(link)
    other.get_by_role("button", name="Sign in").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("This link cannot be used")
    expect(other.get_by_role("link", name="Sign in")).to_be_visible()
    context.close()


def test_a_passkey_is_made_and_signs_in(here: Place, context: BrowserContext, caplog: pytest.LogCaptureFixture) -> None:
    page = context.new_page()
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    kind |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": kind})
    sign_in(here, page, caplog, "ada@example.org", "ada")
    page.goto("/settings")
    page.get_by_label("What to call it").fill("My telephone")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("The list of passkeys is changed.")).to_be_visible()
    expect(page.get_by_role("button", name="Remove the passkey My telephone")).to_be_visible()
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("This device has a passkey for this account already.")).to_be_visible()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.goto("/sign-in?back=/about")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(f"{here.base}/about")
    page.goto("/settings")
    page.get_by_role("button", name="Remove the passkey My telephone").click()
    expect(page.get_by_role("button", name="Remove the passkey My telephone")).to_have_count(0)
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()


def test_a_password_is_set_and_signs_in(here: Place, page: Page, caplog: pytest.LogCaptureFixture) -> None:
    sign_in(here, page, caplog, "ada@example.org", "ada")
    page.goto("/settings")
    page.get_by_label("A new one").fill("correct horse battery")
    page.get_by_role("button", name="Set it").click()
    expect(page.get_by_text("The password is set")).to_be_visible()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.get_by_label("E-mail address or name").fill("ada")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign in with a password").click()
    expect(page.get_by_role("navigation", name="You").get_by_role("link", name="ada")).to_be_visible()


def test_another_browser_is_signed_out(
    here: Place, browser: Browser, page: Page, caplog: pytest.LogCaptureFixture
) -> None:
    sign_in(here, page, caplog, "ada@example.org", "ada")
    context = browser.new_context(base_url=here.base)
    other = context.new_page()
    sign_in(here, other, caplog, "ada@example.org")
    page.goto("/settings")
    page.get_by_role("button", name=re.compile("^Sign out Chrome")).click()
    expect(page.get_by_text("Ended.")).to_be_visible()
    other.goto("/settings")
    expect(other.get_by_role("heading", level=1)).to_have_text("Who are you?")
    context.close()


def test_a_token_is_shown_once(here: Place, page: Page, caplog: pytest.LogCaptureFixture) -> None:
    sign_in(here, page, caplog, "ada@example.org", "ada")
    page.goto("/settings")
    page.get_by_text("Make a token").click()
    page.get_by_label("What it is for").fill("nightly")
    page.get_by_role("button", name="Make the token").click()
    secret = page.get_by_label("Token").input_value()
    assert secret.startswith("bs_")
    page.get_by_role("link", name="Back to the settings").click()
    expect(page.get_by_text("nightly")).to_be_visible()
    assert secret not in page.content()


def test_an_account_is_deleted(here: Place, page: Page, caplog: pytest.LogCaptureFixture) -> None:
    sign_in(here, page, caplog, "ada@example.org", "ada")
    page.goto("/settings")
    with page.expect_download() as download:
        page.get_by_role("link", name="Everything I gave").click()
    assert download.value.suggested_filename == "broadsheet-ada.json"
    page.get_by_role("link", name="Delete the account").click()
    page.get_by_label("type the account’s name").fill("ada")
    page.get_by_role("button", name="Delete the account for good").click()
    expect(page.get_by_text("Your account is gone")).to_be_visible()


def test_pages_of_people_are_accessible_and_fit(
    here: Place, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    first = browser.new_context(base_url=here.base)
    page = first.new_page()
    sign_in(here, page, caplog, "ada@example.org", "ada")
    page.goto("/settings")
    page.get_by_text("Make a token").click()
    page.get_by_label("What it is for").fill("nightly" * 8)
    page.get_by_role("button", name="Make the token").click()
    page.goto("/invitations")
    page.get_by_label("For whom").fill("unbreakable" * 15)
    page.get_by_role("button", name="Make an invitation").click()
    kept = first.storage_state()
    first.close()
    for size, scheme in PLACES.values():
        mine = browser.new_context(base_url=here.base, viewport=size, color_scheme=scheme, storage_state=kept)  # type: ignore[arg-type]
        nobodys = browser.new_context(base_url=here.base, viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
        pages = (
            (mine, ("/", "/settings", "/people", "/people/ada", "/invitations", "/settings/leave")),
            (nobodys, ("/sign-in", "/sign-in/sent", "/sign-in/link/none", "/settings")),
        )
        for context, paths in pages:
            page = context.new_page()
            for path in paths:
                page.goto(path)
                assert faults(page) == [], path
            context.close()
