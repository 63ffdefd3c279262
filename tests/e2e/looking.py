"""What a page looks like to axe, which knows the rules of accessibility, and whether it fits the screen."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

FIRST = 6  # of a long list: its other entries are made of the same parts, and each costs axe what the first one costs

_UNFOLD = "document.querySelectorAll('details').forEach(details => { details.open = true })"
_WIDER = "document.documentElement.scrollWidth > innerWidth"
_SHORTEN = """first => document.querySelectorAll('main :is(ol, ul, tbody, .papers)').forEach(list =>
    [...list.children].slice(first).forEach(entry => entry.remove()))"""


def unfold(page: Page) -> None:
    """Opens what is folded, so that it is looked at too."""
    page.evaluate(_UNFOLD)


def faults(page: Page) -> list[tuple[str, list[str]]]:
    """What is wrong with a page, all unfolded: rules that are broken, and where. It is shortened by this."""
    unfold(page)
    found = [("wider than the screen", [str(page.viewport_size)])] if page.evaluate(_WIDER) else []
    page.evaluate(_SHORTEN, FIRST)
    violations = Axe().run(page).response["violations"]
    return found + [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in violations]
