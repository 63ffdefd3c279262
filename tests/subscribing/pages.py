"""What somebody does with the pages of subscribing who has no account."""

import re
from datetime import timedelta
from html import unescape

import httpx2

from broadsheet.types import Way
from tests.place import PUBLIC, Browser, Place

ADA = "ada@example.org"
SAME = {"Sec-Fetch-Site": "same-origin"}


def post(browser: Browser, path: str, **fields: str) -> httpx2.Response:
    """Sends a form of a page of ours, without an account."""
    return browser.client.post(path, data=fields or {"x": ""}, headers=SAME)


def text(html: str) -> str:
    body = html.partition("<main")[2].partition(">")[2].partition("</main>")[0]
    return unescape(" ".join(re.sub(r"<[^>]*>", " ", body).split()))


def link(here: Place) -> str:
    """The link in the letter that leaves now, without the host."""
    at = here.clock()
    (letter,) = here.library.catalogue.claim_outgoing(
        Way.MAIL, worker="w", at=at, until=at + timedelta(minutes=5), limit=9
    )
    found = re.search(rf"{PUBLIC}(/\S+)", letter.text)
    assert found, letter.text
    return found[1]


def confirmed(here: Place, **fields: str) -> str:
    """An address subscribes and confirms; gives the address of its preferences."""
    given = {"what": "trending", "email": ADA, **fields}
    browser = here.browser()
    assert post(browser, "/subscribe", **given).headers["location"] == "/subscribe/sent"
    opened = link(here)
    boxes = re.findall(r'name="(s\d+)"', browser.get(opened).text)
    answer = post(browser, opened, **dict.fromkeys(boxes, "1"))
    return str(answer.headers["location"]).partition("?")[0]


def leave_link(here: Place) -> str:
    return f"/unsubscribe/{here.library.unsubscribe_token(here.library.catalogue.subscription(1))}"
