"""Signing in, one's account, profiles, and who may come: in a whole place, as a browser sees it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import html5lib
import pytest

from broadsheet import ingest
from broadsheet.types import Access, NoticeKind, Role
from broadsheet.web.press import local
from tests.e2e.site import ordinary
from tests.papers import write_lines
from tests.place import PUBLIC, Browser, Place, place


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Place]:
    with place(tmp_path / "home", passwords=True) as made:
        yield made


@pytest.fixture
def ada(here: Place) -> Browser:
    """The first account: the administrator."""
    browser = here.browser()
    assert browser.signs_in("ada@example.org", name="ada").status_code == 303
    return browser


def text(html: str) -> str:
    body = html.partition("<main")[2].partition(">")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", body).split())


def masthead(browser: Browser) -> str:
    page = browser.get("/about").text
    return " ".join(re.sub(r"<[^>]*>", " ", page.partition('<nav class="you"')[2].partition("</nav>")[0]).split())


# A link in a letter


def test_a_link_signs_in_by_its_button_and_not_by_being_opened(here: Place) -> None:
    browser = here.browser()
    assert browser.post("/sign-in", "/sign-in", email="Ada@Example.org").headers["location"] == "/sign-in/sent"
    assert "Open the link in this browser" in text(browser.get("/sign-in/sent").text)
    link = here.link()
    for _ in range(2):  # programs that look at links open them too
        page = browser.get(link)
        assert "Sign in as ada@example.org?" in text(page.text)
        assert page.headers["cache-control"] == "private, no-store"
    assert not browser.key()
    assert masthead(browser).endswith("Sign in")
    answer = browser.post(link, link, name="ada")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert browser.key()
    assert masthead(browser).endswith("ada")
    assert here.library.person("ada").role is Role.ADMINISTRATOR


def test_a_link_is_good_once_for_ten_minutes_in_the_browser_that_asked(here: Place, ada: Browser) -> None:
    used = here.link()
    assert ada.post(used, "/settings").status_code == 400
    asking, other = here.browser(), here.browser()
    asking.post("/sign-in", "/sign-in", email="grace@example.org")
    link = here.link()
    refused = other.post(link, link)
    assert refused.status_code == 400
    assert "browser" in text(refused.text)
    assert not other.key()
    here.clock.moves(minutes=11)
    assert asking.get(link).status_code == 410
    assert "Ask for a new one" in text(asking.get(link).text)
    late = asking.post(link, "/sign-in")
    assert late.status_code == 400
    assert not asking.key()


@pytest.mark.parametrize("token", ["x", "x" * 5_000, "%00", "..%2f..", "é", "<script>"])
def test_any_token_has_an_answer(here: Place, token: str) -> None:
    browser = here.browser()
    assert browser.get(f"/sign-in/link/{token}").status_code in (404, 410)
    assert browser.post(f"/sign-in/link/{token}", "/sign-in").status_code in (400, 404)


def test_nothing_tells_who_has_an_account(tmp_path: Path) -> None:
    with place(tmp_path / "home", access=Access.INVITE) as here:
        here.browser().signs_in("ada@example.org")
        answers = []
        for email, peer in (("ada@example.org", "203.0.113.10"), ("nobody@example.org", "203.0.113.11")):
            browser = here.browser(peer)
            answer = browser.post("/sign-in", "/sign-in", email=email)
            sent = browser.get("/sign-in/sent")
            answers.append((answer.status_code, answer.text, sorted(answer.headers.items()), text(sent.text)))
        assert answers[0] == answers[1]


def test_what_is_no_address_is_said_beside_the_field(here: Place) -> None:
    page = here.browser().post("/sign-in", "/sign-in", email='"><script>@x', back="/about")
    assert page.status_code == 400
    assert 'value="&#34;&gt;&lt;script&gt;@x"' in page.text
    assert 'name="back" value="/about"' in page.text
    assert "no e-mail address" in text(page.text)


def test_a_name_that_cannot_be_had_does_not_cost_the_link(here: Place, ada: Browser) -> None:
    browser = here.browser()
    browser.post("/sign-in", "/sign-in", email="grace@example.org")
    link = here.link()
    for name, why in (("ADA", "is taken"), ("admin", "cannot be a name here"), ("<b>", "cannot be a name here")):
        page = browser.post(link, link, name=name)
        assert (page.status_code, why in text(page.text)) == (400, True)
        assert "Sign in as grace@example.org?" in text(page.text)
    assert 'value="&lt;b&gt;"' in page.text
    assert browser.post(link, link, name="grace").status_code == 303
    assert masthead(browser).endswith("grace")


def test_each_attempt_to_sign_in_says_how_many_are_left_to_its_address(here: Place) -> None:
    browser = here.browser()
    left = [browser.post("/sign-in", "/sign-in", email=f"{n}@example.org").headers["ratelimit"] for n in range(2)]
    assert [one.partition(";t=")[0] for one in left] == ['"sign-in";r=19', '"sign-in";r=18']
    tried = browser.post("/sign-in/password", "/sign-in", email="ada@example.org", password="wrong")
    assert tried.headers["ratelimit-policy"] == '"fixed window";"password";q=40;w=3600'


def test_too_many_links_are_refused_with_the_time_to_wait(here: Place) -> None:
    browser = here.browser()
    codes = [browser.post("/sign-in", "/sign-in", email="ada@example.org").status_code for _ in range(6)]
    assert codes == [303] * 5 + [429]
    over = browser.post("/sign-in", "/sign-in", email="ada@example.org")
    assert int(over.headers["retry-after"]) > 0


def test_a_place_that_sends_no_mail_says_where_the_link_is(here: Place) -> None:
    browser = here.browser()
    for path in ("/sign-in", "/sign-in/sent"):
        assert "in the server’s log" in text(browser.get(path).text)


def test_where_letters_are_sent_no_strangers_host_gets_into_one(tmp_path: Path) -> None:
    with place(tmp_path / "home", MAIL_SERVER="mail.example", MAIL_FROM="papers@example.org") as here:
        browser = here.browser(base="http://evil.example")
        page = browser.post("/sign-in", "/sign-in", email="ada@example.org")
        assert page.status_code == 400
        assert "does not know its own address" in text(page.text)
        assert not here.letters.sent
        assert "server’s log" not in text(browser.get("/sign-in").text)
    with place(tmp_path / "home", ADDRESS="https://papers.example/", MAIL_SERVER="mail.example") as here:
        browser = here.browser(base="http://evil.example")
        browser.post("/sign-in", "/sign-in", email="ada@example.org")
        here.link()
        assert "https://papers.example/sign-in/link/" in here.letters.sent[0].text
        assert "evil" not in here.letters.sent[0].text


# The session


def test_signing_in_makes_a_new_key_and_ends_the_one_before(here: Place, ada: Browser) -> None:
    before = ada.key()
    planted = here.browser()
    planted.client.cookies.set("session", "p" * 43, domain="papers.example", path="/")
    planted.signs_in("grace@example.org")
    assert planted.key() not in ("", "p" * 43)
    ada.client.get("/sign-out")
    link_page = ada.get("/sign-in")
    assert link_page.status_code == 303  # who is signed in need not sign in
    here.library.ask_link(
        "ada@example.org", browser=_browser(ada), address="", link=lambda token: f"{PUBLIC}/l/{token}"
    )
    link = here.link().replace("/l/", "/sign-in/link/")
    assert ada.post(link, link).status_code == 303
    assert ada.key() != before
    assert here.library.session_actor(before) is None


def _browser(browser: Browser) -> str:
    return next(cookie.value or "" for cookie in browser.client.cookies.jar if cookie.name == "browser")


def test_signing_out_ends_the_session_and_takes_the_cookie(here: Place, ada: Browser) -> None:
    key = ada.key()
    assert ada.post("/sign-out").headers["location"] == "/sign-in?done=out"
    assert not ada.key()
    assert here.library.session_actor(key) is None
    assert "You are signed out." in text(ada.get("/sign-in?done=out").text)


def test_over_https_all_cookies_have_their_prefix(tmp_path: Path) -> None:
    with place(tmp_path / "home", base="https://papers.example", ADDRESS="https://papers.example") as here:
        browser = here.browser()
        assert browser.signs_in("ada@example.org").status_code == 303
        names = {cookie.name: cookie for cookie in browser.client.cookies.jar}
        assert set(names) == {"__Host-session", "__Host-browser"}
        for cookie in names.values():
            assert cookie.secure
            assert cookie.path == "/"
            assert not cookie.domain_specified


def test_another_session_can_be_seen_and_ended(here: Place, ada: Browser) -> None:
    phone = here.browser(peer="198.51.100.7")
    phone.client.headers["User-Agent"] = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) Version/17.0 Safari/604.1"
    phone.signs_in("ada@example.org")
    seen = text(ada.get("/settings").text)
    assert "Safari on iPhone" in seen
    assert "from 198.51.100.7" in seen
    [end] = re.findall(r'action="(/settings/sessions/\d+/end)"', ada.get("/settings").text)
    assert ada.post(end).headers["location"] == "/settings?done=sessions#sessions"
    assert phone.get("/settings").status_code == 401
    assert ada.get("/settings").status_code == 200
    assert ada.post(end).status_code == 404


def test_all_others_can_be_ended_at_once(here: Place, ada: Browser) -> None:
    others = [here.browser() for _ in range(2)]
    for browser in others:
        browser.signs_in("ada@example.org")
    ada.post("/settings/sessions/others/end")
    assert [browser.get("/settings").status_code for browser in (*others, ada)] == [401, 401, 200]


def test_nobody_ends_somebody_elses_session_or_token(here: Place, ada: Browser) -> None:
    grace = here.browser()
    grace.signs_in("grace@example.org")
    ada.post("/settings/tokens", name="mine", **{"scope-read": "1", "days": "30"})
    for kind in ("sessions", "tokens"):
        for number in range(1, 4):
            if kind == "sessions" and number == 2:  # her own
                continue
            assert grace.post(f"/settings/{kind}/{number}/end").status_code == 404
    assert grace.post(f"/settings/tokens/{2**70}/end").status_code == 404


# A way back


@pytest.mark.parametrize(
    "back",
    ["//evil.example", "https://evil.example/", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)", "x", ""],
)
def test_signing_in_never_leads_to_another_site(here: Place, back: str) -> None:
    to = here.browser().signs_in("ada@example.org", back=back).headers["location"]
    assert urlsplit(urljoin(PUBLIC, to)).netloc == "papers.example"
    assert to == local(to)
    assert 'name="back" value="/"' in here.browser().client.get("/sign-in", params={"back": back}).text


def test_signing_in_leads_back_to_where_it_began(here: Place) -> None:
    browser = here.browser()
    page = browser.get("/search?q=sheep")
    assert 'href="/sign-in?back=/search%3Fq%3Dsheep"' in page.text
    assert browser.signs_in("ada@example.org", back="/search?q=sheep").headers["location"] == "/search?q=sheep"
    assert browser.get("/sign-in?back=/search%3Fq%3Dsheep").headers["location"] == "/search?q=sheep"


# A password


def test_a_password_signs_in_where_it_is_switched_on(here: Place, ada: Browser) -> None:
    assert ada.post("/settings/password", new="correct horse battery").headers["location"].startswith("/settings?done=")
    browser = here.browser()
    for who in ("ada", "ada@example.org"):
        wrong = browser.post("/sign-in/password", "/sign-in", email=who, password="wrong")
        assert (wrong.status_code, browser.key()) == (400, "")
    nobody = browser.post("/sign-in/password", "/sign-in", email="nobody", password="wrong")
    assert re.sub(r'value="[^"]*"', "", text(nobody.text)) == re.sub(r'value="[^"]*"', "", text(wrong.text))
    answer = browser.post("/sign-in/password", "/sign-in", email="ada", password="correct horse battery", back="/about")
    assert (answer.status_code, answer.headers["location"]) == (303, "/about")
    assert ada.post("/settings/password", new="another long one", old="wrong").status_code == 400
    assert ada.post("/settings/password", new="another long one", old="correct horse battery").status_code == 303
    assert browser.get("/settings").status_code == 401


def test_where_it_is_switched_off_there_is_no_password(tmp_path: Path) -> None:
    with place(tmp_path / "home") as here:
        browser = here.browser()
        assert "Password" not in browser.get("/sign-in").text
        assert browser.post("/sign-in/password", "/sign-in", email="ada", password="x").status_code == 400
        browser.signs_in("ada@example.org")
        assert "Password" not in browser.get("/settings").text
        assert browser.post("/settings/password", new="correct horse battery").status_code == 400


# Tokens


def test_a_token_is_shown_once_and_works_until_it_is_ended(here: Place, ada: Browser) -> None:
    made = ada.post("/settings/tokens", name="nightly", days="30", **{"scope-read": "1", "scope-vote": "1"})
    assert made.headers["cache-control"] == "private, no-store"
    secret = re.search(r'value="(bs_[\w-]+)"', made.text)[1]  # type: ignore[index]
    settings = ada.get("/settings").text
    assert secret not in settings
    assert "nightly" in settings
    assert "may read, vote" in text(settings)
    robot = here.browser()
    answer = robot.get("/about", Authorization=f"Bearer {secret}")
    assert ">ada</a>" in answer.text
    assert answer.headers["cache-control"] == "private, no-store"
    assert robot.get("/settings", Authorization=f"Bearer {secret}").status_code == 403  # it would need "admin"
    [end] = re.findall(r'action="(/settings/tokens/\d+/end)"', settings)
    ada.post(end)
    refused = robot.get("/", Authorization=f"Bearer {secret}")
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"].startswith("Bearer")


def test_a_token_expires(here: Place, ada: Browser) -> None:
    made = ada.post("/settings/tokens", name="short", days="30", **{"scope-read": "1"})
    secret = re.search(r'value="(bs_[\w-]+)"', made.text)[1]  # type: ignore[index]
    here.clock.moves(days=29)
    assert here.browser().get("/", Authorization=f"Bearer {secret}").status_code == 200
    here.clock.moves(days=2)
    assert here.browser().get("/", Authorization=f"Bearer {secret}").status_code == 401


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "x", "days": "30"},
        {"name": "", "days": "30", "scope-read": "1"},
        {"name": "x", "days": "31", "scope-read": "1"},
        {"name": "x", "days": "-1", "scope-everything": "1"},
    ],
)
def test_a_token_that_cannot_be_made_is_explained(ada: Browser, fields: dict[str, str]) -> None:
    page = ada.post("/settings/tokens", **fields)
    assert page.status_code == 400
    assert 'class="wrong"' in page.text


# The account


def test_a_profile_is_changed_and_seen(here: Place, ada: Browser) -> None:
    said = {
        "name": "ada-l",
        "shown": "Ada <b>L.",
        "about": "Sheep.\n\nAnd <script>alert(1)</script>.",
        "show_votes": "1",
    }
    assert ada.post("/settings/profile", **said).headers["location"] == "/settings?done=profile#profile"
    assert "Saved." in text(ada.get("/settings?done=profile").text)
    page = here.browser().get("/people/ada-l").text
    assert "Ada &lt;b&gt;L." in page
    assert "<script>alert" not in page
    assert "And &lt;script&gt;alert(1)&lt;/script&gt;." in page
    assert here.library.me(here.library.session_actor(ada.key())[0]).show_votes  # type: ignore[index]


def test_a_name_that_is_taken_or_impossible_loses_nothing_that_was_typed(here: Place, ada: Browser) -> None:
    grace = here.browser()
    grace.signs_in("grace@example.org", name="grace")
    for name, status in (("ada", 400), ("no spaces!", 400), ("admin", 400)):
        page = grace.post("/settings/profile", name=name, shown="Grace", about="A long text about myself.")
        assert page.status_code == status
        assert "A long text about myself." in page.text
        assert f'value="{name}"' in page.text
        assert 'role="alert"' in page.text
    assert here.library.person("grace").about == ""


def test_notices_are_switched_by_kind(here: Place, ada: Browser) -> None:
    ada.post("/settings/notices", reply="1", group="1")
    page = ada.get("/settings").text
    section = page.partition('id="notices"')[2].partition("</section>")[0]
    assert set(re.findall(r'name="(\w+)" value="1" checked', section)) == {"reply", "group"}
    assert set(re.findall(r'name="(\w+)" value="1"', section)) == set(NoticeKind)


def test_the_address_changes_when_its_link_is_used(here: Place, ada: Browser) -> None:
    asked = ada.post("/settings/email", email="countess@example.org")
    assert asked.headers["ratelimit"].startswith('"sign-in";r=18;')  # of twenty for this address: one to come in
    assert 'value="ada@example.org"' in ada.get("/settings").text
    link = here.link()
    assert ada.post(link, link).status_code == 303
    assert 'value="countess@example.org"' in ada.get("/settings").text


def test_all_that_was_given_can_be_taken_along(ada: Browser) -> None:
    answer = ada.get("/settings/export.json")
    assert answer.headers["content-disposition"] == 'attachment; filename="broadsheet-ada.json"'
    assert answer.headers["cache-control"] == "private, no-store"
    assert json.loads(answer.text)["account"]["email"] == "ada@example.org"


def test_an_account_is_deleted_after_its_name_was_typed(here: Place, ada: Browser) -> None:
    grace = here.browser()
    grace.signs_in("grace@example.org", name="grace")
    key = grace.key()
    assert grace.post("/settings/leave", "/settings/leave", name="ada").status_code == 400
    assert grace.get("/people/grace").status_code == 200
    answer = grace.post("/settings/leave", "/settings/leave", name="grace")
    assert answer.headers["location"] == "/sign-in?done=left"
    assert not grace.key()
    assert here.library.session_actor(key) is None
    assert "Your account is gone" in text(grace.get("/sign-in?done=left").text)
    assert grace.get("/people/grace").status_code == 404


def test_a_profile_shows_what_was_done_here_and_votes_only_by_choice(here: Place, ada: Browser, tmp_path: Path) -> None:
    papers = write_lines(tmp_path / "papers.jsonl", ordinary(2))
    ingest.import_file(here.library.catalogue, papers, now=here.clock)
    found = here.library.session_actor(ada.key())
    assert found is not None
    here.library.vote(found[0], "2611.00101")
    here.library.comment(found[0], "2611.00102", "Counted *them* all, <b>twice</b>.")
    seen = text(here.browser().get("/people/ada").text)
    assert "Said Folding Teapots, Part 2 Counted them all, &lt;b&gt;twice&lt;/b&gt;." in seen
    assert "Counting Sheep, Part 1" not in seen
    assert "Voted for Counting Sheep, Part 1" in text(ada.get("/people/ada").text)
    ada.post("/settings/profile", name="ada", shown="", about="", show_votes="1")
    assert "Voted for Counting Sheep, Part 1" in text(here.browser().get("/people/ada").text)


# Administrators


def test_only_administrators_see_who_is_here_and_who_may_come(here: Place, ada: Browser) -> None:
    grace = here.browser()
    grace.signs_in("grace@example.org", name="grace")
    for path in ("/people", "/invitations", "/jobs"):
        assert here.browser().get(path).status_code == 401
        assert grace.get(path).status_code == 403
        assert ada.get(path).status_code == 200
    assert grace.post("/people/ada/role", role="1", reason="x").status_code == 403
    assert grace.post("/people/grace/role", role="4", reason="x").status_code == 403
    assert grace.post("/people/grace/orcid", orcid="0000-0002-1825-0097").status_code == 403
    assert grace.post("/invitations", note="", role="4", days="7", uses="1").status_code == 403
    assert "For administrators" not in grace.get("/people/grace").text


def test_an_administrator_finds_people_and_gives_roles_and_orcids(here: Place, ada: Browser) -> None:
    here.browser().signs_in("grace@example.org", name="grace")
    assert "2 accounts" in text(ada.get("/people").text)
    found = text(ada.get("/people?q=grace").text)
    assert "@grace" in found
    assert "@ada" not in found
    assert ada.post("/people/grace/role", role="3", reason="She is kind.").headers["location"] == "/people/grace"
    assert here.library.person("grace").role is Role.MODERATOR
    assert ada.post("/people/grace/orcid", orcid="0000-0002-1825-0097").status_code == 303
    assert 'href="https://orcid.org/0000-0002-1825-0097"' in here.browser().get("/people/grace").text
    for path, fields in (("role", {"role": "9", "reason": "x"}), ("orcid", {"orcid": "12"})):
        page = ada.post(f"/people/grace/{path}", **fields)
        assert page.status_code == 400
        assert 'role="alert"' in page.text
    assert ada.post("/people/nobody-here/role", role="3", reason="x").status_code == 404


def test_an_invitation_lets_in_as_many_as_it_says(tmp_path: Path) -> None:
    with place(tmp_path / "home", access=Access.INVITE) as here:
        ada = here.browser()
        ada.signs_in("ada@example.org", name="ada")
        made = ada.post("/invitations", note="The students", role="2", days="7", uses="1")
        link = re.search(r'value="http://papers.example(/sign-in/invited/[\w-]+)"', made.text)[1]  # type: ignore[index]
        assert link.rpartition("/")[2] not in ada.get("/invitations").text
        assert "The students" in ada.get("/invitations").text
        page = here.browser().get(link).text
        assert "You are invited" in text(page)
        secret = re.search(r'name="invitation" value="([\w-]+)"', page)[1]  # type: ignore[index]
        grace, late = here.browser(), here.browser()
        grace.signs_in("grace@example.org", name="grace", invitation=secret)
        assert here.library.person("grace").role is Role.EDITOR
        letters = len(here.letters.sent)
        late.post("/sign-in", "/sign-in", email="late@example.org", invitation=secret)
        here.library.errands.wait()
        assert len(here.letters.sent) == letters


def test_an_invitation_is_withdrawn(ada: Browser) -> None:
    ada.post("/invitations", note="Nobody", role="1", days="7", uses="3")
    [withdraw] = re.findall(r'action="(/invitations/\d+/withdraw)"', ada.get("/invitations").text)
    ada.post(withdraw, "/invitations")
    assert "No invitation is open." in text(ada.get("/invitations").text)
    assert ada.post("/invitations", note="", role="1", days="x", uses="1").status_code == 400


# One person


def test_where_one_person_is_nobody_signs_in(tmp_path: Path) -> None:
    with place(tmp_path / "home", access=Access.SINGLE, base="http://localhost:8000") as here:
        browser = here.browser(peer="127.0.0.1")
        assert "Nobody signs in here" in text(browser.get("/sign-in").text)
        settings = browser.get("/settings")
        assert settings.status_code == 200
        for absent in ("Sign out", "Passkeys", "Delete the account", "E-mail"):
            assert absent not in text(settings.text)
        assert browser.get("/jobs").status_code == 200
        assert browser.post("/settings/profile", name="me", shown="Me", about="").status_code == 303
        assert ">Settings</a>" in browser.get("/").text
        assert browser.get("/settings/leave").status_code == 400
        stranger = here.browser(peer="203.0.113.9")
        refused = stranger.get("/")
        assert refused.status_code == 403
        assert "for one person" in text(refused.text)
        assert "content-security-policy" in refused.headers


# Every page


def test_every_page_is_valid(here: Place, ada: Browser) -> None:
    ada.post("/settings/tokens", name="x", days="", **{"scope-read": "1"})
    ada.post("/invitations", note="<i>", role="1", days="7", uses="1")
    here.browser().signs_in("grace@example.org", name="grace")
    passer = here.browser()
    pages = [
        ada.get(path)
        for path in ("/settings", "/people", "/people/ada", "/people/grace", "/invitations", "/settings/leave")
    ]
    pages += [
        passer.get(path)
        for path in ("/sign-in", "/sign-in/sent", "/sign-in/link/x", "/people/ada", "/settings", "/sign-in/invited/x")
    ]
    pages.append(ada.post("/settings/tokens", name="y", days="", **{"scope-read": "1"}))
    passer.post("/sign-in", "/sign-in", email="new@example.org")
    pages.append(passer.get(here.link()))
    for page in pages:
        tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page.text)
        assert len(tree.findall(".//h1")) == 1
        identifiers = [node.attrib["id"] for node in tree.iter() if "id" in node.attrib]
        assert len(identifiers) == len(set(identifiers))
        assert "noindex" in page.text
        linked = set(re.findall(r'(?:href|src)="(/static/[^"]*\.(?:css|js)[^"]*)"', page.text))
        assert len(page.content) + sum(len(passer.get(address).content) for address in linked) < 60_000


def test_a_passer_by_keeps_validators_and_the_signed_in_keep_nothing(here: Place, ada: Browser) -> None:
    passer = here.browser()
    first = passer.get("/about")
    assert first.headers["cache-control"] == "no-cache"
    assert passer.get("/about", **{"If-None-Match": first.headers["etag"]}).status_code == 304
    mine = ada.get("/about")
    assert mine.headers["cache-control"] == "private, no-store"
    assert "etag" not in mine.headers
    assert mine.headers["vary"].startswith("Cookie")
