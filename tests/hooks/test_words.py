"""What a chat is told: short enough for its service, and nothing of a paper's title is markup or calls somebody."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.errors import BadRecord
from broadsheet.hooks import Item, Message, written
from broadsheet.hooks.words import STYLES, chat, read

CHATS = sorted(STYLES)
TEXT = st.text(st.characters(codec="utf-8"), max_size=400)
ITEMS = st.builds(
    Item,
    id=st.just("2611.00001"),
    title=TEXT,
    authors=TEXT,
    url=st.just("https://papers.example/papers/2611.00001"),
    why=TEXT,
    gist=TEXT,
)
MESSAGES = st.builds(
    Message,
    type=st.just("digest"),
    title=TEXT,
    papers=st.lists(ITEMS, max_size=40).map(tuple),
    note=TEXT,
    more=st.integers(0, 10**6),
    link=st.sampled_from(["", "https://papers.example/"]),
)


def some(count: int, **facts: str) -> Message:
    papers = tuple(
        Item(
            f"2611.{number:05}",
            facts.get("title", f"On Wheels, part {number}"),
            "Ada Lovelace and 2 others",
            f"https://papers.example/papers/2611.{number:05}",
            "Trending",
        )
        for number in range(1, count + 1)
    )
    return Message("digest", "The daily edition", papers, link="https://papers.example/")


@given(MESSAGES, st.sampled_from(CHATS))
def test_a_message_fits(message: Message, kind: str) -> None:
    assert STYLES[kind].size(chat(message, kind)) <= STYLES[kind].most


@given(MESSAGES)
def test_what_is_written_is_read_again(message: Message) -> None:
    assert read(written(message)) == message


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"type": 1, "papers": [1]}', '{"papers": {}}', '{"x": 1}'])
def test_what_is_no_message_is_refused(text: str) -> None:
    with pytest.raises(BadRecord):
        read(text)


@pytest.mark.parametrize("kind", CHATS)
def test_each_paper_has_its_title_authors_reason_and_link(kind: str) -> None:
    text = chat(some(3), kind)
    for number in (1, 2, 3):
        assert f"On Wheels, part {number}" in text
        assert f"https://papers.example/papers/2611.0000{number}" in text
    assert text.count("Ada Lovelace and 2 others · Trending") == 3
    assert "more" not in text


@pytest.mark.parametrize("kind", CHATS)
def test_what_has_no_room_is_counted(kind: str) -> None:
    message = some(500)
    text = chat(message, kind)
    shown = text.count("Ada Lovelace")
    assert 5 < shown < 500
    assert f"{500 - shown:,} more" in text
    assert text.count("https://papers.example/papers/") == shown


CALLS = (
    "@everyone @room <!channel> <@U123> <at>Ada</at> [here](https://evil.example) **loud** `code` <b>x</b> \\<!here>"
)


@given(TEXT | st.just(CALLS))
def test_nobody_is_called_in_a_chat(title: str) -> None:
    for kind in CHATS:
        if kind == "ntfy":  # plain text, in which nothing means anything
            continue
        text = chat(some(1, title=title), kind)
        assert not re.search(r"@\w", text)
        assert "<at>" not in text.lower()


def test_a_title_is_no_markup() -> None:
    assert "](https://evil" not in chat(some(1, title=CALLS), "discord").replace("\\]", "").replace("\\(", "")
    for kind in ("telegram", "matrix"):
        tags = re.findall(r"<[^>]*>", chat(some(1, title=CALLS), kind))
        assert {re.sub(r"[ >].*", "", tag) for tag in tags} <= {"<b", "</b", "<a", "</a", "<br"}


def test_a_message_without_papers_says_what_it_says() -> None:
    message = Message("digest", "Nothing new", note="Nothing new came this week.", link="https://papers.example/")
    assert chat(message, "ntfy") == "Nothing new\nNothing new came this week.\n\nThere: https://papers.example/"
