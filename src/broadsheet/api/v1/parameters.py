"""Parameters that many operations have."""

from typing import Annotated

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from broadsheet.api.v1.asking import MOST
from broadsheet.api.v1.cursors import LARGEST

NAME = 300  # letters of a paper's name, and of most other names

PaperId = Annotated[
    str,
    Path(
        description="A paper by any of its identifiers: an arXiv id, “doi:10.1000/x”, or the address of its page.",
        examples=["2611.00001", "hep-th/9901001"],
        max_length=NAME,
    ),
]
Number = Annotated[int, Path(description="The number that names it.", ge=1, le=LARGEST, examples=[7])]
Handle = Annotated[str, Path(description="Somebody's name.", max_length=NAME, examples=["ada"])]
Group = Annotated[str, Path(description="The name of a group that you are in.", max_length=NAME)]
InGroup = Annotated[
    str, Query(description="The name of a group that you are in; without one it is for everybody.", max_length=NAME)
]
Limit = Annotated[int, Query(description="How many at a time.", ge=1, le=MOST)]
Cursor = Annotated[
    str, Query(description="Where to go on: the cursor of the stretch before; without one, from the beginning.")
]
Day = Annotated[
    str, Query(description="A day, a month or a year: “2026-11-20”, “2026”.", examples=["2026-11"], max_length=40)
]  # fmt: skip
Categories = Annotated[
    tuple[str, ...], Query(description="Categories, one of which must fit; “cs” stands for all in it.", max_length=50)
]  # fmt: skip
Reason = Annotated[str, Query(description="Why.", max_length=2_000)]

Keys = Annotated[
    tuple[Annotated[str, Field(max_length=NAME)], ...],
    Query(description="Papers by any of their identifiers.", max_length=MOST, examples=[["2611.00001"]]),
]

Whole = Annotated[int, Field(strict=True, ge=1, le=LARGEST)]
Count = Annotated[int, Field(strict=True, ge=0, le=LARGEST)]
Flag = StrictBool
Text = Annotated[str, Field(max_length=200_000)]
Word = Annotated[str, Field(max_length=NAME)]


class Sent(BaseModel):
    """What is sent in a body: these fields and no others."""

    model_config = ConfigDict(extra="forbid")
