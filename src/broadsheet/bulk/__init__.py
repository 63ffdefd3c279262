"""The catalogue as files, for who wants all of it: JSON Lines, Parquet, and the list of both.

lines     a paper as a line of JSON
tables    papers as a Parquet table, where pyarrow is there
writing   one file of either kind
shelf     the folder of files and their list, brought up to date stretch by stretch
"""

from broadsheet.bulk.lines import SAID, SCHEMA, line
from broadsheet.bulk.shelf import MANIFEST, Shelf
from broadsheet.bulk.tables import available as tabular
from broadsheet.bulk.writing import FORMATS, Sink, format_of, open_sink

__all__ = ["FORMATS", "MANIFEST", "SAID", "SCHEMA", "Shelf", "Sink", "format_of", "line", "open_sink", "tabular"]
