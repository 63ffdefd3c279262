"""What every answer of the provider is wrapped in."""

from collections.abc import Mapping

from lxml import etree

from broadsheet import tex

OAI = "http://www.openarchives.org/OAI/2.0/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
_NAMES: dict[str | None, str] = {None: OAI, "xsi": XSI}
_ATTRIBUTES = ("verb", "identifier", "metadataPrefix", "from", "until", "set", "resumptionToken")


class Envelope:
    """An answer: when it was given, to what, and what is in it."""

    def __init__(self, now: str, address: str, asked: Mapping[str, str]) -> None:
        self._root = etree.Element(f"{{{OAI}}}OAI-PMH", nsmap=_NAMES)  # type: ignore[arg-type]  # the stubs know no default namespace
        self._root.set(f"{{{XSI}}}schemaLocation", f"{OAI} http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd")
        add(self._root, "responseDate", now)
        add(self._root, "request", address, **{name: tex.for_xml(asked[name]) for name in _ATTRIBUTES if name in asked})

    def inner(self, verb: str) -> etree._Element:
        """The element that holds a verb's answer."""
        return add(self._root, verb)

    def error(self, code: str, message: str) -> None:
        """Says what is wrong."""
        add(self._root, "error", message, code=code)

    def written(self) -> bytes:
        """The whole as UTF-8."""
        return etree.tostring(self._root, xml_declaration=True, encoding="UTF-8")


def add(
    parent: etree._Element, name: str, text: str | None = None, *, space: str = OAI, **attributes: str
) -> etree._Element:
    """A new last element of a parent; characters that XML cannot hold are left out."""
    element = etree.SubElement(parent, f"{{{space}}}{name}", attributes)
    if text is not None:
        element.text = tex.for_xml(text)
    return element
