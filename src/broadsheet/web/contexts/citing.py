"""What can be taken along from a paper's page."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from broadsheet.web.contexts.frame import Link


@dataclass(slots=True)
class Reference:
    """A reference in one style or format: its name, and the text to copy."""

    name: str
    text: str
    code: bool = False


@dataclass(slots=True)
class Alternate:
    """The same paper in another form, for the head of its page: kind of content, address, name."""

    kind: str
    href: str
    name: str


@dataclass(slots=True)
class Cite:
    """The "Cite" box, and what robots read: JSON-LD as it stands in its script element, and a picture's address."""

    references: Sequence[Reference]
    files: Sequence[Link]
    alternates: Sequence[Alternate]
    linked_data: Markup
    picture: str
    picture_text: str
