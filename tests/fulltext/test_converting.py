"""From LaTeXML's HTML to Markdown: a page of our own in its shape."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.fulltext import converted
from broadsheet.types import Caption, Heading

PAGE = (Path(__file__).parent / "page.html").read_bytes()
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
