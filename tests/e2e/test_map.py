"""The map in a browser: drawn, moved, asked for titles, and a list for who has no pointer."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import PHONE
from tests.e2e.site import filled, ordinary, served, site

PATH = "/map?edition=2026-11-20"
INK = """() => { const c = document.querySelector("canvas");
  const d = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
  let sum = 0; for (let i = 3; i < d.length; i += 4) sum += d[i] > 0; return sum; }"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site whose map is drawn."""
    with filled(tmp_path_factory.mktemp("map"), ordinary()) as library:
        library.draw_map(lambda _done, _total: None)
        with served(site(library)) as base:
            yield base


def opened(page: Page, path: str = PATH) -> dict[str, Any]:
    """Opens a map, waits until it is drawn, and says where the canvas is."""
    page.goto(path)
    expect(page.locator("figure[data-ready='45']")).to_be_visible()
    page.wait_for_function(f"({INK})() > 100")
    page.locator("canvas").scroll_into_view_if_needed()
    box = page.locator("canvas").bounding_box()
    assert box
    return dict(box)


def a_point(page: Page, box: dict[str, Any]) -> tuple[float, float]:
    """Where the pointer finds a paper: the middle row of the canvas, searched step by step."""
    for down in range(5, 100, 3):
        for right in range(2, 100, 2):
            x, y = box["x"] + box["width"] * right / 100, box["y"] + box["height"] * down / 100
            page.mouse.move(x, y)
            if page.locator("canvas.near").count():
                return x, y
    raise AssertionError("no paper on the map")


def test_hovering_tells_the_title_and_a_click_opens_the_paper(page: Page) -> None:
    box = opened(page)
    x, y = a_point(page, box)
    tip = page.locator(".tip a")
    expect(tip).to_be_visible()
    title = tip.text_content()
    assert title
    page.mouse.click(x, y)
    expect(page.locator("h1")).to_have_text(title)


def test_it_zooms_pans_and_comes_back(page: Page) -> None:
    box = opened(page)
    canvas = page.locator("canvas")
    whole = page.evaluate("document.querySelector('canvas').toDataURL()")
    page.get_by_role("button", name="Zoom in").click()
    expect(canvas).to_have_class("moved")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    near = page.evaluate("document.querySelector('canvas').toDataURL()")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 40, steps=4)
    page.mouse.up()
    page.wait_for_function("(before) => document.querySelector('canvas').toDataURL() !== before", arg=near)
    page.mouse.move(2, 2)
    page.get_by_role("button", name="Whole map").click()
    page.wait_for_function("(before) => document.querySelector('canvas').toDataURL() === before", arg=whole)


def test_the_wheel_zooms_in_and_turns_the_page_where_nothing_is_to_zoom(page: Page) -> None:
    box = opened(page)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.wheel(0, -300)
    expect(page.locator("canvas.moved")).to_be_visible()
    top = page.evaluate("scrollY")
    page.get_by_role("button", name="Whole map").click()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.wheel(0, 400)
    page.wait_for_function("(before) => scrollY > before", arg=top)


def test_on_a_phone_a_tap_shows_the_title_and_the_title_opens_the_paper(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, viewport=PHONE, has_touch=True, color_scheme="dark")
    page = context.new_page()
    box = opened(page)
    tip = page.locator(".tip a")
    for down in range(5, 100, 4):
        for right in range(4, 100, 6):
            if not tip.is_visible():
                page.touchscreen.tap(box["x"] + box["width"] * right / 100, box["y"] + box["height"] * down / 100)
                page.wait_for_timeout(0)
        if page.evaluate("document.querySelector('canvas.near') !== null"):
            break
    expect(tip).to_be_visible()
    title = tip.text_content()
    assert title
    tip.click()
    expect(page.locator("h1")).to_have_text(title)
    context.close()


def test_without_scripts_the_list_is_the_map(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto(PATH)
    expect(page.locator("canvas")).to_be_hidden()
    assert page.locator(".regions li a").count() == 45
    page.locator(".regions li a").first.click()
    expect(page.locator("h1")).to_be_visible()
    context.close()


def test_points_that_cannot_be_had_leave_the_list(context: Any) -> None:
    context.route("**/map.bin*", lambda route: route.fulfill(status=200, body=b"nothing"))
    page = context.new_page()
    page.goto(PATH)
    expect(page.locator("figure")).to_have_count(0)
    assert page.locator(".regions li a").count() == 45


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_it_has_no_accessibility_error_and_fits_the_screen(
    browser: Browser, address: str, scheme: Any, width: int
) -> None:
    context = browser.new_context(base_url=address, viewport={"width": width, "height": 700}, color_scheme=scheme)
    page = context.new_page()
    for path in (PATH, f"{PATH}&region=1"):
        opened(page, path)
        violations = Axe().run(page).response["violations"]
        assert [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in violations] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
