"""Pages where people talk, asked as a browser asks, each time as somebody: votes, comments, submissions, moderation."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import html5lib
import pytest

from broadsheet.library import Library
from broadsheet.types import ANYONE, OWNER, Actor, Order, Role
from tests.clients import TestClient
from tests.crowd import joins
from tests.e2e.site import SPECIAL, filled, ordinary, site
from tests.visitors import asking

PAPER = "2611.00001"
BUDGET = 60_000
CSRF = "only-our-pages-know"

As = Callable[[Actor], TestClient]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with filled(tmp_path / "home", ordinary(6), SPECIAL) as opened:
        yield opened


@pytest.fixture
def ada(library: Library) -> Actor:
    return joins(library, "ada")


@pytest.fixture
def bob(library: Library) -> Actor:
    return joins(library, "bob")


@pytest.fixture
def mo(library: Library) -> Actor:
    return joins(library, "mo", Role.MODERATOR)


@pytest.fixture
def as_(library: Library) -> As:
    """A browser of somebody."""
    app = site(library)
    return lambda actor: TestClient(asking(app, actor, csrf="" if actor.role is None else CSRF), follow_redirects=False)


def post(client: TestClient, path: str, swap: str = "", **fields: str) -> "tuple[int, str, str]":
    """Sends a form of ours; gives the status, where it leads, and the page."""
    headers = {"X-Swap": swap} if swap else {}
    answer = client.post(path, data={"csrf": CSRF, **fields}, headers=headers)
    return answer.status_code, answer.headers.get("location", ""), answer.text


def text(html: str) -> str:
    body = html.partition("<main")[2].partition(">")[2].partition("</main>")[0]
    return unescape(" ".join(re.sub(r"<[^>]*>", " ", body).split()))


def said(library: Library, actor: Actor, words: str = "Well counted.", parent: int | None = None) -> int:
    return library.comment(actor, PAPER, words, parent=parent).number


# Votes


def test_a_vote_is_given_and_taken_back_by_a_plain_form(as_: As, ada: Actor) -> None:
    browser = as_(ada)
    page = browser.get("/date/2026-11-20").text
    assert '<form id="votes" action="/vote" method="post"' in page
    assert re.search(r'<button class="vote" id="v2611.00101" form="votes" name="up" value="2611.00101"', page)
    code, where, _ = post(browser, "/vote", up="2611.00101", back="/date/2026-11-20")
    assert (code, where) == (303, "/date/2026-11-20#v2611.00101")
    page = browser.get("/date/2026-11-20").text
    assert re.search(r'<button class="vote mine" id="v2611.00101" form="votes" name="down"', page)
    assert re.search(r'id="v2611.00101"[^>]*>▲ 1<', page)
    post(browser, "/vote", down="2611.00101", back="/date/2026-11-20")
    assert re.search(r'id="v2611.00101"[^>]*>▲<', browser.get("/date/2026-11-20").text)


def test_a_vote_sent_twice_counts_once(library: Library, as_: As, ada: Actor) -> None:
    browser = as_(ada)
    for _ in range(3):
        assert post(browser, "/vote", up=PAPER, back="/")[0] == 303
    assert library.paper(PAPER).own_votes == 1


def test_in_place_a_vote_is_answered_by_its_button_alone(as_: As, ada: Actor) -> None:
    code, _, page = post(as_(ada), "/vote", swap=f"v{PAPER}", up=PAPER)
    assert code == 200
    assert f'id="v{PAPER}"' in page
    assert 'name="down"' in page
    assert len(page) < 4_000


def test_votes_here_and_on_hugging_face_stand_apart(library: Library, as_: As, ada: Actor) -> None:
    library.vote(ada, "2611.00101")
    for path in ("/papers/2611.00101", "/search?q=counting+sheep+part", "/date/2026-11-20"):
        page = as_(ada).get(path).text
        assert re.search(r'id="v2611.00101"[^>]*>▲ 1<', page)
        assert "40 votes" in text(page)
        assert "41 votes" not in text(page)


@pytest.mark.parametrize("fields", [{}, {"up": "2611.99999"}, {"like": "77"}, {"like": "9" * 15}, {"up": "x" * 3_000}])
def test_a_vote_for_nothing_is_answered_clearly(as_: As, ada: Actor, fields: dict[str, str]) -> None:
    code, _, page = post(as_(ada), "/vote", **fields)
    assert code in (400, 404)
    assert text(page)


def test_a_passer_by_is_led_to_sign_in(as_: As) -> None:
    page = as_(ANYONE).get(f"/papers/{PAPER}").text
    assert f'href="/sign-in?back=/papers/{PAPER}"' in page
    assert 'form="votes"' not in page
    assert "Sign in to comment" in text(page)
    answer = as_(ANYONE).post("/vote", data={"up": PAPER})
    assert answer.status_code == 401


@pytest.mark.parametrize("path", ["/vote", "/comments?paper=2611.00001", "/submit", "/inbox", "/follow"])
def test_a_form_of_another_site_does_nothing(library: Library, as_: As, ada: Actor, path: str) -> None:
    fields = {"csrf": CSRF, "up": PAPER, "on": PAPER, "text": "sneaked in", "paper": "2611.00102"}
    answer = as_(ada).post(path, data=fields, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    guessed = as_(ada).post(path, data={**fields, "csrf": "guessed"})
    assert guessed.status_code == 403
    assert library.paper(PAPER).own_votes == 0
    assert library.comments(PAPER) == []


def test_one_follows_a_paper_and_no_longer(as_: As, ada: Actor) -> None:
    browser = as_(ada)
    assert post(browser, "/follow", on=PAPER)[:2] == (303, f"/papers/{PAPER}#acts")
    assert "No longer follow" in text(browser.get(f"/papers/{PAPER}").text)
    post(browser, "/follow", off=PAPER)
    assert "No longer follow" not in text(browser.get(f"/papers/{PAPER}").text)


# Comments


def test_a_comment_is_said_and_stands_on_the_papers_page(as_: As, ada: Actor) -> None:
    browser = as_(ada)
    words = "Sheep are **hard**, and $n^2$ is too many. See https://example.org/sheep."
    code, where, _ = post(browser, f"/comments?paper={PAPER}", text=words, back=f"/papers/{PAPER}")
    assert code == 303
    number = re.fullmatch(rf"/papers/{PAPER}\?at=(\d+)#c\1", where)
    assert number is not None
    page = browser.get(where).text
    assert f'id="c{number[1]}"' in page
    assert "<strong>hard</strong>" in page
    assert "<msup>" in page
    assert '<a href="https://example.org/sheep" rel="nofollow noopener">' in page


def test_a_comment_sent_twice_is_one(library: Library, as_: As, ada: Actor) -> None:
    browser = as_(ada)
    led = {post(browser, f"/comments?paper={PAPER}", text="Once is enough.", back="/")[1] for _ in range(3)}
    assert len(led) == 1
    assert len(library.comments(PAPER)) == 1


def test_old_style_identifiers_keep_their_slash(as_: As, ada: Actor) -> None:
    browser = as_(ada)
    page = browser.get("/papers/hep-th/9901001").text
    action = re.search(r'<form action="(/comments\?paper=[^"]*)"', page)
    assert action is not None
    code, where, _ = post(browser, unescape(action[1]), text="Knots!", back="/papers/hep-th/9901001/comments")
    assert code == 303
    assert where.startswith("/papers/hep-th/9901001/comments?at=")
    assert "Knots!" in text(browser.get(where).text)
    assert browser.get("/papers/hep-th/9901001/claim").status_code == 200


def test_a_paper_whose_own_name_ends_like_a_page_below_it_is_found(tmp_path: Path) -> None:
    paper: dict[str, object] = {"id": "10.1000/comments", "title": "On Comments", "published": "2026-11-01"}
    with filled(tmp_path / "home", (paper,)) as opened:
        browser = TestClient(site(opened), follow_redirects=False)
        assert "On Comments" in browser.get("/papers/doi:10.1000/comments").text
        assert "Comments" in browser.get("/papers/doi:10.1000/comments/comments").text


def test_an_answer_stands_below_what_it_answers(library: Library, as_: As, ada: Actor, bob: Actor) -> None:
    first = said(library, ada, "A claim.")
    said(library, bob, "Another matter.")
    code, where, _ = post(as_(bob), f"/comments/{first}", text="I doubt it.", back=f"/papers/{PAPER}?order=oldest")
    assert code == 303
    assert where.startswith(f"/papers/{PAPER}?order=oldest&at=")
    page = as_(bob).get(where).text
    assert re.search(r"A claim\..*I doubt it\..*Another matter\.", text(page))
    assert re.search(r'<li class="d1">\s*<article class="said mine"', page)


def test_the_order_is_in_the_address(library: Library, as_: As, ada: Actor, bob: Actor) -> None:
    numbers = [said(library, ada, f"Number {count}.") for count in range(3)]
    library.vote_comment(bob, numbers[1])
    orders = {
        order: re.findall(r"Number (\d)\.", text(as_(ada).get(f"/papers/{PAPER}/comments?order={order}").text))
        for order in ("best", "nonsense")
    }
    assert [found[0] for found in orders.values()] == ["1", "1"]
    page = as_(ada).get(f"/papers/{PAPER}/comments").text
    assert all(f"order={order.value}" in page for order in (Order.NEWEST, Order.OLDEST))


def test_long_threads_turn_pages_and_a_comment_is_found_on_its_own(library: Library, as_: As, ada: Actor) -> None:
    numbers = [said(library, ada, f"Number {count}.") for count in range(24)]
    browser = as_(ada)
    first = browser.get(f"/papers/{PAPER}/comments?order=oldest").text
    second = browser.get(f"/papers/{PAPER}/comments?order=oldest&page=2").text
    shown = [set(re.findall(r'id="c(\d+)"', page)) for page in (first, second)]
    assert not shown[0] & shown[1]
    at = browser.get(f"/papers/{PAPER}/comments?order=oldest&at={numbers[-1]}").text
    assert f'id="c{numbers[-1]}"' in at
    assert "Number 0." not in at
    paper = browser.get(f"/papers/{PAPER}").text
    assert f'href="/papers/{PAPER}/comments"' in paper
    assert "All 24 comments" in text(paper)


def test_a_link_to_one_comment_shows_it_with_its_answers(library: Library, as_: As, ada: Actor, bob: Actor) -> None:
    first = said(library, ada, "A claim. " + "It goes on. " * 300)
    said(library, bob, "I doubt it.", parent=first)
    said(library, bob, "Another matter.")
    page = text(as_(ANYONE).get(f"/comments/{first}").text)
    assert page.count("It goes on.") == 300
    assert "I doubt it." in page
    assert "Another matter." not in page


@pytest.mark.parametrize("number", ["77", "9" * 30, "9" * 5_000, "none"])
def test_a_comment_that_is_not_there_is_not_found(as_: As, ada: Actor, number: str) -> None:
    for tail in ("", "/edit", "/history", "/delete", "/hide"):
        assert as_(ada).get(f"/comments/{number}{tail}").status_code == 404


def test_a_preview_shows_the_text_and_says_nothing_yet(library: Library, as_: As, ada: Actor) -> None:
    first = said(library, ada)
    for path in (f"/comments?paper={PAPER}", f"/comments/{first}", f"/comments/{first}/edit"):
        code, _, page = post(as_(ada), path, text="*Perhaps* @ada\n<b>", preview="1", edit="0")
        assert code == 200
        assert "<em>Perhaps</em>" in page
        assert 'href="/people/ada"' in page
        assert "*Perhaps* @ada\n&lt;b&gt;</textarea>" in page
    assert library.comment_of(ada, first).text == "Well counted."
    assert len(library.comments(PAPER)) == 1


TOO_LONG = "word " * 6_000


@pytest.mark.parametrize("words", [TOO_LONG, "", "   "])
def test_what_is_refused_is_given_back(library: Library, as_: As, ada: Actor, words: str) -> None:
    first = said(library, ada)
    for path in (f"/comments?paper={PAPER}", f"/comments/{first}", f"/comments/{first}/edit"):
        code, _, page = post(as_(ada), path, text=words, edit="0")
        assert code == 400
        assert f"\n{words.strip()}" in page
        assert 'role="alert"' in page
    assert len(library.comments(PAPER)) == 1


def test_who_comments_too_often_keeps_the_text(library: Library, as_: As, ada: Actor) -> None:
    browser = as_(ada)
    for count in range(200):
        code, _, page = post(browser, f"/comments?paper={PAPER}", text=f"Number {count}.", back="/")
        if code != 303:
            break
    assert code == 429
    assert f"Number {count}.</textarea>" in page
    assert count >= 20


def test_who_was_signed_out_keeps_the_text(as_: As) -> None:
    answer = as_(ANYONE).post(f"/comments?paper={PAPER}", data={"csrf": "of yesterday", "text": "My long thoughts."})
    assert answer.status_code == 401
    assert "My long thoughts.</textarea>" in answer.text
    assert "/sign-in?back=" in answer.text


def test_a_form_that_has_grown_old_keeps_the_text(library: Library, as_: As, ada: Actor) -> None:
    answer = as_(ada).post(f"/comments?paper={PAPER}", data={"csrf": "of yesterday", "text": "My long thoughts."})
    assert answer.status_code == 403
    assert "My long thoughts.</textarea>" in answer.text
    assert f'value="{CSRF}"' in answer.text
    assert library.comments(PAPER) == []


def test_ten_megabytes_are_refused_before_they_are_read(as_: As, ada: Actor) -> None:
    code, _, page = post(as_(ada), f"/comments?paper={PAPER}", text="x" * 10_000_000)
    assert code == 413
    assert "too long" in text(page).lower()


def test_a_comment_is_edited_and_its_history_kept(library: Library, as_: As, ada: Actor, bob: Actor) -> None:
    number = said(library, ada, "There are nine sheep.")
    page = as_(ada).get(f"/comments/{number}/edit").text
    assert "There are nine sheep.</textarea>" in page
    code, where, _ = post(as_(ada), f"/comments/{number}/edit", text="There are ten sheep.", edit="0")
    assert (code, where) == (303, f"/papers/{PAPER}?at={number}#c{number}")
    assert "edited" in text(as_(bob).get(where).text)
    history = text(as_(bob).get(f"/comments/{number}/history").text)
    assert "There are ten sheep." in history
    assert "There are nine sheep." in history
    assert as_(bob).get(f"/comments/{number}/edit").status_code == 403
    assert post(as_(bob), f"/comments/{number}/edit", text="None.", edit="1")[0] == 403


def test_two_editors_of_one_comment_lose_nothing(library: Library, as_: As, ada: Actor) -> None:
    number = said(library, ada, "At first.")
    assert post(as_(ada), f"/comments/{number}/edit", text="The quicker one.", edit="0")[0] == 303
    code, _, page = post(as_(ada), f"/comments/{number}/edit", text="The slower one.", edit="0")
    assert code == 409
    assert "The quicker one." in text(page)
    assert "The slower one.</textarea>" in page
    assert 'name="edit" value="1"' in page
    assert post(as_(ada), f"/comments/{number}/edit", text="Both.", edit="1")[0] == 303
    assert library.comment_of(ada, number).text == "Both."


def test_an_edit_sent_twice_is_one(library: Library, as_: As, ada: Actor) -> None:
    number = said(library, ada, "At first.")
    for _ in range(2):
        assert post(as_(ada), f"/comments/{number}/edit", text="Then.", edit="0")[0] == 303
    assert library.comment_of(ada, number).edits == 1


def test_deleting_asks_first_and_leaves_the_answers(library: Library, as_: As, ada: Actor, bob: Actor) -> None:
    number = said(library, ada, "Taken back later.")
    said(library, bob, "Noted.", parent=number)
    assert "Delete this comment?" in text(as_(ada).get(f"/comments/{number}/delete").text)
    assert "Taken back later." in text(as_(bob).get(f"/papers/{PAPER}").text)
    assert as_(bob).get(f"/comments/{number}/delete").status_code == 403
    assert post(as_(ada), f"/comments/{number}/delete")[0] == 303
    page = text(as_(bob).get(f"/papers/{PAPER}").text)
    assert "Taken back later." not in page
    assert "Deleted 20 November 2026" in page
    assert "Noted." in page


def test_comments_can_be_voted_for_but_not_ones_own(library: Library, as_: As, ada: Actor, bob: Actor) -> None:
    number = said(library, ada)
    assert 'name="like"' not in as_(ada).get(f"/papers/{PAPER}").text
    code, where, _ = post(as_(bob), "/vote", like=str(number), back=f"/papers/{PAPER}")
    assert (code, where) == (303, f"/papers/{PAPER}#vc{number}")
    assert 'name="dislike"' in as_(bob).get(f"/papers/{PAPER}").text


# Moderation


def test_a_flag_is_settled_once_for_all(library: Library, as_: As, ada: Actor, bob: Actor, mo: Actor) -> None:
    number = said(library, ada, "Buy my sheep.")
    assert "Buy my sheep." in text(as_(bob).get(f"/flag/comment/{number}").text)
    for _ in range(2):
        code, where, _ = post(as_(bob), f"/flag/comment/{number}", reason="It is an advertisement.")
        assert code == 303
    assert "Thank you" in text(as_(bob).get(where).text)
    assert as_(bob).get("/moderation").status_code == 403
    queue = as_(mo).get("/moderation").text
    assert text(queue).count("It is an advertisement.") == 1
    assert "Buy my sheep." in text(queue)
    flag = re.search(r"/moderation/flags/(\d+)", queue)
    assert flag is not None
    assert as_(mo).get(flag[0]).status_code == 200
    assert post(as_(mo), flag[0], outcome="nothing had to be done", reason=" ")[0] == 400
    assert post(as_(mo), flag[0], outcome="nothing had to be done", reason="She may.")[:2] == (303, "/moderation")
    assert "No flag waits." in text(as_(mo).get("/moderation").text)
    assert "It is an advertisement." in text(as_(mo).get("/moderation?show=settled").text)
    assert post(as_(mo), flag[0], outcome="nothing had to be done", reason="Again.")[0] == 404
    assert "She may." in text(as_(bob).get("/moderation/log").text)


def test_hiding_and_restoring_stand_in_the_log(library: Library, as_: As, ada: Actor, bob: Actor, mo: Actor) -> None:
    number = said(library, ada, "Buy my sheep.")
    assert post(as_(mo), f"/comments/{number}/hide", reason="No advertisements here.")[0] == 303
    seen = text(as_(bob).get(f"/papers/{PAPER}").text)
    assert "Buy my sheep." not in seen
    assert "No advertisements here." in seen
    assert "Buy my sheep." in text(as_(mo).get(f"/papers/{PAPER}").text)
    assert "Buy my sheep." in text(as_(ada).get(f"/papers/{PAPER}").text)
    assert post(as_(mo), f"/comments/{number}/restore", reason="It was a joke.")[0] == 303
    log = text(as_(bob).get("/moderation/log").text)
    assert "No advertisements here." in log
    assert "It was a joke." in log
    assert as_(ANYONE).get("/moderation/log").status_code == 401


def test_the_log_says_in_words_what_was_done(library: Library, as_: As, bob: Actor) -> None:
    library.set_role(OWNER, "bob", Role.MODERATOR, "Helps.")
    library.claim(bob, PAPER, library.paper(PAPER).authors[0].name)
    library.decide_claim(OWNER, PAPER, "bob", yes=True, reason="A colleague.")
    library.set_orcid(OWNER, "bob", "0000-0002-1825-0097")
    library.set_orcid(OWNER, "bob", "")
    page = as_(bob).get("/moderation/log").text
    log = text(page)
    assert "gave an ORCID iD to @bob" in log
    assert "0000-0002-1825-0097" not in log  # what is somebody's own goes when they go
    assert "took the ORCID iD of @bob" in log
    assert '<a href="/people/bob">@bob</a>' in page
    assert "gave the role moderator to @bob : Helps." in log
    assert f"the command line confirmed a claim on {PAPER} : A colleague." in log


def test_hiding_needs_a_reason_and_keeps_what_was_written(library: Library, as_: As, ada: Actor, mo: Actor) -> None:
    number = said(library, ada)
    assert as_(ada).get(f"/comments/{number}/hide").status_code == 403
    assert post(as_(ada), f"/comments/{number}/hide", reason="I am not asked.")[0] == 403
    code, _, page = post(as_(mo), f"/comments/{number}/hide", reason=" ")
    assert code == 400
    assert 'role="alert"' in page


def test_a_ban_stops_talk_and_is_lifted(library: Library, as_: As, ada: Actor, mo: Actor) -> None:
    assert "Ban this person?" in text(as_(mo).get("/moderation/ban/ada").text)
    assert post(as_(mo), "/moderation/ban/ada", reason="Too loud.")[:2] == (303, "/people/ada")
    assert library.person("ada").banned is not None
    banned = Actor("ada", Role.READER, ada.person, banned="Too loud.")
    page = text(as_(banned).get(f"/papers/{PAPER}").text)
    assert "Too loud." in page
    assert post(as_(banned), f"/comments?paper={PAPER}", text="But I must say …")[0] == 403
    assert post(as_(mo), "/moderation/unban/ada", reason="Quiet now.")[0] == 303
    assert library.person("ada").banned is None


# Submissions, notices, claims


def test_a_submission_of_what_is_here_becomes_a_vote(library: Library, as_: As, ada: Actor) -> None:
    code, where, _ = post(as_(ada), "/submit", paper="arXiv:2611.00102", comment="Read this.")
    assert code == 303
    page = text(as_(ada).get(where).text)
    assert "Folding Teapots" in page
    assert library.comments("2611.00102")[0].text == "Read this."


def test_a_submission_of_what_is_not_here_waits(as_: As, ada: Actor) -> None:
    code, where, _ = post(as_(ada), "/submit", paper="https://arxiv.org/abs/2611.09999v2")
    assert code == 303
    assert "Waiting" in text(as_(ada).get(where).text)


@pytest.mark.parametrize("named", ["", "teapots and nonsense", "javascript:alert(1)", "9" * 2_000])
def test_a_submission_of_nonsense_is_given_back(as_: As, ada: Actor, named: str) -> None:
    code, _, page = post(as_(ada), "/submit", paper=named, comment="My reasons.")
    assert code == 400
    assert "My reasons.</textarea>" in page
    assert 'role="alert"' in page


def test_who_was_signed_out_keeps_the_submission(as_: As) -> None:
    answer = as_(ANYONE).post("/submit", data={"csrf": "old", "paper": "2611.00102", "comment": "My reasons."})
    assert answer.status_code == 401
    assert "My reasons.</textarea>" in answer.text
    assert 'value="2611.00102"' in answer.text


def test_notices_come_and_are_read(library: Library, as_: As, ada: Actor, bob: Actor) -> None:
    number = said(library, ada)
    answered = said(library, bob, "I doubt it, @ada.", parent=number)
    page = as_(ada).get("/inbox").text
    assert "bob" in text(page)
    assert f'href="/comments/{answered}"' in page
    assert as_(ada).get("/inbox").text == page  # reading the page changes nothing
    assert post(as_(ada), "/inbox")[0] == 303
    assert "Mark as read" not in text(as_(ada).get("/inbox").text)
    assert "Nothing new." in text(as_(ada).get("/inbox?show=new").text)
    assert as_(ANYONE).get("/inbox").status_code == 401


def test_an_author_claims_a_paper_and_an_administrator_decides(library: Library, as_: As, ada: Actor) -> None:
    root = joins(library, "root", Role.ADMINISTRATOR)
    page = as_(ada).get(f"/papers/{PAPER}/claim").text
    assert "Ada Lovelace" in text(page)
    code, where, _ = post(as_(ada), f"/papers/{PAPER}/claim", author="Ada Lovelace")
    assert code == 303
    assert "administrator" in text(as_(ada).get(where).text)
    assert "Ada Lovelace" in text(as_(root).get("/moderation").text)
    assert post(as_(root), "/moderation/claims", paper=PAPER, person="ada", yes="1", reason="I know her.")[0] == 303
    assert [claim.state for claim in library.claims("ada")] == ["confirmed"]


# All of them


def test_every_page_is_sound_and_small(library: Library, as_: As, ada: Actor, bob: Actor, mo: Actor) -> None:
    first = said(library, ada, "A claim with $x^2$.")
    for count in range(12):
        said(library, bob, f"Number {count}: " + "many words, **and** $\\sum_i x_i$; " * 40, parent=first)
    library.flag(bob, "comment", first, "Odd.")
    library.submit(mo, "2611.00103", comment="")
    one = f"/comments/{first}"
    paths = [f"/papers/{PAPER}", f"/papers/{PAPER}/comments", one, f"{one}/edit", f"{one}/history", f"{one}/delete",
             f"{one}/hide", f"/flag/comment/{first}", "/submit", "/inbox", "/moderation", "/moderation/log",
             f"/papers/{PAPER}/claim", "/moderation/ban/bob", "/date/2026-11-20"]  # fmt: skip
    for actor in (ada, mo, ANYONE):
        for path in paths:
            answer = as_(actor).get(path)
            assert answer.status_code in (200, 401, 403), path
            html5lib.HTMLParser(strict=True).parse(answer.text)
            loaded = set(re.findall(r'(?:href|src)="(/static/[^"]*\.(?:css|js)[^"]*)"', answer.text))
            whole = len(answer.content) + sum(len(as_(actor).get(address).content) for address in loaded)
            assert whole < BUDGET, path
            ids = re.findall(r'\bid="([^"]*)"', answer.text)
            assert len(ids) == len(set(ids)), path


def test_who_runs_a_group_hides_there_and_others_find_nothing(
    library: Library, as_: As, ada: Actor, bob: Actor
) -> None:
    group = library.found(ada, "Readers of Sheep").name
    number = library.comment(ada, PAPER, "Only for us.", group=group).number
    where = f"/groups/{group}/papers/{PAPER}"
    assert "Only for us." in text(as_(ada).get(where).text)
    for path in (where, f"/comments/{number}", f"/comments/{number}/history", f"/comments/{number}/hide"):
        assert as_(bob).get(path).status_code == 404
    assert post(as_(bob), f"/comments/{number}", text="Let me in.")[0] == 404
    assert "Only for us." not in as_(ada).get(f"/papers/{PAPER}").text
    assert f"/comments/{number}/hide" in as_(ada).get(where).text
    code, led, _ = post(as_(ada), f"/comments/{number}/hide", reason="Not here.")
    assert (code, led) == (303, f"{where}?at={number}#c{number}")
    assert "Not here." in text(as_(ada).get(led).text)
    answered = post(as_(ada), f"/comments?paper={PAPER}&group={group}", text="For us too.", back=where)
    assert answered[1].startswith(f"{where}?at=")
    vote = post(as_(ada), f"/vote?group={group}", up=PAPER, back=where)
    assert vote[:2] == (303, f"{where}#v{PAPER}")
    assert library.paper(PAPER).own_votes == 0


def test_a_moderator_sees_what_a_member_flagged(library: Library, as_: As, ada: Actor, bob: Actor, mo: Actor) -> None:
    group = library.found(ada, "Readers of Sheep").name
    library.join(bob, library.invite_to(ada, group))
    number = library.comment(ada, PAPER, "Rude words.", group=group).number
    assert as_(mo).get(f"/comments/{number}").status_code == 404
    library.flag(bob, "comment", number, "It is rude.")
    assert "Rude words." in text(as_(mo).get("/moderation").text)
    assert "Rude words." in text(as_(mo).get(f"/comments/{number}").text)
