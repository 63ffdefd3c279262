"""Pages of channels: adding with each service's form, trying, failures, removing; and that no secret is on any page."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from broadsheet.hooks import KINDS
from broadsheet.types import Way
from broadsheet.web.channels.services import SERVICES
from tests.hooks.services import ADDRESS, SECRET, Services
from tests.place import Browser, Place, place
from tests.servers.kit import status

LIST = "/settings/channels"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Place]:
    with place(tmp_path / "home") as found:
        yield found


@pytest.fixture
def ada(site: Place) -> Browser:
    browser = site.browser()
    browser.signs_in("ada@example.org", name="ada")
    return browser


def typed(kind: str) -> dict[str, str]:
    """The fields of a service's form, filled in."""
    return dict(zip([field.name for field in SERVICES[kind].fields], ADDRESS[kind].split(), strict=True))


def added(browser: Browser, kind: str, name: str = "The lab") -> str:
    """Where a new channel is."""
    form = f"{LIST}/new/{kind}"
    assert browser.get(form).status_code == 200
    answer = browser.post(form, form, name=name, **typed(kind))
    assert answer.status_code == (200 if kind == "webhook" else 303), answer.text
    return f"{LIST}/1"


def test_there_is_a_form_for_every_service(ada: Browser) -> None:
    page = ada.get(LIST).text
    assert set(SERVICES) == set(KINDS)
    for kind in KINDS:
        assert f'href="{LIST}/new/{kind}"' in page
    assert ada.get(f"{LIST}/new/pager").status_code == 404
    assert f'href="{LIST}"' in ada.get("/settings").text


@pytest.mark.parametrize("kind", KINDS)
def test_a_channel_is_added_tried_and_removed(site: Place, ada: Browser, kind: str) -> None:
    there = added(ada, kind)
    assert "Added." in ada.get(f"{there}?done=added").text
    assert ada.post(f"{there}/try", there).headers["location"] == f"{there}?done=tried"
    with Services() as services:
        services.clock.now = site.clock().timestamp()
        carrier = services.by(site.library.channel_line, site.library.channel_heard)
        site.library.send_due({Way.CHANNEL: carrier})
        assert services.asked(kind)
    page = ada.get(there).text
    assert "A trial" in page
    assert "arrived" in page
    assert "cannot be undone" in ada.get(f"{there}/remove").text
    assert ada.post(f"{there}/remove", f"{there}/remove").headers["location"] == f"{LIST}?done=removed"
    assert ada.get(there).status_code == 404
    assert "The lab" not in ada.get(LIST).text


def test_what_fails_is_said(site: Place, ada: Browser) -> None:
    there = added(ada, "slack")
    ada.post(f"{there}/try", there)
    assert "on its way already" in ada.post(f"{there}/try", there).text
    with Services() as services:
        services.servers["slack"].plan(status(403))
        carrier = services.by(site.library.channel_line, site.library.channel_heard)
        site.library.send_due({Way.CHANNEL: carrier})
    for page in (ada.get(there).text, ada.get(LIST).text):
        assert "1 attempt failed in a row. The last: The service answered with status 403." in page


def test_the_signing_key_is_shown_once(ada: Browser) -> None:
    form = f"{LIST}/new/webhook"
    shown = ada.post(form, form, name="Robot", **typed("webhook"))
    assert "whsec_" in shown.text
    assert shown.headers["cache-control"] == "private, no-store"
    assert "whsec_" not in ada.get(f"{LIST}/1").text + ada.get(LIST).text


@pytest.mark.parametrize("kind", KINDS)
def test_a_secret_is_on_no_page(ada: Browser, kind: str) -> None:
    there = added(ada, kind)
    form = f"{LIST}/new/{kind}"
    secret = next(field.name for field in SERVICES[kind].fields if field.secret)
    wrong = ada.post(form, form, name="Again", **{**typed(kind), secret: f"ftp://{SECRET}/{SECRET}"})
    assert wrong.status_code == 400
    pages = [ada.get(path).text for path in (there, LIST, form, f"{there}/remove", "/settings/export.json")]
    assert SECRET not in "".join([*pages, wrong.text])


def test_what_is_typed_is_kept_but_for_secrets(ada: Browser) -> None:
    form = f"{LIST}/new/matrix"
    fields = {"address": "https://matrix.example", "token": f"no {SECRET}", "place": "!room:matrix.example"}
    page = ada.post(form, form, name="<b>Lab</b>", **fields).text
    assert "!room:matrix.example" in page
    assert "&lt;b&gt;Lab&lt;/b&gt;" in page
    assert SECRET not in page


def test_nobody_else_has_these_pages(site: Place, ada: Browser) -> None:
    there = added(ada, "slack")
    grace = site.browser()
    assert grace.get(LIST).status_code == 401
    grace.signs_in("grace@example.org", name="grace")
    assert "The lab" not in grace.get(LIST).text
    for path in (there, f"{there}/remove"):
        assert grace.get(path).status_code == 404
    for path in (f"{there}/try", f"{there}/remove"):
        assert grace.post(path, LIST + "/new/slack").status_code == 404
    assert ada.get(there).status_code == 200


def test_pages_are_light(ada: Browser) -> None:
    there = added(ada, "discord")
    for path in (LIST, there, f"{LIST}/new/matrix"):
        assert len(ada.get(path).content) < 60_000
