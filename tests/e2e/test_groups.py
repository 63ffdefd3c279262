"""Groups in a real Chromium: how their pages are laid out, on two screens, and how one comes into one by keyboard."""

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from broadsheet.library import Library
from broadsheet.types import Role
from tests.crowd import crowd, joins
from tests.e2e.conftest import DESKTOP
from tests.e2e.looking import faults
from tests.e2e.site import SPECIAL, filled, ordinary, served, site
from tests.visitors import by_cookie

SCREENS: tuple[tuple[ViewportSize, Literal["light", "dark"]], ...] = (
    (DESKTOP, "light"),
    ({"width": 320, "height": 640}, "dark"),
)
HOSTILE = "<b onclick=x>Sparse readers</b> of the longest corridor \u0644\u0644"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, str, Library]]:
    """A site with a group: its address, the group's, the way in by a link, and the library behind it."""
    with filled(tmp_path_factory.mktemp("groups"), ordinary(8), SPECIAL) as library:
        ada, bob, zoe = crowd(library, "ada", "bob", "zoe")
        root = joins(library, "root", Role.ADMINISTRATOR)
        name = library.found(ada, HOSTILE, "One paper a week.\n" + "unbreakable" * 30).name
        secret = library.invite_to(ada, name)
        library.join(bob, secret)
        library.shelve(bob, name, "2611.00902", "long" * 200)
        library.submit(bob, "2611.00001", comment="Ours.", group=name)
        library.comment(ada, None, "Shall we meet? $O(n)$", group=name)
        library.dissolve(ada, library.found(ada, "Ended").name)
        actors = {"ada": ada, "bob": bob, "zoe": zoe, "root": root}
        with served(by_cookie(site(library), actors)) as address:
            yield address, f"/groups/{name}", f"/groups/join/{secret}", library


@pytest.mark.parametrize(("size", "scheme"), SCREENS, ids=["desktop, light", "phone, dark"])
def test_no_page_of_a_group_has_an_accessibility_error_or_is_wider_than_the_screen(
    browser: Browser,
    place: tuple[str, str, str, Library],
    size: ViewportSize,
    scheme: Literal["light", "dark"],
) -> None:
    address, group, link, _ = place
    pages = [("ada", group + below) for below in ("", "/shelf", "/discussion", "/papers/2611.00001", "/members")]
    pages += [("ada", group + below) for below in ("/rules", "/dissolve", "/members/bob/remove")]
    pages += [("ada", "/groups"), ("zoe", "/groups"), ("zoe", link), ("bob", link), ("root", "/groups/all")]
    by: dict[str, Page] = {}
    for who, path in pages:
        if who not in by:
            context = browser.new_context(base_url=address, viewport=size, color_scheme=scheme)
            context.add_cookies([{"name": "who", "value": who, "url": address}])
            by[who] = context.new_page()
        answer = by[who].goto(path)
        assert answer is not None
        assert answer.status == 200, path
        assert faults(by[who]) == [], (who, path)
    for page in by.values():
        page.context.close()


def test_one_comes_in_by_a_link_with_the_keyboard_alone(browser: Browser, place: tuple[str, str, str, Library]) -> None:
    address, group, link, library = place
    context = browser.new_context(base_url=address, viewport=DESKTOP, java_script_enabled=False)
    context.add_cookies([{"name": "who", "value": "zoe", "url": address}])
    page = context.new_page()
    page.goto(link)
    button = page.get_by_role("button", name="Join", exact=True)
    for _ in range(30):
        page.keyboard.press("Tab")
        if button.evaluate("button => button === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.locator(".named")).to_have_text(HOSTILE)
    assert page.url.endswith(group)
    page.goto(f"{group}/papers/2611.00001")
    page.get_by_role("button", name="Vote", exact=False).first.click()
    expect(page.locator(".group-vote button")).to_have_text("▲ 1")
    assert library.paper("2611.00001").own_votes == 0
    context.close()
