"""A paper as others' tools want to have it: references to copy, files to import, and tags that robots read.

    names        a name in its parts               publication   what of a paper a reference tells, and its key
    latex        text that BibTeX takes            bibtex, ris, csl   the three formats of reference managers
    styles       references in words               tags          what stands in a page's head

Pure functions of a paper. What `bibtex`, `ris` and `csl` write, `sources` reads back as the same paper. Nobody can
tell a family name for sure ("Gabriel García Márquez"); where the parts of a name are a guess, it is that of `names`.
"""

from broadsheet.citing.bibtex import bibtex
from broadsheet.citing.csl import csl
from broadsheet.citing.names import Name, inverted, split
from broadsheet.citing.publication import key
from broadsheet.citing.ris import ris
from broadsheet.citing.styles import STYLES, citation, markdown
from broadsheet.citing.tags import linked_data, tags

__all__ = [
    "STYLES",
    "Name",
    "bibtex",
    "citation",
    "csl",
    "inverted",
    "key",
    "linked_data",
    "markdown",
    "ris",
    "split",
    "tags",
]
