"""Verbs of talk. `who` is the number of an account, `group` the name of a group that they are in; "" is everybody.

    voting      votes for papers, and who shows theirs
    commenting  comments and their votes
    submitting  submissions, and those that wait
    claiming    claims of authors
    noticing    notices, and followed papers

Whoever writes passes the gate of the group, and is asked for once more, in the transaction of the act.
"""

from broadsheet.catalogue.verbs.talking.claiming import Claiming
from broadsheet.catalogue.verbs.talking.commenting import Commenting
from broadsheet.catalogue.verbs.talking.noticing import Noticing
from broadsheet.catalogue.verbs.talking.submitting import Submitting
from broadsheet.catalogue.verbs.talking.voting import Voting


class Talking(Voting, Commenting, Submitting, Claiming, Noticing):
    """What the catalogue knows of votes, comments, submissions, claims, notices."""
