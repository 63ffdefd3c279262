"""Full texts: from the HTML that LaTeXML makes of a paper's TeX (arXiv's HTML) to Markdown, and a shelf to keep them.

converting   the page as a whole: which parts become what
inline       what stands in a line: words, formulas, links, notes
tables       tables of data as tables of Markdown
shelf        a folder of texts with a limit
"""

from broadsheet.fulltext.converting import converted
from broadsheet.fulltext.shelf import Shelf

__all__ = ["Shelf", "converted"]
