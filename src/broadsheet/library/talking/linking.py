"""Links of a paper to its code and its project, set by who wrote it or put it here."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from broadsheet import tex
from broadsheet.errors import Refused
from broadsheet.library.talking.claiming import Claiming
from broadsheet.library.talking.submitting import Submitting
from broadsheet.permissions import require
from broadsheet.types import Actor, Paper, Record

HERE = "here"
"""The source whose words are those of people here: its links come first, and nothing else of it counts."""
KINDS = ("code", "project")
_LONGEST = 500  # characters of an address
_MOST = 1_000  # of one's submissions that are looked through


class Linking(Claiming, Submitting):
    """What people say of where a paper leads."""

    def link(self, actor: Actor, key: str, links: Mapping[str, str | None]) -> Paper:
        """Sets where a paper's code or project is, by kind (`KINDS`); None takes away what was set here.

        For its confirmed authors, who submitted it, and moderators. Kinds that are not named stay. Raises NotFound,
        Forbidden, Refused.
        """
        paper = self.catalogue.paper(key)
        require(actor, "link", mine=self._is_theirs(actor, paper))
        said = [Record(HERE, f"{paper.id} {kind}", paper.title, links=_links(kind, links[kind])) for kind in links]
        if not paper.identifiers:
            raise Refused("This paper has no identifier of its own, so nothing can be said of it from here.")
        self.catalogue.spend(self._spend(actor, "submit"))
        for one in said:
            one.identifiers = paper.identifiers
        self.catalogue.put(said, at=self._clock())
        return self.catalogue.paper(paper.id)

    def _is_theirs(self, actor: Actor, paper: Paper) -> bool:
        if not actor.person:
            return False
        if any(one.person.number == actor.person for one in self.claims_on(paper.id) if one.state == "confirmed"):
            return True
        submitted = self.submissions(actor=actor, person=actor.name, limit=_MOST)
        return any(one.paper is not None and one.paper.id == paper.id for one in submitted)


def _links(kind: str, address: str | None) -> tuple[str, ...]:
    """The address as a record's links. Raises Refused for what is none of this kind."""
    if kind not in KINDS:
        raise Refused(f"There is no link “{kind[:40]}”: there are {' and '.join(KINDS)}.")
    if not address:
        return ()
    try:
        parts = urlsplit(address.strip())
        fits = parts.scheme in ("http", "https") and "." in (parts.hostname or "") and "@" not in parts.netloc
    except ValueError:
        fits = False
    if not fits or len(address) > _LONGEST or any(letter.isspace() for letter in address.strip()):
        raise Refused(f"“{address[:60]}” is no address of the web, like https://example.org/project.")
    if kind == "code" and not tex.has_code([address], []):
        raise Refused(f"“{address[:60]}” is no repository at a host of code, like https://github.com/owner/name.")
    return (address.strip(),)
