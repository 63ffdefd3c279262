"""A group's edition: the common order of some days, with what the group itself chose before the rest.

1. Papers that the group submitted to these days come first: more of the group's votes first, then the earlier
   submission.
2. The others stand by the group's votes, and where these are equal as in the common edition.
"""

from collections.abc import Mapping, Sequence

from broadsheet.types import Candidate


def circles_order(
    common: Sequence[Candidate], submitted: Sequence[Candidate], votes: Mapping[int, int]
) -> list[Candidate]:
    """The papers of a group's edition in their order.

    `common` are those of the common edition as they stand there, `submitted` the group's own in the order in which they
    came, `votes` the group's votes by number of the paper.
    """
    ours = {one.number for one in submitted}
    rest = [one for one in common if one.number not in ours]
    return [
        one
        for part in (submitted, rest)
        for one in sorted(part, key=lambda one: votes.get(one.number, 0), reverse=True)
    ]
