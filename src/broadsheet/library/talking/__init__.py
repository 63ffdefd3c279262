"""Verbs of what people do with papers. Whoever writes needs an account; `group` is the name of a reading group.

    speaking    what all of them need: who speaks, and what they say
    voting      votes for papers
    commenting  comments, threads, and their votes
    submitting  papers put into an edition, and those that are waited for
    claiming    claims of authors
    linking     where a paper's code and project are
    noticing    following papers, and notices

All that take a group's name raise NotFound, in the same words, for a group that there is not and for one that who asks
is not in. Verbs that write raise SignInNeeded, Forbidden, and TooMany where a limit is used up.
"""

from broadsheet.library.talking.commenting import Commenting
from broadsheet.library.talking.linking import Linking
from broadsheet.library.talking.noticing import Noticing
from broadsheet.library.talking.voting import Voting

__all__ = ["Talking"]


class Talking(Voting, Commenting, Linking, Noticing):
    """Votes, comments, submissions, claims, links, notices."""
