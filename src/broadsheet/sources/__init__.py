"""The outside world in: files of papers, read as records. Knows nothing of storage.

    opening        which kind of file is this? (by its content, never by its name)
    stream         bytes on disk -> lines, unpacked on the way, in bounded memory
    jsontext       lines or documents of JSON -> values
    door           what every record must pass, whatever its format
    records snapshot daily_lines daily_api bibtex ris csl page      one module a format
    arxiv huggingface ...      live sources, asked over the network: see `live`, and `asking`
    references markup   what formats have in common: names, places of publication; mark-up to text

A record that cannot be used never stops the rest: it comes out as a BadRecord in its place.
"""

from broadsheet.sources.item import Item, Source
from broadsheet.sources.opening import open_source

__all__ = ["Item", "Source", "open_source"]
