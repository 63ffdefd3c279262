"""Every page as it is laid out: no accessibility error, nothing wider than the screen, formulas drawn."""

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.e2e.conftest import DESKTOP, PHONE
from tests.e2e.looking import faults, unfold

PAGES = (
    "/",
    "/date/2026-11-15",
    "/week/2026-W47",
    "/month/2026-10",
    "/search",
    "/search?q=sheep&since=2026",
    "/search?q=qwxyz",
    "/papers/2611.00001",
    "/papers/hep-th/9901001",
    "/papers/2611.00900",
    "/papers/2611.00901",
    "/papers/2611.00902",
    "/about",
    "/papers/2611.99999",
)
FEW = ("/", "/search?q=sheep&since=2026", "/papers/2611.00001")
SCREENS: dict[str, tuple[ViewportSize, Literal["light", "dark"], tuple[str, ...]]] = {
    "desktop, light": (DESKTOP, "light", PAGES),
    "phone, dark": ({"width": 320, "height": 640}, "dark", PAGES),
    "desktop, dark": (DESKTOP, "dark", FEW),
    "phone, light": (PHONE, "light", FEW),
}


@pytest.fixture(params=SCREENS)
def screen(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[tuple[Page, tuple[str, ...]]]:
    """A screen, and the pages to look at on it: all of them on two, a few where only colours or widths differ."""
    size, scheme, pages = SCREENS[request.param]
    context = browser.new_context(base_url=address, viewport=size, color_scheme=scheme)
    yield context.new_page(), pages
    context.close()


def test_no_page_has_an_accessibility_error(screen: tuple[Page, tuple[str, ...]]) -> None:
    page, paths = screen
    for path in paths:
        page.goto(path)
        assert faults(page) == [], path


def test_no_page_is_wider_than_the_screen(screen: tuple[Page, tuple[str, ...]]) -> None:
    page, _ = screen
    for path in (*PAGES, "/month/2026-09", "/papers/2609.00001", "/papers/2609.00009"):
        page.goto(path)
        unfold(page)
        wider = page.evaluate(
            """() => [...document.querySelectorAll("main *")].filter(e =>
                 document.documentElement.scrollWidth > innerWidth && e.getBoundingClientRect().right > innerWidth
               ).map(e => e.outerHTML.slice(0, 200)).slice(0, 5)"""
        )
        assert wider == [], path


def test_formulas_are_drawn(page: Page) -> None:
    page.goto("/papers/2611.00001")
    formula = page.locator("h1 math")
    expect(formula).to_be_visible()
    fraction = page.locator("#abstract mfrac").first.bounding_box()
    assert fraction is not None
    digits = page.locator("#abstract mfrac mn").first.bounding_box()
    assert digits is not None
    assert fraction["height"] > 1.5 * digits["height"]  # stacked, not side by side


def test_a_wide_formula_scrolls_inside_itself(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, viewport=PHONE)
    page = context.new_page()
    page.goto("/papers/2611.00902")
    assert page.locator("h1 .wide").evaluate("formula => formula.scrollWidth - formula.clientWidth") > 100
    context.close()


def test_the_page_prints_without_its_furniture(page: Page) -> None:
    page.goto("/search?q=sheep")
    page.emulate_media(media="print")
    expect(page.locator(".question")).to_be_hidden()
    expect(page.locator("footer")).to_be_hidden()
    expect(page.get_by_role("article").first).to_be_visible()
