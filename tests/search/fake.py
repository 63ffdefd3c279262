"""A catalogue in memory, as the index sees it, and invented papers to fill it with."""

from collections.abc import Iterable, Sequence

from broadsheet.catalogue import Change
from broadsheet.types import Author, Identifier, Paper


class FakeCatalogue:
    """Papers and their change log. `fail_after` makes reading raise, once so many papers were read."""

    def __init__(self, papers: Iterable[Paper] = ()) -> None:
        self.held: dict[int, Paper] = {}
        self.log: dict[int, Change] = {}
        self.put(*papers)

    def put(self, *papers: Paper) -> None:
        for paper in papers:
            paper.number = paper.number or len(self.log) + 1
            self.held[paper.number] = paper
            self._changed(paper.number, gone=False)

    def remove(self, number: int) -> None:
        del self.held[number]
        self._changed(number, gone=True)

    def _changed(self, number: int, *, gone: bool) -> None:
        self.log[number] = Change(self.last_change() + 1, number, gone)

    def changes(self, after: int, limit: int) -> Sequence[Change]:
        return sorted(change for change in self.log.values() if change.sequence > after)[:limit]

    def papers(self, numbers: Sequence[int]) -> Sequence[Paper]:
        return [self.held[number] for number in numbers if number in self.held]

    def last_change(self) -> int:
        return max((change.sequence for change in self.log.values()), default=0)

    def count(self) -> int:
        return len(self.held)


def paper(arxiv: str, title: str, abstract: str = "", **facts: object) -> Paper:
    """A paper with an arXiv id and what else a test needs to say."""
    usual: dict[str, object] = {
        "id": arxiv,
        "title": title,
        "abstract": abstract,
        "identifiers": (Identifier("arxiv", arxiv),),
        "day": f"20{arxiv[:2]}-{arxiv[2:4]}-10",
    }
    return Paper(**{**usual, **facts})  # type: ignore[arg-type]


def shelf() -> list[Paper]:
    """A dozen papers in which each test finds its own."""
    return [
        paper(
            "2611.00001",
            "Counting Sheep with Sparse Attention",
            "A herd is counted by looking at few of its members. We use pre-trained shepherds and x-ray pictures.",
            authors=(Author("Ada Lovelace"), Author("Hopper, Grace")),
            categories=("cs.LG", "cs.CL"),
            day="2026-11-18",
        ),
        paper(
            "2611.00002",
            "Folding Maps along Rivers of Order $O(n \\log n)$",
            "Maps fold badly. We bound the number of creases by $2^{k}$ and compare with sparse folding.",
            authors=(Author("Sofia Vasilyevna Kovalevskaya"),),
            categories=("math.CO",),
            identifiers=(Identifier("arxiv", "2611.00002"), Identifier("doi", "10.1000/fold.7")),
            day="2026-11-18",
        ),
        paper(
            "2610.00003",
            "A Survey of Teapots",
            "Vision models see teapots everywhere; the attention they pay is not sparse. We count the spouts.",
            authors=(Author("Emmy Noether"), Author("A. Lovelace")),
            categories=("cs.CV",),
            summary="Why do models see so much pottery?",
        ),
        paper(
            "2401.00004",
            '$\\beta$-Sheep: Na\\"ive Shepherds in C++',
            "Herding in 3D with GPT-4 is state of the art. Sheep are pretrained.",
            authors=(Author("Jean-Luc Noether"),),
            categories=("cs.PL",),
            keywords=("wool", "quantization"),
        ),
        paper(
            "hep-th/9901001",
            "Strings that Remember their Knots",
            "An old-style identifier keeps its slash. Quantization of knots.",
            authors=(Author("Lise Meitner"),),
            categories=("hep-th",),
            day=None,
        ),
        paper("2405.00006", "To Be or Not to Be", "A play about being.", categories=("physics.soc-ph",), day=None),
        paper("2405.00007", "量子計算の入門", "量子 は 楽しい。", day=None, published="2024"),
        paper("2405.00008", "Quantization for Teapots", "Quantization makes teapots small."),
        paper("2405.00009", "Quantization and its Discontents", "Teapots crack under quantization."),
    ]
