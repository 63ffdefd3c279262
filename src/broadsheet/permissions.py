"""Who may do what: one function that every writing verb of the door asks first."""

from broadsheet.errors import Forbidden
from broadsheet.types import Actor


def require(actor: Actor, verb: str) -> None:
    """Raises Forbidden unless `actor` may use the writing verb `verb`."""
    if verb not in actor.verbs:
        raise Forbidden(f"{actor.name} may not {verb} here.")
