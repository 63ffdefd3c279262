"""Mark-up of other people -> plain text: HTML of feeds, JATS of publishers' abstracts, both as they come.

No HTML parser does this: what calls itself HTML is often plain text with "$a<b$" in it, and a parser repairs that
until half of the sentence is gone. Here only what looks like a tag of a known name goes; every other "<" is text.
"""

import html
import re
from collections.abc import Container

_BLOCKS = "p|div|section|sec|title|h[1-6]|ul|ol|li|list|list-item|table|tr|blockquote|pre|hr|article|header|footer"
_INLINE = (  # no "s" and no "label": texts about language models are full of "<s>"
    "a|abbr|audio|b|blink|body|bold|br|center|cite|code|em|embed|ext-link|figure|figcaption|font|html|i|iframe|img|"
    "inline-formula|disp-formula|italic|alternatives|abstract|kbd|link|mark|meta|monospace|named-content|picture|roman|"
    "sans-serif|sc|small|span|strong|styled-content|sub|sup|tbody|td|tex-math|th|thead|tt|u|underline|video|wbr|xref"
)
_ATTRIBUTES = r"(?:\s+[\w:.-]+\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'|[^\s\"'<>]+))*\s*/?"
_PREFIX = r"(?:jats:|xhtml:)?"
_BLOCK = re.compile(rf"</?{_PREFIX}(?:{_BLOCKS}){_ATTRIBUTES}>|<br\s*/?>\s*<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(rf"<(/?)({_PREFIX}(?:{_INLINE})|mml:[a-z]+)({_ATTRIBUTES})>|<!doctype [^<>]{{0,300}}>", re.IGNORECASE)
_CLOSED = re.compile(r"</([a-z0-9:-]+)\s*>")
_ALONE = frozenset({"br", "embed", "img", "link", "meta", "wbr"})  # what HTML never closes
_BREAK = re.compile(rf"<br{_ATTRIBUTES}>|</?(?:jats:)?(?:td|th){_ATTRIBUTES}>", re.IGNORECASE)
_HEADING = re.compile(rf"\A\s*<{_PREFIX}title{_ATTRIBUTES}>\s*(?:abstract|summary)\s*</{_PREFIX}title>", re.IGNORECASE)
_DOCUMENT, _BEGIN, _END = "\\documentclass", "\\begin{document}", "\\end{document}"
_WITHOUT_SHOW = ("script", "style", "svg", "noscript")


def plain(marked: str) -> str:
    """The text of something that may be HTML or JATS, its paragraphs set apart by blank lines.

    Plain text comes back as it is, but for character references ("&amp;"), which are read.
    """
    text = marked.replace("<![CDATA[", "").replace("]]>", "")
    text = _without(text, "<!--", "-->")
    for name in _WITHOUT_SHOW:
        text = _without(text, f"<{name}", f"</{name}>")
    text = _HEADING.sub("", text)
    if "tex-math" in text:
        text = _formulas(_without(text, "<mml:math", "</mml:math>"))  # MathML repeats what the TeX says
    if _BLOCK.search(text) or _BREAK.search(text):
        flowing = " ".join(text.split())  # line ends of HTML mean nothing
        blocks = (_BREAK.sub(" ", block).strip() for block in _BLOCK.split(flowing))
        text = "\n\n".join(filter(None, blocks))
    closed = set(_CLOSED.findall(text.lower()))
    return html.unescape(_TAG.sub(lambda tag: _shown(tag, closed), text)).replace("\xa0", " ").strip()


def _shown(tag: re.Match[str], closed: Container[str]) -> str:
    """What stays of something like a tag: all of it where nothing closes it in the text, as of "the pairs <I>"."""
    closing, name, attributes = tag[1], (tag[2] or "").lower(), (tag[3] or "").strip()
    if closing or attributes or not name or name in _ALONE or name in closed:
        return ""
    return tag[0]


def _formulas(text: str) -> str:
    """The text with only the formula left of TeX documents that hold one formula: so one publisher writes them."""
    before, *documents = text.split(_DOCUMENT)
    kept = [before]
    for document in documents:
        _, _, body = document.partition(_BEGIN)
        formula, end, after = body.partition(_END)
        kept.append(formula.strip() + after if end else _DOCUMENT + document)
    return "".join(kept)


def _without(text: str, start: str, end: str) -> str:
    """The text without what stands between these marks, in any case. An opening one without its end stays."""
    lower = text.lower()
    if start not in lower or len(lower) != len(text):  # some capitals become two letters: rather leave all
        return text
    parts, at = [], 0
    while (begin := lower.find(start, at)) >= 0 and (close := lower.find(end, begin)) >= 0:
        parts.append(text[at:begin])
        at = close + len(end)
    parts.append(text[at:])
    return "".join(parts)
