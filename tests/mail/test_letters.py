"""Letters as they leave: golden ones of invented papers, and what no title, name or week may do to one.

A golden letter that is to look different is written anew: BROADSHEET_GOLDEN=write, and looked at.
"""

import os
import re
from dataclasses import replace
from email import message_from_bytes, policy
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.mail import Links, render
from broadsheet.mailing import Writer
from broadsheet.types import Author, Digest, Entry, Form, Outgoing, Paper, Rhythm, Wanted
from tests.conftest import ROOT
from tests.mail.invented import LETTERS, LINKS, PAPERS, PLACE, digest, subscription

GOLDEN = ROOT / "tests" / "golden" / "letters"
CLIPPED = 102_000  # bytes at which Gmail cuts
KNOWN = {
    "html", "head", "meta", "title", "style", "body", "div", "table", "tbody", "tr", "td", "p", "h1", "h2", "a", "span",
}  # fmt: skip


class Page(HTMLParser):
    """What is in a page: tags, where links lead, and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.attributes: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def as_message(outgoing: Outgoing) -> bytes:
    sent = replace(outgoing, to="eve@example.org", made="2026-11-20T07:30:00Z", message="abc")
    return Writer("papers@example.org", "The Flock Gazette").message(sent)


@pytest.mark.parametrize("name", LETTERS)
@pytest.mark.parametrize("part", ["txt", "html"])
def test_a_letter_is_as_it_was_looked_at(name: str, part: str) -> None:
    made = render(LETTERS[name], PLACE, LINKS)
    heads = "".join(f"{head}: {value}\n" for head, value in {"Subject": made.subject, **made.headers}.items())
    found = f"{heads}\n{made.text}" if part == "txt" else made.html
    path = GOLDEN / f"{name}.{part}"
    if os.environ.get("BROADSHEET_GOLDEN") == "write":
        path.write_text(found, "utf-8")
    assert found == path.read_text("utf-8")


@pytest.mark.parametrize("name", LETTERS)
def test_both_parts_say_the_same(name: str) -> None:
    made = render(LETTERS[name], PLACE, LINKS)
    page = Page(made.html)
    shown = " ".join("".join(page.words).split())
    text = " ".join(made.text.split())
    for entry in LETTERS[name].entries:
        address = f"{PLACE.address}/papers/{entry.paper.id}"
        assert address in page.links
        assert address in made.text
    for part in (shown, text):
        assert re.search(r"You get this because you asked The Flock Gazette for", part)
    for link in (LINKS.unsubscribe, LINKS.preferences):
        assert link in page.links
        assert link in made.text
    assert {"Unsubscribe", "Change or pause it"} <= {word.strip() for word in page.words}


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_loads_nothing_and_runs_nothing(name: str) -> None:
    page = Page(render(LETTERS[name], PLACE, LINKS).html)
    assert set(page.tags) <= KNOWN
    assert all(link.startswith("https://papers.example.org/") for link in page.links)
    assert not {one for one in page.attributes if one.startswith("on") or one in ("src", "srcset", "background")}


def test_what_others_wrote_is_text() -> None:
    made = render(LETTERS["hostile"], PLACE, LINKS)
    assert "<script" not in made.html
    assert "<img" not in made.html
    assert "alert(1)" in "".join(Page(made.html).words)
    assert not any(line.startswith(("Bcc:", "X-Header:")) for line in made.text.splitlines())
    message = message_from_bytes(as_message(made), policy=policy.SMTP)
    assert message["Bcc"] is None
    assert message["X-Header"] is None


def test_a_search_named_by_its_owner_adds_no_header() -> None:
    one = subscription(Wanted.QUERY, value="3", title="sheep\r\nBcc: all@example.org\r\n\r\n<html>")
    made = render(digest("plain", one=one), replace(PLACE, title="Gazette\r\nX-Bad: 1"), LINKS)
    assert made.subject == "Gazette X-Bad: 1: sheep Bcc: all@example.org <html>, 20 November 2026"
    message = message_from_bytes(as_message(made), policy=policy.SMTP)
    assert (message["Bcc"], message["X-Bad"]) == (None, None)
    assert message["Subject"] == made.subject


@given(st.text(), st.text(), st.text(), st.text())
def test_no_text_breaks_a_letter(title: str, author: str, abstract: str, name: str) -> None:
    paper = Paper("2611.00001", title, 1, abstract=abstract, authors=(Author(author),))
    one = subscription(Wanted.QUERY, value="3", title=name)
    made = render(Digest("k", one, "2026-11-20", "2026-11-20", [Entry(paper, 1, "caught", name)]), PLACE, LINKS)
    page = Page(made.html)
    assert set(page.tags) <= KNOWN
    assert page.tags.count("h2") == 1
    assert "\n" not in made.subject
    assert "\r" not in made.subject + made.text
    message = message_from_bytes(as_message(made), policy=policy.SMTP)
    assert sorted(map(str.lower, message.keys())) == sorted({*map(str.lower, message.keys())})
    assert message.get_content_type() == "multipart/alternative"


def test_text_alone_is_text_alone() -> None:
    made = render(digest("plain", one=subscription(form=Form.TEXT)), PLACE, LINKS)
    assert made.html == ""
    message = message_from_bytes(as_message(made), policy=policy.SMTP)
    assert message.get_content_type() == "text/plain"
    assert max(map(len, made.text.splitlines())) <= 72


def test_a_letter_is_never_so_long_that_it_is_cut() -> None:
    paper = PAPERS["endless"]
    for count in (50, 400):
        entries = [Entry(replace(paper, id=f"2611.{number:05}"), number, "announced") for number in range(1, count + 1)]
        made = render(Digest("k", subscription(), "2026-11-20", "2026-11-20", entries, 3), PLACE, LINKS)
        assert len(made.html.encode()) < CLIPPED
        assert made.text.count("/papers/") == count, "the text has them all"
    assert "more papers are in the text of this letter. 3 more papers are not in this letter." in made.html
    ordinary = [Entry(replace(PAPERS["plain"], id=f"2611.{number:05}"), number, "listed") for number in range(1, 51)]
    made = render(Digest("k", subscription(), "2026-11-20", "2026-11-20", ordinary), PLACE, LINKS)
    assert len(made.html.encode()) < CLIPPED
    assert made.html.count("<h2") == 50


def test_the_subject_of_a_list_is_of_one_pattern() -> None:
    assert {name: render(one, PLACE, LINKS).subject for name, one in LETTERS.items()} == {
        "edition": "The Flock Gazette: Friday, 20 November 2026",
        "hostile": "The Flock Gazette: Friday, 20 November 2026",
        "empty_week": "The Flock Gazette: the week to 20 November 2026",
        "search": "The Flock Gazette: Results for “sheep”, 20 November 2026",
        "group": "The Flock Gazette: Sheep <readers>, 20 November 2026",
        "trending": "The Flock Gazette: trending papers, 20 November 2026",
        "mine": "The Flock Gazette: papers for you, 20 November 2026",
    }


def test_every_list_has_a_name_of_its_own() -> None:
    named = {name: render(one, PLACE, LINKS).headers["List-Id"] for name, one in LETTERS.items()}
    assert named == {
        "edition": "<edition.papers.example.org>",
        "hostile": "<edition.papers.example.org>",
        "empty_week": "<edition.papers.example.org>",
        "search": "<query-12.papers.example.org>",
        "group": "<group-sheep-readers-bcdfgh.papers.example.org>",
        "trending": "<trending.papers.example.org>",
        "mine": "<mine.papers.example.org>",
    }


def test_one_click_is_said_only_where_programs_may_post() -> None:
    safe = render(digest("plain"), PLACE, LINKS).headers
    assert safe["List-Unsubscribe"] == "<https://papers.example.org/unsubscribe/one.two>"
    assert safe["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    laptop = Links("http://127.0.0.1:8000/unsubscribe/x", "http://127.0.0.1:8000/preferences/y")
    unsafe = render(digest("plain"), replace(PLACE, address="http://127.0.0.1:8000"), laptop).headers
    assert "List-Unsubscribe-Post" not in unsafe
    nobodys = render(digest("plain"), PLACE, Links())
    assert not {"List-Unsubscribe", "List-Unsubscribe-Post"} & {*nobodys.headers}
    assert "Unsubscribe" not in nobodys.html + nobodys.text


def test_the_first_titles_stand_beside_the_subject() -> None:
    html = render(LETTERS["edition"], PLACE, LINKS).html
    unseen = re.search(r'<div class="unseen"[^>]*display: none[^>]*>([^<]*)<', html)
    assert unseen
    assert unseen[1].startswith("Counting Sheep with Sparse Attention · Folding Maps in O(n log n)")


def test_without_styles_it_is_still_in_order() -> None:
    page = Page(re.sub(r"<style>.*?</style>", "", render(LETTERS["edition"], PLACE, LINKS).html, flags=re.DOTALL))
    assert page.tags.count("h1") == 1
    assert page.tags.count("h2") == 6
    assert page.tags.index("h1") < page.tags.index("h2")


def test_dark_colours_stay_in_the_head_and_light_ones_in_the_elements() -> None:
    html = render(LETTERS["edition"], PLACE, LINKS).html
    (style,) = re.findall(r"<style>(.*?)</style>", html, flags=re.DOTALL)
    assert "prefers-color-scheme: dark" in style
    assert re.search(r"<h2[^>]*style=", html)
    assert '<meta name="color-scheme" content="light dark">' in html


def test_the_same_digest_is_the_same_letter() -> None:
    one = LETTERS["edition"]
    assert render(one, PLACE, LINKS) == render(one, PLACE, LINKS)
    assert one.subscription.rhythm is Rhythm.EDITION
