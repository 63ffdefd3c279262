"""The client's verbs of "papers", named as the operations of the API are."""

from collections.abc import Sequence
from typing import Literal

from broadsheet.client.calls import Call, get, verb, write
from broadsheet.types import Citations, Counted, Event, FullText, Harvested, Hit, Paper, Provenance, Understood
from broadsheet.wire import Listed, Quoted


class Papers:
    """Papers, by any of their identifiers."""

    @verb
    def listing(self, *, limit: int = 20, cursor: str = "") -> Call[Listed[Paper]]:
        """All papers, the newest day first."""
        return get("/papers", Listed[Paper], limit=limit, cursor=cursor)

    @verb
    def papers_named(self, paper: Sequence[str]) -> Call[Listed[Paper | None]]:
        """Papers by their identifiers, in that order; null where there is none."""
        return get("/named", Listed[Paper | None], paper=paper)

    @verb
    def changes(
        self, *, since: str = "", until: str = "", category: Sequence[str] = (), limit: int = 50, cursor: str = ""
    ) -> Call[Listed[Harvested]]:
        """Papers in the order in which they changed here; deleted and merged ones too."""
        return get(
            "/changes", Listed[Harvested], since=since, until=until, category=category, limit=limit, cursor=cursor
        )

    @verb
    def near(self, like: Sequence[str], *, unlike: Sequence[str] = (), limit: int = 10) -> Call[Listed[Hit]]:
        """Papers near in meaning to some and unlike others, the nearest first."""
        return get("/near", Listed[Hit], like=like, unlike=unlike, limit=limit)

    @verb
    def similar(self, paper: str, *, limit: int = 10) -> Call[Listed[Hit]]:
        """The papers nearest in meaning to a paper, the nearest first."""
        return get("/papers/{paper}/similar", Listed[Hit], {"paper": paper}, limit=limit)

    @verb
    def understood(self, paper: str, *, near: bool = True) -> Call[Understood]:
        """What is understood of a paper: gist, method, keywords, results, neighbours."""
        return get("/papers/{paper}/understood", Understood, {"paper": paper}, near=near)

    @verb
    def reference(self, paper: str, *, form: str = "bibtex") -> Call[Quoted]:
        """A paper as reference managers and reference lists want it."""
        return get("/papers/{paper}/reference", Quoted, {"paper": paper}, form=form)

    @verb
    def cites(self, paper: str, *, limit: int = 50) -> Call[Citations]:
        """What a paper cites: the works that are here, the newest first, and as many that are not."""
        return get("/papers/{paper}/cites", Citations, {"paper": paper}, limit=limit)

    @verb
    def cited_by(self, paper: str, *, limit: int = 50) -> Call[Citations]:
        """What cites a paper."""
        return get("/papers/{paper}/cited-by", Citations, {"paper": paper}, limit=limit)

    @verb
    def history(self, paper: str) -> Call[Provenance]:
        """Where each fact of a paper came from, when it changed, and what was merged."""
        return get("/papers/{paper}/history", Provenance, {"paper": paper})

    @verb
    def events(self, paper: str) -> Call[Listed[Event]]:
        """What happened to a paper since it was first known, the newest first."""
        return get("/papers/{paper}/events", Listed[Event], {"paper": paper})

    @verb
    def signals(self, paper: str, *, of: Literal["days", "all"] = "days") -> Call[Listed[Counted]]:
        """What was counted for a paper: votes, comments, stars, citations."""
        return get("/papers/{paper}/signals", Listed[Counted], {"paper": paper}, of=of)

    @verb
    def text(self, paper: str) -> Call[FullText]:
        """The full text of a paper as Markdown, with its headings and captions."""
        return get("/papers/{paper}/text", FullText, {"paper": paper})

    @verb
    def paper(self, paper: str) -> Call[Paper]:
        """A paper, by any spelling of any of its identifiers."""
        return get("/papers/{paper}", Paper, {"paper": paper})

    @verb
    def bring(self, paper: str) -> Call[Paper]:
        """Have a paper here, without putting it into an edition; it is fetched where it is not."""
        return write("POST", "/papers", Paper, body={"paper": paper})

    @verb
    def link(self, paper: str, links: dict[str, str | None]) -> Call[Paper]:
        """Set where a paper's code or project is: for its authors, who submitted it, and moderators."""
        return write("PUT", "/papers/{paper}/links", Paper, {"paper": paper}, body={"links": links})
