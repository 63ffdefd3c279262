"""The operations of our own API, by subject; each module is the door's verbs with an address."""

from broadsheet.api.v1.operations import Operation, Operations
from broadsheet.api.v1.routes.account import account
from broadsheet.api.v1.routes.delivery import delivery
from broadsheet.api.v1.routes.editions import editions
from broadsheet.api.v1.routes.finding import finding
from broadsheet.api.v1.routes.groups import groups
from broadsheet.api.v1.routes.keeping import keeping
from broadsheet.api.v1.routes.papers import papers
from broadsheet.api.v1.routes.sending import sending
from broadsheet.api.v1.routes.talk import talk

SUBJECTS: tuple[Operations, ...] = (papers, finding, editions, talk, account, groups, delivery, sending, keeping)


def operations() -> list[Operation]:
    """All operations. Those whose address is longer come first: a paper's name may hold anything."""
    found = [one for subject in SUBJECTS for one in subject.all]
    return sorted(found, key=lambda one: one.path.endswith(":path}"))


__all__ = ["SUBJECTS", "operations"]
