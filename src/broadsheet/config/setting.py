"""What a setting is: one row of the table."""

from collections.abc import Callable
from dataclasses import dataclass

Value = str | int | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table. `check` returns what is wrong with a value, or an empty string."""

    name: str
    type: type[Value]
    default: Value
    help: str
    secret: bool = False
    check: Callable[[Value], str] = lambda _: ""

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"BROADSHEET_{self.name.upper()}"
