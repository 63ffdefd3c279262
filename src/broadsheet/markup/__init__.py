"""What people write: Markdown with mathematics and mentions, as safe HTML or as plain text.

A comment may say what CommonMark says, but for pictures, raw HTML, references and headlines (which become strong
lines). Beside it stand ``$x^2$`` and ``$$x^2$$``, which become MathML by the same rules as in abstracts, ``@ada``,
which links to a person who is here, and web addresses, which need no mark.

    parsing    the parser, with its rules switched on and off
    formulas   the rule for mathematics
    naming     mentions and bare addresses, found in finished prose
    writing    HTML: the elements that we write, and the allow-list through which all of it goes
    plainly    plain text, for feeds and mails

Safe three times over: the parser knows no HTML, links lead to http and https only, and nh3 takes away what is not on
a short list. A content security policy without inline scripts stands behind that.

All functions are pure, take any text, never raise and take time linear in its length.
"""

from broadsheet.markup.naming import mentions
from broadsheet.markup.parsing import MOST_TEXT
from broadsheet.markup.plainly import plain
from broadsheet.markup.writing import html

__all__ = ["MOST_TEXT", "html", "mentions", "plain"]
