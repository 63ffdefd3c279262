"""The catalogue as files: what one line of it holds, and what the list of files says."""

from dataclasses import dataclass, field
from typing import NamedTuple

from broadsheet.types.papers import Paper, Record


class Whole(NamedTuple):
    """A paper, and records that together say just this: who takes them in has the paper. `changed` is when it did."""

    paper: Paper
    changed: str
    records: tuple[Record, ...]


class Stretch(NamedTuple):
    """Some papers in the order in which they came. `mark` is another one as soon as anything of them changed."""

    number: int
    mark: str


@dataclass(slots=True)
class BulkFile:
    """A file of papers. `path` is its name beside the list; `mark` is that of its stretch."""

    path: str
    format: str
    rows: int
    bytes: int
    sha256: str
    stretch: int
    mark: str


@dataclass(slots=True)
class Manifest:
    """The list of files. `as_of` is the number of the last change of the catalogue that is in them."""

    schema: int
    made: str
    as_of: int
    papers: int
    formats: list[str] = field(default_factory=list)
    files: list[BulkFile] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    licence: str = ""
