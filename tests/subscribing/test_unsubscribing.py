"""The link in every letter: one press ends what the letter is of, from anywhere, and no look at it does."""

from datetime import timedelta

import pytest

from broadsheet.errors import NotFound
from broadsheet.types import Outgoing, Way
from tests.place import Browser, Place
from tests.subscribing.pages import ADA, confirmed, leave_link, post, text


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b"])
def test_a_mail_program_ends_it_by_one_post_from_anywhere(here: Place, kind: str) -> None:
    """RFC 8058, 3.1 and 3.2."""
    confirmed(here)
    urlencoded = b"List-Unsubscribe=One-Click"
    parts = b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'
    headers = {"Content-Type": kind, "Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}
    body = urlencoded if "urlencoded" in kind else parts
    for _ in range(2):
        answer = here.browser().client.post(leave_link(here), content=body, headers=headers)
        assert answer.status_code == 200, "and no redirect"
        assert "set-cookie" not in answer.headers
        assert here.library.catalogue.subscription(1).ended is not None


def test_opening_the_link_ends_nothing_and_the_button_does(here: Place, passer: Browser) -> None:
    confirmed(here)
    for method in ("GET", "HEAD"):
        assert passer.client.request(method, leave_link(here)).status_code == 200
    assert post(passer, leave_link(here)).status_code == 200, "an empty form is none of the button's"
    assert here.library.catalogue.subscription(1).ended is None
    assert "Unsubscribe? “Trending papers”" in text(passer.get(leave_link(here)).text)
    page = post(passer, leave_link(here), **{"List-Unsubscribe": "One-Click"})
    assert "“Trending papers” has ended" in text(page.text)
    page = post(passer, leave_link(here), **{"List-Unsubscribe": "Undo"})
    assert "It goes on as before" in text(page.text)
    assert here.library.catalogue.subscription(1).ended is None


def test_what_waits_in_the_outbox_does_not_leave_after_that(here: Place, passer: Browser) -> None:
    confirmed(here)
    at = here.clock()
    letter = Outgoing("digest:1", Way.MAIL, "digest", ADA, "Papers", "Words", made=f"{at:%Y-%m-%dT%H:%M:%SZ}")
    letter.subscriber, letter.subscription = 1, 1
    here.library.catalogue.put_outgoing([letter])
    post(passer, leave_link(here), **{"List-Unsubscribe": "One-Click"})
    until = at + timedelta(minutes=5)
    assert here.library.catalogue.claim_outgoing(Way.MAIL, worker="w", at=at, until=until, limit=9) == []


def test_no_other_token_ends_anything(here: Place, passer: Browser) -> None:
    preferences = confirmed(here).rpartition("/")[2]
    good = leave_link(here)
    for worn in (good[:-1], good + "x", f"/unsubscribe/{preferences}", "/unsubscribe/x", "/unsubscribe/" + "y" * 5_000):
        page = passer.get(worn)
        assert (page.status_code, "There is a whole one in every letter" in page.text) == (404, True)
        assert "/search?q=" not in page.text, "what may be a secret is offered to no search"
        assert post(passer, worn, **{"List-Unsubscribe": "One-Click"}).status_code == 404
    assert post(passer, good, x="y" * 20_000).status_code == 413
    assert here.library.catalogue.subscription(1).ended is None


def test_the_link_of_what_is_forgotten_still_says_that_it_has_ended(here: Place, passer: Browser) -> None:
    confirmed(here)
    good = leave_link(here)
    post(passer, good, **{"List-Unsubscribe": "One-Click"})
    here.clock.moves(days=31)
    here.library.forget_unconfirmed()
    with pytest.raises(NotFound):
        here.library.catalogue.subscription(1)
    for answer in (passer.get(good), post(passer, good, **{"List-Unsubscribe": "One-Click"})):
        assert (answer.status_code, "nothing is kept" in text(answer.text)) == (200, True)
