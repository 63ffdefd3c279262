"""XML from elsewhere -> its tree, with everything switched off that XML can do besides holding text.

No entity is expanded beyond XML's own five, no document type is loaded, there is no network, and depth and
length of text are bounded. A maintenance page
in HTML, half a document and a wrong charset are told apart, because they mean different things to an operator.
"""

import re

from lxml import etree

from broadsheet.errors import BadSource

_PAGE = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_HEAD = 1_000  # bytes in which a page shows itself
_XML_SPACE = b" \t\r\n"


def parse_xml(body: bytes, what: str) -> etree._Element:
    """The root of a document. `what` names it in messages ("The answer of arXiv's OAI-PMH").

    Raises BadSource: asking again may help, where it broke off.
    """
    body = body.lstrip(_XML_SPACE)  # an empty line before the declaration is common, and no XML
    if not body:
        raise BadSource(f"{what} is empty.")
    if _PAGE.match(body[:_HEAD]):
        raise BadSource(f"{what} is a web page where XML should be: a maintenance page, or the wrong address.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        return etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise BadSource(f"{what} {_reason(error, body)}.") from None
    except ValueError as error:
        raise BadSource(f"{what} is no XML ({error}).") from None


def _reason(error: etree.XMLSyntaxError, body: bytes) -> str:
    text = " ".join((error.msg or "").split())[:200]
    if "encoding" in text.lower() or "not proper UTF-8" in text or "Invalid bytes" in text:
        return f"is in another charset than it says ({text})"
    if body.startswith(b"<") and not body.rstrip().endswith(b">"):
        return f"breaks off in the middle ({text})"
    if "Premature end" in text or "EndTag" in text:
        return f"breaks off in the middle ({text})"
    return f"is no XML ({text})"
