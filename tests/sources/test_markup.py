"""Mark-up to text: what is a tag goes, what only looks like one stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.sources.markup import plain


@pytest.mark.parametrize(
    ("marked", "text"),
    [
        ("Plain words.", "Plain words."),
        ("If $a<b$ then $\\sum_{i<n} x_i$ and <i>x</i>.", "If $a<b$ then $\\sum_{i<n} x_i$ and x."),
        ("for x <b and y> 3", "for x <b and y> 3"),
        ("Fish &amp; chips &lt; 3&nbsp;pounds", "Fish & chips < 3 pounds"),
        ('<p>One\nline.</p>\n<p class="x">Two<br>lines.</p>', "One line.\n\nTwo lines."),
        ("<div><a href='https://example.org/?a=1&amp;b=2'>Here</a></div>", "Here"),
        ("One<br/><br />Two", "One\n\nTwo"),
        ("H<sub>2</sub>O", "H2O"),
        ("before<script>alert('<p>')</script> after", "before after"),
        ("<style>p {}</style>text<!-- not shown -->", "text"),
        (
            "<jats:title>Abstract</jats:title><jats:p>We <jats:italic>hang</jats:italic> lights.</jats:p>",
            "We hang lights.",
        ),
        ("<jats:sec><jats:title>Aims</jats:title><jats:p>To see.</jats:p></jats:sec>", "Aims\n\nTo see."),
        (
            "Let <jats:alternatives><jats:tex-math>$$x$$</jats:tex-math><mml:math>x</mml:math></jats:alternatives> be.",
            "Let $$x$$ be.",
        ),
        (
            "Let <tex-math>\\documentclass[12pt]{minimal} \\begin{document} $x$ \\end{document}</tex-math> be.",
            "Let $x$ be.",
        ),
        ("<mml:math><mml:mi>x</mml:mi><mml:mo>=</mml:mo><mml:mn>2</mml:mn></mml:math>", "x=2"),
        ("<![CDATA[<p>Text</p>]]>", "Text"),
        ("all pairs <I> and the sum <A> o <B>", "all pairs <I> and the sum <A> o <B>"),
        ("a picture <img> here", "a picture  here"),
        ("such that $<A>$ is solvable", "such that $<A>$ is solvable"),
        ("the tokens <s> and <mask> stay", "the tokens <s> and <mask> stay"),
        ('<!DOCTYPE html PUBLIC "-//X//EN"><html><body>Text</body></html>', "Text"),
        ("An <unknown>tag</unknown> stays", "An <unknown>tag</unknown> stays"),
        ("a <script without an end", "a <script without an end"),
    ],
)
def test_mark_up_goes_and_words_stay(marked: str, text: str) -> None:
    assert plain(marked) == text


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    assert isinstance(plain(text), str)


@given(st.text(alphabet=st.characters(exclude_characters="<>&", exclude_categories=("Cs", "Cc", "Zs"))))
def test_plain_text_comes_back(text: str) -> None:
    assert plain(text) == text.strip()


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "part",
    [
        "<a ",
        "<a b=c ",
        "<p",
        "&",
        "<![CDATA[",
        "<!--",
        "\\documentclass\\begin{document}",
        " ",
        "<br>",
        "<b>",
        "<script",
    ],
)
def test_no_text_takes_more_than_its_length(part: str) -> None:
    """A rule that looked at the rest of the text from every place in it would run into the time limit of the tests."""
    assert plain(part * (1_000_000 // len(part))) is not None
