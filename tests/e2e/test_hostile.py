"""Papers that attack: nothing of them runs, and no page asks another server for anything."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog

from tests.e2e.site import hostile, payloads

MINE = len(list(hostile()))


def test_there_are_enough_attempts() -> None:
    assert len(payloads()) > 300


@pytest.mark.parametrize("first", range(1, MINE + 1, 10))
def test_nothing_runs_on_papers_pages(context: BrowserContext, address: str, first: int) -> None:
    visit(context, address, [f"/papers/2609.{number:05}" for number in range(first, min(first + 10, MINE + 1))])


def test_nothing_runs_on_lists(context: BrowserContext, address: str) -> None:
    lists = ["/month/2026-09", "/month/2026-09?page=2", "/search?q=hostile", "/search?q=category:cs.CR&page=2"]
    visit(context, address, lists)


def test_nothing_runs_from_an_address(context: BrowserContext, address: str) -> None:
    image, script = "<img src=x onerror=window.hit=1>", "<script>window.hit=1</script>"
    drawing = "<svg onload=window.hit=1>"
    attempts = [f"/search?q={image}", f"/search?since='\">{script}&category={drawing}", f"/search?q=x&page={script}"]
    visit(context, address, [*attempts, f"/papers/{script}", f"/date/{image}", f"/{drawing}"])


def visit(context: BrowserContext, address: str, paths: list[str]) -> None:
    """Opens pages, unfolds and touches everything on them, and looks for what must not have happened."""
    asked: list[str] = []
    happened: list[str] = []

    def dialog(opened: Dialog) -> None:
        happened.append(opened.message)
        opened.dismiss()

    def console(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:  # it is the second lock: nothing should get as far as there
            happened.append(message.text)

    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.on("dialog", dialog)
    page.on("console", console)
    for path in paths:
        page.goto(path)
        page.evaluate(
            """() => {
              document.querySelectorAll("details").forEach(details => { details.open = true });
              for (const element of document.body.querySelectorAll("*"))
                for (const kind of ["mouseover", "focus", "load", "error", "toggle", "animationstart"])
                  element.dispatchEvent(new Event(kind));
            }"""
        )
        assert page.evaluate("window.hit") is None, path
    page.wait_for_timeout(50)
    assert not happened
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(address).netloc}
