"""Papers to cite: invented, and each with something that a format could trip over."""

from broadsheet.types import Author, Identifier, Paper

SHEEP = Paper(
    "2611.00001",
    r"Counting AWQ Sheep \& Goats in $O(n \log n)$: 50% Fewer, Erd\H{o}s_1",
    abstract=r"A herd of $2^{k}$ sheep is counted; it costs \$5.",
    authors=(
        Author("Ada King Lovelace", orcid="0000-0001-0000-0009"),
        Author("Ludwig van der Berg"),
        Author("P\\'al Erd\\H{o}s, Jr."),
        Author("The Lantern Collaboration"),
    ),
    categories=("cs.LG", "cs.CL"),
    published="2026-11-18",
    updated="2026-11-20",
    keywords=("sheep", "sparse attention"),
    licence="https://creativecommons.org/licenses/by/4.0/",
    identifiers=(Identifier("arxiv", "2611.00001"),),
)
KNOTS = Paper(
    "doi:10.1000/knot.1",
    "On Knots and What Strings Keep of Them?",
    abstract="The journal's version.",
    authors=(Author("Lise Meitner"), Author("Emmy Noether")),
    published="1999-06",
    venue="Annals of Invented Topology",
    identifiers=(Identifier("doi", "10.1000/knot.1"),),
)
TALK = Paper(
    "2611.00003",
    "A Survey of Teapots",
    authors=tuple(Author(f"Given Family{chr(97 + n // 10)}{chr(97 + n % 10)}") for n in range(30)),
    published="2026",
    venue="Proceedings of the Conference on Kettles",
    identifiers=(Identifier("arxiv", "2611.00003"), Identifier("doi", "10.1000/tea.3")),
)
NOTHING = Paper("bs:nothing", "")
ALL = (SHEEP, KNOTS, TALK)
