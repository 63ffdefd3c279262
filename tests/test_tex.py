"""TeX made readable: what is understood, what stays as written, and that nothing of it can be mark-up."""

import re
import time
from html import unescape

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from broadsheet import tex
from broadsheet.tex.mathml import ATTRIBUTES, TAGS

PLAIN = {
    # accents and letters
    r"Erd\H{o}s and R\'enyi, Dvo{\v{r}}{\'{a}}k, na\"{\i}ve, Garc\'{\i}a": "Erdős and Rényi, Dvořák, naïve, García",
    r"Stra\ss e, \O rsted, \L ukasiewicz, \`a la \v Cech": "Straße, Ørsted, Łukasiewicz, à la Čech",
    r"the model\'s answer": "the model's answer",
    r"G{\"o}del": "Gödel",
    # escapes, fonts, groups
    r"a 100\% gain \& more, x\_y, \$5, \#1": "a 100% gain & more, x_y, $5, #1",
    r"{\it et al.} and \emph{one \textbf{two}} three": "et al. and one two three",
    r"{BERT} for {P}arsing, {0,1} and {a, b}": "BERT for Parsing, {0,1} and {a, b}",
    r"360{\deg} video, \b{eta} decay, Spearman \r{ho}": "360° video, β decay, Spearman ρ",
    r"as in~\cite{a,b}. Then \citep[p. 5]{c} more": "as in. Then more",
    r"it\footnote{Indeed.} is \textcolor{red}{so}": "it (Indeed.) is so",
    r"fast -- and ``good'' --- yes, pages 3--5, --flag": "fast – and “good” — yes, pages 3–5, --flag",
    r"Fig.~3 of ~5": "Fig. 3 of ~5",
    r"one\\two \noindent three": "one two three",
    # links
    r"\url{https://example.org/a_b} and \href{https://example.org}{here}": (
        "https://example.org/a_b and here (https://example.org)"
    ),
    "https://example.org/~ada/x--y": "https://example.org/~ada/x--y",
    # formulas
    r"$O(n\log n)$ time": "O(n log n) time",
    r"$10^{-3}$, H$_2$O, $x_1^2$, $\ell_2$, $n^{th}$, $90^\circ$": "10⁻³, H₂O, x₁², ℓ₂, nth, 90°",
    r"$x\in\mathbb{R}^d$, $5\times 5$, $\ge 3$, $\sim 10$": "x ∈ R^d, 5 × 5, ≥ 3, ∼ 10",
    r"$\alpha$-decay, $\frac{a+b}{c}$, $\sqrt{n}$, $\tilde{O}(n)$, $f'$": "α-decay, (a+b)/c, √n, Õ(n), f′",
    r"$$a = b$$ \[c\] \(d\)": "a = b c d",
    r"$a_{i,j}$ and $10\,\mathrm{GeV}$": "a_(i,j) and 10 GeV",
    r"so \begin{equation*} a = b \end{equation*} and \begin{align}a &= b\end{align} go": "so a = b and a = b go",
    # what only looks like TeX
    "from $5 to $10 each": "from $5 to $10 each",
    "it costs $5": "it costs $5",
    "the $5 and $x$ and $10": "the $5 and x and $10",
    "a $ and $x$": "a $ and $x$",
    r"\method{} beats \ac{SVM} in C:\new": r"\method{} beats \ac{SVM} in C:\new",
    r"$\unknown{x}$": r"\unknown{x}",
    "f(a) <b> & c": "f(a) <b> & c",
    "On<br> Sheep<BR/><br />and Goats<br>": "On Sheep and Goats",
    "": "",
    "\\": "\\",
    "{ ": "{",
    # characters that no page may carry
    "a\x00b\u202ec\ud800d\ufffee\n\tf": "abcde f",
}


@pytest.mark.parametrize(("source", "expected"), PLAIN.items())
def test_plain(source: str, expected: str) -> None:
    assert tex.plain(source) == expected


@pytest.mark.parametrize("code", [*range(0x20), 0x7F])
def test_plain_has_no_control_characters_and_one_space_for_any_white_space(code: int) -> None:
    between = " " if chr(code).isspace() else ""
    assert tex.plain(f"a{chr(code)}b") == f"a{between}b"


@pytest.mark.parametrize("source", [" a b", "a b ", "a  b", " a  b ", "a\xa0b", "a\u2003b", "a $b $", "$ $ a {}b"])
def test_white_space_is_folded_before_and_after_tex_is_read(source: str) -> None:
    assert tex.plain(source) == "a b"


@pytest.mark.parametrize(
    ("source", "expected"),
    {
        "a~b": "a b",
        "a--b": "a–b",
        "``a": "“a",
        "a''": "a”",
        "{a}": "a",
        "{a": "{a",
        "https://example.org/{b--c": "https://example.org/{b–c",
        "https://example.org/}b--c": "https://example.org/}b–c",
        r"\%": "%",
        "$a$": "a",
        "a'b-c`d": "a'b-c`d",
        "$a~b$": "a b",
        "$a&b$": "a b",
        "$a'$": "a′",
        "$a_1$": "a₁",
        "$a^1$": "a¹",
        "${a}$": "a",
        r"$\beta$": "β",
        "$a}b$": "ab",
        "$a < (b, c)$": "a < (b, c)",
    }.items(),
)
def test_one_sign_alone_is_read(source: str, expected: str) -> None:
    assert tex.plain(source) == expected


def test_only_deep_braces_leave_a_formula_as_it_is() -> None:
    assert tex.plain(f"${'{' * 60}x{'}' * 60}$") == "x"
    assert tex.plain(f"${'{' * 61}x{'}' * 61}$") == f"{'{' * 61}x{'}' * 61}"
    assert tex.plain(f"${'{x}' * 61}$") == "x" * 61


HTML = {
    'a < b & "c" <script>': "a &lt; b &amp; &quot;c&quot; &lt;script&gt;",
    "$x_1$": "<math><msub><mi>x</mi><mn>1</mn></msub></math>",
    r"H$_2$O, $^{87}$Rb and $95\%$ of $1,000$": "H<sub>2</sub>O, <sup>87</sup>Rb and 95% of 1,000",
    r"$\log n$": '<math><mi mathvariant="normal">log</mi><mspace width=".17em"></mspace><mi>n</mi></math>',
    r"$\log^2 n$": (
        '<math><msup><mi mathvariant="normal">log</mi><mn>2</mn></msup><mspace width=".17em"></mspace><mi>n</mi></math>'
    ),
    "$$x$$": '<math display="block"><mi>x</mi></math>',
    r"\begin{equation}x\end{equation}": '<math display="block"><mi>x</mi></math>',
    r"\begin{equation}x": r"\begin{equation}x",
    r"\begin{itemize}\item x\end{itemize}": r"\begin{itemize}\item x\end{itemize}",
    r"$\mathbb F$": '<math><mi mathvariant="normal">𝔽</mi></math>',
    r"$5\,\mathrm{GeV}$": '<math><mn>5</mn><mspace width="0.167em"></mspace><mi mathvariant="normal">GeV</mi></math>',
    r"a$\,$b": "a b",
    r"$\arg x$": "<math><mo>arg</mo><mi>x</mi></math>",
    r"$\R$": '<math><mi mathvariant="normal">ℝ</mi></math>',
    r"$\unicode{x2013}$": '<math><mi mathvariant="normal">–</mi></math>',
    r"$\unicode{x3c}b\unicode{62}$": r"<code>$\unicode{x3c}b\unicode{62}$</code>",
    # left as its source, delimiters too
    r"$\unknown x$": r"<code>$\unknown x$</code>",
    r"\(\frac\)": r"<code>\(\frac\)</code>",
    r"$\href{javascript:alert(1)}{x}$": r"<code>$\href{javascript:alert(1)}{x}$</code>",
    r"$\rule{10000em}{10000em}$": r"<code>$\rule{10000em}{10000em}$</code>",
    r"$\def\a{\a\a}\a$": r"<code>$\def\a{\a\a}\a$</code>",
    "$$": "$$",
    # shown as text, never as mark-up
    r"$\text{<svg onload>}$": "<math><mtext>&lt;svg&nbsp;onload&gt;</mtext></math>",
    # styles and lengths that reach outside the formula are dropped
    r"$\color{red}{x}$": "<math><mstyle><mi>x</mi></mstyle></math>",
    r"$a\hspace{9999em}b$": "<math><mi>a</mi><mspace></mspace><mi>b</mi></math>",
}


@pytest.mark.parametrize(("source", "expected"), HTML.items())
def test_html(source: str, expected: str) -> None:
    assert tex.html(source) == expected


def test_alignments_are_tables() -> None:
    for name in ("align", "align*", "eqnarray", "gather*"):
        made = tex.html(rf"\begin{{{name}}} a &= b \\ c &= d \end{{{name}}}")
        assert made.count("<mtr>") == 2
        assert "&amp;" not in made


def test_links_only_where_asked_and_only_to_the_web() -> None:
    source = (
        r"See https://example.org/a_(b)?c=1&d, \href{https://example.org}{this} or \href{javascript:alert(1)}{that}."
    )
    assert "<a" not in tex.html(source)
    assert tex.html(source, links=True) == (
        'See <a href="https://example.org/a_(b)?c=1&amp;d" rel="noopener nofollow">https://example.org/a_(b)?c=1&amp;d'
        '</a>, <a href="https://example.org" rel="noopener nofollow">this</a> or that.'
    )


def test_a_wide_formula_scrolls_inside_itself() -> None:
    wide = tex.html("$" + "+".join("abcdefghijklmnopqrstuvwxyz") + "$")
    assert wide.startswith('<span class="wide"')
    assert wide.endswith("</math></span>")
    assert "tabindex" in wide  # a region that scrolls must be reachable by keyboard


@pytest.mark.parametrize(
    ("text", "about", "head"),
    [
        ("One two. Three four five six seven eight.", 12, "One two."),
        ("One two three four five six seven eight nine.", 12, "One two"),
        ("Short enough.", 12, "Short enough."),
        ("As in Fig. 3 and by Smith et al. we go on and on and on.", 32, "As in Fig. 3 and by Smith et al."),
        ("Let $a b c d e f g h i j$ be long and so on and on.", 12, "Let"),
        (r"An {\it emphasised and lengthy} group of words, then.", 12, "An"),
        ("unbreakable" * 9, 12, ""),
        ("", 12, ""),
    ],
)
def test_a_text_is_cut_where_a_reader_may_pause(text: str, about: int, head: str) -> None:
    assert tex.cut(text, about)[0] == head


@given(st.text(alphabet=" ab.${}\\^", max_size=80), st.integers(1, 40))
def test_what_is_cut_is_all_there(text: str, about: int) -> None:
    head, tail = tex.cut(text, about)
    assert " ".join(part for part in (head, tail) if part) == " ".join(text.split())


# Any text at all.

_ALLOWED = TAGS | {"a", "code", "span", "sub", "sup"}
_ATTRIBUTES = set(ATTRIBUTES) | {"href", "rel", "class", "role", "aria-label", "tabindex"}
_ATOMS = [
    "$", "$$", r"\(", r"\)", r"\[", r"\]", "{", "}", "\\", "^", "_", "&", "~", "%", "<", ">", '"', "'", "`", " ", "--",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)", "</math>", "<!--", "]]>",
    "&lt;script&gt;", "&#60;b&#62;", r"\text{", r"\mbox{", r"\href{", r"\url{", r"\style{", r"\class{", r"\color{",
    r"\frac", r"\sqrt", r"\left(", r"\right)", r"\begin{matrix}", r"\end{matrix}", r"\unicode{x3c}", r"\rule", r"\def",
    r"\emph{", r"\'", r"\v", r"\i", r"\cite{", r"\footnote{", r"\alpha", r"\log", r"\mathbb", r"\hspace{9em}", r"\over",
    "https://example.org/", "word", "é", "\u202e", "\x00", "\ud800", "\U0001f600", "1", "x",
]  # fmt: skip
hostile = st.lists(st.sampled_from(_ATOMS) | st.text(max_size=5), max_size=40).map("".join)


@given(st.text() | hostile)
def test_nothing_but_the_allow_list_comes_out(source: str) -> None:
    made = tex.html(source, links=True)
    parser = html5lib.HTMLParser(strict=True)  # raises on any parse error: unclosed, misnested, bad characters
    tree = parser.parseFragment(made, container="p")
    for node in tree.iter():
        if not isinstance(node.tag, str) or node.tag == "DOCUMENT_FRAGMENT":
            continue
        name = node.tag.rpartition("}")[2]
        assert name in _ALLOWED
        assert set(node.attrib) <= _ATTRIBUTES
        assert re.match(r"https?://", node.attrib.get("href", "https://"))
    assert "<!--" not in made


@given(st.text() | hostile)
def test_plain_takes_any_text(source: str) -> None:
    made = tex.plain(source)
    made.encode()  # no half of a surrogate pair is left
    assert made == " ".join(made.split())
    assert made.isprintable() or not source.isascii()


words = st.lists(st.from_regex(r"[a-z]{3,9}", fullmatch=True), min_size=1, max_size=8)
around = st.sampled_from(
    [
        "{} ",
        r"\emph{{{}}} ",
        r"{{\it {}}} ",
        "$x$ {} ",
        r"\% {} ",
        "({}) ",
        r"``{}'' ",
        "<b>{}</b> ",
        r"{}\cite{{key}} ",
        r"\unknown{{{}}} ",
        "{{{}}} ",
        "$5 {} ",
        r"$\text{{{}}}$ ",
        r"\href{{https://example.org}}{{{}}} ",
        r"\"{} ",
        "{}~",
    ]
)


@given(words, st.data())
def test_no_word_is_lost(said: list[str], data: st.DataObject) -> None:
    source = "".join(data.draw(around).format(word) for word in said)
    text, shown = tex.plain(source), unescape(re.sub(r"<[^>]*>", "", tex.html(source)))
    for word in said:
        tail = word[1:]  # \"a is ä
        assert tail in text
        assert tail in shown


@pytest.mark.parametrize(
    "source",
    [
        "$" * 200_000,
        "{" * 100_000 + "}" * 100_000,
        "$" + "{" * 900 + "}" * 900 + "$",
        "$" + r"\hat" * 480 + "$",
        "$" + r"\sqrt" * 390 + "x$",
        "$" + "x^" * 990 + "x$",
        "$" + r"\left(" * 320 + "$",
        r"\emph{" * 30_000,
        r"\'" * 100_000,
        "$x$ " * 40_000,
        "https://" * 20_000,
        "https://example.org/" + "(" * 100_000 + ")" * 50_000,
        "https://example.org/" + ")" * 100_000,
        "``" * 100_000,
        "a" * 3_000_000,
    ],
    ids=lambda source: source[:12],
)
def test_hard_texts_do_not_hang(source: str) -> None:
    began = time.thread_time()
    tex.plain(source)
    tex.html(source, links=True)
    # Seconds of this thread alone. The slowest takes two; what grew with the square of its text would take hours.
    assert time.thread_time() - began < 120


@given(st.text())
def test_xml_can_hold_what_is_cleaned_for_it(text: str) -> None:
    element = etree.Element("a")
    element.text = tex.for_xml(text)
    assert etree.fromstring(etree.tostring(element)).text in {element.text, None}


@pytest.mark.parametrize("code", [*range(32), 0x7F, 0xD800, 0xFFFE, 0x1FFFF])
def test_every_control_character_is_safe_in_xml(code: int) -> None:
    etree.Element("a").text = tex.for_xml(chr(code))
