"""What a server answered, and the marks by which to ask it later whether anything changed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from broadsheet.errors import BadSource


@dataclass(frozen=True, slots=True)
class Validators:
    """A server's own marks of what it gave (RFC 9110, section 8.8): sent back, they may spare the whole answer."""

    etag: str | None = None
    last_modified: str | None = None

    def text(self) -> str:
        """As text that `of` reads: for a cursor."""
        return json.dumps([self.etag, self.last_modified])

    @classmethod
    def of(cls, text: str) -> Self:
        """What `text` wrote; no marks at all where it is something else."""
        try:
            etag, last_modified = json.loads(text)
        except (ValueError, TypeError):
            return cls()
        return cls(etag if isinstance(etag, str) else None, last_modified if isinstance(last_modified, str) else None)

    def headers(self) -> dict[str, str]:
        """The header fields of a conditional request."""
        pairs = (("If-None-Match", self.etag), ("If-Modified-Since", self.last_modified))
        return {name: value for name, value in pairs if value}


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, read to its end and unpacked. `url` is where it came from in the end; header names are lower-case.

    With `not_modified` it is what the validators stand for that were sent, and `body` is empty.
    """

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def not_modified(self) -> bool:
        """Whether nothing changed since the validators were given."""
        return self.status == 304

    @property
    def validators(self) -> Validators:
        """The marks of this answer."""
        return Validators(self.headers.get("etag"), self.headers.get("last-modified"))

    def json(self) -> object:
        """The value of a JSON body. Raises BadSource where it is none, which a maintenance page is not."""
        try:
            value: object = json.loads(self.body)
        except (ValueError, RecursionError):
            kind = self.headers.get("content-type", "of no stated type").partition(";")[0]
            raise BadSource(f"The answer should be JSON and is not ({kind}, {len(self.body):,} bytes).") from None
        return value
