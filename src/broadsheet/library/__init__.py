"""The door: every verb that a reader or a writer may use. Faces see this, the types and the errors.

A method checks the actor where it writes, calls a function of a lower floor and returns a type. `open`
builds the parts by hand; nothing here is global, so that two libraries can be open side by side.

    opened     the parts, and the rules by which a library is run
    searching  search
    papers     papers and editions
    keeping    the index, merged records, the schedule, figures
    entering   the ways in: links, passkeys, passwords, sessions, tokens
    answering  writes that programs name by a key
    accounts   people as they are, invitations, leaving
    talking    votes, comments, submissions, claims, notices
    moderating flags, hiding, bans, the log
    grouping   groups, their shelves, editions and discussions
    rising     trending, and the counts behind it
    topics     keywords, authors, categories, and trends
    mapping    the map
    texts      full texts
    standing   standing queries
    feeding    keys of feeds, and names of what is in them
    sending    what leaves, and how it stands; mailroom: letters in files
    channels   chats and webhooks
    citations  what cites what
    signing    what links in letters say of themselves, signed
    subscribing what is sent to whom, and when
    digesting  what is due, and what is in it; personal: what suits one person
    bulk       the catalogue as files
    understanding  gist, keywords, results, neighbours of a paper
"""

import logging
from datetime import UTC, datetime
from pathlib import Path

from broadsheet.catalogue import Catalogue
from broadsheet.errors import NotFound
from broadsheet.library.accounts import Accounts
from broadsheet.library.answering import Answering
from broadsheet.library.bulk import Bulk
from broadsheet.library.channels import Channels
from broadsheet.library.citations import Citing
from broadsheet.library.digesting import Digesting
from broadsheet.library.feeding import Feeding
from broadsheet.library.grouping import Grouping
from broadsheet.library.keeping import Keeping
from broadsheet.library.limits import LIMITS, Limit
from broadsheet.library.mailroom import Mailroom
from broadsheet.library.mapping import Mapping
from broadsheet.library.moderating import Moderating
from broadsheet.library.opened import Clock, Fetch, Progress, Rules
from broadsheet.library.papers import Papers
from broadsheet.library.rising import Rising
from broadsheet.library.sending import Posting
from broadsheet.library.standing import StandingQueries
from broadsheet.library.subscribing import Subscribing
from broadsheet.library.talking import Talking
from broadsheet.library.texts import Texts
from broadsheet.library.topics import Topics
from broadsheet.library.understanding import Understanding
from broadsheet.mailing import LogPost, Post
from broadsheet.search import Search, encoder_named, marks
from broadsheet.search.standing import Split, split

__all__ = ["LIMITS", "Clock", "Fetch", "Library", "Limit", "Progress", "Rules", "Split", "marks", "open", "split"]

DATABASE, INDEX = "catalogue.db", "index"
log = logging.getLogger("broadsheet")


class Library(
    Papers,
    Answering,
    Keeping,
    Accounts,
    Talking,
    Moderating,
    Grouping,
    Digesting,
    Rising,
    Topics,
    Mapping,
    Texts,
    StandingQueries,
    Understanding,
    Feeding,
    Subscribing,
    Posting,
    Mailroom,
    Channels,
    Citing,
    Bulk,
):
    """A catalogue, its index and the order of things, behind one set of verbs. Safe to share among threads."""


def open(  # noqa: A001
    home: str | Path,
    *,
    create: bool = True,
    follow: bool = True,
    clock: Clock | None = None,
    encoder: str = "",
    rules: Rules | None = None,
    post: Post | None = None,
    fetch: Fetch | None = None,
) -> Library:
    """Opens the library in a home folder, making an empty one where there is none and `create` allows it.

    With `follow` the index catches up with the catalogue before this returns: on a new or a deleted index
    that takes half a minute per 100,000 papers. `clock` gives the present instant, with a time zone. `encoder` is
    a sentence-transformers model, by name or folder, in the place of the shipped one; it is loaded when it is needed.
    `rules` say how it is run: whose papers make the editions, who may have an account. `post` carries letters; without
    one they are printed in the log. `fetch` asks for papers that people submit and that are not here; without it they
    wait.
    Raises NotFound (no library there), Busy (another process is changing its shape), Damaged, or BadSetting (no such
    encoder).
    """
    folder = Path(home).expanduser().absolute()
    if not create and not (folder / DATABASE).exists():
        raise NotFound(f"There is no catalogue in {folder}. Make one: broadsheet import PATH, or broadsheet serve.")
    catalogue = Catalogue.open(folder / DATABASE, create=create)
    search = Search.open(folder / INDEX, catalogue, encoder=encoder_named(encoder))
    now, carried = clock or (lambda: datetime.now(UTC)), post or LogPost(log)
    library = Library(folder, catalogue, search, now, rules or Rules(), post=carried, fetch=fetch)
    library.have_key()
    if follow:
        library.follow()
    return library
