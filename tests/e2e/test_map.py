"""The map in a browser: drawn, moved, asked for titles, and a list for who has no pointer."""

import struct
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import PHONE
from tests.e2e.site import filled, ordinary, served, site

PATH = "/map?edition=2026-11-20"
# The map's pixels, read from a copy: Chromium complains of who reads one canvas twice.
PIXELS = """const c = document.querySelector("canvas"), copy = document.createElement("canvas");
  copy.width = c.width; copy.height = c.height;
  const own = copy.getContext("2d", { willReadFrequently: true });
  own.drawImage(c, 0, 0);
  const { data, width } = own.getImageData(0, 0, c.width, c.height);"""
INK = f"""() => {{ {PIXELS}
  let sum = 0; for (let i = 3; i < data.length; i += 4) sum += data[i] > 0; return sum; }}"""
POINT = f"""() => {{ {PIXELS}
  const ratio = width / c.getBoundingClientRect().width, disc = (at) => Math.abs(data[at * 4 + 3] - 204) < 3;
  for (let at = width + 1; at < data.length / 4 - width; at += 1)
    if ([0, -1, 1, -width, width].every((by) => disc(at + by)))
      return [at % width / ratio, Math.floor(at / width) / ratio];
}}"""
PICTURE = "document.querySelector('canvas').toDataURL()"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site whose map is drawn."""
    with filled(tmp_path_factory.mktemp("map"), ordinary()) as library:
        library.draw_map(lambda _done, _total: None)
        with served(site(library)) as base:
            yield base


def until(page: Page, true: str, before: Any = None) -> None:
    """Waits until something is so. Asked from outside, because the page's policy lets no `wait_for_function` in."""
    for _ in range(200):
        if page.evaluate(true, before):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never so: {true}")


def opened(page: Page, path: str = PATH) -> dict[str, Any]:
    """Opens a map, waits until it is drawn, and says where the canvas is."""
    page.goto(path)
    expect(page.locator("figure[data-ready='45']")).to_be_visible()
    until(page, f"({INK})() > 100")
    page.locator("canvas").scroll_into_view_if_needed()
    box = page.locator("canvas").bounding_box()
    assert box
    return dict(box)


def a_point(page: Page, box: dict[str, Any]) -> tuple[float, float]:
    """Where a paper is on the screen: within a disc, which lets a fifth of the paper through, as nothing else does."""
    x, y = page.evaluate(POINT)
    return box["x"] + x, box["y"] + y


def test_hovering_tells_the_title_and_a_click_opens_the_paper(page: Page) -> None:
    box = opened(page)
    x, y = a_point(page, box)
    page.mouse.move(x, y)
    tip = page.locator(".tip a")
    expect(tip).to_be_visible()
    title = tip.text_content()
    assert title
    page.mouse.click(x, y)
    expect(page.locator("h1")).to_have_text(title)


def test_it_zooms_pans_and_comes_back(page: Page) -> None:
    box = opened(page)
    canvas = page.locator("canvas")
    whole = page.evaluate(PICTURE)
    page.get_by_role("button", name="Zoom in").click()
    expect(canvas).to_have_class("moved")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    near = page.evaluate(PICTURE)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 40, steps=4)
    page.mouse.up()
    until(page, f"(before) => {PICTURE} !== before", near)
    page.mouse.move(2, 2)
    page.get_by_role("button", name="Whole map").click()
    until(page, f"(before) => {PICTURE} === before", whole)


def test_many_points_are_drawn_coarsely_while_they_move_and_sharply_when_they_rest(
    browser: Browser, address: str
) -> None:
    count = 4_000
    points = b"BMAP" + struct.pack(f"<I{count}I", count, *range(count))
    points += struct.pack(f"<{count * 2}H", *(place * 16 % 60_000 for place in range(count * 2))) + bytes(count)
    context = browser.new_context(base_url=address, viewport={"width": 600, "height": 700}, device_scale_factor=2)
    context.route("**/map.bin*", lambda route: route.fulfill(status=200, body=points))
    page = context.new_page()
    page.goto(PATH)
    expect(page.locator(f"figure[data-ready='{count}']")).to_be_visible()
    until(page, f"({INK})() > 100")
    whole = page.evaluate(PICTURE)
    both = f"""(before) => new Promise((found) => {{
      document.querySelector("button[value=in]").click();
      document.querySelector("button[value=whole]").click();
      requestAnimationFrame(() => requestAnimationFrame(() => found({PICTURE} !== before)));
    }})"""
    assert page.evaluate(both, whole), "coarse for a moment"
    until(page, f"(before) => {PICTURE} === before", whole)
    context.close()


def test_the_wheel_zooms_in_and_turns_the_page_where_nothing_is_to_zoom(page: Page) -> None:
    box = opened(page)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.wheel(0, -300)
    expect(page.locator("canvas.moved")).to_be_visible()
    top = page.evaluate("scrollY")
    page.get_by_role("button", name="Whole map").click()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.wheel(0, 400)
    until(page, "(before) => scrollY > before", top)


def test_on_a_phone_a_tap_shows_the_title_and_the_title_opens_the_paper(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, viewport=PHONE, has_touch=True, color_scheme="dark")
    page = context.new_page()
    box = opened(page)
    tip = page.locator(".tip a")
    page.touchscreen.tap(*a_point(page, box))
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
