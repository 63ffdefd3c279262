"""Names and dates of papers: parse any spelling, give one normal form. Pure functions of text.

An identifier is text, always: read as a number, "2406.10500" becomes 2406.105 and "0704.0560" loses
its zero, and both then name other papers or none. Two spellings of the same thing compare equal
after these functions, and what they do not recognise is None, never an error.
"""

from broadsheet.ids.arxiv import arxiv, arxiv_month
from broadsheet.ids.categories import category
from broadsheet.ids.dates import first_day, instant, iso_date, last_day
from broadsheet.ids.fold import author_key, last_name, title_key
from broadsheet.ids.schemes import doi, identifiers

__all__ = [
    "arxiv",
    "arxiv_month",
    "author_key",
    "category",
    "doi",
    "first_day",
    "identifiers",
    "instant",
    "iso_date",
    "last_day",
    "last_name",
    "title_key",
]
