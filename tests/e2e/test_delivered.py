"""What is sent, in a real browser: the letters of a laptop without a mail server, and the page of what suits one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from broadsheet.types import Access, Wanted
from tests.digests.conftest import delivered, hold
from tests.e2e.looking import faults
from tests.e2e.site import served
from tests.place import Place, place


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Place]:
    with place(tmp_path / "home", access=Access.SINGLE, base="http://127.0.0.1") as made, served(made.app) as base:
        made.base = base
        yield made


@pytest.fixture
def page(alone: Place, browser: Browser) -> Iterator[Page]:
    made = browser.new_context(base_url=alone.base, color_scheme="light")
    yield made.new_page()
    made.close()


def test_a_letter_that_was_written_to_a_file_is_read(alone: Place, page: Page) -> None:
    alone.library.subscribe_me(alone.library.owner_actor(), Wanted.EDITION, zone="UTC")
    hold(alone.library, "2026-11-20", 2)
    alone.clock.moves(hours=20)
    delivered(alone)
    page.goto("/letters")
    page.get_by_role("link", name="Broadsheet: Friday, 20 November 2026").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Broadsheet: Friday, 20 November 2026")
    shown = page.frame_locator("iframe")
    expect(shown.get_by_role("heading", level=1)).to_have_text("Friday, 20 November 2026")
    expect(shown.get_by_role("heading", level=2)).to_have_count(2)
    expect(shown.get_by_role("link", name="Unsubscribe")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("An Invented Paper on Flocks")


def test_what_suits_one_is_like_what_one_voted_for(alone: Place, page: Page) -> None:
    old = hold(alone.library, "2026-10-01", 3, title="Knitting Patterns for Sheep")
    hold(alone.library, "2026-11-20", 3, title="Knitting Patterns for Goats", abstract="Wool and needles.")
    hold(alone.library, "2026-11-19", 20, title="Turbines in Deep Water", abstract="Water drives a turbine.")
    alone.library.follow()
    page.goto("/for-me")
    main = page.get_by_role("main")
    expect(main).to_contain_text("You have chosen nothing yet.")
    for key in old[:2]:
        alone.library.vote(alone.library.owner_actor(), key)
    page.reload()
    expect(main.get_by_role("article").first).to_contain_text("Knitting Patterns for Goats")
    expect(main).to_contain_text("Like “Knitting Patterns for Sheep")
    expect(main).to_contain_text("which you voted for")
    assert faults(page) == []
