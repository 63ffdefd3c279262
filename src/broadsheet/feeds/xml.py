"""Elements with names of their namespace. Written with lxml: what a paper holds cannot break out of its element."""

from collections.abc import Mapping

from lxml import etree

from broadsheet import tex

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"
HISTORY = "http://purl.org/syndication/history/1.0"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def root(space: str, name: str, spaces: Mapping[str | None, str], **attributes: str) -> etree._Element:
    """The element of a document; without a namespace where `space` is empty."""
    nsmap = dict(spaces)
    return etree.Element(_named(space, name), attributes, nsmap=nsmap)  # type: ignore[arg-type]  # the stubs know no default namespace


def add(parent: etree._Element, space: str, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    """One more element at the end of another, with what XML cannot hold taken out."""
    safe = {key: tex.for_xml(value) for key, value in attributes.items()}
    element = etree.SubElement(parent, _named(space, name), safe)
    if text is not None:
        element.text = tex.for_xml(text)
    return element


def written(element: etree._Element) -> bytes:
    """The document."""
    return etree.tostring(element, xml_declaration=True, encoding="UTF-8")


def _named(space: str, name: str) -> str:
    return f"{{{space}}}{name}" if space else name
