"""What a reader does, in a real browser: with a mouse, with the keyboard alone, and without JavaScript."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import DESKTOP, PHONE


def walk(page: Page) -> None:
    """The front page, a search, a paper, back, narrowed by date."""
    page.goto("/")
    expect(page).to_have_title("Broadsheet: The day's research papers")
    expect(page.get_by_role("heading", level=1)).to_have_text("Friday, 20 November 2026")
    expect(page.get_by_role("article")).to_have_count(20)
    page.get_by_role("searchbox", name="Search the papers").fill("counting sheep")
    page.get_by_role("button", name="Search").click()
    expect(page).to_have_url(re.compile(r"/search\?q=counting\+sheep"))
    before = page.get_by_role("status").inner_text()
    page.get_by_role("link", name="Counting Sheep with Sparse Attention").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Counting Sheep with Sparse Attention")
    expect(page.get_by_role("link", name="arXiv abstract")).to_have_attribute(
        "href", "https://arxiv.org/abs/2611.00001"
    )
    expect(page.get_by_role("link", name="Code: invented/sheep")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("searchbox")).to_have_value("counting sheep")
    page.get_by_label("Until").fill("2026-11-18")
    page.get_by_role("button", name="Search").click()
    expect(page).to_have_url(re.compile("until=2026-11-18"))
    expect(page.get_by_role("status")).not_to_have_text(before)
    expect(page.get_by_role("link", name="Counting Sheep with Sparse Attention")).to_be_visible()
    expect(page.get_by_role("link", name="Counting Sheep, Part 1")).to_have_count(0)


def background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def test_a_reader_finds_a_paper_and_turns_the_page_dark(page: Page) -> None:
    walk(page)
    light = background(page)
    reloads: list[str] = []
    page.on("framenavigated", lambda frame: reloads.append(frame.url))
    page.get_by_role("button", name="Dark").click()
    assert background(page) != light
    assert not reloads
    dark = background(page)
    page.goto("/about")
    assert background(page) == dark
    page.get_by_role("button", name="Light").click()
    assert background(page) == light


def test_all_of_it_works_without_javascript(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, viewport=DESKTOP, java_script_enabled=False, color_scheme="light")
    page = context.new_page()
    walk(page)
    light = page.screenshot()
    page.get_by_role("button", name="Dark").click()
    expect(page).to_have_url(re.compile(r"/search\?q=counting\+sheep.*until=2026-11-18"))
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_role("button", name="Light")).to_be_visible()
    assert page.screenshot() != light
    page.goto("/date/2026-11-20")
    card = page.get_by_role("article").nth(1)
    expect(card.get_by_text("We also give away the gates")).to_be_hidden()
    card.get_by_text("Read on").click()
    expect(card.get_by_text("We also give away the gates")).to_be_visible()
    context.close()


def test_the_systems_preference_is_followed(browser: Browser, address: str) -> None:
    colours = set()
    for scheme in ("light", "dark"):
        context = browser.new_context(base_url=address, color_scheme=scheme)
        page = context.new_page()
        page.goto("/about")
        colours.add(background(page))
        expect(page.get_by_role("button", name="Light" if scheme == "dark" else "Dark")).to_be_visible()
        expect(page.get_by_role("button", name="Dark" if scheme == "dark" else "Light")).to_be_hidden()
        context.close()
    assert len(colours) == 2


def test_the_keyboard_is_enough(page: Page) -> None:
    page.goto("/date/2026-11-20")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the page")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    reached = []
    for _ in range(14):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                """() => { const e = document.activeElement, s = getComputedStyle(e);
                   return [e.tagName, e.textContent.trim().slice(0, 40), s.outlineStyle + s.outlineWidth] }"""
            )
        )
    assert ["A", "Counting Sheep, Part 1"] in [stop[:2] for stop in reached]
    assert ["SUMMARY", "Read on"] in [stop[:2] for stop in reached]
    assert {stop[2] for stop in reached} == {"solid2px"}  # the focus is always seen
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("teapots/jugs")  # letters and slashes go into the box
    expect(page.get_by_role("searchbox")).to_have_value("teapots/jugs")
    page.keyboard.press("Control+a")
    page.keyboard.type("2611.00001")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/papers/2611.00001$"))


def test_j_and_k_go_from_paper_to_paper(page: Page) -> None:
    page.goto("/")
    for key, title in (("j", "Part 1"), ("j", "Part 2"), ("j", "Part 3"), ("k", "Part 2")):
        page.keyboard.press(key)
        expect(page.locator(":focus")).to_contain_text(title)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Part 2")


def test_an_edition_is_left_for_its_neighbours_and_its_week(page: Page) -> None:
    page.goto("/date/2026-11-20")
    page.get_by_role("link", name="19 November 2026").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thursday, 19 November 2026")
    page.get_by_role("link", name="Week", exact=True).first.click()
    expect(page).to_have_url(re.compile("/week/2026-W47$"))
    page.get_by_role("link", name="Page 2").click()
    expect(page.get_by_text("Page 2 of")).to_be_visible()


def test_a_phone_needs_no_zoom(browser: Browser, address: str) -> None:
    context = browser.new_context(
        base_url=address, viewport=PHONE, is_mobile=True, has_touch=True, color_scheme="light"
    )
    page = context.new_page()
    page.goto("/")
    page.get_by_text("Read on").first.tap()
    expect(page.get_by_text("We also give away the gates").first).to_be_visible()
    small = page.evaluate(
        """() => [...document.querySelectorAll("a, button, summary, input, select")].filter(e => {
             const {width, height} = e.getBoundingClientRect();
             return width && (height < 20 || width < 20) && e.className !== "skip";
           }).map(e => e.outerHTML)"""
    )
    assert small == []
    context.close()
