"""An answer, in the shape in which apprise's plugins look at one."""

import json
from collections.abc import Mapping
from typing import Any


class Said:
    """An answer, as far as plugins look at it."""

    def __init__(self, status: int, headers: Mapping[str, str], content: bytes) -> None:
        self.status_code, self.content = status, content
        self.headers = {name.title(): value for name, value in headers.items()}

    @property
    def text(self) -> str:
        """The body as text."""
        return self.content.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body's value. Raises ValueError."""
        return json.loads(self.content)
