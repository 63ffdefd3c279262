"""Markdown of people: what it says is shown, what it must not do cannot be written, and no text is slow."""

import re
import sys
from collections.abc import Callable
from types import FrameType
from xml.etree.ElementTree import Element

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.markup import MOST_TEXT, html, mentions, plain
from broadsheet.tex.mathml import ATTRIBUTES, TAGS

PROSE = {"p", "br", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "hr", "span", "sub", "sup"}
WORDS = {"href", "rel", "start", "class", "role", "tabindex", "aria-label"}
LEADS = re.compile(r"https?://|/people/ada$")
# Marks of every rule, alone and broken off, between words, names and what would be HTML.
MARKS = r"""* ** _ ` `` ``` ~~ # ## > - + 1. 7) [ ] ( ) ![ ](x) <b> </p> <script> <!-- --> <![CDATA[ ]]> & &lt; &#x202e;
&#0; \ \\ \$ $ $$ $x$ $x^2$ $$a_1$$ \text{<b>} \href{javascript:1}{x} \frac{1}{2} { } @ @ada @ada@ada ada@ada @@ada
http:// https://a.example/b_c?d=e&f#g javascript:alert(1) data:text/html, //a.example /people/ada [a](https://a.example)
[a](javascript:alert(1)) [a](/people/ada) [a][b] [b]: <https://a.example/x@y> mailto:a@b.example " ' = === --- | é 中"""
PARTS = [*MARKS.split(), "\n", "\n\n", "    ", "\t", "\r", " ", "\x00", "\u202e", "\ud800", "word"]
EVIL = st.lists(st.sampled_from(PARTS), max_size=60)
TEXTS = st.one_of(st.text(max_size=300), EVIL.map("".join), EVIL.map(" ".join), EVIL.map("\n".join))


def tree(markup: str) -> list[Element]:
    """The elements of a fragment, as a browser reads it."""
    document = html5lib.parseFragment(markup, namespaceHTMLElements=False)
    return [element for element in document.iter() if element is not document]


def tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def is_safe(element: Element) -> bool:
    name, said = tag(element), element.attrib
    if name in TAGS:
        return said.keys() <= ATTRIBUTES.keys()
    led = "href" not in said or (LEADS.match(said["href"]) is not None and said["rel"] == "nofollow noopener")
    return name in PROSE and said.keys() <= WORDS and led


@given(TEXTS)
@settings(max_examples=200)
def test_no_text_makes_an_element_that_is_not_on_the_list(text: str) -> None:
    made = html(text, people=["ada"])
    unsafe = [(tag(element), element.attrib) for element in tree(made) if not is_safe(element)]
    assert not unsafe, made
    assert not set(made) & set("\x00\u202e\ud800")


@given(TEXTS)
@settings(max_examples=150)
def test_no_text_raises_in_plain_text_or_among_the_mentions(text: str) -> None:
    plain(text).encode()
    assert all(name == name.lower() for name in mentions(text))


@given(st.lists(st.tuples(st.sampled_from(list("*_>-[]()$#~+!\n")), st.text("abc", min_size=3))))
@settings(max_examples=150)
def test_no_word_is_lost_in_plain_text(said: list[tuple[str, str]]) -> None:
    told = plain(" ".join(mark + word for mark, word in said))
    at = 0
    for _, word in said:
        at = told.index(word, at) + len(word)


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("*a* **b** ~~c~~ `<d>`", "<p><em>a</em> <strong>b</strong> <s>c</s> <code>&lt;d&gt;</code></p>"),
        ("one\ntwo\n\nthree", "<p>one<br>two</p><p>three</p>"),
        ("# Head *line*", "<p><strong>Head <em>line</em></strong></p>"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("7. a\n8. b", '<ol start="7"><li>a</li><li>b</li></ol>'),
        ("> said", "<blockquote><p>said</p></blockquote>"),
        ("```python\n<x>\n```", "<pre><code>&lt;x&gt;\n</code></pre>"),
        ("a <b>b</b>", "<p>a &lt;b&gt;b&lt;/b&gt;</p>"),
        (
            "![cat](https://a.example/c.png)",
            '<p>!<a href="https://a.example/c.png" rel="nofollow noopener">cat</a></p>',
        ),
        ("[a][b]\n\n[b]: https://a.example", '[b]: <a href="https://a.example" rel="nofollow noopener">'),
        ("see https://a.example/x_y_z.", '<a href="https://a.example/x_y_z" rel="nofollow noopener">'),
        ("[a](javascript:alert(1))", "<p>[a](javascript:alert(1))</p>"),
        ("[a](/people/ada)", "<p>[a](/people/ada)</p>"),
        ("[a](//a.example)", "<p>[a](//a.example)</p>"),
        ("[a](https://bank.example@a.example)", "[a](<a"),
        ("<https://a.example>", '<a href="https://a.example" rel="nofollow noopener">'),
        ("<ada@a.example>", "<p>&lt;ada@a.example&gt;</p>"),
        ("$x^2$", "<msup><mi>x</mi><mn>2</mn></msup>"),
        (r"$a_1 \* b_2 * c$", "<msub><mi>a</mi><mn>1</mn></msub>"),
        ("$$\na\n- b\n$$", '<math display="block"><mi>a</mi>'),
        ("of $$a$$ and", '<math display="block"><mi>a</mi></math>'),
        ("from $5 to $10, or $5/$6", "<p>from $5 to $10, or $5/$6</p>"),
        (r"\$x$ is $1", "<p>$x$ is $1</p>"),
        ("`$x$`", "<code>$x$</code>"),
        (r"$\text{<script>}$", "&lt;script&gt;"),
        ("a &#x202e;b", "<p>a b</p>"),
    ],
)
def test_what_is_written_is_what_was_meant(text: str, made: str) -> None:
    assert made in html(text)


def test_people_who_are_here_are_linked_and_others_are_plain_text() -> None:
    made = html("@Ada, @bob: `@ada`, [@ada](https://a.example), x@ada, @ada@b, $@ada$", people=["ada"])
    links = [element.attrib["href"] for element in tree(made) if tag(element) == "a"]
    assert links == ["/people/ada", "https://a.example"]
    assert "@bob" in made
    assert mentions("@Ada, @bob and @ada; `@code` [@linked](https://a.example) a@b.example") == ("ada", "bob")


def test_only_the_first_mentions_count() -> None:
    names = [f"person{number}" for number in range(50)]
    text = " ".join(f"@{name}" for name in names)
    assert mentions(text) == tuple(names[:20])
    assert html(text, people=names).count("<a ") == 20


def test_plain_text_reads_like_a_letter() -> None:
    text = "# Head\n\nA *word*, $x^2$ and [a page](https://a.example/p).\n\n1. one\n2. two\n   - deep\n\n> said\n\n"
    told = "Head\n\nA word, x² and a page (https://a.example/p).\n\n1. one\n2. two\n   - deep\n\n> said\n\n"
    assert plain(f"{text}```\ncode\n```") == f"{told}code"


def test_a_text_that_is_too_long_is_shown_as_it_was_typed() -> None:
    text = "*a* " * MOST_TEXT
    assert html(text) == f"<p>{text}</p>"
    assert plain(text) == text.strip()
    assert mentions("@ada " * MOST_TEXT) == ()


def test_formulas_do_not_make_a_small_text_a_huge_page() -> None:
    text = "".join(rf"$\frac{{{number}}}{{b}}$ " for number in range(1_400))[:MOST_TEXT]
    assert len(html(text)) < 20 * MOST_TEXT


def calls(work: Callable[[], object]) -> int:
    """How many functions of Python are called: the same on every machine."""
    count = 0

    def watch(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(watch)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


HARD = r"""[ ![ ] ( * ** _ `` ~~ $ $$ \ < > & @a http:// [a](b [a](<b []( [* ]*[ *_ _a_b a**b [[a](b) <![CDATA[ <!--
&amp; $a$ - 1. # | @ab, $`$ `$` **_` https://a.example/( <http://a>"""
SPACED = ["*a **a ", "> - ", "- ", "$$a\n", "$$\n", "a\n=\n", "`a``", "  - a\n", ">a\n", "@ab "]


@pytest.mark.parametrize("pattern", [*HARD.split(), *SPACED])
def test_twice_the_text_is_twice_the_work(pattern: str) -> None:
    def work(size: int) -> int:
        text = (pattern * size)[:size]
        return calls(lambda: html(text, people=["ab"])) + calls(lambda: plain(text))

    work(50)  # what is made once
    assert work(4_000) < 2.6 * work(2_000) + 2_000
