"""The small parts of the pages: links found in texts, marks, dates in words, cards within their bytes."""

import re
from dataclasses import replace

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet import said
from broadsheet.types import Author, Edition, Identifier, Paper, Span
from broadsheet.web import cards, links
from broadsheet.web.marks import marker
from broadsheet.web.press import local

PAPER = Paper(id="2611.00001", title="Sheep", abstract="One. Two.", identifiers=(Identifier("arxiv", "2611.00001"),))


# Links

FOUND = {
    "Code at https://github.com/ada/sheep.": ["https://github.com/ada/sheep"],
    "see github.com/ada/sheep, and www.github.com/ada/sheep/": ["https://github.com/ada/sheep"],
    "(https://example.org/a_(b)).": ["https://example.org/a_(b)"],
    "[http://example.org/x]": ["http://example.org/x"],
    r"\url{https://gitlab.com/ada/a\_b}": ["https://gitlab.com/ada/a_b"],
    r"\href{https://ada.github.io/sheep}{project page}": ["https://ada.github.io/sheep"],
    "https://huggingface.co/ada/sheep and https://github.com/ada/sheep.git": [
        "https://huggingface.co/ada/sheep",
        "https://github.com/ada/sheep.git",
    ],
    "the text is https://arxiv.org/abs/2611.00001, https://doi.org/10.1000/1": [],
    "ftp://example.org javascript:alert(1) data:text/html,x": [],
    "mail me@github.com/ada or evilgithub.com/a/b": [],
    "https://github.com/ alone, https://localhost/x, https://user:pw@example.org/": [],
    "https://example.org/<script>": ["https://example.org/"],
    "https://example.org:99999/x http://[::1 http://.. https://-a.b/": [],
    "a fraction a.b/c and 3.5/7": [],
}


@pytest.mark.parametrize(("text", "expected"), FOUND.items())
def test_links_are_found_in_the_abstract(text: str, expected: list[str]) -> None:
    assert [link.href for link in links.found(replace(PAPER, abstract=text))] == expected


def test_links_say_what_they_lead_to() -> None:
    given_links = ("https://github.com/ada/sheep", "https://zenodo.org/records/7", "https://sheep.example.org/")
    texts = [link.text for link in links.found(replace(PAPER, links=given_links))]
    assert texts == ["Code: ada/sheep", "Data and models: zenodo.org/records/7", "Project: sheep.example.org"]


def test_a_paper_is_read_where_its_identifiers_lead() -> None:
    identifiers = (
        Identifier("arxiv", "hep-th/9901001"),
        Identifier("doi", "10.1000/a<b>#c"),
        Identifier("acl", "2026.acl-long.7"),
        Identifier("openreview", "aB&c"),
    )
    assert [link.href for link in links.identifiers(replace(PAPER, identifiers=identifiers))] == [
        "https://arxiv.org/abs/hep-th/9901001",
        "https://arxiv.org/pdf/hep-th/9901001",
        "https://doi.org/10.1000/a%3Cb%3E%23c",
        "https://aclanthology.org/2026.acl-long.7/",
        "https://openreview.net/forum?id=aB%26c",
    ]


@given(
    st.text()
    | st.lists(st.sampled_from(["https://", "github.com/", "a", ".", "/", "@", ":", "[", "\\", " "])).map("".join)
)
def test_only_the_web_is_linked(text: str) -> None:
    for link in links.found(replace(PAPER, abstract=text, links=(text, f"https://{text}"))):
        assert re.match(r"https?://[a-z0-9]", link.href, re.IGNORECASE)
        assert not set(link.href) & set(" <>\"'\\\n\t")


# Words


@pytest.mark.parametrize(
    ("terms", "html", "expected"),
    [
        (
            ["spars", "attent"],
            "Sparse attention, attentive",
            "<mark>Sparse</mark> <mark>attention</mark>, <mark>attentive</mark>",
        ),
        (["poppi"], "Poppy and poppies", "<mark>Poppy</mark> and <mark>poppies</mark>"),
        (["graph"], "graphite Graphs", "graphite <mark>Graphs</mark>"),
        (["godel"], "G\u00f6del", "<mark>G\u00f6del</mark>"),
        (["mi", "math"], "<math><mi>math</mi></math> math", "<math><mi>math</mi></math> <mark>math</mark>"),
        (["amp", "lt"], "&amp; &lt;", "&amp; &lt;"),
        (["a(b", ""], "a(b", "a(b"),
        ([], "nothing", "nothing"),
    ],
)
def test_the_words_of_a_query_are_marked(terms: list[str], html: str, expected: str) -> None:
    assert marker(terms)(html) == expected


def test_dates_are_said_as_they_are_known() -> None:
    assert said.day("2026-11-20") == "20 November 2026"
    assert said.day("2026-11") == "November 2026"
    assert said.day("2026") == "2026"
    assert said.weekday("2026-11-20") == "Friday, 20 November 2026"
    assert said.moment("2026-11-20T07:45:11+00:00") == "20 November 2026, 07:45 UTC"
    assert said.moment("2026-11-20") == "20 November 2026"
    assert (said.count(1, "vote"), said.count(1234, "vote")) == ("1 vote", "1,234 votes")
    assert [said.size(size) for size in (12, 12_345, 1_234_567, 1_400_000_000)] == [
        "12 bytes",
        "12 kB",
        "1 MB",
        "1.4 GB",
    ]


@pytest.mark.parametrize(
    ("key", "first", "last", "below"),
    [
        ("2026-W47", "2026-11-16", "2026-11-22", "16 to 22 November 2026"),
        ("2026-W49", "2026-11-30", "2026-12-06", "30 November to 6 December 2026"),
        ("2026-W53", "2026-12-28", "2027-01-03", "28 December 2026 to 3 January 2027"),
    ],
)
def test_a_week_says_its_days(key: str, first: str, last: str, below: str) -> None:
    edition = Edition(Span.WEEK, key, first, last, [], 0, 0, 20)
    assert said.edition(edition) == (f"Week {key[-2:]} of 2026", below)


@given(st.text())
def test_the_way_back_is_always_a_path_of_ours(back: str) -> None:
    way = local(back)
    assert way.startswith("/")
    assert not way.startswith(("//", "/\\"))
    assert way.isprintable()


# Cards

papers = st.builds(
    Paper,
    id=st.text(min_size=1, max_size=20),
    title=st.text(max_size=200) | st.just("$\\frac{a}{b}$ " * 50),
    abstract=st.none()
    | st.text(max_size=400)
    | st.integers(1, 60).map(lambda times: r"word $\sum_{i=1}^n x_i^2$. " * times),
    summary=st.none() | st.text(max_size=50),
    authors=st.lists(st.builds(Author, name=st.text(max_size=30)), max_size=3).map(tuple),
    categories=st.lists(st.text(max_size=9), max_size=9).map(tuple),
    published=st.none() | st.text(max_size=10),
    votes=st.integers(0, 9),
)


@settings(max_examples=60)
@given(st.lists(papers, max_size=12), st.integers(20_000, 60_000), st.booleans())
def test_cards_keep_to_their_room_and_are_mark_up(shelf: list[Paper], room: int, lead: bool) -> None:
    made = cards.cards([cards.Entry(paper, ("word",)) for paper in shelf], room, lead=lead)
    assert len(made) == len(shelf)
    titles = sum(cards.frame(card) for card in made)
    texts = sum(len((card.teaser + card.rest).encode()) for card in made)
    assert titles + texts <= max(room, titles)
    for card in made:
        html5lib.HTMLParser(strict=True).parseFragment(
            f"<h2><a href=x>{card.title}</a></h2><p>{card.teaser}</p><p>{card.rest}</p>"
        )


def test_a_card_says_that_there_is_more() -> None:
    long = replace(PAPER, abstract="word " * 400)
    whole, cut, bare = (cards.cards([cards.Entry(long)], room)[0] for room in (20_000, 1_200, 500))
    assert (bool(whole.rest), whole.more) == (True, False)
    assert (bool(cut.teaser), bool(cut.rest), cut.more) == (True, False, True)
    assert (bool(bare.teaser), bare.more) == (False, True)


def test_a_title_in_a_link_holds_nothing_that_takes_the_focus() -> None:
    wide = replace(PAPER, title="$" + "+".join("abcdefghijklmnopqrstuvwxyz") + "$")
    assert cards.cards([cards.Entry(wide)], 20_000)[0].title == "+".join("abcdefghijklmnopqrstuvwxyz")
