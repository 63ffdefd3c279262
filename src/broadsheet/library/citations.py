"""Verbs of what cites what. Everybody may read."""

from broadsheet.library.opened import Opened
from broadsheet.types import Citations


class Citing(Opened):
    """What a paper cites, and what cites it, as far as sources say so."""

    def citations(self, key: str, *, cites: bool, limit: int = 50) -> Citations:
        """What a paper cites, or (not `cites`) what cites it: up to `limit` papers, and as many works not here.

        Raises NotFound.
        """
        numbers, works, total = self.catalogue.citations(key, cites=cites)
        papers = [paper for paper in self.catalogue.papers(numbers) if not paper.deleted]
        papers.sort(key=lambda paper: (paper.published or paper.day or "", paper.id), reverse=True)
        return Citations(papers[: max(0, limit)], works[: max(0, limit)], total)
