"""From LaTeXML's HTML to Markdown: a page of our own in its shape."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.fulltext import converted
from broadsheet.types import Caption, Heading

HERE = Path(__file__).parent
PAGE = (HERE / "page.html").read_bytes()
SOURCE = "https://arxiv.org/html/2611.00001"
WHOLE = r"""## 1 Meadows of $O(n)$

Sheep\_stand in \* rows, as (Hopper, 2020) says. They cost $x\leq\$5$; see [the site](https://sheep.example.org/a_b) or this, **in bold** and *leaning*.[^1]

### 1.1 Gates

$$
a=b^{2} \tag{1}
$$

- one gate
- another

1. first

**Figure 1:** Rows of $n$ sheep.

| Farm | Sheep \| goats |  |
| --- | --- | --- |
|  | then | now |
| Hill | $10^{2}$ | 7 |

**Table 1:** Herds.

```
for sheep in herd:
    count(sheep)
```

**Theorem 1.**

1\. All sheep are counted.

## References

- Hopper (2020) Grace Hopper. On gates.

[^1]: Not in winter.
"""  # noqa: E501 - a paragraph is one line


def test_a_page_becomes_markdown() -> None:
    found = converted(PAGE, source=SOURCE, read=date(2026, 11, 21))
    assert found is not None
    assert found.markdown == WHOLE
    assert found.headings == (Heading(1, "1 Meadows of $O(n)$"), Heading(2, "1.1 Gates"), Heading(1, "References"))
    assert found.captions == (Caption("Figure 1", "Rows of $n$ sheep."), Caption("Table 1", "Herds."))
    assert (found.source, found.read) == (SOURCE, "2026-11-21")


def test_what_latexml_itself_makes_of_a_paper_is_read_whole() -> None:
    """`sheep.html` is what LaTeXML 0.8.7 wrote of `sheep.tex`, without its comments and its mark at the foot.

    latexmlc sheep.tex --dest=sheep.html --format=html5 --pmml --mathtex --nodefaultresources
    """
    found = converted((HERE / "sheep.html").read_bytes(), source=SOURCE)
    assert found is not None
    assert found.markdown == (HERE / "sheep.md").read_text()
    assert found.headings[0] == Heading(1, "1 Why count at all $O(n)$?"), "plain text, with its formulas"
    assert found.headings[-3] == Heading(1, r"Appendix A More code and $\alpha$")
    assert [one.label for one in found.captions] == [
        *("Table 1", "(a)", "(b)", "Table 2", "(a)", "(b)", "Figure 1", "Algorithm 1", "Listing 1")
    ]
    assert found.captions[6].text == "The flock at $t=0$, see https://sheep.example.org.", "no note, no link"


@pytest.mark.parametrize(
    ("listing", "shown"),
    [
        ('<a href="data:text/plain;base64,YQogIGIK">x</a>', "a\n  b"),
        ('<a href="data:text/plain;base64,!">x</a><div class="ltx_listingline">\n kept </div>', "kept"),
        ('<a href="data:text/plain;base64,/w==">x</a><div class="ltx_listingline">``` </div>', "```"),
        ('<a href="data:text/html;base64,YQ==">x</a><div class="ltx_listingline">y</div>', "y"),
    ],
)
def test_a_listing_is_what_was_typed_or_else_what_is_shown(listing: str, shown: str) -> None:
    found = converted(f'<article class="ltx_document"><p>A</p><div class="ltx_listing">{listing}</div>'.encode())
    assert found is not None
    fence = "````" if "`" in shown else "```"
    assert found.markdown == f"A\n\n{fence}\n{shown}\n{fence}\n"


@pytest.mark.parametrize(
    "page",
    [b"", b"<", b"\xff\xfe\x00", b"<p>Not found</p>", b'<article class="ltx_document"></article>', b"<!-- x -->"],
)
def test_what_holds_no_text_is_none(page: bytes) -> None:
    assert converted(page) is None


def test_an_endless_nest_is_read_as_far_as_it_goes() -> None:
    deep = b'<article class="ltx_document"><p>Top</p>' + b"<div><ul><li>" * 5_000 + b"<p>Bottom</p></article>"
    found = converted(deep)
    assert found is not None
    assert found.markdown.startswith("Top")


def test_what_looks_like_markdown_in_a_paper_stays_text() -> None:
    words = '<p class="ltx_p">&lt;script&gt; [x](javascript:y) `c` # h</p><p>- a</p>'
    found = converted(f'<article class="ltx_document">{words}</article>'.encode())
    assert found is not None
    assert found.markdown == "\\<script\\> \\[x\\](javascript:y) \\`c\\` \\# h\n\n\\- a\n"


def test_words_beside_parts_are_kept() -> None:
    found = converted(b'<article class="ltx_document">One <b>two</b><p>three</p> four<!-- c --> five</article>')
    assert found is not None
    assert found.markdown == "One **two**\n\nthree\n\nfour five\n"


TAGS = ("div", "p", "math", "table", "tr", "td", "ul", "li", "figure", "figcaption", "span", "a", "h2", "section")
CLASSES = ("ltx_para", "ltx_tag", "ltx_note", "ltx_equation", "ltx_tabular", "ltx_biblist", "ltx_section", "ltx_title")


@given(
    st.lists(
        st.one_of(
            st.builds(
                lambda tag, kind: f'<{tag} class="{kind}" alttext="x">', st.sampled_from(TAGS), st.sampled_from(CLASSES)
            ),
            st.builds(lambda tag: f"</{tag}>", st.sampled_from(TAGS)),
            st.text(max_size=10),
        ),
        max_size=40,
    )
)
def test_any_page_is_taken(pieces: list[str]) -> None:
    found = converted(f'<article class="ltx_document"><p>A</p>{"".join(pieces)}'.encode("utf-8", "replace"))
    assert found is None or found.markdown.endswith("\n")
